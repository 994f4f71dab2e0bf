"""Time goes on from where the journal is: a clock that was set back before the start makes no deadline late.

What was committed last was committed before now, whatever this machine's clock says. The watchdog's signals see to it
that there is a row of each minute.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from alarms import tables
from kit.clock import Clock, SystemClock
from kit.errors import StorageDown
from kit.log import get_logger
from kit.store import Store

log = get_logger(__name__)

AGAIN = 2.0  # seconds, while the database is away


async def newest_row(connection: AsyncConnection) -> datetime | None:
    """When the newest of what is stored was committed; none in an empty journal."""
    found = [
        await connection.scalar(select(table.c[at]).order_by(table.c[key].desc()).limit(1))
        for table, at, key in (
            (tables.feed, "at", "position"),
            (tables.timeline, "at", "id"),
            (tables.signal, "received_at", "id"),
            (tables.case, "raised_at", "raised_at"),
        )
    ]
    return max((at for at in found if at is not None), default=None)


async def anchor(store: Store, clock: Clock) -> None:
    """Set this process's time to no earlier than the journal. Raises StorageDown; a test's clock is left alone."""
    if not isinstance(clock, SystemClock):
        return
    async with store.read() as connection:
        newest = await newest_row(connection)
    if newest is not None:
        clock.machine.not_before(newest)


async def anchor_at_last(store: Store, clock: Clock) -> None:
    """The same as soon as the database answers."""
    while True:
        try:
            await anchor(store, clock)
            return
        except StorageDown:
            log.warning("anchor_waits_for_storage")
            await clock.sleep(AGAIN)
