"""Safe zones as they are written down and read; what they make of a fix is `watching`'s.

A zone is never changed: what an alarm was raised by stays as it was. It is ended, and another begins.
"""

from datetime import datetime

from sqlalchemy import RowMapping, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from alarms.core.zone import Polygon, crosses_itself, metres_across
from alarms.position.shapes import AREA, shape_of
from alarms.position.tables import zone as table
from kit.ids import new_id
from kit.wire.position import ZoneBody, ZoneView
from kit.wire.position_words import ZoneMakes, ZoneStanding, ZoneWatch
from kit.wire.routing import HoursBody

MOST = 10
"""Zones of one resident: more are no plan."""
WIDEST = 100_000.0
"""Metres across: within this the earth is flat enough for the core."""


async def zones_of(connection: AsyncConnection, resident: str) -> list[ZoneView]:
    """The zones of a resident that stand, oldest first."""
    query = select(table).where(table.c.resident == resident, table.c.ended_at.is_(None))
    rows = await connection.execute(query.order_by(table.c.at, table.c.id))
    return [_view(row) for row in rows.mappings()]


async def write_zone(
    connection: AsyncConnection, principal: str, resident: str, body: ZoneBody, by: str, at: datetime
) -> str | None:
    """Write a zone down; the code of why not, none when it was."""
    shape = shape_of(body.area)
    if isinstance(shape, Polygon) and (crosses_itself(shape) or not 0 < metres_across(shape) <= WIDEST):
        return "zone_shape"
    standing = select(func.count()).where(table.c.resident == resident, table.c.ended_at.is_(None))
    if int(await connection.scalar(standing) or 0) >= MOST:
        return "too_many_zones"
    await connection.execute(
        table.insert().values(
            id=new_id("zone", at),
            principal=principal,
            resident=resident,
            name=body.name.strip(),
            area=body.area.model_dump(mode="json"),
            hours=[one.model_dump(mode="json") for one in body.hours],
            watch=body.watch.value,
            makes=body.makes.value,
            standing=ZoneStanding.UNKNOWN.value,
            standing_at=None,
            at=at,
            by=by,
        )
    )
    return None


async def end_zone(connection: AsyncConnection, resident: str, zone_id: str, by: str, at: datetime) -> bool:
    """End a zone; says whether it stood. It stays on record."""
    meant = (table.c.id == zone_id) & (table.c.resident == resident) & table.c.ended_at.is_(None)
    ended = update(table).where(meant).values(ended_at=at, ended_by=by)
    return (await connection.execute(ended)).rowcount == 1


def _view(row: RowMapping) -> ZoneView:
    return ZoneView(
        id=row["id"],
        name=row["name"],
        area=AREA.validate_python(row["area"]),
        watch=ZoneWatch(row["watch"]),
        hours=[HoursBody.model_validate(one) for one in row["hours"]],
        makes=ZoneMakes(row["makes"]),
        standing=ZoneStanding(row["standing"]),
        standing_at=row["standing_at"],
    )
