"""What goes along outside, and what does not."""

from alarms.forwarding.message import BODY_LIMIT, account_of, write_mrq
from alarms.receivers.scaip.parse import MessageType, parse

PRESS = {
    "protocol": "scaip",
    "account": "26317",
    "device": "button-1",
    "reason": "pressed",
    "details": {"device_type": "40", "status": "9", "callers": "tel:+46313900600 sip:x", "place_text": "Kök & hall"},
}
APP = {**PRESS, "protocol": "http", "account": "elsa@home", "reason": "fell", "details": {"note": "Elsa"}}


def test_a_scaip_devices_type_status_and_caller_go_along():
    said = parse(write_mrq(PRESS, "ABC", "26317", reset=False))
    assert (said.ref, said.cid, said.mty) == ("ABC", "26317", MessageType.MESSAGE)
    assert (said.dty, said.stc, said.crd, said.lte) == (40, 9, ("tel:+46313900600",), "Kök & hall")
    assert said.defects == ()


def test_what_is_no_scaip_device_is_a_personal_alarm_with_its_reason_and_no_name():
    written = write_mrq(APP, "ABC", "77", reset=False)
    said = parse(written)
    assert (said.dty, said.stc, said.stt, said.dte, said.crd) == (3, 10, "fell", "button-1", ("no-voice:",))
    assert said.defects == ()
    assert b"Elsa" not in written
    assert b"elsa" not in written


def test_what_withdraws_an_alarm_is_a_reset():
    assert parse(write_mrq(PRESS, "ABC", "1", reset=True)).mty is MessageType.RESET


def test_however_much_a_device_said_it_fits_a_datagram_and_is_the_same_each_time():
    long = {**PRESS["details"], "callers": "sip:" + "x" * 250, "info_text": "&" * 128, "place_text": "<" * 32}
    written = write_mrq({**PRESS, "details": long}, "ABC", "1", reset=False)
    assert len(written) <= BODY_LIMIT
    assert parse(written).dty == 40
    assert written == write_mrq({**PRESS, "details": long}, "ABC", "1", reset=False)


def test_a_device_goes_by_its_own_account_only_where_the_receiver_knows_those():
    ours = {"own_accounts": False, "account": "77"}
    assert account_of(PRESS, ours) == "77"
    assert account_of(PRESS, {**ours, "own_accounts": True}) == "26317"
    assert account_of(APP, {**ours, "own_accounts": True}) == "77"
