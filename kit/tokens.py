"""Signed tokens (JWT, HS256) for sessions and devices. A token says who, never what may be done: that is asked anew."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

ISSUER = "nattljus"
# A forged header can bring the library to more than its own errors (`"crit": null` to a TypeError, for one).
_UNREADABLE = (JoseError, ValueError, TypeError, LookupError, AttributeError, RecursionError)


@dataclass(frozen=True)
class Claims:
    """What a valid token said: whom it is for, what kind it is, and what else was signed with it."""

    kind: str
    subject: str
    expires_at: datetime
    extra: dict[str, Any]


class Signer:
    """Signs with the first key, accepts all of them, so that keys can be changed without a break."""

    def __init__(self, keys: Sequence[str]) -> None:
        if not keys or any(len(key) < 32 for key in keys):
            raise ValueError("a signing key of at least 32 characters is needed")
        self._keys = [OctKey.import_key(key) for key in keys]

    def issue(self, kind: str, subject: str, at: datetime, lifetime: timedelta, **extra: str | int) -> str:
        """A token of that kind for that subject, valid from `at` for `lifetime`."""
        claims = {
            "iss": ISSUER,
            "aud": kind,
            "sub": subject,
            "iat": int(at.timestamp()),
            "exp": int((at + lifetime).timestamp()),
            **extra,
        }
        return jwt.encode({"alg": "HS256"}, claims, self._keys[0])

    def read(self, token: str, at: datetime, *kinds: str) -> Claims | None:
        """The claims of a token of one of these kinds, or None when it is forged, expired or of another kind."""
        for key in self._keys:
            try:
                claims = jwt.decode(token, key, algorithms=["HS256"]).claims
            except _UNREADABLE:
                continue
            return self._accept(claims, at, kinds)
        return None

    @staticmethod
    def _accept(claims: dict[str, Any], at: datetime, kinds: Sequence[str]) -> Claims | None:
        expires, subject, kind = claims.get("exp"), claims.get("sub"), claims.get("aud")
        if claims.get("iss") != ISSUER or not isinstance(kind, str) or kind not in kinds:
            return None
        if not isinstance(subject, str) or not isinstance(expires, int) or expires <= at.timestamp():
            return None
        extra = {name: value for name, value in claims.items() if name not in {"iss", "aud", "sub", "iat", "exp"}}
        return Claims(kind, subject, datetime.fromtimestamp(expires, at.tzinfo), extra)
