"""What the platform promises, judged by what the simulated people saw. Pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from clients.simulated.ledger import Ledger, Press
from kit.wire.case import CaseView
from kit.wire.words import VisitState

ACKNOWLEDGED = 5.0  # seconds
ON_DESK_P95 = 2.0  # seconds
TAKEN = 60.0  # seconds
TAKEN_SHARE = 0.9  # of few simulated cases; the share that is promised of thousands is higher
DOOR = 10.0  # seconds
LEAST_VISITS = 2


@dataclass(frozen=True, slots=True)
class Promise:
    """A promise, what is promised, what was seen, and whether it holds."""

    name: str
    goal: str
    seen: str
    holds: bool


def share(values: Sequence[float], of: float) -> float:
    """The value that this share of them does not exceed (nearest rank). Raises ValueError when there are none."""
    if not values:
        raise ValueError("of no values")
    return sorted(values)[max(0, math.ceil(of * len(values)) - 1)]


def judged(
    ledger: Ledger, cases: Sequence[CaseView], people: Sequence[str], *, visits: bool, doors: bool
) -> list[Promise]:
    """Each promise in turn. `cases` are those that the presses raised, `people` the simulated who may handle them."""
    presses = list(ledger.presses)
    found = [_acknowledged(presses), _on_desk(presses), _on_cases(presses), _taken(cases), _closed(cases, people)]
    if visits:
        found += [_met(ledger), _ended(ledger)]
    if doors:
        found.append(_doors(ledger))
    return [*found, _faults(ledger)]


def _acknowledged(presses: Sequence[Press]) -> Promise:
    took = [press.acknowledged_at - press.pressed_at for press in presses if press.acknowledged_at is not None]
    holds = bool(presses) and len(took) == len(presses) and share(took, 0.95) <= ACKNOWLEDGED
    said = f"{len(took)} of {len(presses)}" + (f", p95 {share(took, 0.95) * 1000:.0f} ms" if took else "")
    return Promise("Every press is acknowledged", f"all, p95 ≤ {ACKNOWLEDGED:.0f} s", said, holds)


def _on_desk(presses: Sequence[Press]) -> Promise:
    stored = [press for press in presses if press.acknowledged_at is not None]
    took = [press.on_desk_at - press.pressed_at for press in stored if press.on_desk_at is not None]
    holds = bool(took) and len(took) == len(stored) and share(took, 0.95) <= ON_DESK_P95
    said = f"{len(took)} of {len(stored)}" + (f", p95 {share(took, 0.95) * 1000:.0f} ms" if took else "")
    return Promise("A press is on a desk", f"all, p95 ≤ {ON_DESK_P95:.0f} s", said, holds)


def _on_cases(presses: Sequence[Press]) -> Promise:
    stored = [press for press in presses if press.acknowledged_at is not None]
    missing = sum(not press.on_case for press in stored)
    return Promise("No acknowledged press is missing from its case", "0 missing", f"{missing} missing", not missing)


def _taken(cases: Sequence[CaseView]) -> Promise:
    waits = [(case.taken_at - case.raised_at).total_seconds() if case.taken_at else math.inf for case in cases]
    reached = sum(wait <= TAKEN for wait in waits) / len(waits) if waits else 0.0
    goal = f"≥ {TAKEN_SHARE:.0%} within {TAKEN:.0f} s"
    return Promise("Cases are taken in time", goal, f"{reached:.1%} of {len(cases)}", reached >= TAKEN_SHARE)


def _closed(cases: Sequence[CaseView], people: Sequence[str]) -> Promise:
    """What somebody of flesh and blood has taken meanwhile is theirs to close."""
    left = sum(case.closed_at is None and (case.handler is None or case.handler in people) for case in cases)
    return Promise("Every case is brought to an end", "0 left open", f"{left} left open", not left)


def _met(ledger: Ledger) -> Promise:
    answered = [visit for visit in ledger.visits if visit.answered]
    both = sum(visit.caller_side.saw_and_heard and visit.resident_side.saw_and_heard for visit in answered)
    said = f"{both} of {len(answered)} answered"
    holds = both == len(answered) >= LEAST_VISITS
    return Promise("Both see and hear each other", f"all answered, at least {LEAST_VISITS}", said, holds)


def _ended(ledger: Ledger) -> Promise:
    ended = sum(visit.state is VisitState.ENDED and visit.outcome is not None for visit in ledger.visits)
    said = f"{ended} of {len(ledger.visits)}"
    return Promise("Every visit ends with an outcome", "all", said, ended == len(ledger.visits))


def _doors(ledger: Ledger) -> Promise:
    opened = sum(door.problem is None and door.seconds <= DOOR for door in ledger.doors)
    said = f"{opened} of {len(ledger.doors)}"
    return Promise("Doors open when told to", f"all within {DOOR:.0f} s", said, opened == len(ledger.doors))


def _faults(ledger: Ledger) -> Promise:
    said = f"{len(ledger.faults)} faults" + (f", first: {ledger.faults[0]}" if ledger.faults else "")
    return Promise("Nobody is cut off or refused", "0 faults", said, not ledger.faults)
