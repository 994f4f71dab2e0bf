"""Ids that sort by when they were made: a word for what it is, a dash, 26 characters of Crockford's base 32.

48 bits of milliseconds, then 80 random bits, as in ULID. Sorting keeps index pages warm; the random part makes two
processes collide never in practice.
"""

import secrets
from datetime import datetime

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def new_id(word: str, at: datetime) -> str:
    """A new id such as `case-01jd3…`, for something made at that moment (aware)."""
    number = (int(at.timestamp() * 1000) << 80) | secrets.randbits(80)
    letters = [_ALPHABET[(number >> shift) & 31] for shift in range(125, -1, -5)]
    return f"{word}-{''.join(letters)}"
