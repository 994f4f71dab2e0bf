"""What a request asks of us."""

import pytest

from alarms.receivers.scaip.classify import Meaning, classify
from alarms.receivers.scaip.parse import parse
from kit.wire.words import Reason, SignalKind
from tests.unit.alarms.scaip.device import mrq

ALARM, TECHNICAL, RESTORE = SignalKind.ALARM, SignalKind.TECHNICAL, SignalKind.RESTORE


def meaning(**elements):
    return classify(parse(mrq(**elements)))


@pytest.mark.parametrize(
    ("dty", "stc", "reason", "priority"),
    [
        ("3", "10", Reason.PRESSED, 2),
        ("02", "010", Reason.PRESSED, 2),
        ("5", "9", Reason.FELL, 1),
        ("30", "9", Reason.FELL, 1),
        ("6", "10", Reason.ATTACK, 1),
        ("7", "10", Reason.ATTACK, 1),
        ("23", "9", Reason.FIRE, 1),
        ("26", "9", Reason.GAS, 1),
        ("17", "9", Reason.EPILEPSY, 1),
        ("10", "69", Reason.INACTIVITY, 2),
        ("12", "3", Reason.LEFT_BED, 2),
        ("14", "77", Reason.DOOR, 2),
        ("15", "9", Reason.WANDERING, 2),
        ("33", "9", Reason.FLOOD, 2),
        ("43", "107", Reason.INTRUDER, 2),
        ("11", "81", Reason.PILL_NOT_TAKEN, 2),
        ("3", "110", Reason.ASSISTANCE, 2),
        ("3", "0", Reason.PRESSED, 2),
    ],
)
def test_a_persons_alarm(dty, stc, reason, priority):
    assert meaning(dty=dty, stc=stc) == Meaning(ALARM, reason, priority)


@pytest.mark.parametrize(
    ("dty", "stc", "reason", "priority"),
    [
        ("3", "16", Reason.BATTERY_LOW, 4),
        ("48", "14", Reason.BATTERY_LOW, 3),
        ("48", "85", Reason.MAINS_FAILURE, 3),
        ("48", "24", Reason.LINK_FAILURE, 3),
        ("3", "123", Reason.LINK_FAILURE, 3),
        ("50", "52", Reason.RADIO_INTERFERENCE, 3),
        ("43", "52", Reason.MALFUNCTION, 3),
        ("3", "125", Reason.TAMPER, 3),
        ("38", "9", Reason.TAMPER, 3),
        ("41", "9", Reason.MAINS_FAILURE, 3),
        ("48", "36", Reason.MALFUNCTION, 3),
        ("48", "65", Reason.MALFUNCTION, 4),
    ],
)
def test_a_thing_that_needs_somebody(dty, stc, reason, priority):
    assert meaning(dty=dty, stc=stc) == Meaning(TECHNICAL, reason, priority)


@pytest.mark.parametrize(
    ("dty", "stc", "reason"),
    [
        ("3", "15", Reason.BATTERY_LOW),
        ("48", "86", Reason.MAINS_FAILURE),
        ("48", "113", Reason.LINK_FAILURE),
        ("3", "124", Reason.LINK_FAILURE),
        ("41", "94", Reason.MAINS_FAILURE),
        ("38", "70", Reason.TAMPER),
    ],
)
@pytest.mark.parametrize("mty", ["ME", "RE"])
def test_a_restore_names_the_fault_it_restores(dty, stc, reason, mty):
    assert meaning(dty=dty, stc=stc, mty=mty) == Meaning(RESTORE, reason, 5)


def test_each_restore_finds_the_fault_that_went_before():
    for fault, restored in ((16, 15), (85, 86), (23, 112), (24, 113), (25, 114), (26, 115), (27, 116), (123, 124)):
        assert meaning(stc=fault).reason is meaning(stc=restored).reason


@pytest.mark.parametrize("stc", ["10", "16", "102", "9999"])
def test_a_heartbeat_is_a_heartbeat_whatever_its_status(stc):
    assert meaning(mty="PI", stc=stc).kind is SignalKind.HEARTBEAT


@pytest.mark.parametrize("stc", ["102", "0103"])
def test_a_test_is_a_test_whatever_the_device(stc):
    assert {meaning(stc=stc, dty=dty).kind for dty in ("3", "5", "23", "99")} == {SignalKind.TEST}


def test_reset_cancel_and_information_are_what_they_say():
    assert meaning(mty="RE").kind is SignalKind.RESET
    assert meaning(stc="93").kind is SignalKind.RESET
    assert meaning(stc="70").kind is SignalKind.RESET  # a trigger that is "normal" again withdraws, and ends nothing
    assert meaning(stc="19").kind is SignalKind.CANCEL
    assert meaning(mty="IN", stc="10").kind is SignalKind.INFORMATION
    assert meaning(stc="83").kind is SignalKind.INFORMATION
    assert meaning(dty="8").kind is SignalKind.INFORMATION


@pytest.mark.parametrize("stc", ["49", "50", "128", "777", "9999"])
def test_an_unknown_status_is_an_alarm_for_a_human(stc):
    assert meaning(stc=stc) == Meaning(ALARM, Reason.UNKNOWN_ALARM, 2)
    assert meaning(stc=stc, dty="5") == Meaning(ALARM, Reason.UNKNOWN_ALARM, 1)


@pytest.mark.parametrize("dty", ["0", "42", "52", "9999", "button"])
def test_an_unknown_device_type_is_an_alarm_for_a_human(dty):
    assert meaning(dty=dty) == Meaning(ALARM, Reason.UNKNOWN_ALARM, 2)


def test_a_status_that_is_no_number_is_an_alarm_for_a_human():
    assert meaning(stc="hot").reason is Reason.UNKNOWN_ALARM


def test_a_message_type_that_nobody_knows_is_read_as_an_alarm():
    assert meaning(mty="ZZ") == Meaning(ALARM, Reason.PRESSED, 2)


def test_a_tracker_that_leaves_its_geofence_says_wandering():
    assert meaning(dty="51", stc="9", lco="19").reason is Reason.WANDERING
    assert meaning(dty="51", stc="10", lco="34").reason is Reason.PRESSED


def test_every_code_has_a_meaning_with_a_reason_where_a_human_needs_one():
    for dty in range(60):
        for stc in range(135):
            found = meaning(dty=str(dty), stc=str(stc))
            assert 1 <= found.priority <= 5
            assert (found.reason is not None) == (found.kind in {ALARM, TECHNICAL, RESTORE})
            assert (found.kind is ALARM) == (found.priority <= 2)
