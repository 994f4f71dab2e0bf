"""A night's promise is kept when what was seen and stored says so, and broken by the least that speaks against it."""

from math import inf

import pytest

from clients.simulated.night.book import Back, Book, Lid, Stored, answered
from clients.simulated.night.county import resident
from clients.simulated.night.judge import TAKEN_OVER, Name, judged
from clients.simulated.night.plan import plan
from clients.simulated.night.words import Language, goal_of, name_of, seen_of, verdict_of
from clients.simulated.schedule import Pace
from kit.wire.case import CaseDetail
from kit.wire.words import CaseKind, Reason, TimelineKind
from tests.unit.clients.night.nights import OPERATOR, a_night, case, line, moment, press, stored

UNTRIED = {Name.LOUDER, Name.SUPERVISOR, Name.LID, Name.MAST, Name.TOLD, Name.MISSIONS}

PLAN = plan(60, 600, Pace(1, 30))


def broken(book: Book, found: Stored) -> set[Name]:
    return {one.name for one in judged(PLAN, book, found) if one.holds is False}


def untried(book: Book, found: Stored) -> set[Name]:
    return {one.name for one in judged(PLAN, book, found) if one.holds is None}


def test_a_good_night_keeps_every_promise_that_it_puts_to_the_test() -> None:
    book, found = a_night()
    assert broken(book, found) == set()
    assert untried(book, found) == UNTRIED


def test_a_night_without_anything_keeps_nothing() -> None:
    book = Book(moment(0))
    assert broken(book, stored(book, [])) >= {Name.STORED, Name.ON_CASES, Name.ANSWERED_SOON, Name.ENDED}


def test_a_press_that_nobody_acknowledged_breaks_one() -> None:
    book, found = a_night()
    book.presses[1].stored_at = None
    assert Name.STORED in broken(book, found)


def test_an_acknowledged_press_that_is_on_no_case_or_on_two_breaks_one() -> None:
    book, _ = a_night()
    book.presses.append(press(9, 50.0, "nowhere"))
    assert Name.ON_CASES in broken(book, stored(book, [case(n, n * 10.0, n * 10.0 + 2, 60) for n in (1, 2, 3)]))
    twice = [case(1, 10, 12, 16), case(2, 20, 22, 26, signals=case(1, 10, 12, 16).signals)]
    book, _ = a_night()
    assert Name.ON_CASES in broken(book, stored(book, twice))


def test_two_open_cases_of_one_person_break_one() -> None:
    first, second = case(1, 10, 12, 40), case(2, 20, 22, 26, resident=resident(1).id)
    assert Name.ON_CASES in broken(*a_night(first, second))
    after = case(2, 41, 42, 46, resident=resident(1).id)
    assert broken(*a_night(first, after)) == set()


def test_an_alarm_that_was_never_on_a_desk_breaks_one() -> None:
    book, found = a_night()
    del book.shown["c2"]
    assert broken(book, found) == {Name.ON_DESK}


@pytest.mark.parametrize(
    ("waits", "expected"), [(61.0, {Name.ANSWERED_SOON, Name.LOUDER}), (59.0, set()), (None, {"all"})]
)
def test_answers_count_from_the_first_press(waits: float | None, expected: set[str]) -> None:
    told = [line(TimelineKind.ESCALATED, 71), line(TimelineKind.ESCALATED, 191)]
    late = case(1, 10, None if waits is None else 10 + waits + 5, None if waits is None else 90, timeline=[])
    book, found = a_night(late, *(case(n, 10, 11, 12) for n in range(2, 12)))
    book.presses[0].sent = moment(15)  # the platform stored it before the device says it was sent: its clock is ours
    assert answered(book, found)["c1"] == (inf if waits is None else pytest.approx(waits))
    if waits is None:
        shown = late.model_copy(update={"timeline": told})
        found = stored(book, [shown, *found.cases[1:]])
        assert broken(book, found) == {Name.ANSWERED_SOON, Name.ANSWERED_LATE, Name.ENDED}
    else:
        assert broken(book, found) == expected


def test_who_waits_a_minute_must_be_louder_and_three_must_reach_the_supervisor_in_time_and_not_before() -> None:
    others = [case(n, 10, 11, 12) for n in range(2, 120)]
    for moments, wrong in (
        ((61, 181), set()),
        ((61,), {Name.SUPERVISOR}),
        ((), {Name.LOUDER, Name.SUPERVISOR}),
        ((70, 181), {Name.LOUDER}),
        ((30, 181), {Name.LOUDER}),
        ((61, 190), {Name.SUPERVISOR}),
    ):
        told = [line(TimelineKind.ESCALATED, at) for at in moments]
        book, found = a_night(case(1, 0, 190, 200, timeline=told), *others)
        assert broken(book, found) == wrong
        assert untried(book, found) == {Name.LID, Name.MAST, Name.TOLD, Name.MISSIONS}


def test_an_open_case_without_a_next_step_breaks_one() -> None:
    book, found = a_night()
    one = case(1, 10, None, None)
    book.look([one.model_copy(update={"next_step_at": None})], moment(11), 11.0)
    assert broken(book, found) == {Name.NOT_FORGOTTEN}
    book, found = a_night()
    book.look([one], moment(69), 69.0)
    assert broken(book, found) == set()
    book.look([one], moment(81), 81.0)
    assert broken(book, found) == {Name.NOT_FORGOTTEN}


def test_an_alarm_left_in_the_queue_breaks_one_and_one_in_hand_does_not() -> None:
    assert Name.ENDED in broken(*a_night(case(1, 290, None, None)))
    assert broken(*a_night(case(1, 290, 292, None))) == set()


@pytest.mark.parametrize(("over", "by", "holds"), [(80, "other", True), (80, OPERATOR, False), (200, "other", False)])
def test_whose_handler_closed_the_lid_is_taken_over_by_another_in_time(over: float, by: str, holds: bool) -> None:
    told = [line(TimelineKind.REMINDED, 75), line(TimelineKind.TAKEN_OVER, over, by)]
    book, found = a_night(case(1, 10, 12, 210, timeline=told), case(2, 20, 21, 22))
    book.lid = Lid(OPERATOR, "c1", resident(1).id, at=13.0, pressed_again_at=15.0)
    assert (Name.LID in broken(book, found)) is not holds
    assert over - 15 < TAKEN_OVER or not holds


def test_a_lid_that_nobody_noticed_breaks_one() -> None:
    book, found = a_night()
    book.lid = Lid(OPERATOR, "c1", resident(1).id, at=13.0, pressed_again_at=15.0)
    assert broken(book, found) == {Name.LID}


def test_what_was_pressed_under_a_dead_mast_must_be_stored_and_every_device_come_back() -> None:
    for answering, slowest, arrives, holds in ((7, 2.0, True, True), (6, 2.0, True, False), (7, 31.0, True, False),
                                               (7, 2.0, False, False)):  # fmt: skip
        book, found = a_night()
        book.back = Back("Hemtjänst Vik", 7, 5.0, 15.0, answering, slowest)
        book.presses[0].held = True
        if not arrives:
            book.presses[0].cases = []
        assert (Name.MAST not in broken(book, found)) is holds


def incident(raised: float, closed: float | None, number: int = 9) -> CaseDetail:
    area = PLAN.mast.area.principal
    said = {"kind": CaseKind.TECHNICAL, "reason": Reason.MANY_SILENT, "principal": area, "resident": None}
    return case(number, raised, None, closed, signals=[], **said)


@pytest.mark.parametrize(
    ("incidents", "holds"),
    [
        ([incident(210, 290)], True),
        ([], False),
        ([incident(225, 290)], False),
        ([incident(210, None)], False),
        ([incident(210, 250), incident(260, 290, 8)], False),
        ([incident(210, 290).model_copy(update={"principal": "night-elsewhere"})], False),
    ],
)
def test_a_dead_mast_must_be_told_once_and_in_time_and_be_over_when_it_is_back(
    incidents: list[CaseDetail], holds: bool
) -> None:
    book, found = a_night()
    book.back = Back("Hemtjänst Vik", 7, 10.0, 280.0, 7, 2.0)
    assert (Name.TOLD not in broken(book, Stored([*found.cases, *incidents], moment(300)))) is holds


def test_a_mast_that_was_dead_for_less_than_it_takes_to_notice_promises_nothing() -> None:
    book, found = a_night()
    book.back = Back("Hemtjänst Vik", 7, 10.0, 210.0, 7, 2.0)
    assert Name.TOLD in untried(book, found)


@pytest.mark.parametrize(
    ("heard", "holds"),
    [
        ((TimelineKind.MISSION_ACCEPTED, 60), True),
        ((TimelineKind.MISSION_DECLINED, 60), True),
        ((TimelineKind.MISSION_URGENT, 201), True),
        ((TimelineKind.MISSION_URGENT, 206), False),
        ((TimelineKind.MISSION_ACCEPTED, 260), False),
        (None, False),
    ],
)
def test_a_mission_that_nobody_accepts_must_be_urgent_within_three_minutes(
    heard: tuple[TimelineKind, float] | None, holds: bool
) -> None:
    told = [line(TimelineKind.MISSION_SENT, 20, mission="m1")]
    told += [line(heard[0], heard[1], mission="m1")] if heard else []
    told.append(line(TimelineKind.MISSION_ACCEPTED, 280, mission="another"))
    book, found = a_night(case(1, 10, 12, 290, timeline=told), case(2, 20, 21, 22))
    assert (Name.MISSIONS not in broken(book, found)) is holds
    assert Name.MISSIONS not in untried(book, found)


def test_a_fault_breaks_one() -> None:
    book, found = a_night()
    book.faults.append("night-operator-1: TimeoutError")
    assert broken(book, found) == {Name.NO_FAULTS}


@pytest.mark.parametrize("language", list(Language))
def test_every_promise_has_words_in_each_language(language: Language) -> None:
    for book, found in (a_night(), (Book(moment(0)), Stored([], moment(1)))):
        promises = judged(PLAN, book, found)
        assert [one.name for one in promises] == list(Name)
        for one in promises:
            said = [word(one, language) for word in (name_of, goal_of, seen_of, verdict_of)]
            assert all(said)
            assert not any("{" in word or "inf" in word.split() for word in said)


def test_a_figure_is_written_as_the_language_writes_it() -> None:
    [soon] = [one for one in judged(PLAN, *a_night()) if one.name is Name.ANSWERED_SOON]
    assert (seen_of(soon, Language.SV), seen_of(soon, Language.EN)) == ("100,0 % av 3", "100.0% of 3")
