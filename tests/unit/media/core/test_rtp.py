"""RTP headers read and written."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.core.datagram import Kind, kind_of
from media.core.rtp import Header, read_header, rewrite, unwrap

WORD = {"payload_type": 100, "sequence": 7, "timestamp": 9000, "ssrc": 0xABCD}


def packet(*, first: int = 0x80, second: int = 0xE0, more: bytes = b"", payload: bytes = b"picture") -> bytes:
    return struct.pack("!BBHII", first, second, 65535, 4_000_000_000, 0x1234) + more + payload


def header(data: bytes) -> Header:
    found = read_header(data)
    assert found is not None
    return found


def test_a_plain_header_is_read() -> None:
    assert header(packet()) == Header(True, 96, 65535, 4_000_000_000, 0x1234, 12, False)


def test_extensions_and_contributing_sources_are_left_behind() -> None:
    mid = b"\xbe\xde\x00\x01\x10\x30\x00\x00"
    data = packet(first=0x80 | 0x10 | 0x02, more=bytes(8) + mid)
    assert header(data).payload == 12 + 8 + 8
    bare = rewrite(data, header(data), **WORD)
    assert bare == struct.pack("!BBHII", 0x80, 0x80 | 100, 7, 9000, 0xABCD) + b"picture"


def test_the_marker_and_padding_go_with_the_payload() -> None:
    data = packet(first=0xA0, second=0x60, payload=b"picture\x00\x00\x03")
    bare = rewrite(data, header(data), **WORD)
    assert bare[:2] == bytes([0xA0, 100])
    assert bare[12:] == b"picture\x00\x00\x03"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        packet()[:11],
        packet(first=0x40),
        packet(first=0x8F, payload=b"short"),
        packet(first=0x90, payload=b"abc"),
        packet(first=0x90, more=b"\xbe\xde\xff\xff"),
    ],
    ids=["empty", "cut", "version 1", "too many sources", "no room for an extension", "an endless extension"],
)
def test_a_header_that_does_not_fit_is_none(data: bytes) -> None:
    assert read_header(data) is None


@given(st.binary(max_size=80))
def test_whatever_is_read_lies_within_the_packet(data: bytes) -> None:
    found = read_header(data)
    assert found is None or 12 <= found.payload <= len(data)


@given(st.integers(-(1 << 40), 1 << 40), st.integers(-32767, 32767))
def test_numbers_count_on_past_their_bits(near: int, step: int) -> None:
    assert unwrap((near + step) & 0xFFFF, near) == near + step


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (packet(), Kind.RTP),
        (b"\x80\xc8" + bytes(26), Kind.RTCP),
        (b"\x80\xc9" + bytes(10), Kind.RTCP),
        (b"\x16\xfe\xfd" + bytes(30), Kind.DTLS),
        (b"\x00\x01" + bytes(18), Kind.STUN),
        (b"\x00\x01" + bytes(10), Kind.GARBAGE),
        (b"", Kind.GARBAGE),
        (b"\x80" * 11, Kind.GARBAGE),
        (b"\x80" * 1501, Kind.GARBAGE),
        (b"\x40" + bytes(30), Kind.GARBAGE),  # a TURN channel
        (b"\xff" * 30, Kind.GARBAGE),
    ],
)
def test_datagrams_are_told_apart_by_their_first_bytes(data: bytes, kind: Kind) -> None:
    assert kind_of(data) is kind
