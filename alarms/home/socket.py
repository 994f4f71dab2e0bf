"""One resident's page's socket (kit/wire/home.py): the whole status at each change, and a beat each second."""

from contextlib import suppress

from fastapi import WebSocket, WebSocketDisconnect
from pydantic import BaseModel

from alarms.feed import Feed
from alarms.home.status import home_status
from kit.clock import Clock
from kit.errors import StorageDown
from kit.metrics import gauge
from kit.store import Store
from kit.tasks import Tasks
from kit.wire.case import CaseView
from kit.wire.home import HomeBeat
from registry.access import Act, Denied, Who, Whom, decide
from registry.find import FoundDevice, find_device
from registry.session_socket import FORBIDDEN, SESSION_ENDED, STORAGE_DOWN, WhoNow

homes_open = gauge("homes_open", "Residents' pages open on this process")

BEAT_EVERY = 1.0  # seconds
RECHECK_EVERY = 5.0  # seconds


class HomeSocket:
    """One open, accepted socket. `run` returns when it is closed, from whichever side."""

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
        self._websocket = websocket
        self._who = who
        self._who_now = who_now
        self._store = store
        self._clock = clock
        self._feed = feed
        self._call_number = call_number

    async def run(self) -> None:
        """Say how it stands, and again at each change, until the page goes away."""
        tasks = Tasks(self._clock)
        homes_open.inc()
        try:
            found = await self._device()
            if found is None:
                await self._websocket.close(FORBIDDEN)
                return
            tasks.start("home-send", self._send_on(found))
            while True:  # the page says nothing; reading notices that it has gone
                await self._websocket.receive_text()
        except StorageDown:
            with suppress(RuntimeError):
                await self._websocket.close(STORAGE_DOWN)
        except (WebSocketDisconnect, RuntimeError):
            pass  # gone: the page comes again by itself
        finally:
            homes_open.dec()
            await tasks.close()

    async def _device(self) -> FoundDevice | None:
        async with self._store.read() as connection:
            found = await find_device(connection, self._who.device) if self._who.device else None
        if found is None:
            return None
        whom = Whom(principal=found.principal, resident=found.resident, home=found.home, device=found.id)
        answer = decide(self._who, Act.HOME_OPEN, whom, (), self._clock.now())
        return None if isinstance(answer, Denied) else found

    async def _send_on(self, found: FoundDevice) -> None:
        def wants(case: CaseView) -> bool:
            return case.resident == found.resident if case.resident else case.home == found.home

        subscription = self._feed.subscribe(wants)
        beat_at = recheck_at = self._clock.monotonic()
        told = False
        try:
            while True:
                changed = bool(await subscription.take(0 if not told else BEAT_EVERY))
                now = self._clock.monotonic()
                if now - recheck_at >= RECHECK_EVERY:
                    recheck_at = now
                    if not await self._still_valid():
                        await self._websocket.close(SESSION_ENDED)
                        return
                if changed or not told:
                    told = await self._tell(found)
                elif now - beat_at >= BEAT_EVERY and self._feed.fresh:
                    beat_at = now
                    await self._send(HomeBeat(at=self._clock.now()))
        except (WebSocketDisconnect, RuntimeError):
            pass  # gone: the receiving side ends the rest
        finally:
            self._feed.unsubscribe(subscription)

    async def _tell(self, found: FoundDevice) -> bool:
        try:
            async with self._store.read() as connection:
                at = self._clock.now()
                status = await home_status(connection, found, at, call_number=self._call_number)
        except StorageDown:
            await self._clock.sleep(BEAT_EVERY)
            return False
        await self._send(status)
        return True

    async def _still_valid(self) -> bool:
        try:
            return await self._who_now() is not None
        except StorageDown:
            return True

    async def _send(self, message: BaseModel) -> None:
        await self._websocket.send_text(message.model_dump_json())
