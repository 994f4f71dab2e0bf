"""However a stream is cut, the same messages come out of it; whatever it holds, the framer stays within its limits."""

from hypothesis import given
from hypothesis import strategies as st

from alarms.receivers.scaip.frame import BODY_LIMIT, HEAD_LIMIT, Framer, Message
from alarms.receivers.scaip.sip import Request, SipError, parse
from tests.fuzz.scaip_input import MESSAGES, comes_out_the_same, damaged, fuzzed, patient

pytestmark = patient

streams = st.one_of(
    st.binary(max_size=500),
    st.lists(damaged(MESSAGES), max_size=4).map(b"".join),
    st.lists(st.sampled_from([b"\r", b"\n", b"\r\n", b"a", b"l:1", b" ", b"\r\n\r\n", *MESSAGES[:2]])).map(b"".join),
)


@fuzzed
@given(st.data())
def test_the_same_events_come_out_however_the_stream_is_cut(data):
    comes_out_the_same(Framer, data.draw(streams), data)


@fuzzed
@given(streams)
def test_no_message_is_larger_than_the_limits_nor_holds_more_than_came(stream):
    messages = [event.data for event in Framer().feed(stream) if isinstance(event, Message)]
    assert all(len(message) <= HEAD_LIMIT + BODY_LIMIT for message in messages)
    assert sum(map(len, messages)) <= len(stream)
    assert all(message in stream for message in messages)


@fuzzed
@given(st.lists(st.sampled_from(MESSAGES), max_size=5))
def test_whole_messages_come_out_whole(messages):
    assert [event.data for event in Framer().feed(b"".join(messages)) if isinstance(event, Message)] == messages


def read(data):
    try:
        return parse(data, stream=True)
    except SipError as error:
        return error.code


@fuzzed
@given(streams)
def test_the_parser_sees_the_same_end_of_the_body_as_the_framer(stream):
    for event in Framer().feed(stream):
        if isinstance(event, Message):
            request = read(event.data)
            assert request != "content_length"
            if isinstance(request, Request):
                head = event.data.removesuffix(request.body)
                assert head.endswith((b"\n\r\n", b"\n\n"))
