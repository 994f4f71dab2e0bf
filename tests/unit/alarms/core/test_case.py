"""The case's rules, each as a sentence. Numbers in brackets are domain.md's semantics."""

from datetime import timedelta

import pytest

from alarms.core.at_desk import (
    Accepted,
    AnotherUnknown,
    CallStarted,
    CallWentOn,
    MergedFrom,
    MergedInto,
    Named,
    Offered,
    OfferEnded,
    SentOn,
    Ticked,
    Told112,
)
from alarms.core.at_position import LocateAsked, LocateEnded
from alarms.core.case import REFUSED_IN, TABLE, decide
from alarms.core.shapes import (
    Arrived,
    Close,
    Counted,
    Ended,
    GrantChange,
    Hold,
    LockAnswered,
    LockAsked,
    MissionSent,
    MissionTold,
    Note,
    NotTold,
    Read,
    Refused,
    Release,
    Resume,
    SentOut,
    StepDue,
    Take,
    TakeOver,
    Unhoused,
)
from kit.wire.handling import CallResult, CallTo
from kit.wire.position_words import LocateState
from kit.wire.routing_words import RouteFailed
from kit.wire.words import (
    CaseKind,
    CaseState,
    Cause,
    Measure,
    NobodyReason,
    Reason,
    SignalKind,
    Step,
    TimelineKind,
)
from tests.unit.alarms.core.cases import (
    AT,
    MINUTE,
    SECOND,
    after,
    decided,
    fault,
    held,
    press,
    queued,
    raised,
    refused,
    taken,
)

CLOSE = Close("karin", Cause.FALL, Measure.STAFF_SENT)
EVENTS = [
    press(),
    Take("karin"),
    TakeOver("sven"),
    Release("karin"),
    Note("karin", "Hon svarar."),
    Hold("karin", 5),
    Resume("karin"),
    Read("karin"),
    CLOSE,
    StepDue(1),
    NotTold("signal-1"),
    SentOut({"outcome": "taken"}),
    LocateAsked("me", "phone", "Hon svarar inte."),
    LocateEnded("phone", LocateState.NO_ANSWER),
    Unhoused(RouteFailed.AGREEMENT_ENDED),
    MissionSent("mission-1", "karin", {}),
    MissionTold((), ended=True),
    Ticked("karin", "step-1", True, "speak", None),
    CallStarted("karin", "call-1", CallTo.RESIDENT, None),
    CallWentOn("karin", "call-1", CallTo.RESIDENT, None, CallResult.NO_ANSWER),
    Offered("karin", "sven"),
    SentOn("karin", "east"),
    Accepted("sven"),
    OfferEnded("karin"),
    Named("karin", "resident-1"),
    MergedInto("karin", "case-2", "resident-1"),
    MergedFrom("karin", "case-2", 1, 1, 2, Reason.PRESSED, AT),
    Told112("karin"),
    AnotherUnknown("signal-2"),
    Ended(Measure.CAME_BACK),
    Counted(3),
]


def test_a_press_raises_a_case_that_is_queued_with_a_step_and_a_deadline() -> None:
    case = queued()
    assert (case.state, case.presses, case.unread, case.version) == (CaseState.QUEUED, 1, 1, 1)
    assert (case.next_step, case.next_step_at) == (Step.LOUDER, AT + timedelta(seconds=60))


def test_a_second_press_joins_the_open_case_and_makes_it_more_urgent() -> None:
    """[3]"""
    decision = decided(queued(), press())
    assert (decision.case.presses, decision.case.unread, decision.case.priority) == (2, 2, 1)
    assert [entry.kind for entry in decision.entries] == [TimelineKind.SIGNAL]


def test_a_second_press_never_moves_the_deadline_of_an_untaken_case_away() -> None:
    late = AT + timedelta(seconds=59)
    assert decided(queued(), press(), late).case.next_step_at == AT + timedelta(seconds=60)


def test_priority_never_rises_above_one_and_a_milder_signal_does_not_lower_it() -> None:
    case = after(queued(priority=1), press(priority=2), press(priority=5))
    assert case.priority == 1


def test_a_press_wakes_a_case_from_hold_and_must_be_read_within_a_minute() -> None:
    """[3]"""
    decision = decided(held(60), press(), AT + 5 * MINUTE)
    assert decision.case.held_until is None
    assert [entry.kind for entry in decision.entries] == [TimelineKind.SIGNAL, TimelineKind.WOKEN]
    assert (decision.case.next_step, decision.case.next_step_at) == (Step.REMIND_HANDLER, AT + 6 * MINUTE)


def test_presses_on_a_taken_case_do_not_push_an_earlier_reminder_away() -> None:
    first = decided(taken(), press(), AT + MINUTE).case
    second = decided(first, press(), AT + MINUTE + 30 * SECOND).case
    assert second.next_step_at == first.next_step_at == AT + 2 * MINUTE


@pytest.mark.parametrize("kind", [SignalKind.CANCEL, SignalKind.RESET])
@pytest.mark.parametrize("case", [queued(), taken(), held()], ids=["queued", "taken", "held"])
def test_a_cancel_or_reset_is_a_note_to_be_read_and_never_closes(kind: SignalKind, case: object) -> None:
    """[4]"""
    decision = decided(case, Arrived("signal-2", kind, None, 5))  # type: ignore[arg-type]
    assert decision.case.state is case.state  # type: ignore[attr-defined]
    assert decision.case.unread == case.unread + 1  # type: ignore[attr-defined]
    assert decision.case.next_step_at is not None


def test_information_is_a_line_on_the_case_and_nothing_to_read() -> None:
    decision = decided(queued(), Arrived("signal-2", SignalKind.INFORMATION, None, 5))
    assert decision.case.unread == 1
    assert len(decision.entries) == 1


def test_a_thing_that_flaps_is_counted_and_not_told_again() -> None:
    """[3]"""
    decision = decided(queued(CaseKind.TECHNICAL), fault())
    assert (decision.case.presses, decision.case.unread, decision.entries) == (2, 1, ())


def test_a_fault_that_grows_urgent_brings_its_deadline_forward() -> None:
    case = queued(CaseKind.TECHNICAL, priority=4)
    assert case.next_step_at == AT + timedelta(hours=12)
    assert decided(case, fault(priority=3), AT + MINUTE).case.next_step_at == AT + timedelta(minutes=30)


def test_who_pressed_and_then_fell_has_fallen() -> None:
    fell = decided(queued(), Arrived("signal-2", SignalKind.ALARM, Reason.FELL, 1)).case
    assert fell.reason is Reason.FELL
    assert decided(fell, press("signal-3")).case.reason is Reason.FELL


def test_what_came_after_what_the_taker_saw_stays_unread() -> None:
    """[3]"""
    seen = queued().version
    pressed = after(queued(), press())
    assert after(pressed, Take("karin", seen)).unread == 2
    assert after(pressed, Take("karin", pressed.version)).unread == 0


def test_reading_what_was_on_the_screen_does_not_read_what_came_after() -> None:
    """[9]"""
    pressed = after(taken(), press())
    assert refused(after(pressed, press("signal-3")), Read("karin", pressed.version)) == "unread_signal"
    assert after(pressed, Read("karin", pressed.version)).unread == 0


def test_the_first_to_take_becomes_the_handler_and_is_given_grants() -> None:
    """[5]"""
    decision = decided(queued(), Take("karin"), AT + 12 * SECOND)
    assert (decision.case.handler, decision.case.state) == ("karin", CaseState.TAKEN)
    assert decision.case.answered_ms == 12_000
    assert decision.case.unread == 0
    assert decision.grants is GrantChange.GIVE


def test_the_second_to_take_is_refused() -> None:
    """[5]"""
    assert refused(taken(by="karin"), Take("sven")) == "taken"


def test_taking_what_one_has_changes_nothing() -> None:
    decision = decided(taken(), Take("karin"))
    assert not decision.changed
    assert decision.case.version == taken().version


def test_a_take_over_hands_the_grants_over_and_keeps_the_time_of_the_first_answer() -> None:
    """[5]"""
    decision = decided(taken(by="karin"), TakeOver("sven"), AT + 5 * MINUTE)
    assert (decision.case.handler, decision.grants) == ("sven", GrantChange.HAND_OVER)
    assert decision.case.answered_ms == 0
    assert decision.case.taken_at == AT


def test_a_released_case_waits_for_at_most_a_minute_again() -> None:
    decision = decided(taken(), Release("karin"), AT + 10 * MINUTE)
    assert (decision.case.handler, decision.grants) == (None, GrantChange.END)
    assert (decision.case.next_step, decision.case.next_step_at) == (Step.LOUDER, AT + 11 * MINUTE)


@pytest.mark.parametrize(
    "event",
    [Release("sven"), Hold("sven", 5), Resume("sven"), Read("sven"), Close("sven", Cause.FALL, Measure.SPOKE)],
    ids=lambda event: type(event).__name__,
)
def test_only_the_handler_handles(event: object) -> None:
    assert refused(taken(by="karin"), event) == "not_yours"  # type: ignore[arg-type]


def test_anybody_at_the_desk_may_add_a_note() -> None:
    decision = decided(taken(by="karin"), Note("sven", "Jag känner henne."))
    assert decision.entries[0].by == "sven"
    assert decision.case.next_step_at == taken().next_step_at


def test_a_handlers_note_shows_that_somebody_is_awake() -> None:
    decision = decided(taken(), Note("karin", "Hon svarar."), AT + 9 * MINUTE)
    assert decision.case.next_step_at == AT + 19 * MINUTE


def test_a_note_does_not_excuse_from_reading_a_new_press() -> None:
    pressed = decided(taken(), press(), AT + MINUTE).case
    assert decided(pressed, Note("karin", "…"), AT + MINUTE).case.next_step_at == AT + 2 * MINUTE


def test_a_hold_ends_by_itself_and_the_handler_is_reminded() -> None:
    case = held(15)
    assert (case.next_step, case.next_step_at) == (Step.HOLD_ENDS, AT + 15 * MINUTE)
    woken = decided(case, StepDue(case.step), AT + 15 * MINUTE).case
    assert woken.held_until is None
    assert (woken.next_step, woken.next_step_at) == (Step.REMIND_HANDLER, AT + 16 * MINUTE)


def test_a_case_with_an_unread_signal_can_be_neither_held_nor_closed() -> None:
    """[9]"""
    pressed = after(taken(), press())
    assert refused(pressed, Hold("karin", 5)) == "unread_signal"
    assert refused(pressed, CLOSE) == "unread_signal"
    assert decided(after(pressed, Read("karin")), CLOSE).case.state is CaseState.CLOSED


def test_closing_names_a_person_or_why_there_is_none() -> None:
    """[9]"""
    unknown = taken(resident=None)
    assert refused(unknown, CLOSE) == "person_missing"
    named = decided(unknown, Close("karin", Cause.FALL, Measure.SPOKE, resident="resident-2")).case
    assert (named.resident, named.nobody) == ("resident-2", None)
    reasoned = Close("karin", Cause.FALL, Measure.SPOKE, nobody=NobodyReason.NOBODY_HOME)
    assert decided(unknown, reasoned).case.nobody is NobodyReason.NOBODY_HOME


def test_a_technical_case_needs_nobody_named() -> None:
    closed = decided(taken(CaseKind.TECHNICAL, resident=None), CLOSE).case
    assert closed.nobody is NobodyReason.DEVICE_ONLY


def test_a_closed_case_has_no_key_no_step_and_no_deadline_and_frees_the_grants() -> None:
    decision = decided(taken(), CLOSE)
    case = decision.case
    assert (case.open_key, case.next_step, case.next_step_at, decision.grants) == (None, None, None, GrantChange.END)
    assert (case.cause, case.measure, case.closed_at) == (Cause.FALL, Measure.STAFF_SENT, AT)


def test_an_untaken_case_grows_louder_then_asks_the_supervisor_again_and_again() -> None:
    """[6]"""
    case = queued()
    seen = []
    for _ in range(4):
        assert case.next_step_at is not None
        seen.append((case.next_step, case.next_step_at - AT, case.escalation))
        case = decided(case, StepDue(case.step), case.next_step_at).case
    assert seen == [
        (Step.LOUDER, timedelta(seconds=60), 0),
        (Step.SUPERVISOR, timedelta(seconds=180), 1),
        (Step.SUPERVISOR_AGAIN, timedelta(seconds=360), 2),
        (Step.SUPERVISOR_AGAIN, timedelta(seconds=540), 2),
    ]


def test_after_an_outage_the_overdue_steps_act_at_once_and_in_order() -> None:
    """[6]"""
    case = queued()
    late = AT + timedelta(hours=1)
    louder = decided(case, StepDue(case.step), late).case
    assert (louder.escalation, louder.next_step, louder.next_step_at) == (1, Step.SUPERVISOR, late)


@pytest.mark.parametrize("case", [queued(), taken(), held()], ids=["queued", "taken", "held"])
def test_a_stale_step_does_nothing(case: object) -> None:
    """[6]"""
    decision = decided(case, StepDue(case.step - 1), AT + MINUTE)  # type: ignore[arg-type, attr-defined]
    assert not decision.changed
    assert decision.case is case


def test_a_quiet_handler_is_reminded_with_the_supervisor_watching() -> None:
    case = taken()
    decision = decided(case, StepDue(case.step), AT + 10 * MINUTE)
    assert (decision.case.escalation, decision.entries[0].kind) == (2, TimelineKind.REMINDED)
    assert decision.case.next_step_at == AT + 20 * MINUTE


def test_a_device_that_was_not_told_is_noted() -> None:
    assert decided(queued(), NotTold("signal-1")).entries[0].kind is TimelineKind.DEVICE_NOT_TOLD


def test_a_cancel_before_the_case_is_closed_twice_over_is_refused_afterwards() -> None:
    closed = after(taken(), CLOSE)
    for event in EVENTS:
        assert refused(closed, event) == "closed"


def test_asking_where_somebody_is_and_what_came_of_it_are_on_the_timeline() -> None:
    [asked] = decided(queued(), LocateAsked("me", "phone", "Hon svarar inte.")).entries
    assert (asked.kind, asked.by, asked.data) == (
        TimelineKind.LOCATE_ASKED, "me", {"device": "phone", "text": "Hon svarar inte."},
    )  # fmt: skip
    kinds = {state: decided(queued(), LocateEnded("phone", state)).entries[0].kind for state in LocateState}
    assert kinds.pop(LocateState.FOUND) is TimelineKind.LOCATED
    assert set(kinds.values()) == {TimelineKind.LOCATE_FAILED}


def test_where_somebody_walks_is_no_line_on_the_timeline_but_what_they_cross_is() -> None:
    walked = decided(queued(), Arrived("signal-9", SignalKind.INFORMATION, None, 5, placed=True))
    assert (walked.entries, walked.changed) == ((), True)
    crossed = Arrived("signal-9", SignalKind.INFORMATION, Reason.LEFT_ZONE, 5, zone="Hemma")
    [line] = decided(queued(), crossed).entries
    assert line.data is not None
    assert (line.data["reason"], line.data["zone"]) == ("left_zone", "Hemma")


def test_every_event_of_the_table_is_tried() -> None:
    assert {event for row in TABLE.values() for event in row} == {type(event) for event in EVENTS} | {
        LockAsked,
        LockAnswered,
    }


@pytest.mark.parametrize("state", list(CaseState))
@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
def test_what_is_not_in_the_table_is_refused_and_what_is_there_ends_in_its_state(
    state: CaseState, event: object
) -> None:
    case = {
        CaseState.RAISED: raised(),
        CaseState.QUEUED: queued(),
        CaseState.TAKEN: taken(),
        CaseState.CLOSED: after(taken(), CLOSE),
    }[state]
    decision = decide(case, event, AT)  # type: ignore[arg-type]
    row = TABLE[state].get(type(event))  # type: ignore[call-overload]
    if row is None:
        assert decision == Refused(REFUSED_IN[state])
    elif not isinstance(decision, Refused) and decision.changed:
        assert decision.case.state is row[1]
        assert decision.case.version == case.version + 1


def test_an_alarm_of_an_unknown_kind_is_still_a_reason_to_answer() -> None:
    case = raised()
    assert case.reason is Reason.PRESSED
    assert after(case, Arrived("signal-1", SignalKind.ALARM, None, 2)).state is CaseState.QUEUED
