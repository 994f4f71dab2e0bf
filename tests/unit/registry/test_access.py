"""Who may do what for whom: the whole table, the walls, the spans."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.wire.words import Role
from registry.access import (
    AT_LARGE,
    HIDDEN,
    NOBODYS,
    ON_CASES,
    RULES,
    Act,
    Agreement,
    Allowed,
    Basis,
    Denied,
    Grant,
    Purpose,
    Right,
    Scope,
    Span,
    Who,
    Whom,
    decide,
    desk_reach,
    in_connection,
    reach,
    sees_address,
)

AT = datetime(2026, 1, 15, 3, 10, tzinfo=UTC)
NOW = Span(AT - timedelta(hours=1), AT + timedelta(hours=1))
PAST = Span(AT - timedelta(hours=2), AT)
OPEN = Purpose("case", "case-1", open=True)
HERE = Whom("kommun", "norr", "resident-1", "home-1", handler="me", purpose=OPEN, device="me")
FULL = frozenset(Right)


def staff(role, *, unit=None, principal="kommun", central=None, span=NOW, agreements=()):
    return Who("me", "Me", role, unit, principal, central, span, agreements)


def central(role, *served, span=NOW):
    return staff(role, principal=None, central="central", agreements=tuple(Agreement(one, span) for one in served))


def a_device():
    return Who("me", "me", None, "norr", "kommun", None, NOW, device="me")


def a_client(*scopes, principal="kommun"):
    return Who("me", "me", None, None, principal, None, NOW, client="me", scopes=frozenset(scopes))


def grant(*rights, holder="me", resident="resident-1", home=None, span=NOW, principal="kommun"):
    return Grant(holder, principal, resident, home, frozenset(rights), "case-1", span)


# What each part may do at its best: in its own place, with an open case of which it is the handler and a full grant.
# W worker, P planner, I installer, A administrator, R reviewer; O operator, S supervisor; D device; C another system,
# with every scope.
BEST = {
    Act.PUBLIC: "OSWPIARDC",
    Act.SESSION_OPEN: "OSWPIARD",
    Act.DESK_OPEN: "OS",
    Act.CASE_LIST: "OSC",
    Act.CASE_READ: "OSC",
    Act.CASE_ACT: "OS",
    Act.CASE_TAKE_OVER: "S",
    Act.HANDOVER_112: "OS",
    Act.NOTE_READ: "OSWP",
    Act.NOTE_WRITE: "OSWP",
    Act.SHIFT_NOTE_READ: "OS",
    Act.SHIFT_NOTE_WRITE: "OS",
    Act.RESIDENT_LIST: "WP",
    Act.RESIDENT_READ: "OSWP",
    Act.DOOR_CODE_READ: "OSW",
    Act.DEVICE_LIST: "OSPIA",
    Act.ACCESS_LOG_READ: "AR",
    Act.DEVICE_EVENT: "D",
    Act.DEVICE_ADD: "IA",
    Act.DEVICE_READ: "OSPIA",
    Act.DEVICE_PAIR: "IA",
    Act.DEVICE_GO_LIVE: "IA",
    Act.DEVICE_RETURN: "IA",
    Act.DEVICE_RESTOCK: "IA",
    Act.HOME_OPEN: "D",
    Act.LOCK_LIST: "OSPIA",
    Act.LOCK_OPEN: "OSW",
    Act.VISIT_START: "OSWP",
    Act.VISIT_LIST: "OSWP",
    Act.VISIT_READ: "OSWPD",
    Act.VISIT_ANSWER: "D",
    Act.VISIT_JOIN: "OSWPD",
    Act.VISIT_END: "OSWPD",
    Act.MEET_OPEN: "OSWPD",
    Act.BOARD_READ: "OS",
    Act.STATISTICS_READ: "SA",
    Act.WATCHDOG_READ: "S",
    Act.ROUTING_READ: "PA",
    Act.ROUTING_WRITE: "PA",
    Act.ROUTING_PREVIEW: "SPA",
    Act.ACTION_STEPS_READ: "PA",
    Act.ACTION_STEPS_WRITE: "PA",
    Act.RESIDENT_STEPS_READ: "P",
    Act.RESIDENT_STEPS_WRITE: "P",
    Act.OUTAGE_CONTACT_READ: "PA",
    Act.OUTAGE_CONTACT_WRITE: "A",
    Act.MISSION_LIST: "OSW",
    Act.MISSION_READ: "OSW",
    Act.MISSION_ACT: "OSW",
    Act.POSITION_READ: "OSW",
    Act.POSITION_ASK: "OSW",
    Act.CONSENT_READ: "OSWPA",
    Act.CONSENT_WRITE: "PA",
    Act.ZONE_READ: "OSWPA",
    Act.ZONE_WRITE: "PA",
    Act.DEVICE_COMMANDS: "D",
    Act.EVENT_READ: "AC",
    **dict.fromkeys((Act.SUBSCRIPTION_READ, Act.SUBSCRIPTION_WRITE, Act.RESERVE_READ, Act.RESERVE_WRITE), "A"),
    **dict.fromkeys((Act.CLIENT_READ, Act.CLIENT_WRITE, Act.INTEGRATION_READ, Act.INTEGRATION_WRITE), "A"),
}
PARTS = {
    "O": central(Role.OPERATOR, "kommun"),
    "S": central(Role.SUPERVISOR, "kommun"),
    "W": staff(Role.WORKER, unit="norr"),
    "P": staff(Role.PLANNER),
    "I": staff(Role.INSTALLER),
    "A": staff(Role.ADMINISTRATOR),
    "R": staff(Role.REVIEWER),
    "D": a_device(),
    "C": a_client(*Scope),
}


def test_every_act_is_in_the_table():
    assert set(RULES) == set(Act) == set(BEST)


@pytest.mark.parametrize("act", Act)
@pytest.mark.parametrize("letter", PARTS)
def test_each_part_may_do_what_the_table_says_and_no_more(act, letter):
    answer = decide(PARTS[letter], act, HERE, [grant(*FULL)], AT)
    if letter in BEST[act]:
        assert isinstance(answer, Allowed)
    else:
        assert answer == Denied("scope" if letter == "C" else "wrong_role")


@pytest.mark.parametrize("act", sorted(set(Act) - {Act.PUBLIC}))
@pytest.mark.parametrize("letter", PARTS)
def test_another_principal_does_not_exist(act, letter):
    there = Whom("granne", "norr", "resident-1", "home-1", handler="me", purpose=OPEN, device="me")
    assert decide(PARTS[letter], act, there, [grant(*FULL), grant(*FULL, principal="granne")], AT) == HIDDEN


NOBODYS_CASE = Whom(NOBODYS, handler="me", purpose=OPEN)


@pytest.mark.parametrize("act", sorted(set(Act) - {Act.PUBLIC}))
def test_a_case_of_an_unknown_account_is_for_the_desks_of_centrals_alone(act):
    for letter, who in PARTS.items():
        answer = decide(who, act, NOBODYS_CASE, [], AT)
        may = letter in "OS" and act in ON_CASES and letter in BEST[act]
        assert isinstance(answer, Allowed) == may, letter
    own_desk = staff(Role.OPERATOR)
    assert decide(own_desk, act, NOBODYS_CASE, [], AT) == HIDDEN
    without_agreement = staff(Role.OPERATOR, principal=None, central="central")
    assert decide(without_agreement, act, NOBODYS_CASE, [], AT) == HIDDEN


def test_a_central_that_serves_somebody_has_nobodys_cases_in_its_queue():
    assert desk_reach(PARTS["O"], AT) == {"kommun", NOBODYS}
    assert desk_reach(staff(Role.OPERATOR), AT) == {"kommun"}
    assert desk_reach(central(Role.OPERATOR), AT) == frozenset()


@pytest.mark.parametrize("act", sorted(set(Act) - AT_LARGE))
@pytest.mark.parametrize("letter", PARTS)
def test_what_does_not_exist_looks_like_what_is_behind_a_wall(act, letter):
    assert decide(PARTS[letter], act, Whom(), [], AT) == HIDDEN


@pytest.mark.parametrize("act", sorted(set(Act) - {Act.PUBLIC}))
def test_a_session_outside_its_span_may_nothing(act):
    ended = staff(Role.SUPERVISOR, span=PAST)
    assert decide(ended, act, HERE, [grant(*FULL)], AT) == Denied("session_ended")
    assert reach(ended, AT) == frozenset()


def test_a_central_reaches_those_it_has_an_agreement_with_now():
    who = Who(
        "me",
        "Me",
        Role.OPERATOR,
        None,
        None,
        "central",
        NOW,
        (Agreement("kommun", NOW), Agreement("left", PAST), Agreement("later", Span(AT + timedelta(minutes=1), None))),
    )
    assert reach(who, AT) == {"kommun"}


def test_agreements_count_only_for_who_works_at_a_central():
    who = staff(Role.OPERATOR, agreements=(Agreement("granne", NOW),))
    assert reach(who, AT) == {"kommun"}


def test_an_operator_of_one_principal_reaches_that_one_only():
    granne = staff(Role.OPERATOR, principal="granne")
    assert decide(granne, Act.RESIDENT_READ, HERE, [], AT) == HIDDEN
    assert decide(granne, Act.CASE_READ, Whom("granne"), [], AT) == Allowed(Basis.PRINCIPAL)


def test_an_operator_sees_a_card_only_in_connection_with_an_open_case():
    operator = PARTS["O"]
    unconnected = Whom("kommun", "norr", "resident-1", "home-1")
    closed = Whom("kommun", "norr", "resident-1", "home-1", purpose=Purpose("case", "case-1", open=False))
    assert decide(operator, Act.RESIDENT_READ, unconnected, [], AT) == Denied("no_purpose")
    assert decide(operator, Act.RESIDENT_READ, closed, [], AT) == Denied("no_purpose")
    assert decide(operator, Act.RESIDENT_READ, HERE, [], AT) == Allowed(Basis.OPEN_CASE)
    assert decide(operator, Act.RESIDENT_READ, unconnected, [grant(Right.SEE)], AT) == Allowed(Basis.GRANT)


def test_a_door_is_opened_with_a_grant_to_open_for_the_very_case_that_is_open():
    operator = PARTS["O"]
    closed = Whom("kommun", "norr", "resident-1", "home-1", purpose=Purpose("case", "case-1", open=False))
    another = Whom("kommun", "norr", "resident-1", "home-1", purpose=Purpose("case", "case-2", open=True))
    of_home = grant(Right.OPEN, resident=None, home="home-1")
    assert decide(operator, Act.LOCK_OPEN, HERE, [grant(Right.OPEN)], AT) == Allowed(Basis.GRANT)
    assert decide(operator, Act.LOCK_OPEN, HERE, [of_home], AT) == Allowed(Basis.GRANT)
    assert decide(operator, Act.LOCK_OPEN, HERE, [grant(Right.SEE, Right.CALL)], AT) == Denied("no_grant")
    assert decide(operator, Act.LOCK_OPEN, another, [grant(Right.OPEN)], AT) == Denied("no_grant")
    assert decide(operator, Act.LOCK_OPEN, closed, [grant(Right.OPEN)], AT) == Denied("no_purpose")
    assert decide(operator, Act.LOCK_OPEN, Whom("kommun", home="home-1"), [of_home], AT) == Denied("no_purpose")


@pytest.mark.parametrize(
    "useless",
    [
        grant(Right.CALL),
        grant(Right.SEE, holder="another"),
        grant(Right.SEE, resident="resident-2"),
        grant(Right.SEE, resident=None, home="home-2"),
        grant(Right.SEE, resident=None),
        grant(Right.SEE, span=PAST),
        grant(Right.SEE, principal="granne"),
    ],
)
def test_a_grant_for_another_thing_person_or_time_opens_nothing(useless):
    unconnected = Whom("kommun", "norr", "resident-1", "home-1")
    assert decide(PARTS["O"], Act.RESIDENT_READ, unconnected, [useless], AT) == Denied("no_purpose")


def test_a_grant_for_a_home_opens_the_card_of_who_lives_there():
    unconnected = Whom("kommun", "norr", "resident-2", "home-1")
    given = grant(Right.SEE, resident=None, home="home-1")
    assert decide(PARTS["O"], Act.RESIDENT_READ, unconnected, [given], AT) == Allowed(Basis.GRANT)


def test_the_door_code_is_for_the_handler_with_a_grant():
    operator = PARTS["O"]
    others = Whom("kommun", "norr", "resident-1", "home-1", handler="another", purpose=OPEN)
    unconnected = Whom("kommun", "norr", "resident-1", "home-1")
    assert decide(operator, Act.DOOR_CODE_READ, HERE, [grant(Right.SEE_CODE)], AT) == Allowed(Basis.GRANT)
    assert decide(operator, Act.DOOR_CODE_READ, HERE, [grant(Right.OPEN)], AT) == Allowed(Basis.GRANT)
    assert decide(operator, Act.DOOR_CODE_READ, HERE, [grant(Right.SEE)], AT) == Denied("no_grant")
    assert decide(operator, Act.DOOR_CODE_READ, HERE, [], AT) == Denied("no_grant")
    assert decide(operator, Act.DOOR_CODE_READ, others, [grant(Right.OPEN)], AT) == Denied("not_handler")
    assert decide(operator, Act.DOOR_CODE_READ, unconnected, [grant(Right.OPEN)], AT) == Denied("no_purpose")


def test_a_worker_sees_the_residents_of_their_own_unit():
    assert decide(PARTS["W"], Act.RESIDENT_READ, HERE, [], AT) == Allowed(Basis.UNIT)
    elsewhere = Whom("kommun", "soder", "resident-1", "home-1")
    assert decide(PARTS["W"], Act.RESIDENT_READ, elsewhere, [], AT) == Denied("other_unit")
    assert decide(PARTS["W"], Act.RESIDENT_READ, elsewhere, [grant(Right.SEE)], AT) == Allowed(Basis.GRANT)


def test_a_planner_of_a_unit_sees_that_unit():
    planner = staff(Role.PLANNER, unit="norr")
    assert decide(planner, Act.RESIDENT_READ, HERE, [], AT) == Allowed(Basis.UNIT)
    assert decide(planner, Act.RESIDENT_READ, Whom("kommun", "soder", "x", "y"), [], AT) == Denied("other_unit")


def test_an_operator_role_held_in_one_unit_opens_no_desk():
    operator = staff(Role.OPERATOR, unit="norr")
    for act in (Act.DESK_OPEN, Act.CASE_LIST, Act.CASE_READ, Act.CASE_ACT, Act.RESIDENT_READ, Act.DEVICE_LIST):
        assert decide(operator, act, HERE, [], AT) == Denied("no_desk")


def test_staff_roles_at_a_central_reach_no_residents_logs_or_devices():
    for role in (Role.WORKER, Role.PLANNER, Role.INSTALLER, Role.ADMINISTRATOR, Role.REVIEWER):
        for act in (Act.RESIDENT_READ, Act.DEVICE_LIST, Act.ACCESS_LOG_READ):
            assert isinstance(decide(central(role, "kommun"), act, HERE, [], AT), Denied)


def test_a_device_speaks_for_itself_only():
    neighbour = Whom("kommun", "norr", device="another")
    for act in (Act.DEVICE_EVENT, Act.HOME_OPEN):
        assert decide(a_device(), act, HERE, [], AT) == Allowed(Basis.SELF)
        assert decide(a_device(), act, neighbour, [], AT) == HIDDEN


def test_a_protected_address_is_for_who_has_a_grant():
    operator = PARTS["O"]
    assert sees_address(operator, HERE, [], AT, protected=False)
    assert not sees_address(operator, HERE, [], AT, protected=True)
    assert not sees_address(operator, HERE, [grant(Right.CALL)], AT, protected=True)
    assert sees_address(operator, HERE, [grant(Right.SEE)], AT, protected=True)


def test_a_case_connects_to_its_resident_or_while_unnamed_to_all_in_the_home():
    asked = Whom("kommun", "norr", "resident-2", "home-1")
    named = Whom("kommun", None, "resident-1", "home-1", purpose=OPEN)
    unnamed = Whom("kommun", None, None, "home-1", handler="me", purpose=OPEN)
    assert in_connection(asked, None) == asked
    assert in_connection(asked, named) == asked
    neighbour = Whom("kommun", "norr", "resident-3", "home-2")
    assert in_connection(neighbour, unnamed) == neighbour
    assert in_connection(asked, unnamed).purpose == OPEN
    assert in_connection(asked, unnamed).handler == "me"
    assert in_connection(asked, unnamed).resident == "resident-2"


def test_a_case_of_another_principal_or_of_no_home_connects_to_nobody():
    asked = Whom("kommun", "norr", "resident-1", "home-1")
    assert in_connection(asked, Whom("granne", None, "resident-1", "home-1", purpose=OPEN)) == asked
    assert in_connection(asked, Whom("kommun", None, None, None, purpose=OPEN)) == asked
    homeless = Whom("kommun", "norr", "resident-1", None)
    assert in_connection(homeless, Whom("kommun", None, None, None, purpose=OPEN)) == homeless


moments = st.integers(-3, 3).map(lambda hours: AT + timedelta(hours=hours))
spans = st.builds(Span, moments, st.none() | moments)
few = st.sampled_from(["a", "b", "c"])
maybe = st.none() | few
whos = st.builds(
    Who,
    person=few,
    name=few,
    role=st.none() | st.sampled_from(Role),
    unit=maybe,
    principal=maybe,
    central=maybe,
    span=spans,
    agreements=st.lists(st.builds(Agreement, few, spans), max_size=3).map(tuple),
    device=maybe,
)
whoms = st.builds(
    Whom, maybe, maybe, maybe, maybe, maybe, st.none() | st.builds(Purpose, few, few, st.booleans()), maybe
)
grants = st.builds(Grant, few, few, maybe, maybe, st.frozensets(st.sampled_from(Right)), few, spans)


@given(whos, st.sampled_from(sorted(set(Act) - {Act.PUBLIC})), whoms, st.lists(grants, max_size=4))
def test_nobody_reaches_a_principal_without_assignment_or_agreement_in_force(who, act, whom, given_grants):
    answer = decide(who, act, whom, given_grants, AT)
    if not isinstance(answer, Allowed):
        return
    assert who.span.holds(AT)
    if whom.principal is None:
        assert act in AT_LARGE
    elif who.central is not None:
        assert any(one.principal == whom.principal and one.span.holds(AT) for one in who.agreements)
    else:
        assert who.principal == whom.principal


@given(whos, whoms, st.lists(grants, max_size=4))
def test_a_refusal_never_tells_whether_something_exists_behind_a_wall(who, whom, given_grants):
    for act in set(Act) - AT_LARGE:
        if who.span.holds(AT) and whom.principal not in reach(who, AT):
            assert decide(who, act, whom, given_grants, AT) == decide(who, act, Whom(), given_grants, AT) == HIDDEN


@pytest.mark.parametrize("act", [Act.POSITION_READ, Act.POSITION_ASK])
def test_a_worker_learns_where_somebody_is_only_for_a_purpose_with_a_grant(act):
    worker = PARTS["W"]
    assert decide(worker, act, HERE, [], AT) == Denied("no_grant")
    closed = replace(HERE, purpose=Purpose("case", "case-1", open=False))
    assert decide(worker, act, closed, [grant(*FULL)], AT) == Denied("no_purpose")


def test_an_operator_asks_where_somebody_is_only_with_the_case_in_hand():
    assert decide(PARTS["O"], Act.POSITION_ASK, replace(HERE, handler="another"), [], AT) == Denied("not_handler")


def test_a_planner_of_another_unit_writes_no_consent_and_no_zone():
    elsewhere = staff(Role.PLANNER, unit="soder")
    for act in (Act.CONSENT_WRITE, Act.ZONE_WRITE):
        assert decide(elsewhere, act, HERE, [], AT) == Denied("other_unit")
