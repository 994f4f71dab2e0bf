"""Ids that sort by when they were made: a word for what it is, a dash, 26 characters of Crockford's base 32.

48 bits of milliseconds, then 80 bits that begin at random in each millisecond and grow by one within it, as in
monotonic ULIDs: what one process makes in one go keeps its order, and two processes collide never in practice.
"""

import secrets
from datetime import datetime

ID = r"^[A-Za-z0-9._:-]{1,80}$"
"""What an id may look like, whoever made it."""

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_PAIRS = [first + second for first in _ALPHABET for second in _ALPHABET]


class _Last:
    """The last id: its two parts, and all of it that is written but the last two characters.

    An alarm takes four ids, mostly in one millisecond, and only those two differ then.
    """

    millisecond = -1
    number = 0
    written = ""


def new_id(word: str, at: datetime) -> str:
    """A new id such as `case-01jd3…`, for something made at that moment (aware)."""
    millisecond = int(at.timestamp() * 1000)
    if millisecond == _Last.millisecond:
        _Last.number += 1
        begun = _Last.number & 1023 != 0
    else:
        _Last.millisecond, _Last.number = millisecond, secrets.randbits(79)  # one bit left free to grow into
        begun = False
    if not begun:
        number = (millisecond << 80) | _Last.number
        _Last.written = "".join(_PAIRS[(number >> shift) & 1023] for shift in range(120, 0, -10))
    return f"{word}-{_Last.written}{_PAIRS[_Last.number & 1023]}"
