"""Where somebody was said to be: what is read, how old it is, and which of two counts."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alarms.core.position import (
    OLD_AFTER,
    WORST,
    Fix,
    Misplaced,
    Place,
    counts_instead,
    fix_in,
    metres,
    plane,
    read_place,
)

AT = datetime(2026, 1, 15, 3, 10, tzinfo=UTC)
SKARA = Place(58.3866, 13.4391)


def fix(taken=AT, received=AT, accuracy=10.0):
    return Fix(SKARA, taken, received, accuracy)


def test_a_place_is_read_from_numbers_and_from_texts():
    assert read_place({"latitude": 58.3866, "longitude": "13.4391", "accuracy": "12.5"}) == (SKARA, 12.5)
    assert read_place({"text": "no place"}) is None


@pytest.mark.parametrize("accuracy", [-1, "far", None, True, float("inf"), WORST * 2])
def test_an_accuracy_that_says_nothing_leaves_the_place_standing(accuracy):
    assert read_place({"latitude": 58.3866, "longitude": 13.4391, "accuracy": accuracy}) == (SKARA, None)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"latitude": 90.1, "longitude": 13}, "latitude"),
        ({"latitude": "north", "longitude": 13}, "latitude"),
        ({"latitude": float("nan"), "longitude": 13}, "latitude"),
        ({"latitude": 58, "longitude": -181}, "longitude"),
        ({"latitude": 58}, "longitude"),
        ({"longitude": 13}, "latitude"),
        ({"latitude": True, "longitude": 13}, "latitude"),
        ({"latitude": 0, "longitude": 0.0}, "latitude"),
    ],
)
def test_what_is_no_place_on_earth_is_refused_by_the_name_of_its_field(said, field):
    with pytest.raises(Misplaced, match=field):
        read_place(said)


def test_a_fix_was_taken_when_it_says_so_or_else_when_its_signal_occurred():
    here = {"latitude": "58.3866", "longitude": "13.4391"}
    earlier = AT - timedelta(hours=2)
    assert fix_in({**here, "position_at": earlier.isoformat()}, AT, AT).taken_at == earlier
    assert fix_in(here, earlier, AT).taken_at == earlier
    assert fix_in(here, None, AT).taken_at is None
    assert fix_in({**here, "command": "locate-1"}, None, AT).taken_at == AT
    assert fix_in({**here, "command": "locate-1", "position_at": earlier.isoformat()}, None, AT).taken_at == earlier


@pytest.mark.parametrize(
    "said", ["yesterday", "2026-01-15T03:10:00", "2026-01-15T05:10:00+00:00", "0001-01-01T00:00+23:00"]
)
def test_a_moment_that_is_none_makes_no_old_position_new(said):
    found = fix_in({"latitude": "58.4", "longitude": "13.4", "position_at": said}, AT, AT)
    assert found.taken_at is None
    assert found.old_at() == AT


def test_accuracy_is_reckoned_from_dilution_where_the_device_says_only_that():
    said = {"latitude": "58.4", "longitude": "13.4", "position_dilution": "2.4"}
    assert fix_in(said, None, AT).accuracy == pytest.approx(12.0)
    assert fix_in({**said, "accuracy": "30"}, None, AT).accuracy == 30


def test_a_position_is_old_after_ten_minutes_and_at_once_when_nobody_knows_its_age():
    assert fix().old_at() == AT + OLD_AFTER
    assert fix(taken=None).old_at() == AT


def test_an_old_position_never_counts_instead_of_a_newer_one():
    later, earlier = fix(), fix(taken=AT - timedelta(hours=1), received=AT + timedelta(minutes=1))
    assert counts_instead(later, earlier)
    assert not counts_instead(earlier, later)
    assert counts_instead(earlier, None)


def test_a_position_of_no_known_age_counts_only_instead_of_an_old_one():
    undated = fix(taken=None, received=AT + timedelta(minutes=1))
    assert not counts_instead(undated, fix())
    assert counts_instead(undated, fix(taken=AT - OLD_AFTER))
    assert counts_instead(fix(taken=AT - timedelta(days=1)), undated)
    assert counts_instead(undated, fix(taken=None))


places = st.builds(Place, st.floats(-80, 80), st.floats(-180, 180))


@given(places, places)
def test_a_distance_is_the_same_both_ways_and_never_longer_than_half_the_earth(one, other):
    assert metres(one, other) == pytest.approx(metres(other, one))
    assert 0 <= metres(one, other) < 20_040_000


@given(st.floats(54, 70), st.floats(10, 25), st.floats(-0.1, 0.1), st.floats(-0.1, 0.1))
def test_within_some_kilometres_the_plane_is_as_good_as_the_earth(latitude, longitude, north, east):
    one, other = Place(latitude, longitude), Place(latitude + north, longitude + east)
    x, y = plane(one, other)
    assert (x * x + y * y) ** 0.5 == pytest.approx(metres(one, other), rel=0.005, abs=0.01)
