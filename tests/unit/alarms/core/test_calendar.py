"""Swedish wall time and the days with names. Dates checked against the almanac."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alarms.core.calendar import RED_DAYS, USUAL_HOLIDAYS, Hours, covers, day_of, moment, names_of, wall
from kit.wire.routing_words import Day, SwedishDay

SPRING = datetime(2026, 3, 29, 1, 0, tzinfo=UTC)  # clocks go from 02 to 03
AUTUMN = datetime(2026, 10, 25, 1, 0, tzinfo=UTC)  # clocks go from 03 back to 02
NIGHT = Hours(frozenset({Day.FRIDAY}), 21 * 60, 7 * 60)


@pytest.mark.parametrize(
    ("day", "name"),
    [
        ("2026-01-06", SwedishDay.EPIPHANY),
        ("2026-04-03", SwedishDay.GOOD_FRIDAY),
        ("2026-04-05", SwedishDay.EASTER_DAY),
        ("2025-04-20", SwedishDay.EASTER_DAY),
        ("2024-03-31", SwedishDay.EASTER_DAY),
        ("2038-04-25", SwedishDay.EASTER_DAY),
        ("2026-05-14", SwedishDay.ASCENSION_DAY),
        ("2026-05-24", SwedishDay.WHIT_SUNDAY),
        ("2026-06-19", SwedishDay.MIDSUMMER_EVE),
        ("2026-06-20", SwedishDay.MIDSUMMER_DAY),
        ("2027-06-25", SwedishDay.MIDSUMMER_EVE),
        ("2026-10-31", SwedishDay.ALL_SAINTS_DAY),
        ("2027-11-06", SwedishDay.ALL_SAINTS_DAY),
        ("2026-12-24", SwedishDay.CHRISTMAS_EVE),
    ],
)
def test_the_days_of_the_almanac_have_their_names(day: str, name: SwedishDay) -> None:
    assert name in names_of(date.fromisoformat(day))


def test_two_names_may_fall_on_one_day() -> None:
    assert names_of(date(2008, 5, 1)) == {SwedishDay.FIRST_OF_MAY, SwedishDay.ASCENSION_DAY}


def test_a_day_is_a_holiday_only_for_whoever_holds_it_as_one() -> None:
    christmas_eve = date(2026, 12, 24)
    assert day_of(christmas_eve, USUAL_HOLIDAYS) is Day.HOLIDAY
    assert day_of(christmas_eve, RED_DAYS) is Day.THURSDAY


def test_hours_past_midnight_belong_to_the_day_on_which_they_begin() -> None:
    held = USUAL_HOLIDAYS
    assert not covers(NIGHT, datetime.fromisoformat("2026-01-16T03:00"), held)  # Friday morning: Thursday's night
    assert covers(NIGHT, datetime.fromisoformat("2026-01-16T21:00"), held)
    assert covers(NIGHT, datetime.fromisoformat("2026-01-17T06:59"), held)
    assert not covers(NIGHT, datetime.fromisoformat("2026-01-17T07:00"), held)


def test_the_hour_that_an_autumn_night_has_twice_counts_once_and_time_never_goes_back() -> None:
    half_past_two = datetime.fromisoformat("2026-10-25T02:30")
    assert wall(AUTUMN - timedelta(minutes=30)) == half_past_two
    assert wall(AUTUMN + timedelta(minutes=30)) > half_past_two
    assert wall(AUTUMN + timedelta(minutes=30)).hour == 2
    assert wall(AUTUMN + timedelta(hours=1)) == datetime.fromisoformat("2026-10-25T03:00")
    assert moment(half_past_two) == AUTUMN - timedelta(minutes=30)


def test_the_hour_that_a_spring_night_lacks_is_the_moment_at_which_clocks_jump() -> None:
    assert wall(SPRING - timedelta(seconds=1)) == datetime.fromisoformat("2026-03-29T01:59:59")
    assert wall(SPRING) == datetime.fromisoformat("2026-03-29T03:00")
    assert moment(datetime.fromisoformat("2026-03-29T02:30")) == SPRING
    assert moment(datetime.fromisoformat("2026-03-29T03:00")) == SPRING


moments = st.datetimes(datetime.fromisoformat("2020-01-01T00:00"), datetime.fromisoformat("2040-01-01T00:00")).map(
    lambda one: one.replace(tzinfo=UTC)
)
near_a_change = st.builds(
    lambda change, seconds: change + timedelta(seconds=seconds),
    st.sampled_from([SPRING, AUTUMN]), st.integers(-7200, 7200),
)  # fmt: skip


@given(st.one_of(moments, near_a_change), st.integers(0, 7200))
def test_wall_time_only_grows_and_the_moment_found_for_it_is_the_first(at: datetime, seconds: int) -> None:
    assert wall(at) <= wall(at + timedelta(seconds=seconds))
    first = moment(wall(at).replace(microsecond=0))
    assert first <= at
    assert wall(first) >= wall(at).replace(microsecond=0) or wall(at).minute == 59


@given(st.one_of(moments, near_a_change), st.integers(0, 1439), st.integers(0, 1439))
def test_a_day_cut_in_two_puts_every_moment_in_exactly_one_half(at: datetime, one: int, other: int) -> None:
    halves = [Hours(frozenset(), one, other), Hours(frozenset(), other, one)]
    if one != other:
        assert sum(covers(half, wall(at), USUAL_HOLIDAYS) for half in halves) == 1
