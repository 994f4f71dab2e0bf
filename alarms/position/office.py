"""What the office writes down for a resident: consent to positioning, and safe zones. Each look is logged."""

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends
from sqlalchemy.ext.asyncio import AsyncConnection

from alarms.desk.commands import CasePurposes
from alarms.position.keeping import forget_position
from alarms.position.zones import end_zone, write_zone, zones_of
from kit.clock import Clock
from kit.errors import Refusal
from kit.params import ForCase, Id
from kit.problem import PROBLEM_RESPONSES
from kit.store import Store
from kit.wire.position import ConsentList, GiveConsent, ZoneBody, ZoneList
from registry.access import Act, Allowed, Decision, Who, Whom
from registry.consent import consents_of, standing_consents, withdraw_consent, write_consent
from registry.look import ask, insist
from registry.routes import subject
from registry.session_web import Sessions, asks

AHEAD = timedelta(minutes=1)

TITLES = {
    "consent_stands": "A consent stands already. Take it back before another is written down.",
    "consent_not_yet": "A consent cannot have been given later than now.",
    "no_consent": "No consent stands.",
    "zone_needs_consent": "A safe zone watches where somebody is. Write down the consent to positioning first.",
    "zone_shape": "The corners make no area: lines cross, or it is too wide.",
    "too_many_zones": "There are so many zones already that nobody keeps them in mind. End one first.",
}


def office_router(  # noqa: PLR0915 - a list of routes
    store: Store, clock: Clock, sessions: Sessions, purposes: CasePurposes
) -> APIRouter:
    """The routes, to be mounted at the root."""
    router = APIRouter(prefix="/api/v1/residents/{resident}", tags=["positions"], responses=PROBLEM_RESPONSES)
    asker = Depends(sessions)

    async def asked(
        connection: AsyncConnection, who: Who, act: Act, resident: str, case: str | None, at: datetime
    ) -> tuple[Whom, Decision]:
        whom = await subject(connection, purposes, resident, case)
        return whom, await ask(connection, who, act, whom, at=at, subject=resident)

    @router.get("/consents", openapi_extra=asks(Act.CONSENT_READ))
    async def read_consents(who: Annotated[Who, asker], resident: Id, case: ForCase = None) -> ConsentList:
        """Every consent to positioning that was written down for this resident, oldest first."""
        items = []
        async with store.write() as connection:
            _, answer = await asked(connection, who, Act.CONSENT_READ, resident, case, clock.now())
            if isinstance(answer, Allowed):
                items = await consents_of(connection, resident)
        insist(answer)
        return ConsentList(items=items)

    @router.post("/consents", openapi_extra=asks(Act.CONSENT_WRITE))
    async def give(who: Annotated[Who, asker], resident: Id, body: GiveConsent) -> ConsentList:
        """Write a consent down: whose word, when; answers with all there are."""
        at = clock.now()
        items, code = [], None
        async with store.write() as connection:
            whom, answer = await asked(connection, who, Act.CONSENT_WRITE, resident, None, at)
            if isinstance(answer, Allowed):
                assert whom.principal is not None
                if body.given_at is not None and body.given_at > at + AHEAD:
                    code = "consent_not_yet"
                elif not await write_consent(connection, whom.principal, resident, body, who.person, at):
                    code = "consent_stands"
                items = await consents_of(connection, resident)
        insist(answer)
        if code is not None:
            raise Refusal(code)
        return ConsentList(items=items)

    @router.post("/consents/withdraw", openapi_extra=asks(Act.CONSENT_WRITE))
    async def withdraw(who: Annotated[Who, asker], resident: Id) -> ConsentList:
        """Take back the consent that stands; what was kept of where the resident is goes with it."""
        at = clock.now()
        items, was = [], False
        async with store.write() as connection:
            _, answer = await asked(connection, who, Act.CONSENT_WRITE, resident, None, at)
            if isinstance(answer, Allowed):
                was = await withdraw_consent(connection, resident, who.person, at)
                await forget_position(connection, resident)
                items = await consents_of(connection, resident)
        insist(answer)
        if not was:
            raise Refusal("no_consent")
        return ConsentList(items=items)

    @router.get("/zones", openapi_extra=asks(Act.ZONE_READ))
    async def read_zones(who: Annotated[Who, asker], resident: Id, case: ForCase = None) -> ZoneList:
        """The safe zones of this resident."""
        items = []
        async with store.write() as connection:
            _, answer = await asked(connection, who, Act.ZONE_READ, resident, case, clock.now())
            if isinstance(answer, Allowed):
                items = await zones_of(connection, resident)
        insist(answer)
        return ZoneList(items=items)

    @router.post("/zones", openapi_extra=asks(Act.ZONE_WRITE))
    async def add_zone(who: Annotated[Who, asker], resident: Id, body: ZoneBody) -> ZoneList:
        """Begin a zone; answers with all that stand."""
        at = clock.now()
        items, code = [], None
        async with store.write() as connection:
            whom, answer = await asked(connection, who, Act.ZONE_WRITE, resident, None, at)
            if isinstance(answer, Allowed):
                assert whom.principal is not None
                if not await standing_consents(connection, [resident]):
                    code = "zone_needs_consent"
                else:
                    code = await write_zone(connection, whom.principal, resident, body, who.person, at)
                items = await zones_of(connection, resident)
        insist(answer)
        if code is not None:
            raise Refusal(code)
        return ZoneList(items=items)

    @router.delete("/zones/{zone}", openapi_extra=asks(Act.ZONE_WRITE))
    async def remove_zone(who: Annotated[Who, asker], resident: Id, zone: Id) -> ZoneList:
        """End a zone; it stays on record. Answers with all that stand."""
        at = clock.now()
        items, was = [], False
        async with store.write() as connection:
            _, answer = await asked(connection, who, Act.ZONE_WRITE, resident, None, at)
            if isinstance(answer, Allowed):
                was = await end_zone(connection, resident, zone, who.person, at)
                items = await zones_of(connection, resident)
        insist(answer)
        if not was:
            raise Refusal("not_found", 404)
        return ZoneList(items=items)

    return router
