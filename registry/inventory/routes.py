"""The list of devices over HTTP, with its filters, also as CSV; each asking is logged for every principal shown."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from kit.clock import Clock
from kit.params import Limit, OptionalId
from kit.store import Store
from kit.wire.resident import DeviceList
from kit.wire.words import DeviceHealth, DeviceState
from registry.access import HIDDEN, Act, Allowed, Decision, Who, Whom, decide, reach
from registry.find import whom_of_resident
from registry.inventory.page import CSV_MOST, Filters, as_csv, device_page, untested_since
from registry.look import insist, write_answer
from registry.session_web import Sessions, asks


class Wanted:
    """The filters of a question, as FastAPI reads them."""

    def __init__(
        self,
        resident: OptionalId = None,
        state: DeviceState | None = None,
        health: DeviceHealth | None = None,
        untested_days: Annotated[
            int | None, Query(ge=0, le=3650, description="At a home, and not tested for that many days.")
        ] = None,
        radio_ends_before: Annotated[
            date | None, Query(description="The radio of its model is no more by then.")
        ] = None,
    ) -> None:
        self.resident = resident
        self.state = state
        self.health = health
        self.untested_days = untested_days
        self.radio_ends_before = radio_ends_before


def devices_router(store: Store, clock: Clock, sessions: Sessions) -> APIRouter:
    """The routes, to be included among the registry's."""
    router = APIRouter()
    asker = Depends(sessions)

    async def listed(who: Who, wanted: Wanted, limit: int, cursor: str | None) -> DeviceList:
        at = clock.now()
        async with store.write() as connection:
            whom = Whom() if wanted.resident is None else await whom_of_resident(connection, wanted.resident)
            exists = wanted.resident is None or whom.principal is not None
            answer: Decision = decide(who, Act.DEVICE_LIST, whom, [], at) if exists else HIDDEN
            page = DeviceList(items=[], next=None)
            shown: frozenset[str] = frozenset()
            if isinstance(answer, Allowed):
                filters = Filters(
                    of=None if wanted.resident is None else (wanted.resident, whom.home),
                    state=wanted.state,
                    health=wanted.health,
                    untested_since=untested_since(wanted.untested_days, at),
                    radio_ends_before=wanted.radio_ends_before,
                )
                page, shown = await device_page(connection, reach(who, at), filters, limit=limit, cursor=cursor)
            alone = wanted.resident is not None or not shown
            for one in [whom] if alone else [Whom(name) for name in sorted(shown)]:
                await write_answer(connection, who, Act.DEVICE_LIST, one, answer, at=at, subject=wanted.resident)
        insist(answer)
        return page

    @router.get("/devices", openapi_extra=asks(Act.DEVICE_LIST))
    async def list_devices(
        who: Annotated[Who, asker],
        wanted: Annotated[Wanted, Depends()],
        limit: Limit = 50,
        cursor: OptionalId = None,
    ) -> DeviceList:
        """Devices of the principals in reach, or one resident's, by id, with how they are."""
        return await listed(who, wanted, limit, cursor)

    @router.get("/devices.csv", openapi_extra=asks(Act.DEVICE_LIST), response_class=Response)
    async def list_as_csv(who: Annotated[Who, asker], wanted: Annotated[Wanted, Depends()]) -> Response:
        """The same list whole, as CSV in UTF-8, at most 50,000 lines."""
        text = as_csv((await listed(who, wanted, CSV_MOST, None)).items)
        named = {"Content-Disposition": 'attachment; filename="devices.csv"'}
        return Response(text.encode(), media_type="text/csv; charset=utf-8", headers=named)

    return router
