"""The residents to choose from: of one's own unit, or of the whole principal for who works for all of it."""

from typing import Annotated

from fastapi import APIRouter, Depends
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.clock import Clock
from kit.params import Limit, OptionalId
from kit.store import Store
from kit.wire.resident import ResidentList, ResidentListed
from registry.access import Act, Allowed, Who, Whom
from registry.look import ask, insist
from registry.session_web import Sessions, asks
from registry.tables import home, resident, unit


def listed_router(store: Store, clock: Clock, sessions: Sessions) -> APIRouter:
    """`GET /residents`, to be included among the registry's routes."""
    router = APIRouter()
    asker = Depends(sessions)

    @router.get("/residents", openapi_extra=asks(Act.RESIDENT_LIST))
    async def list_residents(
        who: Annotated[Who, asker],
        limit: Limit = 50,
        cursor: OptionalId = None,
    ) -> ResidentList:
        """Names and towns by id, a page at a time; each asking is logged."""
        at = clock.now()
        page = ResidentList(items=[], next=None)
        async with store.write() as connection:
            whom = Whom(principal=who.principal, unit=who.unit)
            answer = await ask(connection, who, Act.RESIDENT_LIST, whom, at=at)
            if isinstance(answer, Allowed) and who.principal is not None:
                page = await resident_page(connection, who.principal, who.unit, limit=limit, cursor=cursor)
        insist(answer)
        return page

    return router


async def resident_page(
    connection: AsyncConnection, principal_id: str, unit_id: str | None, *, limit: int, cursor: str | None
) -> ResidentList:
    """A page of a principal's residents by id, or of one unit's; where somebody protected lives, no town."""
    hidden = select(resident.c.home).where(resident.c.protected)
    query = (
        select(
            resident.c.id,
            resident.c.name,
            resident.c.unit,
            resident.c.home,
            home.c.town,
            unit.c.name.label("unit_name"),
        )
        .add_columns(resident.c.home.in_(hidden).label("hidden"))
        .join(home, home.c.id == resident.c.home)
        .join(unit, unit.c.id == resident.c.unit)
        .where(resident.c.principal == principal_id)
        .order_by(resident.c.id)
        .limit(limit + 1)
    )
    if unit_id is not None:
        query = query.where(resident.c.unit == unit_id)
    if cursor is not None:
        query = query.where(resident.c.id > cursor)
    rows = (await connection.execute(query)).mappings().all()
    items = [
        ResidentListed(
            id=row["id"],
            name=row["name"],
            town=None if row["hidden"] else row["town"],
            unit=row["unit"],
            unit_name=row["unit_name"],
        )
        for row in rows[:limit]
    ]
    return ResidentList(items=items, next=items[-1].id if len(rows) > limit else None)
