"""Nights that nobody played: a book and what would be stored of it, to judge and to draw."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from clients.simulated.night.book import Book, Press, Stored, match
from clients.simulated.night.county import resident
from clients.simulated.night.plan import What
from kit.wire.case import CaseDetail, SignalView, TimelineView
from kit.wire.words import CaseKind, CaseState, Reason, SignalKind, TimelineKind

AT = datetime(2026, 1, 15, 21, 0, tzinfo=UTC)
OPERATOR = "night-operator-1"


def moment(seconds: float) -> datetime:
    """That many real seconds after the start."""
    return AT + timedelta(seconds=seconds)


def line(kind: TimelineKind, at: float, by: str | None = None, **said: str | int | None) -> TimelineView:
    return TimelineView(id=f"{kind}-{at}", at=moment(at), kind=kind, by=by, by_name=by, data=said)


def case(number: int, at: float, taken: float | None, closed: float | None, **more: Any) -> CaseDetail:
    """A case of that resident's, with one signal of reference `r{number}`."""
    one = resident(number)
    state = CaseState.CLOSED if closed is not None else CaseState.TAKEN if taken is not None else CaseState.QUEUED
    signal = SignalView(
        id=f"s{number}", protocol="scaip", type="ME", kind=SignalKind.ALARM, reason=Reason.PRESSED,
        reference=f"r{number}", received_at=moment(at), occurred_at=None, unread=False, defects=[], details={}, raw="",
    )  # fmt: skip
    said: dict[str, Any] = {
        "id": f"c{number}", "version": 3, "kind": CaseKind.PERSON, "state": state, "priority": 2,
        "principal": one.area.principal, "principal_name": one.area.principal, "resident": one.id, "person": None,
        "home": one.home, "town": one.area.town, "household": 1, "device": one.device, "reason": Reason.PRESSED,
        "presses": 1, "unread": 0, "handler": OPERATOR if taken is not None else None, "handler_name": None,
        "escalation": 0, "held_until": None, "next_step": None, "next_step_at": None if closed else moment(at + 60),
        "raised_at": moment(at), "taken_at": None if taken is None else moment(taken),
        "closed_at": None if closed is None else moment(closed), "signals": [signal], "timeline": [],
    }  # fmt: skip
    return CaseDetail(**{**said, **more})


def press(number: int, at: float, reference: str = "", *, held: bool = False) -> Press:
    made = Press(reference or f"r{number}", resident(number), What.PRESS, at, held)
    made.sent, made.sent_at, made.stored_at = moment(at), at, at + 0.02
    return made


def a_night(*cases: CaseDetail) -> tuple[Book, Stored]:
    """A night in which these cases were raised by a press each and seen at once; three good ones by default."""
    cases = cases or tuple(case(number, number * 10.0, number * 10.0 + 2, number * 10.0 + 6) for number in (1, 2, 3))
    book = Book(AT)
    for one in cases:
        at = (one.raised_at - AT).total_seconds()
        book.presses.append(press(int(one.id[1:]), at))
        book.shown[one.id] = at + 0.1
    book.look(cases[:0], moment(300), 300.0)
    return book, stored(book, cases)


def stored(book: Book, cases: Sequence[CaseDetail]) -> Stored:
    """As the platform would tell at the end, and noted on the presses."""
    found = Stored(cases, moment(300))
    match(book, found)
    return found
