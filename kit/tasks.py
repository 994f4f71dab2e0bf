"""The one place that starts tasks: named, owned, awaited at shutdown.

A task that ends in an exception is a bug of ours. It is logged with its name, counted, and, when it was started as
`forever`, started again after a pause, because an alarm hub that stands up again beats one that has lost a limb.
"""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from kit.clock import Clock
from kit.errors import Conflict, StorageDown
from kit.log import get_logger
from kit.metrics import counter

log = get_logger(__name__)
failures = counter("task_failures_total", "Tasks that ended in an exception", ["task"])

RESTART_PAUSE = 0.5  # seconds
CANCEL_AGAIN = 0.2  # seconds, for a task in which a library has swallowed the cancellation


class Tasks:
    """The tasks of one owner. `close` cancels and awaits them all."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._running: set[asyncio.Task[None]] = set()

    def start(self, name: str, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Run `work` once. An exception is logged and counted and goes no further."""
        task = self._own(name, self._guarded(name, work))
        task.add_done_callback(lambda _: work.close())  # for one that is cancelled before it has begun
        return task

    def forever(self, name: str, work: Callable[[], Coroutine[Any, Any, None]]) -> asyncio.Task[None]:
        """Run `work()` again, after a pause, each time it fails; end when it returns."""
        return self._own(name, self._repeated(name, work))

    def every(self, seconds: float, name: str, work: Callable[[], Coroutine[Any, Any, object]]) -> asyncio.Task[None]:
        """Do `work()` again and again with that pause between; a store that cannot answer is waited for."""

        async def again() -> None:
            while True:
                try:
                    await work()
                except (StorageDown, Conflict):
                    log.warning("task_waits_for_storage", task=name)
                await self._clock.sleep(seconds)

        return self.forever(name, again)

    async def close(self) -> None:
        """Cancel what still runs and wait for it to end."""
        while self._running:
            for task in list(self._running):
                task.cancel()
            await asyncio.wait(self._running, timeout=CANCEL_AGAIN)

    def _own(self, name: str, coroutine: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(coroutine, name=name)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return task

    async def _guarded(self, name: str, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except Exception:
            failures.labels(task=name).inc()
            log.exception("task_failed", task=name)

    async def _repeated(self, name: str, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        while True:
            try:
                await work()
                return
            except Exception:
                failures.labels(task=name).inc()
                log.exception("task_failed", task=name, restarts_in=RESTART_PAUSE)
            await self._clock.sleep(RESTART_PAUSE)
