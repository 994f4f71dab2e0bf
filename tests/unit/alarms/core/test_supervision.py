"""When a device is late and lost, and which silent devices are one incident."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alarms.core.supervision import (
    ALWAYS,
    DEAF_AFTER,
    LEAST,
    Place,
    Silent,
    Standing,
    Watched,
    find_incidents,
    health,
    is_over,
    listening_since,
    needed,
)
from kit.wire.words import DeviceHealth, Scope

AT = datetime(2026, 1, 15, 3, 10, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
FIVE = 5 * MINUTE
LONG_AGO = AT - timedelta(days=1)


def silent(
    number: int,
    town: str = "Hjo",
    network: str = "Tele A 4G",
    model: str = "M",
    *,
    lost: bool = True,
    unit: str = "norr",
    interval: timedelta = FIVE,
) -> Silent:
    return Silent(f"device-{number:04}", Standing("kommun", unit, town, network, model), lost, interval)


def counted(
    silent: list[Silent], *, heard: int = 0, like: Standing | None = None, interval: timedelta = FIVE
) -> dict[Place, Counter[timedelta]]:
    """The places of these, as large as they are silent; and `heard` more devices that stand as `like` does."""
    found: dict[Place, Counter[timedelta]] = {}
    for one in silent:
        for place in one.standing.places():
            found.setdefault(place, Counter())[one.interval] += 1
    for place in like.places() if like else ():
        found.setdefault(place, Counter())[interval] += heard
    return found


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [(0, "ok"), (9.9, "ok"), (10, "late"), (14.9, "late"), (15, "lost"), (600, "lost")],
)
def test_a_device_is_late_after_two_missed_heartbeats_and_lost_after_three(minutes: float, expected: str) -> None:
    heard = AT - minutes * MINUTE
    assert health(FIVE, heard, LONG_AGO, AT) is DeviceHealth(expected)


def test_a_model_without_an_interval_is_not_watched() -> None:
    assert health(None, LONG_AGO, LONG_AGO, AT) is DeviceHealth.UNWATCHED


def test_our_own_silence_is_no_devices() -> None:
    heard = AT - 60 * MINUTE
    assert health(FIVE, heard, AT - 9 * MINUTE, AT) is DeviceHealth.OK
    assert health(FIVE, heard, AT - 15 * MINUTE, AT) is DeviceHealth.LOST


def test_listening_begins_anew_after_a_gap_or_a_moved_clock_and_not_after_a_quick_restart() -> None:
    since = AT - 60 * MINUTE
    assert listening_since(since, AT - DEAF_AFTER, AT) == since
    assert listening_since(since, AT - DEAF_AFTER - timedelta(seconds=1), AT) == AT
    assert listening_since(since, AT + 60 * MINUTE, AT) == AT


def test_five_lost_in_a_town_are_one_incident_and_four_are_not() -> None:
    ones = [silent(number) for number in range(LEAST)]
    [incident] = find_incidents(ones, counted(ones, heard=20, like=ones[0].standing))
    assert incident.devices == tuple(one.device for one in ones)
    assert find_incidents(ones[:-1], counted(ones)) == []


def test_those_that_are_only_late_count_but_are_no_incident_alone() -> None:
    ones = [silent(number, lost=number == 0) for number in range(20)]
    [incident] = find_incidents(ones, counted(ones))
    assert len(incident.devices) == 20
    assert find_incidents(ones[1:], counted(ones)) == []


def test_a_town_is_named_rather_than_the_principal_around_it() -> None:
    ones = [silent(number, network="", model="", unit="") for number in range(30)]
    elsewhere = Standing("kommun", "", "Skara", "", "")
    [incident] = find_incidents(ones, counted(ones, heard=400, like=elsewhere))
    assert incident.place == Place("kommun", Scope.TOWN, "Hjo")
    assert (len(incident.devices), incident.watched) == (30, 30)


def test_a_network_is_named_rather_than_each_town_it_fails_in() -> None:
    ones = [silent(number, town=f"Town {number % 5}", model="", unit="") for number in range(100)]
    heard = counted(ones)
    for number in range(5):
        for place in Standing("kommun", "", f"Town {number}", "Tele B 4G", "").places():
            heard.setdefault(place, Counter())[FIVE] += 40
    [incident] = find_incidents(ones, heard)
    assert incident.place == Place("kommun", Scope.NETWORK, "Tele A 4G")
    assert len(incident.devices) == 100


def test_two_causes_at_once_are_two_incidents_and_no_device_is_in_both() -> None:
    hjo = [silent(number, network="", model="", unit="") for number in range(30)]
    skara = [silent(100 + number, town="Skara", network="", model="", unit="") for number in range(20)]
    everywhere = counted([*hjo, *skara], heard=2000, like=Standing("kommun", "", "Lidköping", "", ""))
    found = find_incidents([*hjo, *skara], everywhere)
    assert {incident.place.name for incident in found} == {"Hjo", "Skara"}


def test_another_principals_devices_are_another_incident() -> None:
    here = [silent(number) for number in range(10)]
    there = [
        Silent(f"other-{number}", Standing("granne", "norr", "Hjo", "Tele A 4G", "M"), lost=True, interval=FIVE)
        for number in range(10)
    ]
    found = find_incidents([*here, *there], counted([*here, *there]))
    assert {incident.place.principal for incident in found} == {"kommun", "granne"}


def test_a_town_that_is_not_told_is_no_scope() -> None:
    ones = [silent(number, town="", network="", model="", unit="") for number in range(10)]
    [incident] = find_incidents(ones, counted(ones))
    assert incident.place.scope is Scope.PRINCIPAL


def test_a_mast_that_dies_is_its_town_though_only_the_quickest_model_there_is_missed_yet() -> None:
    quick = [silent(number, network="Tele A 4G", model="quick", interval=MINUTE) for number in range(20)]
    slow = [silent(100 + number, network="Tele A 2G", model="slow", interval=FIVE) for number in range(30)]
    elsewhere = Standing("kommun", "", "Skara", "", "slow")
    watched = counted([*quick, *slow], heard=200, like=elsewhere)
    [incident] = find_incidents(quick, watched)
    assert incident.place == Place("kommun", Scope.TOWN, "Hjo")
    assert (len(incident.devices), incident.watched) == (20, 50)
    assert all(incident.place in one.standing.places() for one in slow), "they join it when they are missed"


def test_those_as_quick_that_are_heard_are_witnesses_that_a_place_is_well() -> None:
    ones = [silent(number, network="", model="quick", unit="", interval=MINUTE) for number in range(20)]
    others = Standing("kommun", "", "Hjo", "", "as quick")
    [incident] = find_incidents(ones, counted(ones, heard=30, like=others, interval=MINUTE))
    assert incident.place == Place("kommun", Scope.MODEL, "quick")


@given(
    st.lists(st.tuples(st.sampled_from([1, 2, 5, 15]), st.sampled_from(["M", "N", "O"])), min_size=1, max_size=40),
    st.integers(0, 400),
)
def test_however_quick_its_models_a_dead_mast_is_one_incident_from_first_to_last(
    kinds: list[tuple[int, str]], elsewhere: int
) -> None:
    everybody = [
        silent(number, network=f"Tele A {model}", model=model, interval=minutes * MINUTE)
        for number, (minutes, model) in enumerate(kinds)
    ]
    watched: Watched = counted(everybody, heard=elsewhere, like=Standing("kommun", "", "Skara", "", "M"))
    open_place: Place | None = None
    for minutes in (1, 2, 5, 15):
        missed = [one for one in everybody if one.interval <= minutes * MINUTE]
        alone = [one for one in missed if open_place is None or open_place not in one.standing.places()]
        found = find_incidents(alone, watched)
        if open_place is None and found:
            [incident] = found
            open_place = incident.place
        else:
            assert found == []


@given(st.sampled_from(Scope), st.integers(0, 100_000))
def test_what_is_needed_is_never_under_the_least_nor_over_what_always_is_one(scope: Scope, watched: int) -> None:
    assert LEAST <= needed(scope, watched) <= ALWAYS


@given(
    st.lists(
        st.builds(
            silent,
            st.integers(0, 300),
            st.sampled_from(["Hjo", "Skara", ""]),
            st.sampled_from(["A 4G", "B 4G", ""]),
            st.sampled_from(["M", "N"]),
            lost=st.booleans(),
            interval=st.sampled_from([MINUTE, FIVE]),
        ),
        max_size=120,
        unique_by=lambda one: one.device,
    )
)
def test_each_device_is_in_one_incident_at_the_most_and_each_incident_has_one_that_is_lost(ones: list[Silent]) -> None:
    found = find_incidents(ones, counted(ones))
    named = [device for incident in found for device in incident.devices]
    assert len(named) == len(set(named))
    lost = {one.device for one in ones if one.lost}
    assert all(lost & set(incident.devices) and len(incident.devices) >= LEAST for incident in found)


@pytest.mark.parametrize(
    ("left", "of", "over"), [(0, 5, True), (1, 5, True), (2, 5, False), (4, 3000, True), (5, 3000, False)]
)
def test_an_incident_is_over_when_only_a_few_of_it_are_left(left: int, of: int, over: bool) -> None:
    assert is_over(left, of) is over
