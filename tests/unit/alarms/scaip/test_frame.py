"""A stream is cut into messages the same way however it arrives, and nothing beyond the limits is gathered."""

import pytest

from alarms.receivers.scaip.frame import BODY_LIMIT, HEAD_LIMIT, Framer, Message, Ping, Unframed
from tests.unit.alarms.scaip.device import mrq, sip_message

PRESS = sip_message(mrq(), transport="TCP")


def at_once(data):
    return Framer().feed(data)


def byte_by_byte(data):
    framer = Framer()
    return [event for byte in data for event in framer.feed(bytes([byte]))]


@pytest.fixture(params=[at_once, byte_by_byte])
def cut(request):
    return request.param


def test_a_message_ends_where_its_content_length_says(cut):
    assert cut(PRESS + PRESS) == [Message(PRESS), Message(PRESS)]


def test_a_message_not_yet_whole_is_waited_for(cut):
    assert cut(PRESS[:-1]) == []


def test_what_is_midway_is_known():
    framer = Framer()
    framer.feed(PRESS + PRESS[:10])
    assert framer.midway
    framer.feed(PRESS[10:])
    assert not framer.midway


@pytest.mark.parametrize("name", [b"content-length", b"CONTENT-LENGTH", b"l", b"L", b"Content-Length ", b"l\t"])
def test_the_length_is_found_by_any_of_its_names(cut, name):
    data = PRESS.replace(b"Content-Length", name)
    assert cut(data) == [Message(data)]


def test_a_folded_length_is_a_length(cut):
    data = PRESS.replace(b"Content-Length: ", b"Content-Length:\r\n  ")
    assert cut(data) == [Message(data)]


def test_bare_line_feeds_end_lines_too(cut):
    head, _, body = PRESS.partition(b"\r\n\r\n")
    data = head.replace(b"\r\n", b"\n") + b"\n\n" + body
    assert cut(data + PRESS) == [Message(data), Message(PRESS)]


def test_a_blank_line_inside_the_body_is_body(cut):
    data = sip_message(b"<mrq>\r\n\r\n</mrq>")
    assert cut(data) == [Message(data)]


def test_two_empty_lines_between_messages_are_a_keep_alive(cut):
    assert cut(b"\r\n\r\n" + PRESS + b"\r\n\r\n\r\n\r\n") == [Ping(), Message(PRESS), Ping(), Ping()]


def test_one_empty_line_in_front_of_a_message_is_nothing(cut):
    assert cut(b"\r\n" + PRESS + b"\r\n" + PRESS + b"\n" + PRESS) == [Message(PRESS)] * 3


@pytest.mark.parametrize(
    "length",
    [
        b"",
        b"Content-Length: -1\r\n",
        b"Content-Length: 1e3\r\n",
        b"Content-Length: 5\r\nl: 6\r\n",
        b"l: 9999999999\r\n",
    ],
)
def test_without_one_clear_length_nothing_can_be_cut_any_more(cut, length):
    data = sip_message().replace(b"Content-Length: 0\r\n", length)
    assert cut(data + PRESS) == [Unframed(400, "no_content_length", data)]


def test_a_body_over_the_limit_is_refused_before_it_is_gathered(cut):
    head = sip_message().replace(b"Content-Length: 0", b"Content-Length: %d" % (BODY_LIMIT + 1))
    assert cut(head + PRESS) == [Unframed(413, "body_too_long", head)]


def test_ten_mebibytes_behind_a_refused_head_are_swallowed():
    framer = Framer()
    framer.feed(sip_message().replace(b"Content-Length: 0", b"Content-Length: 10485760"))
    for _ in range(160):
        assert framer.feed(b"x" * 65536) == []
    assert not framer.midway


def test_headers_over_the_limit_are_refused(cut):
    data = sip_message(more=("X-Long: " + "x" * HEAD_LIMIT,))
    assert cut(data) == [Unframed(400, "head_too_long", data[:HEAD_LIMIT])]


def test_headers_just_within_the_limit_are_taken(cut):
    data = sip_message(more=("X-Long: " + "x" * (HEAD_LIMIT - len(sip_message(more=("X-Long: ",)))),))
    assert len(data) == HEAD_LIMIT
    assert cut(data) == [Message(data)]
