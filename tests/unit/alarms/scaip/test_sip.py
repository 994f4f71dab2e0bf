"""SIP messages as real devices and proxies write them, and what is answered."""

import pytest

from alarms.receivers.scaip import sip
from tests.unit.alarms.scaip.device import mrq, sip_message


def test_a_request_is_read_with_all_that_an_answer_needs():
    request = sip.parse(sip_message(mrq()))
    assert isinstance(request, sip.Request)
    assert (request.method, request.uri) == ("MESSAGE", "sip:larm@192.0.2.1")
    assert (request.via.transport, request.via.host, request.via.port) == ("UDP", "192.0.2.7", 40123)
    assert request.via.branch == "z9hG4bKa1"
    assert request.via.parameters["rport"] == ""
    assert request.sender == sip.Address("sip:26317@192.0.2.7", "f1")
    assert request.sender.user == "26317"
    assert request.to == sip.Address("sip:larm@192.0.2.1", "")
    assert (request.call_id, request.sequence) == ("c1@192.0.2.7", 1)
    assert request.body == mrq()


def test_folded_headers_compact_names_spaces_and_bare_line_feeds_are_read():
    data = (
        b"MESSAGE sip:larm@192.0.2.1 SIP/2.0\n"
        b"v :\n SIP/2.0/UDP 192.0.2.7:40123\n ;branch=z9hG4bKa1\n"
        b'f\t: "B\xf6rje, 1" <sip:26317@192.0.2.7>;tag=f1\r\n'
        b"t: sip:larm@192.0.2.1\n"
        b"i: c1\n"
        b"CSEQ: 1\n   MESSAGE\n"
        b"c: application/scaip+xml\nl: 2\n\nhi!"
    )
    request = sip.parse(data)
    assert request.via.branch == "z9hG4bKa1"
    assert request.head.first("from") == '"Börje, 1" <sip:26317@192.0.2.7>;tag=f1'
    assert request.head.first("content-type") == "application/scaip+xml"
    assert request.body == b"hi"


def test_what_is_echoed_goes_back_byte_for_byte():
    data = sip_message().replace(b"<sip:26317@192.0.2.7>;tag=f1", b'"B\xf6rje \xc3\xa5" <sip:26317@192.0.2.7>;tag=f1')
    answer = sip.respond(sip.parse(data).head, 200, ("192.0.2.7", 40123), "t1")
    assert b'From: "B\xf6rje \xc3\xa5" <sip:26317@192.0.2.7>;tag=f1\r\n' in answer


def test_an_answer_echoes_stamps_the_top_via_and_tags_the_to():
    data = sip_message(
        via="Via: SIP/2.0/UDP 10.0.0.1:5060;rport;branch=z9hG4bKb, SIP/2.0/TCP 10.0.0.2\r\nVia: SIP/2.0/UDP 10.0.0.3"
    )
    answer = sip.respond(sip.parse(data).head, 200, ("192.0.2.7", 40123), "t1")
    assert answer.decode().split("\r\n") == [
        "SIP/2.0 200 OK",
        "Via: SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bKb;received=192.0.2.7;rport=40123",
        "Via: SIP/2.0/TCP 10.0.0.2",
        "Via: SIP/2.0/UDP 10.0.0.3",
        "From: <sip:26317@192.0.2.7>;tag=f1",
        "To: <sip:larm@192.0.2.1>;tag=t1",
        "Call-ID: c1@192.0.2.7",
        "CSeq: 1 MESSAGE",
        "Content-Length: 0",
        "",
        "",
    ]


def test_a_to_that_has_a_tag_keeps_it():
    data = sip_message().replace(b"To: <sip:larm@192.0.2.1>", b"To: <sip:larm@192.0.2.1> ; tag=mine")
    assert b";tag=t1" not in sip.respond(sip.parse(data).head, 200, ("192.0.2.7", 1), "t1")


def test_a_received_that_the_device_made_up_is_replaced():
    data = sip_message(via="Via: SIP/2.0/UDP 10.0.0.1;received=203.0.113.9;branch=z9hG4bKb;rport=1")
    answer = sip.respond(sip.parse(data).head, 200, ("192.0.2.7", 40123), "t1")
    assert b"Via: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bKb;received=192.0.2.7;rport=40123\r\n" in answer


def test_a_request_that_cannot_be_echoed_is_not_answered():
    assert sip.respond(sip.Head("MESSAGE a SIP/2.0", (("via", "SIP/2.0/UDP a"),)), 400, ("192.0.2.7", 1), "t") is None


@pytest.mark.parametrize(
    ("old", "new", "status", "code"),
    [
        (b"SIP/2.0\r\nVia", b"SIP/3.0\r\nVia", 505, "version"),
        (b"MESSAGE sip:larm", b"MESSAGE  sip: larm", 400, "request_line"),
        (b"CSeq: 1 MESSAGE", b"CSeq: 1 OPTIONS", 400, "cseq"),
        (b"CSeq: 1 MESSAGE", b"CSeq: MESSAGE", 400, "cseq"),
        (b"Call-ID: c1@192.0.2.7\r\n", b"", 400, "call-id"),
        (b"To: ", b"To: <sip:b@c>\r\nTo: ", 400, "to"),
        (b"From: <sip:26317@192.0.2.7>", b"From: nobody", 400, "address"),
        (b"Via: SIP/2.0/UDP 192.0.2.7:40123", b"Via: SIP/2.0/UDP 192.0.2.7:99999", 400, "via"),
        (b"Max-Forwards: 70", b"Max-Forwards 70", 400, "header"),
        (b"Max-Forwards: 70", b"Max-Forwards: 7\x000", 400, "header"),
        (b"Max-Forwards: 70", b"Route: " + b"a," * 7000, 400, "header"),
        (b"Max-Forwards: 70", b"Max-Forwards: 70\rX: y", 400, "header"),
        (b"Content-Length: 0", b"Content-Length: 1", 400, "content_length"),
        (b"Content-Length: 0", b"Content-Length: x", 400, "content_length"),
    ],
)
def test_a_broken_request_says_which_status_to_answer(old, new, status, code):
    data = sip_message()
    assert old in data
    with pytest.raises(sip.SipError) as caught:
        sip.parse(data.replace(old, new))
    assert (caught.value.status, caught.value.code) == (status, code)


def test_an_error_never_repeats_what_the_message_said():
    with pytest.raises(sip.SipError) as caught:
        sip.parse(sip_message().replace(b"CSeq: 1", b"CSeq: secret"))
    assert "secret" not in str(caught.value)


def test_a_datagram_without_a_length_ends_with_its_body_and_a_stream_may_not():
    data = sip_message(mrq()).replace(b"Content-Length: %d\r\n" % len(mrq()), b"")
    assert sip.parse(data).body == mrq()
    with pytest.raises(sip.SipError):
        sip.parse(data, stream=True)


def test_a_response_is_matched_by_its_top_branch_and_method():
    response = sip.parse(
        b"SIP/2.0 200\r\nVia: SIP/2.0/UDP a:1;branch=z9hG4bKq;received=192.0.2.1\r\nCSeq: 7 MESSAGE\r\n\r\n"
    )
    assert isinstance(response, sip.Response)
    assert (response.status, response.branch, response.method) == (200, "z9hG4bKq", "MESSAGE")


@pytest.mark.parametrize(
    ("value", "uri", "tag"),
    [
        ("<sip:a@b;transport=tcp>;tag=1", "sip:a@b;transport=tcp", "1"),
        ('"x; y \\" <sip:no@no>" <sip:a@b>;x=2;TAG = 3', "sip:a@b", "3"),
        ("sip:a@b;tag=4", "sip:a@b", "4"),
        ("Anna Berg <tel:+46700000001>", "tel:+46700000001", ""),
    ],
)
def test_addresses_are_read_in_both_forms(value, uri, tag):
    assert sip.parse_address(value) == sip.Address(uri, tag)


def test_an_ipv6_via_is_read():
    via = sip.parse_via(sip.Head("", (("via", "SIP/2.0/TCP [2001:db8::7]:5062;branch=z9hG4bKa"),)))
    assert (via.host, via.port) == ("2001:db8::7", 5062)
