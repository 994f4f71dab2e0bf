"""What is only needed for a while is forgotten: feed positions, receipts and command ids. Signals and cases stay."""

from datetime import timedelta

from sqlalchemy import delete

from alarms import tables
from alarms.batch import RECEIPT_WINDOW
from kit.clock import Clock
from kit.errors import StorageDown
from kit.log import get_logger
from kit.store import Store
from kit.tasks import Tasks

log = get_logger(__name__)

EVERY = 600.0  # seconds
FEED_KEPT = timedelta(hours=24)  # a page away for longer begins with a snapshot
COMMANDS_KEPT = timedelta(days=7)


class Pruning:
    """The loop that forgets."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._tasks = Tasks(clock)

    async def start(self) -> None:
        """Begin."""
        self._tasks.forever("pruning", self._run)

    async def close(self) -> None:
        """Stop."""
        await self._tasks.close()

    async def _run(self) -> None:
        while True:
            try:
                await self.prune()
            except StorageDown:
                log.warning("pruning_waits_for_storage")
            await self._clock.sleep(EVERY)

    async def prune(self) -> None:
        """Forget what is old enough, each table in a transaction of its own so that no press waits for all."""
        at = self._clock.now()
        for statement in (
            delete(tables.feed).where(tables.feed.c.at < at - FEED_KEPT),
            delete(tables.receipt).where(tables.receipt.c.received_at < at - RECEIPT_WINDOW),
            delete(tables.command).where(tables.command.c.at < at - COMMANDS_KEPT),
        ):
            async with self._store.write() as connection:
                await connection.execute(statement)
