"""The mission's rules, each as a sentence. Numbers in brackets are domain.md's semantics."""

from datetime import timedelta
from itertools import product
from pathlib import Path

import pytest

from alarms.core.mission import DOOR_PLAN, REFUSED_IN, TABLE, decide, watched_until
from alarms.core.mission_diagram import mermaid
from alarms.core.mission_shapes import (
    Accept,
    Arrive,
    Cancel,
    Decline,
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
from alarms.core.shapes import GrantChange
from kit.wire.mission_words import (
    ArrivedHow,
    ArrivedReason,
    DeclineReason,
    DoorStep,
    MissionState,
    MissionStep,
    SkipReason,
)
from kit.wire.words import TimelineKind
from tests.unit.alarms.core.missions import (
    AT,
    BY_LOCK,
    IN_STATE,
    LET_IN,
    MINUTE,
    accepted,
    after,
    at_the_door,
    decided,
    gone_through,
    refused,
    sent,
)

README = Path(__file__).parents[4] / "alarms" / "README.md"
BUSY = Decline("anna", DeclineReason.BUSY)
EVENTS: list[Event] = [
    Accept("anna"),
    BUSY,
    SetOff("anna"),
    LET_IN,
    BY_LOCK,
    NoAnswer("anna"),
    Tick("anna", DoorStep.RING_PHONE),
    GetIn("anna"),
    Finish("anna"),
    Cancel("karin"),
    StepDue(1),
]


def test_the_readme_shows_the_table_as_it_is() -> None:
    assert f"```mermaid\n{mermaid()}\n```" in README.read_text(), "run: python -m alarms.core.mission_diagram"


@pytest.mark.parametrize(("state", "event"), list(product(MissionState, EVENTS)), ids=str)
def test_what_is_in_the_table_goes_where_it_says_and_what_is_not_changes_nothing(
    state: MissionState, event: Event
) -> None:
    mission = IN_STATE[state]
    assert mission.state is state
    decision = decide(mission, event, AT)
    row = TABLE[state].get(type(event))
    if row is None:
        assert decision == Refused(REFUSED_IN[state])
    elif not isinstance(decision, Refused):
        assert decision.mission.state in row[1]
        assert decision.mission.version == mission.version + decision.changed


def test_a_mission_not_accepted_within_three_minutes_is_urgent_and_stays_offered() -> None:
    """[8]"""
    mission = sent()
    assert (mission.next_step, mission.next_step_at) == (MissionStep.NOT_ACCEPTED, AT + 3 * MINUTE)
    late = AT + 3 * MINUTE
    decision = decided(mission, StepDue(mission.step), late)
    assert (decision.urgent, decision.mission.state, decision.mission.urgent) == (True, MissionState.SENT, 1)
    assert decision.mission.next_step_at == late + 3 * MINUTE
    assert [entry.kind for entry in decision.entries] == [TimelineKind.MISSION_URGENT]
    assert decided(decision.mission, Accept("anna"), late).mission.state is MissionState.ACCEPTED


@pytest.mark.parametrize(("asked", "given"), [(5, 20), (20, 20), (30, 30), (60, 60), (600, 60)])
def test_accepted_is_not_arrived(asked: int, given: int) -> None:
    """[8]"""
    mission = after(sent(within=asked), Accept("anna"), SetOff("anna"))
    assert (mission.next_step, mission.next_step_at) == (MissionStep.NOT_ARRIVED, AT + given * MINUTE)
    for times in (1, 2, 3):
        late = mission.next_step_at
        assert late is not None
        decision = decided(mission, StepDue(mission.step), late)
        mission = decision.mission
        assert (decision.urgent, mission.urgent, mission.state) == (True, times, MissionState.ON_THE_WAY)
        assert mission.next_step_at == late + 5 * MINUTE


def test_setting_off_moves_no_deadline() -> None:
    later = AT + 20 * MINUTE
    assert decided(accepted(), SetOff("anna"), later).mission.next_step_at == AT + 30 * MINUTE


def test_the_first_of_a_team_has_it_and_the_next_is_told_so() -> None:
    assert refused(accepted(), Accept("amir")) == "mission_taken"
    assert not decided(accepted(), Accept("anna")).changed


def test_a_persons_mission_is_only_that_ones() -> None:
    mission = sent(unit=None, person="anna")
    assert refused(mission, Accept("amir")) == "not_yours"
    assert refused(mission, Decline("amir", DeclineReason.BUSY)) == "not_yours"
    assert decided(mission, Accept("anna")).grants is GrantChange.GIVE


def test_declining_is_urgent_at_once_and_what_others_can_do_stays_offered() -> None:
    one = decided(sent(), Decline("anna", DeclineReason.UNSAFE_ALONE, others=1))
    assert (one.urgent, one.mission.state) == (True, MissionState.SENT)
    assert not decided(one.mission, Decline("anna", DeclineReason.BUSY, others=1)).changed
    last = decided(one.mission, Decline("amir", DeclineReason.BUSY))
    assert (last.urgent, last.mission.state, last.mission.open) == (True, MissionState.DECLINED, False)
    alone = decided(sent(unit=None, person="anna"), Decline("anna", DeclineReason.BUSY, others=5))
    assert alone.mission.state is MissionState.DECLINED


def test_who_accepted_and_cannot_after_all_gives_it_back_to_the_team() -> None:
    later = AT + 10 * MINUTE
    decision = decided(accepted(), Decline("anna", DeclineReason.OTHER, others=2), later)
    mission = decision.mission
    assert (mission.state, mission.responder, decision.grants) == (MissionState.SENT, None, GrantChange.END)
    assert (mission.next_step, mission.next_step_at) == (MissionStep.NOT_ACCEPTED, later + 3 * MINUTE)
    again = after(mission, Accept("anna"), at=later)
    assert decided(again, Decline("anna", DeclineReason.OTHER, others=2), later).mission.responder is None
    assert refused(accepted(), Decline("amir", DeclineReason.BUSY, others=2)) == "mission_taken"


@pytest.mark.parametrize(
    ("event", "how", "reason"),
    [
        (BY_LOCK, ArrivedHow.LOCK, None),
        (Arrive("anna", ArrivedHow.TAG), ArrivedHow.TAG, None),
        (LET_IN, ArrivedHow.STATED, ArrivedReason.LET_IN),
    ],
)
def test_arrival_is_proven_by_the_lock_a_tag_or_a_stated_reason(
    event: Arrive, how: ArrivedHow, reason: ArrivedReason | None
) -> None:
    """[8]"""
    mission = decided(accepted(), event).mission
    assert (mission.arrived_how, mission.arrived_reason, mission.arrived_at) == (how, reason, AT)
    assert (mission.next_step, mission.next_step_at) == (MissionStep.NOT_DONE, AT + 60 * MINUTE)


def test_a_bare_word_is_no_arrival() -> None:
    assert refused(accepted(), Arrive("anna", ArrivedHow.STATED)) == "reason_missing"
    assert refused(accepted(), Arrive(None, ArrivedHow.TAG)) == "not_yours"
    assert refused(sent(), BY_LOCK) == "not_accepted"


def test_nobody_but_the_responder_says_so_unless_the_desk_was_told() -> None:
    for event in (SetOff("amir"), NoAnswer("amir"), Arrive("amir", ArrivedHow.TAG)):
        assert refused(accepted(), event) == "not_yours"
    assert decided(accepted(), SetOff("karin", desk=True)).mission.state is MissionState.ON_THE_WAY
    assert refused(IN_STATE[MissionState.ARRIVED], Finish("amir")) == "not_yours"


def test_no_answer_at_the_door_has_a_plan_that_must_be_gone_through() -> None:
    """[8]"""
    decision = decided(accepted(), NoAnswer("anna"))
    mission = decision.mission
    assert tuple(one.step for one in mission.door) == DOOR_PLAN
    assert (decision.urgent, mission.arrived_how) == (True, ArrivedHow.STATED)
    for number, step in enumerate(DOOR_PLAN):
        assert refused(mission, Finish("anna")) == "steps_left"
        assert refused(mission, Cancel("karin")) == "arrived"
        mission = decided(mission, Tick("anna", step, SkipReason.NOT_NEEDED if number % 2 else None)).mission
    assert decided(mission, Finish("anna")).mission.state is MissionState.DONE


def test_a_ticked_step_stays_ticked_and_a_passed_over_one_may_still_be_done() -> None:
    passed = after(at_the_door(), Tick("anna", DoorStep.FIND_KEY, SkipReason.NOT_POSSIBLE))
    assert not decided(passed, Tick("anna", DoorStep.FIND_KEY, SkipReason.NOT_NEEDED)).changed
    done = after(passed, Tick("anna", DoorStep.FIND_KEY))
    assert not decided(done, Tick("anna", DoorStep.FIND_KEY, SkipReason.NOT_NEEDED)).changed
    assert [one.skipped for one in done.door if one.at] == [None]


def test_a_plan_that_rests_is_urgent_and_each_step_gives_it_time() -> None:
    mission = at_the_door()
    later = AT + 9 * MINUTE
    mission = after(mission, Tick("anna", DoorStep.RING_PHONE), at=later)
    assert (mission.next_step, mission.next_step_at) == (MissionStep.DOOR_PLAN_RESTS, later + 10 * MINUTE)
    assert decided(mission, StepDue(mission.step), later + 10 * MINUTE).urgent


def test_getting_in_after_all_says_why_the_rest_was_not_done_and_is_undone_by_no_answer() -> None:
    inside = after(at_the_door(), Tick("anna", DoorStep.RING_PHONE), GetIn("anna"))
    assert [one.skipped for one in inside.door] == [None] + [SkipReason.GOT_IN] * 5
    assert decided(inside, Finish("anna")).mission.state is MissionState.DONE
    out = after(inside, NoAnswer("anna"))
    assert [one.at is not None for one in out.door] == [True] + [False] * 5
    assert refused(out, Finish("anna")) == "steps_left"


@pytest.mark.parametrize("state", [MissionState.DONE, MissionState.CANCELLED, MissionState.DECLINED])
def test_what_is_over_has_no_deadline_and_no_grant(state: MissionState) -> None:
    mission = IN_STATE[state]
    assert (mission.next_step, mission.next_step_at, mission.open) == (None, None, False)
    for event in EVENTS:
        assert refused(mission, event) == "mission_over"


def test_ending_ends_the_grant() -> None:
    assert decided(accepted(), Cancel("karin")).grants is GrantChange.END
    assert decided(gone_through(), Finish("anna")).grants is GrantChange.END
    assert decided(sent(), Cancel("karin")).grants is GrantChange.KEEP


@pytest.mark.parametrize("state", [state for state in MissionState if IN_STATE[state].open])
def test_a_stale_step_does_nothing(state: MissionState) -> None:
    mission = IN_STATE[state]
    for step in range(mission.step):
        assert not decided(mission, StepDue(step), AT + timedelta(days=1)).changed


def late_receipts() -> list[tuple[Mission, Event]]:
    arrived, at_door = IN_STATE[MissionState.ARRIVED], at_the_door()
    return [(arrived, SetOff("anna")), (arrived, LET_IN), (arrived, BY_LOCK), (at_door, LET_IN), (at_door, BY_LOCK)]


@pytest.mark.parametrize(("mission", "event"), late_receipts())
def test_a_receipt_that_waited_is_no_mistake(mission: Mission, event: Event) -> None:
    assert not decided(mission, event).changed


def test_only_who_is_on_time_lets_the_handler_rest() -> None:
    assert watched_until(sent()) is None
    assert watched_until(accepted()) == AT + 31 * MINUTE
    assert watched_until(at_the_door()) is None
    assert watched_until(IN_STATE[MissionState.DONE]) is None
