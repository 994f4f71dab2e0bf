"""The registry over HTTP: the session, the resident's card, the door code, devices, the access log.

Each route states its act (`asks`), asks `registry.look`, and reads in the transaction in which the look is logged.
"""

from typing import Annotated, Protocol, TypeVar

from fastapi import APIRouter, Depends
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.clock import Clock
from kit.errors import Refusal
from kit.params import ForCase, Id, Limit, OptionalId
from kit.problem import PROBLEM_RESPONSES
from kit.store import Store
from kit.wire.resident import AccessLogPage, DoorCode, ResidentCard
from kit.wire.session import SessionView
from registry.access import Act, Allowed, Decision, Who, Whom, decide, in_connection, sees_address
from registry.card import door_code, is_protected, resident_card
from registry.find import whom_of_resident
from registry.grants import grants_of
from registry.inventory.fitting import fitting_router
from registry.inventory.routes import devices_router
from registry.listed import listed_router
from registry.look import access_page, ask, insist, write_answer
from registry.session_web import Sessions, asks

T = TypeVar("T")


class Purposes(Protocol):
    """What the registry cannot know: what a case is about. The alarm side answers."""

    async def whom_for_case(self, connection: AsyncConnection, case_id: str) -> Whom | None:
        """Principal, resident, home and handler of a case, with the case as purpose; none when there is none."""
        ...


def registry_router(store: Store, clock: Clock, sessions: Sessions, purposes: Purposes) -> APIRouter:
    """The routes, to be mounted at the root."""
    router = APIRouter(prefix="/api/v1", tags=["registry"], responses=PROBLEM_RESPONSES)
    asker = Depends(sessions)
    router.include_router(listed_router(store, clock, sessions))
    router.include_router(devices_router(store, clock, sessions))
    router.include_router(fitting_router(store, clock, sessions))

    @router.get("/session", openapi_extra=asks(Act.SESSION_OPEN))
    async def session(who: Annotated[Who, asker]) -> SessionView:
        """Who I am here, in which role and unit, until when."""
        insist(decide(who, Act.SESSION_OPEN, Whom(), [], clock.now()))
        return session_view(who)

    @router.get("/residents/{resident}", openapi_extra=asks(Act.RESIDENT_READ))
    async def read_resident(who: Annotated[Who, asker], resident: Id, case: ForCase = None) -> ResidentCard:
        """The resident's card. Operators name the case they look for; each look is logged."""
        at = clock.now()
        async with store.write() as connection:
            whom = await subject(connection, purposes, resident, case)
            grants = await grants_of(connection, who.person, at)
            answer = decide(who, Act.RESIDENT_READ, whom, grants, at)
            await write_answer(connection, who, Act.RESIDENT_READ, whom, answer, at=at, subject=resident)
            card = None
            if isinstance(answer, Allowed):
                protected = await is_protected(connection, resident)
                where = sees_address(who, whom, grants, at, protected=protected)
                card = await resident_card(connection, resident, at=at, show_address=where)
        return _shown(answer, card)

    @router.get("/residents/{resident}/door-code", openapi_extra=asks(Act.DOOR_CODE_READ))
    async def read_door_code(who: Annotated[Who, asker], resident: Id, case: ForCase = None) -> DoorCode:
        """The code at the door, for who has the case and a right to open; each look is logged."""
        at = clock.now()
        async with store.write() as connection:
            whom = await subject(connection, purposes, resident, case)
            answer = await ask(connection, who, Act.DOOR_CODE_READ, whom, at=at, subject=resident)
            code = await door_code(connection, resident) if isinstance(answer, Allowed) else None
        return _shown(answer, code)

    @router.get("/access-log", openapi_extra=asks(Act.ACCESS_LOG_READ))
    async def read_access_log(
        who: Annotated[Who, asker], resident: OptionalId = None, limit: Limit = 50, cursor: OptionalId = None
    ) -> AccessLogPage:
        """Who looked, did or tried what in one's own principal, newest first."""
        at = clock.now()
        async with store.write() as connection:
            whom = Whom(principal=who.principal, resident=resident)
            answer = decide(who, Act.ACCESS_LOG_READ, whom, [], at)
            page = None
            if isinstance(answer, Allowed) and who.principal is not None:
                page = await access_page(connection, who.principal, resident=resident, limit=limit, cursor=cursor)
            await write_answer(connection, who, Act.ACCESS_LOG_READ, whom, answer, at=at, subject=resident)
        return _shown(answer, page)

    return router


def session_view(who: Who) -> SessionView:
    """A session as pages see it; a device is no person."""
    assert who.span.ends_at is not None, "a token always expires"
    return SessionView(
        person=None if who.device is not None else who.person,
        name=who.name,
        role=who.role,
        unit=who.unit,
        device=who.device,
        expires_at=who.span.ends_at,
    )


async def subject(connection: AsyncConnection, purposes: Purposes, resident: str, case: str | None) -> Whom:
    """A resident as `decide` wants one, in connection with the case for which somebody asks, if any."""
    whom = await whom_of_resident(connection, resident)
    return whom if case is None else in_connection(whom, await purposes.whom_for_case(connection, case))


def _shown(answer: Decision, what: T | None) -> T:
    insist(answer)
    if what is None:
        raise Refusal("not_found", 404)
    return what
