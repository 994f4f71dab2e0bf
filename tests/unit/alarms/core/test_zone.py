"""Safe zones: which side, when it is told, and that each crossing is told once."""

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alarms.core.calendar import Hours
from alarms.core.position import Fix, Place, metres
from alarms.core.zone import (
    LEAST,
    TABLE,
    UNKNOWN_ACCURACY,
    Circle,
    Polygon,
    Sees,
    Side,
    Tells,
    Zone,
    crosses_itself,
    decide,
    depth,
    side_of,
)
from kit.wire.position_words import ZoneStanding, ZoneWatch
from kit.wire.routing_words import Day

AT = datetime(2026, 1, 15, 3, 10, tzinfo=UTC)
HOME = Place(58.3866, 13.4391)
METRE = 1 / 111_195  # degrees of latitude
SQUARE = Polygon((Place(58.38, 13.42), Place(58.38, 13.46), Place(58.40, 13.46), Place(58.40, 13.42)))


def at(metres_north, *, minutes=0, accuracy=10.0, taken=True):
    moment = AT + timedelta(minutes=minutes)
    return Fix(Place(HOME.latitude + metres_north * METRE, HOME.longitude), moment if taken else None, moment, accuracy)


def zone(watch=ZoneWatch.LEAVE, hours=(), shape=None):
    return Zone("zone", shape or Circle(HOME, 500), watch, hours, ZoneStanding.UNKNOWN, None)


def told(one, *fixes):
    tells = []
    for fix in fixes:
        one, what = decide(one, fix)
        tells.append(what)
    return tells


def test_the_side_is_decided_only_when_the_whole_circle_of_accuracy_lies_on_it():
    area = Circle(HOME, 500)
    assert side_of(area, at(0)) is Side.INSIDE
    assert side_of(area, at(480)) is Side.INSIDE
    assert side_of(area, at(495)) is None
    assert side_of(area, at(505)) is None
    assert side_of(area, at(520)) is Side.OUTSIDE
    assert side_of(area, at(700, accuracy=300)) is None
    assert side_of(area, at(500 + UNKNOWN_ACCURACY - 5, accuracy=None)) is None
    assert side_of(area, at(500 + LEAST - 5, accuracy=0)) is None  # no receiver is that good


def test_a_polygon_knows_its_inside_also_where_it_is_bent_inward():
    bent = Polygon((*SQUARE.corners, Place(58.39, 13.45)))
    inside = Fix(Place(58.385, 13.44), AT, AT, 10)
    in_the_bay = Fix(Place(58.39, 13.43), AT, AT, 10)
    assert side_of(bent, inside) is Side.INSIDE
    assert side_of(bent, in_the_bay) is Side.OUTSIDE
    assert side_of(SQUARE, in_the_bay) is Side.INSIDE


def test_leaving_is_told_once_and_again_only_after_coming_back():
    fixes = [at(0), at(600, minutes=1), at(700, minutes=2), at(900, minutes=3), at(0, minutes=4), at(600, minutes=5)]
    assert told(zone(), *fixes) == [None, Tells.CROSSED, None, None, Tells.BACK, Tells.CROSSED]


def test_a_poor_fix_at_the_border_flaps_nothing():
    at_the_border = [at(490 + (number % 2) * 20, minutes=number, accuracy=40) for number in range(1, 50)]
    assert set(told(zone(), at(0), *at_the_border)) == {None}


def test_entering_is_told_where_entering_is_watched():
    fixes = [at(900), at(0, minutes=1), at(0, minutes=2), at(900, minutes=3)]
    assert told(zone(ZoneWatch.ENTER), *fixes) == [None, Tells.CROSSED, None, Tells.BACK]


def test_whoever_is_outside_when_the_zone_first_hears_of_them_is_told_of():
    assert told(zone(), at(900)) == [Tells.CROSSED]


def test_an_older_fix_or_one_of_no_age_tells_nothing():
    inside, _ = decide(zone(), at(0, minutes=5))
    assert decide(inside, at(900, minutes=4)) == (inside, None)
    assert decide(inside, at(900, minutes=5)) == (inside, None)
    assert decide(inside, at(900, minutes=9, taken=False)) == (inside, None)


NIGHT = (Hours(starts=21 * 60, ends=7 * 60),)


def test_outside_its_hours_a_zone_is_silent_and_tells_when_they_begin():
    evening = datetime(2026, 1, 15, 19, 50, tzinfo=UTC)  # 20:50 in Sweden
    fixes = [
        replace(at(600), taken_at=evening),
        replace(at(600), taken_at=evening + timedelta(minutes=9)),
        replace(at(600), taken_at=evening + timedelta(minutes=11)),
        replace(at(600), taken_at=evening + timedelta(hours=3)),
        replace(at(600), taken_at=evening + timedelta(hours=13)),
        replace(at(600), taken_at=evening + timedelta(hours=25)),
    ]
    assert told(zone(hours=NIGHT), *fixes) == [None, None, Tells.CROSSED, None, None, Tells.CROSSED]


@pytest.mark.parametrize(
    ("moment", "watched"),
    [
        (datetime(2026, 1, 15, 5, 59, tzinfo=UTC), True),  # 06:59, winter
        (datetime(2026, 1, 15, 6, 0, tzinfo=UTC), False),
        (datetime(2026, 7, 15, 4, 59, tzinfo=UTC), True),  # 06:59, summer
        (datetime(2026, 7, 15, 5, 0, tzinfo=UTC), False),
        (datetime(2026, 3, 29, 0, 59, tzinfo=UTC), True),  # the night when 02 becomes 03
        (datetime(2026, 3, 29, 5, 0, tzinfo=UTC), False),
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), True),  # 02:30 for the second time
        (datetime(2026, 10, 25, 6, 0, tzinfo=UTC), False),
    ],
)
def test_hours_are_swedish_wall_time_in_summer_and_winter(moment, watched):
    _, tells = decide(zone(hours=NIGHT), replace(at(600), taken_at=moment))
    assert (tells is Tells.CROSSED) is watched


def test_hours_keep_to_their_days_of_the_week():
    weekend = (Hours(frozenset({Day.SATURDAY, Day.SUNDAY})),)
    friday, saturday = datetime(2026, 1, 16, 12, tzinfo=UTC), datetime(2026, 1, 17, 12, tzinfo=UTC)
    assert decide(zone(hours=weekend), replace(at(600), taken_at=friday))[1] is None
    assert decide(zone(hours=weekend), replace(at(600), taken_at=saturday))[1] is Tells.CROSSED


def test_every_standing_says_what_follows_from_all_that_can_be_seen():
    assert {standing: set(row) for standing, row in TABLE.items()} == {key: set(Sees) for key in ZoneStanding}


def test_an_area_whose_lines_cross_is_known():
    bow = Polygon((SQUARE.corners[0], SQUARE.corners[2], SQUARE.corners[1], SQUARE.corners[3]))
    assert crosses_itself(bow)
    assert not crosses_itself(SQUARE)
    assert not crosses_itself(Polygon(SQUARE.corners[:3]))


walks = st.lists(st.tuples(st.floats(0, 1500), st.floats(1, 400)), max_size=40)


@given(walks)
def test_however_somebody_walks_crossings_and_returns_take_turns(walk):
    tells = told(zone(), *(at(far, minutes=n, accuracy=about) for n, (far, about) in enumerate(walk)))
    said = [one for one in tells if one is not None]
    assert all(one is Tells.CROSSED for one in said[::2])
    assert all(one is Tells.BACK for one in said[1::2])


@given(walks)
def test_nobody_who_surely_stayed_inside_is_ever_told_of(walk):
    fixes = [at(min(far, 500 - LEAST), minutes=n, accuracy=about) for n, (far, about) in enumerate(walk)]
    assert set(told(zone(), *fixes)) <= {None}


@given(st.floats(0, 360), st.floats(1, 3000))
def test_a_polygon_of_many_corners_is_nearly_its_circle(bearing, far):
    radius = 1000
    corners = tuple(
        Place(
            HOME.latitude + radius * METRE * math.cos(angle),
            HOME.longitude + radius * METRE * math.sin(angle) / math.cos(math.radians(HOME.latitude)),
        )
        for angle in (2 * math.pi * n / 48 for n in range(48))
    )
    turned = math.radians(bearing)
    there = Place(
        HOME.latitude + far * METRE * math.cos(turned),
        HOME.longitude + far * METRE * math.sin(turned) / math.cos(math.radians(HOME.latitude)),
    )
    assert depth(Polygon(corners), there) == pytest.approx(radius - metres(HOME, there), abs=12)
