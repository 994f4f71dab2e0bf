"""`GET /api/v1/watchdog`: what the watchdog last saw, for supervisors. It names no resident."""

from typing import Annotated

from fastapi import APIRouter, Depends

from alarms.watchdog.stored import views
from kit.clock import Clock
from kit.problem import PROBLEM_RESPONSES
from kit.store import Store
from kit.wire.watch import WatchdogList
from registry.access import Act, Who, Whom, decide
from registry.look import insist
from registry.session_web import Sessions, asks


def watchdog_router(store: Store, clock: Clock, sessions: Sessions) -> APIRouter:
    """The route, to be mounted at the root."""
    router = APIRouter(prefix="/api/v1", tags=["watchdog"], responses=PROBLEM_RESPONSES)
    asker = Depends(sessions)

    @router.get("/watchdog", openapi_extra=asks(Act.WATCHDOG_READ))
    async def read_watchdog(who: Annotated[Who, asker]) -> WatchdogList:
        """State, findings, last round and last heartbeat of every watchdog."""
        insist(decide(who, Act.WATCHDOG_READ, Whom(), [], clock.now()))
        async with store.read() as connection:
            return WatchdogList(items=await views(connection))

    return router
