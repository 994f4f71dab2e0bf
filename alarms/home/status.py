"""What a resident's page says about the alarm: received, in somebody's hands, or nothing open."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from alarms import tables
from alarms.core.opening import Sender, person_key
from kit.wire.home import HomeAlarm, HomeStatus
from registry.find import FoundDevice, helper_name, person_names, residents_brief


async def home_status(connection: AsyncConnection, found: FoundDevice, at: datetime, *, call_number: str) -> HomeStatus:
    """The page of the home that this device stands in, at that moment."""
    residents = await residents_brief(connection, [found.resident] if found.resident else [], at)
    brief = residents.get(found.resident) if found.resident else None
    return HomeStatus(
        at=at,
        resident_name=brief.name if brief else "",
        device=found.id,
        helper=await helper_name(connection, found.principal, at),
        call_number=call_number,
        alarm=await _alarm(connection, found),
    )


async def _alarm(connection: AsyncConnection, found: FoundDevice) -> HomeAlarm | None:
    key = person_key(Sender(found.id, found.principal, found.home, found.resident))
    # What several share shows also the case of whom of them an operator has named.
    keys = [key] if found.resident else [key, *(f"person:{resident}" for resident in found.residents)]
    query = select(tables.case).where(tables.case.c.open_key.in_(keys)).order_by(tables.case.c.raised_at)
    rows = (await connection.execute(query)).mappings().all()
    row = next((one for one in rows if one["open_key"] == key), rows[-1] if rows else None)
    if row is None:
        return None
    handler = row["handler"]
    names = await person_names(connection, [handler] if handler else [])
    name = names.get(handler, "") if handler else ""
    return HomeAlarm(
        case=row["id"],
        received_at=row["raised_at"],
        presses=row["presses"],
        handled_by=(name.split(" ")[0] or None) if handler else None,
        handled_at=row["taken_at"] if handler else None,
    )
