"""Frames out of streams, and the checks of each."""

import pytest

from alarms.receivers.dc09.frame import (
    FRAME_LIMIT,
    SKIP_LIMIT,
    Frame,
    Framer,
    Unframed,
    crc16,
    unwrap,
    wrap,
)
from kit.errors import PeerError
from tests.unit.alarms.dc09.panel import frame, heartbeat


def frames(*pieces):
    framer = Framer()
    return [event for piece in pieces for event in framer.feed(piece)]


@pytest.mark.parametrize(
    ("message", "crc"),
    [
        (b"", 0x0000),
        (b"123456789", 0xBB3D),  # the check value in the catalogues of checksums
        (b'"NULL"0000L0#1234[]', 0x1EF2),  # by another implementation, as the two below
        (b'"SIA-DCS"0001L0#1234[#1234|Nri1/QA001]', 0x1A66),
        (b'"ADM-CID"0002R1L0#1234[#1234|1101 00 001]_03:10:00,01-15-2026', 0x1D70),
    ],
)
def test_the_checksum_is_the_one_that_others_calculate(message, crc):
    assert crc16(message) == crc


def test_a_frame_is_checksum_length_and_message_between_lf_and_cr():
    assert wrap(b'"NULL"0000L0#1234[]') == b'\n1EF20013"NULL"0000L0#1234[]\r'
    assert unwrap(b'1ef20013"NULL"0000L0#1234[]') == b'"NULL"0000L0#1234[]'


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "no_head"),
        (b"1EF2", "no_head"),
        (b'1EFG0013"NULL"0000L0#1234[]', "no_head"),
        (b'1EF30013"NULL"0000L0#1234[]', "crc"),
        (b'1EF20013"NULL"0000L0#1235[]', "crc"),
        (b'1EF20014"NULL"0000L0#1234[]', "length"),
    ],
)
def test_a_frame_that_was_damaged_is_no_message(data, code):
    with pytest.raises(PeerError) as refused:
        unwrap(data)
    assert refused.value.code == code


def test_two_frames_in_one_segment_and_one_in_many_come_out_alike():
    one, two = heartbeat(), frame()
    expected = [Frame(one[1:-1]), Frame(two[1:-1])]
    assert frames(one + two) == expected
    assert frames(one[:9], one[9:] + two[:1], two[1:]) == expected
    assert frames(*(bytes([byte]) for byte in one + two)) == expected


def test_garbage_before_a_frame_is_skipped_and_a_frame_that_was_cut_off_gives_way():
    whole = frame()
    assert frames(b"\x00garbage\r\r" + whole) == [Frame(whole[1:-1])]
    assert frames(heartbeat()[:20] + whole) == [Frame(whole[1:-1])]
    assert frames(b"\r\n" + whole + b"\r\n" + whole) == [Frame(whole[1:-1])] * 2


def test_an_empty_line_is_no_frame_and_nothing_begun():
    framer = Framer()
    assert framer.feed(b"\n\r\n") == []
    assert not framer.midway
    framer.feed(b"1")
    assert framer.midway


def test_an_endless_frame_ends_the_stream():
    framer = Framer()
    assert framer.feed(b"\n" + b"x" * FRAME_LIMIT) == []
    assert framer.feed(b"x") == [Unframed("too_long")]
    assert framer.feed(frame()) == []


@pytest.mark.parametrize("garbage", [b"x", b"\r", b"\n", b"\nx", b"\n\r"])
def test_endless_garbage_ends_the_stream(garbage):
    framer = Framer()
    events = [event for _ in range(2 * SKIP_LIMIT) for event in framer.feed(garbage)]
    assert events == [Unframed("no_frame")]


def test_a_frame_in_between_renews_the_patience_with_garbage():
    framer, garbage = Framer(), b"x" * (SKIP_LIMIT - 10)
    for _ in range(5):
        assert framer.feed(garbage + frame()) == [Frame(frame()[1:-1])]
