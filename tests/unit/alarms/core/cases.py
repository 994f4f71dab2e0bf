"""Cases in the states that tests begin from, made the way the platform makes them."""

from datetime import UTC, datetime, timedelta

from alarms.core.case import decide, open_case
from alarms.core.plan import Frozen
from alarms.core.shapes import Arrived, Case, Decision, Event, Hold, Refused, Take
from kit.wire.words import CaseKind, Reason, SignalKind

AT = datetime(2026, 1, 15, 3, 10, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)


def press(signal: str = "signal-2", priority: int = 2) -> Arrived:
    return Arrived(signal, SignalKind.ALARM, Reason.PRESSED, priority)


def fault(signal: str = "signal-2", priority: int = 4) -> Arrived:
    return Arrived(signal, SignalKind.TECHNICAL, Reason.BATTERY_LOW, priority)


def raised(
    kind: CaseKind = CaseKind.PERSON,
    *,
    at: datetime = AT,
    resident: str | None = "resident-1",
    priority: int = 2,
    plan: Frozen | None = None,
    desk: str | None = None,
) -> Case:
    first = press("signal-1", priority) if kind is CaseKind.PERSON else fault("signal-1", priority)
    return open_case(
        "case-1",
        open_key="person:resident-1",
        kind=kind,
        principal="principal-1",
        resident=resident,
        home="home-1",
        device="device-1",
        first=first,
        at=at,
        plan=plan,
        desk=desk,
    )


def after(case: Case, *events: Event, at: datetime = AT) -> Case:
    for event in events:
        case = decided(case, event, at).case
    return case


def decided(case: Case, event: Event, at: datetime = AT) -> Decision:
    decision = decide(case, event, at)
    assert isinstance(decision, Decision), decision
    return decision


def refused(case: Case, event: Event, at: datetime = AT) -> str:
    decision = decide(case, event, at)
    assert isinstance(decision, Refused), decision
    return decision.code


def queued(kind: CaseKind = CaseKind.PERSON, *, resident: str | None = "resident-1", priority: int = 2) -> Case:
    first = press("signal-1", priority) if kind is CaseKind.PERSON else fault("signal-1", priority)
    return after(raised(kind, resident=resident, priority=priority), first)


def taken(kind: CaseKind = CaseKind.PERSON, *, by: str = "karin", resident: str | None = "resident-1") -> Case:
    return after(queued(kind, resident=resident), Take(by))


def held(minutes: int = 15) -> Case:
    return after(taken(), Hold("karin", minutes))
