"""What a case makes of its missions."""

from dataclasses import replace

import pytest

from alarms.core.plan import Plan, PlanStep, freeze
from alarms.core.shapes import (
    Case,
    Close,
    Entry,
    Hold,
    MissionSent,
    MissionTold,
    Note,
    Read,
    Release,
    StepDue,
    TakeOver,
)
from kit.wire.routing_words import PlanAct
from kit.wire.words import CaseState, Cause, Measure, Step, TimelineKind
from tests.unit.alarms.core.cases import AT, MINUTE, SECOND, after, decided, queued, refused, taken

SENT = MissionSent("mission-1", "karin", {"unit": "norr"})
ACCEPTED = (Entry(TimelineKind.MISSION_ACCEPTED, AT, "anna", {"mission": "mission-1"}),)
LATE = (Entry(TimelineKind.MISSION_URGENT, AT, None, {"mission": "mission-1"}),)
CLOSE = Close("karin", Cause.FALL, Measure.STAFF_SENT)


def out() -> Case:
    """Taken by karin, somebody accepted and is expected within 30 minutes."""
    return after(taken(), SENT, MissionTold(ACCEPTED, watched_until=AT + 31 * MINUTE))


def test_only_who_has_the_case_sends_or_a_plan_that_runs_on_it() -> None:
    assert refused(queued(), SENT) == "not_taken"
    assert refused(taken(by="sven"), SENT) == "not_yours"
    by_plan = decided(queued(), MissionSent("mission-1", None, {"why": "untaken"}))
    assert (by_plan.case.missions, by_plan.case.state) == (1, CaseState.QUEUED)
    assert by_plan.case.next_step_at == queued().next_step_at, "nobody has taken it yet"


def test_a_case_is_not_closed_while_a_mission_is_open() -> None:
    """[8, 9]"""
    case = out()
    assert refused(case, CLOSE) == "mission_open"
    two = after(case, MissionSent("mission-2", "karin", {}))
    one = after(two, MissionTold((), ended=True))
    assert refused(one, CLOSE) == "mission_open"
    assert after(one, MissionTold((), ended=True), CLOSE).state is CaseState.CLOSED


def test_a_case_that_is_released_or_taken_over_keeps_its_missions() -> None:
    assert after(out(), Release("karin")).missions == 1
    assert after(out(), TakeOver("maria")).missions == 1


def test_urgent_again_is_unread_louder_and_wakes_a_hold() -> None:
    """[8]"""
    held = after(out(), Hold("karin", 60))
    decision = decided(held, MissionTold(LATE, urgent=True), AT + MINUTE)
    case = decision.case
    assert (case.priority, case.unread, case.escalation, case.held_until) == (held.priority - 1, 1, 1, None)
    assert (case.next_step, case.next_step_at) == (Step.REMIND_HANDLER, AT + MINUTE + 60 * SECOND)
    assert [entry.kind for entry in decision.entries] == [TimelineKind.MISSION_URGENT, TimelineKind.WOKEN]
    assert refused(case, CLOSE) == "unread_signal"


def test_urgent_and_untouched_asks_the_supervisor() -> None:
    case = after(out(), MissionTold(LATE, urgent=True))
    asked = after(case, StepDue(case.step), at=AT + MINUTE)
    assert asked.escalation == 2
    assert after(case, Read("karin")).escalation == 0


def test_urgent_on_a_case_that_nobody_has_makes_its_plan_go_on() -> None:
    plan = Plan("slow", 1, (PlanStep("a", PlanAct.LOUDER, 3600), PlanStep("z", PlanAct.REPEAT, again="a")))
    free = replace(after(out(), Release("karin")), plan=freeze(plan), next_step_at=AT + 60 * MINUTE)
    case = after(free, MissionTold(LATE, urgent=True))
    assert (case.escalation, case.next_step, case.next_step_at) == (1, Step.LOUDER, AT + 3 * MINUTE)
    again = after(case, MissionTold(LATE, urgent=True), at=AT + 2 * MINUTE)
    assert (again.escalation, again.next_step_at) == (1, case.next_step_at), "the nearer deadline stays"
    declined = after(case, MissionTold(LATE, ended=True, urgent=True), at=AT + 2 * MINUTE)
    assert declined.next_step_at == AT + 2 * MINUTE, "nobody is left to go"


def quiet_until(case: Case) -> int:
    """How many minutes the handler is left alone."""
    for minute in range(1, 120):
        while case.next_step_at is not None and case.next_step_at <= AT + minute * MINUTE:
            case = after(case, StepDue(case.step), at=case.next_step_at)
        if case.escalation == 2:
            return minute
    pytest.fail("nobody is ever reminded")


def test_a_handler_whose_responder_is_on_time_is_not_reminded_of_being_quiet() -> None:
    assert quiet_until(taken()) == 10
    assert quiet_until(out()) == 31
    assert quiet_until(after(out(), Note("karin", "Anna ringer tillbaka."))) == 31
    assert quiet_until(after(out(), MissionTold(LATE, urgent=True))) == 1
    assert quiet_until(after(out(), MissionTold((), ended=True))) == 10
