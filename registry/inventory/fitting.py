"""One device with its steps over HTTP, and the steps that installers take.

Each route states its act and asks `registry.look` in the transaction in which it writes. What the rules refuse has
changed nothing by then, and the attempt stays in the access log.
"""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.clock import Clock
from kit.errors import Refusal
from kit.params import Id
from kit.store import Store
from kit.wire.resident import DeviceDetail, NewDevice, Pairing
from registry.access import Act, Allowed, Who, Whom
from registry.inventory import acts
from registry.inventory.page import one_device, steps_of
from registry.look import ask, insist
from registry.session_web import Sessions, asks
from registry.tables import device, home

TITLES = {
    "exists": "There is a device with that id already.",
    "account_taken": "The account belongs to another device.",
    "bad_id": "That cannot be a device's id.",
    "bad_account": "That cannot be an account of such a device.",
    "one_place": "Say for whom: a resident, or a home.",
    "no_such_place": "There is no such resident or home here.",
    "not_in_stock": "The device is not in stock.",
    "not_tested": "The device has not been tested from its own button since it was paired.",
    "not_at_home": "The device is at no home.",
    "not_returned": "The device has not been returned.",
    "a_lock": "A lock is part of a door and is not returned this way.",
}


def fitting_router(store: Store, clock: Clock, sessions: Sessions) -> APIRouter:
    """The routes, to be included among the registry's."""
    router = APIRouter()
    asker = Depends(sessions)

    async def done(
        who: Who,
        act: Act,
        device_id: str | None,
        work: Callable[[AsyncConnection], Awaitable[str | None] | Awaitable[None]],
    ) -> DeviceDetail:
        """Ask, then do it; `work` may answer the id of what it made."""
        refused: Refusal | None = None
        shown = None
        async with store.write() as connection:
            whom = Whom(principal=who.principal) if device_id is None else await whom_of_device(connection, device_id)
            answer = await ask(connection, who, act, whom, at=clock.now(), subject=device_id)
            if isinstance(answer, Allowed):
                try:
                    made = await work(connection)
                    shown = await _detail(connection, made or device_id or "")
                except Refusal as refusal:
                    refused = refusal
        insist(answer)
        if refused is not None:
            raise refused
        assert shown is not None
        return shown

    @router.get("/devices/{device_id}", openapi_extra=asks(Act.DEVICE_READ))
    async def read_device(who: Annotated[Who, asker], device_id: Id) -> DeviceDetail:
        """A device with every step of its life."""
        return await done(who, Act.DEVICE_READ, device_id, _nothing)

    @router.post("/devices", status_code=201, openapi_extra=asks(Act.DEVICE_ADD))
    async def add_device(who: Annotated[Who, asker], new: NewDevice) -> DeviceDetail:
        """Put a new device on the shelf of one's own principal."""
        principal, at = who.principal or "", clock.now()
        return await done(who, Act.DEVICE_ADD, None, lambda c: acts.add(c, new, principal, who.person, at))

    @router.post("/devices/{device_id}/pair", openapi_extra=asks(Act.DEVICE_PAIR))
    async def pair_device(who: Annotated[Who, asker], device_id: Id, whom: Pairing) -> DeviceDetail:
        """From the shelf to a resident, or to a home that several share."""
        at = clock.now()
        return await done(who, Act.DEVICE_PAIR, device_id, lambda c: acts.pair(c, device_id, whom, who.person, at))

    @router.post("/devices/{device_id}/live", openapi_extra=asks(Act.DEVICE_GO_LIVE))
    async def set_live(who: Annotated[Who, asker], device_id: Id) -> DeviceDetail:
        """Its alarms are answered from now on; 409 `not_tested` before a test from its own button."""
        at = clock.now()
        return await done(who, Act.DEVICE_GO_LIVE, device_id, lambda c: acts.go_live(c, device_id, who.person, at))

    @router.post("/devices/{device_id}/return", openapi_extra=asks(Act.DEVICE_RETURN))
    async def return_device(who: Annotated[Who, asker], device_id: Id) -> DeviceDetail:
        """Out of its home: from now on it calls to nobody."""
        at = clock.now()
        return await done(who, Act.DEVICE_RETURN, device_id, lambda c: acts.take_back(c, device_id, who.person, at))

    @router.post("/devices/{device_id}/restock", openapi_extra=asks(Act.DEVICE_RESTOCK))
    async def restock_device(who: Annotated[Who, asker], device_id: Id) -> DeviceDetail:
        """Reconditioned, and on the shelf again."""
        at = clock.now()
        return await done(who, Act.DEVICE_RESTOCK, device_id, lambda c: acts.restock(c, device_id, who.person, at))

    return router


async def _detail(connection: AsyncConnection, device_id: str) -> DeviceDetail:
    view = await one_device(connection, device_id)
    if view is None:
        raise Refusal("not_found", 404)
    return DeviceDetail(**dict(view), steps=await steps_of(connection, device_id))


async def _nothing(_: AsyncConnection) -> None:
    """A look changes nothing."""


async def whom_of_device(connection: AsyncConnection, device_id: str) -> Whom:
    """A device as `decide` wants it; empty when there is none."""
    query = select(device.c.principal, device.c.resident, device.c.home, home.c.unit)
    query = query.outerjoin(home, home.c.id == device.c.home).where(device.c.id == device_id)
    row: Any = (await connection.execute(query)).first()
    return Whom() if row is None else Whom(row.principal, unit=row.unit, resident=row.resident, home=row.home)
