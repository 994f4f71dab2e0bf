"""The call's machine: each state with each event, and what the README shows of it."""

from dataclasses import replace
from pathlib import Path

import pytest

from alarms.core import call as calls
from alarms.core.call import REFUSED_IN, TABLE, Answered, Call, Ended, decide
from alarms.core.diagram import mermaid
from alarms.core.shapes import Refused
from kit.wire.handling import CallResult, CallState, CallTo
from tests.unit.alarms.core.cases import AT, MINUTE

STARTED = Call("call-1", "case-1", "karin", CallTo.CONTACT, "contact-1", CallState.STARTED, None, AT, None, None)
CONNECTED = replace(STARTED, state=CallState.CONNECTED, connected_at=AT)
OVER = replace(STARTED, state=CallState.ENDED, result=CallResult.BUSY, ended_at=AT)
README = Path(__file__).parents[4] / "alarms" / "README.md"


@pytest.mark.parametrize("event", [Answered(), *map(Ended, CallResult)], ids=str)
@pytest.mark.parametrize("call", [STARTED, CONNECTED, OVER], ids=lambda call: call.state)
def test_each_state_with_each_event_goes_where_the_table_says_or_nowhere(call: Call, event: calls.Event) -> None:
    after = decide(call, event, AT + MINUTE)
    row = TABLE[call.state].get(type(event))
    if row is None:
        assert after == Refused(REFUSED_IN[call.state])
    elif isinstance(after, Refused):
        assert isinstance(event, Ended)
        impossible = {CallState.STARTED: {CallResult.CUT_OFF}, CallState.CONNECTED: calls.NEVER_ANSWERED}
        assert event.result in impossible[call.state]
    else:
        assert after.state is row[1]
        assert (after.result is not None) == (after.state is CallState.ENDED) == (after.ended_at is not None)


def test_a_call_that_was_answered_cannot_end_as_one_that_nobody_answered() -> None:
    assert decide(CONNECTED, Ended(CallResult.NO_ANSWER), AT) == Refused("call_was_answered")
    assert decide(STARTED, Ended(CallResult.CUT_OFF), AT) == Refused("call_not_answered")


def test_a_result_is_said_once() -> None:
    assert decide(OVER, Ended(CallResult.ANSWERED), AT) == Refused("call_ended")


def test_the_readme_shows_the_calls_table_as_it_is() -> None:
    assert f"```mermaid\n{mermaid(TABLE)}\n```" in README.read_text(), "run: python -m alarms.core.diagram"
