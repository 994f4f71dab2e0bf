"""Plans for tests, and a strategy that makes any plan that may be stored."""

from hypothesis import strategies as st

from alarms.core.plan import Plan, PlanStep, faults
from kit.wire.routing_words import PlanAct
from kit.wire.words import Role

waits = st.integers(0, 900)
urgent = st.one_of(st.none(), st.integers(0, 300))
people = st.lists(st.tuples(st.sampled_from(["anna", "amir", "petra"]), st.integers(0, 300)), min_size=1, max_size=4)
steps = st.one_of(
    st.builds(PlanStep, st.just(""), st.sampled_from([PlanAct.WAIT, PlanAct.LOUDER]), waits, urgent),
    st.builds(PlanStep, st.just(""), st.just(PlanAct.NOTIFY_ROLE), waits, urgent, role=st.just(Role.SUPERVISOR)),
    st.builds(
        PlanStep, st.just(""), st.just(PlanAct.NOTIFY_ROLE), waits, role=st.just(Role.WORKER), unit=st.just("norr")
    ),
    st.builds(PlanStep, st.just(""), st.just(PlanAct.ON_CALL), waits, rota=st.just("night")),
    st.builds(PlanStep, st.just(""), st.just(PlanAct.PERSONS), waits, persons=people.map(tuple)),
    st.builds(PlanStep, st.just(""), st.just(PlanAct.FORWARD), waits, desk=st.sampled_from([None, "other"])),
    st.builds(PlanStep, st.just(""), st.just(PlanAct.REPEAT), waits, again=st.just("1"), times=st.integers(1, 4)),
)


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Any plan without a fault."""
    some = draw(st.lists(steps, min_size=1, max_size=6))
    numbered = [PlanStep(**{**fields(one), "id": str(number)}) for number, one in enumerate(some, 1)]
    back = draw(st.integers(1, len(numbered)))
    last = PlanStep("last", PlanAct.REPEAT, draw(st.integers(60, 600)), again=str(back))
    plan = Plan("plan-1", draw(st.integers(1, 9)), (*numbered, last))
    found = faults(plan)
    return plan if not found else plan_without(plan, {fault.step for fault in found})


def plan_without(plan: Plan, bad: set[str | None]) -> Plan:
    """The same with louder where a step had a fault, or with a slow round where it span."""
    mended = tuple(
        PlanStep(one.id, PlanAct.LOUDER, 60) if one.id in bad and one.id != "last" else one for one in plan.steps[:-1]
    )
    last = PlanStep("last", PlanAct.REPEAT, 600, again="1")
    slow = (PlanStep(mended[0].id, PlanAct.LOUDER, 60), *mended[1:])
    return Plan(plan.id, plan.version, (*slow, last))


def fields(step: PlanStep) -> dict[str, object]:
    """A step's fields by name."""
    return {name: getattr(step, name) for name in PlanStep.__slots__}
