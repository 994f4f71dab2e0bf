"""Who could not prove who it is: three attempts within a minute, and none that succeeded, become a technical signal.

A device whose password is wrong is refused, and whoever wears its button must not be the only one to know. Being
challenged once and answering is every message's usual course, so an attempt counts only until one succeeds; and a
device that sends several at once has a few seconds to answer them all. A challenge and the wrong answer to it are one
attempt. Anybody can knock with another's account: that is worth knowing too, and is one case, which knocking does not
multiply. When the device is let in again, the case is told.
"""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from alarms.core.signal import Intake, Signal
from alarms.receivers.scaip.timers import Timers
from kit.clock import Clock
from kit.errors import StorageDown
from kit.log import get_logger
from kit.tasks import Tasks
from kit.wire.words import Reason, SignalKind

log = get_logger(__name__)

ATTEMPTS = 3
WITHIN = 60.0  # seconds
GRACE = 5.0  # seconds that a device may take to answer its last challenge
QUIET = 900.0  # seconds until it is said again of the same device
STORE_AGAIN = 5.0  # seconds between tries while storage is down
TRIES = 120
PRIORITIES: Mapping[SignalKind, int] = {SignalKind.TECHNICAL: 3, SignalKind.RESTORE: 5}


@dataclass(slots=True)
class _Knocks:
    attempts: deque[float] = field(default_factory=lambda: deque(maxlen=ATTEMPTS))
    open: int = 0  # challenges that were given and not answered
    why: str = ""
    body: bytes = b""
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

    def attempted(self, account: str, why: str, body: bytes, *, challenged: bool) -> None:
        """Somebody with that account was not let in, but perhaps `challenged`. `body` is what it wanted to say."""
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
        enough = len(knocks.attempts) == ATTEMPTS and at - knocks.attempts[0] <= WITHIN
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
        knocks.open, knocks.why, knocks.body = 0, "", b""
        if knocks.told_at is not None:
            knocks.told_at = None
            self._tell(account, SignalKind.RESTORE, "proven", b"")

    def _judge(self, account: str) -> None:
        knocks = self._knocks[account]
        knocks.waiting = False
        if len(knocks.attempts) < ATTEMPTS:
            return  # it has been let in meanwhile
        knocks.told_at = self._clock.monotonic()
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
