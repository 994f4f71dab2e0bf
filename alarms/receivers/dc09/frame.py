"""Cut a stream into DC-09 frames, and check and write single ones. No input or output here.

    LF  crc (4 hex)  length (0 and 3 hex)  message  CR

Rule: however the bytes are cut, the same events come out; and never is more gathered than one frame may hold. What
stands outside a frame is skipped, as far as patience goes.
"""

import re
from dataclasses import dataclass

from kit.errors import PeerError

MESSAGE_LIMIT = 0xFFF  # bytes: the length has three hexadecimal digits
FRAME_LIMIT = 8 + MESSAGE_LIMIT  # bytes between LF and CR
SKIP_LIMIT = 4096  # bytes outside frames, one after the other, until nobody believes that this is DC-09

_LF, _CR = b"\n", b"\r"
_HEAD = re.compile(rb"([0-9A-Fa-f]{4})([0-9A-Fa-f]{4})")


@dataclass(frozen=True, slots=True)
class Frame:
    """What stood between a line feed and a carriage return."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Unframed:
    """The stream is no DC-09: close it. `code` says why."""

    code: str


Event = Frame | Unframed


class Framer:
    """Feed it what arrives. After an `Unframed` it swallows everything else."""

    def __init__(self) -> None:
        self._gathered = bytearray()
        self._inside = False
        self._skipped = 0
        self._broken = False

    @property
    def midway(self) -> bool:
        """Whether part of a frame has arrived and the rest has not."""
        return self._inside and bool(self._gathered) and not self._broken

    def feed(self, data: bytes) -> list[Event]:
        """Take bytes as they came; return what they completed, in order."""
        events: list[Event] = []
        # Each piece ends with one of the two letters that mean something, or with the data.
        for piece in re.findall(rb"[^\r\n]*[\r\n]|[^\r\n]+", data):
            event = None if self._broken else self._take(piece)
            if event is not None:
                events.append(event)
        return events

    def _take(self, piece: bytes) -> Event | None:
        body, end = (piece[:-1], piece[-1:]) if piece[-1:] in {_LF, _CR} else (piece, b"")
        if not self._inside:
            self._inside = end == _LF
            return self._skip(len(body) + (end == _CR))
        self._gathered += body[: FRAME_LIMIT + 1 - len(self._gathered)]
        if len(self._gathered) > FRAME_LIMIT:
            return self._break("too_long")
        if end == _CR:
            return self._finish()
        if end == _LF:  # a frame begins, so what was gathered is one that was cut off
            skipped = 1 + len(self._gathered)
            self._gathered.clear()
            return self._skip(skipped)
        return None

    def _finish(self) -> Event | None:
        data = bytes(self._gathered)
        self._inside = False
        self._gathered.clear()
        if not data:
            return self._skip(2)  # an empty line between frames
        self._skipped = 0
        return Frame(data)

    def _skip(self, count: int) -> Event | None:
        self._skipped += count
        return self._break("no_frame") if self._skipped > SKIP_LIMIT else None

    def _break(self, code: str) -> Event:
        self._broken = True
        self._gathered.clear()
        return Unframed(code)


def _crc_of_byte(byte: int) -> int:
    for _ in range(8):
        byte = (byte >> 1) ^ 0xA001 if byte & 1 else byte >> 1
    return byte


_TABLE = tuple(_crc_of_byte(byte) for byte in range(256))


def crc16(message: bytes) -> int:
    """The checksum of a message: reflected polynomial 0xA001, start 0."""
    crc = 0
    for byte in message:
        crc = (crc >> 8) ^ _TABLE[(crc ^ byte) & 0xFF]
    return crc


def unwrap(data: bytes) -> bytes:
    """The message in a frame. Raises PeerError `no_head`, `length` or `crc`: none of them is answered."""
    head = _HEAD.match(data)
    if head is None:
        raise PeerError("no_head", "a frame without checksum and length")
    message = data[head.end() :]
    if int(head[1], 16) != crc16(message):
        raise PeerError("crc", "a frame whose checksum is wrong")
    if int(head[2], 16) != len(message):
        raise PeerError("length", "a frame whose length is wrong")
    return message


def wrap(message: bytes) -> bytes:
    """A message as a frame, with LF and CR."""
    return b"\n%04X%04X%s\r" % (crc16(message), len(message), message)
