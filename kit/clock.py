"""The one place that reads time. Everything else is told what time it is.

`Clock` is what shells hold; cores take `at` as an argument. `FakeClock` stands still until a test advances it.
A process has one wall time, whoever asks: `MACHINE`, which no set clock makes jump (kit/steady.py).
"""

import asyncio
import heapq
import itertools
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol

from kit.steady import SteadyTime


def _elapsed() -> float:
    """Seconds since the machine started, those included in which it was suspended; set by nobody."""
    return time.clock_gettime(_ELAPSED)


# Linux' CLOCK_MONOTONIC stands still in a suspended machine; a deadline does not.
_ELAPSED: int = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
MACHINE = SteadyTime(time.time, _elapsed)  # noqa: TID251 - this is the one place


class Clock(Protocol):
    """What a shell may ask of time."""

    def now(self) -> datetime:
        """Wall time, aware, UTC: for what is stored and shown."""
        ...

    def monotonic(self) -> float:
        """Seconds that only grow, unmoved by a changed wall clock: for durations and time limits."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait that many seconds."""
        ...


class SystemClock:
    """The machine's own time, kept steady."""

    def __init__(self, machine: SteadyTime = MACHINE) -> None:
        self.machine = machine

    def now(self) -> datetime:
        """Wall time, aware, UTC."""
        return self.machine.now()

    def monotonic(self) -> float:
        """Seconds since some fixed start, those included in which the machine was suspended."""
        return _elapsed()

    async def sleep(self, seconds: float) -> None:
        """Wait that many seconds."""
        await asyncio.sleep(seconds)  # noqa: TID251 - this is the one place


class FakeClock:
    """Time for tests: it stands still until `advance` moves it, and wakes sleepers in their order.

    It counts whole microseconds, so that ten steps of a tenth are one second.
    """

    def __init__(self, start: datetime = datetime(2026, 1, 15, 3, 10, tzinfo=UTC)) -> None:
        self._start = start
        self._elapsed = 0  # microseconds
        self._sleepers: list[tuple[int, int, asyncio.Future[None]]] = []
        self._order = itertools.count()

    def now(self) -> datetime:
        """The start and what has been advanced since."""
        return self._start + timedelta(microseconds=self._elapsed)

    def monotonic(self) -> float:
        """Seconds advanced so far."""
        return self._elapsed / 1e6

    async def sleep(self, seconds: float) -> None:
        """Wait until `advance` has gone past this moment."""
        if seconds <= 0:
            await yield_once()
            return
        waiter = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self._elapsed + _microseconds(seconds), next(self._order), waiter))
        await waiter

    async def advance(self, seconds: float) -> None:
        """Move time forward; each sleeper that falls due runs before time moves on."""
        target = self._elapsed + _microseconds(seconds)
        while self._sleepers and self._sleepers[0][0] <= target:
            due, _, waiter = heapq.heappop(self._sleepers)
            if waiter.done():  # its sleeper was cancelled
                continue
            self._elapsed = max(self._elapsed, due)
            waiter.set_result(None)
            for _ in range(10):  # let what was woken run, and what that wakes
                await yield_once()
        self._elapsed = target
        for _ in range(10):
            await yield_once()


def _microseconds(seconds: float) -> int:
    return round(seconds * 1_000_000)


async def yield_once() -> None:
    """Let other tasks of the loop run once."""
    await asyncio.sleep(0)  # noqa: TID251 - this is the one place
