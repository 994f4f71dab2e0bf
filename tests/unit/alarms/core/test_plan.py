"""Plans: which may be stored, what they are when frozen, and that none ever runs out of next steps."""

from dataclasses import replace

import pytest
from hypothesis import given

from alarms.core.plan import (
    DEFAULTS,
    LONGEST_WAIT,
    MOST_FROZEN,
    MOST_STEPS,
    Fault,
    Plan,
    PlanStep,
    Unreadable,
    faults,
    following,
    freeze,
    thaw,
)
from kit.wire.routing_words import PlanAct
from kit.wire.words import CaseKind, Role, Step
from tests.unit.alarms.core.plans import plans

LOUDER = PlanStep("a", PlanAct.LOUDER, 60)
AGAIN = PlanStep("z", PlanAct.REPEAT, 60, again="a")


def of(*steps: PlanStep) -> Plan:
    return Plan("plan-1", 1, steps)


def frozen(*steps: PlanStep) -> list[tuple[str, int]]:
    return [(one.id, one.wait) for one in freeze(of(*steps)).steps]


@pytest.mark.parametrize("kind", CaseKind)
def test_the_plans_of_whoever_stored_none_may_be_stored(kind: CaseKind) -> None:
    assert faults(DEFAULTS[kind]) == []


@pytest.mark.parametrize(
    ("fault", "plan"),
    [
        (Fault("plan_empty"), of()),
        (Fault("plan_ends", "a"), of(LOUDER)),
        (Fault("plan_ends", "z"), of(LOUDER, replace(AGAIN, times=3))),
        (Fault("plan_unreached", "z"), of(LOUDER, AGAIN, replace(AGAIN, id="y"))),
        (Fault("plan_spins", "z"), of(replace(LOUDER, wait=0), replace(AGAIN, wait=59))),
        (Fault("plan_spins", "z"), of(replace(LOUDER, urgent_wait=0), replace(AGAIN, wait=59))),
        (Fault("plan_too_long"), of(*(replace(LOUDER, id=str(n)) for n in range(MOST_STEPS)), AGAIN)),
        (Fault("plan_too_long"), of(LOUDER, replace(AGAIN, id="y", times=MOST_FROZEN), AGAIN)),
        (Fault("step_twice", "a"), of(LOUDER, LOUDER, AGAIN)),
        (Fault("step_wait", "a"), of(replace(LOUDER, wait=-1), AGAIN)),
        (Fault("step_wait", "b"), of(LOUDER, PlanStep("b", PlanAct.WAIT, LONGEST_WAIT + 1), AGAIN)),
        (Fault("step_role", "b"), of(LOUDER, PlanStep("b", PlanAct.NOTIFY_ROLE, 60, role=Role.WORKER), AGAIN)),
        (Fault("step_rota", "b"), of(LOUDER, PlanStep("b", PlanAct.ON_CALL, 60), AGAIN)),
        (Fault("step_persons", "b"), of(LOUDER, PlanStep("b", PlanAct.PERSONS, 60), AGAIN)),
        (Fault("step_again", "z"), of(LOUDER, replace(AGAIN, again="nowhere"))),
        (Fault("step_again", "z"), of(LOUDER, replace(AGAIN, again="z"))),
        (Fault("step_again", "y"), of(LOUDER, replace(AGAIN, id="y", times=0), AGAIN)),
        (
            Fault("step_again", "y"),
            of(LOUDER, replace(AGAIN, id="x", times=2), replace(AGAIN, id="y", times=2), AGAIN),
        ),
    ],
    ids=lambda each: each.code if isinstance(each, Fault) else "",
)
def test_a_plan_with_a_fault_is_not_stored_and_the_fault_is_named(fault: Fault, plan: Plan) -> None:
    assert fault in faults(plan)


def test_a_repeat_is_written_out_and_what_is_for_ever_has_a_place_to_go_on_from() -> None:
    supervisor = PlanStep("b", PlanAct.NOTIFY_ROLE, 120, role=Role.SUPERVISOR)
    plan = freeze(of(LOUDER, supervisor, PlanStep("c", PlanAct.REPEAT, 30, again="b", times=2), AGAIN))
    assert [(one.id, one.wait) for one in plan.steps] == [
        ("a", 60), ("b", 120), ("b", 150), ("b", 150), ("a", 120), ("b", 120), ("b", 150), ("b", 150),
    ]  # fmt: skip
    assert plan.again == 4
    assert [following(plan, place) for place in (0, 7)] == [1, 4]


def test_several_persons_are_asked_one_by_one_each_in_its_own_time() -> None:
    persons = PlanStep("b", PlanAct.PERSONS, 10, persons=(("anna", 180), ("amir", 240)))
    assert frozen(LOUDER, persons, replace(LOUDER, id="c"), AGAIN)[:4] == [
        ("a", 60), ("b.1", 10), ("b.2", 180), ("c", 300),
    ]  # fmt: skip


def test_the_last_persons_time_is_waited_out_before_the_round_begins_again() -> None:
    persons = PlanStep("a", PlanAct.PERSONS, 10, persons=(("anna", 180), ("amir", 240)))
    assert frozen(persons, AGAIN) == [("a.1", 10), ("a.2", 180), ("a.1", 310), ("a.2", 180)]


@given(plans())
def test_whatever_may_be_stored_can_be_frozen_read_again_and_never_ends(plan: Plan) -> None:
    assert faults(plan) == []
    made = freeze(plan, ("central", "other"))
    assert thaw(made.text) == made
    assert all(0 <= following(made, place) < len(made.steps) for place in range(len(made.steps)))
    round_of = made.steps[made.again :]
    assert sum(one.wait for one in round_of) >= 60


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"id":"p","version":1,"again":0,"desks":[],"steps":[]}',
     '{"id":"p","version":1,"again":0,"desks":[],"steps":[["a","levitate",60,null,null]]}',
     '{"id":"p","version":1,"again":1,"desks":[],"steps":[["a","louder",60,null,null]]}',
     '{"id":"p","version":1,"again":0,"desks":[],"steps":[["a","louder",0,null,null]]}'],
)  # fmt: skip
def test_what_cannot_have_been_frozen_is_not_believed(text: str) -> None:
    with pytest.raises(Unreadable):
        thaw(text)


def test_the_frozen_steps_say_where_they_lead() -> None:
    night = PlanStep("b", PlanAct.ON_CALL, 0, rota="night")
    team = PlanStep("c", PlanAct.NOTIFY_ROLE, 0, role=Role.WORKER, unit="norr")
    away = PlanStep("d", PlanAct.FORWARD, 0, desk="other")
    steps = freeze(of(LOUDER, night, team, away, AGAIN)).steps[:4]
    assert [(one.step, one.to) for one in steps] == [
        (Step.LOUDER, None), (Step.ON_CALL, "night"), (Step.TEAM, "norr"), (Step.FORWARD, "other"),
    ]  # fmt: skip
