"""Digest authentication (RFC 7616 as RFC 3261 §22 and RFC 8760 take it): challenges, credentials, nonces. Pure.

Rules: a nonce carries its own time and our signature, so that a challenge costs no memory, however many are asked for;
only the nonces of devices that knew their password are remembered, each with the counts it was used with. A nonce that
is too old, or that was made by another process or before a restart, is *stale*: the device is challenged anew and needs
no person. The same nonce and count twice is a recording played back, and is not let in.
"""

import base64
import hashlib
import hmac
import re
import secrets
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

REALM = "nattljus"
OPAQUE = "5c41f1"  # means nothing; devices are to send it back as it came
LIFETIME = 300.0  # seconds that a nonce is good for
REMEMBERED = 65_536  # nonces whose counts are kept at once
WINDOW = 128  # how far behind the highest count a later one may come

_SEEN = (1 << WINDOW) - 1
_HEADER_LIMIT = 2_048  # characters
_SCHEME = re.compile(r"\s*digest\s+", re.IGNORECASE)
_PAIR = re.compile(r"\s*([A-Za-z0-9\-]{1,20})\s*=\s*(?:\"((?:[^\"\\]|\\.)*)\"|([^\s,\"]*))\s*(?:,|$)")
_ESCAPED = re.compile(r"\\(.)")


class Algorithm(StrEnum):
    """What we offer, the better first."""

    SHA256 = "SHA-256"
    MD5 = "MD5"


@dataclass(frozen=True, slots=True)
class Credentials:
    """What an Authorization header says."""

    username: str
    realm: str
    nonce: str
    uri: str
    response: str
    algorithm: Algorithm
    cnonce: str
    count: str

    @property
    def number(self) -> int:
        """How many times the device has used the nonce, this time included."""
        return int(self.count, 16)


def _hash(algorithm: Algorithm, text: str) -> str:
    data = text.encode("latin-1", "replace")
    if algorithm is Algorithm.SHA256:
        return hashlib.sha256(data).hexdigest()
    return hashlib.md5(data, usedforsecurity=False).hexdigest()  # what devices in homes know


def hashed_password(algorithm: Algorithm, username: str, password: str, realm: str = REALM) -> str:
    """`HA1` (RFC 7616 §3.4.2): all that need be kept of a password. Passwords are UTF-8, headers Latin-1 bytes."""
    return _hash(algorithm, f"{username}:{realm}:{password.encode().decode('latin-1')}")


def expected(credentials: Credentials, method: str, ha1: str) -> str:
    """The response of somebody who knows the password (RFC 7616 §3.4.1, qop=auth)."""
    one = credentials
    ha2 = _hash(one.algorithm, f"{method}:{one.uri}")
    return _hash(one.algorithm, f"{ha1}:{one.nonce}:{one.count}:{one.cnonce}:auth:{ha2}")


def knows(credentials: Credentials, method: str, ha1: str) -> bool:
    """Whether the response is that of somebody who knows the password."""
    return hmac.compare_digest(expected(credentials, method, ha1).encode(), credentials.response.lower().encode())


def read_credentials(headers: Iterable[str]) -> Credentials | None:
    """The first Authorization header for us that is whole, None when there is none. Never raises."""
    return next((found for value in headers if (found := _read(value)) is not None), None)


def read_pairs(value: str) -> dict[str, str] | None:
    """What a header with the Digest scheme says, by name in lower case; None for what is none. Never raises."""
    scheme = _SCHEME.match(value)
    if scheme is None or len(value) > _HEADER_LIMIT:
        return None
    said: dict[str, str] = {}
    at = scheme.end()
    while at < len(value):
        pair = _PAIR.match(value, at)
        if pair is None or pair[1].lower() in said:
            return None
        quoted = pair[2]
        said[pair[1].lower()] = pair[3] if quoted is None else _ESCAPED.sub(r"\1", quoted)
        at = pair.end()
    return said


def _read(value: str) -> Credentials | None:
    said = read_pairs(value)
    if said is None:
        return None
    try:
        algorithm = Algorithm(said.get("algorithm", "MD5").upper())
    except ValueError:
        return None
    count = said.get("nc", "")
    named = [said.get(name, "") for name in ("username", "realm", "nonce", "uri", "response", "cnonce")]
    if said.get("qop", "").lower() != "auth" or not re.fullmatch(r"[0-9A-Fa-f]{8}", count) or not all(named):
        return None
    username, realm, nonce, uri, response, cnonce = named
    return Credentials(username, realm, nonce, uri, response, algorithm, cnonce, count) if realm == REALM else None


def challenges(nonce: str, *, stale: bool, algorithms: Iterable[Algorithm] = Algorithm) -> tuple[tuple[str, str], ...]:
    """The headers of a 401, one for each algorithm, the better first (RFC 8760 §2.3)."""
    more = ", stale=true" if stale else ""
    return tuple(
        (
            "www-authenticate",
            f'Digest realm="{REALM}", qop="auth", algorithm={algorithm}, nonce="{nonce}", opaque="{OPAQUE}"{more}',
        )
        for algorithm in algorithms
    )


class Freshness(StrEnum):
    """What is to be thought of a nonce and count that came with the right password."""

    FRESH = "fresh"
    STALE = "stale"
    REPLAYED = "replayed"


class Nonces:
    """Makes nonces and knows its own again. `key` signs them; each process has one of its own, made at its start."""

    def __init__(self, key: bytes = b"", *, lifetime: float = LIFETIME, limit: int = REMEMBERED) -> None:
        self._key = key or secrets.token_bytes(32)
        self._lifetime = lifetime
        self._limit = limit
        self._used: OrderedDict[str, tuple[int, int]] = OrderedDict()  # highest count, and which below it came
        self._forgotten = -1.0  # nonces up to this moment are stale: their counts are no longer known

    def __len__(self) -> int:
        return len(self._used)

    def issue(self, at: float) -> str:
        """A nonce for a challenge at this moment (seconds of a monotonic clock)."""
        stamp = int(at * 1000).to_bytes(8, "big") + secrets.token_bytes(8)
        return base64.urlsafe_b64encode(stamp + self._sign(stamp)).decode().rstrip("=")

    def use(self, nonce: str, count: int, at: float) -> Freshness:
        """Take a nonce with its count, from somebody who knew the password; the same again is a replay."""
        issued = self._issued(nonce)
        if issued is None or at > issued + self._lifetime or issued <= self._forgotten:
            return Freshness.STALE
        highest, seen = self._used.get(nonce, (0, 0))
        behind = highest - count
        if count < 1 or behind >= WINDOW or (behind >= 0 and seen >> behind & 1):
            return Freshness.REPLAYED
        if behind < 0:
            highest, seen, behind = count, seen << min(-behind, WINDOW), 0
        self._used[nonce] = (highest, (seen | 1 << behind) & _SEEN)
        self._make_room(at)
        return Freshness.FRESH

    def _make_room(self, at: float) -> None:
        while self._used:
            nonce = next(iter(self._used))
            issued = self._issued(nonce) or 0.0
            if len(self._used) <= self._limit and at <= issued + self._lifetime:
                break
            del self._used[nonce]
            self._forgotten = max(self._forgotten, issued)

    def _issued(self, nonce: str) -> float | None:
        """When we made it, or None for what we did not make."""
        if len(nonce) != 43:
            return None
        try:
            data = base64.urlsafe_b64decode(nonce + "=")
        except ValueError:
            return None
        stamp, signature = data[:16], data[16:]
        return int.from_bytes(stamp[:8], "big") / 1000 if hmac.compare_digest(signature, self._sign(stamp)) else None

    def _sign(self, stamp: bytes) -> bytes:
        return hmac.digest(self._key, stamp, "sha256")[:16]
