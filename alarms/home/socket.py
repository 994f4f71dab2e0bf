"""One resident's page's socket (kit/wire/home.py): the whole status at each change, and a beat each second."""

from fastapi import WebSocket

from alarms.feed import Feed
from alarms.home.status import home_status
from kit.clock import Clock
from kit.errors import StorageDown
from kit.metrics import gauge
from kit.store import Store
from kit.tasks import Tasks
from kit.wire.home import HomeBeat
from registry.access import Act, Denied, Who, Whom, decide
from registry.find import FoundDevice, find_device
from registry.session_socket import FORBIDDEN, SESSION_ENDED, Line, WhoNow

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
        self._line = Line(websocket)
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
            await self._line.carry("home-hear", self._converse(tasks))
        finally:
            homes_open.dec()
            await tasks.close()

    async def _converse(self, tasks: Tasks) -> None:
        found = await self._device()
        if found is None:
            await self._line.close(FORBIDDEN)
            return
        tasks.start("home-send", self._line.carry("home-send", self._send_on(found)))
        while True:  # the page says nothing; reading notices that it has gone
            await self._line.hear()

    async def _device(self) -> FoundDevice | None:
        async with self._store.read() as connection:
            found = await find_device(connection, self._who.device) if self._who.device else None
        if found is None:
            return None
        whom = Whom(principal=found.principal, resident=found.resident, home=found.home, device=found.id)
        answer = decide(self._who, Act.HOME_OPEN, whom, (), self._clock.now())
        return None if isinstance(answer, Denied) else found

    async def _send_on(self, found: FoundDevice) -> None:
        self._found = found
        # Whatever happens in the home is read again: a case there may be this resident's, or have become so.
        subscription = self._feed.subscribe(
            lambda case: case.home == self._found.home or (case.resident or "") in self._found.residents
        )
        beat_at = self._clock.monotonic() + BEAT_EVERY
        recheck_at = self._clock.monotonic() + RECHECK_EVERY
        told = False
        try:
            while True:
                wait = max(0.0, beat_at - self._clock.monotonic()) if told else 0.0
                changed = bool(await subscription.take(wait)) or subscription.overrun
                subscription.overrun = False
                now = self._clock.monotonic()
                if now >= recheck_at:
                    recheck_at = now + RECHECK_EVERY
                    if not await self._still_valid():
                        await self._line.close(SESSION_ENDED)
                        return
                    changed = await self._moved() or changed
                if changed or not told:
                    told = await self._tell()
                elif now >= beat_at:
                    beat_at = now + BEAT_EVERY
                    if self._feed.fresh:
                        await self._line.say(HomeBeat(at=self._clock.now()))
        finally:
            self._feed.unsubscribe(subscription)

    async def _moved(self) -> bool:
        """Whether the device now stands in another home or is another resident's."""
        try:
            found = await self._device()
        except StorageDown:
            return False
        if found is None or found == self._found:
            return False
        self._found = found
        return True

    async def _tell(self) -> bool:
        try:
            async with self._store.read() as connection:
                at = self._clock.now()
                status = await home_status(connection, self._found, at, call_number=self._call_number)
        except StorageDown:
            await self._clock.sleep(BEAT_EVERY)
            return False
        await self._line.say(status)
        return True

    async def _still_valid(self) -> bool:
        try:
            return await self._who_now() is not None
        except StorageDown:
            return True
