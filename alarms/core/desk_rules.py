"""The rules for what the desk's work does to a case; `case.TABLE` says in which state each holds and for whom."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from alarms.core import deadlines
from alarms.core.at_desk import (
    Accepted,
    AnotherUnknown,
    CallStarted,
    CallWentOn,
    MergedFrom,
    MergedInto,
    Named,
    Offered,
    OfferEnded,
    SentOn,
    Ticked,
    Told112,
)
from alarms.core.shapes import Case, Decision, Entry, Event, GrantChange, Refused
from alarms.core.stepping import after_offer, step_to, unoffered, worked_on
from kit.wire.words import CaseKind, CaseState, TimelineKind

Rule = Callable[[Case, Event, datetime], Decision | Refused]


def by_handler(rule: Rule) -> Rule:
    """A rule only for who has the case; whatever the handler does shows that somebody is awake on it."""

    def guarded(case: Case, event: Event, at: datetime) -> Decision | Refused:
        if getattr(event, "by", None) != case.handler:
            return Refused("not_yours")
        return rule(case, event, at)

    guarded.__name__ = rule.__name__
    return guarded


def ticked(case: Case, event: Event, at: datetime) -> Decision:
    """A step is done, or is not after all."""
    assert isinstance(event, Ticked)
    kind = TimelineKind.TICKED if event.done else TimelineKind.UNTICKED
    said = {"step": event.step, "code": event.code, "text": event.text}
    return Decision(worked_on(case, at), (Entry(kind, at, event.by, said),))


def call_started(case: Case, event: Event, at: datetime) -> Decision:
    """A call is being made."""
    assert isinstance(event, CallStarted)
    said = {"call": event.call, "to": event.to.value, "contact": event.contact}
    return Decision(worked_on(case, at), (Entry(TimelineKind.CALL_STARTED, at, event.by, said),))


def call_went_on(case: Case, event: Event, at: datetime) -> Decision:
    """The call was answered, or is over."""
    assert isinstance(event, CallWentOn)
    kind = TimelineKind.CALL_CONNECTED if event.result is None else TimelineKind.CALL_ENDED
    result = event.result.value if event.result else None
    said = {"call": event.call, "to": event.to.value, "contact": event.contact, "result": result}
    return Decision(worked_on(case, at), (Entry(kind, at, event.by, said),))


def told_112(case: Case, event: Event, at: datetime) -> Decision:
    """What to tell 112 is on the handler's screen."""
    assert isinstance(event, Told112)
    return Decision(worked_on(case, at), (Entry(TimelineKind.TOLD_112, at, event.by),))


def offered(case: Case, event: Event, at: datetime) -> Decision | Refused:
    """The case stays the handler's until the other accepts."""
    assert isinstance(event, Offered)
    if event.to == case.handler:
        return Refused("own_case")
    if case.offered_until is not None:
        return Decision(case, changed=False) if case.offered_to == event.to else Refused("offer_open")
    offer = replace(case, offered_to=event.to, offered_until=at + deadlines.OFFER_STANDS)
    return _with_offer(offer, Entry(TimelineKind.OFFERED, at, event.by, {"to": event.to}))


def sent_on(case: Case, event: Event, at: datetime) -> Decision | Refused:
    """The same to everybody at another desk; the first to accept has it, and until then it is ours."""
    assert isinstance(event, SentOn)
    if event.desk == case.desk:
        return Refused("own_desk")
    if case.offered_until is not None:
        return Decision(case, changed=False) if case.offered_desk == event.desk else Refused("offer_open")
    offer = replace(case, offered_desk=event.desk, offered_until=at + deadlines.SENDING_STANDS)
    return _with_offer(offer, Entry(TimelineKind.OFFERED, at, event.by, {"desk": event.desk}))


def _with_offer(offer: Case, entry: Entry) -> Decision:
    assert offer.next_step is not None
    assert offer.next_step_at is not None
    return Decision(step_to(replace(offer, escalation=0), (offer.next_step, offer.next_step_at)), (entry,))


def accepted(case: Case, event: Event, at: datetime) -> Decision | Refused:
    """From one pair of hands into another's, with everything on it."""
    assert isinstance(event, Accepted)
    if not _is_offered(case, event.by, event.desk):
        return Decision(case, changed=False) if case.handler == event.by else Refused("not_offered")
    stale = event.seen is not None and event.seen != case.version
    theirs = replace(
        unoffered(case),
        handler=event.by,
        held_until=None,
        escalation=0,
        unread=case.unread if stale else 0,
        # What every desk has in its queue stays in every one's.
        desk=case.desk and (case.offered_desk or case.desk),
    )
    plan = deadlines.unread_press(at) if theirs.unread else deadlines.quiet_handler(at)
    said = {"from": case.handler, **_at_desk(case)}
    return Decision(
        step_to(theirs, plan), (Entry(TimelineKind.HANDED_OVER, at, event.by, said),), GrantChange.HAND_OVER
    )


def offer_ended(case: Case, event: Event, at: datetime) -> Decision | Refused:
    """Refused by the one it was made to, or taken back; the handler hears of it within a minute."""
    assert isinstance(event, OfferEnded)
    if case.offered_until is None:
        return Decision(case, changed=False) if case.handler == event.by else Refused("not_offered")
    if event.by != case.handler and not _is_offered(case, event.by, event.desk):
        return Refused("not_offered")
    how = "withdrawn" if event.by == case.handler else "refused"
    return Decision(after_offer(case, at), (offer_over(case, at, how, event.by),))


def offer_over(case: Case, at: datetime, how: str, by: str | None = None) -> Entry:
    """The line of an offer that came to nothing."""
    return Entry(TimelineKind.OFFER_ENDED, at, by, {"to": case.offered_to, "how": how, **_at_desk(case)})


def _is_offered(case: Case, by: str, desk: str | None) -> bool:
    if by == case.handler:
        return False
    return case.offered_to == by or (case.offered_desk is not None and case.offered_desk == desk)


def _at_desk(case: Case) -> dict[str, str]:
    return {} if case.offered_desk is None else {"desk": case.offered_desk}


def named(case: Case, event: Event, at: datetime) -> Decision | Refused:
    """The case is that person's from now on, under that person's key; who may see and open follows."""
    assert isinstance(event, Named)
    if (known := _known(case, event.resident)) is not None:
        return known
    theirs = replace(case, open_key=f"person:{event.resident}", resident=event.resident)
    entry = Entry(TimelineKind.NAMED, at, event.by, {"resident": event.resident})
    return Decision(worked_on(theirs, at), (entry,), GrantChange.HAND_OVER)


def merged_into(case: Case, event: Event, at: datetime) -> Decision | Refused:
    """Closed as a part of that person's other case, which it points to."""
    assert isinstance(event, MergedInto)
    if (known := _known(case, event.resident)) is not None:
        return known
    ended = replace(
        unoffered(case),
        state=CaseState.CLOSED,
        open_key=None,
        resident=event.resident,
        merged_into=event.into,
        presses=0,
        unread=0,
        missions=0,
        watched_until=None,
        held_until=None,
        escalation=0,
        step=case.step + 1,
        next_step=None,
        next_step_at=None,
        closed_at=at,
    )
    entry = Entry(TimelineKind.MERGED, at, event.by, {"into": event.into})
    return Decision(ended, (entry,), GrantChange.END)


def merged_from(case: Case, event: Event, at: datetime) -> Decision | Refused:
    """Presses, urgency and waiting time of the other case count here; who named the person has it, unless another."""
    assert isinstance(event, MergedFrom)
    if case.handler not in {None, event.by}:
        return Refused("merge_taken")
    worse = event.reason is not case.reason and event.priority < case.priority
    one = replace(
        case,
        state=CaseState.TAKEN,
        handler=event.by,
        presses=case.presses + event.presses,
        unread=case.unread + event.unread,
        priority=min(case.priority, event.priority),
        reason=event.reason if worse else case.reason,
        raised_at=min(case.raised_at, event.raised_at),
        taken_at=case.taken_at or at,
        answered_ms=_waited(case, at) if case.answered_ms is None else case.answered_ms,
        held_until=None,
        escalation=0,
        missions=case.missions + event.missions,
        watched_until=case.watched_until or event.watched_until,
    )
    plan = deadlines.unread_press(at) if one.unread else deadlines.quiet_handler(at)
    entries = [Entry(TimelineKind.MERGED, at, event.by, {"from": event.case})]
    if case.handler is None:
        entries.append(Entry(TimelineKind.TAKEN, at, event.by))
    grants = GrantChange.GIVE if case.handler is None else GrantChange.KEEP
    return Decision(step_to(one, plan), tuple(entries), grants)


def counted(case: Case, event: Event, at: datetime) -> Decision:
    """Counted and unread; on the timeline only when nothing unread says it already, so that a flood stays one row."""
    assert isinstance(event, AnotherUnknown)
    more = replace(case, presses=case.presses + 1, unread=max(1, case.unread))
    if case.unread:
        return Decision(more)
    entry = Entry(TimelineKind.COUNTED, at, data={"signal": event.signal})
    if case.state is CaseState.TAKEN and case.held_until is None:
        return Decision(step_to(more, deadlines.unread_press(at)), (entry,))
    return Decision(more, (entry,))


def _known(case: Case, resident: str) -> Decision | Refused | None:
    """The answer where there is nobody to name; none where it is open who it is."""
    if case.resident is not None:
        return Decision(case, changed=False) if case.resident == resident else Refused("already_named")
    if case.kind is not CaseKind.PERSON or case.home is None:
        return Refused("nobody_to_name")
    return None


def _waited(case: Case, at: datetime) -> int:
    return round((at - case.raised_at).total_seconds() * 1000)


QUEUED: Mapping[type[Event], tuple[Rule, CaseState]] = {
    MergedFrom: (merged_from, CaseState.TAKEN),
    AnotherUnknown: (counted, CaseState.QUEUED),
}
TAKEN: Mapping[type[Event], tuple[Rule, CaseState]] = {
    Ticked: (by_handler(ticked), CaseState.TAKEN),
    CallStarted: (by_handler(call_started), CaseState.TAKEN),
    CallWentOn: (by_handler(call_went_on), CaseState.TAKEN),
    Told112: (by_handler(told_112), CaseState.TAKEN),
    Offered: (by_handler(offered), CaseState.TAKEN),
    SentOn: (by_handler(sent_on), CaseState.TAKEN),
    Accepted: (accepted, CaseState.TAKEN),
    OfferEnded: (offer_ended, CaseState.TAKEN),
    Named: (by_handler(named), CaseState.TAKEN),
    MergedInto: (by_handler(merged_into), CaseState.CLOSED),
    MergedFrom: (merged_from, CaseState.TAKEN),
    AnotherUnknown: (counted, CaseState.TAKEN),
}
