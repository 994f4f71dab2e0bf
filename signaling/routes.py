"""Visits over HTTP, and the visit's socket."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Query, WebSocket
from sqlalchemy import ColumnElement, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.errors import Refusal
from kit.params import Id, Limit, OptionalId
from kit.problem import PROBLEM_RESPONSES
from kit.wire.visit import LegOrder, LegView, VisitCommand, VisitDetail, VisitList, VisitOrder, VisitView
from registry.access import Act, Allowed, Denied, Who, Whom, decide
from registry.look import ask, insist, write_answer
from registry.session_socket import who_opens
from registry.session_web import Sessions, asks
from signaling import tables
from signaling.devices import holder_of
from signaling.journal import read_visits
from signaling.legs import Legs
from signaling.socket import MeetParts, MeetSocket
from signaling.views import detailed, shown, told
from signaling.visits import whom_of_visit

Day = Annotated[date | None, Query(description="A day of Sweden's calendar; today when none is named.")]
PLACE = ZoneInfo("Europe/Stockholm")

TITLES = {
    "answered": "The visit has been answered.",
    "answered_elsewhere": "Somebody answered on another screen.",
    "busy": "The resident is in another visit, or is being rung.",
    "case_missing": "An alarm visit names the case it is for.",
    "case_unwanted": "Only an alarm visit is for a case.",
    "ended": "The visit has ended.",
    "no_relay": "Pictures cannot be passed on right now. Try again shortly.",
    "not_answered": "Nobody has answered yet.",
    "not_caller": "This is somebody else's visit.",
    "not_in_visit": "You are not in this visit.",
    "not_published": "The municipality has not approved visits by video.",
    "not_ringing": "The visit does not ring.",
    "planned_in_the_past": "A visit is planned for a time to come.",
}


def signaling_router(parts: MeetParts, legs: Legs, sessions: Sessions) -> APIRouter:
    """The routes, to be mounted at the root."""
    router = APIRouter(prefix="/api/v1", tags=["visits"], responses=PROBLEM_RESPONSES)
    asker = Depends(sessions)
    visits = parts.visits

    @router.post("/visits", status_code=201, openapi_extra=asks(Act.VISIT_START))
    async def start_visit(who: Annotated[Who, asker], order: VisitOrder) -> VisitView:
        """Ring the resident's devices, or plan a visit."""
        return await visits.start(who, order)

    @router.get("/visits", openapi_extra=asks(Act.VISIT_LIST))
    async def list_visits(
        who: Annotated[Who, asker], day: Day = None, limit: Limit = 100, cursor: OptionalId = None
    ) -> VisitList:
        """One's own visits of a day and those of one's own unit or principal, by time. The list shows names: logged."""
        at = parts.clock.now()
        async with parts.store.write() as connection:
            whom = Whom(principal=who.principal, unit=who.unit)
            answer = decide(who, Act.VISIT_LIST, whom, [], at)
            await write_answer(connection, who, Act.VISIT_LIST, whom, answer, at=at)
            page = None
            if isinstance(answer, Allowed):
                begins, ends = _bounds(day or at.astimezone(PLACE).date())
                page = await _page(connection, who, begins, ends, limit, cursor)
        insist(answer)
        assert page is not None
        return page

    @router.get("/visits/{visit_id}", openapi_extra=asks(Act.VISIT_READ))
    async def read_visit(who: Annotated[Who, asker], visit_id: Id) -> VisitDetail:
        """A visit with everything that happened to it; each look is logged."""
        at = parts.clock.now()
        async with parts.store.write() as connection:
            query = select(tables.visit).where(tables.visit.c.id == visit_id)
            visit = next(iter(await read_visits(connection, query)), None)
            whom = await whom_of_visit(connection, who, visit)
            answer = await ask(connection, who, Act.VISIT_READ, whom, at=at, subject=visit_id)
            found = None
            if visit is not None and not isinstance(answer, Denied):
                [one] = await told(connection, [visit])
                found = await detailed(connection, one, holder_of(who))
        insist(answer)
        if found is None:
            raise Refusal("not_found", 404)
        return found

    @router.post("/visits/{visit_id}/ring", openapi_extra=asks(Act.VISIT_START))
    async def ring(who: Annotated[Who, asker], visit_id: Id, said: VisitCommand | None = None) -> VisitView:
        """Ring for a visit that was planned."""
        return await visits.ring(who, visit_id, said.command_id if said else None)

    @router.post("/visits/{visit_id}/answer", openapi_extra=asks(Act.VISIT_ANSWER))
    async def answer(who: Annotated[Who, asker], visit_id: Id, said: VisitCommand | None = None) -> VisitView:
        """Answer on this device. The first answer wins; a later one hears `answered_elsewhere`."""
        return await visits.answer(who, visit_id, said.command_id if said else None)

    @router.post("/visits/{visit_id}/decline", openapi_extra=asks(Act.VISIT_ANSWER))
    async def decline(who: Annotated[Who, asker], visit_id: Id, said: VisitCommand | None = None) -> VisitView:
        """Not now."""
        return await visits.decline(who, visit_id, said.command_id if said else None)

    @router.post("/visits/{visit_id}/end", openapi_extra=asks(Act.VISIT_END))
    async def end(who: Annotated[Who, asker], visit_id: Id, said: VisitCommand | None = None) -> VisitView:
        """Hang up, or take the visit back before it is answered. What has ended already stays as it ended."""
        return await visits.end(who, visit_id, said.command_id if said else None)

    @router.post("/visits/{visit_id}/legs", openapi_extra=asks(Act.VISIT_JOIN))
    async def give_leg(who: Annotated[Who, asker], visit_id: Id, order: LegOrder) -> LegView:
        """A place at the relay: where to send the offer, and a token for a minute."""
        return await legs.give(who, visit_id, order)

    @router.websocket("/meet")
    async def meet(websocket: WebSocket) -> None:
        opened = await who_opens(websocket, sessions, parts.clock)
        if opened is not None:
            who, who_now = opened
            await MeetSocket(websocket, who, parts, who_now).run()

    return router


def _bounds(day: date) -> tuple[datetime, datetime]:
    """From midnight to midnight in Sweden, as moments; the days when clocks change are 23 and 25 hours long."""
    begins = datetime.combine(day, time(), PLACE)
    ends = datetime.combine(day + timedelta(days=1), time(), PLACE)
    return begins.astimezone(UTC), ends.astimezone(UTC)


def _in_view(who: Who) -> ColumnElement[bool]:
    """One's own, and those of one's own unit, or of the principal when the role is held in all of it."""
    own = tables.visit.c.caller == who.person
    if who.central is not None or who.principal is None or who.role is None:
        return own
    place = tables.visit.c.principal == who.principal
    if who.unit is not None:
        place &= tables.visit.c.unit == who.unit
    return or_(own, place)


async def _page(
    connection: AsyncConnection, who: Who, begins: datetime, ends: datetime, limit: int, cursor: str | None
) -> VisitList:
    query = (
        select(tables.visit)
        .where(_in_view(who), tables.visit.c.planned_at >= begins, tables.visit.c.planned_at < ends)
        .order_by(tables.visit.c.planned_at, tables.visit.c.id)
        .limit(limit + 1)
    )
    if cursor is not None:
        after = select(tables.visit.c.planned_at, tables.visit.c.id).where(tables.visit.c.id == cursor)
        row = (await connection.execute(after)).first()
        if row is None:
            return VisitList(items=[], next=None)
        query = query.where(tuple_(tables.visit.c.planned_at, tables.visit.c.id) > tuple_(row[0], row[1]))
    found = await told(connection, await read_visits(connection, query))
    items = [shown(one, holder_of(who)) for one in found[:limit]]
    return VisitList(items=items, next=items[-1].id if len(found) > limit else None)
