"""Many deadlines on one task: what is due is called, in order, on the receiver's loop.

Thousands of transactions each wait for something that nearly always comes first; a task for each would cost more than
the alarm itself. A deadline is kept to within `STEP`.
"""

import asyncio
import heapq
import itertools
from collections.abc import Callable

from kit.clock import Clock
from kit.log import get_logger
from kit.tasks import failures

log = get_logger(__name__)

STEP = 0.05  # seconds


class Timer:
    """One deadline that can be called off."""

    __slots__ = ("action",)

    def __init__(self, action: Callable[[], None]) -> None:
        self.action: Callable[[], None] | None = action

    def cancel(self) -> None:
        """Do nothing when the time comes."""
        self.action = None


class Timers:
    """Run `run` as an owned task; call `after` from anywhere on the same loop."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._heap: list[tuple[float, int, Timer]] = []
        self._order = itertools.count()
        self._some = asyncio.Event()

    def after(self, seconds: float, action: Callable[[], None]) -> Timer:
        """Call `action` once that many seconds have passed."""
        timer = Timer(action)
        heapq.heappush(self._heap, (self._clock.monotonic() + seconds, next(self._order), timer))
        self._some.set()
        return timer

    async def run(self) -> None:
        """Wait and call, for ever. An action that raises is logged and does not stop the others."""
        while True:
            await self._some.wait()
            now = self._clock.monotonic()
            while self._heap and (self._heap[0][0] <= now or self._heap[0][2].action is None):
                action = heapq.heappop(self._heap)[2].action
                if action is not None:
                    self._call(action)
            if not self._heap:
                self._some.clear()
                continue
            await self._clock.sleep(min(self._heap[0][0] - now, STEP))

    def _call(self, action: Callable[[], None]) -> None:
        try:
            action()
        except Exception:
            failures.labels(task="receiver_timers").inc()
            log.exception("receiver_timer_failed")
