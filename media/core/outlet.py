"""One stream as one subscriber gets it: one SSRC of ours, numbers that only ever count on.

The publisher behind it may change (a page loaded anew, a network lost and found); the numbers then continue where they
were, because under one SRTP key a number may never stand over two different packets (RFC 7714 §10: it would repeat a
nonce). For the same reason a lost packet is sent again as the very bytes that were sent first.
"""

from dataclasses import dataclass

from media.core.medium import Medium
from media.core.rtp import Header, unwrap
from media.core.source import Source

KEPT = 256
"""Packets kept to be sent again; about a second of a good picture, 300 kB."""
RESENDS = 4
"""Times that one packet is sent again."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a packet stands in the outlet's stream; `index` counts on past 16 bits."""

    index: int
    sequence: int
    timestamp: int


@dataclass(slots=True)
class _Kept:
    index: int
    datagram: bytes
    resends: int = 0


class Outlet:
    """A subscriber's stream of one medium."""

    def __init__(self, medium: Medium, ssrc: int, payload_type: int, first_sequence: int) -> None:
        """`first_sequence` is to be small: a stream that begins near 65535 can lose its receiver (RFC 3711 §3.3.1)."""
        self.medium = medium
        self.ssrc = ssrc
        self.payload_type = payload_type
        self.packets = 0
        self.octets = 0
        self._source: Source | None = None
        self._shift = self._timestamp_shift = 0
        self._floor = self._highest = first_sequence - 1
        self._last: tuple[int, float] | None = None  # timestamp, at
        self._kept: list[_Kept | None] = [None] * KEPT if medium is Medium.VIDEO else []

    def place(self, source: Source, number: int, header: Header, at: float) -> Place | None:
        """Where the packet `number` of `source` goes; None for one from before the point where its source began."""
        if source is not self._source:
            self._begin(source, number, header.timestamp, at)
        index = number + self._shift
        if index <= self._floor:
            return None
        timestamp = header.timestamp + self._timestamp_shift & 0xFFFFFFFF
        if index > self._highest:
            self._highest = index
            self._last = (timestamp, at)
        return Place(index, index & 0xFFFF, timestamp)

    def sent(self, place: Place, datagram: bytes, octets: int) -> None:
        """Count a packet of that many payload octets, and keep its protected bytes."""
        self.packets += 1
        self.octets += octets
        if self._kept:
            self._kept[place.index % KEPT] = _Kept(place.index, datagram)

    def timestamp(self, source: Source, timestamp: int) -> int | None:
        """A media time of the source as the subscriber counts it; None when the outlet's stream is not from there."""
        return timestamp + self._timestamp_shift & 0xFFFFFFFF if source is self._source else None

    def lost(self, sequences: tuple[int, ...]) -> tuple[list[bytes], list[int]]:
        """What the subscriber misses: bytes to send again, and the numbers to ask the publisher for."""
        again: list[bytes] = []
        ask: list[int] = []
        for sequence in sequences:
            index = unwrap(sequence, self._highest)
            kept = self._kept[index % KEPT] if self._kept else None
            if kept is not None and kept.index == index:
                if kept.resends < RESENDS:
                    kept.resends += 1
                    again.append(kept.datagram)
            elif self._floor < index <= self._highest:
                ask.append(index - self._shift & 0xFFFF)
        return again, ask

    def _begin(self, source: Source, number: int, timestamp: int, at: float) -> None:
        self._source = source
        self._floor = self._highest
        self._shift = self._highest + 1 - number
        if self._last is not None:
            before, then = self._last
            self._timestamp_shift = before + max(1, int((at - then) * self.medium.clock_rate)) - timestamp
