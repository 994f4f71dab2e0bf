"""A device's side of SIP digest authentication (RFC 7616, RFC 8760). Pure: the client's nonce is an argument."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass

from clients.simulated.conformance.message import Message

_PARAMETER = re.compile(r"([A-Za-z0-9\-]+)\s*=\s*(?:\"((?:[^\"\\]|\\.)*)\"|([^\s,]+))")


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


HASHES: dict[str, Callable[[str], str]] = {"MD5": _md5, "SHA-256": _sha256}


@dataclass(frozen=True, slots=True)
class Challenge:
    """One `WWW-Authenticate`."""

    realm: str
    nonce: str
    algorithm: str
    qop: tuple[str, ...]
    opaque: str | None
    stale: bool


@dataclass(frozen=True, slots=True)
class Secret:
    """Who says that it is who, and the client's part of the nonce."""

    user: str
    password: str
    cnonce: str


def challenges(response: Message) -> list[Challenge]:
    """The Digest challenges of a 401, as offered."""
    found = []
    for value in response.all("www-authenticate"):
        scheme, _, rest = value.partition(" ")
        if scheme.lower() != "digest":
            continue
        said = {name.lower(): quoted or plain for name, quoted, plain in _PARAMETER.findall(rest)}
        qop = tuple(word.strip().lower() for word in said.get("qop", "").split(",") if word.strip())
        algorithm = said.get("algorithm", "MD5").upper()
        stale = said.get("stale", "").lower() == "true"
        found.append(Challenge(said.get("realm", ""), said.get("nonce", ""), algorithm, qop, said.get("opaque"), stale))
    return found


def authorization(challenge: Challenge, secret: Secret, method: str, uri: str, count: int = 1) -> str:
    """The `Authorization` header with qop=auth; without qop where none was offered (RFC 7616 §3.4.1)."""
    hashed = HASHES[challenge.algorithm]
    whose = hashed(f"{secret.user}:{challenge.realm}:{secret.password}")
    what = hashed(f"{method}:{uri}")
    words = [
        f'username="{secret.user}"',
        f'realm="{challenge.realm}"',
        f'nonce="{challenge.nonce}"',
        f'uri="{uri}"',
        f"algorithm={challenge.algorithm}",
    ]
    if "auth" in challenge.qop:
        middle = f"{challenge.nonce}:{count:08x}:{secret.cnonce}:auth"
        words += ["qop=auth", f"nc={count:08x}", f'cnonce="{secret.cnonce}"']
    else:
        middle = challenge.nonce
    words.append(f'response="{hashed(f"{whose}:{middle}:{what}")}"')
    if challenge.opaque is not None:
        words.append(f'opaque="{challenge.opaque}"')
    return "Authorization: Digest " + ", ".join(words)
