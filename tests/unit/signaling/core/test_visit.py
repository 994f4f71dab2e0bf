"""What may become of a visit: every state with every event, and each way out by its name."""

import pytest

from kit.wire.words import Away, Direction, Trouble, VisitKind, VisitOutcome, VisitPart, VisitState, VisitStep
from signaling.core.shapes import (
    Answer,
    Decision,
    Decline,
    HangUp,
    Join,
    Leave,
    Report,
    Return,
    RightEnded,
    Ring,
    Seen,
    StepDue,
    Visit,
)
from signaling.core.visit import TABLE, decide
from tests.unit.signaling.core.visits import (
    ANSWER,
    AT,
    CALLER,
    HALL,
    RING,
    a_plan,
    after,
    answered,
    in_progress,
    later,
    refused,
    ringing,
)

STATES = {
    VisitState.PLANNED: a_plan(),
    VisitState.RINGING: ringing(),
    VisitState.ANSWERED: answered(),
    VisitState.IN_PROGRESS: in_progress(),
    VisitState.ENDED: after(ringing(), HangUp(CALLER)),
}
EVENTS = {
    "ring": RING,
    "seen": Seen("hall"),
    "answer": ANSWER,
    "decline": Decline("hall"),
    "hang up": HangUp(CALLER),
    "join": Join(CALLER, Direction.PUBLISH),
    "report": Report(CALLER, (Trouble.CAMERA_REFUSED,)),
    "leave": Leave(CALLER, Away.PAGE_CLOSED),
    "return": Return(CALLER),
    "right ended": RightEnded(),
}
# What becomes of each state with each event: the state after, or the code of the refusal.
WHOLE = {
    "ring": ["ringing", "ringing", "!answered", "!answered", "!ended"],
    "seen": ["!not_ringing", "ringing", "!answered", "!answered", "!ended"],
    "answer": ["!not_ringing", "answered", "answered", "in_progress", "!ended"],
    "decline": ["!not_ringing", "ended", "!answered", "!answered", "!ended"],
    "hang up": ["ended", "ended", "ended", "ended", "ended"],
    "join": ["!not_ringing", "!not_answered", "answered", "in_progress", "!ended"],
    "report": ["!not_ringing", "ringing", "answered", "in_progress", "!ended"],
    "leave": ["!not_ringing", "ringing", "answered", "in_progress", "!ended"],
    "return": ["!not_ringing", "ringing", "answered", "in_progress", "!ended"],
    "right ended": ["!not_ringing", "ended", "ended", "ended", "!ended"],
}


@pytest.mark.parametrize("state", VisitState)
@pytest.mark.parametrize("event", WHOLE)
def test_every_state_answers_every_event_as_the_table_says(state: VisitState, event: str) -> None:
    before, wanted = STATES[state], WHOLE[event][list(VisitState).index(state)]
    if wanted.startswith("!"):
        assert refused(before, EVENTS[event]) == wanted[1:]
    else:
        assert after(before, EVENTS[event]).state == wanted


def test_the_table_and_this_test_know_the_same_events() -> None:
    in_table = {event for row in TABLE.values() for event in row}
    assert in_table == {type(event) for event in EVENTS.values()} | {StepDue}


@pytest.mark.parametrize("event", [HangUp("x"), Join("x", Direction.PUBLISH), Report("x", ()), Return("x")])
def test_who_is_not_in_a_visit_changes_nothing_in_it(event: HangUp | Join | Report | Return) -> None:
    assert refused(in_progress(), event) == "not_in_visit"


def test_the_first_answer_wins() -> None:
    visit = answered()
    assert refused(visit, Answer("bedroom", "participant-bedroom")) == "answered_elsewhere"
    assert decide(visit, ANSWER, AT) == Decision(visit, changed=False)
    assert [one.holder for one in visit.participants] == [CALLER, HALL]


def due(visit: Visit) -> Visit:
    assert visit.next_step_at is not None
    return after(visit, StepDue(visit.step), at=visit.next_step_at)


@pytest.mark.parametrize(
    ("visit", "step", "after_seconds", "outcome", "by"),
    [
        (a_plan(), VisitStep.PLAN_LAPSES, 4 * 3600, VisitOutcome.LAPSED, None),
        (ringing(), VisitStep.RING_ENDS, 45, VisitOutcome.NO_ANSWER, None),
        (answered(), VisitStep.CONNECTING_ENDS, 120, VisitOutcome.NOT_CONNECTED, None),
        (in_progress(), VisitStep.TIME_ENDS, 7200, VisitOutcome.TIME_UP, None),
        (in_progress(VisitKind.SUPERVISION), VisitStep.TIME_ENDS, 180, VisitOutcome.TIME_UP, None),
        (
            after(in_progress(), Leave(HALL, Away.CONNECTION_LOST)),
            VisitStep.AWAY_ENDS,
            60,
            VisitOutcome.CONNECTION_LOST,
            VisitPart.RESIDENT,
        ),
        (
            after(in_progress(), Leave(CALLER, Away.PAGE_CLOSED)),
            VisitStep.AWAY_ENDS,
            15,
            VisitOutcome.PAGE_CLOSED,
            VisitPart.CALLER,
        ),
        (
            after(ringing(), Leave(CALLER, Away.PAGE_CLOSED)),
            VisitStep.AWAY_ENDS,
            15,
            VisitOutcome.PAGE_CLOSED,
            VisitPart.CALLER,
        ),
        (
            after(answered(), Report(HALL, (Trouble.CAMERA_REFUSED, Trouble.MICROPHONE_REFUSED))),
            VisitStep.CONNECTING_ENDS,
            120,
            VisitOutcome.MICROPHONE_REFUSED,
            None,
        ),
    ],
)
def test_what_time_does_to_a_visit_that_nobody_touches(
    visit: Visit, step: VisitStep, after_seconds: int, outcome: VisitOutcome, by: VisitPart | None
) -> None:
    assert (visit.next_step, visit.next_step_at) == (step, later(after_seconds))
    ended = due(visit)
    assert (ended.outcome, ended.ended_by, ended.live_key) == (outcome, by, None)


def test_a_stale_step_does_nothing() -> None:
    rings = ringing()
    assert decide(answered(), StepDue(rings.step), later(45)).changed is False  # type: ignore[union-attr]


def test_who_comes_back_in_time_goes_on_and_the_earlier_deadline_is_void() -> None:
    gone = after(in_progress(), Leave(HALL, Away.CONNECTION_LOST))
    back = after(gone, Return(HALL), at=later(59))
    assert back.next_step is VisitStep.TIME_ENDS
    assert decide(back, StepDue(gone.step), later(60)) == Decision(back, changed=False)


def test_of_two_who_are_away_the_first_to_run_out_ends_it() -> None:
    both = after(in_progress(), Leave(CALLER, Away.CONNECTION_LOST), at=AT)
    both = after(both, Leave(HALL, Away.PAGE_CLOSED), at=later(30))
    assert both.next_step_at == later(45)
    assert due(both).ended_by is VisitPart.RESIDENT


def test_a_caller_without_a_page_is_away_from_the_ring_on() -> None:
    visit = after(a_plan(), Ring("participant-anna", Away.CONNECTION_LOST), ANSWER)
    assert (visit.next_step, visit.next_step_at) == (VisitStep.AWAY_ENDS, later(60))


def test_sound_alone_is_a_completed_visit_and_none_is_not() -> None:
    refusing = after(answered(), Report(HALL, (Trouble.CAMERA_REFUSED,)), Join(CALLER, Direction.PUBLISH))
    heard = after(refusing, Join(HALL, Direction.PUBLISH), HangUp(CALLER))
    assert heard.outcome is VisitOutcome.COMPLETED
    mute = after(refusing, Join(HALL, Direction.SUBSCRIBE), HangUp(CALLER))
    assert mute.outcome is VisitOutcome.CAMERA_REFUSED


def test_each_new_leg_into_the_relay_is_counted_so_that_others_subscribe_anew() -> None:
    visit = after(in_progress(), Join(HALL, Direction.PUBLISH), Join(HALL, Direction.SUBSCRIBE))
    assert [one.publishes for one in visit.participants] == [1, 2]


def test_only_what_changes_something_makes_a_new_version() -> None:
    visit = after(in_progress(), Report(HALL, (Trouble.NOT_CONNECTED,)))
    assert visit.version == 6
    assert after(visit, Report(HALL, (Trouble.NOT_CONNECTED,)), Return(HALL)).version == 6
    assert after(visit, Report(HALL, ())).version == 7
