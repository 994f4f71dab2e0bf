"""Who could not prove who it is becomes a technical signal, because whoever wears the button believes that it works.

A person's alarm with a wrong password or certificate is told of at once; anything else after three attempts within a
minute, none of which succeeded. Being challenged once and answering is every message's usual course, so an attempt
counts only until one succeeds; a challenge and the wrong answer to it are one. A device that sends several at once has
a few seconds to answer them all. When it is let in again, what was told is withdrawn.

Anybody can knock with another's account. That is worth knowing too, but neither one device nor a thousand may bury the
desk in it: each is told of once in a quarter of an hour, and no more than thirty in ten minutes.
"""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from alarms.core.signal import Intake, Signal
from alarms.receivers.timers import Timers
from kit.clock import Clock
from kit.errors import StorageDown
from kit.log import get_logger
from kit.metrics import counter
from kit.tasks import Tasks
from kit.wire.words import Reason, SignalKind

log = get_logger(__name__)

untold = counter("scaip_unproven_untold_total", "Devices that could not prove who they are, beyond what a desk is told")

ATTEMPTS = 3
WITHIN = 60.0  # seconds
GRACE = 5.0  # seconds that a device may take to answer its last challenge
QUIET = 900.0  # seconds until it is said again of the same device
MOST, IN = 30, 600.0  # told of at the most, in so many seconds
STORE_AGAIN = 5.0  # seconds between tries while storage is down
TRIES = 120
PRIORITIES: Mapping[SignalKind, int] = {SignalKind.TECHNICAL: 3, SignalKind.RESTORE: 5}


@dataclass(slots=True)
class _Knocks:
    attempts: deque[float] = field(default_factory=lambda: deque(maxlen=ATTEMPTS))
    open: int = 0  # challenges that were given and not answered
    why: str = ""
    body: bytes = b""
    urgent: bool = False
    waiting: bool = False
    told_at: float | None = None


class Unproven:
    """Counts attempts by account. Only accounts that are asked for something are counted, so it stays small."""

    def __init__(self, intake: Intake, clock: Clock, tasks: Tasks, timers: Timers) -> None:
        self._intake = intake
        self._clock = clock
        self._tasks = tasks
        self._timers = timers
        self._knocks: dict[str, _Knocks] = {}
        self._told: deque[float] = deque(maxlen=MOST)

    def attempted(self, account: str, why: str, body: bytes, *, challenged: bool, person: bool) -> None:
        """Somebody with that account was not let in, but perhaps `challenged`.

        `body` is what it wanted to say, `person` whether that is a person's alarm.
        """
        at = self._clock.monotonic()
        knocks = self._knocks.setdefault(account, _Knocks())
        if challenged:
            knocks.open += 1
        elif knocks.open:
            knocks.open -= 1
            knocks.attempts.pop()  # of its challenge
        knocks.attempts.append(at)
        if not challenged or not knocks.why:
            knocks.why, knocks.body = why, body
        knocks.urgent |= person and not challenged
        enough = knocks.urgent or (len(knocks.attempts) == ATTEMPTS and at - knocks.attempts[0] <= WITHIN)
        told = knocks.told_at is not None and at - knocks.told_at < QUIET
        if enough and not told and not knocks.waiting:
            knocks.waiting = True
            self._timers.after(GRACE, lambda: self._judge(account))

    def proven(self, account: str) -> None:
        """It was let in: what was counted counts no more."""
        knocks = self._knocks.get(account)
        if knocks is None:
            return
        knocks.attempts.clear()
        knocks.open, knocks.why, knocks.body, knocks.urgent = 0, "", b"", False
        if knocks.told_at is not None:
            knocks.told_at = None
            self._tell(account, SignalKind.RESTORE, "proven", b"")

    def _judge(self, account: str) -> None:
        knocks = self._knocks[account]
        knocks.waiting = False
        if not knocks.urgent and len(knocks.attempts) < ATTEMPTS:
            return  # it has been let in meanwhile
        at = self._clock.monotonic()
        knocks.urgent = False
        if len(self._told) == MOST and at - self._told[0] < IN:
            untold.inc()
            return
        self._told.append(at)
        knocks.told_at = at
        self._tell(account, SignalKind.TECHNICAL, knocks.why, knocks.body)

    def _tell(self, account: str, kind: SignalKind, why: str, body: bytes) -> None:
        self._tasks.start("scaip_unproven", self._store(unproven_signal(account, kind, why, body, self._clock.now())))

    async def _store(self, signal: Signal) -> None:
        for _ in range(TRIES):
            try:
                await self._intake.receive(signal)
                return
            except StorageDown:
                await self._clock.sleep(STORE_AGAIN)
        log.error("scaip_unproven_untold", kind=signal.kind)


def unproven_signal(account: str, kind: SignalKind, why: str, body: bytes, at: datetime) -> Signal:
    """The technical signal, or the restore that ends it; ours, for the device itself did not say it."""
    return Signal(
        protocol="scaip",
        account=account,
        device=None,
        key=f"scaip:{account}:{why}:{at.timestamp():.3f}",
        kind=kind,
        reason=Reason.UNPROVEN,
        priority=PRIORITIES[kind],
        type=f"unproven/{why}",
        reference="",
        received_at=at,
        occurred_at=None,
        raw=body,
    )
