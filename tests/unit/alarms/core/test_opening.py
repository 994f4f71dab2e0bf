"""Which case a signal belongs to."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from alarms.core.opening import LANES, LaneName, Sender, belongs, lane_of
from alarms.core.signal import Signal
from kit.wire.words import CaseKind, Reason, SignalKind

ALONE = Sender("device-1", "principal-1", "home-1", "resident-1")
SHARED = Sender("device-2", "principal-1", "home-2", None)


def signal(kind: SignalKind, reason: Reason | None = None) -> Signal:
    at = datetime(2026, 1, 15, 3, 10, tzinfo=UTC)
    return Signal("scaip", "26317", None, "key", kind, reason, 2, "ME", "1", at, None, b"")


def test_an_alarm_opens_a_case_of_the_person() -> None:
    place = belongs(signal(SignalKind.ALARM, Reason.PRESSED), ALONE)
    assert place is not None
    assert (place.open_key, place.kind, place.opens) == ("person:resident-1", CaseKind.PERSON, True)


@pytest.mark.parametrize("kind", [SignalKind.CANCEL, SignalKind.RESET])
def test_a_cancel_of_a_shared_device_is_a_note_on_whoevers_case_it_has_become(kind: SignalKind) -> None:
    """[4] [17]"""
    shared = Sender("device-2", "principal-1", "home-2", None, household=("resident-2", "resident-3"))
    place = belongs(signal(kind), shared)
    assert place is not None
    assert (place.open_key, place.opens) == ("person:home:home-2", False)
    assert place.beside == ("person:resident-2", "person:resident-3")


def test_an_alarm_of_a_shared_device_opens_a_case_of_the_home() -> None:
    place = belongs(signal(SignalKind.ALARM, Reason.PRESSED), SHARED)
    assert place is not None
    assert place.open_key == "person:home:home-2"


@pytest.mark.parametrize("kind", [SignalKind.CANCEL, SignalKind.RESET, SignalKind.INFORMATION])
def test_a_cancel_reset_or_information_joins_a_case_and_opens_none(kind: SignalKind) -> None:
    place = belongs(signal(kind), ALONE)
    assert place is not None
    assert (place.open_key, place.opens) == ("person:resident-1", False)


def test_what_a_homes_device_tells_is_for_every_open_case_in_the_home() -> None:
    lock = Sender("lock-1", "principal-1", "home-2", None, household=("resident-2", "resident-3"))
    place = belongs(signal(SignalKind.INFORMATION), lock)
    assert place is not None
    assert (place.open_key, place.opens) == ("person:home:home-2", False)
    assert set(place.beside) == {"person:resident-2", "person:resident-3"}
    alone = Sender("lock-1", "principal-1", "home-1", "resident-1", household=("resident-1",))
    place = belongs(signal(SignalKind.INFORMATION), alone)
    assert place is not None
    assert (place.open_key, place.beside) == ("person:resident-1", ("person:home:home-1",))


TOLD_TO_ALL = {SignalKind.INFORMATION, SignalKind.CANCEL, SignalKind.RESET}


@pytest.mark.parametrize("kind", sorted(set(SignalKind) - TOLD_TO_ALL))
def test_what_is_more_than_a_note_is_for_one_case_alone(kind: SignalKind) -> None:
    lock = Sender("lock-1", "principal-1", "home-2", None, household=("resident-2", "resident-3"))
    place = belongs(signal(kind, Reason.DOOR_JAMMED), lock)
    assert place is None or place.beside == ()


def test_a_fault_opens_a_technical_case_of_its_own_for_each_device_and_fault() -> None:
    place = belongs(signal(SignalKind.TECHNICAL, Reason.BATTERY_LOW), ALONE)
    assert place is not None
    assert (place.open_key, place.kind) == ("technical:device-1:battery_low", CaseKind.TECHNICAL)


def test_a_restore_joins_the_case_of_its_fault_and_opens_none() -> None:
    place = belongs(signal(SignalKind.RESTORE, Reason.MAINS_FAILURE), ALONE)
    assert place is not None
    assert (place.open_key, place.opens) == ("technical:device-1:mains_failure", False)


@pytest.mark.parametrize("kind", [SignalKind.TEST, SignalKind.HEARTBEAT])
def test_a_signal_that_needs_no_human_belongs_to_no_case(kind: SignalKind) -> None:
    assert belongs(signal(kind), ALONE) is None


def test_every_kind_has_a_lane_and_only_what_concerns_a_person_rides_in_the_persons() -> None:
    assert set(LANES) == set(SignalKind)
    assert {kind for kind, lane in LANES.items() if lane is LaneName.PERSON} == {
        SignalKind.ALARM,
        SignalKind.CANCEL,
        SignalKind.RESET,
    }


@pytest.mark.parametrize("kind", SignalKind)
def test_semantics_12_only_what_concerns_a_person_leaves_its_lane_for_being_old(kind: SignalKind) -> None:
    fresh = signal(kind)
    old = replace(fresh, occurred_at=fresh.received_at - timedelta(hours=1))
    assert lane_of(fresh) is LANES[kind]
    assert lane_of(old) is (LaneName.STALE if LANES[kind] is LaneName.PERSON else LANES[kind])
