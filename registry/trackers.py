"""Devices that can be asked where they are: a resident's own live ones that speak our words, and are no furniture."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from registry.tables import device, device_seen

ASKABLE = frozenset({"http", "mqtt"})
"""Protocols with a way to the device: SCAIP's answer has no question for it."""
STAYS = frozenset({"tablet", "lock"})
"""Kinds that hang on a wall: where they are says nothing of where the person is."""


@dataclass(frozen=True, slots=True)
class Tracker:
    """A device to ask, and how it is reached."""

    id: str
    principal: str
    protocol: str


async def trackers_of(connection: AsyncConnection, resident: str | None) -> list[Tracker]:
    """The devices of a resident that can be asked, the one heard last first."""
    if resident is None:
        return []
    query = (
        select(device.c.id, device.c.principal, device.c.protocol)
        .outerjoin(device_seen, device_seen.c.device == device.c.id)
        .where(device.c.resident == resident, device.c.state == "live")
        .where(device.c.protocol.in_(sorted(ASKABLE)), device.c.kind.not_in(sorted(STAYS)))
        .order_by(device_seen.c.last_seen_at.is_(None), device_seen.c.last_seen_at.desc(), device.c.id)
    )
    return [Tracker(row.id, row.principal, row.protocol) for row in await connection.execute(query)]
