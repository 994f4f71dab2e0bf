"""A page that rings or is rung: the visit's socket (kit/wire/meet.py), and what its person does in a visit."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from clients.simulated.ledger import Ledger, Met
from clients.simulated.schedule import Pace, PlannedVisit
from clients.simulated.session import Refused, Session
from kit.clock import Clock
from kit.tasks import Tasks
from kit.wire.meet import MeetBeat, MeetHello, MeetHere, MeetSeen, MeetState, meet_out
from kit.wire.model import Wire
from kit.wire.visit import VisitView
from kit.wire.words import VisitState

ANSWERED_WITHIN = 50.0  # seconds; the platform itself ends a ring after 45
SEEN_WITHIN = 20.0  # seconds from the answer to the first picture
ENDED_WITHIN = 180.0
FINGER = 0.3  # seconds that nobody answers quicker than
REMEMBERED = 100  # visits


class Page:
    """One open page. `visits` holds the newest of each; `until` waits for one to become something."""

    def __init__(self, session: Session, clock: Clock) -> None:
        self.session = session
        self.visits: dict[str, VisitView] = {}
        self._clock = clock
        self._socket: ClientConnection | None = None
        self._changed = asyncio.Condition()

    @asynccontextmanager
    async def open(self) -> AsyncIterator["Page"]:
        """The page, open for as long as the block lasts; it answers beats and hears changes."""
        tasks = Tasks(self._clock)
        self._socket = await self.session.socket("/meet")
        try:
            await self.say(MeetHello())
            tasks.start("page", self._hear(self._socket))
            yield self
        finally:
            await tasks.close()
            await self._socket.close()

    async def say(self, message: Wire) -> None:
        """Send one message; a socket that is closed is not news here."""
        assert self._socket is not None
        with suppress(ConnectionClosed):
            await self._socket.send(message.model_dump_json())

    async def until(self, within: float, holds: Callable[[VisitView], bool], visit: str | None = None) -> VisitView:
        """The visit, or the first of any, that this holds for. Raises TimeoutError."""
        async with asyncio.timeout(within), self._changed:
            while True:
                for one in self.visits.values():
                    if visit in {None, one.id} and holds(one):
                        return one
                await self._changed.wait()

    async def _hear(self, socket: ClientConnection) -> None:
        with suppress(ConnectionClosed):
            async for text in socket:
                message = meet_out.validate_json(text)
                if isinstance(message, MeetBeat):
                    await self.say(MeetHere())
                    continue
                told = message.visits if isinstance(message, MeetState) else [message.visit]
                async with self._changed:
                    for one in told:
                        self.visits[one.id] = one
                    while len(self.visits) > REMEMBERED:
                        del self.visits[next(iter(self.visits))]
                    self._changed.notify_all()


class AtHome:
    """A resident's tablet: rings, is answered after a while, and is in the visit until it ends."""

    def __init__(self, page: Page, ledger: Ledger, pace: Pace, clock: Clock) -> None:
        self._page = page
        self._ledger = ledger
        self._pace = pace
        self._dice = pace.dice(f"home {page.session.whom}")
        self._clock = clock

    async def live(self, within: float) -> None:
        """Answer every ring for that many seconds."""
        done: set[str] = set()
        with suppress(TimeoutError):
            while True:
                visit = await self._page.until(
                    within, lambda one: one.state is VisitState.RINGING and one.id not in done
                )
                done.add(visit.id)
                await self._page.say(MeetSeen(visit=visit.id))
                await self._clock.sleep(max(FINGER, self._pace.human(self._dice, 1.0, 6.0)))
                with suppress(Refused):  # the caller has hung up meanwhile
                    await self._page.session.ask("POST", f"/visits/{visit.id}/answer")
                    of_ours = (one for one in self._ledger.visits if one.id == visit.id)
                    met = next(of_ours, Met(visit.id, visit.resident))  # somebody of flesh and blood may ring too
                    await be_in(self._page, met, visit.id, self._clock, None)


class Caller:
    """A care worker who rings, waits, speaks and hangs up."""

    def __init__(self, session: Session, ledger: Ledger, clock: Clock) -> None:
        self._session = session
        self._ledger = ledger
        self._clock = clock

    async def visit(self, plan: PlannedVisit) -> None:
        """One whole visit. Raises Refused, TimeoutError, httpx.HTTPError."""
        async with Page(self._session, self._clock).open() as page:
            order: dict[str, object] = {
                "resident": plan.resident.id,
                "kind": "home",
                "legal_basis": "SoL",
                "decision": "SOL-2026-0001",
            }
            answer = await self._session.ask("POST", "/visits", order)
            met = Met(VisitView.model_validate_json(answer.content).id, plan.resident.id)
            self._ledger.visits.append(met)
            try:
                heard = await page.until(ANSWERED_WITHIN, _heard, met.id)
                met.answered = heard.answered_at is not None
                if met.answered:
                    await be_in(page, met, met.id, self._clock, plan.lasts)
            finally:
                await self._session.ask("POST", f"/visits/{met.id}/end")


async def be_in(page: Page, met: Met, visit: str, clock: Clock, lasts: float | None) -> None:
    """Be seen and see, for that many seconds from the first picture, or, with none, until the visit has ended."""
    from clients.simulated.pictures import Legs  # codecs, which gentle life does without

    tasks = Tasks(clock)
    mine = met.resident_side if lasts is None else met.caller_side
    legs = Legs(page.session, visit, mine, tasks)
    try:
        await legs.publish()
        here = await page.until(SEEN_WITHIN, lambda one: _other(one) is not None or one.ended_at is not None, visit)
        other = _other(here)
        if other is not None and here.ended_at is None:
            await legs.subscribe(other)
        if lasts is None:
            await page.until(ENDED_WITHIN, lambda one: one.ended_at is not None, visit)
            return
        waited = 0.0
        while not (met.caller_side.saw_and_heard and met.resident_side.saw_and_heard) and waited < SEEN_WITHIN:
            await clock.sleep(0.1)
            waited += 0.1
        await clock.sleep(lasts)
    finally:
        await legs.close()
        await tasks.close()


def _heard(visit: VisitView) -> bool:
    """Whether the ring is over."""
    return visit.answered_at is not None or visit.ended_at is not None


def _other(visit: VisitView) -> str | None:
    """The other participant, as soon as there is something of that one to see."""
    return next((one.id for one in visit.participants if one.id != visit.me and one.publishing), None)
