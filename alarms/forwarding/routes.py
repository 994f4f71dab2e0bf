"""The reserve over HTTP, for a principal's administrators."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Depends

from alarms.forwarding.part import FORWARDING
from alarms.forwarding.receivers import put, view
from kit.bus import Bus
from kit.clock import Clock
from kit.problem import PROBLEM_RESPONSES
from kit.store import Store
from kit.wire.reserve import PutReserve, ReserveView
from registry.access import Act, Who, Whom
from registry.look import ask, insist
from registry.session_web import Sessions, asks

TITLES = {
    "receiver_address": "A receiver's address is udp:, tcp: or tls:HOST:PORT.",
    "receiver_user": "A password needs the name of who knows it.",
    "receiver_twice": "The same receiver is named twice.",
    "reserve_without_receiver": "The reserve cannot be on without a receiver that is.",
}


def reserve_router(store: Store, bus: Bus, clock: Clock, sessions: Sessions, secrets: Sequence[str]) -> APIRouter:
    """The routes, to be mounted at the root."""
    router = APIRouter(prefix="/api/v1", tags=["reserve"], responses=PROBLEM_RESPONSES)
    asker = Depends(sessions)

    async def may(who: Who, act: Act) -> str:
        """The principal it is about, and the ask in its log. Raises Refusal."""
        async with store.write() as connection:
            answer = await ask(connection, who, act, Whom(who.principal), at=clock.now())
        insist(answer)
        assert who.principal is not None
        return who.principal

    @router.get("/reserve", openapi_extra=asks(Act.RESERVE_READ))
    async def read_reserve(who: Annotated[Who, asker]) -> ReserveView:
        """The switch and the external receivers. Passwords are not shown."""
        principal = await may(who, Act.RESERVE_READ)
        async with store.read() as connection:
            return await view(connection, principal)

    @router.put("/reserve", openapi_extra=asks(Act.RESERVE_WRITE))
    async def put_reserve(who: Annotated[Who, asker], body: PutReserve) -> ReserveView:
        """Have it like this. While it is on, each new alarm is sent out too, beside our own case."""
        principal = await may(who, Act.RESERVE_WRITE)
        async with store.write() as connection:
            await put(connection, principal, body, secrets, clock.now(), who.person)
            seen = await view(connection, principal)
        await bus.notify(FORWARDING)
        return seen

    return router
