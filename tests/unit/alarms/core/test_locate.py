"""Asking a device where it is: on what ground, and what becomes of the question."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alarms.core.locate import (
    ANSWERED_WITHIN,
    FETCHED_WITHIN,
    TABLE,
    CannotTell,
    Placed,
    Sent,
    StepDue,
    ask,
    decide,
    may_ask,
)
from alarms.core.position import Fix, Place
from alarms.core.shapes import Refused
from kit.wire.position_words import LocateState, LocateStep
from kit.wire.words import CaseKind

AT = datetime(2026, 1, 15, 3, 10, tzinfo=UTC)
LATER = AT + timedelta(seconds=30)


def fix(taken=LATER):
    return Fix(Place(58.4, 13.4), taken, LATER, 10)


def asked():
    return ask("locate-1", "case-1", "phone", AT)


def sent():
    found = decide(asked(), Sent(), AT)
    assert not isinstance(found, Refused)
    return found


def test_a_question_waits_to_be_fetched_and_then_to_be_answered():
    assert (asked().next_step, asked().next_step_at) == (LocateStep.SEND_ENDS, AT + FETCHED_WITHIN)
    assert (sent().next_step, sent().next_step_at) == (LocateStep.ANSWER_ENDS, AT + ANSWERED_WITHIN)
    assert sent().step == asked().step + 1


def test_a_question_is_given_once():
    assert decide(sent(), Sent(), LATER) == Refused("locate_sent")


@pytest.mark.parametrize("begin", [asked, sent])
def test_a_position_taken_since_is_its_answer_and_an_old_one_is_not(begin):
    assert decide(begin(), Placed(fix(), None), LATER).state is LocateState.FOUND
    old = Placed(fix(AT - timedelta(minutes=1)), None)
    assert decide(begin(), old, LATER) == begin()
    assert decide(begin(), Placed(fix(None), None), LATER) == begin()


def test_a_device_that_names_the_question_answers_it_whatever_its_clock_says():
    assert decide(sent(), Placed(fix(None), "locate-1"), LATER).state is LocateState.FOUND
    assert decide(sent(), Placed(fix(), "another"), LATER) == sent()


def test_a_device_that_does_not_know_says_so():
    assert decide(sent(), CannotTell("locate-1"), LATER).state is LocateState.CANNOT_TELL
    assert decide(sent(), CannotTell("another"), LATER) == sent()


def test_no_answer_within_the_limit_is_said_plainly_and_a_stale_step_does_nothing():
    assert decide(asked(), StepDue(1), LATER).state is LocateState.UNREACHABLE
    assert decide(sent(), StepDue(2), LATER).state is LocateState.NO_ANSWER
    assert decide(sent(), StepDue(1), LATER) == sent()


def test_what_has_ended_stays_as_it_is():
    found = decide(sent(), Placed(fix(), None), LATER)
    for event in (Sent(), Placed(fix(), None), CannotTell(None), StepDue(found.step)):
        assert decide(found, event, LATER) == Refused("locate_ended")


events = st.sampled_from(
    [Sent(), Placed(fix(), None), Placed(fix(AT - timedelta(hours=1)), None), CannotTell("x"), StepDue(1), StepDue(2)]
)


@given(st.lists(events, max_size=12))
def test_whatever_happens_a_question_has_a_deadline_until_it_has_ended(happens):
    one = asked()
    for event in happens:
        after = decide(one, event, LATER)
        one = one if isinstance(after, Refused) else after
        assert (one.ended_at is None) == (one.next_step_at is not None) == (one.next_step is not None)
        assert (one.ended_at is not None) == (TABLE[one.state] == {})


@pytest.mark.parametrize(
    ("kind", "consented", "urgent", "code"),
    [
        (CaseKind.PERSON, True, None, None),
        (CaseKind.PERSON, False, "Hon svarar inte och det är tio minusgrader.", None),
        (CaseKind.PERSON, False, None, "consent_missing"),
        (CaseKind.TECHNICAL, True, None, "no_person_case"),
        (CaseKind.TECHNICAL, False, "Bråttom.", "no_person_case"),
    ],
)
def test_without_consent_a_person_is_looked_for_only_in_a_stated_emergency(kind, consented, urgent, code):
    assert may_ask(kind, consented=consented, urgent=urgent) == code
