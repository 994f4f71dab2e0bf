"""A device's conversation with the receiver, without sockets, on a clock that stands still."""

import pytest
from structlog.testing import capture_logs

from alarms.receivers.scaip import sip
from kit.wire.words import SignalKind
from tests.unit.alarms.scaip.device import DEVICE, Station, Wire, mrq, ok_to, sip_message, snu_of


@pytest.fixture
async def station():
    async with Station() as station:
        yield station


async def test_a_press_is_stored_then_answered_200_and_told_in_a_message_of_its_own(station):
    await station.press(ref="00001883")
    assert [signal.kind for signal in station.intake.signals] == [SignalKind.ALARM]
    (target, answer), (told_at, told) = station.wire.sent
    assert (target, told_at) == (DEVICE, DEVICE)
    response = sip.parse(answer)
    assert isinstance(response, sip.Response)
    assert response.status == 200
    assert answer.endswith(b"\r\n\r\n")
    message = sip.parse(told)
    assert isinstance(message, sip.Request)
    assert message.method == "MESSAGE"
    assert message.uri == "sip:26317@192.0.2.7:40123"
    assert message.call_id != "c1@192.0.2.7"
    assert message.head.first("content-type") == "application/scaip+xml"
    assert message.body == (
        b"<mrs><ref>00001883</ref><snu>0</snu><mre>1</mre><cre>62</cre><tnu>sip:larm@192.0.2.1</tnu></mrs>"
    )


async def test_a_device_that_confirms_hears_no_more(station):
    await station.press()
    await station.take(ok_to(station.wire.messages()[0]))
    await station.clock.advance(40)
    assert len(station.wire.messages()) == 1
    assert station.intake.untold == []
    assert len(station.teller) == 0


async def test_an_unconfirmed_answer_is_sent_again_for_32_seconds_and_then_noted_on_the_case(station):
    await station.press()
    sent = []
    for _ in range(34):
        await station.clock.advance(1)
        sent.append(len(station.wire.messages()))
    assert sent[:8] == [2, 3, 3, 4, 4, 4, 4, 5]  # after 0.5, 1.5, 3.5, 7.5 s, then each 4 s
    assert sent[-1] == 11
    assert len(set(station.wire.messages())) == 1
    assert [receipt.signal for receipt in station.intake.untold] == [f"signal-{station.intake.signals[0].key}"]


async def test_a_device_that_refuses_the_answer_has_not_been_told(station):
    await station.press()
    await station.take(ok_to(station.wire.messages()[0], "481 No"))
    assert len(station.intake.untold) == 1


async def test_an_untold_heartbeat_is_nobodys_trouble(station):
    await station.press(mty="PI")
    await station.clock.advance(40)
    assert station.wire.messages()[0].endswith(b"<mrs><ref>1</ref><snu>0</snu></mrs>")
    assert station.intake.untold == []


async def test_a_request_sent_again_gets_the_same_bytes_and_raises_nothing(station):
    await station.press()
    await station.press()
    first, second = station.wire.responses()
    assert first == second
    assert len(station.wire.messages()) == 1
    assert len(station.intake.signals) == 1


async def test_a_request_sent_again_while_it_is_being_stored_is_absorbed(station):
    gate = station.intake.hold_up()
    await station.press()
    await station.press()
    assert station.wire.sent == []
    gate.set()
    await station.settle()
    assert station.wire.statuses() == [200]
    assert len(station.wire.messages()) == 1


async def test_the_same_branch_with_another_press_in_it_is_another_press(station):
    await station.press(ref="1")
    await station.press(ref="2")
    assert [signal.reference for signal in station.intake.signals] == ["1", "2"]


async def test_a_device_asking_again_with_the_same_ref_hears_the_same_answer_once_more(station):
    await station.press()
    await station.clock.advance(20)
    await station.press(branch="z9hG4bKa2")
    first, second = station.wire.messages()[0], station.wire.messages()[-1]
    assert sip.parse(first).body == sip.parse(second).body
    assert len(station.intake.signals) == 1
    await station.take(ok_to(second))
    await station.clock.advance(40)
    assert station.intake.untold == []  # the first answer went unconfirmed, the second did not


async def test_the_same_ref_with_another_body_is_another_signal(station):
    await station.press(stc="10")
    await station.press(branch="z9hG4bKa2", stc="16")
    assert [signal.kind for signal in station.intake.signals] == [SignalKind.ALARM, SignalKind.TECHNICAL]


async def test_the_200_does_not_wait_longer_than_300_ms_and_snu_0_waits_for_the_commit(station):
    gate = station.intake.hold_up()
    await station.press()
    await station.clock.advance(0.25)
    assert station.wire.sent == []
    await station.clock.advance(0.1)
    assert station.wire.statuses() == [200]
    assert station.wire.messages() == []
    await station.clock.advance(0.65)
    gate.set()
    await station.settle()
    assert station.wire.statuses() == [200]
    assert [snu_of(message) for message in station.wire.messages()] == [0]


async def test_while_storage_is_down_a_device_holds_and_after_ten_seconds_goes_to_its_next_receiver(station):
    station.intake.down = True
    heard = []
    for attempt in range(4):
        await station.press(branch=f"z9hG4bK{attempt}")
        heard.append(snu_of(station.wire.messages()[-1]))
        await station.clock.advance(4)
    assert heard == [4, 4, 4, 5]
    assert station.wire.statuses() == [200] * 4
    station.intake.down = False
    await station.press(branch="z9hG4bKlast")
    assert snu_of(station.wire.messages()[-1]) == 0
    assert len(station.intake.signals) == 1


async def test_a_store_that_does_not_answer_within_two_seconds_is_as_good_as_down(station):
    gate = station.intake.hold_up()
    await station.press()
    await station.clock.advance(1.9)
    assert station.wire.messages() == []
    await station.clock.advance(0.2)
    assert snu_of(station.wire.messages()[-1]) == 4
    gate.set()
    await station.settle()
    assert {snu_of(message) for message in station.wire.messages()} == {4}  # the device asks again
    await station.press(branch="z9hG4bKa2")
    assert snu_of(station.wire.messages()[-1]) == 0
    assert len(station.intake.signals) == 1


async def test_a_store_that_stays_slow_still_lets_a_device_know_at_its_next_try(station):
    """A commit that always takes longer than the two seconds must not hold for ever what is stored already."""
    gate = station.intake.hold_up()
    await station.press()
    await station.clock.advance(2.1)
    gate.set()
    await station.settle()
    station.intake.hold_up()
    await station.press(branch="z9hG4bKa2")
    assert [snu_of(message) for message in station.wire.messages()[-1:]] == [0]
    assert station.wire.statuses() == [200, 200]
    await station.press(branch="z9hG4bKa3", ref="2")
    await station.clock.advance(2.1)
    assert snu_of(station.wire.messages()[-1]) == 4  # nothing else is told before it is stored
    await station.clock.advance(40)
    assert len(station.intake.untold) == 1


async def test_a_bug_in_the_hub_is_never_told_as_ok(station):
    station.intake.broken = True
    await station.press()
    assert snu_of(station.wire.messages()[-1]) == 4


async def test_an_unknown_account_is_sent_to_its_next_receiver_however_often_it_asks(station):
    station.intake.unknown = True
    await station.press()
    await station.press(branch="z9hG4bKa2")
    assert [snu_of(message) for message in station.wire.messages()] == [5, 5]


async def test_no_number_to_call_means_no_speech():
    async with Station(call_number="") as station:
        await station.press()
        assert station.wire.messages()[0].endswith(b"<snu>0</snu><mre>0</mre></mrs>")


async def test_however_long_the_store_takes_no_provisional_answer_is_sent(station):
    """RFC 4320 §4.1: what is not an INVITE is answered once and finally."""
    gate = station.intake.hold_up()
    await station.press()
    for _ in range(10):
        await station.clock.advance(0.5)
    gate.set()
    await station.settle()
    assert station.wire.statuses() == [200]


async def test_a_body_without_a_reference_is_400_and_one_with_it_hears_why(station):
    await station.take(sip_message(b"<mrq><cid>1</cid></mrq>"))
    assert station.wire.statuses() == [400]
    assert station.wire.messages() == []
    await station.take(sip_message(b"<mrq><ref>7</ref></mrq>", branch="z9hG4bKa2"))
    assert station.wire.statuses() == [400, 200]
    assert snu_of(station.wire.messages()[0]) == 7


@pytest.mark.parametrize(
    "body", [b"<!DOCTYPE mrq [<!ENTITY a 'b'>]>" + mrq(dte="&a;"), b"<mrq><ref>1</ref>", b"x" * 9000]
)
async def test_what_is_no_request_is_never_stored_nor_told_ok(station, body):
    await station.take(sip_message(body))
    assert station.intake.signals == []
    assert {snu_of(message) for message in station.wire.messages()} <= {2}


async def test_a_closed_connection_means_not_told(station):
    wire = Wire(reliable=True)
    await station.press(wire=wire)
    assert len(wire.messages()) == 1
    await station.clock.advance(10)
    assert len(wire.messages()) == 1  # what is sent on a connection is not sent again
    wire.closed = True
    station.teller.cut(wire)
    await station.settle()
    assert len(station.intake.untold) == 1
    assert len(station.teller) == 0


async def test_a_connection_closed_before_the_commit_means_not_told(station):
    wire = Wire(reliable=True)
    gate = station.intake.hold_up()
    await station.press(wire=wire)
    wire.closed = True
    station.teller.cut(wire)
    gate.set()
    await station.settle()
    assert len(station.intake.untold) == 1
    assert wire.messages() == []


async def test_under_overload_things_hear_busy_and_people_are_taken():
    async with Station(busy_at=2, full_at=4) as station:
        gate = station.intake.hold_up()
        await station.press(branch="z9hG4bK1", ref="1")
        await station.press(branch="z9hG4bK2", ref="2", stc="16")
        await station.press(branch="z9hG4bK3", ref="3", stc="16")
        await station.press(branch="z9hG4bK4", ref="4")
        assert [snu_of(message) for message in station.wire.messages()] == [6]
        await station.press(branch="z9hG4bK5", ref="5")
        await station.press(branch="z9hG4bK6", ref="6")
        assert station.wire.statuses() == [200, 503]
        gate.set()
        await station.settle()
        assert [signal.reference for signal in station.intake.signals] == ["1", "2", "4", "5"]


async def test_heartbeats_wait_together_and_make_nothing_else_busy():
    async with Station(busy_at=1, beats_at=2) as station:
        gate = station.intake.hold_up()
        for number in range(3):
            await station.press(branch=f"z9hG4bK{number}", ref=str(number), mty="PI")
        assert station.wire.statuses() == [200, 200, 200]  # at once: it promises nothing
        assert [snu_of(message) for message in station.wire.messages()] == [6]
        await station.press(branch="z9hG4bK7", ref="7", stc="16")
        gate.set()
        await station.settle()
        assert [signal.reference for signal in station.intake.signals] == ["0", "1", "7"]


async def test_when_nobody_confirms_technical_answers_are_sent_once_and_alarms_still_again():
    async with Station(untold=1) as station:
        await station.press(branch="z9hG4bK1", ref="1")
        await station.press(branch="z9hG4bK2", ref="2", mty="PI")
        await station.press(branch="z9hG4bK3", ref="3")
        assert len(station.teller) == 2
        assert [snu_of(message) for message in station.wire.messages()] == [0, 0, 0]


async def test_options_is_answered_and_other_methods_are_not_allowed(station):
    await station.take(sip_message(method="OPTIONS"))
    await station.take(sip_message(method="INVITE"))
    await station.take(sip_message(method="ACK"))
    await station.take(sip_message(method="CANCEL"))
    assert station.wire.statuses() == [200, 405, 481]
    assert b"Allow: MESSAGE, OPTIONS\r\nAccept: application/scaip+xml\r\n" in station.wire.responses()[0]
    assert b"Allow: MESSAGE, OPTIONS\r\n" in station.wire.responses()[1]


async def test_a_message_of_another_type_hears_which_type_is_taken(station):
    data = sip_message().replace(b"Content-Length: 0", b"Content-Type: text/plain\r\nContent-Length: 0")
    await station.take(data)
    assert station.wire.statuses() == [415]
    assert b"Accept: application/scaip+xml\r\n" in station.wire.responses()[0]


async def test_garbage_is_dropped_and_the_next_press_is_heard(station):
    for data in (b"\x00" * 100, b"SIP/2.0 200 OK\r\n\r\n", b"MESSAGE sip:a SIP/2.0\r\n\r\n", b"\xff\xfe\r\n\r\n"):
        await station.take(data)
    assert station.wire.sent == []
    await station.press()
    assert len(station.intake.signals) == 1


async def test_an_answer_to_nothing_is_dropped(station):
    await station.press()
    stranger = ok_to(station.wire.messages()[0]).replace(b"z9hG4bK", b"z9hG4bKx")
    await station.take(stranger)
    await station.clock.advance(0.6)
    assert len(station.wire.messages()) == 2


async def test_through_a_proxy_the_answer_goes_back_by_the_proxy_to_the_device(station):
    data = sip_message(mrq(), more=("Record-Route: <sip:192.0.2.9;lr>, <sip:192.0.2.8;lr>",)).replace(
        b"Via:", b"Via: SIP/2.0/UDP 192.0.2.9;branch=z9hG4bKp\r\nVia:", 1
    )
    await station.take(data, source=("192.0.2.9", 5060))
    target, answer = station.wire.sent[0]
    assert target == ("192.0.2.9", 5060)
    assert answer.count(b"Via:") == 2
    message = sip.parse(station.wire.messages()[0])
    assert message.head.all("route") == ["<sip:192.0.2.9;lr>", "<sip:192.0.2.8;lr>"]
    assert message.uri == "sip:26317@192.0.2.7:40123"


async def test_an_answer_that_a_proxy_sends_back_to_us_is_not_answered_with_another(station):
    await station.press()
    (told,) = station.wire.messages()
    looped = told.replace(b"Via:", b"Via: SIP/2.0/UDP 192.0.2.9;branch=z9hG4bKloop\r\nVia:", 1)
    await station.take(looped, source=("192.0.2.9", 5060))
    assert station.wire.statuses() == [200, 400]
    assert station.wire.messages() == [told]


async def test_without_rport_the_port_that_the_device_names_is_answered_unless_it_is_behind_translation(station):
    await station.take(sip_message(mrq(), via="Via: SIP/2.0/UDP 192.0.2.7:5062;branch=z9hG4bKa"))
    await station.take(sip_message(mrq(), via="Via: SIP/2.0/UDP 10.0.0.7:5062;branch=z9hG4bKb"))
    assert station.wire.sent[0][0] == ("192.0.2.7", 5062)
    assert station.wire.sent[-1][0] == DEVICE


async def test_no_log_line_names_the_account_whatever_goes_wrong(station):
    with capture_logs() as lines:
        station.intake.broken = True
        await station.press()
        await station.take(sip_message(b"<mrq><ref>7</ref><cid>26317</cid></mrq>", branch="z9hG4bKa2"))
        await station.take(sip_message().replace(b"CSeq: 1", b"CSeq: x"))
        await station.clock.advance(40)
    assert [line["event"] for line in lines] == ["task_failed"]  # our own bug, and nothing of the peer's
    assert "26317" not in str(lines)
