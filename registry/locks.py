"""Locks: which homes have one, who lives behind it, and in which words it is told to open."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncConnection

from registry.tables import device, home, lock, resident

REMOTE = frozenset({"nuki", "mqtt", "homeassistant"})
"""Protocols in which a lock takes commands."""


@dataclass(frozen=True, slots=True)
class FoundLock:
    """A lock, its home and who lives there. `action` is what opens the door: `unlatch` or `unlock`."""

    id: str
    principal: str
    unit: str
    home: str
    residents: tuple[str, ...]
    protocol: str
    account: str
    action: str


async def find_lock(connection: AsyncConnection, lock_id: str) -> FoundLock | None:
    """The lock with that id, none when there is none."""
    query = (
        select(device, home.c.unit, lock.c.action, resident.c.id.label("lives_here"))
        .join(lock, lock.c.id == device.c.id)
        .join(home, home.c.id == device.c.home)
        .outerjoin(resident, resident.c.home == device.c.home)
        .where(device.c.id == lock_id)
        .order_by(resident.c.id)
    )
    rows = (await connection.execute(query)).mappings().all()
    if not rows:
        return None
    one = rows[0]
    return FoundLock(
        id=one["id"],
        principal=one["principal"],
        unit=one["unit"],
        home=one["home"],
        residents=tuple(row["lives_here"] for row in rows if row["lives_here"]),
        protocol=one["protocol"],
        account=one["account"],
        action=one["action"],
    )


def locks_of(principals: Collection[str]) -> Select[tuple[object, ...]]:
    """The locks of these principals, by id, with the columns of `device` and the lock's own."""
    return (
        select(device, lock.c.door, lock.c.action)
        .join(lock, lock.c.id == device.c.id)
        .where(device.c.principal.in_(principals))
        .order_by(device.c.id)
    )


async def remote_locks(
    connection: AsyncConnection, homes: Collection[str], protocols: Collection[str] = REMOTE
) -> list[tuple[str, str, str]]:
    """Home, lock and door of every live lock in these homes that takes commands, by id."""
    query = (
        select(device.c.home, device.c.id, lock.c.door)
        .join(lock, lock.c.id == device.c.id)
        .where(device.c.home.in_(sorted(homes)), device.c.protocol.in_(sorted(protocols)), device.c.state == "live")
        .order_by(device.c.id)
    )
    return [(row[0], row[1], row[2]) for row in await connection.execute(query)]
