"""When persons work in a principal or in a unit of it: who does not cannot be sent there."""

from collections.abc import Collection

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.wire.words import Role
from registry.asking import Span
from registry.tables import assignment, unit


async def duties_of(
    connection: AsyncConnection, persons: Collection[str], principal: str
) -> dict[str, tuple[Span, ...]]:
    """The spans of these persons' work there; who has none is left out."""
    if not persons:
        return {}
    query = (
        select(assignment.c.person, assignment.c.starts_at, assignment.c.ends_at)
        .outerjoin(unit, unit.c.id == assignment.c.unit)
        .where(
            assignment.c.person.in_(sorted(persons)),
            assignment.c.role == Role.WORKER,
            or_(assignment.c.principal == principal, unit.c.principal == principal),
        )
        .order_by(assignment.c.id)
    )
    found: dict[str, tuple[Span, ...]] = {}
    for person, starts_at, ends_at in await connection.execute(query):
        found[person] = (*found.get(person, ()), Span(starts_at, ends_at))
    return found
