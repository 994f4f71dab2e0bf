"""The night itself: devices press, fall silent and come back, operators answer, one closes the lid.

What it begins it ends: alarms are answered and closed, sockets left. Then the platform is asked for everything that it
has stored, and the night is judged.
"""

import asyncio
import secrets
from collections.abc import Coroutine, Mapping
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from typing import Any

import httpx

from clients.simulated.night import county
from clients.simulated.night.book import Back, Book, Lid, Press, Stored, match
from clients.simulated.night.county import Resident, Way
from clients.simulated.night.desk import AWAY, Desk
from clients.simulated.night.devices import Devices, NotTaken
from clients.simulated.night.judge import Promise, judged
from clients.simulated.night.operator import Operator, Supervisor
from clients.simulated.night.plan import Happening, Plan, What
from clients.simulated.night.responder import Responder, Team
from clients.simulated.night.stored import read_cases
from clients.simulated.scaip import Address
from clients.simulated.session import Session, holding
from kit.clock import Clock
from kit.tasks import Tasks
from kit.wire.case import CaseView

READY_WITHIN = 30.0  # seconds
LOOK_EVERY = 0.5
WIND_DOWN = 150.0  # seconds at most, after the last press: a handler who has gone is reminded after a minute
QUIET = 1.5  # seconds without anything open before a night is over
PRESS_AGAIN = (8.0, 20.0)  # seconds of the night in which somebody who hears nothing presses again
OVER_HTTP = 3  # each third operator gives commands over HTTP


class NoPlatform(Exception):
    """There is nobody to play with; a sentence that says what to do."""


@dataclass(frozen=True, slots=True)
class Doors:
    """Where the platform is reached, and the tokens of who takes part: people by id, HTTP devices by id."""

    url: str
    udp: Address
    tcp: Address
    people: Mapping[str, str]
    devices: Mapping[str, str]


@dataclass(slots=True)
class Played:
    """What came of a night."""

    plan: Plan
    book: Book
    stored: Stored
    promises: list[Promise] = field(default_factory=list)

    @property
    def kept(self) -> bool:
        """Whether no promise was broken; what was not put to the test broke none."""
        return all(promise.holds is not False for promise in self.promises)


class Night:
    """One performance. `book` and `phase` may be looked at while it runs."""

    def __init__(self, plan: Plan, doors: Doors, clock: Clock) -> None:
        self.plan = plan
        self.book = Book(clock.now())
        self.phase = "Sitting down"
        self._doors = doors
        self._clock = clock
        self._run = secrets.token_hex(3)  # references are new each time, however the dice fall
        self._count = 0
        self._began = clock.monotonic()
        self._tasks = Tasks(clock)
        self._acts: set[asyncio.Task[None]] = set()
        self._devices = Devices(doors, clock)
        self._operators: list[Operator] = []
        self._supervisor: Supervisor | None = None
        self._teams: dict[county.Area, Team] = {}

    async def play(self, stop: asyncio.Event) -> Played:
        """All of it; `stop` ends it early. Raises NoPlatform."""
        async with AsyncExitStack() as stack:
            stack.push_async_callback(self._devices.close)
            stack.push_async_callback(self._tasks.close)
            try:
                watching = await self._sit_down(stack)
                await self._devices.open()
            except (*AWAY, NotTaken) as error:
                raise NoPlatform(f"The night's people could not sit down at {self._doors.url}: {error}.") from error
            self.phase = "The night"
            self._began = self._clock.monotonic()
            self.book.began = self._clock.now()
            throughout = [self._tasks.start("look", self._look())]
            throughout += [self._tasks.start(f"heartbeats {way}", self._beat(way)) for way in Way]
            playing = [
                self._tasks.start("happenings", self._perform()),
                self._tasks.start("mast", self._mast()),
                self._tasks.start("lid", self._lid()),
                self._tasks.start("nap", self._nap()),
            ]
            with suppress(TimeoutError):
                async with asyncio.timeout(self.plan.seconds):
                    await stop.wait()
            for task in playing:
                task.cancel()
            self._mast_is_back()
            self.phase = "Bringing all to an end"
            await self._wind_down(stop)
            for task in throughout:
                task.cancel()
            self.phase = "Reading what is stored"
            stored = await read_cases(watching, self.book.began, self._clock)
        match(self.book, stored)
        return Played(self.plan, self.book, stored, judged(self.plan, self.book, stored))

    def at(self) -> float:
        """Real seconds since the start."""
        return self._clock.monotonic() - self._began

    def waiting(self) -> tuple[int, float]:
        """How many alarms nobody has taken, and for how long the oldest (seconds)."""
        last = self.book.samples[-1:]
        return (last[0].waiting, last[0].oldest) if last else (0, 0.0)

    async def _sit_down(self, stack: AsyncExitStack) -> Session:
        names = county.operators(self.plan.operators)
        sessions = {}
        for whom, token in self._doors.people.items():
            sessions[whom] = holding(self._doors.url, whom, token)
            stack.push_async_callback(sessions[whom].close)
        for nth, whom in enumerate(names, 1):
            desk = Desk(sessions[whom], self._clock, over_http=nth % OVER_HTTP == 0)
            self._operators.append(Operator(desk, self.book, self.plan, self._clock))
        watching = Desk(sessions[county.SUPERVISOR], self._clock, tell=self._shown)
        self._supervisor = Supervisor(watching, self.book, self.plan, self._clock)
        self._supervisor.staff = frozenset({*names, county.SUPERVISOR})
        everybody = [*self._operators, self._supervisor]
        for operator in everybody:
            self._tasks.start(operator.desk.whom, self._noted(operator.desk.whom, operator.work()))
        for area in county.areas():
            team = self._teams[area] = Team()
            for whom in county.responders(area, self.plan.responders):
                responder = Responder(sessions[whom], team, self.book, self.plan.pace, self._clock)
                self._tasks.start(whom, self._noted(whom, responder.work()))
        async with asyncio.timeout(READY_WITHIN):
            for operator in everybody:
                await operator.desk.greeted.wait()
        return sessions[county.SUPERVISOR]

    async def _perform(self) -> None:
        """Begin each happening at its time."""
        for one in self.plan.happenings:
            await self._clock.sleep(max(0.0, one.at - self.at()))
            self.book.behind = max(self.book.behind, self.at() - one.at)
            self._act(one.resident.id, self._happen(one))

    async def _happen(self, one: Happening) -> None:
        """Send it, and see it stored. What concerns a person is written down as a press."""
        reference = self._reference()
        self.book.count(self.book.sent, one.what)
        press = None
        if one.what in {What.PRESS, What.FALL, What.CANCEL}:
            press = Press(reference, one.resident, one.what, self.at(), self._devices.silent(one.resident))
            self.book.presses.append(press)
        await self._devices.air(one.resident)
        if press is not None:
            press.sent, press.sent_at = self._clock.now(), self.at()
        await self._devices.send(one.resident, one.what, reference)
        self.book.count(self.book.stored, one.what)
        if press is not None:
            press.stored_at = self.at()

    async def _beat(self, way: Way) -> None:
        """Every device of that kind says that it lives once in each interval, evenly over it."""
        people, every = [one for one in self.plan.people if one.way is way], self.plan.beat_every[way]
        nth = 0
        while True:
            due = int(self.at() / every * len(people))
            for number in range(nth, due):
                one = people[number % len(people)]
                if not self._devices.silent(one):
                    self._tasks.start("heartbeat", self._noted(one.id, self._heartbeat(one)))
            nth = due
            await self._clock.sleep(LOOK_EVERY / 10)

    async def _heartbeat(self, one: Resident) -> None:
        self.book.count(self.book.sent, What.HEARTBEAT)
        await self._devices.send(one, What.HEARTBEAT, self._reference())
        self.book.count(self.book.stored, What.HEARTBEAT)

    async def _mast(self) -> None:
        """All devices of one area are silent for a while, and then all come back at once."""
        mast = self.plan.mast
        await self._clock.sleep(max(0.0, mast.fails_at - self.at()))
        around = [one for one in self.plan.people if one.area == mast.area]
        self.book.back = Back(mast.area.name, len(around), self.at(), mast.back_at)
        self._devices.mast_fails(mast.area)
        await self._clock.sleep(max(0.0, mast.back_at - self.at()))
        self._mast_is_back()

    def _mast_is_back(self) -> None:
        """Every device there says at once that it lives, and what was pressed meanwhile is sent."""
        mast, back = self.plan.mast, self.book.back
        around = [one for one in self.plan.people if one.area == mast.area]
        if back is None or not self._devices.silent(around[0]):
            return
        back.back_at = self.at()
        self._devices.mast_is_back(mast.area)
        for one in around:
            self._act(one.id, self._come_back(one, back))

    async def _come_back(self, one: Resident, back: Back) -> None:
        await self._heartbeat(one)
        back.answered += 1
        back.slowest = max(back.slowest, self.at() - back.back_at)

    async def _lid(self) -> None:
        """One operator closes the lid in the middle of the next alarm."""
        if self.plan.lid_at is not None:
            await self._clock.sleep(max(0.0, self.plan.lid_at - self.at()))
            self._operators[0].close_the_lid(self._lid_closed)

    async def _nap(self) -> None:
        """One area's team sleeps."""
        if self.plan.nap is not None:
            await self._clock.sleep(max(0.0, self.plan.nap.at - self.at()))
            self._teams[self.plan.nap.area].asleep = True

    def _lid_closed(self, lid: Lid) -> None:
        lid.at = self.at()
        self.book.lid = lid
        left = next((one for one in self.plan.people if one.id == lid.resident), None)
        if left is not None:
            self._act(left.id, self._nobody_speaks(left, lid))

    async def _nobody_speaks(self, one: Resident, lid: Lid) -> None:
        """Whoever was being spoken to hears nothing more, and presses again."""
        dice = self.plan.pace.dice("lid")
        await self._clock.sleep(self.plan.pace.human(dice, *PRESS_AGAIN))
        lid.pressed_again_at = self.at()
        await self._happen(Happening(self.at(), one, What.PRESS))

    def _shown(self, case: CaseView) -> None:
        self.book.shown.setdefault(case.id, self.at())

    async def _look(self) -> None:
        """How the queue stands, twice a second, as the supervisor sees it."""
        assert self._supervisor is not None
        while True:
            cases = list(self._supervisor.desk.cases.values())
            self.book.look(cases, self._clock.now(), self.at())
            await self._clock.sleep(LOOK_EVERY)

    async def _wind_down(self, stop: asyncio.Event) -> None:
        """Until everything sent is stored and nothing is open, or the time is up."""
        assert self._supervisor is not None
        ends = self._clock.monotonic() + (WIND_DOWN if not stop.is_set() else WIND_DOWN / 10)
        quiet = 0.0
        while self._clock.monotonic() < ends and quiet < QUIET:
            busy = bool(self._acts) or bool(self._supervisor.desk.cases)
            quiet = 0.0 if busy else quiet + LOOK_EVERY
            await self._clock.sleep(LOOK_EVERY)

    def _reference(self) -> str:
        self._count += 1
        return f"{self._run}{self._count:x}"

    def _act(self, who: str, work: Coroutine[Any, Any, None]) -> None:
        task = self._tasks.start("night", self._noted(who, work))
        self._acts.add(task)
        task.add_done_callback(self._acts.discard)

    async def _noted(self, who: str, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except (NotTaken, httpx.HTTPError, *AWAY) as error:
            self.book.faults.append(f"{who}: {type(error).__name__} {error}".strip())
        except Exception as error:
            self.book.faults.append(f"{who}: {type(error).__name__}")
            raise  # a bug of ours: logged by whoever owns the task
