"""RTP headers: read, and written anew for each subscriber (RFC 3550 §5.1).

A forwarded packet gets a header of twelve bytes and nothing of the publisher's way here: header extensions (MID, RID,
transport-wide numbers, send times) hold for one hop only, and contributing sources are not ours to tell.
"""

import struct
from typing import NamedTuple

HEADER = 12
_FIXED = struct.Struct("!BBHII")
_PADDED = 0x20


class Header(NamedTuple):
    """What the relay needs of a packet. `payload` is where its payload begins, `padded` whether padding ends it."""

    marker: bool
    payload_type: int
    sequence: int
    timestamp: int
    ssrc: int
    payload: int
    padded: bool


def read_header(packet: bytes) -> Header | None:
    """The header of an unprotected packet, or None when its own lengths do not fit."""
    if len(packet) < HEADER:
        return None
    first, second, sequence, timestamp, ssrc = _FIXED.unpack_from(packet)
    if first >> 6 != 2:
        return None
    payload = HEADER + 4 * (first & 0x0F)
    if first & 0x10:
        if payload + 4 > len(packet):
            return None
        payload += 4 + 4 * int.from_bytes(packet[payload + 2 : payload + 4], "big")
    if payload > len(packet):
        return None
    return Header(second > 127, second & 0x7F, sequence, timestamp, ssrc, payload, bool(first & _PADDED))


def rewrite(packet: bytes, header: Header, *, payload_type: int, sequence: int, timestamp: int, ssrc: int) -> bytes:
    """The same payload under a new, bare header; `sequence` and `timestamp` are already within their 16 and 32 bits."""
    return (
        _FIXED.pack(
            0x80 | (_PADDED if header.padded else 0),
            (0x80 if header.marker else 0) | payload_type,
            sequence,
            timestamp,
            ssrc,
        )
        + packet[header.payload :]
    )


def unwrap(number: int, near: int, bits: int = 16) -> int:
    """The number that counts on past `bits` and lies nearest to `near`: 2, near 65535, is 65538. Can be negative."""
    size = 1 << bits
    half = size >> 1
    return near + ((number - near + half) & (size - 1)) - half
