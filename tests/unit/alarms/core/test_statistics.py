"""How soon people are answered: what counts as in time, late and undecided, and what an hour and a day are."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from alarms.core.statistics import (
    HOUR,
    LIMITS,
    SLOWEST,
    Tally,
    answers,
    day_began,
    day_of,
    days,
    hour_began,
    hour_name,
    hours,
    period,
)
from kit.wire.answer_words import Grouping, Verdict

SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)
NEVER = None


def seconds(*each: float) -> list[timedelta]:
    return [timedelta(seconds=one) for one in each]


def in_time(tallies: list[Tally], waiting: list[timedelta] = []) -> list[tuple[int, int]]:  # noqa: B006 - read only
    return [(one.in_time, one.decided) for one in answers(tallies, waiting).within]


def test_a_case_is_in_time_up_to_and_with_the_limit() -> None:
    assert in_time([Tally(30, 1), Tally(31, 1), Tally(60, 1), Tally(180, 1), Tally(181, 1)]) == [(1, 5), (3, 5), (4, 5)]


def test_the_unanswered_count_against_every_limit() -> None:
    figures = answers([Tally(10, 97), Tally(NEVER, 3)])
    assert (figures.cases, figures.answered, figures.unanswered, figures.undecided) == (100, 97, 3, 0)
    assert [one.permille for one in figures.within] == [970, 970, 970]


@pytest.mark.parametrize(
    ("age", "decided"),
    [
        (0, [0, 0, 0]),
        (30, [0, 0, 0]),  # it may yet be taken in this very moment
        (30.001, [1, 0, 0]),
        (60, [1, 0, 0]),
        (61, [1, 1, 0]),
        (180, [1, 1, 0]),
        (180.001, [1, 1, 1]),
    ],
)
def test_a_young_untaken_case_is_in_no_share_until_it_is_older_than_the_limit(age: float, decided: list[int]) -> None:
    figures = answers([], seconds(age))
    assert [(one.in_time, one.decided) for one in figures.within] == [(0, one) for one in decided]
    assert (figures.cases, figures.answered, figures.undecided) == (1, 0, 1)


def test_percentiles_are_the_nearest_rank_with_the_unanswered_as_the_longest() -> None:
    assert answers([Tally(n, 1) for n in range(1, 101)]).percentiles == (50, 90, 99)
    assert answers([Tally(7, 1)]).percentiles == (7, 7, 7)
    assert answers([Tally(5, 60), Tally(20, 35), Tally(NEVER, 5)]).percentiles == (5, 20, None)
    assert answers([Tally(NEVER, 1)]).percentiles == (None, None, None)
    assert answers([]).percentiles == (None, None, None)


def test_a_clock_that_was_a_little_behind_makes_no_answer_before_the_question() -> None:
    assert answers([Tally(-1, 2)]).percentiles[0] == 0


@pytest.mark.parametrize(
    ("taken_soon", "late", "verdict"),
    [
        (0, 0, Verdict.NONE),
        (1, 0, Verdict.HELD),
        (0, 1, Verdict.FEW),
        (38, 1, Verdict.FEW),  # 974 of a thousand, and one is too many only because they are so few
        (39, 1, Verdict.HELD),  # exactly 975
        (38, 2, Verdict.MISSED),
        (9749, 251, Verdict.MISSED),
        (9750, 250, Verdict.HELD),
    ],
)
def test_a_goal_is_held_missed_or_there_are_too_few_to_say(taken_soon: int, late: int, verdict: Verdict) -> None:
    within = answers([Tally(5, taken_soon), Tally(61, late)]).within
    assert within[1].verdict is verdict
    assert within[0].verdict is Verdict.NO_GOAL


def test_a_share_is_rounded_down_so_that_nearly_is_not_held() -> None:
    within = answers([Tally(5, 97_499), Tally(NEVER, 2_501)]).within[1]
    assert (within.permille, within.verdict) == (974, Verdict.MISSED)


heaps = some.lists(some.builds(Tally, some.one_of(some.none(), some.integers(0, 400)), some.integers(0, 50)))
ages = some.lists(some.timedeltas(timedelta(), SLOWEST))


@given(heaps, ages)
def test_every_case_is_counted_once_and_a_longer_limit_never_has_fewer_in_time(
    tallies: list[Tally], waiting: list[timedelta]
) -> None:
    figures = answers(tallies, waiting)
    assert figures.cases == sum(one.cases for one in tallies) + len(waiting)
    assert figures.cases == figures.answered + figures.unanswered + figures.undecided
    times = [one.in_time for one in figures.within]
    assert times == sorted(times)
    assert all(one.in_time <= one.decided <= figures.cases for one in figures.within)
    assert [one.decided for one in figures.within] == sorted((one.decided for one in figures.within), reverse=True)
    known = [one for one in figures.percentiles if one is not None]
    assert known == sorted(known)
    assert [one.seconds for one in figures.within] == list(LIMITS)


@pytest.mark.parametrize(("day", "long"), [(SPRING, 23), (AUTUMN, 25), (date(2026, 6, 1), 24)])
def test_a_summer_time_night_has_23_or_25_hours_each_once(day: date, long: int) -> None:
    span = period(day, day, Grouping.HOUR)
    assert span is not None
    each = list(hours(*span))
    assert len(each) == len({hour_name(at) for at in each}) == long
    assert {day_of(at) for at in each} == {day}
    assert [(began, ended - began) for _, began, ended in days(*span)] == [(span[0], long * HOUR)]


def test_the_hour_that_is_there_twice_differs_in_its_offset_and_the_skipped_one_is_not_there() -> None:
    autumn = [hour_name(at) for at in hours(day_began(AUTUMN), day_began(AUTUMN) + 5 * HOUR)]
    assert autumn[1:5] == [
        "2026-10-25T01:00+02:00",
        "2026-10-25T02:00+02:00",
        "2026-10-25T02:00+01:00",
        "2026-10-25T03:00+01:00",
    ]
    spring = [hour_name(at) for at in hours(day_began(SPRING), day_began(SPRING) + 3 * HOUR)]
    assert spring == ["2026-03-29T00:00+01:00", "2026-03-29T01:00+01:00", "2026-03-29T03:00+02:00"]


@given(some.integers(1_600_000_000, 2_100_000_000), some.integers(0, 30))
def test_hours_and_days_leave_nothing_out_and_count_nothing_twice(second: int, long: int) -> None:
    at = datetime.fromtimestamp(second, UTC)
    first = day_of(at)
    span = period(first, first + timedelta(days=long), Grouping.DAY)
    assert span is not None
    starts, ends = span
    assert starts <= at < ends
    assert hour_began(at) in set(hours(starts, ends))
    pieces = [(began, ended) for _, began, ended in days(starts, ends)]
    assert len(pieces) == long + 1
    assert [starts, *(ended for _, ended in pieces)] == [*(began for began, _ in pieces), ends]
    by_day = [hour for began, ended in pieces for hour in hours(began, ended)]
    assert by_day == list(hours(starts, ends))


@pytest.mark.parametrize(
    ("first", "last", "by"),
    [
        (date(2026, 1, 2), date(2026, 1, 1), Grouping.DAY),
        (date(2026, 1, 1), date(2026, 2, 1), Grouping.HOUR),
        (date(2026, 1, 1), date(2026, 4, 3), Grouping.DAY),
        (date(2026, 1, 1), date(2026, 4, 3), Grouping.REASON),
        (date.min, date.min, Grouping.DAY),
        (date.max, date.max, Grouping.DAY),
    ],
)
def test_a_period_that_is_none_or_too_long_is_refused(first: date, last: date, by: Grouping) -> None:
    assert period(first, last, by) is None


def test_a_month_of_hours_and_a_quarter_of_days_may_be_asked_for() -> None:
    assert period(date(2026, 1, 1), date(2026, 1, 31), Grouping.HOUR) is not None
    assert period(date(2026, 7, 1), date(2026, 9, 30), Grouping.DAY) is not None
