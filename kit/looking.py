"""Work that is looked for each time the bus says so, and now and then without it."""

from collections.abc import Awaitable, Callable

from kit.bus import Bus, Watch
from kit.clock import Clock
from kit.errors import Conflict, StorageDown
from kit.log import get_logger

log = get_logger(__name__)


async def look_on(
    bus: Bus,
    topic: str,
    work: Callable[[Watch], Awaitable[object]],
    *,
    clock: Clock,
    task: str,
    every: float,
    rest: float = 0.0,
) -> None:
    """Do `work` for ever; a store that cannot answer is waited for, and the log names the `task`.

    `every` is how many seconds the bus may be silent, `rest` how many lie between two looks at the least. Who learns of
    more to do meanwhile says so to the watch.
    """
    async with bus.watch(topic) as watch:
        while True:
            try:
                await work(watch)
            except (StorageDown, Conflict):
                log.warning("task_waits_for_storage", task=task)
            if rest:
                await clock.sleep(rest)
            await watch.wait(every)
