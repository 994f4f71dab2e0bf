"""Who is it? The person of a shared home is named: the case becomes that person's, or ends in the one there is.

Both cases are locked by their keys in one statement, in the order in which batches lock them, so a press that comes at
the same moment goes to the case before or after, never beside. A press that opens the person's case in between makes
the new key fail: then everything is begun again, and finds it.
"""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from alarms import tables
from alarms.core.at_desk import MergedFrom, MergedInto, Named
from alarms.core.case import decide
from alarms.core.shapes import Case, Refused
from alarms.desk.writing import settle
from alarms.handling.calls import has_open_call
from alarms.handling.steps import carry_ticks
from alarms.handling.tables import call
from alarms.journal import Changed, LostRace, lock_case, lock_open, write
from alarms.missions.tables import mission
from alarms.position.tables import locate
from registry.access import Who
from registry.find import whom_of_resident

MOVED = (
    tables.signal.c.case,
    tables.timeline.c.case,
    tables.lock_command.c.case,
    call.c.case,
    mission.c.case,
    locate.c.case,
)
"""What belongs to a case, and goes along when that case ends in another."""


async def lock_pair(connection: AsyncConnection, case_id: str, resident: str) -> tuple[Case | None, Case | None]:
    """The case, and the open case of that person if it is another; both locked. Raises LostRace."""
    key = await connection.scalar(select(tables.case.c.open_key).where(tables.case.c.id == case_id))
    if key is None:
        return await lock_case(connection, case_id), None
    theirs = f"person:{resident}"
    found = await lock_open(connection, [key, theirs])
    if key not in found or found[key].id != case_id:
        raise LostRace  # it was closed, or named, between our look and our lock
    other = found.get(theirs)
    return found[key], None if other is None or other.id == case_id else other


async def name(
    connection: AsyncConnection, who: Who, case: Case, other: Case | None, resident: str, at: datetime
) -> tuple[str | None, bool]:
    """Name the person; the refusal's code or none, and whether anything changed. Raises LostRace."""
    if case.resident is None and case.home is not None:
        whom = await whom_of_resident(connection, resident)
        if whom.home != case.home:
            return "not_at_home", False
    if other is not None and case.resident is None:
        return await _merge(connection, who, case, other, resident, at)
    decision = decide(case, Named(who.person, resident), at)
    if isinstance(decision, Refused):
        return decision.code, False
    if not decision.changed:
        return None, False
    await settle(connection, case, decision, at)
    await _give_signals(connection, case.id, resident)
    try:
        await write(connection, [Changed(decision.case, decision.entries)], at)
    except IntegrityError as error:  # the person's own case was opened meanwhile
        raise LostRace from error
    return None, True


async def _merge(
    connection: AsyncConnection, who: Who, case: Case, other: Case, resident: str, at: datetime
) -> tuple[str | None, bool]:
    ended = decide(case, MergedInto(who.person, other.id, resident), at)
    if isinstance(ended, Refused):
        return ended.code, False
    told = MergedFrom(
        who.person,
        case.id,
        case.presses,
        case.unread,
        case.priority,
        case.reason,
        case.raised_at,
        case.missions,
        case.watched_until,
    )
    grown = decide(other, told, at)
    if isinstance(grown, Refused):
        return grown.code, False
    if await has_open_call(connection, case.id):
        return "call_open", False
    await settle(connection, case, ended, at)
    await settle(connection, other, grown, at)
    await _give_signals(connection, case.id, resident)
    for column in MOVED:
        await connection.execute(update(column.table).where(column == case.id).values({column.name: other.id}))
    await carry_ticks(connection, case.id, other.id)
    changes = [Changed(ended.case, ended.entries), Changed(grown.case, grown.entries)]
    await write(connection, changes, at)
    return None, True


async def _give_signals(connection: AsyncConnection, case_id: str, resident: str) -> None:
    """What nobody knew whose it was stands in that person's history from now on."""
    nobodys = (tables.signal.c.case == case_id) & tables.signal.c.resident.is_(None)
    await connection.execute(update(tables.signal).where(nobodys).values(resident=resident))
