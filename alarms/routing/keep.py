"""Storing routes, plans and rotas: over the version that was seen, checked against everything else that is stored."""

from datetime import datetime
from typing import Any

from sqlalchemy import Table, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from alarms.core.plan import Plan, faults
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


async def put_plan(
    connection: AsyncConnection, who: Who, principal: str, plan_id: str, body: PutPlan, known: Known, at: datetime
) -> None:
    """Store a plan. Raises Refusal with the code of what is wrong with it."""
    plan = plan_of(body, plan_id, body.version + 1)
    for fault in faults(plan):
        raise Refusal(fault.code, 422, step=fault.step)
    await _check_targets(connection, principal, plan, known, at)
    await _put(connection, tables.escalation_plan, {"id": plan_id, "principal": principal}, body, who, at)


async def _check_targets(connection: AsyncConnection, principal: str, plan: Plan, known: Known, at: datetime) -> None:
    """What the steps name must be there; what is there today may be gone at night, which the step then says."""
    units = set((await connection.scalars(select(unit.c.id).where(unit.c.principal == principal))).all())
    asked = {person for step in plan.steps for person, _ in step.persons}
    works = await duties_of(connection, asked, principal)
    for step in plan.steps:
        match step.act:
            case PlanAct.NOTIFY_ROLE if step.unit is not None and step.unit not in units:
                raise Refusal("step_unit", 422, step=step.id)
            case PlanAct.ON_CALL if known.rota(principal, step.rota or "") is None:
                raise Refusal("step_rota", 422, step=step.id)
            case PlanAct.PERSONS if any(person not in works for person, _ in step.persons):
                raise Refusal("step_persons", 422, step=step.id)
            case PlanAct.FORWARD if step.desk is not None and not known.serves(step.desk, principal, at):
                raise Refusal("step_desk", 422, step=step.id)


async def put_routing(
    connection: AsyncConnection, who: Who, principal: str, body: PutRouting, known: Known, at: datetime
) -> None:
    """Store a principal's routes. Raises Refusal with the code of what is wrong with them."""
    routing: Routing = routing_of(body, principal, body.version + 1)
    for fault in routing_faults(routing, known, at):
        raise Refusal(fault.code, 422, rule=fault.rule)
    await _put(connection, tables.routing, {"principal": principal}, body, who, at)


async def put_rota(
    connection: AsyncConnection, who: Who, principal: str, rota_id: str, body: PutRota, at: datetime
) -> None:
    """Store a rota. Raises Refusal with the code of what is wrong with it."""
    rota: Rota = rota_of(body, rota_id, body.version + 1)
    for fault in rota_faults(rota):
        code, _, what = fault.partition(":")
        raise Refusal(code, 422, what=what)
    named = persons_of(rota)
    works = await duties_of(connection, named, principal)
    for person in sorted(named - works.keys()):
        raise Refusal("person_unknown", 422, person=person)
    await _put(connection, tables.rota, {"id": rota_id, "principal": principal}, body, who, at)


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
