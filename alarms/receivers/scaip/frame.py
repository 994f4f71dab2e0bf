"""Cut a TCP stream into SIP messages (RFC 3261 §18.3, keep-alives of RFC 5626 §4.4.1). No input or output here.

Rule: however the bytes are cut, the same events come out; and never is more gathered than the limits allow.
"""

import re
from dataclasses import dataclass

HEAD_LIMIT = 16 * 1024  # bytes of start line and headers
BODY_LIMIT = 64 * 1024  # bytes

_BLANK_LINE = re.compile(rb"\n\r?\n")
_FOLD = re.compile(rb"\r?\n[ \t]+")
_LENGTH = re.compile(rb"\n(?:content-length|l)[ \t]*:[ \t]*([^\r\n]*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Message:
    """One whole message: start line, headers, blank line, body."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Ping:
    """A keep-alive (two empty lines between messages): answer with `PONG`."""


@dataclass(frozen=True, slots=True)
class Unframed:
    """The stream cannot be cut any further: answer `head` with `status` where that can be done, then close."""

    status: int
    code: str
    head: bytes


Event = Message | Ping | Unframed

PONG = b"\r\n"


class Framer:
    """Feed it what arrives. After an `Unframed` it swallows everything else."""

    def __init__(self, *, head_limit: int = HEAD_LIMIT, body_limit: int = BODY_LIMIT) -> None:
        self._head_limit = head_limit
        self._body_limit = body_limit
        self._gathered = bytearray()
        self._searched = 0  # no blank line ends before this index
        self._size = 0  # of the message being gathered, once its head is known
        self._empty_lines = 0
        self._broken = False

    @property
    def midway(self) -> bool:
        """Whether part of a message has arrived and the rest has not."""
        return bool(self._gathered) and not self._broken

    def feed(self, data: bytes) -> list[Event]:
        """Take bytes as they came; return what they completed, in order."""
        events: list[Event] = []
        if self._broken:
            return events
        self._gathered += data
        while self._gathered and not self._broken:
            event = self._next()
            if event is None:
                break
            events.append(event)
        return events

    def _next(self) -> Event | None:
        if self._size == 0:
            if self._skip_empty_lines():
                return Ping()
            if not self._gathered or self._gathered[0] == ord("\r"):
                return None
            event = self._find_head()
            if event is not None:
                return event
        if self._size == 0 or len(self._gathered) < self._size:
            return None
        message = Message(bytes(self._gathered[: self._size]))
        del self._gathered[: self._size]
        self._size = self._searched = 0
        return message

    def _skip_empty_lines(self) -> bool:
        """Drop line ends in front of a message; true when two of them made a keep-alive."""
        if self._searched:
            return False
        skipped = 0
        ping = False
        while not ping and skipped < len(self._gathered):
            first = self._gathered[skipped]
            if first == ord("\r"):
                if skipped + 1 == len(self._gathered):
                    break  # its line feed may be on its way
                if self._gathered[skipped + 1] == ord("\n"):
                    skipped += 1
                    self._empty_lines += 1
            elif first != ord("\n"):
                self._empty_lines = 0
                break
            skipped += 1
            ping = self._empty_lines == 2
        if ping:
            self._empty_lines = 0
        del self._gathered[:skipped]
        return ping

    def _find_head(self) -> Unframed | None:
        """Look for the blank line once over each byte; learn the message's size behind it."""
        blank = _BLANK_LINE.search(self._gathered, max(0, self._searched - 2), self._head_limit)
        if blank is None:
            self._searched = len(self._gathered)
            if len(self._gathered) > self._head_limit:
                return self._break(400, "head_too_long", self._head_limit)
            return None
        length = _content_length(bytes(self._gathered[: blank.end()]))
        if length is None:
            return self._break(400, "no_content_length", blank.end())
        if length > self._body_limit:
            return self._break(413, "body_too_long", blank.end())
        self._size = blank.end() + length
        return None

    def _break(self, status: int, code: str, head: int) -> Unframed:
        event = Unframed(status, code, bytes(self._gathered[:head]))
        self._broken = True
        self._gathered.clear()
        return event


def _content_length(head: bytes) -> int | None:
    """The one length that the headers state, or None when they state none, or several, or no number."""
    values = {value.strip() for value in _LENGTH.findall(_FOLD.sub(b" ", head))}
    if len(values) != 1:
        return None
    (value,) = values
    return int(value) if value.isdigit() and len(value) <= 9 else None
