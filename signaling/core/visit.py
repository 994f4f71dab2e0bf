"""What may become of a visit: a table of states and events, and one function that decides.

`decide(visit, event, at)` is all there is. What is not in the table is refused and changes nothing. An open visit
always has a next step with a deadline (`deadlines`), and every way out names an outcome. README.md's diagram is drawn
from `TABLE`.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from kit.wire.words import (
    Away,
    Direction,
    LegalBasis,
    Trouble,
    VisitEntryKind,
    VisitKind,
    VisitOutcome,
    VisitPart,
    VisitState,
    VisitStep,
)
from signaling.core import deadlines
from signaling.core.shapes import (
    Answer,
    Decision,
    Decline,
    Entry,
    Event,
    HangUp,
    Join,
    Leave,
    Participant,
    Refused,
    Report,
    Return,
    RightEnded,
    Ring,
    Seen,
    StepDue,
    Visit,
    device,
    person,
)

_BY_TROUBLE = {
    Trouble.MICROPHONE_REFUSED: VisitOutcome.MICROPHONE_REFUSED,
    Trouble.CAMERA_REFUSED: VisitOutcome.CAMERA_REFUSED,
}
_BY_AWAY = {
    Away.PAGE_CLOSED: VisitOutcome.PAGE_CLOSED,
    Away.CONNECTION_LOST: VisitOutcome.CONNECTION_LOST,
}
_BY_TIME = {
    VisitStep.PLAN_LAPSES: VisitOutcome.LAPSED,
    VisitStep.RING_ENDS: VisitOutcome.NO_ANSWER,
    VisitStep.TIME_ENDS: VisitOutcome.TIME_UP,
}


def planned(
    visit_id: str,
    *,
    kind: VisitKind,
    principal: str,
    unit: str,
    resident: str,
    home: str,
    caller: str,
    caller_place: str,
    legal_basis: LegalBasis,
    decision: str,
    planned_at: datetime,
    case: str | None = None,
) -> Visit:
    """A visit that nobody has rung yet; one that is to ring at once is planned for now and rung."""
    visit = Visit(
        id=visit_id,
        version=1,
        live_key=None,
        kind=kind,
        state=VisitState.PLANNED,
        principal=principal,
        unit=unit,
        resident=resident,
        home=home,
        caller=caller,
        caller_place=caller_place,
        legal_basis=legal_basis,
        decision=decision,
        case=case,
        node=None,
        planned_at=planned_at,
        rang_at=None,
        seen_at=None,
        answered_at=None,
        connected_at=None,
        ended_at=None,
        outcome=None,
        ended_by=None,
        step=0,
        next_step=None,
        next_step_at=None,
    )
    return _with_next_step(visit)


def _ring(visit: Visit, event: Event, at: datetime) -> Decision:
    assert isinstance(event, Ring)
    caller = _gone(Participant(event.participant, VisitPart.CALLER, person(visit.caller)), event.away, at)
    ringing = replace(
        visit,
        state=VisitState.RINGING,
        live_key=f"resident:{visit.resident}",
        rang_at=at,
        participants=(caller,),
    )
    return Decision(ringing, (Entry(VisitEntryKind.RANG, at, VisitPart.CALLER),))


def _ring_again(visit: Visit, event: Event, at: datetime) -> Decision:
    """It rings already."""
    return Decision(visit, changed=False)


def _seen(visit: Visit, event: Event, at: datetime) -> Decision:
    assert isinstance(event, Seen)
    if visit.seen_at is not None:
        return Decision(visit, changed=False)
    entry = Entry(VisitEntryKind.SEEN, at, VisitPart.RESIDENT, {"device": event.device})
    return Decision(replace(visit, seen_at=at), (entry,))


def _answer(visit: Visit, event: Event, at: datetime) -> Decision:
    assert isinstance(event, Answer)
    resident = _gone(Participant(event.participant, VisitPart.RESIDENT, device(event.device)), event.away, at)
    answered = replace(visit, state=VisitState.ANSWERED, answered_at=at, participants=(*visit.participants, resident))
    entry = Entry(VisitEntryKind.ANSWERED, at, VisitPart.RESIDENT, {"device": event.device})
    return Decision(answered, (entry,))


def _answer_again(visit: Visit, event: Event, at: datetime) -> Decision | Refused:
    """The first answer won: for the device that it was, it is done already; the others hear who was first."""
    assert isinstance(event, Answer)
    resident = visit.of_part(VisitPart.RESIDENT)
    assert resident is not None
    return Decision(visit, changed=False) if resident.holder == device(event.device) else Refused("answered_elsewhere")


def _decline(visit: Visit, event: Event, at: datetime) -> Decision:
    assert isinstance(event, Decline)
    return _end(visit, VisitOutcome.DECLINED, at, VisitPart.RESIDENT, by_device=event.device)


def _take_back(visit: Visit, event: Event, at: datetime) -> Decision | Refused:
    assert isinstance(event, HangUp)
    if event.holder != person(visit.caller):
        return Refused("not_in_visit")
    return _end(visit, VisitOutcome.CANCELLED, at, VisitPart.CALLER)


def _hang_up(visit: Visit, event: Event, at: datetime) -> Decision | Refused:
    assert isinstance(event, HangUp)
    if (who := visit.held_by(event.holder)) is None:
        return Refused("not_in_visit")
    return _end(visit, _how_it_went(visit), at, who.part)


def _ended_already(visit: Visit, event: Event, at: datetime) -> Decision:
    return Decision(visit, changed=False)


def _join(visit: Visit, event: Event, at: datetime) -> Decision | Refused:
    assert isinstance(event, Join)
    if (who := visit.held_by(event.holder)) is None:
        return Refused("not_in_visit")
    more = 1 if event.direction is Direction.PUBLISH else 0
    joined = _with(visit, replace(who, joined_at=who.joined_at or at, publishes=who.publishes + more))
    entries: tuple[Entry, ...] = ()
    if who.joined_at is None:
        entries = (Entry(VisitEntryKind.JOINED, at, who.part),)
    both = len(joined.participants) == 2 and all(one.joined_at for one in joined.participants)
    if visit.state is VisitState.ANSWERED and both:
        joined = replace(joined, state=VisitState.IN_PROGRESS, connected_at=at)
        entries = (*entries, Entry(VisitEntryKind.CONNECTED, at))
    return Decision(joined, entries, changed=joined != visit)


def _report(visit: Visit, event: Event, at: datetime) -> Decision | Refused:
    assert isinstance(event, Report)
    if (who := visit.held_by(event.holder)) is None:
        return Refused("not_in_visit")
    trouble = tuple(sorted(set(event.trouble)))
    if trouble == who.trouble:
        return Decision(visit, changed=False)
    entry = Entry(VisitEntryKind.TROUBLE, at, who.part, {"trouble": " ".join(trouble)})
    return Decision(_with(visit, replace(who, trouble=trouble)), (entry,))


def _leave(visit: Visit, event: Event, at: datetime) -> Decision | Refused:
    assert isinstance(event, Leave)
    if (who := visit.held_by(event.holder)) is None:
        return Refused("not_in_visit")
    if who.away is not None:
        return Decision(visit, changed=False)
    entry = Entry(VisitEntryKind.AWAY, at, who.part, {"away": event.away.value})
    return Decision(_with(visit, _gone(who, event.away, at)), (entry,))


def _return(visit: Visit, event: Event, at: datetime) -> Decision | Refused:
    assert isinstance(event, Return)
    if (who := visit.held_by(event.holder)) is None:
        return Refused("not_in_visit")
    if who.away is None:
        return Decision(visit, changed=False)
    here = _with(visit, replace(who, away=None, away_since=None))
    return Decision(here, (Entry(VisitEntryKind.BACK, at, who.part),))


def _right_ended(visit: Visit, event: Event, at: datetime) -> Decision:
    return _end(visit, VisitOutcome.RIGHT_ENDED, at, None)


def _step(visit: Visit, event: Event, at: datetime) -> Decision:
    assert isinstance(event, StepDue)
    if event.step != visit.step:
        return Decision(visit, changed=False)
    assert visit.next_step is not None
    if visit.next_step is VisitStep.AWAY_ENDS:
        away = [one for one in visit.participants if one.away is not None]
        first = min(away, key=lambda one: deadlines.away_ends_at(one) or at)
        assert first.away is not None
        return _end(visit, _BY_AWAY[first.away], at, first.part)
    if visit.next_step is VisitStep.CONNECTING_ENDS:
        return _end(visit, _how_it_went(visit), at, None)
    return _end(visit, _BY_TIME[visit.next_step], at, None)


def _how_it_went(visit: Visit) -> VisitOutcome:
    """The outcome of a visit that was answered: done, or what kept somebody from being seen and heard at all."""
    mute = [one for one in visit.participants if one.publishes == 0]
    if visit.state is VisitState.IN_PROGRESS and not mute:
        return VisitOutcome.COMPLETED
    for trouble, outcome in _BY_TROUBLE.items():
        if any(trouble in one.trouble for one in mute):
            return outcome
    return VisitOutcome.NOT_CONNECTED


def _end(
    visit: Visit, outcome: VisitOutcome, at: datetime, by: VisitPart | None, by_device: str | None = None
) -> Decision:
    said: dict[str, str | int | None] = {"outcome": outcome.value}
    if by_device is not None:
        said["device"] = by_device
    ended = replace(visit, state=VisitState.ENDED, live_key=None, ended_at=at, outcome=outcome, ended_by=by)
    return Decision(ended, (Entry(VisitEntryKind.ENDED, at, by, said),))


def _gone(participant: Participant, away: Away | None, at: datetime) -> Participant:
    return participant if away is None else replace(participant, away=away, away_since=at)


def _with(visit: Visit, participant: Participant) -> Visit:
    """The visit with this participant as it now stands."""
    return replace(
        visit, participants=tuple(participant if one.id == participant.id else one for one in visit.participants)
    )


def _with_next_step(visit: Visit) -> Visit:
    """The visit with what will happen to it by itself; another step, or another deadline, has a new id."""
    step, at = deadlines.next_step(visit) or (None, None)
    if (step, at) == (visit.next_step, visit.next_step_at):
        return visit
    return replace(visit, step=visit.step + 1, next_step=step, next_step_at=at)


Rule = Callable[[Visit, Event, datetime], Decision | Refused]

_ENDED = (VisitState.ENDED,)
_HERE: Mapping[VisitState, Mapping[type[Event], tuple[Rule, tuple[VisitState, ...]]]] = {
    state: {
        Report: (_report, (state,)),
        Leave: (_leave, (state,)),
        Return: (_return, (state,)),
        RightEnded: (_right_ended, _ENDED),
        StepDue: (_step, _ENDED),
    }
    for state in (VisitState.RINGING, VisitState.ANSWERED, VisitState.IN_PROGRESS)
}

TABLE: Mapping[VisitState, Mapping[type[Event], tuple[Rule, tuple[VisitState, ...]]]] = {
    VisitState.PLANNED: {
        Ring: (_ring, (VisitState.RINGING,)),
        HangUp: (_take_back, _ENDED),
        StepDue: (_step, _ENDED),
    },
    VisitState.RINGING: {
        Ring: (_ring_again, (VisitState.RINGING,)),
        Seen: (_seen, (VisitState.RINGING,)),
        Answer: (_answer, (VisitState.ANSWERED,)),
        Decline: (_decline, _ENDED),
        HangUp: (_take_back, _ENDED),
        **_HERE[VisitState.RINGING],
    },
    VisitState.ANSWERED: {
        Answer: (_answer_again, (VisitState.ANSWERED,)),
        Join: (_join, (VisitState.ANSWERED, VisitState.IN_PROGRESS)),
        HangUp: (_hang_up, _ENDED),
        **_HERE[VisitState.ANSWERED],
    },
    VisitState.IN_PROGRESS: {
        Answer: (_answer_again, (VisitState.IN_PROGRESS,)),
        Join: (_join, (VisitState.IN_PROGRESS,)),
        HangUp: (_hang_up, _ENDED),
        **_HERE[VisitState.IN_PROGRESS],
    },
    VisitState.ENDED: {
        HangUp: (_ended_already, _ENDED),
    },
}

REFUSED_IN: Mapping[VisitState, str] = {
    VisitState.PLANNED: "not_ringing",
    VisitState.RINGING: "not_answered",
    VisitState.ANSWERED: "answered",
    VisitState.IN_PROGRESS: "answered",
    VisitState.ENDED: "ended",
}


def decide(visit: Visit, event: Event, at: datetime) -> Decision | Refused:
    """What becomes of the visit. A changed visit has the next version; a refusal names its stable code."""
    row = TABLE[visit.state].get(type(event))
    if row is None:
        return Refused(REFUSED_IN[visit.state])
    rule, to = row
    decision = rule(visit, event, at)
    if isinstance(decision, Refused) or not decision.changed:
        return decision
    after = decision.visit
    assert after.state in to
    return replace(decision, visit=replace(_with_next_step(after), version=visit.version + 1))
