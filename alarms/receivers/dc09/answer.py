"""What a device is answered, as frames (alarm-protocols.md §2).

Rule: `ack` says that a signal is durably stored, and is built after a hub's receipt and nothing else.
"""

from datetime import datetime

from alarms.receivers.dc09.cipher import encipher
from alarms.receivers.dc09.frame import wrap
from alarms.receivers.dc09.parse import Envelope


def ack(envelope: Envelope, key: bytes | None, at: datetime) -> bytes:
    """Stored. With `key` encrypted, as its request was; our time `at` then goes along."""
    return _answer("ACK", envelope, key, at)


def duh(envelope: Envelope, key: bytes | None, at: datetime) -> bytes:
    """Understood as DC-09 and of no use to us: the device tries its next receiver."""
    return _answer("DUH", envelope, key, at)


def nak(at: datetime) -> bytes:
    """The timestamp is not in time; this is our time. Never encrypted, and about no message."""
    return wrap(f'"NAK"0000R0L0A0[]{_stamp(at)}'.encode("ascii"))


def _answer(word: str, to: Envelope, key: bytes | None, at: datetime) -> bytes:
    parts = ((to.receiver, "R"), (to.line, "L"), (to.account, "#"))
    back = to.sequence + "".join(letter + part for part, letter in parts if part is not None)
    if key is None:
        return wrap(f'"{word}"{back}[]'.encode("ascii"))
    return wrap(f'"*{word}"{back}[{encipher("]" + _stamp(at), key)}'.encode("ascii"))


def _stamp(at: datetime) -> str:
    return f"{at:_%H:%M:%S,%m-%d-%Y}"
