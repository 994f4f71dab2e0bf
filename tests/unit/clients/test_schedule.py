"""The same seed and pace give the same day, and nobody takes part who should be left alone."""

from itertools import islice, pairwise, takewhile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clients.simulated.cast import residents
from clients.simulated.schedule import VISIT_LEAST, Pace, Way, presses, visits

SPEEDS = st.floats(0.1, 20)


@settings(deadline=None, max_examples=50)
@given(st.integers(), SPEEDS, st.integers(1, 20))
def test_the_same_seed_gives_the_same_day(seed: int, speed: float, count: int) -> None:
    cast, pace = residents(count, gentle=False), Pace(seed, speed)
    assert list(islice(presses(cast, pace), 50)) == list(islice(presses(cast, pace), 50))
    assert list(islice(visits(cast, pace), 50)) == list(islice(visits(cast, pace), 50))


def test_another_seed_gives_another_day() -> None:
    cast = residents(20, gentle=False)
    assert list(islice(presses(cast, Pace(1)), 20)) != list(islice(presses(cast, Pace(2)), 20))


@settings(deadline=None, max_examples=50)
@given(st.integers(), SPEEDS, st.integers(1, 20))
def test_time_goes_forward_and_both_ways_of_pressing_are_used(seed: int, speed: float, count: int) -> None:
    planned = list(islice(presses(residents(count, gentle=False), Pace(seed, speed)), 60))
    assert all(one.at < after.at for one, after in pairwise(planned))
    assert {one.way for one in planned} == set(Way)


@settings(deadline=None, max_examples=50)
@given(st.integers(), SPEEDS)
def test_everybody_presses_before_anybody_presses_again(seed: int, speed: float) -> None:
    planned = list(islice(presses(residents(20, gentle=False), Pace(seed, speed)), 20))
    assert {one.resident.number for one in planned} == set(range(1, 21))


@settings(deadline=None, max_examples=50)
@given(st.integers(), SPEEDS, st.integers(1, 20))
def test_a_visit_is_by_who_works_there_and_long_enough_to_be_seen(seed: int, speed: float, count: int) -> None:
    for one in islice(visits(residents(count, gentle=False), Pace(seed, speed)), 40):
        north = one.worker in {"demo-worker-1", "demo-worker-2"}
        assert north == (one.resident.number <= 10)
        assert one.lasts >= VISIT_LEAST


@settings(deadline=None, max_examples=50)
@given(st.integers())
def test_gentle_life_presses_now_and_then_in_homes_that_nobody_leans_on_and_visits_nobody(seed: int) -> None:
    cast, pace = residents(20, gentle=True), Pace(seed, gentle=True)
    hour = list(takewhile(lambda one: one.at < 3600, presses(cast, pace)))
    assert {one.resident.number for one in hour} == set(range(13, 21))
    assert 60 <= len(hour) <= 130
    assert list(visits(cast, pace)) == []


@pytest.mark.parametrize("count", [1, 6, 20])
def test_a_faster_pace_is_the_same_day_in_less_time(count: int) -> None:
    cast = residents(count, gentle=False)
    slow, fast = (list(islice(presses(cast, Pace(7, speed)), 30)) for speed in (1.0, 4.0))
    assert [one.resident for one in slow] == [one.resident for one in fast]
    assert [one.at for one in slow] == pytest.approx([one.at * 4 for one in fast])
