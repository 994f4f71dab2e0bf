"""`GET /api/v1/cases/{id}/devices`: which devices an incident is about."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from sqlalchemy import select

from alarms import tables
from alarms.desk.commands import whom_of
from alarms.journal import case_of
from alarms.supervision.views import incident_devices
from kit.clock import Clock
from kit.params import Id, Limit, OptionalId
from kit.store import Store
from kit.wire.case import IncidentDevices
from registry.access import Act, Allowed, Who
from registry.look import ask, insist
from registry.session_web import Sessions, asks


def incidents_router(store: Store, clock: Clock, sessions: Sessions) -> APIRouter:
    """The route, to be mounted at the root."""
    router = APIRouter(prefix="/api/v1", tags=["cases"])
    asker = Depends(sessions)

    @router.get("/cases/{case_id}/devices", openapi_extra=asks(Act.CASE_READ))
    async def devices_of_case(
        who: Annotated[Who, asker],
        case_id: Id,
        silent: Annotated[bool | None, Query(description="Only those still silent, or only those back.")] = None,
        limit: Limit = 50,
        cursor: OptionalId = None,
    ) -> IncidentDevices:
        """The devices of an incident, with whom they are for; empty for any other case. Each look is logged."""
        at = clock.now()
        page = IncidentDevices(items=[], next=None)
        async with store.write() as connection:
            row = (await connection.execute(select(tables.case).where(tables.case.c.id == case_id))).mappings().first()
            answer = await ask(
                connection, who, Act.CASE_READ, whom_of(case_of(row) if row else None), at=at, subject=case_id
            )
            if isinstance(answer, Allowed):
                page = await incident_devices(connection, case_id, silent=silent, limit=limit, cursor=cursor)
        insist(answer)
        return page

    return router
