"""A page that is told the whole of what concerns it at each change, and a beat each second in between.

It says nothing itself, and a page that comes again needs to remember nothing. Every few seconds it is asked anew
whether its session still holds.
"""

from abc import ABC, abstractmethod

from fastapi import WebSocket
from prometheus_client import Gauge
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncConnection

from alarms.feed import Feed
from kit.clock import Clock
from kit.errors import StorageDown
from kit.store import Store
from kit.tasks import Tasks
from kit.wire.case import CaseView
from registry.access import Who
from registry.session_socket import FORBIDDEN, SESSION_ENDED, Line, WhoNow

BEAT_EVERY = 1.0  # seconds
RECHECK_EVERY = 5.0  # seconds


class WholePage(ABC):
    """One open, accepted socket. `run` returns when it is closed, from whichever side."""

    name: str
    """What its tasks are called."""
    open_pages: Gauge
    """How many of its kind are open on this process."""

    def __init__(
        self, websocket: WebSocket, who: Who, who_now: WhoNow, *, store: Store, clock: Clock, feed: Feed
    ) -> None:
        self._line = Line(websocket)
        self._who = who
        self._who_now = who_now
        self._store = store
        self._clock = clock
        self._feed = feed

    @abstractmethod
    async def _may(self) -> bool:
        """Whether this session may have such a page."""

    @abstractmethod
    def _wants(self, case: CaseView) -> bool:
        """Whether a change of this case may be one for this page."""

    @abstractmethod
    async def _whole(self, connection: AsyncConnection) -> BaseModel:
        """All there is to say."""

    @abstractmethod
    def _beat(self) -> BaseModel:
        """What is said when nothing has changed."""

    @abstractmethod
    async def _moved(self, before: Who) -> bool:
        """Whether the page is about something else since its session was asked about anew."""

    async def run(self) -> None:
        """Say how it stands, and again at each change, until the page goes away."""
        tasks = Tasks(self._clock)
        self.open_pages.inc()
        try:
            await self._line.carry(f"{self.name}-hear", self._converse(tasks))
        finally:
            self.open_pages.dec()
            await tasks.close()

    async def _converse(self, tasks: Tasks) -> None:
        if not await self._may():
            await self._line.close(FORBIDDEN)
            return
        tasks.start(f"{self.name}-send", self._line.carry(f"{self.name}-send", self._send_on()))
        while True:  # the page says nothing; reading notices that it has gone
            await self._line.hear()

    async def _send_on(self) -> None:
        subscription = self._feed.subscribe(self._wants)
        clock = self._clock
        beat_at = clock.monotonic() + BEAT_EVERY
        recheck_at = clock.monotonic() + RECHECK_EVERY
        told = False
        try:
            while True:
                wait = max(0.0, beat_at - clock.monotonic()) if told else 0.0
                changed = bool(await subscription.take(wait)) or subscription.overrun
                subscription.overrun = False
                now = clock.monotonic()
                if now >= recheck_at:
                    recheck_at = now + RECHECK_EVERY
                    before = self._who
                    if not await self._still_valid():
                        await self._line.close(SESSION_ENDED)
                        return
                    changed = await self._moved(before) or changed
                if changed or not told:
                    told = await self._tell()
                elif now >= beat_at:
                    beat_at = now + BEAT_EVERY
                    if self._feed.fresh:
                        await self._line.say(self._beat())
        finally:
            self._feed.unsubscribe(subscription)

    async def _tell(self) -> bool:
        try:
            async with self._store.read() as connection:
                whole = await self._whole(connection)
        except StorageDown:
            await self._clock.sleep(BEAT_EVERY)
            return False
        await self._line.say(whole)
        return True

    async def _still_valid(self) -> bool:
        try:
            who = await self._who_now()
        except StorageDown:
            return True
        if who is None:
            return False
        self._who = who
        return True
