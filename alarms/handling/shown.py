"""The steps and calls of a case as pages see them, with names from the registry beside them."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from alarms.handling.tables import call, step
from kit.wire.handling import CallResult, CallState, CallTo, CallView, StepCode, StepOrigin, StepView
from registry.contacts import contact_names
from registry.find import person_names


async def steps_of(connection: AsyncConnection, case_id: str) -> list[StepView]:
    """The steps of a case in their order."""
    query = select(step).where(step.c.case == case_id).order_by(step.c.place, step.c.id)
    rows = (await connection.execute(query)).mappings().all()
    if not rows:
        return []
    names = await person_names(connection, {row["ticked_by"] for row in rows if row["ticked_by"]})
    return [
        StepView(
            id=row["id"],
            origin=StepOrigin(row["origin"]),
            code=StepCode(row["code"]) if row["code"] else None,
            text=row["text"],
            ticked_at=row["ticked_at"],
            ticked_by=row["ticked_by"],
            ticked_by_name=names.get(row["ticked_by"]) if row["ticked_by"] else None,
        )
        for row in rows
    ]


async def calls_of(connection: AsyncConnection, case_id: str) -> list[CallView]:
    """The calls made for a case, oldest first."""
    query = select(call).where(call.c.case == case_id).order_by(call.c.id)
    rows = (await connection.execute(query)).mappings().all()
    if not rows:
        return []
    names = await contact_names(connection, {row["contact"] for row in rows if row["contact"]})
    return [
        CallView(
            id=row["id"],
            operator=row["operator"],
            to=CallTo(row["to"]),
            contact=row["contact"],
            to_name=names.get(row["contact"]) if row["contact"] else None,
            state=CallState(row["state"]),
            result=CallResult(row["result"]) if row["result"] else None,
            started_at=row["started_at"],
            ended_at=row["ended_at"],
        )
        for row in rows
    ]
