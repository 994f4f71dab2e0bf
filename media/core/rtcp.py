"""RTCP: compound packets read into what concerns a relay, and the few that it writes itself.

Sources: RFC 3550 §6 (reports), RFC 4585 §6 (NACK, PLI), RFC 5104 §4.3.1 (FIR), draft-alvestrand-rmcat-remb §2 (REMB).
"""

import struct
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

SENDER, RECEIVER, SDES, BYE, TRANSPORT_FEEDBACK, PAYLOAD_FEEDBACK = 200, 201, 202, 203, 205, 206
NACK, PLI, FIR, APPLICATION = 1, 1, 4, 15
MOST_LOST = 512
"""Numbers of one NACK that are looked at."""
MOST_PACKETS = 32
"""Packets of one compound that are looked at."""


@dataclass(frozen=True, slots=True)
class SenderReport:
    """What a publisher says of its own stream: which media time was when."""

    ssrc: int
    ntp: int
    timestamp: int


@dataclass(frozen=True, slots=True)
class ReportBlock:
    """How a stream arrives: RFC 3550 §6.4.1. `lost` is 24 bits signed, `fraction` of 256, `delay` in 1/65536 s."""

    ssrc: int
    fraction: int
    lost: int
    highest: int
    jitter: int
    last_report: int
    delay: int


@dataclass(frozen=True, slots=True)
class Nack:
    """These sequence numbers of that stream did not arrive."""

    ssrc: int
    lost: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class KeyFrameRequest:
    """A whole picture of that stream is needed (PLI or FIR)."""

    ssrc: int


@dataclass(frozen=True, slots=True)
class Bandwidth:
    """As many bits a second can be received (REMB)."""

    bits: int


@dataclass(frozen=True, slots=True)
class Bye:
    """These streams have ended."""

    ssrcs: tuple[int, ...]


Message = SenderReport | ReportBlock | Nack | KeyFrameRequest | Bandwidth | Bye


def read(compound: bytes) -> list[Message] | None:
    """What a compound says to a relay, in its order; None when its lengths do not fit. What is new is skipped."""
    found: list[Message] = []
    place = 0
    for _ in range(MOST_PACKETS):
        if place == len(compound):
            return found
        if place + 4 > len(compound) or compound[place] >> 6 != 2:
            return None
        first, kind, words = struct.unpack_from("!BBH", compound, place)
        end = place + 4 + 4 * words
        if end > len(compound):
            return None
        body = compound[place + 4 : end]
        if first & 0x20 and body:  # padding, RFC 3550 §6.4.1
            body = body[: max(0, len(body) - body[-1])]
        found.extend(_messages(kind, first & 0x1F, body))
        place = end
    return found


def _messages(kind: int, count: int, body: bytes) -> Iterator[Message]:
    match kind:
        case 200:
            if len(body) >= 24:
                ssrc, ntp, timestamp = struct.unpack_from("!IQI", body)
                yield SenderReport(ssrc, ntp, timestamp)
                yield from _blocks(body[24:], count)
        case 201:
            yield from _blocks(body[4:], count)
        case 203:
            whole = min(count, len(body) // 4)
            yield Bye(struct.unpack_from(f"!{whole}I", body))
        case 205:
            if count == NACK and len(body) >= 12:
                yield Nack(int.from_bytes(body[4:8], "big"), tuple(_lost(body[8:])))
        case 206:
            yield from _payload_feedback(count, body)


def _payload_feedback(kind: int, body: bytes) -> Iterator[Message]:
    if len(body) < 8:
        return
    if kind == PLI:
        yield KeyFrameRequest(int.from_bytes(body[4:8], "big"))
    elif kind == FIR:
        for place in range(8, len(body) - 7, 8):
            yield KeyFrameRequest(int.from_bytes(body[place : place + 4], "big"))
    elif kind == APPLICATION and body[8:12] == b"REMB" and len(body) >= 16:
        packed = int.from_bytes(body[13:16], "big")
        yield Bandwidth((packed & 0x3FFFF) << (packed >> 18))


def _blocks(body: bytes, count: int) -> Iterator[ReportBlock]:
    for place in range(0, min(24 * count, len(body) - 23), 24):
        ssrc, loss, highest, jitter, last, delay = struct.unpack_from("!IIIIII", body, place)
        lost = loss & 0xFFFFFF
        yield ReportBlock(ssrc, loss >> 24, lost - (lost >> 23 << 24), highest, jitter, last, delay)


def _lost(body: bytes) -> Iterator[int]:
    left = MOST_LOST
    for place in range(0, len(body) - 3, 4):
        first, following = struct.unpack_from("!HH", body, place)
        for bit in range(-1, 16):
            if bit < 0 or following >> bit & 1:
                yield first + bit + 1 & 0xFFFF
                left -= 1
                if not left:
                    return


def sender_report(ssrc: int, report: SenderReport, timestamp: int, packets: int, octets: int, cname: bytes) -> bytes:
    """The publisher's clock under the subscriber's SSRC and media time, with what was sent to the subscriber."""
    body = struct.pack("!IQIII", ssrc, report.ntp, timestamp, packets & 0xFFFFFFFF, octets & 0xFFFFFFFF)
    return _packet(0, SENDER, body) + description(ssrc, cname)


def receiver_report(ssrc: int, blocks: Sequence[ReportBlock], cname: bytes) -> bytes:
    """How the publisher's streams arrive here; up to 31 blocks."""
    body = struct.pack("!I", ssrc)
    for block in blocks:
        loss = block.fraction << 24 | block.lost & 0xFFFFFF
        body += struct.pack("!IIIIII", block.ssrc, loss, block.highest, block.jitter, block.last_report, block.delay)
    return _packet(len(blocks), RECEIVER, body) + description(ssrc, cname)


def description(ssrc: int, cname: bytes) -> bytes:
    """SDES with a CNAME of up to 255 bytes, which each compound must hold (RFC 3550 §6.1)."""
    item = struct.pack("!IBB", ssrc, 1, len(cname)) + cname
    return _packet(1, SDES, item + bytes(4 - len(item) % 4))


def key_frame_request(sender: int, ssrc: int) -> bytes:
    """A PLI."""
    return _packet(PLI, PAYLOAD_FEEDBACK, struct.pack("!II", sender, ssrc))


def nack(sender: int, ssrc: int, lost: Iterable[int]) -> bytes:
    """A NACK for these sequence numbers; numbers within 16 of each other share a word."""
    words: list[tuple[int, int]] = []
    for number in lost:
        if words and 0 < (ahead := number - words[-1][0] & 0xFFFF) <= 16:
            words[-1] = (words[-1][0], words[-1][1] | 1 << ahead - 1)
        else:
            words.append((number, 0))
    body = struct.pack("!II", sender, ssrc) + b"".join(struct.pack("!HH", *word) for word in words)
    return _packet(NACK, TRANSPORT_FEEDBACK, body)


def bandwidth(sender: int, bits: int, ssrcs: Sequence[int]) -> bytes:
    """A REMB for these streams."""
    exponent = max(0, bits.bit_length() - 18)
    packed = len(ssrcs) << 24 | exponent << 18 | bits >> exponent
    body = struct.pack(f"!II4sI{len(ssrcs)}I", sender, 0, b"REMB", packed, *ssrcs)
    return _packet(APPLICATION, PAYLOAD_FEEDBACK, body)


def _packet(count: int, kind: int, body: bytes) -> bytes:
    return struct.pack("!BBH", 0x80 | count, kind, len(body) // 4) + body
