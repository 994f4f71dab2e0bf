"""Which devices ring for a resident, and whether a device is one of them."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncConnection

from registry.access import Who
from registry.tables import device
from signaling.core import shapes

PROTOCOL = "http"  # devices with a page of ours: what speaks SCAIP has no screen
STATE = "live"


@dataclass(frozen=True, slots=True)
class RingingDevice:
    """A device that can ring. `resident` is none where it belongs to everybody in the home."""

    id: str
    principal: str
    home: str
    resident: str | None

    @property
    def holder(self) -> str:
        """The device as visits know it."""
        return shapes.device(self.id)

    def rings_for(self, resident: str, home: str) -> bool:
        """Whether a visit to this resident, who lives in that home, rings here."""
        return self.resident == resident if self.resident is not None else self.home == home


def holder_of(who: Who) -> str:
    """The session as visits know it: a person, or a device."""
    return shapes.person(who.person) if who.device is None else shapes.device(who.device)


def _can_ring() -> ColumnElement[bool]:
    return (device.c.protocol == PROTOCOL) & (device.c.state == STATE)


async def ringing_device(connection: AsyncConnection, device_id: str) -> RingingDevice | None:
    """A device that can ring, none when it cannot or is not there."""
    query = select(device.c.id, device.c.principal, device.c.home, device.c.resident)
    row = (await connection.execute(query.where(device.c.id == device_id, _can_ring()))).first()
    return RingingDevice(*row) if row else None


async def devices_of_homes(connection: AsyncConnection, homes: Collection[str]) -> list[RingingDevice]:
    """Every device in these homes that can ring."""
    query = select(device.c.id, device.c.principal, device.c.home, device.c.resident)
    rows = await connection.execute(query.where(device.c.home.in_(list(homes)), _can_ring()))
    return [RingingDevice(*row) for row in rows]
