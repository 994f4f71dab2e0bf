"""The scenario `demo`: some residents, two operators, four care workers and five doors, for some minutes.

Everything it begins it ends: visits are hung up, cases closed, sockets left, and what was seen is judged at the end.
"""

import asyncio
import secrets
from collections.abc import Callable, Coroutine, Iterable, Iterator
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from typing import Any, TypeVar

import httpx
from websockets.exceptions import WebSocketException

from clients.simulated import scaip, schedule
from clients.simulated.cast import EVERYBODY, OPERATORS, SUPERVISOR, Resident, residents
from clients.simulated.ledger import Ledger, Press
from clients.simulated.lock import Lock
from clients.simulated.meet import AtHome, Caller, Page
from clients.simulated.operator import Operator
from clients.simulated.promises import Promise, judged
from clients.simulated.schedule import Pace, PlannedPress, PlannedVisit, Way
from clients.simulated.session import Refused, Session, be
from clients.simulated.tracker import TRACKER, Tracker
from kit.clock import Clock
from kit.tasks import Tasks
from kit.wire.case import CaseDetail, CaseView
from kit.wire.visit import VisitDetail

REACHED_WITHIN = 5.0  # seconds
READY_WITHIN = 30.0
WIND_DOWN = 60.0  # seconds at most, after the last press
BEAT_EVERY = 120.0  # seconds; the alarms' model says 300
MOST_VISITS = 2  # at once: each costs two encoders and two decoders
AWAY = (OSError, httpx.HTTPError, WebSocketException, TimeoutError, Refused, scaip.NotTold)

P = TypeVar("P", PlannedPress, PlannedVisit)


class NoPlatform(Exception):
    """There is nobody to play with; a sentence that says what to do."""


@dataclass(frozen=True, slots=True)
class Order:
    """What to play, and where. `sip` is none to press over HTTP alone, `mqtt` the broker's URL, empty for none."""

    url: str
    sip: scaip.Address | None
    mqtt: str
    minutes: float
    residents: int
    pace: Pace


@dataclass(slots=True)
class Played:
    """What came of it."""

    ledger: Ledger
    promises: list[Promise] = field(default_factory=list)

    @property
    def kept(self) -> bool:
        """Whether every promise was."""
        return all(promise.holds for promise in self.promises)


class Demo:
    """One performance. `ledger` may be looked at while it runs."""

    def __init__(self, order: Order, clock: Clock) -> None:
        self.ledger = Ledger()
        self.phase = "Waiting for the platform"
        self._order = order
        self._clock = clock
        self._cast = residents(order.residents, gentle=order.pace.gentle)
        self._people = (SUPERVISOR,) if order.pace.gentle else OPERATORS
        self._run = secrets.token_hex(3)  # references are new each time, however the dice fall
        self._tasks = Tasks(clock)
        self._busy: set[str] = set()
        self._sessions: dict[str, Session] = {}
        self._parts: dict[str, bool] = {}
        self._operators: list[Operator] = []
        self._acts: set[asyncio.Task[None]] = set()
        self._pressed: set[str] = set()

    async def play(self, stop: asyncio.Event) -> Played:
        """All of it; `stop` ends it early. Raises NoPlatform."""
        async with AsyncExitStack() as stack:
            stack.push_async_callback(self._tasks.close)
            try:
                await self._begin(stack)
            except AWAY as error:
                raise NoPlatform(f"The demonstration at {self._order.url} could not be joined: {error}.") from error
            self.phase = "Playing"
            began = self._clock.monotonic()
            last = self._order.minutes * 60
            pressing = self._tasks.start("presses", self._perform(began, last, self._presses(), self._press))
            visiting = self._tasks.start("visits", self._perform(began, last, self._visits(), self._visit))
            beating = self._tasks.start("heartbeats", self._beat_on())
            with suppress(TimeoutError):
                async with asyncio.timeout(last):
                    await stop.wait()
            for task in (pressing, visiting, beating):
                task.cancel()
            if self._order.pace.gentle:
                return Played(self.ledger)
            self.phase = "Bringing all to an end"
            await self._wind_down(stop)
            self.phase = "Looking at what is stored"
            promises = await self._judge()
        return Played(self.ledger, promises)

    async def _begin(self, stack: AsyncExitStack) -> None:
        await self._ready()
        gentle = self._order.pace.gentle
        workers = [] if gentle else sorted({worker for one in self._cast for worker in one.workers})
        for whom in (*self._people, *workers, *(one.id for one in self._cast)):
            self._sessions[whom] = await be(self._order.url, whom)
            stack.push_async_callback(self._sessions[whom].close)
        if gentle:
            carried = await be(self._order.url, TRACKER)
            stack.push_async_callback(carried.close)
            self._act(TRACKER, Tracker(carried, self._clock).live())
        locks = self._locks(stack)
        for person in self._people:
            operator = Operator(self._sessions[person], self.ledger, self._order.pace, self._clock, self._mine)
            operator.locks = locks
            self._operators.append(operator)
            self._act(person, operator.sit())
        async with asyncio.timeout(READY_WITHIN):
            for operator in self._operators:
                await operator.at_desk()
                if gentle:
                    self._pressed |= {one.id for one in self._cast if self.ledger.has_open(one.id)}
                    operator.adopt()
        if not gentle:
            for one in self._cast:
                page = await stack.enter_async_context(Page(self._sessions[one.id], self._clock).open())
                within = self._order.minutes * 60 + WIND_DOWN
                self._act(one.id, AtHome(page, self.ledger, self._order.pace, self._clock).live(within))

    async def _ready(self) -> None:
        began, within = self._clock.monotonic(), REACHED_WITHIN
        async with httpx.AsyncClient(base_url=self._order.url, timeout=5, trust_env=False) as client:
            while True:
                with suppress(httpx.HTTPError, ValueError):
                    answer = await client.get("/readyz")
                    within = READY_WITHIN  # somebody is there, and may still be starting
                    self._parts = answer.json()
                    if answer.status_code == 200 and (self._parts.get("relay") or self._order.pace.gentle):
                        break
                if self._clock.monotonic() - began > within:
                    raise NoPlatform(
                        f"No whole platform answers at {self._order.url}. Start one with: nattljus run --demo"
                    )
                await self._clock.sleep(0.5)
            if (await client.get("/api/v1/demo/people")).status_code != 200:
                raise NoPlatform("The platform has no demonstration data. Start it with: nattljus run --demo")

    def _locks(self, stack: AsyncExitStack) -> dict[str, str]:
        """The locks that are played, by resident: none unless the platform has a broker, and we know which.

        In gentle life every door of the demonstration has its lock, for people of flesh and blood to open.
        """
        gentle = self._order.pace.gentle
        if not self._order.mqtt or not (gentle or self._parts.get("mqtt")):
            return {}
        played: dict[str, str] = {}
        for one in residents(EVERYBODY, gentle=False) if gentle else self._cast:
            if one.lock is not None:
                lock = Lock(one, self._order.mqtt)
                lock.start(patient=gentle)
                stack.callback(lock.stop)
                played[one.id] = lock.id
        return {} if gentle else played

    def _mine(self, case: CaseView) -> bool:
        """Whether a case is for simulated hands: raised by a press of ours."""
        return case.resident in self._pressed

    def _presses(self) -> Iterator[PlannedPress]:
        return schedule.presses(self._cast, self._order.pace)

    def _visits(self) -> Iterator[PlannedVisit]:
        return schedule.visits(self._cast, self._order.pace)

    async def _perform(
        self, began: float, last: float, plans: Iterator[P], act: Callable[[P], Coroutine[Any, Any, None]]
    ) -> None:
        """Begin each plan at its time, until the time is up."""
        for plan in plans:
            if plan.at >= last:
                return
            await self._clock.sleep(max(0.0, began + plan.at - self._clock.monotonic()))
            self._act(plan.resident.id, act(plan))

    def _act(self, who: str, work: Coroutine[Any, Any, None]) -> None:
        task = self._tasks.start(who, self._noted(who, work))
        self._acts.add(task)
        task.add_done_callback(self._acts.discard)

    async def _noted(self, who: str, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except AWAY as error:
            self.ledger.faults.append(f"{who}: {type(error).__name__} {error}".strip())
        except Exception as error:
            self.ledger.faults.append(f"{who}: {type(error).__name__}")
            raise  # a bug of ours: logged by whoever owns the task

    async def _press(self, plan: PlannedPress) -> None:
        one = plan.resident
        if self._order.pace.gentle and self.ledger.has_open(one.id):
            return  # somebody is on it
        reference = f"{self._run}{len(self.ledger.presses):x}{secrets.token_hex(2)}"
        self._pressed.add(one.id)
        way = plan.way if self._order.sip is not None else Way.HTTP
        press = self.ledger.press(reference, one.id, way, self._clock.monotonic())
        if way is Way.SCAIP and self._order.sip is not None:
            await scaip.press(self._clock, self._order.sip, one.account, reference)
        else:
            await self._press_tablet(one, reference)
        press.acknowledged_at = self._clock.monotonic()

    async def _press_tablet(self, one: Resident, reference: str) -> None:
        event: dict[str, object] = {
            "specversion": "1.0",
            "id": reference,
            "source": one.app,
            "type": "nattljus.alarm.pressed",
        }
        await self._sessions[one.id].ask("POST", "/device/events", event)

    async def _beat_on(self) -> None:
        """The alarms' heartbeats, spread over their interval: without them the platform would call them lost."""
        if self._order.sip is None:
            return
        while True:
            for one in self._cast:
                with suppress(*AWAY):  # the next one comes soon enough
                    reference = f"{self._run}b{secrets.token_hex(4)}"
                    await scaip.beat(self._clock, self._order.sip, one.account, reference)
                await self._clock.sleep(BEAT_EVERY / len(self._cast))

    async def _visit(self, plan: PlannedVisit) -> None:
        taken = {plan.worker, plan.resident.id}
        if self._busy & taken or len(self._busy) >= 2 * MOST_VISITS:
            return
        self._busy |= taken
        try:
            await Caller(self._sessions[plan.worker], self.ledger, self._clock).visit(plan)
        finally:
            self._busy -= taken

    async def _wind_down(self, stop: asyncio.Event) -> None:
        """Until nobody speaks, every press is answered and every case closed, or the time is up."""
        for operator in self._operators:
            operator.hurry = True
        ends = self._clock.monotonic() + (WIND_DOWN if not stop.is_set() else WIND_DOWN / 4)
        while self._clock.monotonic() < ends:
            waiting = any(press.acknowledged_at is None for press in self.ledger.presses)
            if not waiting and not self._busy and not any(operator.left for operator in self._operators):
                return
            await self._clock.sleep(0.2)

    async def _judge(self) -> list[Promise]:
        operator = self._sessions[self._people[0]]
        ids = [case.id for case in self.ledger.cases.values() if self._mine(case)]
        details = []
        for case in ids:
            with suppress(*AWAY):
                details.append(CaseDetail.model_validate_json((await operator.ask("GET", f"/cases/{case}")).content))
        stored = {signal.reference for case in details for signal in case.signals}
        for press in self.ledger.presses:
            press.on_case = press.reference in stored
        for met in self.ledger.visits:
            caller = next(worker for one in self._cast if one.id == met.resident for worker in one.workers)
            with suppress(*AWAY):
                answer = await self._sessions[caller].ask("GET", f"/visits/{met.id}")
                visit = VisitDetail.model_validate_json(answer.content)
                met.state, met.outcome = visit.state, visit.outcome
        ours = [case for case in details if _raised_by(case, self.ledger.presses)]
        return judged(
            self.ledger, ours, self._people, visits=True, doors=bool(self._operators and self._operators[0].locks)
        )


def _raised_by(case: CaseDetail, presses: Iterable[Press]) -> bool:
    """Whether its first alarm was one of these presses: what was open before is not ours to answer for."""
    references = {press.reference for press in presses}
    return bool(case.signals) and case.signals[0].reference in references
