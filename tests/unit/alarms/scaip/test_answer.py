"""What a device is told, how long it is asked to hold, and what the hub is given."""

from datetime import UTC, datetime, timedelta

import pytest

from alarms.core.signal import Outcome, Receipt
from alarms.receivers.scaip import sip
from alarms.receivers.scaip.addresses import Endpoint, parse_listen
from alarms.receivers.scaip.answer import HOLD, NOT_TREATED, Answer, stored
from alarms.receivers.scaip.flow import Way
from alarms.receivers.scaip.models import Model
from alarms.receivers.scaip.parse import parse
from alarms.receivers.scaip.patience import Patience
from alarms.receivers.scaip.signal import to_signal
from alarms.receivers.scaip.tell import message
from kit.wire.words import Reason, SignalKind
from tests.unit.alarms.scaip.device import DEVICE, Wire, mrq, sip_message

AT = datetime(2026, 1, 15, 3, 10, tzinfo=UTC)
NUMBER = "sip:larm@192.0.2.1"


def signal_of(**elements):
    body = mrq(**elements)
    return to_signal(parse(body), body, AT)


def told(outcome=Outcome.STORED, *, known=True, number=NUMBER, case="case-1", **elements):
    receipt = Receipt("signal-1", case, outcome, known)
    return stored(parse(mrq(**elements)), signal_of(**elements), receipt, number)


def test_a_persons_alarm_is_asked_to_call_the_number():
    assert told() == Answer("1", 0, mre=1, cre=62, tnu=NUMBER)
    assert told().write() == (
        b"<mrs><ref>1</ref><snu>0</snu><mre>1</mre><cre>62</cre><tnu>sip:larm@192.0.2.1</tnu></mrs>"
    )


@pytest.mark.parametrize("elements", [{"mreq": "4"}, {"crd": "no-voice:"}, {"stc": "16"}, {"stc": "102"}])
def test_no_speech_is_opened_where_none_is_wanted(elements):
    assert told(**elements) == Answer("1", 0, mre=0)


def test_without_a_number_no_speech_is_opened():
    assert told(number="") == Answer("1", 0, mre=0)


@pytest.mark.parametrize("mty", ["PI", "RE", "IN"])
def test_what_is_no_message_hears_nothing_of_speech(mty):
    assert told(mty=mty) == Answer("1", 0)


def test_a_repeated_signal_of_a_known_device_hears_the_same():
    assert told(Outcome.REPEATED) == told(Outcome.STORED)


def test_a_press_on_a_device_that_is_being_installed_calls_nobody():
    assert told(case=None) == Answer("1", 0, mre=0)


@pytest.mark.parametrize("outcome", list(Outcome))
def test_an_account_that_is_nobodys_device_is_not_treated(outcome):
    assert told(outcome, known=False) == Answer("1", 5)


def test_what_a_device_wrote_is_escaped_when_it_is_repeated():
    assert Answer('<&">', 0).write() == b'<mrs><ref>&lt;&amp;"&gt;</ref><snu>0</snu></mrs>'


def test_the_longest_answer_fits_a_datagram():
    data = sip_message(mrq()).replace(b"26317@", b"2" * 3000 + b"@").replace(b"sip:larm@", b"sip:" + b"l" * 3000 + b"@")
    data = data.replace(b"Max-Forwards", b"Record-Route: <sip:" + b"p" * 3000 + b";lr>\r\nMax-Forwards")
    said = Answer("&" * 64, 0, mre=1, cre=62, tnu="tel:" + "1" * 252, hbi=604_800, model=Model(version="01.00"))
    body = said.write()
    for flow in (Wire(), Wire(reliable=True)):
        way = Way(flow, ("2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", 65535))
        written = message(sip.parse(data), way, body, branch="z9hG4bK" + "b" * 24, tag="t" * 12, call_id="c" * 24)
        assert len(written) <= 1300
        assert isinstance(sip.parse(written), sip.Request)


def test_a_receiver_on_every_address_is_called_what_the_device_called_it():
    flow = Wire()
    flow.local = ("0.0.0.0", 5060)
    written = message(sip.parse(sip_message(mrq())), Way(flow, DEVICE), b"", branch="b", tag="t", call_id="c")
    assert b"Via: SIP/2.0/UDP 192.0.2.1:5060;rport;branch=b\r\n" in written


def test_a_device_holds_for_ten_seconds_counted_from_its_first_asking():
    patience = Patience()
    assert [patience.verdict("a", "1", at, at) for at in (0.0, 5.0, 9.9, 10.0, 60.0)] == [HOLD] * 3 + [NOT_TREATED] * 2
    assert patience.verdict("a", "2", 60.0, 60.0) == HOLD


def test_the_time_a_device_waited_for_storage_counts():
    patience = Patience()
    assert patience.verdict("a", "1", arrived=0.0, at=2.0) == HOLD
    assert patience.verdict("a", "1", arrived=8.5, at=10.5) == NOT_TREATED


def test_what_was_stored_or_is_long_ago_holds_anew():
    patience = Patience()
    patience.verdict("a", "1", 0.0, 0.0)
    patience.stored("a", "1")
    assert patience.verdict("a", "1", 20.0, 20.0) == HOLD
    assert patience.verdict("a", "1", 2000.0, 2000.0) == HOLD


def test_those_who_hold_are_remembered_within_bounds():
    patience = Patience(limit=10)
    for number in range(1000):
        patience.verdict("a", str(number), 0.0, 0.0)
    assert len(patience) <= 11


def test_a_signal_carries_what_the_hub_and_the_desk_need():
    body = mrq(lte="Hallen", lco="42", crd="gsm:+46700000001", did="A1", cha="1")
    signal = to_signal(parse(body), body, AT)
    assert (signal.protocol, signal.account, signal.device, signal.reference) == ("scaip", "26317", None, "1")
    assert (signal.kind, signal.reason, signal.priority) == (SignalKind.ALARM, Reason.PRESSED, 2)
    assert (signal.type, signal.raw, signal.received_at) == ("ME/3/10", body, AT)
    assert signal.details == {
        "device_type": "3",
        "device_id": "A1",
        "status": "10",
        "place": "42",
        "place_text": "Hallen",
        "callers": "gsm:+46700000001",
        "call_back": "1",
    }


def test_the_key_tells_accounts_references_and_bodies_apart_and_fits_its_column():
    keys = {signal_of().key, signal_of(ref="2").key, signal_of(cid="2").key, signal_of(stc="9").key}
    assert len(keys) == 4
    assert signal_of().key == signal_of().key
    assert len(signal_of(ref="r" * 500, cid="c" * 500).key) <= 200


@pytest.mark.parametrize(("age", "taken"), [(0, True), (9, True), (11, False), (-0.5, True), (-5, False)])
def test_an_old_position_never_makes_a_fresh_press_look_old(age, taken):
    at = AT - timedelta(minutes=age)
    signal = signal_of(lge=f"<geo>57.7,11.9</geo><tim>{at.isoformat()}</tim>")
    assert signal.occurred_at == (at if taken else None)
    assert signal.details["position_at"] == at.isoformat()


def test_addresses_to_listen_on_are_read():
    assert parse_listen("udp:127.0.0.1:5060  TCP:[::1]:0 tcp:larm.example.se:5060") == (
        Endpoint("udp", "127.0.0.1", 5060),
        Endpoint("tcp", "::1", 0),
        Endpoint("tcp", "larm.example.se", 5060),
    )
    assert parse_listen("") == ()
    assert str(Endpoint("tcp", "::1", 5060)) == "tcp:[::1]:5060"


@pytest.mark.parametrize("spec", ["127.0.0.1:5060", "udp:127.0.0.1", "udp:::1:5060", "tcp:a:99999", "udp:a:-1"])
def test_what_is_no_address_is_said_in_a_sentence(spec):
    said = r"is no address to listen on; write udp:HOST:PORT, tcp:HOST:PORT or tls:HOST:PORT\.$"
    with pytest.raises(ValueError, match=said):
        parse_listen(spec)


def test_an_unknown_scheme_is_said_in_a_sentence():
    with pytest.raises(
        ValueError, match=r"^sctp:a:1 names the unknown scheme sctp; SCAIP is heard on udp, tcp and tls\.$"
    ):
        parse_listen("sctp:a:1")
