"""The demonstration's routes: nights and holidays by a plan with a rota, days by the default plan, at one central."""

from typing import Any

from sqlalchemy import Table
from sqlalchemy.ext.asyncio import AsyncConnection

from alarms.routing import tables
from alarms.routing.reading import tell_all
from kit.store import insert
from kit.wire.model import Wire
from kit.wire.routing import HoursBody, LayerBody, PlanBody, PlanStepBody, RotaBody, RoutingBody, RuleBody
from kit.wire.routing_words import Day, PlanAct
from kit.wire.words import Role
from registry.demo import SINCE

PRINCIPAL = "demo-kommun"
BY = "demo-planner"
NIGHT = [HoursBody(starts="21:00", ends="07:00")]

ROTA = RotaBody(
    name="Nattberedskap",
    layers=[
        LayerBody(
            id="natt",
            persons=[f"demo-worker-{number}" for number in range(1, 5)],
            starts=SINCE.date(),
            handover="21:00",
            shift_hours=24,
            hours=NIGHT,
        )
    ],
)
PLAN = PlanBody(
    name="Natt och helg",
    steps=[
        PlanStepBody(id="hogre", act=PlanAct.LOUDER, wait=60),
        PlanStepBody(id="gruppledare", act=PlanAct.NOTIFY_ROLE, wait=120, role=Role.SUPERVISOR),
        PlanStepBody(id="beredskap", act=PlanAct.ON_CALL, wait=120, rota="demo-rota-natt"),
        PlanStepBody(id="om-igen", act=PlanAct.REPEAT, wait=60, again="gruppledare"),
    ],
)
ROUTING = RoutingBody(
    rules=[
        RuleBody(id="natt", hours=NIGHT, desks=["demo-larmcentral"], plan="demo-plan-natt"),
        RuleBody(id="helg", hours=[HoursBody(days=[Day.HOLIDAY])], desks=["demo-larmcentral"], plan="demo-plan-natt"),
        RuleBody(id="dag", desks=["demo-larmcentral"]),
    ]
)


async def fill(connection: AsyncConnection) -> None:
    """Put them in place, in the caller's transaction; what is there already is left alone."""
    new = [
        await _add(connection, tables.rota, {"id": "demo-rota-natt"}, ROTA),
        await _add(connection, tables.escalation_plan, {"id": "demo-plan-natt"}, PLAN),
        await _add(connection, tables.routing, {}, ROUTING),
    ]
    if any(new):
        await tell_all(connection)


async def _add(connection: AsyncConnection, table: Table, key: dict[str, str], body: Wire) -> bool:
    row: dict[str, Any] = {"principal": PRINCIPAL, "version": 1, "changed_at": SINCE, "changed_by": BY, **key}
    statement = insert(connection, table).on_conflict_do_nothing()
    return bool((await connection.execute(statement, {**row, "body": body.model_dump(mode="json")})).rowcount)
