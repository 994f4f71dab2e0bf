"""What is only needed for a while is forgotten: feed positions, receipts, command ids and the watchdog's own signals.

Everybody else's signals and cases stay.

It goes in small portions, each a short transaction with a pause after it: one statement over a large table would
outlast the time a statement has, be undone, and be begun in vain again; and SQLite has one writer, for whom presses
wait too.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, Table, delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from alarms import tables
from alarms.batch import RECEIPT_WINDOW
from alarms.outward.tables import outward_read
from kit.clock import Clock
from kit.store import Store
from kit.tasks import Tasks

EVERY = 600.0  # seconds
FEED_KEPT = timedelta(hours=24)  # a page away for longer begins with a snapshot
COMMANDS_KEPT = timedelta(days=7)
SYNTHETIC_KEPT = timedelta(hours=24)
AT_ONCE = 2000  # rows looked at, and at most deleted, in one transaction
PAUSE = 0.02  # seconds between two of them, so that whoever waits to write comes in between


class Pruning:
    """The loop that forgets."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._tasks = Tasks(clock)

    async def start(self) -> None:
        """Begin."""
        self._tasks.every(EVERY, "pruning", self.prune)

    async def close(self) -> None:
        """Stop."""
        await self._tasks.close()

    async def prune(self) -> None:
        """Forget what is old enough. Raises StorageDown or Conflict; what was forgotten until then stays forgotten."""
        at = self._clock.now()
        await self._prune_feed(at - FEED_KEPT)
        await self._prune_keyed(tables.receipt, tables.receipt.c.key, tables.receipt.c.received_at, at - RECEIPT_WINDOW)
        await self._prune_keyed(tables.command, tables.command.c.id, tables.command.c.at, at - COMMANDS_KEPT)
        await self._prune_synthetic(at - SYNTHETIC_KEPT)

    async def _prune_feed(self, before: datetime) -> None:
        # From the first position on, up to the first that is young: clocks differ between processes, so an older one
        # may stand after it, and a hole would be a change that a page was never told of.
        while True:
            async with self._store.read() as connection:
                last = await _old_prefix(connection, before)
            if last is None:
                return
            async with self._store.write() as connection:
                await connection.execute(delete(tables.feed).where(tables.feed.c.position <= last))
            await self._clock.sleep(PAUSE)

    async def _prune_keyed(self, table: Table, key: Column[str], at: Column[datetime], before: datetime) -> None:
        # Along the primary key, since these have no index on the time.
        walked: str | None = None
        while True:
            unwalked = select(key.label("key"), at.label("at")).order_by(key).limit(AT_ONCE)
            some = (unwalked if walked is None else unwalked.where(key > walked)).subquery()
            async with self._store.read() as connection:
                query = select(func.max(some.c.key), func.min(some.c.at))
                last, oldest = (await connection.execute(query)).one()
            if last is None:
                return
            if oldest < before:
                statement: Any = delete(table).where(key <= last, at < before)
                async with self._store.write() as connection:
                    await connection.execute(statement if walked is None else statement.where(key > walked))
            walked = last
            await self._clock.sleep(PAUSE)

    async def _prune_synthetic(self, before: datetime) -> None:
        old = select(tables.signal.c.id).where(tables.synthetic, tables.signal.c.received_at < before).limit(AT_ONCE)
        while True:
            async with self._store.write() as connection:
                gone = list((await connection.scalars(old)).all())
                if gone:
                    await connection.execute(delete(tables.signal).where(tables.signal.c.id.in_(gone)))
            if len(gone) < AT_ONCE:
                return
            await self._clock.sleep(PAUSE)


async def _old_prefix(connection: AsyncConnection, before: datetime) -> int | None:
    """The last position up to which every change, of the first few, is older than that; none when not even one is.

    What is not drawn yet for other systems stays.
    """
    drawn = await connection.scalar(select(outward_read.c.position))
    query = select(tables.feed.c.position, tables.feed.c.at).order_by(tables.feed.c.position).limit(AT_ONCE)
    last: int | None = None
    for position, at in await connection.execute(query):
        if at >= before or (drawn is not None and position > drawn):
            break
        last = position
    return last
