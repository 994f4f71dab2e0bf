"""One page's socket (kit/wire/meet.py): the state, then each visit that concerns the page as it changes, and a beat.

The page has a seat while the socket is open, and is heard each second: a line that is cut without a word shows as
silence. The session, and the right to each visit one is calling, are asked about anew every few seconds.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from fastapi import WebSocket, WebSocketDisconnect
from pydantic import ValidationError
from sqlalchemy import or_, select

from kit.clock import Clock
from kit.errors import Refusal, StorageDown
from kit.metrics import gauge
from kit.store import Store
from kit.tasks import Tasks
from kit.wire.meet import MeetBeat, MeetHello, MeetHere, MeetLeave, MeetSeen, MeetState, MeetTrouble, MeetVisit, meet_in
from kit.wire.words import Away, VisitState
from registry.access import Act, Denied, Who, Whom, decide
from registry.grants import grants_of
from registry.look import ask
from registry.session_socket import FORBIDDEN, SESSION_ENDED, BadMessage, Line, WhoNow
from signaling import tables
from signaling.core.shapes import Report, Seen
from signaling.devices import holder_of, ringing_device
from signaling.feed import Subscription, VisitFeed
from signaling.journal import read_visits
from signaling.presence import Presence
from signaling.views import shown, told
from signaling.visits import Visits, whom_of_visit

pages_open = gauge("meet_pages_open", "Pages that can ring or be rung, open on this process")

HELLO_WITHIN = 10.0  # seconds
SILENT_AFTER = 6.0  # seconds without a word from the page
BEAT_EVERY = 1.0  # seconds
RECHECK_EVERY = 5.0  # seconds
COMING = timedelta(hours=24)
LONGEST = 4096  # characters of one message
CLOSED_BY_PAGE = {1000, 1001}  # RFC 6455 §7.4.1: done, or the page went away


@dataclass(frozen=True, slots=True)
class MeetParts:
    """What every meet socket of a process shares."""

    store: Store
    clock: Clock
    feed: VisitFeed
    presence: Presence
    visits: Visits


class MeetSocket:
    """One open, accepted socket. `run` returns when it is closed, from whichever side."""

    def __init__(self, websocket: WebSocket, who: Who, parts: MeetParts, who_now: WhoNow) -> None:
        self._line = Line(websocket, LONGEST)
        self._who = who
        self._parts = parts
        self._who_now = who_now
        self._seat: str | None = None
        self._away = Away.CONNECTION_LOST

    async def run(self) -> None:
        """Greet, pass on what changes, and hear what the page says, until it goes away."""
        tasks = Tasks(self._parts.clock)
        subscription = self._parts.feed.subscribe(holder_of(self._who))
        pages_open.inc()
        try:
            await self._line.carry("meet-hear", self._converse(tasks, subscription))
        finally:
            pages_open.dec()
            self._parts.feed.unsubscribe(subscription)
            await tasks.close()
            if self._seat is not None:
                await self._parts.presence.leave(self._seat, self._away)

    async def _converse(self, tasks: Tasks, subscription: Subscription) -> None:
        try:
            hello = await self._hear(HELLO_WITHIN)
            if not isinstance(hello, MeetHello):
                raise BadMessage
            if not await self._open():
                await self._line.close(FORBIDDEN)
                return
            self._seat = await self._parts.presence.sit(holder_of(self._who))
            await self._greet(hello.resume)
            tasks.start("meet-send", self._line.carry("meet-send", self._send_on(subscription)))
            while True:
                await self._receive()
        except WebSocketDisconnect as gone:
            if gone.code in CLOSED_BY_PAGE:
                self._away = Away.PAGE_CLOSED

    async def _hear(self, at_most: float) -> MeetHello | MeetHere | MeetSeen | MeetTrouble | MeetLeave:
        try:
            return meet_in.validate_json(await self._line.hear(at_most))
        except (ValidationError, RecursionError) as error:
            raise BadMessage from error

    async def _open(self) -> bool:
        """Whether this session may have such a page. It shows names, so opening it is a look."""
        at = self._parts.clock.now()
        async with self._parts.store.write() as connection:
            whom = Whom(principal=self._who.principal, unit=self._who.unit)
            if self._who.device is not None:
                found = await ringing_device(connection, self._who.device)
                if found is None:
                    return False
                whom = Whom(
                    principal=found.principal, resident=found.resident, home=found.home, device=self._who.device
                )
            answer = await ask(connection, self._who, Act.MEET_OPEN, whom, at=at, subject=self._who.device)
        return not isinstance(answer, Denied)

    async def _greet(self, resume: str | None) -> None:
        me, at = holder_of(self._who), self._parts.clock.now()
        live = tables.visit.c.live_key.is_not(None)
        async with self._parts.store.read() as connection:
            if self._who.device is None:
                mine = live & (tables.visit.c.caller == self._who.person)
            else:
                found = await ringing_device(connection, self._who.device)
                # A resident sees who is to call; staff have the list of the day for that.
                soon = (tables.visit.c.state == VisitState.PLANNED) & (tables.visit.c.planned_at < at + COMING)
                mine = (live | soon) & (tables.visit.c.home == (found.home if found is not None else None))
            query = select(tables.visit).where(mine if resume is None else or_(mine, tables.visit.c.id == resume))
            visits = await told(connection, await read_visits(connection, query.order_by(tables.visit.c.planned_at)))
        await self._line.say(MeetState(at=at, visits=[shown(one, me) for one in visits if one.concerns(me)]))

    async def _send_on(self, subscription: Subscription) -> None:
        clock = self._parts.clock
        beat_at = recheck_at = clock.monotonic()
        while True:
            for one in await subscription.take(BEAT_EVERY / 2):
                await self._line.say(MeetVisit(at=clock.now(), visit=shown(one, holder_of(self._who))))
            now = clock.monotonic()
            if now - recheck_at >= RECHECK_EVERY:
                recheck_at = now
                if not await self._recheck():
                    return
            if now - beat_at >= BEAT_EVERY and self._parts.feed.fresh:
                beat_at = now
                await self._line.say(MeetBeat(at=clock.now()))

    async def _recheck(self) -> bool:
        """Whether the session still holds; ends the visits that the caller no longer has a right to."""
        try:
            who = await self._who_now()
            if who is None:
                await self._line.close(SESSION_ENDED)
                return False
            self._who = who
            for visit_id in await self._without_right():
                await self._parts.visits.end_without_right(visit_id)
        except StorageDown:
            pass  # nothing is known to have ended
        return True

    async def _without_right(self) -> list[str]:
        if self._who.device is not None:
            return []
        at = self._parts.clock.now()
        async with self._parts.store.read() as connection:
            calling = (tables.visit.c.caller == self._who.person) & tables.visit.c.live_key.is_not(None)
            visits = await read_visits(connection, select(tables.visit).where(calling))
            if not visits:
                return []
            grants = await grants_of(connection, self._who.person, at)
            return [
                visit.id
                for visit in visits
                if isinstance(
                    decide(self._who, Act.VISIT_JOIN, await whom_of_visit(connection, self._who, visit), grants, at),
                    Denied,
                )
            ]

    async def _receive(self) -> None:
        message = await self._hear(SILENT_AFTER)
        match message:
            case MeetHere():
                pass
            case MeetSeen():
                if self._who.device is not None:
                    await self._parts.visits.note(self._who, message.visit, Seen(self._who.device))
            case MeetTrouble():
                report = Report(holder_of(self._who), tuple(message.trouble))
                await self._parts.visits.note(self._who, message.visit, report)
            case MeetLeave():
                with suppress(Refusal):  # it has ended, or was never this page's
                    await self._parts.visits.end(self._who, message.visit, None)
            case MeetHello():
                raise BadMessage
