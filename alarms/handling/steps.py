"""The steps of a case: frozen on it when somebody takes it, ticked by who has it."""

from datetime import datetime

from sqlalchemy import RowMapping, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from alarms.core.action_steps import PlannedStep, plan
from alarms.core.at_desk import Ticked
from alarms.core.shapes import Case
from alarms.handling.tables import step
from kit.ids import new_id
from kit.wire.handling import StepOrigin
from registry.access import NOBODYS
from registry.steps import additions, own_steps


async def freeze(connection: AsyncConnection, case: Case, at: datetime) -> None:
    """Put the steps on the case that it has not got. The case is locked.

    What stands there stays as it is, whatever the lists say now; what a resident needs besides comes when that one
    is named.
    """
    rows = (await connection.execute(select(step).where(step.c.case == case.id))).mappings().all()
    extra = await additions(connection, case.resident, case.reason) if case.resident else []
    known = case.principal != NOBODYS
    own = await own_steps(connection, case.principal, case.reason) if known and not rows else []
    planned = plan(case.kind, case.reason, known=known, own=own, additions=extra)
    if rows:
        theirs = any(row["origin"] == StepOrigin.RESIDENT for row in rows)
        planned = [] if theirs else [one for one in planned if one.origin is StepOrigin.RESIDENT]
    if planned:
        await connection.execute(step.insert(), _rows(case.id, planned, len(rows), at))


def _rows(case_id: str, planned: list[PlannedStep], place: int, at: datetime) -> list[dict[str, object]]:
    return [
        {
            "id": new_id("step", at),
            "case": case_id,
            "place": place + index,
            "origin": one.origin,
            "code": one.code,
            "text": one.text,
            "ticked_at": None,
            "ticked_by": None,
        }
        for index, one in enumerate(planned)
    ]


async def find_step(connection: AsyncConnection, case_id: str, step_id: str) -> RowMapping | None:
    """That step of that case, none when there is no such step."""
    query = select(step).where(step.c.id == step_id, step.c.case == case_id)
    return (await connection.execute(query)).mappings().one_or_none()


async def write_tick(connection: AsyncConnection, event: Ticked, at: datetime) -> None:
    """Write down who ticked it and when, or that nobody has. The case is locked."""
    values = {"ticked_at": at, "ticked_by": event.by} if event.done else {"ticked_at": None, "ticked_by": None}
    await connection.execute(update(step).where(step.c.id == event.step).values(values))


async def carry_ticks(connection: AsyncConnection, source: str, target: str) -> None:
    """What was ticked on a case that ends in another is done there too. Both are locked."""
    done = select(step).where(step.c.case == source, step.c.ticked_at.is_not(None))
    for row in (await connection.execute(done)).mappings().all():
        same = (step.c.code == row["code"]) if row["code"] else (step.c.text == row["text"])
        undone = (step.c.case == target) & step.c.ticked_at.is_(None) & same
        values = {"ticked_at": row["ticked_at"], "ticked_by": row["ticked_by"]}
        await connection.execute(update(step).where(undone).values(values))
