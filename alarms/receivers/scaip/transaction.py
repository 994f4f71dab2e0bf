"""Non-INVITE transactions (RFC 3261 §17.1.2, §17.2.2) as plain state: time in; bytes to send and deadlines out.

Rule: a message sent again gets the same bytes back and is handled once. Two messages that merely share a branch are
two messages: firmware that never changes its branch must not have its second alarm taken for an echo of the first.
"""

import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from enum import StrEnum

from alarms.receivers.scaip.sip import Request

T1 = 0.5  # seconds, RFC 3261 §17.1.1.1
T2 = 4.0  # seconds
TIMER_F = 64 * T1  # seconds until a request of ours is given up
TIMER_J = 64 * T1  # seconds that an answer is kept for requests sent again

Source = tuple[str, int]
Key = tuple[object, ...]


def server_key(request: Request, source: Source) -> Key:
    """What makes two datagrams the same request (RFC 3261 §17.2.3, and the body, see the module's rule).

    With credentials it is another request than without, also from firmware that answers a challenge in the same words.
    """
    via = request.via
    digest = hashlib.blake2b(request.body, digest_size=16)
    for credentials in request.head.all("authorization"):
        digest.update(b"\0" + credentials.encode("latin-1"))
    sent_by = (via.host.lower(), via.port)
    return (via.branch, sent_by, request.method, source, request.call_id, request.sequence, digest.digest())


@dataclass(frozen=True, slots=True)
class Echo:
    """The request came before. `answer` is what it was answered, or None while it is still being handled."""

    answer: bytes | None


class ServerTransactions:
    """The requests of the last 32 seconds and what they were answered. At most `limit` answers are kept."""

    def __init__(self, *, limit: int = 32_768) -> None:
        self._limit = limit
        self._open: set[Key] = set()
        self._answered: OrderedDict[Key, tuple[float, bytes]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._open) + len(self._answered)

    def begin(self, key: Key, at: float) -> Echo | None:
        """None for a new request, which must then be answered or abandoned; an `Echo` for one sent again."""
        while self._answered:
            oldest, (answered_at, _) = next(iter(self._answered.items()))
            if at - answered_at < TIMER_J and len(self._answered) <= self._limit:
                break
            del self._answered[oldest]
        if key in self._open:
            return Echo(None)
        if key in self._answered:
            return Echo(self._answered[key][1])
        self._open.add(key)
        return None

    def answered(self, key: Key, data: bytes, at: float) -> None:
        """Keep what a request was answered."""
        self._open.discard(key)
        self._answered[key] = (at, data)

    def abandon(self, key: Key) -> None:
        """Forget a request that is not answered at all."""
        self._open.discard(key)


class ClientState(StrEnum):
    """RFC 3261 figure 6, without the states that only absorb late answers."""

    TRYING = "trying"
    PROCEEDING = "proceeding"
    ANSWERED = "answered"
    REFUSED = "refused"
    TIMED_OUT = "timed_out"
    CUT = "cut"


_LIVE = {ClientState.TRYING, ClientState.PROCEEDING}


class ClientTransaction:
    """One request of ours, from the first sending to its final answer or the end of patience."""

    def __init__(self, data: bytes, branch: str, method: str, *, reliable: bool, at: float) -> None:
        self.data = data
        self.branch = branch
        self.method = method
        self.state = ClientState.TRYING
        self._ends = at + TIMER_F
        self._interval = T1
        self._next = self._ends if reliable else at + T1

    @property
    def over(self) -> bool:
        """Whether nothing more will happen."""
        return self.state not in _LIVE

    @property
    def deadline(self) -> float | None:
        """When `due` must be called next, or None when it is over."""
        return None if self.over else min(self._next, self._ends)

    def due(self, at: float) -> bytes | None:
        """At or after the deadline: what to send again, if anything. Ends the transaction when its time is up."""
        if self.over or at < min(self._next, self._ends):
            return None
        if at >= self._ends:
            self.state = ClientState.TIMED_OUT
            return None
        self._interval = T2 if self.state is ClientState.PROCEEDING else min(2 * self._interval, T2)
        self._next = at + self._interval
        return self.data

    def answer(self, status: int, method: str) -> bool:
        """Take an answer to this branch; false when it is not for this request (§17.1.3) or comes after the end."""
        if method != self.method or self.over:
            return False
        if status < 200:
            self.state = ClientState.PROCEEDING
        else:
            self.state = ClientState.ANSWERED if status < 300 else ClientState.REFUSED
        return True

    def cut(self) -> None:
        """The way to the device is gone."""
        if not self.over:
            self.state = ClientState.CUT
