"""The case: what a human must handle, from the first signal until somebody has closed it.

One table says what may happen in which state; what is not in it is refused and changes nothing. Every open case leaves
`decide` with a next step and a deadline (domain.md, semantics 6), and nobody but a human ever closes a person's (4, 9).
A technical case that nobody has taken ends by itself when the device is well again (`core.ending`, decisions/0016).
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from alarms.core import case_locating, deadlines, desk_rules, waiting
from alarms.core.case_missions import mission_sent, mission_told, watched
from alarms.core.desk_rules import Rule
from alarms.core.desk_rules import by_handler as _by_handler
from alarms.core.ending import count, end, end_noted
from alarms.core.plan import DEFAULTS_FROZEN, Frozen
from alarms.core.shapes import (
    Arrived,
    Case,
    Close,
    Counted,
    Decision,
    Ended,
    Entry,
    Event,
    GrantChange,
    Hold,
    LockAnswered,
    LockAsked,
    MissionSent,
    MissionTold,
    Note,
    NotTold,
    Read,
    Refused,
    Release,
    Resume,
    SentOut,
    StepDue,
    Take,
    TakeOver,
    Unhoused,
)
from alarms.core.stepping import after_offer, unoffered
from alarms.core.stepping import step_to as _next
from kit.wire.words import CaseKind, CaseState, LockOutcome, NobodyReason, Reason, SignalKind, Step, TimelineKind

DANGERS = frozenset({Reason.FELL, Reason.ATTACK, Reason.FIRE, Reason.GAS, Reason.FLOOD, Reason.EPILEPSY})
"""Reasons that outrank a pressed button."""


def open_case(
    id: str,
    *,
    open_key: str,
    kind: CaseKind,
    principal: str,
    resident: str | None,
    home: str | None,
    device: str | None,
    first: Arrived,
    at: datetime,
    plan: Frozen | None = None,
    desk: str | None = None,
) -> Case:
    """A case just raised, before its first signal has been decided on; `plan` is frozen into it, or the default."""
    return Case(
        id=id,
        version=0,
        open_key=open_key,
        kind=kind,
        state=CaseState.RAISED,
        priority=first.priority,
        principal=principal,
        resident=resident,
        home=home,
        device=device,
        reason=first.reason or Reason.UNKNOWN_ALARM,
        presses=0,
        unread=0,
        handler=None,
        escalation=0,
        held_until=None,
        step=0,
        next_step=None,
        next_step_at=None,
        raised_at=at,
        taken_at=None,
        answered_ms=None,
        closed_at=None,
        cause=None,
        measure=None,
        nobody=None,
        plan=plan or DEFAULTS_FROZEN[kind],
        plan_step=0,
        desk=desk,
        occurred_at=first.occurred_at,
    )


def _raise(case: Case, event: Event, at: datetime) -> Decision:
    assert isinstance(event, Arrived)
    queued = replace(case, state=CaseState.QUEUED, presses=1, unread=1)
    said = {"signal": event.signal, "reason": case.reason.value, **_besides(event)}
    entry = Entry(TimelineKind.RAISED, at, data=said)
    return Decision(waiting.begin(queued, case.raised_at, at), (entry,))


def _besides(event: Arrived) -> dict[str, str]:
    """For the timeline: what a door said, which zone it is about, and when it happened where it came much later."""
    late = {} if event.occurred_at is None else {"occurred_at": event.occurred_at.isoformat(timespec="seconds")}
    return {**late, **(event.door or {}), **({} if event.zone is None else {"zone": event.zone})}


def _arrive(case: Case, event: Event, at: datetime) -> Decision:
    assert isinstance(event, Arrived)
    reason = event.reason.value if event.reason else None
    entry = Entry(
        TimelineKind.SIGNAL if event.door is None else TimelineKind.DOOR,
        at,
        data={"signal": event.signal, "kind": event.kind.value, "reason": reason, **_besides(event)},
    )
    match event.kind:
        case SignalKind.ALARM:
            return _press(case, event, entry, at)
        case SignalKind.CANCEL | SignalKind.RESET:
            # A note that must be read; it never closes what no human has answered (semantics 4).
            return Decision(replace(case, unread=case.unread + 1), (entry,))
        case SignalKind.TECHNICAL:
            # Flapping is suppressed for things, never for people: counted, not told again (semantics 3).
            more = 1 if case.kind is CaseKind.TECHNICAL else 0  # a person's presses are the person's own
            counted = replace(case, presses=case.presses + more, priority=min(case.priority, event.priority))
            if counted.priority == case.priority or case.state is not CaseState.QUEUED:
                return Decision(counted)
            return Decision(waiting.hasten(case, counted), (entry,))
        case _:
            # Somebody who walks tells of it each half minute: the map shows that, the timeline would drown in it.
            return Decision(case, () if event.placed else (entry,))


def _press(case: Case, event: Arrived, entry: Entry, at: datetime) -> Decision:
    """Another press: more urgent, unread, and awake (semantics 3)."""
    priority = max(1, min(case.priority - 1, event.priority))
    # What is most dangerous is what the row says: who pressed and then fell, has fallen.
    worse = event.reason in DANGERS and case.reason not in DANGERS
    reason = event.reason if worse and event.reason else case.reason
    pressed = replace(case, presses=case.presses + 1, unread=case.unread + 1, priority=priority, reason=reason)
    if case.state is not CaseState.TAKEN:
        return Decision(waiting.hasten(case, pressed), (entry,))
    entries: tuple[Entry, ...] = (entry,)
    if case.held_until is not None:
        pressed = replace(pressed, held_until=None)
        entries = (entry, Entry(TimelineKind.WOKEN, at))
    soon = deadlines.unread_press(at)
    if case.held_until is None and case.next_step_at is not None and case.next_step_at <= soon[1]:
        return Decision(pressed, entries)
    return Decision(_next(pressed, soon), entries)


def _take(case: Case, event: Event, at: datetime) -> Decision:
    assert isinstance(event, Take | TakeOver)
    stale = isinstance(event, Take) and event.seen is not None and event.seen != case.version
    waited = round((at - case.raised_at).total_seconds() * 1000)
    taken = replace(
        unoffered(case),
        state=CaseState.TAKEN,
        handler=event.by,
        taken_at=case.taken_at or at,
        answered_ms=waited if case.answered_ms is None else case.answered_ms,
        escalation=0,
        unread=case.unread if stale else 0,
        held_until=None,
    )
    kind = TimelineKind.TAKEN_OVER if isinstance(event, TakeOver) else TimelineKind.TAKEN
    grants = GrantChange.HAND_OVER if case.handler else GrantChange.GIVE
    entry = Entry(kind, at, event.by, {"from": case.handler} if case.handler else None)
    return Decision(_next(taken, deadlines.quiet_handler(at)), (entry,), grants)


def _take_again(case: Case, event: Event, at: datetime) -> Decision | Refused:
    """Taking what one has is done already; taking what another has is refused."""
    assert isinstance(event, Take)
    return Decision(case, changed=False) if case.handler == event.by else Refused("taken")


def _take_over(case: Case, event: Event, at: datetime) -> Decision:
    assert isinstance(event, TakeOver)
    return Decision(case, changed=False) if case.handler == event.by else _take(case, event, at)


def _release(case: Case, event: Event, at: datetime) -> Decision:
    assert isinstance(event, Release)
    free = replace(unoffered(case), state=CaseState.QUEUED, handler=None, escalation=0, held_until=None)
    entry = Entry(TimelineKind.RELEASED, at, event.by)
    return Decision(waiting.begin(free, at, at), (entry,), GrantChange.END)


def _note(case: Case, event: Event, at: datetime) -> Decision:
    assert isinstance(event, Note)
    entry = Entry(TimelineKind.NOTED, at, event.by, {"text": event.text})
    if case.handler == event.by and case.held_until is None and case.unread == 0:
        return Decision(_next(replace(case, escalation=0), deadlines.quiet_handler(at)), (entry,))
    return Decision(case, (entry,))


def _hold(case: Case, event: Event, at: datetime) -> Decision | Refused:
    assert isinstance(event, Hold)
    if case.unread:
        return Refused("unread_signal")
    plan = deadlines.hold(at, event.minutes)
    held = replace(case, held_until=plan[1], escalation=0)
    return Decision(_next(held, plan), (Entry(TimelineKind.HELD, at, event.by, {"minutes": event.minutes}),))


def _resume(case: Case, event: Event, at: datetime) -> Decision | Refused:
    assert isinstance(event, Resume)
    if case.held_until is None:
        return Refused("not_held")
    awake = _next(replace(case, held_until=None, escalation=0), deadlines.quiet_handler(at))
    return Decision(awake, (Entry(TimelineKind.HOLD_ENDED, at, event.by),))


def _read(case: Case, event: Event, at: datetime) -> Decision | Refused:
    assert isinstance(event, Read)
    if not case.unread:
        return Decision(case, changed=False)
    if event.seen is not None and event.seen != case.version:
        return Refused("unread_signal")  # something came that was not on the screen yet
    seen = replace(case, unread=0, escalation=0)
    if case.held_until is None:
        seen = _next(seen, deadlines.quiet_handler(at))
    return Decision(seen, (Entry(TimelineKind.READ, at, event.by),))


def _close(case: Case, event: Event, at: datetime) -> Decision | Refused:
    assert isinstance(event, Close)
    if case.unread:
        return Refused("unread_signal")
    if case.missions:
        return Refused("mission_open")
    if event.call_open:
        return Refused("call_open")
    resident = case.resident or event.resident
    nobody = event.nobody
    if resident is None and nobody is None:
        if case.kind is CaseKind.PERSON:
            return Refused("person_missing")
        nobody = NobodyReason.DEVICE_ONLY
    closed = replace(
        unoffered(case),
        state=CaseState.CLOSED,
        open_key=None,
        resident=resident,
        nobody=None if resident else nobody,
        cause=event.cause,
        measure=event.measure,
        held_until=None,
        escalation=0,
        step=case.step + 1,
        next_step=None,
        next_step_at=None,
        closed_at=at,
    )
    said = {
        "cause": event.cause.value,
        "measure": event.measure.value,
        "text": event.note or None,
        "nobody": closed.nobody,
    }
    return Decision(closed, (Entry(TimelineKind.CLOSED, at, event.by, said),), GrantChange.END)


def _step_untaken(case: Case, event: Event, at: datetime) -> Decision:
    assert isinstance(event, StepDue)
    if event.step != case.step:
        return Decision(case, changed=False)
    return waiting.act(case, event, at)


def _step_taken(case: Case, event: Event, at: datetime) -> Decision:
    assert isinstance(event, StepDue)
    if event.step != case.step:
        return Decision(case, changed=False)
    if case.next_step is Step.OFFER_ENDS:
        return Decision(after_offer(case, at), (desk_rules.offer_over(case, at, "lapsed"),))
    if case.next_step is Step.HOLD_ENDS:
        awake = _next(replace(case, held_until=None), deadlines.after_hold(at))
        return Decision(awake, (Entry(TimelineKind.HOLD_ENDED, at, data={"no": event.step}),))
    if (patient := watched(case, at)) is not None:
        return patient
    reminded = _next(replace(case, escalation=2), deadlines.quiet_handler(at))
    return Decision(reminded, (Entry(TimelineKind.REMINDED, at, data={"no": event.step, "handler": case.handler}),))


def _unhoused(case: Case, event: Event, at: datetime) -> Decision:
    assert isinstance(event, Unhoused)
    entry = Entry(TimelineKind.ROUTE_FAILED, at, data={"desk": case.desk, "code": event.why.value})
    return Decision(replace(case, desk=None), (entry,), changed=case.desk is not None)


def _not_told(case: Case, event: Event, at: datetime) -> Decision:
    assert isinstance(event, NotTold)
    return Decision(case, (Entry(TimelineKind.DEVICE_NOT_TOLD, at, data={"signal": event.signal}),))


def _sent_out(case: Case, event: Event, at: datetime) -> Decision:
    assert isinstance(event, SentOut)
    return Decision(case, (Entry(TimelineKind.SENT_OUT, at, data=event.said),))


def _lock_asked(case: Case, event: Event, at: datetime) -> Decision:
    assert isinstance(event, LockAsked)
    return Decision(case, (Entry(TimelineKind.LOCK_ASKED, at, event.by, {"lock": event.lock}),))


def _lock_answered(case: Case, event: Event, at: datetime) -> Decision:
    assert isinstance(event, LockAnswered)
    kind = TimelineKind.LOCK_OPENED if event.outcome is LockOutcome.OPENED else TimelineKind.LOCK_FAILED
    return Decision(case, (Entry(kind, at, event.by, {"lock": event.lock, "outcome": event.outcome.value}),))


TABLE: Mapping[CaseState, Mapping[type[Event], tuple[Rule, CaseState]]] = {
    CaseState.RAISED: {
        Arrived: (_raise, CaseState.QUEUED),
    },
    CaseState.QUEUED: {
        Arrived: (_arrive, CaseState.QUEUED),
        Take: (_take, CaseState.TAKEN),
        TakeOver: (_take, CaseState.TAKEN),
        Note: (_note, CaseState.QUEUED),
        StepDue: (_step_untaken, CaseState.QUEUED),
        Unhoused: (_unhoused, CaseState.QUEUED),
        NotTold: (_not_told, CaseState.QUEUED),
        SentOut: (_sent_out, CaseState.QUEUED),
        LockAsked: (_lock_asked, CaseState.QUEUED),
        LockAnswered: (_lock_answered, CaseState.QUEUED),
        MissionSent: (mission_sent, CaseState.QUEUED),
        MissionTold: (mission_told, CaseState.QUEUED),
        Ended: (end, CaseState.CLOSED),
        Counted: (count, CaseState.QUEUED),
        **desk_rules.QUEUED,
        **case_locating.QUEUED,
    },
    CaseState.TAKEN: {
        Arrived: (_arrive, CaseState.TAKEN),
        Take: (_take_again, CaseState.TAKEN),
        TakeOver: (_take_over, CaseState.TAKEN),
        Release: (_by_handler(_release), CaseState.QUEUED),
        Note: (_note, CaseState.TAKEN),
        Hold: (_by_handler(_hold), CaseState.TAKEN),
        Resume: (_by_handler(_resume), CaseState.TAKEN),
        Read: (_by_handler(_read), CaseState.TAKEN),
        Close: (_by_handler(_close), CaseState.CLOSED),
        StepDue: (_step_taken, CaseState.TAKEN),
        Unhoused: (_unhoused, CaseState.TAKEN),
        NotTold: (_not_told, CaseState.TAKEN),
        SentOut: (_sent_out, CaseState.TAKEN),
        LockAsked: (_lock_asked, CaseState.TAKEN),
        LockAnswered: (_lock_answered, CaseState.TAKEN),
        MissionSent: (mission_sent, CaseState.TAKEN),
        MissionTold: (mission_told, CaseState.TAKEN),
        Ended: (end_noted, CaseState.TAKEN),
        Counted: (count, CaseState.TAKEN),
        **desk_rules.TAKEN,
        **case_locating.TAKEN,
    },
    CaseState.CLOSED: {},
}

REFUSED_IN = {
    CaseState.RAISED: "not_taken",
    CaseState.QUEUED: "not_taken",
    CaseState.TAKEN: "taken",
    CaseState.CLOSED: "closed",
}


def decide(case: Case, event: Event, at: datetime) -> Decision | Refused:
    """What becomes of the case. A changed case has the next version; a refusal names its stable code."""
    row = TABLE[case.state].get(type(event))
    if row is None:
        return Refused(REFUSED_IN[case.state])
    rule, to = row
    decision = rule(case, event, at)
    if isinstance(decision, Refused) or not decision.changed:
        return decision
    assert decision.case.state is to
    return replace(decision, case=replace(decision.case, version=case.version + 1))
