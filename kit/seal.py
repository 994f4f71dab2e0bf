"""Secrets at rest: AES-256-GCM with keys drawn from the secret keys, newest first. Pure but for the nonce.

    sealed = version (1 byte, 1) ‖ the key's id (8 bytes) ‖ nonce (12 bytes) ‖ ciphertext and tag

Each purpose has keys of its own, so that what was sealed for one is of no use to another. `about` names what the secret
belongs to (a device's id): it is sealed along, not stored, so a sealed secret cannot be moved to another row. To change
keys, put the new one first in NATTLJUS_SECRET_KEYS: what older ones sealed stays readable while they are listed.
"""

import secrets as randomness
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_VERSION = b"\x01"
_KEY, _ID, _NONCE = 32, 8, 12  # bytes
_HEAD = len(_VERSION) + _ID


class SealError(ValueError):
    """What was sealed cannot be opened; the sentence says why, and never what."""


def derive(secrets: Sequence[str], info: bytes, length: int = _KEY) -> list[bytes]:
    """A key for one use from each secret key, in their order: HKDF-SHA256 with `info` as the use's name."""
    return [HKDF(SHA256(), length, salt=None, info=info).derive(secret.encode()) for secret in secrets]


def seal(content: bytes, secrets: Sequence[str], *, purpose: str, about: str = "") -> bytes:
    """Seal with the first of the secret keys. Raises ValueError when there are none."""
    if not secrets:
        raise ValueError("nothing can be sealed without a secret key")
    key, name = _keys(secrets[:1], purpose)[0]
    nonce = randomness.token_bytes(_NONCE)
    return _VERSION + name + nonce + AESGCM(key).encrypt(nonce, content, about.encode())


def open_sealed(sealed: bytes, secrets: Sequence[str], *, purpose: str, about: str = "") -> bytes:
    """What was sealed for this purpose and about this. Raises `SealError` with a sentence."""
    if sealed[:1] != _VERSION or len(sealed) < _HEAD + _NONCE:
        raise SealError("This is no sealed secret, or one of a newer version.")
    nonce, closed = sealed[_HEAD : _HEAD + _NONCE], sealed[_HEAD + _NONCE :]
    fitting = [key for key, name in _keys(secrets, purpose) if name == sealed[len(_VERSION) : _HEAD]]
    if not fitting:
        raise SealError(f"No key in NATTLJUS_SECRET_KEYS fits a secret sealed for {purpose}. Is an older key missing?")
    for key in fitting:
        try:
            return AESGCM(key).decrypt(nonce, closed, about.encode())
        except InvalidTag:
            continue
    raise SealError(f"A secret sealed for {purpose} was altered, or belongs to something else.")


def _keys(secrets: Sequence[str], purpose: str) -> list[tuple[bytes, bytes]]:
    """Each key with its id, which says nothing about it."""
    drawn = derive(secrets, b"nattljus seal: " + purpose.encode(), _KEY + _ID)
    return [(both[:_KEY], both[_KEY:]) for both in drawn]
