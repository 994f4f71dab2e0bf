"""What planners choose from and what a draft would come to, over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends

from alarms.planning.choices import choices
from alarms.planning.contacts import contacts_router
from alarms.planning.draft import seen
from alarms.planning.steps import steps_router
from alarms.routing.reading import Reading
from alarms.routing.shown import moment_asked
from alarms.watchdog.contacts import TITLES as CONTACT_TITLES
from kit.clock import Clock
from kit.problem import PROBLEM_RESPONSES
from kit.store import Store
from kit.wire.planning import Draft, DraftSeen, PlanningChoices
from registry.access import Act, Allowed, Who, Whom
from registry.look import ask, insist
from registry.session_web import Sessions, asks

TITLES = {**CONTACT_TITLES}


def planning_router(store: Store, clock: Clock, sessions: Sessions, reading: Reading) -> APIRouter:
    """The routes, to be mounted at the root."""
    router = APIRouter(prefix="/api/v1", responses=PROBLEM_RESPONSES)
    routing = APIRouter(tags=["routing"])
    asker = Depends(sessions)

    @routing.get("/routing/choices", openapi_extra=asks(Act.ROUTING_READ))
    async def read_choices(who: Annotated[Who, asker]) -> PlanningChoices:
        """What the principal's plans, routes and rotas may name, and which plans open cases carry."""
        at = clock.now()
        found = None
        async with store.write() as connection:
            answer = await ask(connection, who, Act.ROUTING_READ, Whom(who.principal), at=at, subject="choices")
            if isinstance(answer, Allowed) and who.principal is not None:
                await reading.renew(connection)
                found = await choices(connection, await reading.known(connection), who.principal, at)
        insist(answer)
        assert found is not None
        return found

    @routing.post("/routing/draft", openapi_extra=asks(Act.ROUTING_READ))
    async def try_draft(who: Annotated[Who, asker], body: Draft) -> DraftSeen:
        """What would happen if this were stored: faults, an alarm's way, the week, who is on call. Nothing is."""
        at = clock.now()
        when = moment_asked(body.at, "body.at")
        found = None
        async with store.write() as connection:
            answer = await ask(connection, who, Act.ROUTING_READ, Whom(who.principal), at=at, subject="draft")
            if isinstance(answer, Allowed) and who.principal is not None:
                await reading.renew(connection)
                known = await reading.known(connection)
                found = await seen(connection, known, who.principal, body, when, at)
        insist(answer)
        assert found is not None
        return found

    router.include_router(routing)
    router.include_router(steps_router(store, clock, sessions))
    router.include_router(contacts_router(store, clock, sessions))
    return router
