"""A signal on its way to external alarm centres: whatever they answer, it is out, taken, or somebody has the case."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alarms.core.forwarding import (
    HELD_AT_MOST,
    HOLD,
    HOLD_LONGEST,
    HOLD_SHORTEST,
    OK,
    PAUSE_LONGEST,
    SENT_FOR,
    UNDER_WAY,
    Forwarding,
    Over,
    Send,
    Told,
    Unheard,
    after_test,
    decide,
)
from kit.wire.forwarding_words import ForwardOutcome, ForwardState

AT = datetime(2026, 3, 1, 2, tzinfo=UTC)
BOTH = ("first", "second")
NEW = Forwarding(ForwardState.PENDING, AT)
SILENT = Unheard(ForwardOutcome.SILENT)


def after(*events, one=NEW, receivers=BOTH, at=AT, jitter=0.5):
    said = []
    for event in events:
        decided = decide(one, event, receivers, at, jitter)
        assert decided is not None
        one = decided.forwarding
        said += decided.said
    return one, said


def test_what_goes_out_is_taken_by_who_says_ok_and_by_nobody_who_says_less():
    one, said = after(Send())
    assert (one.state, one.receiver, one.tries, one.next_at) == (ForwardState.SENT, "first", 1, AT + SENT_FOR)
    one, said = after(Told(OK), one=one)
    assert (one.state, one.next_at, one.snu) == (ForwardState.DONE, None, 0)
    assert said == [ForwardOutcome.TAKEN]
    assert decide(one, Told(OK), BOTH, AT) is None


@pytest.mark.parametrize("snu", [1, 2, 3, 5, 6, 7, 99])
def test_a_no_sends_it_to_the_next_receiver_at_once(snu):
    one, said = after(Send(), Told(snu))
    assert (one.state, one.receiver, one.next_at) == (ForwardState.PENDING, "second", AT)
    assert said == [ForwardOutcome.REFUSED]


def test_silence_sends_it_to_the_next_receiver_and_after_the_last_to_all_again():
    one, said = after(Send(), SILENT, Send(), SILENT)
    assert (one.state, one.receiver, one.rounds) == (ForwardState.PENDING, None, 1)
    assert one.next_at > AT
    assert said == [ForwardOutcome.SILENT, ForwardOutcome.SILENT, ForwardOutcome.ALL_TRIED]
    assert after(Send(), one=one)[0].receiver == "first"


def test_a_hold_is_asked_again_for_three_minutes_and_said_once():
    one, said = after(Send(), Told(HOLD))
    assert said == [ForwardOutcome.HELD]
    at = AT
    while True:
        assert HOLD_SHORTEST <= one.next_at - at <= HOLD_LONGEST
        at = one.next_at
        one, said = after(Send(), Told(HOLD), one=one, at=at)
        if one.state is not ForwardState.HELD:
            break
        assert said == []
    assert at - AT >= HELD_AT_MOST
    assert (one.receiver, one.held_since) == ("second", None)


def test_what_was_out_when_its_process_died_is_sent_again_to_the_same_receiver():
    one, _ = after(Send(), SILENT, Send())
    again, _ = after(Send(), one=one, at=one.next_at)
    assert (again.state, again.receiver, again.tries) == (ForwardState.SENT, "second", 3)


def test_a_receiver_that_is_gone_gives_way_to_the_first_there_is():
    held, _ = after(Send(), Told(HOLD))
    one, _ = after(Send(), one=held, receivers=("third",))
    assert (one.receiver, one.held_since) == ("third", None)
    one, said = after(Send(), one=held, receivers=())
    assert (one.state, said) == (ForwardState.PENDING, [ForwardOutcome.ALL_TRIED])


_events = st.one_of(
    st.just(Send()),
    st.integers(0, 99).map(Told),
    st.sampled_from([ForwardOutcome.SILENT, ForwardOutcome.UNREACHABLE, ForwardOutcome.SIP_REFUSED]).map(Unheard),
    st.just(Over()),
)


@given(
    st.lists(st.tuples(_events, st.lists(st.sampled_from("abc"), unique=True), st.integers(0, 300)), max_size=40),
    st.floats(0, 1),
)
def test_whatever_is_heard_it_has_a_deadline_until_it_is_taken_or_needed_no_more(steps, jitter):
    one, at = NEW, AT
    for event, receivers, seconds in steps:
        at += timedelta(seconds=seconds)
        decided = decide(one, event, receivers, at, jitter)
        if decided is None:
            assert one.state not in UNDER_WAY or one.state is not ForwardState.SENT
            continue
        one = decided.forwarding
        if one.state in UNDER_WAY:
            assert at <= one.next_at <= at + PAUSE_LONGEST * 1.25
        else:
            assert one.next_at is None
            assert (ForwardOutcome.TAKEN in decided.said) == (event == Told(OK))
        if one.state is ForwardState.SENT:
            assert one.receiver in receivers


def test_two_failed_tests_in_a_row_are_trouble_once_until_one_is_answered():
    failures, told = 0, []
    for heard in (SILENT, Told(OK), SILENT, Told(5), SILENT, Told(OK), Told(OK)):
        failures, trouble = after_test(failures, heard)
        told.append(trouble)
    assert told == [None, None, None, True, None, False, None]
