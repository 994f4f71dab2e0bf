"""People at the desks: operators who take the most urgent oldest, and the supervisor who is asked when nobody does.

An operator looks, takes, reads, talks, writes, and closes with cause and measure; one alarm in eight is set on hold
until a call-back. What a colleague took first is the colleague's. Faults of things are seen to when no person waits.
"""

import math
from collections.abc import Callable
from datetime import datetime
from random import Random

from clients.simulated.night.book import Book, Lid
from clients.simulated.night.desk import AWAY, Desk
from clients.simulated.night.plan import Plan
from kit.clock import Clock
from kit.tasks import Tasks
from kit.wire.case import CaseView
from kit.wire.desk import Act, Close, Dispatch, Hold, Note, Read, Refused, Resume, Take, TakeOver
from kit.wire.handling import Call, CallResult, CallTo, Tick
from kit.wire.words import CaseKind, CaseState, Cause, Measure, NobodyReason, Reason

LOOK_EVERY = 0.05  # seconds
GLANCE, LISTEN, TALK, WRITE, CALL_BACK = (2.0, 12.0), (10.0, 40.0), (30.0, 110.0), (10.0, 40.0), (60.0, 240.0)
"""Seconds of the night. Of a thing's fault one only writes."""
HOLDS = 0.12
TICKED = 2  # steps of a case, before one speaks
READ_AGAIN = 8  # presses that may come while a case is being closed
COLLEAGUES = frozenset({"not_yours", "taken", "closed"})
ASKED = 2  # the escalation at which the supervisor is asked

NOTES = (
    "Svarar, låter lugn.", "Har ringt upp och pratat en stund.", "Vill ha hjälp upp ur stolen.", "Råkade trycka.",
    "Har svårt att sova, vi pratade.", "Ringer dottern i morgon.",
)  # fmt: skip
ENDINGS = (
    (Cause.WORRY, Measure.SPOKE),
    (Cause.HELP_NEEDED, Measure.STAFF_SENT),
    (Cause.MISTAKE, Measure.NONE_NEEDED),
    (Cause.TOILET, Measure.STAFF_SENT),
    (Cause.PAIN, Measure.SPOKE),
)


class Operator:
    """Somebody at a desk. `overlooked` tells which residents' alarms are left until the platform has insisted."""

    def __init__(self, desk: Desk, book: Book, plan: Plan, clock: Clock) -> None:
        self.desk = desk
        pace = plan.pace
        self._book = book
        self._pace = pace
        self._clock = clock
        self._overlooked = plan.overlooked
        self._sends = plan.sent
        self._sent: set[str] = set()  # cases to which somebody is under way
        self._dice: Random = pace.dice(desk.whom)
        self._aside: dict[str, float] = {}  # cases on hold, and when they are gone on with
        self._lid: Callable[[Lid], None] | None = None
        self._gone = False

    def close_the_lid(self, tell: Callable[[Lid], None]) -> None:
        """In the middle of the next alarm; `tell` hears of which."""
        self._lid = tell

    async def work(self) -> None:
        """Until the lid is closed, or for ever."""
        tasks = Tasks(self._clock)
        tasks.start("desk", self.desk.stay_open())
        try:
            while not self._gone:
                await self.desk.greeted.wait()
                if not await self._next():
                    await self._clock.sleep(LOOK_EVERY)
        finally:
            await tasks.close()

    async def _next(self) -> bool:
        """Do what comes first; whether there was anything, and an answer."""
        case = self._first()
        if case is None:
            return False
        try:
            await self._handle(case)
        except AWAY:
            return False  # a command whose answer did not come is given again at the next look
        return True

    def _first(self) -> CaseView | None:
        now = self._clock.monotonic()
        mine = [case for case in self.desk.cases.values() if case.handler == self.desk.whom]
        due = [case for case in mine if self._due(case, now)]
        if due:
            return min(due, key=_urgency)
        return min(filter(self._takes, self.desk.cases.values()), key=_urgency, default=None)

    def _due(self, case: CaseView, now: float) -> bool:
        """Whether a case of one's own needs something: a responder is waited for, and so is a call-back."""
        if case.missions:
            return case.unread > 0
        # A press wakes a case from hold, and whoever has it is there at once.
        return case.held_until is None or self._aside.get(case.id, -math.inf) <= now

    def _takes(self, case: CaseView) -> bool:
        if case.state is not CaseState.QUEUED or case.reason is Reason.MANY_SILENT:
            return False  # an incident is for the technicians, and ends by itself when its devices are back
        return case.escalation >= self._overlooked.get(case.resident or "", 0)

    async def _handle(self, case: CaseView) -> None:
        if case.handler != self.desk.whom and not await self._take(case):
            return
        if case.missions:
            await self._pause(WRITE)  # phones who was sent, or who is there
            await self.desk.do(case.id, Read())
            return
        self._aside.pop(case.id, None)
        if case.held_until is not None:
            await self.desk.do(case.id, Resume())  # refused when a press has woken it
        elif case.kind is CaseKind.PERSON and case.id not in self._sent:
            await self._speak(case)
            if self._gone:
                return
        await self._write(case, Note(text=self._dice.choice(NOTES)))
        if case.id not in self._sent and await self._send_somebody(case):
            return
        if (
            case.kind is CaseKind.PERSON
            and case.held_until is None
            and case.id not in self._sent
            and self._dice.random() < HOLDS
        ):
            await self.desk.do(case.id, Read())
            rests = self._seconds(CALL_BACK)
            if not isinstance(await self.desk.do(case.id, Hold(minutes=1 + int(rests // 60))), Refused):
                self._aside[case.id] = self._clock.monotonic() + rests
                return
        await self._pause(WRITE)
        await self._close(case)

    async def _speak(self, case: CaseView) -> None:
        """Read who it is and what to do, listen, tick what is done first, speak, and write the call down."""
        detail, refused = await self.desk.look_up(case)
        self._book.faults += [f"{self.desk.whom}: {one}" for one in refused]
        await self._pause(LISTEN)
        if self._lid is not None and not self._aside:
            self._gone = True
            self.desk.close_the_lid()
            self._lid(Lid(self.desk.whom, case.id, case.resident or "", self._clock.monotonic()))
            return
        for step in [] if detail is None else [one for one in detail.steps if one.ticked_at is None][:TICKED]:
            await self._write(case, Tick(step=step.id, done=True))
        await self._pause(TALK)
        await self._write(case, Call(to=CallTo.RESIDENT, result=CallResult.ANSWERED))

    async def _send_somebody(self, case: CaseView) -> bool:
        """Whether somebody of the resident's own area is sent."""
        if case.person is None or case.kind is not CaseKind.PERSON or case.person.id not in self._sends:
            return False
        await self.desk.do(case.id, Read())
        answer = await self.desk.do(case.id, Dispatch(unit=case.person.unit, note="Behöver hjälp på plats."))
        if isinstance(answer, Refused):
            self._refused("sending somebody", answer.code)
            return False
        self._sent.add(case.id)
        return True

    async def _take(self, case: CaseView) -> bool:
        await self._pause(GLANCE)
        now = self.desk.cases.get(case.id)
        if now is None or now.state is not CaseState.QUEUED:
            return False
        answer = await self.desk.do(case.id, Take(seen=now.version))
        self._book.taken_by_other += isinstance(answer, Refused)
        return not isinstance(answer, Refused)

    async def _close(self, case: CaseView) -> None:
        cause, measure = self._dice.choice(ENDINGS)
        nobody = None
        if case.kind is CaseKind.TECHNICAL:
            cause, measure, nobody = Cause.TECHNICAL_FAULT, Measure.REPORTED_TECHNICAL, NobodyReason.DEVICE_ONLY
        for _ in range(READ_AGAIN):
            answer = await self.desk.do(case.id, Close(cause=cause, measure=measure, nobody=nobody))
            if not isinstance(answer, Refused):
                return
            if answer.code == "mission_open":
                return  # somebody is on the way: closed when they are done
            if answer.code != "unread_signal":
                self._refused("closing", answer.code)
                return
            await self.desk.do(case.id, Read())

    async def _write(self, case: CaseView, act: Act) -> None:
        """What whoever has the case can always write down."""
        answer = await self.desk.do(case.id, act)
        if isinstance(answer, Refused):
            self._refused(act.act, answer.code)

    def _refused(self, what: str, code: str) -> None:
        """What a colleague has taken over is the colleague's; anything else should have been possible."""
        if code in COLLEAGUES:
            self._book.taken_by_other += 1
        else:
            self._book.faults.append(f"{self.desk.whom}: {what} was refused: {code}")

    async def _pause(self, span: tuple[float, float]) -> None:
        await self._clock.sleep(self._seconds(span))

    def _seconds(self, span: tuple[float, float]) -> float:
        return self._pace.human(self._dice, *span)


class Supervisor(Operator):
    """Takes only what the platform has asked the supervisor about, and what people of an earlier night have left."""

    staff: frozenset[str] = frozenset()

    def _takes(self, case: CaseView) -> bool:
        if case.reason is Reason.MANY_SILENT:
            return False
        if case.handler is not None and case.handler not in self.staff:
            return True
        return case.escalation >= ASKED and (case.handler is None or case.handler not in self.desk.on)

    async def _take(self, case: CaseView) -> bool:
        await self._pause(GLANCE)
        now = self.desk.cases.get(case.id)
        if now is None or not self._takes(now):
            return False  # somebody was quicker
        answer = await self.desk.do(case.id, Take() if now.handler is None else TakeOver())
        self._book.taken_by_other += isinstance(answer, Refused)
        return not isinstance(answer, Refused)


def _urgency(case: CaseView) -> tuple[bool, int, datetime]:
    """The queue's own order: persons before things, then priority, then the oldest."""
    return case.kind is CaseKind.TECHNICAL, case.priority, case.raised_at
