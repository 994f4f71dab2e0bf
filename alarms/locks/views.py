"""Locks as pages see them: the registry's lock, and how it stands."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from alarms import tables
from kit.wire.lock import LockList, LockView
from kit.wire.words import DoorState, LockState
from registry.locks import REMOTE, locks_of
from registry.tables import device


async def lock_page(
    connection: AsyncConnection, principals: Collection[str], *, home: str | None, limit: int, cursor: str | None
) -> LockList:
    """A page of the locks of these principals, or of one home, by id; `cursor` is the last id of the page before."""
    query = locks_of(principals)
    if home is not None:
        query = query.where(device.c.home == home)
    if cursor is not None:
        query = query.where(device.c.id > cursor)
    rows = (await connection.execute(query.limit(limit + 1))).mappings().all()
    shown: list[Any] = list(rows[:limit])
    stood = select(tables.lock_state).where(tables.lock_state.c.lock.in_([row["id"] for row in shown]))
    stands = {row["lock"]: row for row in (await connection.execute(stood)).mappings()}
    items = [_view(row, stands.get(row["id"])) for row in shown]
    return LockList(items=items, next=items[-1].id if len(rows) > limit else None)


def _view(row: Any, stands: Any) -> LockView:
    return LockView(
        id=row["id"],
        principal=row["principal"],
        home=row["home"],
        door=row["door"],
        protocol=row["protocol"],
        account=row["account"],
        can_open=row["protocol"] in REMOTE,
        state=LockState(stands["state"]) if stands else LockState.UNKNOWN,
        door_state=DoorState(stands["door"]) if stands else DoorState.UNKNOWN,
        battery_low=bool(stands["battery_low"]) if stands else False,
        reachable=stands["reachable"] if stands else None,
        heard_at=stands["at"] if stands else None,
    )


async def door_state(connection: AsyncConnection, lock_id: str) -> DoorState:
    """How the door of a lock stands, as far as it has told."""
    query = select(tables.lock_state.c.door).where(tables.lock_state.c.lock == lock_id)
    return DoorState(await connection.scalar(query) or DoorState.UNKNOWN)
