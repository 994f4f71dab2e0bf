"""Handing over, naming, merging, ticking: each rule as a sentence. Numbers in brackets are domain.md's semantics."""

from dataclasses import replace
from datetime import timedelta

import pytest

from alarms.core.at_desk import (
    Accepted,
    AnotherUnknown,
    CallStarted,
    MergedFrom,
    MergedInto,
    Named,
    Offered,
    OfferEnded,
    SentOn,
    Ticked,
    Told112,
)
from alarms.core.shapes import Case, Close, GrantChange, Hold, Note, Read, Release, StepDue, TakeOver
from kit.wire.handling import CallTo
from kit.wire.words import CaseKind, CaseState, Cause, Measure, Reason, Step, TimelineKind
from tests.unit.alarms.core.cases import AT, MINUTE, SECOND, after, decided, press, queued, refused, taken

HANDLERS_ONLY = [
    Ticked("sven", "step-1", True, "speak", None),
    CallStarted("sven", "call-1", CallTo.RESIDENT, None),
    Told112("sven"),
    Offered("sven", "aino"),
    SentOn("sven", "east"),
    Named("sven", "resident-2"),
    MergedInto("sven", "case-2", "resident-2"),
]


def offered() -> Case:
    return after(taken(), Offered("karin", "sven"))


def nobodys() -> Case:
    return taken(resident=None)


def other(*, presses: int = 1, unread: int = 0, priority: int = 2) -> MergedFrom:
    return MergedFrom("karin", "case-9", presses, unread, priority, Reason.FELL, AT - MINUTE)


@pytest.mark.parametrize("event", HANDLERS_ONLY, ids=lambda event: type(event).__name__)
def test_only_who_has_the_case_works_on_it(event: object) -> None:
    """[5]"""
    assert refused(taken(), event) == "not_yours"  # type: ignore[arg-type]
    assert refused(queued(), event) == "not_taken"  # type: ignore[arg-type]


def test_a_tick_is_on_the_timeline_with_who_and_when_and_shows_that_somebody_is_awake() -> None:
    decision = decided(taken(), Ticked("karin", "step-1", True, None, "Fråga"), AT + MINUTE)
    [entry] = decision.entries
    assert (entry.kind, entry.by, entry.at) == (TimelineKind.TICKED, "karin", AT + MINUTE)
    assert decision.case.next_step_at == AT + 11 * MINUTE
    undone = decided(decision.case, Ticked("karin", "step-1", False, None, "Fråga"), AT + MINUTE)
    assert undone.entries[0].kind is TimelineKind.UNTICKED


def test_work_beside_an_unread_press_does_not_move_its_reminder() -> None:
    """[3]"""
    unread = decided(taken(), press(), AT).case
    assert decided(unread, Ticked("karin", "s", True, None, "x"), AT + 30 * SECOND).case.next_step_at == AT + MINUTE


def test_an_offered_case_stays_the_handlers_until_the_other_accepts() -> None:
    """[5]"""
    case = offered()
    assert (case.handler, case.offered_to) == ("karin", "sven")
    decision = decided(case, Accepted("sven"), AT + 5 * SECOND)
    assert (decision.case.handler, decision.case.offered_to, decision.grants) == ("sven", None, GrantChange.HAND_OVER)
    assert decision.entries[0].data == {"from": "karin"}


def test_nobody_but_whom_it_is_offered_to_accepts() -> None:
    """[5]"""
    assert refused(offered(), Accepted("aino")) == "not_offered"
    assert refused(taken(), Accepted("sven")) == "not_offered"
    assert not decided(after(offered(), Accepted("sven")), Accepted("sven")).changed


def test_an_offer_that_nobody_answers_lapses_after_a_minute_and_the_handler_is_reminded_a_minute_later() -> None:
    """[6]"""
    case = offered()
    assert (case.next_step, case.next_step_at) == (Step.OFFER_ENDS, AT + MINUTE)
    decision = decided(case, StepDue(case.step), AT + MINUTE)
    assert (decision.case.handler, decision.case.offered_to) == ("karin", None)
    assert decision.entries[0].data == {"to": "sven", "how": "lapsed"}
    assert (decision.case.next_step, decision.case.next_step_at) == (Step.REMIND_HANDLER, AT + 2 * MINUTE)


@pytest.mark.parametrize(("by", "how"), [("sven", "refused"), ("karin", "withdrawn")])
def test_an_offer_is_refused_or_taken_back(by: str, how: str) -> None:
    decision = decided(offered(), OfferEnded(by), AT + SECOND)
    assert decision.entries[0].data == {"to": "sven", "how": how}
    assert (decision.case.handler, decision.case.offered_to) == ("karin", None)
    assert decision.case.next_step_at == AT + SECOND + MINUTE


def test_nothing_else_that_happens_makes_an_offer_last() -> None:
    """[6]"""
    for event in (Note("karin", "Ringer dottern."), Hold("karin", 30), Read("karin"), press()):
        assert decided(offered(), event, AT + SECOND).case.next_step_at == AT + MINUTE


def test_a_hold_under_an_offer_ends_when_it_was_to_end() -> None:
    held = decided(offered(), Hold("karin", 5), AT).case
    lapsed = decided(held, StepDue(held.step), AT + MINUTE).case
    assert (lapsed.next_step, lapsed.next_step_at) == (Step.HOLD_ENDS, AT + 5 * MINUTE)


@pytest.mark.parametrize("event", [Release("karin"), TakeOver("aino")], ids=["released", "taken over"])
def test_an_offer_ends_with_the_hands_it_came_from(event: object) -> None:
    case = after(offered(), event)  # type: ignore[arg-type]
    assert (case.offered_to, case.offered_until) == (None, None)


def test_one_offer_at_a_time_and_none_to_oneself() -> None:
    assert refused(taken(), Offered("karin", "karin")) == "own_case"
    assert refused(offered(), Offered("karin", "aino")) == "offer_open"
    assert not decided(offered(), Offered("karin", "sven")).changed


def sent_on(desk: str | None = "west") -> Case:
    return after(replace(taken(), desk=desk), SentOn("karin", "east"))


def test_a_case_sent_on_to_another_desk_is_ours_until_somebody_there_accepts() -> None:
    """[5]"""
    case = sent_on()
    assert (case.handler, case.desk, case.offered_desk) == ("karin", "west", "east")
    for desk in ("west", None):
        assert refused(case, Accepted("aino", desk=desk)) == "not_offered"
    assert not decided(case, Accepted("karin", desk="east")).changed
    decision = decided(case, Accepted("sven", desk="east"), AT + MINUTE)
    theirs = decision.case
    assert (theirs.handler, theirs.desk, theirs.offered_desk) == ("sven", "east", None)
    assert (decision.grants, decision.entries[0].data) == (GrantChange.HAND_OVER, {"from": "karin", "desk": "east"})
    assert refused(theirs, Accepted("aino", desk="east")) == "not_offered"


def test_what_every_desk_has_stays_in_every_desks_queue() -> None:
    assert after(sent_on(desk=None), Accepted("sven", desk="east")).desk is None


def test_a_sending_that_nobody_answers_lapses_after_three_minutes_and_the_handler_is_reminded_a_minute_later() -> None:
    """[6]"""
    case = sent_on()
    assert (case.next_step, case.next_step_at) == (Step.OFFER_ENDS, AT + 3 * MINUTE)
    decision = decided(case, StepDue(case.step), AT + 3 * MINUTE)
    assert (decision.case.handler, decision.case.desk, decision.case.offered_desk) == ("karin", "west", None)
    assert decision.entries[0].data == {"to": None, "how": "lapsed", "desk": "east"}
    assert (decision.case.next_step, decision.case.next_step_at) == (Step.REMIND_HANDLER, AT + 4 * MINUTE)


def test_an_unread_press_is_reminded_of_also_while_a_case_is_sent_on() -> None:
    """[3]"""
    pressed = decided(sent_on(), press(), AT + SECOND).case
    assert (pressed.next_step, pressed.next_step_at) == (Step.REMIND_HANDLER, AT + SECOND + MINUTE)
    reminded = decided(pressed, StepDue(pressed.step), AT + SECOND + MINUTE).case
    assert (reminded.escalation, reminded.next_step_at) == (2, AT + 3 * MINUTE)


@pytest.mark.parametrize(("by", "desk", "how"), [("sven", "east", "refused"), ("karin", "west", "withdrawn")])
def test_a_sending_is_refused_over_there_or_taken_back(by: str, desk: str, how: str) -> None:
    decision = decided(sent_on(), OfferEnded(by, desk), AT + SECOND)
    assert decision.entries[0].data == {"to": None, "how": how, "desk": "east"}
    assert (decision.case.handler, decision.case.offered_desk) == ("karin", None)
    assert refused(sent_on(), OfferEnded("aino", "west")) == "not_offered"


def test_a_case_is_offered_to_one_desk_or_one_person_at_a_time_and_not_to_its_own_desk() -> None:
    assert refused(replace(taken(), desk="east"), SentOn("karin", "east")) == "own_desk"
    assert refused(sent_on(), SentOn("karin", "south")) == "offer_open"
    assert refused(sent_on(), Offered("karin", "sven")) == "offer_open"
    assert refused(offered(), SentOn("karin", "east")) == "offer_open"
    assert not decided(sent_on(), SentOn("karin", "east")).changed


@pytest.mark.parametrize("event", [Release("karin"), TakeOver("aino")], ids=["released", "taken over"])
def test_a_sending_ends_with_the_hands_it_came_from(event: object) -> None:
    case = after(sent_on(), event)  # type: ignore[arg-type]
    assert (case.offered_desk, case.offered_until, case.desk) == (None, None, "west")


def test_what_came_after_the_other_looked_stays_unread_at_a_handover() -> None:
    """[3]"""
    case = offered()
    pressed = after(case, press())
    assert decided(pressed, Accepted("sven", case.version)).case.unread == 1
    assert decided(pressed, Accepted("sven", pressed.version)).case.unread == 0


def test_a_case_with_an_open_call_is_not_closed() -> None:
    """[9]"""
    said = Close("karin", Cause.FALL, Measure.SPOKE, call_open=True)
    assert refused(taken(), said) == "call_open"
    assert decided(taken(), replace(said, call_open=False)).case.state is CaseState.CLOSED


def test_naming_gives_the_case_the_persons_key_and_the_handler_the_persons_rights() -> None:
    """[17]"""
    decision = decided(nobodys(), Named("karin", "resident-2"))
    assert (decision.case.open_key, decision.case.resident) == ("person:resident-2", "resident-2")
    assert decision.grants is GrantChange.HAND_OVER


def test_who_is_named_is_named_once_and_only_where_it_is_open() -> None:
    assert not decided(taken(), Named("karin", "resident-1")).changed
    assert refused(taken(), Named("karin", "resident-2")) == "already_named"
    assert refused(taken(CaseKind.TECHNICAL, resident=None), Named("karin", "resident-2")) == "nobody_to_name"
    assert refused(replace(nobodys(), home=None), Named("karin", "resident-2")) == "nobody_to_name"


def test_a_case_that_is_part_of_anothers_ends_with_a_pointer_and_ends_its_grants() -> None:
    """[17]"""
    decision = decided(after(nobodys(), press()), MergedInto("karin", "case-9", "resident-2"))
    case = decision.case
    assert (case.state, case.merged_into, case.open_key, case.unread) == (CaseState.CLOSED, "case-9", None, 0)
    assert decision.grants is GrantChange.END


def test_presses_urgency_and_waiting_time_go_along_into_the_persons_case() -> None:
    """[3]"""
    case = decided(taken(), other(presses=3, unread=2, priority=1)).case
    assert (case.presses, case.unread, case.priority, case.reason) == (4, 2, 1, Reason.FELL)
    assert case.raised_at == AT - MINUTE
    assert case.next_step_at == AT + MINUTE


def test_who_merges_into_a_case_that_nobody_has_has_it_then() -> None:
    """[5]"""
    decision = decided(queued(), other())
    assert (decision.case.handler, decision.case.state, decision.grants) == ("karin", CaseState.TAKEN, GrantChange.GIVE)
    assert decision.case.answered_ms == 0


def test_nobody_loses_a_case_to_a_merge() -> None:
    """[5]"""
    assert refused(taken(by="sven"), other()) == "merge_taken"


def test_what_is_only_counted_is_unread_and_a_flood_of_it_is_one_line() -> None:
    """[12]"""
    case = after(queued(), AnotherUnknown("signal-2"))
    more = decided(case, AnotherUnknown("signal-3"))
    assert (more.case.presses, more.case.unread, more.entries) == (3, 1, ())
    assert more.case.priority == case.priority
    read = after(taken(), Read("karin"))
    again = decided(read, AnotherUnknown("signal-4"))
    assert [entry.kind for entry in again.entries] == [TimelineKind.COUNTED]
    assert again.case.next_step_at == AT + timedelta(seconds=60)
