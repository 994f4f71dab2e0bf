"""What the simulated people saw of a night: the only thing, with what is stored, that promises are judged by.

Moments are real seconds from the start; `sent` is on the wall clock, because the platform's own times are.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from clients.simulated.night.county import Resident
from clients.simulated.night.plan import ALARMS, What
from kit.wire.case import CaseDetail, CaseView
from kit.wire.words import CaseKind, CaseState

SOON = 60.0  # seconds
OVERDUE = 10.0  # seconds that a step may be late: deadlines act within two


@dataclass(slots=True)
class Press:
    """Something that a device sent for a person. `cases` are those on which it was found at the end.

    `held` was pressed while the mast was dead; `sent` is when it went out.
    """

    reference: str
    resident: Resident
    what: What
    at: float
    held: bool
    sent: datetime | None = None
    sent_at: float = 0.0
    stored_at: float | None = None
    cases: list[str] = field(default_factory=list)

    @property
    def alarm(self) -> bool:
        """Whether it needs a human; a cancel does not."""
        return self.what in ALARMS


@dataclass(frozen=True, slots=True)
class Sample:
    """How things stood: alarms that nobody has taken, for how long the oldest, and how many somebody has."""

    at: float
    waiting: int
    oldest: float
    in_hand: int


@dataclass(slots=True)
class Lid:
    """The operator who closed the lid, with that case in hand."""

    operator: str
    case: str
    resident: str
    at: float
    pressed_again_at: float | None = None


@dataclass(slots=True)
class Back:
    """The dead mast's area: how many came back, how many were answered, and the slowest (seconds)."""

    area: str
    devices: int
    fails_at: float
    back_at: float
    answered: int = 0
    slowest: float = 0.0


@dataclass(slots=True)
class Book:
    """Written by everybody who takes part."""

    began: datetime
    presses: list[Press] = field(default_factory=list)
    samples: list[Sample] = field(default_factory=list)
    shown: dict[str, float] = field(default_factory=dict)
    """When each case first stood on the supervisor's desk."""
    stepless: set[str] = field(default_factory=set)
    """Open cases that were seen without a next step, or with one long past."""
    sent: dict[What, int] = field(default_factory=dict)
    stored: dict[What, int] = field(default_factory=dict)
    taken_by_other: int = 0
    behind: float = 0.0
    """How many seconds late the latest happening was begun: a crowded machine simulates late."""
    faults: list[str] = field(default_factory=list)
    lid: Lid | None = None
    back: Back | None = None
    cases: dict[str, CaseView] = field(default_factory=dict)
    """As the supervisor's desk showed each last."""

    looked_at: datetime | None = None

    @property
    def answered_soon(self) -> float:
        """Of the alarms seen so far that are taken or a minute old: what share was taken within it."""
        if self.looked_at is None:
            return 1.0
        ends = [(case.taken_at, (self.looked_at - case.raised_at).total_seconds()) for case in self.cases.values()]
        soon = sum(
            case.taken_at is not None and (case.taken_at - case.raised_at).total_seconds() <= SOON
            for case in self.cases.values()
        )
        decided = sum(taken is not None or age > SOON for taken, age in ends)
        return soon / decided if decided else 1.0

    def count(self, counts: dict[What, int], what: What) -> None:
        """One more."""
        counts[what] = counts.get(what, 0) + 1

    def look(self, cases: Sequence[CaseView], now: datetime, at: float) -> None:
        """How the queue stands on a desk."""
        people = [case for case in cases if case.kind is CaseKind.PERSON]
        waits = [(now - case.raised_at).total_seconds() for case in people if case.state is CaseState.QUEUED]
        in_hand = sum(case.state is CaseState.TAKEN for case in people)
        self.samples.append(Sample(at, len(waits), max(waits, default=0.0), in_hand))
        self.looked_at = now
        self.cases |= {case.id: case for case in people if case.raised_at >= self.began}
        for case in cases:
            late = case.next_step_at is None or (now - case.next_step_at).total_seconds() > OVERDUE
            if late and case.raised_at >= self.began:
                self.stepless.add(case.id)


@dataclass(frozen=True, slots=True)
class Stored:
    """What the platform itself says at the end: every case raised since the start, and which are open."""

    cases: Sequence[CaseDetail]
    at: datetime

    @property
    def alarms(self) -> list[CaseDetail]:
        """Cases of persons."""
        return [case for case in self.cases if case.kind is CaseKind.PERSON]


def match(book: Book, stored: Stored) -> None:
    """Note for each press on which cases it is."""
    on: dict[str, list[str]] = {}
    for case in stored.cases:
        for signal in case.signals:
            on.setdefault(signal.reference, []).append(case.id)
    for press in book.presses:
        press.cases = on.get(press.reference, [])


def answered(book: Book, stored: Stored) -> dict[str, float]:
    """Seconds from the first press sent until somebody took the case, for each case of ours; inf when nobody has."""
    first: dict[str, datetime] = {}
    for press in book.presses:
        if press.sent is not None and press.alarm:
            for case in press.cases:
                first[case] = min(first.get(case, press.sent), press.sent)
    taken = {case.id: case.taken_at for case in stored.alarms}
    return {
        case: (at - sent).total_seconds() if (at := taken.get(case)) else float("inf")
        for case, sent in first.items()
        if case in taken
    }
