"""The receivers over HTTP, for a principal's administrators: where they listen, and whom they hear."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends
from sqlalchemy import case, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.clock import Clock
from kit.problem import PROBLEM_RESPONSES
from kit.store import Store
from kit.wire.inward import InwardProtocol, InwardReceiver, InwardReceivers, Listening
from registry.access import Act, Who, Whom
from registry.inventory.rules import SPEAKING
from registry.look import ask, insist
from registry.session_web import Sessions, asks
from registry.tables import device, device_seen

LATELY = timedelta(hours=1)
BY: Mapping[str, InwardProtocol] = {"nuki": "mqtt", "homeassistant": "mqtt"}
"""Which receiver hears a device's protocol, where they are called otherwise."""


def receivers_router(
    store: Store, clock: Clock, sessions: Sessions, listening: Callable[[], Sequence[Listening]], public_url: str
) -> APIRouter:
    """The route, to be mounted at the root. `listening` says how this process listens now."""
    router = APIRouter(prefix="/api/v1", tags=["receivers"], responses=PROBLEM_RESPONSES)

    @router.get("/receivers", openapi_extra=asks(Act.INTEGRATION_READ))
    async def list_receivers(who: Annotated[Who, Depends(sessions)]) -> InwardReceivers:
        """Where devices and vendors reach the platform, and how many of the principal's devices were heard there."""
        at = clock.now()
        async with store.write() as connection:
            answer = await ask(connection, who, Act.INTEGRATION_READ, Whom(who.principal), at=at)
        insist(answer)
        assert who.principal is not None
        async with store.read() as connection:
            counted = await heard_of(connection, who.principal, at)
        items = []
        for one in listening():
            devices, heard, last = counted.get(one.protocol, (0, 0, None))
            items.append(InwardReceiver(**one.model_dump(), devices=devices, heard=heard, last_heard_at=last))
        return InwardReceivers(items=items, public_url=public_url)

    return router


async def heard_of(
    connection: AsyncConnection, principal: str, at: datetime
) -> dict[str, tuple[int, int, datetime | None]]:
    """By receiver: how many of a principal's devices speak it, how many were heard lately, and the last time.

    The devices are found by their principal and each one's last sign of life by its key.
    """
    seen = device_seen.c.last_seen_at
    lately = func.count(case((seen >= at - LATELY, device.c.id)))
    query = (
        select(device.c.protocol, func.count(), lately, func.max(seen))
        .outerjoin(device_seen, device_seen.c.device == device.c.id)
        .where(device.c.principal == principal, device.c.state.in_([state.value for state in SPEAKING]))
        .group_by(device.c.protocol)
    )
    found: dict[str, tuple[int, int, datetime | None]] = {}
    for protocol, devices, heard, last in await connection.execute(query):
        by = BY.get(protocol, protocol)
        more, heard_more, later = found.get(by, (0, 0, None))
        moments = [moment for moment in (last, later) if moment is not None]
        found[by] = (devices + more, heard + heard_more, max(moments, default=None))
    return found
