"""Names of whatever the step of a plan may lead to."""

from collections.abc import Iterable

from sqlalchemy import RowMapping, select
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.wire.words import TimelineKind
from registry.find import person_names, principal_names
from registry.tables import central, unit

PLANNED = frozenset({TimelineKind.ESCALATED, TimelineKind.STEP_FAILED, TimelineKind.FORWARDED})
OFFERS = frozenset({TimelineKind.OFFERED, TimelineKind.HANDED_OVER, TimelineKind.OFFER_ENDED})


async def names_of(connection: AsyncConnection, ids: Iterable[str]) -> dict[str, str]:
    """Names of whatever a step may lead to: persons, units, centrals, principals."""
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    names = {**await principal_names(connection, wanted), **await person_names(connection, wanted)}
    for table in (unit, central):
        rows = await connection.execute(select(table.c.id, table.c.name).where(table.c.id.in_(wanted)))
        names.update({row[0]: row[1] for row in rows})
    return names


async def reached_names(connection: AsyncConnection, lines: Iterable[RowMapping]) -> dict[str, str]:
    """The names of whom and what these lines of a timeline speak of, by id; no query where none does."""
    return await names_of(connection, {reached for line in lines if (reached := reached_in(line))})


def reached_in(line: RowMapping) -> str | None:
    """Whom or what a line of the timeline says that a plan reached for, or which desk the case was offered."""
    if line["kind"] in OFFERS:
        desk = line["data"].get("desk")
        return str(desk) if desk else None
    if line["kind"] not in PLANNED:
        return None
    reached = line["data"].get("reached") or line["data"].get("to")
    return str(reached) if reached else None
