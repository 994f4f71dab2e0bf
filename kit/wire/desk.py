"""The operator's socket, `/api/v1/desk`.

Client: `hello`, then `command`s. Server: one `snapshot` (or, on resume, the `change`s missed), then `change`s in order
of position, a `beat` each second while the hub and the database are well, and `done` or `refused` for each command.
"""

from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from kit.wire.case import CaseView
from kit.wire.handling import AcceptOffer, Call, CallConnected, CallEnded, EndOffer, Name, Offer, SendOn, Tick
from kit.wire.model import VERSION, At, Id, Wire
from kit.wire.words import Cause, Measure, NobodyReason, Role

Text = Annotated[str, Field(min_length=1, max_length=2000)]


class Hello(Wire):
    """First message. `resume_from` is the last position and `sight` the last snapshot's; none for a fresh page."""

    type: Literal["hello"] = "hello"
    version: Literal[1] = VERSION
    resume_from: int | None = None
    sight: Annotated[str | None, Field(max_length=80)] = None


class Take(Wire):
    """Become the handler. Refused `taken` when another was first.

    `seen` is the version of the case on the screen: what came after it stays unread.
    """

    act: Literal["take"] = "take"
    seen: int | None = None


class TakeOver(Wire):
    """A supervisor becomes the handler of what another has."""

    act: Literal["take_over"] = "take_over"


class Release(Wire):
    """Give the case back to the queue."""

    act: Literal["release"] = "release"


class Note(Wire):
    """Write something down on the case."""

    act: Literal["note"] = "note"
    text: Text


class Hold(Wire):
    """Set the case aside for that many minutes; a new press wakes it."""

    act: Literal["hold"] = "hold"
    minutes: Annotated[int, Field(ge=1, le=60)]


class Resume(Wire):
    """Take the case up from hold."""

    act: Literal["resume"] = "resume"


class Read(Wire):
    """Mark every signal on the case as read. Refused `unread_signal` when one came after version `seen`."""

    act: Literal["read"] = "read"
    seen: int | None = None


class Close(Wire):
    """End the case. Needs a resident on the case, one named here, or the reason why there is none."""

    act: Literal["close"] = "close"
    cause: Cause
    measure: Measure
    note: Annotated[str, Field(max_length=2000)] = ""
    resident: Id | None = None
    nobody: NobodyReason | None = None


class Dispatch(Wire):
    """Send a unit, of which the first to accept goes, or one person; exactly one of the two.

    Refused `no_such_responder` when there is nobody to send there.
    """

    act: Literal["dispatch"] = "dispatch"
    unit: Id | None = None
    person: Id | None = None
    note: Annotated[str, Field(max_length=500)] = ""


Handling = Tick | Call | CallConnected | CallEnded | Name | Offer | SendOn | AcceptOffer | EndOffer
"""What is done with a case once it is taken (alarms/handling/carry.py)."""
CaseAct = Take | TakeOver | Release | Note | Hold | Resume | Read | Close
Act = Annotated[CaseAct | Dispatch | Handling, Field(discriminator="act")]


class Command(Wire):
    """An act on a case. `id` makes it idempotent: the same id again gets the same answer."""

    type: Literal["command"] = "command"
    id: Id
    case: Id
    act: Act


class OperatorOn(Wire):
    """Somebody who has a desk open."""

    id: str
    name: str
    role: Role


class Figures(Wire):
    """The foot of the desk: how the last hour went. Of person cases raised in the last 60 minutes.

    A case that is younger than 60 s counts from when it is answered: nobody has failed it yet.
    """

    raised_last_hour: int
    answered_60s_last_hour: int


class Me(Wire):
    """Who sits here, and for which central or unit; `desk` is what a case's `desk` and `offered_desk` say of it."""

    person: str
    name: str
    role: Role
    desk: str
    desk_name: str


class Snapshot(Wire):
    """Every open case this desk may see, as of `position`.

    `sight` stands for what this session may see; a page that resumes with another one is given a snapshot.
    """

    type: Literal["snapshot"] = "snapshot"
    version: Literal[1] = VERSION
    position: int
    sight: str
    at: At
    me: Me
    call_number: str
    cases: list[CaseView]
    operators: list[OperatorOn]
    figures: Figures


class Change(Wire):
    """Cases as they stand after `position`. Closed ones come once more, with `closed_at`.

    `gone` are ids of cases that have gone to another desk.
    """

    type: Literal["change"] = "change"
    position: int
    at: At
    cases: list[CaseView]
    gone: list[str] = Field(default_factory=list)


class Beat(Wire):
    """All is well and nothing has happened after `position`; three seconds without one means old data."""

    type: Literal["beat"] = "beat"
    position: int
    at: At
    operators: list[OperatorOn]
    figures: Figures


class Done(Wire):
    """The command is carried out and stored."""

    type: Literal["done"] = "done"
    id: str
    case: CaseView


class Refused(Wire):
    """The command changed nothing. `code` is stable; `handler_name` says who has it when the code is `taken`."""

    type: Literal["refused"] = "refused"
    id: str
    code: str
    handler_name: str | None = None


DeskIn = Annotated[Hello | Command, Field(discriminator="type")]
DeskOut = Annotated[Snapshot | Change | Beat | Done | Refused, Field(discriminator="type")]

desk_in: TypeAdapter[Hello | Command] = TypeAdapter(DeskIn)
desk_out: TypeAdapter[Snapshot | Change | Beat | Done | Refused] = TypeAdapter(DeskOut)
