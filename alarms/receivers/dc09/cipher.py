"""AES-CBC with a zero IV and hexadecimal digits, as DC-09 encrypts (alarm-protocols.md §2).

There is no tag: what was altered is noticed only because it no longer reads as a message with a timestamp. Padding in
front is what makes two alike messages differ.
"""

import secrets

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

from kit.errors import PeerError

KEY_SIZES = frozenset({16, 24, 32})  # bytes
_BLOCK = 16
_ZERO = CBC(bytes(_BLOCK))
_PADDING = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"  # none of the letters | [ ]


def decipher(digits: str, key: bytes) -> bytes:
    """What was encrypted, still behind its padding. Raises PeerError `not_blocks`."""
    try:
        closed = bytes.fromhex(digits)
    except ValueError:
        closed = b""
    if not closed or len(closed) % _BLOCK:
        raise PeerError("not_blocks", "encrypted data that is not made of whole blocks")
    decryptor = Cipher(AES(key), _ZERO).decryptor()
    return decryptor.update(closed) + decryptor.finalize()


def encipher(text: str, key: bytes) -> str:
    """The text behind fresh padding, one to sixteen letters and a bar, encrypted. It is ASCII."""
    padding = "".join(secrets.choice(_PADDING) for _ in range(_BLOCK - (len(text) + 1) % _BLOCK))
    encryptor = Cipher(AES(key), _ZERO).encryptor()
    closed = encryptor.update(f"{padding}|{text}".encode("ascii")) + encryptor.finalize()
    return closed.hex().upper()
