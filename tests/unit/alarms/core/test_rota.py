"""Rotas: whose turn it is, what was changed for once, gaps, and nights that are longer or shorter."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alarms.core.calendar import Hours, moment
from alarms.core.rota import Layer, Override, Rota, Swap, gaps, rota_faults, turns, who_is_on
from kit.wire.routing_words import Day
from registry.asking import Span

PEOPLE = ("anna", "amir", "petra", "daniel")
NIGHTS = Layer("nights", PEOPLE, date(2026, 1, 1), 21 * 60, 24, (Hours(frozenset(), 21 * 60, 7 * 60),))
NIGHT = Rota("night", 1, "Natt", (NIGHTS,))
WEEKS = Layer("weeks", PEOPLE, date(2026, 1, 5), 8 * 60, 168)


def at(text: str) -> datetime:
    """Swedish wall time."""
    return moment(datetime.fromisoformat(text))


def span(first: str, last: str) -> Span:
    return Span(at(first), at(last))


def test_each_night_is_the_next_ones_turn_until_the_morning() -> None:
    assert who_is_on(NIGHT, at("2026-01-01T21:00")) == "anna"
    assert who_is_on(NIGHT, at("2026-01-02T06:59")) == "anna"
    assert who_is_on(NIGHT, at("2026-01-02T07:00")) is None
    assert who_is_on(NIGHT, at("2026-01-02T21:00")) == "amir"
    assert who_is_on(NIGHT, at("2026-01-05T23:00")) == "anna"


def test_nobody_is_on_before_the_first_turn() -> None:
    assert who_is_on(NIGHT, at("2026-01-01T20:59")) is None


def test_the_topmost_layer_that_covers_the_moment_decides() -> None:
    weekend = Layer("weekend", ("lena",), date(2026, 1, 1), 0, 24, (Hours(frozenset({Day.SATURDAY, Day.SUNDAY})),))
    rota = Rota("r", 1, "R", (weekend, WEEKS))
    assert who_is_on(rota, at("2026-01-10T12:00")) == "lena"
    assert who_is_on(rota, at("2026-01-09T12:00")) == "anna"
    assert who_is_on(rota, at("2026-01-12T08:00")) == "amir"


def test_an_override_is_before_all_layers_and_swaps() -> None:
    held = span("2026-01-01T22:00", "2026-01-02T02:00")
    rota = replace(NIGHT, overrides=(Override("o", "lena", held),), swaps=(Swap("s", ("anna", "amir"), held),))
    assert who_is_on(rota, at("2026-01-01T21:30")) == "anna"
    assert who_is_on(rota, at("2026-01-02T01:59")) == "lena"
    assert who_is_on(rota, at("2026-01-02T02:00")) == "anna"


def test_two_who_swap_take_each_others_turns_and_nobody_elses() -> None:
    rota = replace(NIGHT, swaps=(Swap("s", ("anna", "amir"), span("2026-01-01T12:00", "2026-01-04T12:00")),))
    nights = [who_is_on(rota, at(f"2026-01-0{day}T23:00")) for day in range(1, 7)]
    assert nights == ["amir", "anna", "petra", "daniel", "anna", "amir"]


def test_gaps_are_where_nobody_is_on() -> None:
    found = gaps(NIGHT, at("2026-01-10T00:00"), at("2026-01-12T00:00"))
    assert [(gap.starts_at, gap.ends_at) for gap in found] == [
        (at("2026-01-10T07:00"), at("2026-01-10T21:00")),
        (at("2026-01-11T07:00"), at("2026-01-11T21:00")),
    ]


def test_an_autumn_night_is_an_hour_longer_and_a_spring_night_an_hour_shorter() -> None:
    lengths = {}
    for night in ("2026-03-28", "2026-06-10", "2026-10-24"):
        [turn] = [
            turn for turn in turns(NIGHT, at(f"{night}T12:00"), at(f"{night}T12:00") + timedelta(days=1)) if turn.person
        ]
        lengths[night] = (turn.ends_at - turn.starts_at) // timedelta(hours=1)
    assert lengths == {"2026-03-28": 9, "2026-06-10": 10, "2026-10-24": 11}


def test_a_turn_that_changes_in_the_hour_that_comes_twice_changes_hands_once() -> None:
    layer = Layer("l", ("anna", "amir"), date(2026, 10, 24), 2 * 60 + 30, 24)
    found = turns(Rota("r", 1, "R", (layer,)), at("2026-10-24T12:00"), at("2026-10-25T12:00"))
    assert [turn.person for turn in found] == ["anna", "amir"]
    assert found[1].starts_at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@given(st.integers(0, 1439), st.sampled_from([1, 2, 6, 8, 12, 24, 48, 168]), st.integers(0, 400), st.integers(1, 20))
def test_turns_leave_no_hole_and_say_the_same_as_asking_at_any_moment(
    handover: int, shift: int, day: int, days: int
) -> None:
    layer = Layer("l", PEOPLE, date(2026, 1, 1), handover, shift, (Hours(frozenset(), 20 * 60, 8 * 60),))
    rota = Rota("r", 1, "R", (layer,))
    since = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=day)
    until = since + timedelta(days=min(days, 5))
    found = turns(rota, since, until)
    assert (found[0].starts_at, found[-1].ends_at) == (since, until)
    assert all(one.ends_at == other.starts_at for one, other in pairwise(found))
    for turn in found:
        last = turn.ends_at - timedelta(microseconds=1)
        middle = turn.starts_at + (turn.ends_at - turn.starts_at) / 2
        assert {who_is_on(rota, moment) for moment in (turn.starts_at, middle, last)} == {turn.person}


@pytest.mark.parametrize(
    ("fault", "rota"),
    [
        ("shift_uneven:nights", replace(NIGHT, layers=(replace(NIGHTS, shift=5),))),
        ("shift_uneven:nights", replace(NIGHT, layers=(replace(NIGHTS, shift=36),))),
        ("layer_empty:nights", replace(NIGHT, layers=(replace(NIGHTS, persons=()),))),
        ("id_twice:nights", replace(NIGHT, layers=(NIGHTS, NIGHTS))),
        ("change_ends:o", replace(NIGHT, overrides=(Override("o", "lena", span("2026-01-02", "2026-01-01")),))),
        ("swap_alone:s", replace(NIGHT, swaps=(Swap("s", ("anna", "anna"), span("2026-01-01", "2026-01-02")),))),
    ],
)
def test_a_rota_with_a_fault_is_not_stored(fault: str, rota: Rota) -> None:
    assert rota_faults(rota) == [fault]
    assert rota_faults(NIGHT) == []
