"""What a plan, a route or a rota of a principal may name, and which plans open cases carry."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Table, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from alarms import tables
from alarms.core.calendar import USUAL_HOLIDAYS
from alarms.core.plan import Unreadable, thaw
from alarms.core.routing import Known
from alarms.routing.names import names_of
from alarms.routing.tables import escalation_plan, rota
from kit.wire.planning import PlanningChoices, PlanRunning, WorkerNamed
from kit.wire.routing import Named
from kit.wire.routing_words import SwedishDay
from kit.wire.words import Role
from registry.tables import assignment, person, unit

OFFICE = (Role.PLANNER, Role.ADMINISTRATOR)


async def choices(connection: AsyncConnection, known: Known, principal: str, at: datetime) -> PlanningChoices:
    """Everything, by name."""
    served = sorted(
        central
        for central, agreements in known.agreements.items()
        if any(one.principal == principal and (one.span.ends_at is None or one.span.ends_at > at) for one in agreements)
    )
    names = await names_of(connection, {principal, *served})
    units = await connection.execute(
        select(unit.c.id, unit.c.name).where(unit.c.principal == principal).order_by(unit.c.name, unit.c.id)
    )
    return PlanningChoices(
        principal=_named(principal, names),
        now=at,
        desks=[_named(one, names) for one in (*served, principal)],
        units=[Named(id=row[0], name=row[1]) for row in units],
        workers=await _workers(connection, principal, at),
        office=await _office(connection, principal),
        plans=await _documents(connection, escalation_plan, principal),
        rotas=await _documents(connection, rota, principal),
        holidays=[day for day in SwedishDay if day in USUAL_HOLIDAYS],
        running=await _running(connection, principal),
    )


def _named(one: str, names: Mapping[str, str]) -> Named:
    return Named(id=one, name=names.get(one, one))


async def _workers(connection: AsyncConnection, principal: str, at: datetime) -> list[WorkerNamed]:
    """Who works there now or will: whom `registry.duty` would find."""
    query = (
        select(person.c.id, person.c.name, unit.c.name.label("place"))
        .join(assignment, assignment.c.person == person.c.id)
        .outerjoin(unit, unit.c.id == assignment.c.unit)
        .where(
            assignment.c.role == Role.WORKER,
            or_(assignment.c.principal == principal, unit.c.principal == principal),
            or_(assignment.c.ends_at.is_(None), assignment.c.ends_at > at),
        )
        .order_by(person.c.name, person.c.id, unit.c.name)
    )
    found: dict[str, WorkerNamed] = {}
    for row in (await connection.execute(query)).mappings():
        before: Sequence[str] = found[row["id"]].units if row["id"] in found else ()
        units = list(dict.fromkeys([*before, *([row["place"]] if row["place"] else [])]))
        found[row["id"]] = WorkerNamed(id=row["id"], name=row["name"], units=units)
    return list(found.values())


async def _office(connection: AsyncConnection, principal: str) -> list[Named]:
    query = (
        select(person.c.id, person.c.name)
        .join(assignment, assignment.c.person == person.c.id)
        .where(assignment.c.principal == principal, assignment.c.role.in_(OFFICE))
        .order_by(person.c.name, person.c.id)
        .distinct()
    )
    return [Named(id=row[0], name=row[1]) for row in await connection.execute(query)]


async def _documents(connection: AsyncConnection, table: Table, principal: str) -> list[Named]:
    query = select(table.c.id, table.c.body).where(table.c.principal == principal)
    rows = [Named(id=row[0], name=str(row[1].get("name", row[0]))) for row in await connection.execute(query)]
    return sorted(rows, key=lambda one: (one.name, one.id))


async def _running(connection: AsyncConnection, principal: str) -> list[PlanRunning]:
    """The plans of open cases; what this process cannot read is left out, as nothing here acts on it."""
    case = tables.case
    query = (
        select(case.c.plan, func.count())
        .where(case.c.open_key.is_not(None), case.c.principal == principal, case.c.plan.is_not(None))
        .group_by(case.c.plan)
    )
    counted: dict[tuple[str, int], int] = {}
    for text, cases in await connection.execute(query):
        try:
            frozen = thaw(text)
        except Unreadable:
            continue
        counted[frozen.id, frozen.version] = counted.get((frozen.id, frozen.version), 0) + cases
    return [PlanRunning(plan=plan, version=version, cases=count) for (plan, version), count in sorted(counted.items())]
