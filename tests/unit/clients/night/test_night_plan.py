"""A night is what its order says: the same one each time, as dense as the county, and with keepable promises."""

from math import ceil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clients.simulated.night.county import COUNTY, Way, area_near, operators, resident, residents
from clients.simulated.night.judge import LATE_SHARE, SOON_SHARE
from clients.simulated.night.plan import (
    ALARMS_A_DAY,
    BEAT_EVERY,
    BUSY,
    HANDLING,
    LEAST_ALARMS,
    MOST_BEATS,
    SENT,
    What,
    expected,
    plan,
    staff,
    weight,
)
from clients.simulated.schedule import Pace

COUNTS, SECONDS, SPEEDS = st.integers(20, 400), st.floats(12, 900), st.floats(0.5, 120)


@settings(deadline=None, max_examples=25)
@given(st.integers(), COUNTS, SECONDS, SPEEDS)
def test_the_same_order_gives_the_same_night(seed: int, count: int, seconds: float, speed: float) -> None:
    assert plan(count, seconds, Pace(seed, speed)) == plan(count, seconds, Pace(seed, speed))


@settings(deadline=None, max_examples=25)
@given(st.integers(), COUNTS, SECONDS, SPEEDS)
def test_a_night_is_in_order_within_its_time_and_worth_judging(
    seed: int, count: int, seconds: float, speed: float
) -> None:
    night = plan(count, seconds, Pace(seed, speed))
    moments = [one.at for one in night.happenings]
    assert moments == sorted(moments)
    assert all(0 <= at < seconds for at in moments)
    assert night.alarms >= LEAST_ALARMS
    firsts = [one for one in night.happenings if one.first]
    assert {one.what for one in firsts} <= {What.PRESS, What.FALL}
    assert any(night.mast.covers(one.resident, one.at) for one in firsts)


def test_another_seed_is_another_night() -> None:
    assert plan(200, 60, Pace(1, 30)).happenings != plan(200, 60, Pace(2, 30)).happenings


def test_five_thousand_residents_press_as_often_as_the_countys_operators_are_called() -> None:
    night = plan(5000, 600, Pace(1, 30))
    assert night.alarms == round(expected(5000, 600, 30))
    assert 5000 * 75 / 365 * 5 / 24 * 0.8 < night.alarms < 5000 * 75 / 365 * 5 / 24  # quieter than by day
    assert night.clock(0) == 21
    assert night.clock(600) == 26


def test_the_evening_is_denser_than_the_small_hours_and_a_day_is_a_day() -> None:
    assert weight(20) > weight(23) > weight(27)
    assert sum(weight(hour) for hour in range(24)) == pytest.approx(24)
    assert expected(1000, 86_400, 1) == pytest.approx(1000 * ALARMS_A_DAY, rel=0.01)
    assert expected(1000, 86_400 / 30, 30) == expected(1000, 86_400, 1)


def test_a_desk_is_staffed_so_that_nobody_is_busy_more_than_they_should_be_and_one_is_spare() -> None:
    night = plan(5000, 600, Pace(1, 30))
    an_hour = 5000 * ALARMS_A_DAY / 24 * weight(21)
    assert night.operators == staff(night.alarms, 600, 30) == ceil(an_hour * HANDLING / 3600 / BUSY) + 1
    assert plan(40_000, 600, Pace(1, 30)).operators > 5 * night.operators
    assert plan(60, 25, Pace(1, 60)).operators >= 4


def test_one_in_five_presses_again_and_some_press_seven_times() -> None:
    night = plan(20_000, 3600, Pace(1, 30))
    again: dict[str, int] = {}
    for one in night.happenings:
        if one.what in {What.PRESS, What.FALL}:
            again[one.resident.id] = again.get(one.resident.id, 0) + 1
    times = list(again.values())
    assert sum(count > 1 for count in times) / len(times) == pytest.approx(0.22, abs=0.04)
    assert max(times) >= 7


@pytest.mark.parametrize("count", [5000, 40_000])
def test_so_few_are_overlooked_that_the_promises_can_be_kept(count: int) -> None:
    night = plan(count, 600, Pace(1, 30))
    late = [escalation for escalation in night.overlooked.values() if escalation == 2]
    assert 0 < len(night.overlooked) < (1 - SOON_SHARE) * night.alarms * 0.75
    assert 0 < len(late) < (1 - LATE_SHARE) * night.alarms
    assert not any(one.first and one.resident.id in night.overlooked and one.at > 520 for one in night.happenings)


def test_a_short_night_overlooks_nobody_and_closes_no_lid() -> None:
    night = plan(60, 25, Pace(1, 60))
    assert (night.overlooked, night.lid_at, night.nap) == ({}, None, None)
    assert plan(60, 180, Pace(1, 60)).lid_at == pytest.approx(72)


def test_somebody_is_sent_to_three_in_ten_and_one_team_sleeps_through_a_mission_with_time_left() -> None:
    night = plan(5000, 600, Pace(1, 30))
    assert len(night.sent) / night.alarms == pytest.approx(SENT, abs=0.1)
    assert night.nap is not None
    [slept] = [one for one in night.happenings if one.first and one.at == night.nap.at]
    assert slept.resident.area == night.nap.area != night.mast.area
    assert slept.resident.id in night.sent
    assert slept.resident.id not in night.overlooked
    assert night.nap.at + 200 < 600
    assert plan(60, 25, Pace(1, 60)).sent != frozenset()
    assert plan(40_000, 600, Pace(1, 30)).responders > night.responders >= 2


def test_a_larger_fleet_beats_more_seldom_than_the_machine_bears() -> None:
    assert plan(5000, 60, Pace(1, 30)).beat_every == BEAT_EVERY
    large = plan(40_000, 60, Pace(1, 30))
    assert sum(1 / large.beat_every[one.way] for one in large.people) == pytest.approx(MOST_BEATS)
    assert large.beat_every[Way.HTTP] == pytest.approx(5 * large.beat_every[Way.UDP])


def test_a_resident_is_the_same_whoever_else_lives_in_the_county() -> None:
    assert residents(500)[:60] == residents(60)
    many = residents(3000)
    assert len({one.account for one in many}) == len(many)
    assert {one.area.principal for one in many} == {place.id for place in COUNTY}
    assert {one.way for one in many} == set(Way)
    assert all(name.startswith("night-") for one in many[:50] for name in (one.id, one.home, one.device))
    assert all(name.startswith("night-") for name in operators(3))
    assert resident(7).area.principal == resident(7).area.id.rsplit("-", 1)[0]


def test_the_dead_mast_is_that_of_about_a_tenth() -> None:
    many = residents(3000)
    area = area_near(many, 0.1)
    around = sum(one.area == area for one in many)
    assert around / len(many) == pytest.approx(0.1, abs=0.03)
