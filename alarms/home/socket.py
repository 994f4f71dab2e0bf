"""One resident's page's socket (kit/wire/home.py): the whole status at each change, and a beat each second."""

from fastapi import WebSocket
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncConnection

from alarms.feed import Feed
from alarms.home.status import home_status
from alarms.whole_page import WholePage
from kit.clock import Clock
from kit.errors import StorageDown
from kit.metrics import gauge
from kit.store import Store
from kit.wire.case import CaseView
from kit.wire.home import HomeBeat
from registry.access import Act, Denied, Who, Whom, decide
from registry.find import FoundDevice, find_device
from registry.session_socket import WhoNow


class HomeSocket(WholePage):
    """A page of the resident who has this device."""

    name = "home"
    open_pages = gauge("homes_open", "Residents' pages open on this process")

    def __init__(
        self,
        websocket: WebSocket,
        who: Who,
        who_now: WhoNow,
        *,
        store: Store,
        clock: Clock,
        feed: Feed,
        call_number: str,
    ) -> None:
        super().__init__(websocket, who, who_now, store=store, clock=clock, feed=feed)
        self._call_number = call_number

    async def _may(self) -> bool:
        found = await self._device()
        if found is None:
            return False
        self._found = found
        return True

    async def _device(self) -> FoundDevice | None:
        async with self._store.read() as connection:
            found = await find_device(connection, self._who.device) if self._who.device else None
        if found is None:
            return None
        whom = Whom(principal=found.principal, resident=found.resident, home=found.home, device=found.id)
        answer = decide(self._who, Act.HOME_OPEN, whom, (), self._clock.now())
        return None if isinstance(answer, Denied) else found

    def _wants(self, case: CaseView) -> bool:
        # Whatever happens in the home is read again: a case there may be this resident's, or have become so.
        return case.home == self._found.home or (case.resident or "") in self._found.residents

    async def _moved(self, before: Who) -> bool:
        """Whether the device now stands in another home or is another resident's."""
        try:
            found = await self._device()
        except StorageDown:
            return False
        if found is None or found == self._found:
            return False
        self._found = found
        return True

    async def _whole(self, connection: AsyncConnection) -> BaseModel:
        return await home_status(connection, self._found, self._clock.now(), call_number=self._call_number)

    def _beat(self) -> BaseModel:
        return HomeBeat(at=self._clock.now())
