"""The mission: somebody sent to a resident. Accepted is not arrived, and nobody answering is not an end.

One table says what may happen in which state; what is not in it is refused and changes nothing. Every open mission
leaves `decide` with a next step and a deadline (domain.md, semantics 8). When that passes, the mission goes on as it
was, and its case becomes urgent again, as often as it takes.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from alarms.core.mission_shapes import (
    Accept,
    Arrive,
    AtDoor,
    Cancel,
    Decision,
    Decline,
    Declined,
    Event,
    Finish,
    GetIn,
    Mission,
    NoAnswer,
    Refused,
    SetOff,
    StepDue,
    Tick,
)
from alarms.core.shapes import Entry, GrantChange
from kit.wire.mission_words import ArrivedHow, ArrivedReason, DoorStep, MissionState, MissionStep, SkipReason
from kit.wire.words import TimelineKind

ACCEPT_WITHIN = timedelta(minutes=3)
ARRIVE_AGAIN = timedelta(minutes=5)
"""How often a responder who has not arrived makes the case urgent again."""
DONE_WITHIN = timedelta(minutes=60)
"""How long somebody may be in a home before the handler is told to ask: staff work alone there."""
DOOR_WITHIN = timedelta(minutes=10)
"""How long the plan at the door may rest between two steps."""
ARRIVE_MINUTES = (20, 30, 60)
"""The least, the usual and the most minutes that a unit may give its responders to arrive."""

DOOR_PLAN = (
    DoorStep.RING_PHONE,
    DoorStep.KNOCK_AND_LOOK,
    DoorStep.ASK_AROUND,
    DoorStep.FIND_KEY,
    DoorStep.CALL_OPERATOR,
    DoorStep.EMERGENCY,
)
"""What is gone through when nobody answers. It is written into the mission when it begins (semantics 7)."""


def open_mission(
    id: str,
    *,
    principal: str,
    case: str,
    resident: str | None,
    home: str | None,
    unit: str | None = None,
    person: str | None = None,
    note: str = "",
    why: str = "",
    by: str | None,
    arrive_within: int,
    at: datetime,
) -> Mission:
    """A mission just sent, to a unit or to one person; `arrive_within` minutes are kept within their bounds."""
    least, _, most = ARRIVE_MINUTES
    sent = Mission(
        id=id,
        version=1,
        principal=principal,
        case=case,
        resident=resident,
        home=home,
        unit=unit,
        person=person,
        state=MissionState.SENT,
        responder=None,
        note=note,
        why=why,
        sent_by=by,
        sent_at=at,
        arrive_within=min(most, max(least, arrive_within)),
    )
    return _next(sent, MissionStep.NOT_ACCEPTED, at + ACCEPT_WITHIN)


def _next(mission: Mission, step: MissionStep, at: datetime) -> Mission:
    return replace(mission, step=mission.step + 1, next_step=step, next_step_at=at)


def _ended(mission: Mission, state: MissionState, at: datetime) -> Mission:
    over = replace(mission, state=state, ended_at=at)
    return replace(over, step=mission.step + 1, next_step=None, next_step_at=None)


def _line(kind: TimelineKind, mission: Mission, at: datetime, by: str | None = None, **said: str | int | None) -> Entry:
    return Entry(kind, at, by, {"mission": mission.id, **said})


def _by_responder(rule: Callable[[Mission, Event, datetime], Decision | Refused]) -> "Rule":
    """A rule only for who has accepted, or for the desk on what that one has told it."""

    def guarded(mission: Mission, event: Event, at: datetime) -> Decision | Refused:
        if not getattr(event, "desk", False) and getattr(event, "by", None) not in {mission.responder, None}:
            return Refused("not_yours")
        return rule(mission, event, at)

    guarded.__name__ = rule.__name__
    return guarded


def _accept(mission: Mission, event: Event, at: datetime) -> Decision | Refused:
    assert isinstance(event, Accept)
    if mission.person not in {None, event.by}:
        return Refused("not_yours")
    accepted = replace(mission, state=MissionState.ACCEPTED, responder=event.by, accepted_at=at)
    by = at + timedelta(minutes=mission.arrive_within)
    entry = _line(TimelineKind.MISSION_ACCEPTED, mission, at, event.by, minutes=mission.arrive_within)
    return Decision(_next(accepted, MissionStep.NOT_ARRIVED, by), (entry,), GrantChange.GIVE)


def _accept_again(mission: Mission, event: Event, at: datetime) -> Decision | Refused:
    """Accepting what one has is done already; accepting what another has is refused."""
    assert isinstance(event, Accept)
    return Decision(mission, changed=False) if mission.responder == event.by else Refused("mission_taken")


def _decline(mission: Mission, event: Event, at: datetime) -> Decision | Refused:
    """Urgent at once. What a team was offered stays offered while somebody is left who can."""
    assert isinstance(event, Decline)
    if mission.person not in {None, event.by}:
        return Refused("not_yours")
    others = tuple(one for one in mission.declined if one.person != event.by)
    if mission.responder is None and len(others) < len(mission.declined):
        return Decision(mission, changed=False)
    declined = (*others, Declined(event.by, event.reason, at))
    entry = _line(TimelineKind.MISSION_DECLINED, mission, at, event.by, reason=event.reason.value)
    after = replace(mission, declined=declined, responder=None, urgent=mission.urgent + 1)
    if mission.person is not None or event.others <= 0:
        over = _ended(after, MissionState.DECLINED, at)
        return Decision(over, (entry,), GrantChange.END, urgent=True)
    if mission.state is MissionState.SENT:
        return Decision(after, (entry,), urgent=True)
    offered = replace(after, state=MissionState.SENT, accepted_at=None, set_off_at=None)
    return Decision(
        _next(offered, MissionStep.NOT_ACCEPTED, at + ACCEPT_WITHIN), (entry,), GrantChange.END, urgent=True
    )


def _decline_after(mission: Mission, event: Event, at: datetime) -> Decision | Refused:
    """Who has accepted cannot after all; who has not may say so without that changing who goes."""
    assert isinstance(event, Decline)
    if event.by != mission.responder:
        return Refused("mission_taken")
    return _decline(mission, event, at)


def _set_off(mission: Mission, event: Event, at: datetime) -> Decision:
    assert isinstance(event, SetOff)
    # The deadline stays: what counts is when somebody accepted, not when the car started.
    going = replace(mission, state=MissionState.ON_THE_WAY, set_off_at=at)
    return Decision(going, (_line(TimelineKind.MISSION_ON_THE_WAY, mission, at, event.by),))


def _already(mission: Mission, event: Event, at: datetime) -> Decision:
    """A receipt that comes late, about what has been passed already."""
    return Decision(mission, changed=False)


def _arrive(mission: Mission, event: Event, at: datetime) -> Decision | Refused:
    assert isinstance(event, Arrive)
    if event.how is ArrivedHow.STATED and event.reason is None:
        return Refused("reason_missing")
    if event.by is None and event.how is not ArrivedHow.LOCK:
        return Refused("not_yours")
    there = _there(replace(mission, state=MissionState.ARRIVED), event.how, event.reason, at)
    said = {"how": event.how.value, "reason": event.reason, "lock": event.lock}
    entry = _line(TimelineKind.MISSION_ARRIVED, mission, at, event.by or mission.responder, **said)
    return Decision(_next(there, MissionStep.NOT_DONE, at + DONE_WITHIN), (entry,))


def _there(mission: Mission, how: ArrivedHow, reason: ArrivedReason | None, at: datetime) -> Mission:
    if mission.arrived_at is not None:
        return mission
    return replace(mission, arrived_at=at, arrived_how=how, arrived_reason=reason)


def _no_answer(mission: Mission, event: Event, at: datetime) -> Decision:
    """The forced plan begins; whoever stands at the door has arrived, by their own word."""
    assert isinstance(event, NoAnswer)
    stands = _there(mission, ArrivedHow.STATED, ArrivedReason.AT_THE_DOOR, at)
    before = mission.door or tuple(AtDoor(step) for step in DOOR_PLAN)
    door = tuple(AtDoor(one.step) if one.skipped is SkipReason.GOT_IN else one for one in before)
    waiting = replace(stands, state=MissionState.NO_ANSWER, door=door)
    entry = _line(TimelineKind.MISSION_NO_ANSWER, mission, at, event.by)
    return Decision(_next(waiting, MissionStep.DOOR_PLAN_RESTS, at + DOOR_WITHIN), (entry,), urgent=True)


def _tick(mission: Mission, event: Event, at: datetime) -> Decision | Refused:
    assert isinstance(event, Tick)
    before = next((one for one in mission.door if one.step is event.step), None)
    if before is None:
        return Refused("no_such_step")
    # Nothing is unticked, but who passed over a step may still do it.
    if before.at is not None and (before.skipped is None or event.skipped is not None):
        return Decision(mission, changed=False)
    now = AtDoor(event.step, at, event.by, event.skipped)
    door = tuple(now if one.step is event.step else one for one in mission.door)
    entry = _line(TimelineKind.MISSION_STEP, mission, at, event.by, step=event.step.value, skipped=event.skipped)
    ticked = replace(mission, door=door)
    return Decision(_next(ticked, MissionStep.DOOR_PLAN_RESTS, at + DOOR_WITHIN), (entry,))


def _get_in(mission: Mission, event: Event, at: datetime) -> Decision:
    assert isinstance(event, GetIn)
    door = tuple(
        one if one.at is not None else AtDoor(one.step, at, event.by, SkipReason.GOT_IN) for one in mission.door
    )
    inside = replace(mission, state=MissionState.ARRIVED, door=door)
    entry = _line(TimelineKind.MISSION_GOT_IN, mission, at, event.by)
    return Decision(_next(inside, MissionStep.NOT_DONE, at + DONE_WITHIN), (entry,))


def _finish(mission: Mission, event: Event, at: datetime) -> Decision | Refused:
    assert isinstance(event, Finish)
    if any(one.at is None for one in mission.door):
        return Refused("steps_left")
    entry = _line(TimelineKind.MISSION_DONE, mission, at, event.by)
    return Decision(_ended(mission, MissionState.DONE, at), (entry,), GrantChange.END)


def _cancel(mission: Mission, event: Event, at: datetime) -> Decision:
    assert isinstance(event, Cancel)
    entry = _line(TimelineKind.MISSION_CANCELLED, mission, at, event.by, text=event.why or None)
    grants = GrantChange.KEEP if mission.responder is None else GrantChange.END
    return Decision(_ended(mission, MissionState.CANCELLED, at), (entry,), grants)


_AGAIN: Mapping[MissionStep, timedelta] = {
    MissionStep.NOT_ACCEPTED: ACCEPT_WITHIN,
    MissionStep.NOT_ARRIVED: ARRIVE_AGAIN,
    MissionStep.NOT_DONE: DONE_WITHIN,
    MissionStep.DOOR_PLAN_RESTS: DOOR_WITHIN,
}


def _step(mission: Mission, event: Event, at: datetime) -> Decision:
    """The deadline passed: the mission goes on, its case is urgent again, and the next deadline is set."""
    assert isinstance(event, StepDue)
    if event.step != mission.step or mission.next_step is None:
        return Decision(mission, changed=False)
    urgent = replace(mission, urgent=mission.urgent + 1)
    said = {"step": mission.next_step.value, "times": urgent.urgent}
    entry = _line(TimelineKind.MISSION_URGENT, mission, at, None, **said)
    return Decision(_next(urgent, mission.next_step, at + _AGAIN[mission.next_step]), (entry,), urgent=True)


Rule = Callable[[Mission, Event, datetime], Decision | Refused]

TABLE: Mapping[MissionState, Mapping[type[Event], tuple[Rule, tuple[MissionState, ...]]]] = {
    MissionState.SENT: {
        Accept: (_accept, (MissionState.ACCEPTED,)),
        Decline: (_decline, (MissionState.SENT, MissionState.DECLINED)),
        Cancel: (_cancel, (MissionState.CANCELLED,)),
        StepDue: (_step, (MissionState.SENT,)),
    },
    MissionState.ACCEPTED: {
        Accept: (_accept_again, (MissionState.ACCEPTED,)),
        Decline: (_decline_after, (MissionState.SENT, MissionState.DECLINED)),
        SetOff: (_by_responder(_set_off), (MissionState.ON_THE_WAY,)),
        Arrive: (_by_responder(_arrive), (MissionState.ARRIVED,)),
        NoAnswer: (_by_responder(_no_answer), (MissionState.NO_ANSWER,)),
        Cancel: (_cancel, (MissionState.CANCELLED,)),
        StepDue: (_step, (MissionState.ACCEPTED,)),
    },
    MissionState.ON_THE_WAY: {
        Accept: (_accept_again, (MissionState.ON_THE_WAY,)),
        Decline: (_decline_after, (MissionState.SENT, MissionState.DECLINED)),
        SetOff: (_by_responder(_already), (MissionState.ON_THE_WAY,)),
        Arrive: (_by_responder(_arrive), (MissionState.ARRIVED,)),
        NoAnswer: (_by_responder(_no_answer), (MissionState.NO_ANSWER,)),
        Cancel: (_cancel, (MissionState.CANCELLED,)),
        StepDue: (_step, (MissionState.ON_THE_WAY,)),
    },
    MissionState.ARRIVED: {
        Accept: (_accept_again, (MissionState.ARRIVED,)),
        SetOff: (_by_responder(_already), (MissionState.ARRIVED,)),
        Arrive: (_by_responder(_already), (MissionState.ARRIVED,)),
        NoAnswer: (_by_responder(_no_answer), (MissionState.NO_ANSWER,)),
        Finish: (_by_responder(_finish), (MissionState.DONE,)),
        StepDue: (_step, (MissionState.ARRIVED,)),
    },
    MissionState.NO_ANSWER: {
        Accept: (_accept_again, (MissionState.NO_ANSWER,)),
        SetOff: (_by_responder(_already), (MissionState.NO_ANSWER,)),
        Arrive: (_by_responder(_already), (MissionState.NO_ANSWER,)),
        NoAnswer: (_by_responder(_already), (MissionState.NO_ANSWER,)),
        Tick: (_by_responder(_tick), (MissionState.NO_ANSWER,)),
        GetIn: (_by_responder(_get_in), (MissionState.ARRIVED,)),
        Finish: (_by_responder(_finish), (MissionState.DONE,)),
        StepDue: (_step, (MissionState.NO_ANSWER,)),
    },
    MissionState.DECLINED: {},
    MissionState.DONE: {},
    MissionState.CANCELLED: {},
}

REFUSED_IN: Mapping[MissionState, str] = {
    MissionState.SENT: "not_accepted",
    MissionState.ACCEPTED: "not_arrived",
    MissionState.ON_THE_WAY: "not_arrived",
    MissionState.ARRIVED: "arrived",
    MissionState.NO_ANSWER: "arrived",
    MissionState.DECLINED: "mission_over",
    MissionState.DONE: "mission_over",
    MissionState.CANCELLED: "mission_over",
}


def decide(mission: Mission, event: Event, at: datetime) -> Decision | Refused:
    """What becomes of the mission. A changed one has the next version; a refusal names its stable code."""
    row = TABLE[mission.state].get(type(event))
    if row is None:
        return Refused(REFUSED_IN[mission.state])
    rule, to = row
    decision = rule(mission, event, at)
    if isinstance(decision, Refused) or not decision.changed:
        return decision
    assert decision.mission.state in to
    return replace(decision, mission=replace(decision.mission, version=mission.version + 1))


def watched_until(mission: Mission) -> datetime | None:
    """Until when this mission's own deadline stands for its handler's; none when nobody is on it, or it is late.

    A handler whose responder has accepted and is on time has nothing to do but wait, and a reminder that is wrong is
    one that is not heeded when it is right. So the case leaves the handler alone until a minute after the mission's
    deadline; that passing wakes the case by itself.
    """
    if mission.responder is None or mission.next_step_at is None or mission.state is MissionState.NO_ANSWER:
        return None
    return mission.next_step_at + timedelta(minutes=1)
