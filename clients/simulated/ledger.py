"""What the simulated people saw: the only thing that promises are judged by. Moments are the clock's monotonic seconds.

Each list keeps the newest ten thousand, so that life may go on for weeks.
"""

from collections import deque
from dataclasses import dataclass, field

from clients.simulated.schedule import Way
from kit.wire.case import CaseView
from kit.wire.words import VisitOutcome, VisitState

MOST = 10_000


@dataclass(slots=True)
class Press:
    """One press. `before` is how many presses each case of the resident had when it was made."""

    reference: str
    resident: str
    way: Way
    pressed_at: float
    before: dict[str, int]
    acknowledged_at: float | None = None
    on_desk_at: float | None = None
    on_case: bool | None = None


@dataclass(slots=True)
class Side:
    """What one of the two in a visit decoded."""

    pictures: int = 0
    different: int = 0
    sounds: int = 0
    loudest: int = 0

    @property
    def saw_and_heard(self) -> bool:
        """A picture that moved, and a sound that was one."""
        return self.different > 1 and self.loudest > 0


@dataclass(slots=True)
class Met:
    """One visit, as both sides had it."""

    id: str
    resident: str
    caller_side: Side = field(default_factory=Side)
    resident_side: Side = field(default_factory=Side)
    answered: bool = False
    state: VisitState | None = None
    outcome: VisitOutcome | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """An operator told a lock to open; `problem` is the code when it did not."""

    lock: str
    seconds: float
    problem: str | None


class Ledger:
    """Written by everybody who takes part."""

    def __init__(self) -> None:
        self.presses: deque[Press] = deque(maxlen=MOST)
        self.visits: deque[Met] = deque(maxlen=MOST)
        self.doors: deque[Opened] = deque(maxlen=MOST)
        self.faults: deque[str] = deque(maxlen=MOST)
        self.cases: dict[str, CaseView] = {}
        self._open: dict[str, dict[str, int]] = {}  # presses by case, of each resident

    def press(self, reference: str, resident: str, way: Way, at: float) -> Press:
        """Somebody presses now."""
        press = Press(reference, resident, way, at, dict(self._open.get(resident, {})))
        self.presses.append(press)
        return press

    def desk_shows(self, case: CaseView, at: float) -> None:
        """A desk has been told of this case; each press that it counts is on a desk."""
        if case.resident is None:
            return
        for press in self.presses:
            waits = press.resident == case.resident and press.on_desk_at is None
            if waits and case.presses > press.before.get(case.id, 0):
                press.on_desk_at = at
        of_resident = self._open.setdefault(case.resident, {})
        if case.closed_at is None:
            of_resident[case.id] = max(case.presses, of_resident.get(case.id, 0))
        else:
            of_resident.pop(case.id, None)
        seen = self.cases.get(case.id)
        if seen is None or case.version >= seen.version:
            self.cases[case.id] = case
            if len(self.cases) > MOST:
                del self.cases[next(iter(self.cases))]

    def has_open(self, resident: str) -> bool:
        """Whether a desk shows an open case of the resident's."""
        return bool(self._open.get(resident))
