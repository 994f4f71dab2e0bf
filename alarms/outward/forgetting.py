"""Events are kept for a week, dead letters for a month; what is kept for a letter is kept as long as it.

A subscription that took nothing for a week begins with the oldest event there still is, and says how many it missed.
"""

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update

from alarms.outward.tables import outward_delivery, outward_event, outward_head, subscription
from kit.clock import Clock
from kit.store import Store

EVENTS_KEPT = timedelta(days=7)
DEAD_KEPT = timedelta(days=30)
AT_ONCE = 1000  # places looked at in one transaction
PAUSE = 0.02  # seconds between two of them, so that whoever waits to write comes in between


async def forget(store: Store, clock: Clock) -> None:
    """Forget what is old enough. Raises StorageDown and Conflict."""
    at = clock.now()
    async with store.write() as connection:
        await connection.execute(delete(outward_delivery).where(outward_delivery.c.dead_at < at - DEAD_KEPT))
    async with store.read() as connection:
        principals = (await connection.scalars(select(outward_head.c.principal))).all()
    for principal in principals:
        walked = 0
        while (last := await _forget_some(store, principal, walked, at - EVENTS_KEPT)) is not None:
            walked = last
            await clock.sleep(PAUSE)


async def _forget_some(store: Store, principal: str, after: int, before: datetime) -> int | None:
    """Forget some events after that place; up to which place, none when there is nothing old any more."""
    event = outward_event
    mine = event.c.principal == principal
    some = select(event.c.position, event.c.kept_at).where(mine, event.c.position > after)
    async with store.read() as connection:
        rows = (await connection.execute(some.order_by(event.c.position).limit(AT_ONCE))).all()
    old = [row.position for row in rows if row.kept_at < before]
    if not old:
        return None
    last: int = max(old)
    kept_for = (
        select(outward_delivery.c.position)
        .join(subscription, subscription.c.id == outward_delivery.c.subscription)
        .where(subscription.c.principal == principal, outward_delivery.c.position == event.c.position)
    )
    one = subscription
    later = func.max if store.embedded else func.greatest
    missed = one.c.missed + last - later(one.c.position, after)
    behind = (one.c.principal == principal) & (one.c.position < last)
    async with store.write() as connection:
        # First those who are behind: a round that is being written down ends before, and what it keeps is kept.
        moved = {"missed": missed, "position": last, "turn": one.c.turn + 1}
        await connection.execute(update(one).where(behind).values(moved))
        old_ones = mine & (event.c.position > after) & (event.c.position <= last)
        await connection.execute(delete(event).where(old_ones, ~kept_for.exists()))
    return last
