"""Storing routes, plans and rotas: over the version that was seen, checked against everything else that is stored."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Table, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from alarms.core.plan import Plan, PlanStep, faults
from alarms.core.rota import Rota, rota_faults
from alarms.core.routing import Known, Routing, routing_faults
from alarms.routing import tables
from alarms.routing.documents import plan_of, rota_of, routing_of
from alarms.routing.reading import tell_all
from kit.errors import Refusal
from kit.store import insert
from kit.wire.model import Wire
from kit.wire.routing import PutPlan, PutRota, PutRouting
from kit.wire.routing_words import PlanAct
from registry.access import Who
from registry.duty import duties_of
from registry.tables import unit

TITLES = {
    "changed_meanwhile": "Somebody else has changed this meanwhile. Read it again first.",
    "in_use": "Something else still names this. Change that first.",
    "plan_empty": "The plan has no steps.",
    "plan_ends": "The plan would end and leave the case without a next step. Let its last step repeat for ever.",
    "plan_unreached": "Nothing after a step that repeats for ever is ever reached. Let only the last one do so.",
    "plan_spins": "The plan would go round without a pause. Let each round begin with a wait of at least a minute.",
    "plan_too_long": "The plan has too many steps, or repeats too often.",
    "step_twice": "Two steps of the plan have the same id.",
    "step_wait": "A step waits for less than nothing or for more than a week.",
    "step_role": "A step tells a role: the supervisor at the desk, or the workers of a unit.",
    "step_rota": "A step asks who is on call, but names no rota of yours.",
    "step_persons": "A step asks persons, but names none who work here.",
    "step_unit": "A step tells a unit that is not one of yours.",
    "step_desk": "A step forwards to a central without an agreement.",
    "step_again": "A step repeats from a step that is not before it, or repeats within a repeat.",
    "rule_twice": "Two rules have the same id.",
    "overflow_ends": "A temporary overflow ends before it begins.",
    "desk_unknown": "A rule leads to a central without an agreement.",
    "plan_unknown": "A rule names a plan that you do not have.",
    "id_twice": "Two parts of the rota have the same id.",
    "shift_uneven": "A shift must divide a day evenly or be whole days.",
    "layer_empty": "A layer of the rota has nobody.",
    "change_ends": "A change in the rota ends before it begins.",
    "swap_alone": "A swap is between two persons.",
    "person_unknown": "Somebody in the rota does not work here.",
}


@dataclass(frozen=True, slots=True)
class Wrong:
    """Why a document cannot be stored: a stable code, and the id of the `what` (step, rule, person) it is about."""

    code: str
    what: str
    about: str | None

    def refusal(self) -> Refusal:
        """The same as who wanted to store it is told."""
        return Refusal(self.code, 422, **{self.what: self.about})


async def plan_wrong(
    connection: AsyncConnection, principal: str, plan: Plan, known: Known, at: datetime
) -> list[Wrong]:
    """What is wrong with a plan: with its steps, or else with what they name.

    What they name must be there; what is there today may be gone at night, which the step then says.
    """
    if found := [Wrong(fault.code, "step", fault.step) for fault in faults(plan)]:
        return found
    units = set((await connection.scalars(select(unit.c.id).where(unit.c.principal == principal))).all())
    asked = {person for step in plan.steps for person, _ in step.persons}
    works = await duties_of(connection, asked, principal)
    codes = {step.id: _target_wrong(principal, step, known, units, set(works), at) for step in plan.steps}
    return [Wrong(code, "step", step) for step, code in codes.items() if code is not None]


def _target_wrong(
    principal: str, step: PlanStep, known: Known, units: set[str], works: set[str], at: datetime
) -> str | None:
    match step.act:
        case PlanAct.NOTIFY_ROLE if step.unit is not None and step.unit not in units:
            return "step_unit"
        case PlanAct.ON_CALL if known.rota(principal, step.rota or "") is None:
            return "step_rota"
        case PlanAct.PERSONS if any(person not in works for person, _ in step.persons):
            return "step_persons"
        case PlanAct.FORWARD if step.desk is not None and not known.serves(step.desk, principal, at):
            return "step_desk"
    return None


def routing_wrong(routing: Routing, known: Known, at: datetime) -> list[Wrong]:
    """What is wrong with a principal's routes."""
    return [Wrong(fault.code, "rule", fault.rule) for fault in routing_faults(routing, known, at)]


async def rota_wrong(connection: AsyncConnection, principal: str, rota: Rota) -> list[Wrong]:
    """What is wrong with a rota, or with whom it names."""
    if found := [Wrong(code, "what", about) for code, _, about in (one.partition(":") for one in rota_faults(rota))]:
        return found
    named = persons_of(rota)
    works = await duties_of(connection, named, principal)
    return [Wrong("person_unknown", "person", person) for person in sorted(named - works.keys())]


async def put_plan(
    connection: AsyncConnection, who: Who, principal: str, plan_id: str, body: PutPlan, known: Known, at: datetime
) -> None:
    """Store a plan. Raises Refusal with the code of what is wrong with it."""
    for wrong in await plan_wrong(connection, principal, plan_of(body, plan_id, body.version + 1), known, at):
        raise wrong.refusal()
    await _put(connection, tables.escalation_plan, {"id": plan_id, "principal": principal}, body, who, at)


async def put_routing(
    connection: AsyncConnection, who: Who, principal: str, body: PutRouting, known: Known, at: datetime
) -> None:
    """Store a principal's routes. Raises Refusal with the code of what is wrong with them."""
    for wrong in routing_wrong(routing_of(body, principal, body.version + 1), known, at):
        raise wrong.refusal()
    await _put(connection, tables.routing, {"principal": principal}, body, who, at)


async def put_rota(
    connection: AsyncConnection, who: Who, principal: str, rota_id: str, body: PutRota, at: datetime
) -> None:
    """Store a rota. Raises Refusal with the code of what is wrong with it."""
    for wrong in await rota_wrong(connection, principal, rota_of(body, rota_id, body.version + 1)):
        raise wrong.refusal()
    await _put(connection, tables.rota, {"id": rota_id, "principal": principal}, body, who, at)


async def remove_plan(connection: AsyncConnection, principal: str, plan_id: str, seen: int, known: Known) -> None:
    """Remove a plan that no route names; cases that run go on by it. Raises Refusal `in_use` (409)."""
    routing = known.routings.get(principal, Routing(principal, 0))
    rules = [*routing.rules, *(overflow.rule for overflow in routing.overflows)]
    for rule in rules:
        if rule.plan == plan_id:
            raise Refusal("in_use", 409, rule=rule.id)
    await _remove(connection, tables.escalation_plan, plan_id, seen)


async def remove_rota(connection: AsyncConnection, principal: str, rota_id: str, seen: int, known: Known) -> None:
    """Remove a rota that no plan names. Raises Refusal `in_use` (409)."""
    for owner, plan in known.plans.values():
        if owner == principal and any(step.rota == rota_id for step in plan.steps):
            raise Refusal("in_use", 409, plan=plan.id)
    await _remove(connection, tables.rota, rota_id, seen)


async def _remove(connection: AsyncConnection, table: Table, key: str, seen: int) -> None:
    gone = await connection.execute(delete(table).where(table.c.id == key, table.c.version == seen))
    if gone.rowcount != 1:
        raise Refusal("changed_meanwhile", 409)
    await tell_all(connection)


def persons_of(rota: Rota) -> set[str]:
    """Everybody in a rota."""
    found = {person for layer in rota.layers for person in layer.persons}
    found |= {one.person for one in rota.overrides}
    return found | {person for swap in rota.swaps for person in swap.persons}


async def _put(
    connection: AsyncConnection, table: Table, key: dict[str, str], body: Wire, who: Who, at: datetime
) -> None:
    """Over the version that was seen, or new where none was. Raises Refusal `changed_meanwhile` (409)."""
    said = body.model_dump(mode="json")
    seen = int(said.pop("version"))
    row: dict[str, Any] = {**key, "version": seen + 1, "body": said, "changed_at": at, "changed_by": who.person}
    if seen == 0:
        statement = insert(connection, table).values(row).on_conflict_do_nothing()
    else:
        as_seen = [table.c[name] == value for name, value in key.items()]
        statement = update(table).where(*as_seen, table.c.version == seen).values(row)
    if (await connection.execute(statement)).rowcount != 1:
        raise Refusal("changed_meanwhile", 409)
    await tell_all(connection)
