"""The call: from the moment it is made until its result is written down. A machine of its own beside the case's.

A case can have several at once, one for each operator. What is not in the table is refused and changes nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from alarms.core.shapes import Refused
from kit.wire.handling import CallResult, CallState, CallTo

NEVER_ANSWERED = frozenset({CallResult.NO_ANSWER, CallResult.BUSY, CallResult.NUMBER_FAULT})
"""Results of a call that nobody has answered; of one that somebody has, they cannot be true."""


@dataclass(frozen=True, slots=True)
class Call:
    """A call as it stands; the columns of `case_call`. `contact` is the contact's id where it is to one."""

    id: str
    case: str
    operator: str
    to: CallTo
    contact: str | None
    state: CallState
    result: CallResult | None
    started_at: datetime
    connected_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Answered:
    """Somebody is on the line."""


@dataclass(frozen=True, slots=True)
class Ended:
    """The call is over, and this came of it."""

    result: CallResult


Event = Answered | Ended
Rule = Callable[[Call, Event, datetime], Call | Refused]


def _answer(call: Call, event: Event, at: datetime) -> Call:
    return replace(call, state=CallState.CONNECTED, connected_at=at)


def _end(call: Call, event: Event, at: datetime) -> Call | Refused:
    assert isinstance(event, Ended)
    if call.state is CallState.CONNECTED and event.result in NEVER_ANSWERED:
        return Refused("call_was_answered")
    if call.state is CallState.STARTED and event.result is CallResult.CUT_OFF:
        return Refused("call_not_answered")
    return replace(call, state=CallState.ENDED, result=event.result, ended_at=at)


TABLE: Mapping[CallState, Mapping[type[Event], tuple[Rule, CallState]]] = {
    CallState.STARTED: {
        Answered: (_answer, CallState.CONNECTED),
        Ended: (_end, CallState.ENDED),
    },
    CallState.CONNECTED: {
        Ended: (_end, CallState.ENDED),
    },
    CallState.ENDED: {},
}

REFUSED_IN = {
    CallState.STARTED: "call_not_answered",
    CallState.CONNECTED: "call_was_answered",
    CallState.ENDED: "call_ended",
}


def decide(call: Call, event: Event, at: datetime) -> Call | Refused:
    """What becomes of the call, or the stable code of why nothing does."""
    row = TABLE[call.state].get(type(event))
    if row is None:
        return Refused(REFUSED_IN[call.state])
    rule, to = row
    decided = rule(call, event, at)
    assert isinstance(decided, Refused) or decided.state is to
    return decided
