"""What was sent out is remembered until a month after its case was closed, then only the case's timeline tells of it.

What came longer ago is not drawn from the feed any more (`drawing`), so nothing that is forgotten is sent again.
"""

from datetime import datetime, timedelta

from sqlalchemy import delete, select

from alarms import tables as alarm_tables
from alarms.forwarding.tables import forwarding
from kit.clock import Clock
from kit.store import Store, among

KEPT = timedelta(days=30)
AT_ONCE = 1000  # rows looked at in one transaction
PAUSE = 0.02  # seconds between two of them, so that whoever waits to write comes in between


async def forget(store: Store, clock: Clock) -> None:
    """Forget what is old enough. Raises StorageDown and Conflict; what was forgotten until then stays forgotten."""
    before, walked = clock.now() - KEPT, ""
    while (last := await _forget_some(store, walked, before)) is not None:
        walked = last
        await clock.sleep(PAUSE)


async def _forget_some(store: Store, after: str, before: datetime) -> str | None:
    """Forget some after that signal; up to which, none when there is nothing old any more.

    Signals' ids sort by when they came, so the first that is young is where the old ones end. It is the signal's case
    that counts: the one it was sent for may have ended in another, which is open.
    """
    one, signal, case = forwarding, alarm_tables.signal, alarm_tables.case
    query = (
        select(one.c.signal, one.c.next_at, signal.c.received_at, case.c.closed_at)
        .join(signal, signal.c.id == one.c.signal)
        .join(case, case.c.id == signal.c.case)
        .where(one.c.signal > after)
        .order_by(one.c.signal)
        .limit(AT_ONCE)
    )
    async with store.read() as connection:
        rows = [row for row in (await connection.execute(query)).all() if row.received_at < before]
    if not rows:
        return None
    gone = [row.signal for row in rows if row.next_at is None and row.closed_at is not None and row.closed_at < before]
    if gone:
        async with store.write() as connection:
            await connection.execute(delete(one).where(among(connection, one.c.signal, gone)))
    last: str = rows[-1].signal
    return last
