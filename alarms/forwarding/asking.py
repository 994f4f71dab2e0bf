"""One request to an external alarm centre, from the first sending to its answer, as plain state (no input or output).

Bytes and time go in; bytes to send come out. The SIP 200 promises nothing: what counts is the `mrs` in a MESSAGE of the
centre's own on the same way, and that one is answered 200 as often as it comes.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from alarms.core.forwarding import ANSWER_WITHIN, Told, Unheard
from alarms.forwarding.challenge import credentials_for
from alarms.receivers.scaip import sip
from alarms.receivers.scaip.addresses import write_host
from alarms.receivers.scaip.parse import read_answer
from alarms.receivers.scaip.tell import CONTENT_TYPE
from alarms.receivers.scaip.transaction import ClientState, ClientTransaction
from kit.wire.forwarding_words import ForwardOutcome

UNDEFINED = 99  # `snu` of an answer whose own cannot be read
CHALLENGES = 3  # at most, for who finds each nonce too old
_TEXT, _NUMBER = 128, 256  # characters kept of what a centre says


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to ask whom. `called` is the user of the request's address there, '' for none."""

    host: str
    port: int
    transport: str
    called: str
    account: str
    user: str
    password: str
    ref: str
    body: bytes


class Asking:
    """`result` is there once it is over; from then on it only confirms answers that come again."""

    def __init__(
        self,
        wanted: Wanted,
        local: tuple[str, int],
        at: float,
        drawn: Callable[[], str] = lambda: secrets.token_hex(10),
    ) -> None:
        self._wanted = wanted
        self._drawn = drawn
        self._here = f"{write_host(local[0])}:{local[1]}"
        self._local = local
        self._reliable = wanted.transport != "udp"
        at_user = f"{wanted.called}@" if wanted.called else ""
        self._uri = f"sip:{at_user}{write_host(wanted.host)}:{wanted.port}"
        if self._reliable:
            self._uri += f";transport={wanted.transport}"
        self._call_id, self._tag = drawn(), drawn()
        self._sequence = 0
        self._challenged = 0
        self._ends = at + ANSWER_WITHIN.total_seconds()
        self._transaction: ClientTransaction | None = None
        self.result: Told | Unheard | None = None

    def begin(self, at: float) -> bytes:
        """The first bytes to send."""
        return self._request(at, ())

    @property
    def deadline(self) -> float:
        """When `due` is to be called next."""
        transaction = self._transaction.deadline if self._transaction else None
        return self._ends if transaction is None else min(transaction, self._ends)

    def due(self, at: float) -> bytes | None:
        """What to send again, if anything; ends it when its time is up."""
        if self.result is None and at >= self._ends:
            self.result = Unheard(ForwardOutcome.SILENT)
        if self.result is not None or self._transaction is None:
            return None
        return self._transaction.due(at)

    def cut(self) -> None:
        """The way there is gone."""
        self.result = self.result or Unheard(ForwardOutcome.UNREACHABLE)

    def hear(self, data: bytes, source: tuple[str, int], at: float) -> bytes | None:
        """Take one message; what to send in return."""
        try:
            message = sip.parse(data, stream=self._reliable)
        except sip.SipError:
            return None
        if isinstance(message, sip.Response):
            return self._answered(message, at)
        return self._told(message, source)

    def _answered(self, response: sip.Response, at: float) -> bytes | None:
        transaction = self._transaction
        if self.result is not None or transaction is None or response.branch != transaction.branch:
            return None
        if not transaction.answer(response.status, response.method) or transaction.state is not ClientState.REFUSED:
            return None
        if response.status not in {401, 407} or not self._wanted.user:
            wrong = response.status in {401, 407} or (response.status == 403 and self._challenged)
            why = ForwardOutcome.NOT_LET_IN if wrong else ForwardOutcome.SIP_REFUSED
            self.result = Unheard(why, response.status)
            return None
        challenge, header = (
            ("www-authenticate", "authorization")
            if response.status == 401
            else ("proxy-authenticate", "proxy-authorization")
        )
        wanted = self._wanted
        offers = response.head.all(challenge)
        said = credentials_for(offers, "MESSAGE", self._uri, wanted.user, wanted.password, self._drawn())
        self._challenged += 1
        stale = self._challenged <= CHALLENGES and any("stale=true" in offer.lower() for offer in offers)
        if said is None or (self._challenged > 1 and not stale):
            self.result = Unheard(ForwardOutcome.NOT_LET_IN, response.status)
            return None
        return self._request(at, ((header, said),))

    def _told(self, request: sip.Request, source: tuple[str, int]) -> bytes | None:
        if request.method != "MESSAGE":
            return sip.respond(request.head, 200 if request.method == "OPTIONS" else 405, source, self._tag)
        said = read_answer(request.body)
        if said is None:
            return sip.respond(request.head, 415, source, self._tag)
        if said.get("ref") != self._wanted.ref:
            return sip.respond(request.head, 481, source, self._tag)
        if self.result is None:
            code = said.get("snu", "")
            self.result = Told(
                int(code) if code.isascii() and code.isdigit() and len(code) <= 3 else UNDEFINED,
                said.get("ste", "")[:_TEXT],
                said.get("mre", "")[:2],
                said.get("tnu", "")[:_NUMBER],
            )
        return sip.respond(request.head, 200, source, self._tag)

    def _request(self, at: float, more: sip.Headers) -> bytes:
        wanted = self._wanted
        self._sequence += 1
        branch = "z9hG4bK" + self._drawn()
        headers = [
            ("via", f"SIP/2.0/{wanted.transport.upper()} {self._here};rport;branch={branch}"),
            ("max-forwards", "70"),
            ("from", f"<sip:{wanted.account}@{write_host(self._local[0])}>;tag={self._tag}"),
            ("to", f"<{self._uri}>"),
            ("call-id", self._call_id),
            ("cseq", f"{self._sequence} MESSAGE"),
            *more,
            ("content-type", CONTENT_TYPE),
        ]
        data = sip.write(f"MESSAGE {self._uri} SIP/2.0", headers, wanted.body)
        self._transaction = ClientTransaction(data, branch, "MESSAGE", reliable=self._reliable, at=at)
        return data
