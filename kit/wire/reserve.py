"""The reserve of a principal as its administrators see and set it: external alarm centres, in order, and the switch."""

from typing import Annotated

from pydantic import Field

from kit.wire.forwarding_words import ForwardOutcome
from kit.wire.model import At, Id, Wire

Account = Annotated[str, Field(pattern=r"^[0-9]{1,16}$")]
SHOWN = r"^[^\x00-\x1f\x7f]+$"
Password = Annotated[str, Field(min_length=1, max_length=200, pattern=SHOWN)]


class ReceiverBody(Wire):
    """An external alarm centre. `address` is udp:, tcp: or tls:HOST:PORT; `called` is whom to ask for there.

    `account` is ours there; with `own_accounts` a SCAIP device goes by its own. `user` is who knows the password; empty
    is nobody.
    """

    name: Annotated[str, Field(min_length=1, max_length=80, pattern=SHOWN)]
    address: Annotated[str, Field(max_length=280)]
    called: Annotated[str, Field(pattern=r"^[A-Za-z0-9._+\-]{0,64}$")] = ""
    user: Annotated[str, Field(pattern=r"^[A-Za-z0-9._+@\-]{0,80}$")] = ""
    account: Account
    own_accounts: bool = False
    on: bool = True


class PutReceiver(ReceiverBody):
    """One to keep (`id`) or to add. `password` none keeps what was there; it is never shown."""

    id: Id | None = None
    password: Password | None = None


class ReceiverView(ReceiverBody):
    """One that there is. `password` says whether there is one.

    It is tested each minute while it is `on`: when last, what came of it, and when it was last answered as it should.
    `round_trip_ms` is how long that last test took to be answered, none where nothing came.
    """

    id: str
    password: bool
    tested_at: At | None
    outcome: ForwardOutcome | None
    answered_at: At | None
    round_trip_ms: int | None


class ReserveView(Wire):
    """The switch, since when and `by` whom (a name) it stands so, and the receivers in order.

    `waiting` is how many signals are on their way out now; `tag` is for saying what was seen.
    """

    on: bool
    since: At | None
    by: str | None
    receivers: list[ReceiverView]
    waiting: int
    tag: str


class PutReserve(Wire):
    """All of it anew, over what was `seen`."""

    on: bool
    receivers: Annotated[list[PutReceiver], Field(max_length=5)]
    seen: Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]
