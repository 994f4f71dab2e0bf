"""Whose turn it is to watch, and since when anybody has listened without a gap.

One process at a time; one that dies loses its turn within `HOLD`. Each look is written down, so that whoever looks next
knows for how long nobody did: that silence was ours, and is no device's.
"""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from alarms.core.supervision import listening_since
from alarms.supervision.tables import supervision_turn
from kit.store import for_update, insert

HOLD = timedelta(seconds=25)
_ROW = 1


async def take_turn(connection: AsyncConnection, me: str, at: datetime) -> datetime | None:
    """Take or keep the turn; since when there has been listening, or none while another process watches.

    The row is locked until the transaction ends: what is written in it is written by one process.
    """
    query = select(supervision_turn).where(supervision_turn.c.id == _ROW)
    row = (await connection.execute(for_update(connection, query))).mappings().first()
    if row is not None and row["holder"] != me and row["until"] > at and row["looked_at"] <= at:
        return None
    since = at if row is None else listening_since(row["listening_since"], row["looked_at"], at)
    values = {"holder": me, "until": at + HOLD, "listening_since": since, "looked_at": at}
    if row is None:
        made = insert(connection, supervision_turn).on_conflict_do_nothing(index_elements=["id"])
        made = made.values(id=_ROW, **values).returning(supervision_turn.c.id)
        return since if (await connection.execute(made)).first() is not None else None
    await connection.execute(supervision_turn.update().where(supervision_turn.c.id == _ROW).values(**values))
    return since


async def give_back(connection: AsyncConnection, me: str, at: datetime) -> None:
    """Let the next process have the turn at once."""
    mine = (supervision_turn.c.id == _ROW) & (supervision_turn.c.holder == me)
    await connection.execute(supervision_turn.update().where(mine).values(until=at))
