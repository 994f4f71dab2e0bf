"""Positions over HTTP: where a case's person is, asking a device, and what a device is asked."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Depends
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from alarms.core.position import Fix
from alarms.core.shapes import Case
from alarms.core.sweref import sweref
from alarms.desk.commands import whom_of
from alarms.journal import find_case
from alarms.position.asking import Asking, locate_view
from alarms.position.keeping import position_for
from alarms.position.sending import claim_questions
from alarms.position.tables import locate
from alarms.position.zones import zones_of
from kit.clock import Clock
from kit.params import Id
from kit.problem import PROBLEM_RESPONSES
from kit.store import Store
from kit.wire.position import (
    AskWhere,
    CasePosition,
    ConsentView,
    DeviceCommands,
    LocateView,
    MapSource,
    PositionView,
)
from kit.wire.words import CaseKind
from registry.access import Act, Allowed, Who, Whom, decide, sees_address
from registry.card import hides_place
from registry.consent import consents_of
from registry.grants import grants_of
from registry.look import insist, write_answer
from registry.session_web import Sessions, asks
from registry.trackers import trackers_of

TITLES = {
    "consent_missing": "There is no consent to positioning. State why life or health is in danger, or leave it.",
    "no_person_case": "This case is about a thing. Nobody is looked for by it.",
    "device_not_askable": "No device of this person can be asked where it is.",
}


def position_router(
    store: Store, clock: Clock, sessions: Sessions, asking: Asking, map_source: MapSource | None
) -> APIRouter:
    """The routes, to be mounted at the root."""
    router = APIRouter(prefix="/api/v1", tags=["positions"], responses=PROBLEM_RESPONSES)
    asker = Depends(sessions)

    @router.get("/cases/{case_id}/position", openapi_extra=asks(Act.POSITION_READ))
    async def read_position(who: Annotated[Who, asker], case_id: Id) -> CasePosition:
        """Where the person of an open case was last said to be, and what may be done about it; each look is logged."""
        at = clock.now()
        shown = None
        async with store.write() as connection:
            case = await find_case(connection, case_id)
            whom = whom_of(case)
            grants = await grants_of(connection, who.person, at)
            answer = decide(who, Act.POSITION_READ, whom, grants, at)
            await write_answer(connection, who, Act.POSITION_READ, whom, answer, at=at, subject=case_id)
            if case is not None and isinstance(answer, Allowed):
                protected = await hides_place(connection, case.resident, case.home)
                hidden = not sees_address(who, whom, grants, at, protected=protected)
                shown = await _case_position(connection, case, map_source, hidden=hidden)
        insist(answer)
        assert shown is not None
        return shown

    @router.post("/cases/{case_id}/locate", openapi_extra=asks(Act.POSITION_ASK))
    async def ask_where(who: Annotated[Who, asker], case_id: Id, body: AskWhere | None = None) -> LocateView:
        """Ask the person's device where it is; answers at once, and what comes of it is on the case."""
        return await asking.ask(who, case_id, body or AskWhere())

    @router.get("/device/commands", openapi_extra=asks(Act.DEVICE_COMMANDS))
    async def fetch_commands(who: Annotated[Who, asker]) -> DeviceCommands:
        """What this device is asked. A question is given once: to ask again is the platform's."""
        at = clock.now()
        insist(decide(who, Act.DEVICE_COMMANDS, Whom(principal=who.principal, device=who.device), [], at))
        found = await claim_questions(store, at, protocol="http", device=who.device)
        return DeviceCommands(items=[one.command for one in found])

    return router


async def _case_position(
    connection: AsyncConnection, case: Case, map_source: MapSource | None, *, hidden: bool
) -> CasePosition:
    """A technical case is about a thing: it shows nobody's place."""
    person = case.kind is CaseKind.PERSON
    fix = await position_for(connection, case) if person and not hidden else None
    consents: Sequence[ConsentView] = await consents_of(connection, case.resident) if case.resident else ()
    query = select(locate).where(locate.c.case == case.id).order_by(locate.c.id.desc()).limit(1)
    asked = (await connection.execute(query)).mappings().one_or_none()
    return CasePosition(
        position=position_view(fix) if fix else None,
        hidden=hidden,
        consent=next((one for one in consents if one.withdrawn_at is None), None),
        devices=[one.id for one in await trackers_of(connection, case.resident)] if person else [],
        ask=await locate_view(connection, asked) if asked else None,
        zones=await zones_of(connection, case.resident) if case.resident and person and not hidden else [],
        map=map_source,
    )


def position_view(fix: Fix) -> PositionView:
    """A fix as pages see it."""
    grid = sweref(fix.place)
    return PositionView(
        latitude=fix.place.latitude,
        longitude=fix.place.longitude,
        accuracy_m=None if fix.accuracy is None else max(1, round(fix.accuracy)),
        taken_at=fix.taken_at,
        received_at=fix.received_at,
        old_at=fix.old_at(),
        north=round(grid[0]) if grid else None,
        east=round(grid[1]) if grid else None,
    )
