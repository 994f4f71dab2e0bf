"""The SIP form of a device's request: one change, one deviation."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.simulated.conformance import body as bodies
from clients.simulated.conformance.form import RULES, Come, answerable
from clients.simulated.conformance.message import answered, read
from tests.unit.alarms.scaip.device import mrq, sip_message

GOOD = sip_message(mrq())


def faults(data, transport="UDP"):
    message = read(data)
    come = Come(transport, message, bodies.read(message.body, "mrq", bodies.REQUEST))
    return {rule.name: fault for rule in RULES if (fault := rule.fault(come))}


def test_what_a_good_device_sends_has_no_deviation():
    assert faults(GOOD) == {}


@pytest.mark.parametrize(
    ("written", "instead", "named"),
    [
        (b"MESSAGE sip:", b"MESSAGE tel:", "It is a MESSAGE"),
        (b"Call-ID: c1@192.0.2.7\r\n", b"", "It has From, To, Call-ID and CSeq once, and Via"),
        (
            b"Max-Forwards: 70\r\n",
            b"Max-Forwards: 70\r\nno header\r\n",
            "It has From, To, Call-ID and CSeq once, and Via",
        ),
        (b"z9hG4bKa1", b"a1", "Via names the transport and a branch z9hG4bK…"),
        (b"2.0/UDP", b"2.0/TCP", "Via names the transport and a branch z9hG4bK…"),
        (b"CSeq: 1 MESSAGE", b"CSeq: 1 OPTIONS", "CSeq is a number and MESSAGE"),
        (b"Max-Forwards: 70\r\n", b"", "Max-Forwards is a number"),
        (b";tag=f1", b"", "From has a tag, To has none"),
        (b"From: <sip:26317@", b"From: <sip:larm@", "The From user is cid"),
        (b"application/scaip+xml", b"text/plain", "Content-Type is application/scaip+xml"),
        (b"Content-Length: ", b"Content-Length: 9", "Content-Length is the body's"),
        (b"<dty>3</dty>", b"", "ref, cid and dty are there"),
        (b"</mrq>", b"", "The body is XML with root mrq, without DTD, at most 8 KiB"),
    ],
)
def test_each_deviation_is_named_and_no_other(written, instead, named):
    changed = GOOD.replace(written, instead)
    body = changed.partition(b"\r\n\r\n")[2]
    if b"Content-Length" not in written:
        changed = changed.replace(b"Content-Length: %d" % len(mrq()), b"Content-Length: %d" % len(body))
    assert list(faults(changed)) == [named]


def test_a_datagram_over_1300_bytes_is_named_and_a_stream_of_it_is_not():
    large = sip_message(mrq(ite="x" * 128, lte="y" * 1200))
    assert "It is at most 1300 bytes on UDP" in faults(large)
    assert "It is at most 1300 bytes on UDP" not in faults(large.replace(b"2.0/UDP", b"2.0/TCP"), "TCP")


def test_a_stream_without_content_length_is_named_and_a_datagram_is_not():
    bare = GOOD.replace(b"Content-Length: %d\r\n" % len(mrq()), b"")
    assert faults(bare) == {}
    assert "Content-Length is the body's" in faults(bare, "TCP")


def test_compact_and_folded_headers_are_no_deviation():
    short = GOOD.replace(b"Via:", b"v:").replace(b"From:", b"f:").replace(b"To:", b"t:").replace(b"Call-ID:", b"i:")
    assert faults(short.replace(b"Content-Type:", b"c:\r\n ").replace(b"Content-Length:", b"l :")) == {}


def test_an_answer_echoes_the_request_and_says_where_it_came_from():
    request = read(sip_message(mrq(), more=("Via: SIP/2.0/UDP 192.0.2.9;branch=z9hG4bKb",)))
    answer = read(answered(request, 200, ("192.0.2.7", 40123), "t1"))
    assert answer.status == 200
    assert [answer.first(name) for name in ("from", "call-id", "cseq")] == [
        request.first(name) for name in ("from", "call-id", "cseq")
    ]
    assert answer.first("to").endswith(";tag=t1")
    assert answer.first("via").endswith(";received=192.0.2.7;rport=40123")
    assert answer.all("via")[1] == "SIP/2.0/UDP 192.0.2.9;branch=z9hG4bKb"
    assert answer.branch == request.branch


@pytest.mark.parametrize("data", [b"", b"\xff" * 50, b"MESSAGE\r\n\r\n", b":\r\n:\r\n\r\n"])
def test_garbage_is_read_and_cannot_be_answered(data):
    assert not answerable(read(data))


@given(st.binary(max_size=300), st.integers(0, len(GOOD)), st.integers(0, 40))
def test_whatever_comes_is_judged_and_answered_or_not_and_harms_nobody(invented, at, cut):
    for data in (invented, GOOD[:at] + invented + GOOD[at + cut :]):
        faults(data)
        message = read(data)
        if answerable(message):
            assert answered(message, 400, ("192.0.2.7", 1), "t").startswith(b"SIP/2.0 400 ")
        assert bodies.read(data, "mrs", bodies.ANSWER).snu is None
