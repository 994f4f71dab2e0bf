"""Routes: the first rule that is meant for it decides, agreements bound it, and nothing leads to nobody."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from alarms.core.calendar import Hours
from alarms.core.plan import DEFAULTS, FrozenStep, Plan, PlanStep
from alarms.core.reach import Scene, persons_of, whom
from alarms.core.rota import Rota
from alarms.core.routing import Known, Overflow, Routed, Routing, Rule, route, routing_faults
from alarms.core.shapes import Came
from kit.wire.routing_words import Day, PlanAct, RouteFailed, StepFailed
from kit.wire.words import CaseKind, Reason, Step
from registry.asking import Agreement, Span
from tests.unit.alarms.core.test_rota import NIGHT, at

ALWAYS = Span(datetime(2020, 1, 1, tzinfo=UTC), None)
ENDED = Span(datetime(2020, 1, 1, tzinfo=UTC), datetime(2025, 1, 1, tzinfo=UTC))
PLAN = Plan("night-plan", 3, (PlanStep("a", PlanAct.LOUDER, 60), PlanStep("z", PlanAct.REPEAT, 60, again="a")))
NIGHTLY = Rule("night", hours=(Hours(frozenset(), 21 * 60, 7 * 60),), desks=("west", "east"), plan="night-plan")
HOLIDAY = Rule("holiday", hours=(Hours(frozenset({Day.HOLIDAY})),), desks=("east",))
DAY = Rule("day", desks=("kommun",))


def known(*rules: Rule, east: Span = ALWAYS, west: Span = ALWAYS, **more: object) -> Known:
    return Known(
        {"kommun": replace(Routing("kommun", 1, rules), **more)},  # type: ignore[arg-type]
        {"night-plan": ("kommun", PLAN), "foreign-plan": ("granne", PLAN)},
        {"night": ("kommun", NIGHT), "empty": ("kommun", Rota("empty", 1, "", ()))},
        {"west": (Agreement("kommun", west),), "east": (Agreement("kommun", east), Agreement("granne", ALWAYS))},
    )


def to(known: Known, when: str, kind: CaseKind = CaseKind.PERSON, reason: Reason = Reason.PRESSED) -> Routed:
    return route(known, "kommun", kind, reason, at(when))


def test_who_has_stored_no_routes_has_cases_at_every_desk_by_the_default_plan() -> None:
    assert route(known(), "granne", CaseKind.PERSON, Reason.FELL, at("2026-01-01")) == Routed(
        (), DEFAULTS[CaseKind.PERSON], None
    )


def test_the_first_rule_that_is_meant_for_it_decides_desks_and_plan() -> None:
    routes = known(NIGHTLY, HOLIDAY, DAY)
    assert to(routes, "2026-12-24T03:10") == Routed(("west", "east"), PLAN, "night")
    assert to(routes, "2026-12-24T12:00").rule == "holiday"
    assert to(routes, "2026-12-22T12:00").desks == ("kommun",)


def test_a_rule_may_be_for_some_kinds_and_reasons_only() -> None:
    fire = Rule("fire", kinds=frozenset({CaseKind.PERSON}), reasons=frozenset({Reason.FIRE}), desks=("east",))
    routes = known(fire, DAY)
    assert to(routes, "2026-01-02", reason=Reason.FIRE).rule == "fire"
    assert to(routes, "2026-01-02", kind=CaseKind.TECHNICAL, reason=Reason.FIRE).rule == "day"


def test_an_overflow_is_before_all_rules_while_it_lasts() -> None:
    overflow = Overflow(Rule("storm", desks=("east",)), Span(at("2026-01-02T12:00"), at("2026-01-02T13:00")))
    routes = known(DAY, overflows=(overflow,))
    assert [to(routes, f"2026-01-02T{hour}").rule for hour in ("11:59", "12:00", "12:59", "13:00")] == [
        "day", "storm", "storm", "day",
    ]  # fmt: skip


def test_an_agreement_that_has_ended_is_no_route() -> None:
    """[19]"""
    assert to(known(NIGHTLY, west=ENDED), "2026-01-02T23:00").desks == ("east",)


def test_a_route_that_leads_nowhere_leads_to_everybody_who_serves_and_says_so() -> None:
    nowhere = to(known(NIGHTLY, west=ENDED, east=ENDED), "2026-01-02T23:00")
    assert (nowhere.desk, nowhere.failed, nowhere.plan) == (None, (RouteFailed.NO_AGREEMENT,), PLAN)
    unmeant = to(known(NIGHTLY), "2026-01-02T12:00")
    assert (unmeant.desk, unmeant.failed) == (None, (RouteFailed.NO_RULE,))


def test_anothers_plan_is_no_plan() -> None:
    routed = to(known(replace(DAY, plan="foreign-plan")), "2026-01-02")
    assert (routed.plan, routed.failed) == (DEFAULTS[CaseKind.PERSON], (RouteFailed.PLAN_MISSING,))


def test_the_summer_time_nights_have_exactly_one_rule_at_each_moment_and_change_once() -> None:
    early = Rule("early", hours=(Hours(frozenset(), 0, 2 * 60 + 30),))
    late = Rule("late", hours=(Hours(frozenset(), 2 * 60 + 30, 24 * 60),))
    for night in (datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 10, 25, tzinfo=UTC)):
        names = []
        for minutes in range(0, 180, 5):
            when = night + timedelta(minutes=minutes)
            both = [
                route(known(*rules), "kommun", CaseKind.PERSON, Reason.FELL, when).rule
                for rules in ((early, late), (late, early))
            ]
            assert both[0] == both[1]
            names.append(both[0])
        assert names == sorted(names)
        assert set(names) == {"early", "late"}


hours = st.lists(
    st.builds(Hours, st.frozensets(st.sampled_from(Day)), st.integers(0, 1439), st.integers(1, 1440)), max_size=3
)
rules = st.lists(
    st.builds(
        Rule,
        st.just("r"),
        st.frozensets(st.sampled_from(CaseKind)),
        st.frozensets(st.sampled_from(Reason)),
        hours.map(tuple),
        st.lists(st.sampled_from(["west", "east", "kommun", "nowhere"]), max_size=3).map(tuple),
        st.sampled_from([None, "night-plan", "gone"]),
    ),
    max_size=4,
)


@given(rules, st.sampled_from(CaseKind), st.sampled_from(Reason), st.integers(0, 400 * 24 * 60), st.booleans())
def test_whatever_the_routes_a_case_is_at_a_desk_that_serves_or_at_all(
    some: list[Rule], kind: CaseKind, reason: Reason, minutes: int, ended: bool
) -> None:
    when = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    known_now = known(*some, east=ENDED if ended else ALWAYS)
    routed = route(known_now, "kommun", kind, reason, when)
    assert all(known_now.serves(desk, "kommun", when) for desk in routed.desks)
    assert routed.frozen.steps


def test_routes_that_name_what_is_not_there_are_not_stored() -> None:
    now = at("2026-01-02")
    bad = Routing(
        "kommun", 1, (DAY, replace(DAY, desks=("nowhere",)), Rule("x", plan="foreign-plan")),
        (Overflow(Rule("storm"), Span(now, now)),),
    )  # fmt: skip
    assert {(fault.code, fault.rule) for fault in routing_faults(bad, known(), now)} == {
        ("rule_twice", "day"), ("desk_unknown", "day"), ("plan_unknown", "x"), ("overflow_ends", "storm"),
    }  # fmt: skip
    assert routing_faults(known(NIGHTLY, HOLIDAY, DAY).routings["kommun"], known(), now) == []
    assert routing_faults(Routing("kommun", 1, (NIGHTLY,)), known(west=ENDED), now)[0].code == "desk_unknown"


def scene(desk: str | None = "west", **more: object) -> Scene:
    plan = to(known(NIGHTLY), "2026-01-02T23:00").frozen
    return Scene("kommun", desk, plan, known(NIGHTLY, **more), {"anna": (ALWAYS,), "amir": (ENDED,)})  # type: ignore[arg-type]


def step(word: Step, target: str | None = None) -> FrozenStep:
    return FrozenStep("s", word, 0, None, target)


def test_forwarding_goes_to_the_next_desk_of_the_route_that_serves() -> None:
    now = at("2026-01-02T23:00")
    assert whom(step(Step.FORWARD), scene(), now) == Came("east")
    assert whom(step(Step.FORWARD), scene("east"), now) == Came(None, StepFailed.NO_NEXT_DESK)
    assert whom(step(Step.FORWARD), scene(east=ENDED), now) == Came(None, StepFailed.NO_NEXT_DESK)
    assert whom(step(Step.FORWARD, "east"), scene(east=ENDED), now) == Came("east", StepFailed.NO_AGREEMENT)
    assert whom(step(Step.FORWARD, "west"), scene(), now) == Came("west", StepFailed.ALREADY_THERE)


def test_what_is_at_every_desk_is_forwarded_to_none() -> None:
    assert whom(step(Step.FORWARD, "east"), scene(None), at("2026-01-02T23:00")).failed is StepFailed.ALREADY_THERE


def test_on_call_is_whom_the_rota_says_if_that_one_is_on_duty() -> None:
    night, day = at("2026-01-05T23:00"), at("2026-01-05T12:00")
    assert persons_of(step(Step.ON_CALL, "night"), scene(), night) == {"anna"}
    assert whom(step(Step.ON_CALL, "night"), scene(), night) == Came("anna")
    assert whom(step(Step.ON_CALL, "night"), scene(), night + timedelta(days=1)) == Came("amir", StepFailed.OFF_DUTY)
    assert whom(step(Step.ON_CALL, "night"), scene(), day) == Came(None, StepFailed.ROTA_GAP)
    assert whom(step(Step.ON_CALL, "gone"), scene(), night) == Came(None, StepFailed.ROTA_MISSING)


def test_a_person_who_holds_no_role_there_now_is_not_asked() -> None:
    now = at("2026-01-05T12:00")
    assert persons_of(step(Step.PERSON, "anna"), scene(), now) == {"anna"}
    assert whom(step(Step.PERSON, "anna"), scene(), now) == Came("anna")
    assert whom(step(Step.PERSON, "lena"), scene(), now) == Came("lena", StepFailed.OFF_DUTY)
