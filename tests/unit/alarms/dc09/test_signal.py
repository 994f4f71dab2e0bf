"""Messages into signals."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from alarms.core.position import fix_in
from alarms.receivers import dc09
from alarms.receivers.dc09.parse import read_content, read_envelope
from alarms.receivers.dc09.signal import to_signal
from kit.wire.words import Reason, SignalKind
from tests.unit.alarms.dc09.panel import message

AT = datetime(2026, 1, 15, 3, 10, tzinfo=UTC)


def signal(*words, later=timedelta(0), **more):
    said = message(*words, **more)
    envelope = read_envelope(said)
    return to_signal(envelope, read_content(envelope.rest), said, AT + later)


def test_a_press_becomes_an_alarm():
    one = signal("#1234|Nri2/QA013^hall^", seq="0815", at=AT - timedelta(seconds=3))
    assert (one.protocol, one.account, one.device) == ("dc09", "1234", None)
    assert (one.kind, one.reason, one.priority) == (SignalKind.ALARM, Reason.PRESSED, 2)
    assert (one.type, one.reference) == ("SIA-DCS/QA", "0815")
    assert (one.received_at, one.occurred_at) == (AT, AT - timedelta(seconds=3))
    assert one.details == {"partition": "2", "code": "QA", "number": "013", "text": "hall"}
    assert one.defects == ()


def test_contact_id_becomes_one_too():
    one = signal("#1234|1302 00 007", token="ADM-CID")
    assert (one.kind, one.reason, one.type) == (SignalKind.TECHNICAL, Reason.BATTERY_LOW, "ADM-CID/1302")
    assert one.details == {"code": "1302", "number": "007"}


def test_supervision_is_a_heartbeat():
    one = signal("", token="NULL", seq="0000")
    assert (one.kind, one.type, one.defects, one.details) == (SignalKind.HEARTBEAT, "NULL", (), {})


def test_the_account_may_stand_in_front_of_the_data_alone_and_counts_in_capitals():
    assert signal("#00ab|NQA1", account=None).account == "00AB"
    assert signal("NQA1", account="00ab").account == "00AB"
    other = signal("#77|NQA1", account="1234")
    assert (other.account, other.details["account_inside"]) == ("1234", "77")


def test_sent_again_it_is_the_same_signal_whatever_its_timestamp_says_by_then():
    first = signal(at=AT)
    assert signal(at=AT + timedelta(seconds=30)).key == first.key
    assert signal().key == first.key
    assert signal(at=AT, later=timedelta(minutes=2)).key == first.key


@pytest.mark.parametrize(
    "other",
    [{"seq": "0002"}, {"account": "1235"}, {"extra": "[X12.1][Y57.2]"}, {"data": "#1234|Nri1/QA002"}],
)
def test_anything_else_makes_it_another_signal(other):
    data = other.pop("data", "#1234|Nri1/QA001")
    assert signal(data, **other).key != signal().key


def test_a_message_without_a_number_of_its_own_is_always_a_new_one():
    assert signal(seq="0000").key != signal(seq="0000", later=timedelta(seconds=1)).key


@pytest.mark.parametrize(
    "extra",
    ["[X12.0][Y57.5]", "[Y57.5][X12]", "[X+012.000][Y+57.50]", "[X012E00.0][Y57N30.0]", "[X12.0][Y57.5][X1][Vv]"],
)
def test_a_position_is_understood_as_from_other_receivers(extra):
    one = signal(extra=extra, at=AT)
    fix = fix_in(one.details, one.occurred_at, one.received_at)
    assert (fix.place.latitude, fix.place.longitude, fix.taken_at) == (57.5, 12.0, AT)
    assert one.defects == ()


@pytest.mark.parametrize("extra", ["[X12.0]", "[X][Y]", "[X12][Y91]", "[X0][Y0]", "[X12N00.0][Y57E00.0]", "[X1e2][Y5]"])
def test_a_press_with_a_position_that_is_none_is_a_press(extra):
    one = signal(extra=extra)
    assert (one.kind, one.defects) == (SignalKind.ALARM, ("position",))
    assert fix_in(one.details, one.occurred_at, one.received_at) is None


def test_south_and_west_are_less_than_nothing():
    one = signal(extra="[X071W30.0][Y33S15.0]")
    assert (one.details["latitude"], one.details["longitude"]) == ("-33.25", "-71.5")


def test_where_more_can_be_seen_is_kept():
    assert signal(extra="[Vhttps://camera.example/1]").details["media"] == "https://camera.example/1"


SAMPLES = [
    line.split("\t") for line in (Path(dc09.__file__).parent / "samples" / "messages.tsv").read_text().splitlines()
]


@pytest.mark.parametrize(("written", "kind", "reason"), SAMPLES)
def test_what_devices_send_is_understood(written, kind, reason):
    envelope = read_envelope(written.encode())
    one = to_signal(envelope, read_content(envelope.rest), written.encode(), AT)
    assert (one.kind, one.reason or "", one.defects) == (kind, reason, ())
