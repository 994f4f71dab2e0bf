"""A message of DC-09, from bytes to `Envelope` and `Content` (alarm-protocols.md §2). Pure.

    "ID" seq [R…] L… [#account] [data][extra…] _HH:MM:SS,MM-DD-YYYY

Rule: a life outranks a syntax error. What says from whom and which message it is must be there; what is wrong in the
rest is noted in `defects`. What was encrypted and does not read as a message afterwards was not encrypted with our key.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from kit.errors import PeerError

OLDEST, NEWEST = timedelta(seconds=-40), timedelta(seconds=20)
"""How far a timestamp may be from our time."""

_HEAD = re.compile(
    r'"(\*?)([A-Z0-9-]{1,20})"([0-9A-Fa-f]{4})'
    r"(?:R([0-9A-Fa-f]{1,6}))?(?:L([0-9A-Fa-f]{1,6}))?(?:#([0-9A-Za-z]{1,16}))?(?=\[|\Z)"
)
_EXTRA = re.compile(r"\[([^\[\]]*)\]")
_TIMESTAMP = re.compile(r"_([0-9]{2}):([0-9]{2}):([0-9]{2}),([0-9]{2})-([0-9]{2})-([0-9]{4})")
_INSIDE = re.compile(r"#([0-9A-Za-z]{1,16})\|")
_MOST_EXTRAS = 20


@dataclass(frozen=True, slots=True)
class Envelope:
    """What stands in clear in front, as it was written. `rest` begins with `[`, or is empty.

    `receiver`, `line` and `account` are none where the device left them out.
    """

    token: str
    encrypted: bool
    sequence: str
    receiver: str | None
    line: str | None
    account: str | None
    rest: str


@dataclass(frozen=True, slots=True)
class Content:
    """What a message says. `account` is the one in front of the data, none where there is none.

    `extra` are the blocks behind the data, as (letter, value). `at` is the timestamp, none without one that is one.
    """

    account: str | None
    data: str
    extra: tuple[tuple[str, str], ...] = ()
    at: datetime | None = None
    defects: tuple[str, ...] = ()


def read_envelope(message: bytes) -> Envelope:
    """The envelope of a message. Raises PeerError `no_envelope`."""
    text = _text(message)
    head = _HEAD.match(text)
    if head is None:
        raise PeerError("no_envelope", "a message that does not begin as one")
    star, token, sequence, receiver, line, account = head.groups()
    return Envelope(token, bool(star), sequence, receiver, line, account, text[head.end() :])


def read_content(rest: str) -> Content:
    """What stands in clear behind the envelope. Never raises: what is not there is a defect."""
    said = _EXTRA.match(rest)
    if said is None:
        return Content(None, "", defects=("data",))
    extra: list[tuple[str, str]] = []
    end = said.end()
    while len(extra) < _MOST_EXTRAS and (found := _EXTRA.match(rest, end)):
        extra.append((found[1][:1], found[1][1:]))
        end = found.end()
    at, wrong = _timestamp(rest[end:])
    inside = _INSIDE.match(said[1])
    data = said[1][inside.end() :] if inside else said[1]
    return Content(inside[1] if inside else None, data, tuple(extra), at, ("timestamp",) if wrong else ())


def read_decrypted(plain: bytes) -> Content:
    """What stood encrypted behind the envelope. Raises PeerError `undecipherable`."""
    padding, bar, rest = _text(plain).partition("|")
    if not bar or not re.search(r"\](?:_|\Z)", rest) or {"[", "]"} & set(padding):
        raise PeerError("undecipherable", "encrypted data that our key does not open")
    return read_content("[" + rest)


def in_time(at: datetime, received_at: datetime) -> bool:
    """Whether a message that says it was sent then may be believed now."""
    return OLDEST <= at - received_at <= NEWEST


def _timestamp(text: str) -> tuple[datetime | None, bool]:
    """The moment in what stands behind the blocks, and whether there is something that is none."""
    if not text:
        return None, False
    found = _TIMESTAMP.fullmatch(text)
    if found is None:
        return None, True
    hour, minute, second, month, day, year = map(int, found.groups())
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=UTC), False
    except ValueError:
        return None, True


def _text(data: bytes) -> str:
    """UTF-8, or Latin-1 where it is none: DC-09 is ASCII, and no alarm dies of å."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("latin-1")
