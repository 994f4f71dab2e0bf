"""What a datagram on the one port is, told by its first bytes (RFC 7983 §7, RFC 5761 §4)."""

from enum import StrEnum

LONGEST = 1500
"""Bytes of a datagram; what is longer is no packet of a browser's."""


class Kind(StrEnum):
    """What arrived."""

    STUN = "stun"
    DTLS = "dtls"
    RTP = "rtp"
    RTCP = "rtcp"
    GARBAGE = "garbage"


def kind_of(data: bytes) -> Kind:
    """The kind of a datagram. Says nothing of whether it is whole or honest."""
    size = len(data)
    if not 12 <= size <= LONGEST:
        return Kind.GARBAGE
    first = data[0]
    if first >> 6 == 2:
        return Kind.RTCP if 192 <= data[1] <= 223 else Kind.RTP
    if first < 4:
        return Kind.STUN if size >= 20 else Kind.GARBAGE
    if 20 <= first < 64:
        return Kind.DTLS
    return Kind.GARBAGE
