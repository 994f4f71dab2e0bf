"""A case that nobody has, and its frozen plan: waits, steps that reach nobody, forwarding, the round without end."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from alarms.core.case import decide
from alarms.core.plan import Frozen, Plan, PlanStep, freeze
from alarms.core.shapes import Came, Case, Decision, Release, StepDue, Take, Unhoused
from alarms.core.waiting import CARRIED, standing
from kit.wire.routing_words import PlanAct, RouteFailed, StepFailed
from kit.wire.words import CaseKind, Step, TimelineKind
from tests.unit.alarms.core.cases import AT, MINUTE, SECOND, after, decided, press, raised
from tests.unit.alarms.core.plans import plans

NIGHT = freeze(
    Plan(
        "night",
        7,
        (
            PlanStep("on-call", PlanAct.ON_CALL, 30, rota="night"),
            PlanStep("patrol", PlanAct.PERSONS, 120, persons=(("anna", 180), ("amir", 180))),
            PlanStep("away", PlanAct.FORWARD, 0),
            PlanStep("again", PlanAct.REPEAT, 60, again="on-call"),
        ),
    ),
    ("central", "other"),
)


def waiting(plan: Frozen = NIGHT, kind: CaseKind = CaseKind.PERSON) -> Case:
    return after(raised(kind, plan=plan, desk="central"), press("signal-1"))


def due(case: Case, came: Came | None = None, at: datetime | None = None) -> Decision:
    assert case.next_step_at is not None
    return decided(case, StepDue(case.step, came), at or case.next_step_at)


def test_the_case_carries_the_plan_it_was_raised_with() -> None:
    """[7]"""
    case = waiting()
    assert (case.plan.id, case.plan.version) == ("night", 7)
    assert (case.next_step, case.next_step_at) == (Step.ON_CALL, AT + 30 * SECOND)


def test_a_step_that_reached_somebody_is_followed_by_the_next_ones_wait() -> None:
    decision = due(waiting(), Came("petra"))
    assert (decision.case.next_step, decision.case.next_step_at) == (Step.PERSON, AT + 150 * SECOND)
    [entry] = decision.entries
    assert entry.kind is TimelineKind.ESCALATED
    assert entry.data == {"no": 1, "step": "on_call", "id": "on-call", "reached": "petra"}


def test_a_step_that_reached_nobody_says_why_and_the_next_one_acts_at_once() -> None:
    decision = due(waiting(), Came(failed=StepFailed.ROTA_GAP))
    assert (decision.case.next_step, decision.case.next_step_at) == (Step.PERSON, AT + 30 * SECOND)
    [entry] = decision.entries
    assert entry.kind is TimelineKind.STEP_FAILED
    assert entry.data == {"no": 1, "step": "on_call", "id": "on-call", "to": "night", "code": "rota_gap"}


def test_a_round_whose_every_step_fails_still_begins_with_its_wait() -> None:
    case = waiting()
    for _ in range(4):
        case = due(case, Came(failed=StepFailed.OFF_DUTY)).case
    assert case.next_step is Step.ON_CALL
    assert case.next_step_at == AT + 30 * SECOND + 90 * SECOND


def test_a_step_that_nobody_tried_to_carry_out_failed() -> None:
    [entry] = due(waiting()).entries
    assert entry.data is not None
    assert entry.data["code"] == "broke"


def test_forwarding_moves_the_case_to_the_other_desk() -> None:
    case = waiting()
    for _ in range(3):
        case = due(case, Came("somebody")).case
    decision = due(case, Came("other"))
    assert (case.desk, decision.case.desk) == ("central", "other")
    assert [(entry.kind, entry.data) for entry in decision.entries] == [
        (TimelineKind.FORWARDED, {"no": 4, "from": "central", "to": "other", "id": "away"})
    ]


def test_a_case_given_back_begins_its_own_plan_again() -> None:
    case = after(due(waiting(), Came("petra")).case, Take("karin"))
    back = decided(case, Release("karin"), AT + 10 * MINUTE).case
    assert (back.plan, back.plan_step) == (NIGHT, 0)
    assert (back.next_step, back.next_step_at) == (Step.ON_CALL, AT + 10 * MINUTE + 30 * SECOND)


def test_what_becomes_urgent_waits_as_what_is_urgent_from_when_the_wait_began() -> None:
    plan = Plan(
        "p", 1, (PlanStep("a", PlanAct.LOUDER, 600, urgent_wait=60), PlanStep("z", PlanAct.REPEAT, 60, again="a"))
    )
    case = waiting(freeze(plan))
    assert case.next_step_at == AT + 10 * MINUTE
    pressed = decided(case, press(), AT + 30 * SECOND).case
    assert (pressed.priority, pressed.next_step_at) == (1, AT + MINUTE)


def test_a_case_whose_desk_serves_its_principal_no_more_is_at_every_desk_that_does() -> None:
    """[19]"""
    for case in (waiting(), after(waiting(), Take("karin"))):
        decision = decided(case, Unhoused(RouteFailed.AGREEMENT_ENDED))
        assert decision.case.desk is None
        assert decision.case.next_step_at == case.next_step_at
        assert decision.entries[0].data == {"desk": "central", "code": "agreement_ended"}
    assert not decided(decision.case, Unhoused(RouteFailed.AGREEMENT_ENDED)).changed


@given(plans(), st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2000)), max_size=60), st.sampled_from(CaseKind))
def test_whatever_the_plan_every_waiting_case_has_a_next_step_and_no_stale_one_acts(
    plan: Plan, fates: list[tuple[int, int]], kind: CaseKind
) -> None:
    """[6]"""
    case, at, acted = waiting(freeze(plan), kind), AT, 0
    for fate, seconds in fates:
        assert case.next_step is not None
        assert case.next_step_at is not None
        stale = decide(case, StepDue(case.step - 1, Came("anna")), at)
        assert isinstance(stale, Decision)
        assert not stale.changed
        at = max(at + timedelta(seconds=seconds), case.next_step_at) if fate else case.next_step_at
        at = max(at, AT)
        before = case
        came = Came("anna") if fate > 1 else Came(failed=StepFailed.OFF_DUTY)
        case = decided(case, StepDue(case.step, came if standing(case).step in CARRIED else None), at).case
        acted += 1
        assert case.step == before.step + 1
        assert case.next_step_at is not None
        assert case.next_step_at >= min(at, before.next_step_at or at)
    # However all steps fail, a round takes its minute: the plan never spins.
    rounds = acted / len(case.plan.steps)
    assert at - AT >= timedelta(seconds=60) * max(0, int(rounds) - 1)
