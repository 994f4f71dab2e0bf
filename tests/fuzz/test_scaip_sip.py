"""Nothing but `SipError` comes out of the SIP parser, and what it reads can be answered, written and read again."""

import contextlib

from hypothesis import given
from hypothesis import strategies as st

from alarms.receivers.scaip import sip
from alarms.receivers.scaip.flow import Way, way_back
from alarms.receivers.scaip.frame import BODY_LIMIT
from alarms.receivers.scaip.tell import message
from alarms.receivers.scaip.transaction import server_key
from tests.fuzz.scaip_input import MESSAGES, damaged, fuzzed, patient
from tests.unit.alarms.scaip.device import DEVICE, Wire

pytestmark = patient

inputs = st.one_of(st.binary(max_size=300), damaged(MESSAGES))


def read(data, stream):
    try:
        return sip.parse(data, stream=stream)
    except sip.SipError as error:
        return error


@fuzzed
@given(inputs, st.booleans())
def test_a_message_is_read_or_refused_and_a_refusal_can_be_answered(data, stream):
    parsed = read(data, stream)
    if isinstance(parsed, sip.SipError):
        assert parsed.status in sip.REASONS
        if parsed.message is not None:
            answer = sip.respond(parsed.message, parsed.status, DEVICE, "t")
            assert answer is None or answer.startswith(b"SIP/2.0 ")
    elif isinstance(parsed, sip.Request):
        assert len(parsed.body) <= BODY_LIMIT
        hash(server_key(parsed, DEVICE))


@fuzzed
@given(damaged(MESSAGES))
def test_what_was_read_is_answered_in_a_way_that_can_be_read(data):
    with contextlib.suppress(sip.SipError):
        request = sip.parse(data)
        if isinstance(request, sip.Request):
            answer = sip.respond(request.head, 200, DEVICE, "t")
            assert answer is not None
            response = sip.parse(answer)
            assert isinstance(response, sip.Response)
            assert (response.status, response.method) == (200, request.method)
            assert answer.count(b"\r\n\r\n") == 1


@fuzzed
@given(damaged(MESSAGES), st.booleans())
def test_an_answer_of_ours_is_always_a_valid_message_that_fits_a_datagram(data, reliable):
    with contextlib.suppress(sip.SipError):
        request = sip.parse(data)
        if isinstance(request, sip.Request):
            flow = Wire(reliable=reliable)
            way = way_back(flow, request, DEVICE)
            assert isinstance(way, Way)
            written = message(request, way, b"<mrs/>", branch="z9hG4bKb", tag="t", call_id="c")
            ours = sip.parse(written, stream=True)
            assert isinstance(ours, sip.Request)
            assert ours.body == b"<mrs/>"
            assert ours.via.branch == "z9hG4bKb"
            assert len(written) <= 1300


words = st.text(
    st.characters(min_codepoint=33, max_codepoint=126, exclude_characters=',;:<>"\\'), min_size=1, max_size=20
)


@fuzzed
@given(
    st.dictionaries(words.filter(str.isalnum).map(lambda name: "x-" + name.lower()), words, max_size=6),
    st.binary(max_size=99),
)
def test_what_is_written_is_read_back(headers, body):
    request = sip.parse(MESSAGES[0])
    assert isinstance(request, sip.Request)
    mandatory = [item for item in request.head.headers if item[0] not in {"content-length"}]
    again = sip.parse(sip.write(request.head.start, [*mandatory, *headers.items()], body), stream=True)
    assert isinstance(again, sip.Request)
    assert again.body == body
    assert again.head.headers == (*mandatory, *headers.items(), ("content-length", str(len(body))))


PIECES = [
    "<",
    ">",
    "sip:",
    "sips:",
    "tel:",
    "a@b",
    "100001@10.0.0.1:5060",
    ";tag=",
    ";TAG = ",
    ";lr",
    "x",
    '"',
    " ",
    ";",
    "=",
    "\t",
    "å",
    "?",
    ",",
]


@fuzzed
@given(st.lists(st.sampled_from(PIECES), max_size=8).map("".join) | st.text(max_size=12).map("<sip:{}>;tag=x".format))
def test_the_usual_form_of_an_address_reads_as_any_other_form_does(value):
    def read_by(way, *more):
        try:
            return way(value, *more)
        except sip.SipError as error:
            return error.code

    assert read_by(sip.parse_address) == read_by(sip._read_address, None)
