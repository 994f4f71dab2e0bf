"""What a night's platform promises, judged by what people saw and by what is stored at the end. Pure.

A promise that the night did not put to the test (nobody waited a minute, the night was too short for a lid to be
closed) is neither kept nor broken, and says so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from math import inf

from clients.simulated.night.book import SOON, Book, Stored, answered
from clients.simulated.night.plan import Plan
from clients.simulated.promises import share
from kit.wire.case import CaseDetail
from kit.wire.words import CaseState, Reason, TimelineKind

STORED_P95 = 2.0  # seconds from sent to told
ON_DESK_P95 = 2.0  # seconds from sent to seen
SOON_SHARE = 0.975
LATE, LATE_SHARE = 180.0, 0.99
ACCEPTED = 180.0  # seconds
MARGIN = 5.0  # seconds: deadlines are looked for each second or two, and acting takes some
TAKEN_OVER = 90.0  # seconds from the next press under a closed lid: a minute until it is told, and a human's half
LOST_AFTER = 3  # missed heartbeats
NOTICED = 30.0  # seconds more, until it is told
BACK_WITHIN = 30.0  # seconds until every device of a mast that is back has been answered


HEARD = frozenset({
    TimelineKind.MISSION_ACCEPTED, TimelineKind.MISSION_DECLINED, TimelineKind.MISSION_CANCELLED,
    TimelineKind.MISSION_URGENT,
})  # fmt: skip
"""What may come of a mission first."""


class Name(StrEnum):
    """Which promise."""

    STORED = "stored"
    ON_CASES = "on_cases"
    ON_DESK = "on_desk"
    ANSWERED_SOON = "answered_soon"
    ANSWERED_LATE = "answered_late"
    LOUDER = "louder"
    SUPERVISOR = "supervisor"
    NOT_FORGOTTEN = "not_forgotten"
    ENDED = "ended"
    LID = "lid"
    MAST = "mast"
    TOLD = "told"
    MISSIONS = "missions"
    NO_FAULTS = "no_faults"


@dataclass(frozen=True, slots=True)
class Promise:
    """A promise, the figures seen, and whether it holds; none when it was not put to the test."""

    name: Name
    seen: Mapping[str, float | str]
    holds: bool | None


def judged(plan: Plan, book: Book, stored: Stored) -> list[Promise]:
    """Every promise."""
    waits = answered(book, stored)
    return [
        _stored(book),
        _on_cases(book, stored),
        _on_desk(book),
        _answered(Name.ANSWERED_SOON, waits, SOON, SOON_SHARE),
        _answered(Name.ANSWERED_LATE, waits, LATE, LATE_SHARE),
        _escalated(Name.LOUDER, stored, SOON, 1),
        _escalated(Name.SUPERVISOR, stored, LATE, 2),
        _not_forgotten(book, stored),
        _ended(stored),
        _lid(book, stored),
        _mast(book),
        _told(plan, book, stored),
        _missions(stored),
        Promise(Name.NO_FAULTS, {"faults": len(book.faults), "first": (book.faults or [""])[0]}, not book.faults),
    ]


def _stored(book: Book) -> Promise:
    took = [press.stored_at - press.sent_at for press in book.presses if press.stored_at is not None]
    p95 = share(took, 0.95) if took else inf
    seen = {"stored": len(took), "of": len(book.presses), "ms": p95 * 1000}
    return Promise(Name.STORED, seen, len(took) == len(book.presses) > 0 and p95 <= STORED_P95)


def _on_cases(book: Book, stored: Stored) -> Promise:
    told = [press for press in book.presses if press.stored_at is not None and press.alarm]
    missing = sum(not press.cases for press in told)
    doubled = sum(len(press.cases) > 1 for press in told) + len(_overlapping(stored.alarms))
    seen = {"of": len(told), "missing": missing, "doubled": doubled}
    return Promise(Name.ON_CASES, seen, bool(told) and missing == 0 and doubled == 0)


def _overlapping(cases: Sequence[CaseDetail]) -> list[tuple[str, str]]:
    """Cases of one person of which the second was raised before the first was closed."""
    of_resident: dict[str, list[CaseDetail]] = {}
    for case in sorted(cases, key=lambda one: one.raised_at):
        if case.resident is not None:
            of_resident.setdefault(case.resident, []).append(case)
    return [
        (before.id, after.id)
        for cases in of_resident.values()
        for before, after in pairwise(cases)
        if before.closed_at is None or before.closed_at > after.raised_at
    ]


def _on_desk(book: Book) -> Promise:
    """By the first press of each case; a press that joined one was on the desk already."""
    first: dict[str, float] = {}
    for press in book.presses:
        for case in press.cases:
            if press.alarm and press.sent is not None:
                first[case] = min(first.get(case, inf), press.sent_at)
    took = [book.shown[case] - at for case, at in first.items() if case in book.shown]
    p95 = share(took, 0.95) if took else inf
    seen = {"seen": len(took), "of": len(first), "seconds": p95}
    return Promise(Name.ON_DESK, seen, len(took) == len(first) > 0 and p95 <= ON_DESK_P95)


def _answered(name: Name, waits: Mapping[str, float], within: float, goal: float) -> Promise:
    soon = sum(wait <= within for wait in waits.values())
    seen = {"share": soon / len(waits) if waits else 0.0, "of": len(waits)}
    return Promise(name, seen, bool(waits) and soon / len(waits) >= goal)


def _escalated(name: Name, stored: Stored, after: float, times: int) -> Promise:
    """Whoever waited so long without being taken was told of, in time and not before time."""
    waited = late = early = 0
    for case in stored.alarms:
        lines = [line.at for line in case.timeline if line.kind is TimelineKind.ESCALATED]
        told = (lines[times - 1] - case.raised_at).total_seconds() if len(lines) >= times else inf
        if told < inf or _untaken(case, stored) > after + MARGIN:
            waited += 1
            late += told > after + MARGIN
            early += told < after - 1.0
    holds = late == 0 and early == 0 if waited else None
    return Promise(name, {"waited": waited, "late": late, "early": early}, holds)


def _untaken(case: CaseDetail, stored: Stored) -> float:
    return ((case.taken_at or stored.at) - case.raised_at).total_seconds()


def _not_forgotten(book: Book, stored: Stored) -> Promise:
    open_now = [case for case in stored.cases if case.closed_at is None]
    stepless = book.stepless | {case.id for case in open_now if case.next_step_at is None}
    looks = len(book.samples)
    return Promise(Name.NOT_FORGOTTEN, {"stepless": len(stepless), "looks": looks}, not stepless and looks > 0)


def _ended(stored: Stored) -> Promise:
    closed = sum(case.closed_at is not None for case in stored.alarms)
    in_hand = sum(case.state is CaseState.TAKEN for case in stored.alarms)
    seen = {"closed": closed, "in_hand": in_hand, "of": len(stored.alarms)}
    return Promise(Name.ENDED, seen, closed + in_hand == len(stored.alarms) > 0)


def _lid(book: Book, stored: Stored) -> Promise:
    lid = book.lid
    case = next((one for one in stored.cases if lid and one.id == lid.case), None)
    if lid is None or case is None:
        return Promise(Name.LID, {}, None if lid is None else False)
    told = over = None
    for line in case.timeline:
        if line.kind in {TimelineKind.REMINDED, TimelineKind.ESCALATED} and told is None:
            told = line.at
        if line.kind is TimelineKind.TAKEN_OVER and line.by != lid.operator and over is None:
            over = line.at
    if told is None or over is None or lid.pressed_again_at is None:
        return Promise(Name.LID, {"told": 0, "seconds": inf}, False)
    took = (over - book.began).total_seconds() - lid.pressed_again_at
    return Promise(Name.LID, {"told": 1, "seconds": took}, told <= over and took <= TAKEN_OVER)


def _mast(book: Book) -> Promise:
    back = book.back
    if back is None:
        return Promise(Name.MAST, {}, None)
    held = [press for press in book.presses if press.held]
    lost = sum(press.stored_at is None or (press.alarm and not press.cases) for press in held)
    seen: dict[str, float | str] = {
        "area": back.area, "devices": back.devices, "answered": back.answered, "seconds": back.slowest,
        "held": len(held), "lost": lost,
    }  # fmt: skip
    return Promise(Name.MAST, seen, back.answered >= back.devices and back.slowest <= BACK_WITHIN and lost == 0)


def _told(plan: Plan, book: Book, stored: Stored) -> Promise:
    """The dead mast is one incident: told within three heartbeats of the quickest model, over when it is back."""
    limit = LOST_AFTER * min(plan.beat_every.values()) + NOTICED
    back = book.back
    if back is None or back.back_at - back.fails_at < limit:
        return Promise(Name.TOLD, {}, None)
    incidents = [
        case
        for case in stored.cases
        if case.reason is Reason.MANY_SILENT and case.principal == plan.mast.area.principal
    ]
    if not incidents:
        return Promise(Name.TOLD, {"seconds": inf}, False)
    first = min(incidents, key=lambda case: case.raised_at)
    took = (first.raised_at - book.began).total_seconds() - back.fails_at
    still = sum(case.closed_at is None for case in incidents)
    seen = {"seconds": took, "of": len(incidents), "still": still}
    return Promise(Name.TOLD, seen, 0 <= took <= limit and len(incidents) == 1 and still == 0)


def _missions(stored: Stored) -> Promise:
    """Every mission was accepted, declined or called off in time, or made its case urgent then."""
    sent: dict[str, datetime] = {}
    heard: dict[str, tuple[TimelineKind, datetime]] = {}
    for case in stored.alarms:
        for line in case.timeline:
            mission = str(line.data.get("mission"))
            if line.kind is TimelineKind.MISSION_SENT:
                sent[mission] = line.at
            elif line.kind in HEARD:
                heard.setdefault(mission, (line.kind, line.at))
    urgent = sum(kind is TimelineKind.MISSION_URGENT for kind, _ in heard.values())
    late = sum(
        (heard[mission][1] if mission in heard else stored.at) - at > timedelta(seconds=ACCEPTED + MARGIN)
        for mission, at in sent.items()
    )
    return Promise(Name.MISSIONS, {"sent": len(sent), "urgent": urgent, "late": late}, late == 0 if sent else None)
