"""The events over HTTP, for who fetches them: a cursor in, events and the next cursor out."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from alarms.outward.drawing import OUTWARD, begin, newest
from alarms.outward.tables import outward_event, outward_head
from alarms.outward.telling import event_of, events_after, sequence
from kit.bus import Bus
from kit.clock import Clock
from kit.errors import Refusal
from kit.params import Limit
from kit.store import Store
from kit.wire.outward import SEQUENCE, EventPage, EventType
from registry.access import Act, Allowed, Denied, Scope, Who, Whom, decide
from registry.look import insist, write_answer
from registry.session_web import Sessions, asks

WAIT_AT_MOST = 25  # seconds; proxies in between cut at 30 and more
LOOK_EVERY = 1.0  # seconds, where the bus is silent

Cursor = Annotated[str, Query(pattern=SEQUENCE, description="A `sequence`, or `next` of the page before.")]
Types = Annotated[list[EventType], Query(max_length=len(EventType), description="Only these; none is all.")]
Wait = Annotated[int, Query(ge=0, le=WAIT_AT_MOST, description="Seconds to wait for an event when there is none.")]
NO_TYPES: list[EventType] = []


def events_router(store: Store, bus: Bus, clock: Clock, sessions: Sessions) -> APIRouter:
    """The route, to be included under the API's prefix."""
    router = APIRouter(tags=["outward"])
    asker = Depends(sessions)

    @router.get("/events", openapi_extra=asks(Act.EVENT_READ))
    async def read_events(
        who: Annotated[Who, asker],
        after: Cursor = "0",
        limit: Limit = 50,
        types: Types = NO_TYPES,
        wait: Wait = 0,
    ) -> EventPage:
        """The principal's events after a cursor, in their order. What shows any is in the access log."""
        until = clock.monotonic() + wait
        async with bus.watch(OUTWARD) as watch:
            while not await _anything(store, clock, who, int(after), types):
                left = until - clock.monotonic()
                if left <= 0:
                    break
                await watch.wait(min(LOOK_EVERY, left))
        at = clock.now()
        page = None
        async with store.write() as connection:
            answer = decide(who, Act.EVENT_READ, Whom(who.principal), [], at)
            if isinstance(answer, Allowed) and who.principal is not None:
                page = await _page(connection, who, who.principal, int(after), types, limit)
            if page is None or page.items:
                await write_answer(connection, who, Act.EVENT_READ, Whom(who.principal), answer, at=at)
        insist(answer)
        assert page is not None
        return page

    return router


async def _anything(store: Store, clock: Clock, who: Who, after: int, types: list[EventType]) -> bool:
    """Whether there is something to answer, a refusal too. Who asks first lets the principal's events begin."""
    if isinstance(decide(who, Act.EVENT_READ, Whom(who.principal), [], clock.now()), Denied) or who.principal is None:
        return True
    async with store.read() as connection:
        known = select(outward_head.c.position).where(outward_head.c.principal == who.principal)
        head = await connection.scalar(known)
        if head is not None and after > head:
            raise Refusal("cursor_ahead", 409)
        found = bool(await events_after(connection, who.principal, after, types, 1))
    if head is None:
        async with store.write() as connection:
            await begin(connection, who.principal, clock.now())
    return found


async def _page(
    connection: AsyncConnection, who: Who, principal: str, after: int, types: list[EventType], limit: int
) -> EventPage:
    head = await newest(connection, principal)  # before the events: nothing up to there is passed over
    rows = await events_after(connection, principal, after, types, limit)
    last = rows[-1]["position"] if rows else after
    named = Scope.EVENTS_RESIDENT in who.scopes
    event = outward_event
    oldest = await connection.scalar(select(func.min(event.c.position)).where(event.c.principal == principal))
    kept_from = head + 1 if oldest is None else oldest
    return EventPage(
        items=[event_of(row, resident=named) for row in rows],
        next=sequence(last if len(rows) == limit else max(last, head)),
        missed=max(0, kept_from - 1 - after),
    )
