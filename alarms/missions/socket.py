"""One responder's page's socket (kit/wire/mission.py): all missions of this one at each change, and a beat each second.

A whole list, so that a page that comes again needs to remember nothing; and whoever looks is logged when it opens.
"""

from fastapi import WebSocket

from alarms.feed import Feed
from alarms.missions.views import mission_views, missions_for
from kit.clock import Clock
from kit.errors import StorageDown
from kit.metrics import gauge
from kit.store import Store
from kit.tasks import Tasks
from kit.wire.case import CaseView
from kit.wire.mission import MissionsBeat, MissionsNow
from registry.access import Act, Denied, Who, Whom
from registry.look import ask
from registry.session_socket import FORBIDDEN, SESSION_ENDED, Line, WhoNow

responders_open = gauge("responders_open", "Responders' pages open on this process")

BEAT_EVERY = 1.0  # seconds
RECHECK_EVERY = 5.0  # seconds


class MissionSocket:
    """One open, accepted socket. `run` returns when it is closed, from whichever side."""

    def __init__(
        self, websocket: WebSocket, who: Who, who_now: WhoNow, *, store: Store, clock: Clock, feed: Feed
    ) -> None:
        self._line = Line(websocket)
        self._who = who
        self._who_now = who_now
        self._store = store
        self._clock = clock
        self._feed = feed
        self._cases: frozenset[str] = frozenset()

    async def run(self) -> None:
        """Say what there is to do, and again at each change, until the page goes away."""
        tasks = Tasks(self._clock)
        responders_open.inc()
        try:
            await self._line.carry("missions-hear", self._converse(tasks))
        finally:
            responders_open.dec()
            await tasks.close()

    async def _converse(self, tasks: Tasks) -> None:
        if not await self._may():
            await self._line.close(FORBIDDEN)
            return
        tasks.start("missions-send", self._line.carry("missions-send", self._send_on()))
        while True:  # the page says nothing; reading notices that it has gone
            await self._line.hear()

    async def _may(self) -> bool:
        if self._who.principal is None:
            return False  # a desk has its own socket
        async with self._store.write() as connection:
            whom = Whom(principal=self._who.principal, unit=self._who.unit)
            answer = await ask(connection, self._who, Act.MISSION_LIST, whom, at=self._clock.now())
        return not isinstance(answer, Denied)

    def _wants(self, case: CaseView) -> bool:
        """A case with somebody sent, or one whose mission this page shows and may be over now."""
        return case.principal == self._who.principal and (case.missions > 0 or case.id in self._cases)

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
                    changed = changed or self._who != before
                if changed or not told:
                    told = await self._tell()
                elif now >= beat_at:
                    beat_at = now + BEAT_EVERY
                    if self._feed.fresh:
                        await self._line.say(MissionsBeat(at=clock.now()))
        finally:
            self._feed.unsubscribe(subscription)

    async def _tell(self) -> bool:
        at = self._clock.now()
        try:
            async with self._store.read() as connection:
                missions = await missions_for(connection, self._who, at)
                items = await mission_views(connection, missions, self._who, at)
        except StorageDown:
            await self._clock.sleep(BEAT_EVERY)
            return False
        self._cases = frozenset(one.case for one in missions)
        await self._line.say(MissionsNow(at=at, items=items))
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
