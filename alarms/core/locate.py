"""Asking a device where it is: asked, sent, and what came of it. May it be asked at all, and for how long is waited.

What is not in the table is refused and changes nothing. A question has one step at a time, with a deadline that stands
in the database and an id, so that a restart loses none and a late timer does nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from alarms.core.position import Fix
from alarms.core.shapes import Refused
from kit.wire.position_words import LocateState, LocateStep
from kit.wire.words import CaseKind

FETCHED_WITHIN = timedelta(seconds=90)
"""For the device, or the process that hears the broker, to fetch the question: devices poll each minute."""
ANSWERED_WITHIN = timedelta(seconds=120)
"""For the device to find itself: a receiver that has slept needs up to a minute under an open sky."""
CLOCKS_APART = timedelta(seconds=10)
"""A fix taken this long before the question was asked may still be its answer."""


@dataclass(frozen=True, slots=True)
class Locate:
    """A question as it stands; the columns of `locate` that time and the device change, and what it is about."""

    id: str
    case: str
    device: str
    state: LocateState
    step: int
    next_step: LocateStep | None
    next_step_at: datetime | None
    asked_at: datetime
    sent_at: datetime | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """The device has the question."""


@dataclass(frozen=True, slots=True)
class Placed:
    """The device has told of a position. `command` is the question it says that it answers, if it says so."""

    fix: Fix
    command: str | None


@dataclass(frozen=True, slots=True)
class CannotTell:
    """The device does not know where it is."""

    command: str | None


@dataclass(frozen=True, slots=True)
class StepDue:
    """The deadline of step `step` has passed."""

    step: int


Event = Sent | Placed | CannotTell | StepDue
Rule = Callable[[Locate, Event, datetime], Locate]


def ask(id: str, case: str, device: str, at: datetime) -> Locate:
    """A question just asked."""
    return Locate(id, case, device, LocateState.ASKED, 1, LocateStep.SEND_ENDS, at + FETCHED_WITHIN, at)


def _send(locate: Locate, event: Event, at: datetime) -> Locate:
    waiting = replace(locate, state=LocateState.SENT, sent_at=at, step=locate.step + 1)
    return replace(waiting, next_step=LocateStep.ANSWER_ENDS, next_step_at=at + ANSWERED_WITHIN)


def _place(locate: Locate, event: Event, at: datetime) -> Locate:
    assert isinstance(event, Placed)
    taken_at = event.fix.taken_at
    fresh = taken_at is not None and taken_at >= locate.asked_at - CLOCKS_APART
    # A kept position in answer is no answer, unless the device says that it is: then its age is shown.
    answers = event.command == locate.id if event.command is not None else fresh
    return _end(locate, LocateState.FOUND, at) if answers else locate


def _cannot(locate: Locate, event: Event, at: datetime) -> Locate:
    assert isinstance(event, CannotTell)
    return _end(locate, LocateState.CANNOT_TELL, at) if event.command in {None, locate.id} else locate


def _unfetched(locate: Locate, event: Event, at: datetime) -> Locate:
    assert isinstance(event, StepDue)
    return _end(locate, LocateState.UNREACHABLE, at) if event.step == locate.step else locate


def _unanswered(locate: Locate, event: Event, at: datetime) -> Locate:
    assert isinstance(event, StepDue)
    return _end(locate, LocateState.NO_ANSWER, at) if event.step == locate.step else locate


def _end(locate: Locate, state: LocateState, at: datetime) -> Locate:
    return replace(locate, state=state, ended_at=at, step=locate.step + 1, next_step=None, next_step_at=None)


TABLE: Mapping[LocateState, Mapping[type[Event], Rule]] = {
    LocateState.ASKED: {Sent: _send, Placed: _place, CannotTell: _cannot, StepDue: _unfetched},
    LocateState.SENT: {Placed: _place, CannotTell: _cannot, StepDue: _unanswered},
    LocateState.FOUND: {},
    LocateState.CANNOT_TELL: {},
    LocateState.NO_ANSWER: {},
    LocateState.UNREACHABLE: {},
}


def decide(locate: Locate, event: Event, at: datetime) -> Locate | Refused:
    """What becomes of the question: itself where the event is not about it; refused once it has ended."""
    rule = TABLE[locate.state].get(type(event))
    if rule is None:
        return Refused("locate_sent" if locate.state is LocateState.SENT else "locate_ended")
    return rule(locate, event, at)


def may_ask(kind: CaseKind, *, consented: bool, urgent: str | None) -> str | None:
    """Why the device may not be asked, none when it may.

    With consent it may for any case of the person. Without, only for the person's own alarm, and only when who asks
    states why life or health is in danger (decisions/0018).
    """
    if kind is not CaseKind.PERSON:
        return "no_person_case"
    return None if consented or urgent else "consent_missing"
