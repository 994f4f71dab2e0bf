"""What codes ask of us."""

from string import ascii_uppercase

import pytest

from alarms.receivers.dc09.codes import of_contact_id, of_sia
from alarms.receivers.dc09.events import read_contact_id, read_sia
from kit.wire.words import Reason, SignalKind
from registry.inventory.rules import BUTTON

ALARM, TECHNICAL, RESTORE, RESET = SignalKind.ALARM, SignalKind.TECHNICAL, SignalKind.RESTORE, SignalKind.RESET
TEST, CANCEL, NEWS = SignalKind.TEST, SignalKind.CANCEL, SignalKind.INFORMATION
LIFE = SignalKind.HEARTBEAT


@pytest.mark.parametrize(
    ("code", "kind", "reason"),
    [
        ("100", ALARM, Reason.PRESSED),
        ("101", ALARM, Reason.PRESSED),
        ("102", ALARM, Reason.INACTIVITY),
        ("111", ALARM, Reason.FIRE),
        ("120", ALARM, Reason.PRESSED),
        ("121", ALARM, Reason.ATTACK),
        ("137", TECHNICAL, Reason.TAMPER),
        ("147", TECHNICAL, Reason.LINK_FAILURE),
        ("151", ALARM, Reason.GAS),
        ("154", ALARM, Reason.FLOOD),
        ("301", TECHNICAL, Reason.MAINS_FAILURE),
        ("302", TECHNICAL, Reason.BATTERY_LOW),
        ("344", TECHNICAL, Reason.RADIO_INTERFERENCE),
        ("383", TECHNICAL, Reason.TAMPER),
        ("384", TECHNICAL, Reason.BATTERY_LOW),
        ("401", NEWS, None),
        ("406", CANCEL, None),
        ("601", TEST, None),
        ("602", LIFE, None),
        ("606", NEWS, None),
        ("641", ALARM, Reason.INACTIVITY),
        ("999", ALARM, Reason.UNKNOWN_ALARM),
        ("1AB", ALARM, Reason.UNKNOWN_ALARM),
    ],
)
def test_contact_id(code, kind, reason):
    for qualifier in "16":
        meaning = of_contact_id(qualifier, code)
        assert (meaning.kind, meaning.reason) == (kind, reason)


def test_a_restore_of_a_fault_names_the_fault_and_one_of_an_alarm_is_a_note():
    assert (of_contact_id("3", "301").kind, of_contact_id("3", "301").reason) == (RESTORE, Reason.MAINS_FAILURE)
    assert (of_contact_id("3", "101").kind, of_contact_id("3", "101").reason) == (RESET, None)
    assert of_contact_id("3", "999").kind is RESET
    assert (of_sia("AR").kind, of_sia("AR").reason) == (RESTORE, Reason.MAINS_FAILURE)
    assert (of_sia("TR").kind, of_sia("TR").reason) == (RESTORE, Reason.TAMPER)
    assert (of_sia("QR").kind, of_sia("QH").kind) == (RESET, RESET)
    assert (of_sia("FJ").kind, of_sia("FJ").reason) == (RESTORE, Reason.MALFUNCTION)


@pytest.mark.parametrize(
    ("code", "kind", "reason"),
    [
        ("QA", ALARM, Reason.PRESSED),
        ("MA", ALARM, Reason.PRESSED),
        ("PA", ALARM, Reason.ATTACK),
        ("HA", ALARM, Reason.ATTACK),
        ("FA", ALARM, Reason.FIRE),
        ("GA", ALARM, Reason.GAS),
        ("WA", ALARM, Reason.FLOOD),
        ("BV", ALARM, Reason.INTRUDER),
        ("NA", ALARM, Reason.INACTIVITY),
        ("ZZ", ALARM, Reason.UNKNOWN_ALARM),
        ("TA", TECHNICAL, Reason.TAMPER),
        ("AT", TECHNICAL, Reason.MAINS_FAILURE),
        ("YT", TECHNICAL, Reason.BATTERY_LOW),
        ("XT", TECHNICAL, Reason.BATTERY_LOW),
        ("XQ", TECHNICAL, Reason.RADIO_INTERFERENCE),
        ("YC", TECHNICAL, Reason.LINK_FAILURE),
        ("QT", TECHNICAL, Reason.MALFUNCTION),
        ("RP", LIFE, None),
        ("RX", TEST, None),
        ("FX", TEST, None),
        ("OC", CANCEL, None),
        ("CL", NEWS, None),
        ("QB", NEWS, None),
    ],
)
def test_sia(code, kind, reason):
    assert (of_sia(code).kind, of_sia(code).reason) == (kind, reason)


def test_every_fault_has_its_restore():
    for alarm, again in map(str.split, ("AT AR", "YT YR", "XT XR", "XQ XH", "LT LR", "YC YK", "TA TR")):
        assert (of_sia(again).kind, of_sia(again).reason) == (RESTORE, of_sia(alarm).reason)


def test_a_person_s_alarm_is_never_less_than_urgent_and_whatever_two_letters_say_means_something():
    for first in ascii_uppercase:
        for second in ascii_uppercase:
            meaning = of_sia(first + second)
            assert (meaning.kind is ALARM) == (meaning.priority <= 2)
            assert (meaning.reason is None) == (meaning.kind in {RESET, TEST, CANCEL, NEWS, LIFE})


def test_a_test_that_comes_by_itself_is_a_sign_of_life_and_proves_no_button():
    """[11]"""
    for meaning in (of_contact_id("1", "602"), of_contact_id("1", "603"), of_sia("RP"), of_sia("TX")):
        assert meaning.kind not in BUTTON
    assert of_contact_id("1", "601").kind in BUTTON
    assert of_sia("RX").kind in BUTTON


def test_contact_id_is_read_with_its_place():
    said = read_contact_id("1101 02 013")
    assert (said.event.code, said.event.number) == ("1101", "013")
    assert said.details == (("partition", "02"),)
    assert read_contact_id("1101 00 000").details == ()
    assert read_contact_id("310100001").meaning.kind is RESET


@pytest.mark.parametrize("data", ["", "101", "2101 00 000", "1101 00 000 and more", "Nri1/QA1"])
def test_contact_id_that_cannot_be_read_is_an_alarm(data):
    said = read_contact_id(data)
    assert (said.meaning.kind, said.defects) == (ALARM, ("data",))


def test_sia_is_read_with_modifiers_and_texts():
    said = read_sia('Nti03:10:00/id7/ri2/QA013^kitchen^*"help"NM|Aat the stove')
    assert [(one.code, one.number) for one in said.events] == [("QA", "013")]
    assert dict(said.details) == {"user": "7", "partition": "2"}
    assert said.texts == ("kitchen", "help", "at the stove")
    assert said.defects == ()


def test_of_several_events_the_gravest_is_the_signal():
    said = read_sia("Nri1/RP/YT/QA1/FA3/CL501")
    assert [one.code for one in said.events] == ["RP", "YT", "QA", "FA", "CL"]
    assert said.event.code == "FA"
    assert read_sia("NCL501/YT/AR").event.code == "YT"


@pytest.mark.parametrize("data", ["", "N", "Ahelp me", "N????", "nothing"])
def test_sia_without_an_event_is_an_alarm(data):
    said = read_sia(data)
    assert (said.meaning.kind, said.meaning.reason) == (ALARM, Reason.UNKNOWN_ALARM)
    assert said.defects == ("data",)


def test_sia_with_something_unreadable_in_it_is_read_all_the_same():
    said = read_sia("N!!QA1?")
    assert (said.event.code, said.defects) == ("QA", ("data",))
