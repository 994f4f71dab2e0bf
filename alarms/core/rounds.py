"""What a round's checks saw, and which troubles that is: the watchdog's limits stand here."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from alarms.core.watch import Round, Trouble
from kit.wire.watch import FindingCode

STEP_LATE = timedelta(seconds=30)
"""How long after its deadline a step that has not acted shows that nothing acts: escalation looks twice a second."""
CLOCKS_APART = timedelta(seconds=5)
ALARM_PARTS = frozenset({"database", "feed", "scaip", "dc09", "mqtt"})
"""Parts of `/readyz` that must be well. Another is missed only once it has been there: not every process has each."""


class Answer(StrEnum):
    """What came of a synthetic test. `unproven`: acknowledged, but the journal could not be read."""

    STORED = "stored"
    SILENT = "silent"
    LOST = "lost"
    UNPROVEN = "unproven"


@dataclass(frozen=True, slots=True)
class Probed:
    """A receiver (its address) and what it did; `said` is the protocol's own number where it refused."""

    receiver: str
    answer: Answer
    said: int | None = None


@dataclass(frozen=True, slots=True)
class Journal:
    """What the database said: of open cases, how the oldest overdue step is late, and how many have no step.

    `head` is the feed's position, `clock_ahead` the database's clock less ours where it has one of its own, `hub_ahead`
    the clock of the process that stored our last signal less ours.
    """

    overdue: int
    latest: timedelta
    stepless: int
    stepless_case: str | None
    head: int
    clock_ahead: timedelta | None
    hub_ahead: timedelta | None


class DeskHeard(StrEnum):
    """What the synthetic desk heard: the probes' own marks, only that all is well, or nothing.

    `opened`: it was opened during the round, perhaps too late to hear its tests.
    """

    MARK = "mark"
    OPENED = "opened"
    BEAT = "beat"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Observed:
    """All that a round saw. None for what could not be seen; `broken` names checks of ours that failed."""

    probes: tuple[Probed, ...]
    journal: Journal | None
    desk: DeskHeard
    ready: Mapping[str, bool] | None
    clock_off: float
    broken: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Before:
    """What is remembered of earlier rounds: the feed's head, and which parts of `/readyz` have been well."""

    head: int | None = None
    parts: frozenset[str] = frozenset()


_OF_JOURNAL = frozenset(
    {
        FindingCode.ESCALATION_LATE,
        FindingCode.CASE_WITHOUT_STEP,
        FindingCode.JOURNAL_STILL,
        FindingCode.DATABASE_CLOCK,
        FindingCode.HUB_CLOCK,
        FindingCode.SIGNAL_NOT_STORED,
    }
)


def judge(seen: Observed, before: Before) -> tuple[Round, Before]:
    """The round's troubles, and what to remember for the next."""
    troubles = [*_probed(seen), *_desk(seen), *_ready(seen, before), *_broken(seen)]
    unknown = set() if seen.journal is not None else set(_OF_JOURNAL)
    if seen.journal is None:
        if "journal" not in seen.broken:
            troubles.append(Trouble(FindingCode.DATABASE_AWAY))
    else:
        troubles += _journal(seen, seen.journal, before)
    if seen.ready is None:
        unknown.add(FindingCode.NOT_READY)
    if _desk_unknown(seen):
        unknown.add(FindingCode.DESK_SILENT)
    if abs(seen.clock_off) >= 1:
        troubles.append(Trouble(FindingCode.CLOCK_STEPPED, "", {"seconds": round(seen.clock_off)}))
    head = before.head if seen.journal is None else seen.journal.head
    parts = before.parts | {part for part, well in (seen.ready or {}).items() if well}
    return Round(tuple(troubles), frozenset(unknown)), Before(head, parts)


def missed(ready: Mapping[str, bool], been: frozenset[str]) -> list[str]:
    """The parts of `/readyz` that are not well and should be; `been` are those that have been well before."""
    return sorted(part for part, well in ready.items() if not well and (part in ALARM_PARTS or part in been))


def _probed(seen: Observed) -> Iterator[Trouble]:
    for probe in seen.probes:
        details: dict[str, str | int] = {} if probe.said is None else {"said": probe.said}
        if probe.answer is Answer.SILENT:
            yield Trouble(FindingCode.RECEIVER_SILENT, probe.receiver, details)
        elif probe.answer is Answer.LOST:
            yield Trouble(FindingCode.SIGNAL_NOT_STORED, probe.receiver, details)


def _stored(seen: Observed) -> bool:
    return any(probe.answer is Answer.STORED for probe in seen.probes)


def _desk_unknown(seen: Observed) -> bool:
    """Without a signal there was nothing to hear; that the line lives is all that can be said."""
    return seen.desk is DeskHeard.OPENED or (seen.desk is DeskHeard.BEAT and not _stored(seen))


def _desk(seen: Observed) -> Iterator[Trouble]:
    if seen.desk is DeskHeard.NOTHING:
        yield Trouble(FindingCode.DESK_SILENT)
    elif seen.desk is DeskHeard.BEAT and _stored(seen):
        yield Trouble(FindingCode.DESK_SILENT, "feed")


def _ready(seen: Observed, before: Before) -> Iterator[Trouble]:
    if seen.ready is None:
        yield Trouble(FindingCode.WEB_SILENT)
        return
    for part in missed(seen.ready, before.parts):
        yield Trouble(FindingCode.NOT_READY, part)


def _broken(seen: Observed) -> Iterator[Trouble]:
    for check in sorted(seen.broken):
        yield Trouble(FindingCode.CHECK_BROKEN, check)


def _journal(seen: Observed, journal: Journal, before: Before) -> Iterator[Trouble]:
    if journal.overdue and journal.latest > STEP_LATE:
        seconds = round(journal.latest.total_seconds())
        yield Trouble(FindingCode.ESCALATION_LATE, "", {"cases": journal.overdue, "seconds": seconds})
    if journal.stepless:
        details: dict[str, str | int] = {"cases": journal.stepless}
        if journal.stepless_case is not None:
            details["case"] = journal.stepless_case
        yield Trouble(FindingCode.CASE_WITHOUT_STEP, "", details)
    if before.head is not None:
        back, still = journal.head < before.head, journal.head == before.head and _stored(seen)
        if back or still:
            yield Trouble(FindingCode.JOURNAL_STILL, "", {"head": journal.head, "before": before.head})
    for code, ahead in (
        (FindingCode.DATABASE_CLOCK, journal.clock_ahead),
        (FindingCode.HUB_CLOCK, journal.hub_ahead),
    ):
        if ahead is not None and abs(ahead) > CLOCKS_APART:
            yield Trouble(code, "", {"seconds": round(ahead.total_seconds())})
