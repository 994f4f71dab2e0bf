"""Visits for the tests of the core, and shorthands to lead them somewhere."""

from datetime import UTC, datetime, timedelta

from kit.wire.words import Direction, LegalBasis, VisitKind
from signaling.core.shapes import Answer, Decision, Event, Join, Refused, Ring, Visit
from signaling.core.visit import decide, planned

AT = datetime(2026, 1, 15, 14, 0, tzinfo=UTC)
CALLER, HALL, BEDROOM = "person:anna", "device:hall", "device:bedroom"


def a_plan(kind: VisitKind = VisitKind.HOME, at: datetime = AT) -> Visit:
    return planned(
        "visit-1",
        kind=kind,
        principal="kommun",
        unit="norr",
        resident="resident-1",
        home="home-1",
        caller="anna",
        caller_place="Norr",
        legal_basis=LegalBasis.SOL,
        decision="SOL-1",
        planned_at=at,
    )


def after(visit: Visit, *events: Event, at: datetime = AT) -> Visit:
    """The visit after events that must all be right."""
    for event in events:
        decision = decide(visit, event, at)
        assert isinstance(decision, Decision), f"{event} refused: {decision}"
        visit = decision.visit
    return visit


def refused(visit: Visit, event: Event, at: datetime = AT) -> str:
    """The code with which an event is refused."""
    decision = decide(visit, event, at)
    assert isinstance(decision, Refused), f"{event} was not refused"
    return decision.code


RING = Ring("participant-anna")
ANSWER = Answer("hall", "participant-hall")


def ringing(kind: VisitKind = VisitKind.HOME) -> Visit:
    return after(a_plan(kind), RING)


def answered(kind: VisitKind = VisitKind.HOME) -> Visit:
    return after(ringing(kind), ANSWER)


def in_progress(kind: VisitKind = VisitKind.HOME) -> Visit:
    return after(answered(kind), Join(CALLER, Direction.PUBLISH), Join(HALL, Direction.PUBLISH))


def later(seconds: float) -> datetime:
    return AT + timedelta(seconds=seconds)
