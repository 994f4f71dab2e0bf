"""Who can be sent somewhere: the units of a principal, and the workers who hold a role there now."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.wire.words import Role
from registry.tables import assignment, home, person, unit


@dataclass(frozen=True, slots=True)
class Team:
    """A unit, and how many minutes its responders have to arrive."""

    id: str
    name: str
    principal: str
    arrive_within: int


@dataclass(frozen=True, slots=True)
class Worker:
    """Somebody who works in a unit now; `unit` is none for who works for the whole principal."""

    id: str
    name: str
    unit: str | None


async def teams_of(connection: AsyncConnection, principal: str) -> list[Team]:
    """The units of a principal, by name."""
    query = select(unit.c.id, unit.c.name, unit.c.principal, unit.c.arrive_within)
    rows = await connection.execute(query.where(unit.c.principal == principal).order_by(unit.c.name, unit.c.id))
    return [Team(*row) for row in rows]


async def workers_of(connection: AsyncConnection, principal: str, at: datetime) -> list[Worker]:
    """Everybody who holds the role of a worker in this principal, or in a unit of it, at that moment; by name."""
    query = (
        select(person.c.id, person.c.name, assignment.c.unit)
        .join(assignment, assignment.c.person == person.c.id)
        .outerjoin(unit, unit.c.id == assignment.c.unit)
        .where(
            assignment.c.role == Role.WORKER,
            or_(assignment.c.principal == principal, unit.c.principal == principal),
            assignment.c.starts_at <= at,
            or_(assignment.c.ends_at.is_(None), assignment.c.ends_at > at),
        )
        .order_by(person.c.name, person.c.id)
    )
    return [Worker(*row) for row in await connection.execute(query)]


async def unit_names(connection: AsyncConnection, units: Collection[str]) -> dict[str, str]:
    """The names of these units."""
    rows = await connection.execute(select(unit.c.id, unit.c.name).where(unit.c.id.in_(sorted(units))))
    return {row[0]: row[1] for row in rows}


async def areas_of(connection: AsyncConnection, homes: Collection[str]) -> dict[str, str]:
    """Which unit these homes belong to, by its name: as near as one may say of a protected identity."""
    query = select(home.c.id, unit.c.name).join(unit, unit.c.id == home.c.unit).where(home.c.id.in_(sorted(homes)))
    return {row[0]: row[1] for row in await connection.execute(query)}


async def home_unit(connection: AsyncConnection, home_id: str) -> str | None:
    """The unit that a home belongs to."""
    return await connection.scalar(select(home.c.unit).where(home.c.id == home_id))
