"""Signed tokens (JWT, HS256) for sessions and devices. A token says who, never what may be done: that is asked anew."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from joserfc import jwt
from joserfc.errors import BadSignatureError, JoseError
from joserfc.jwk import OctKey

ISSUER = "nattljus"
REMEMBERED = 8_192  # tokens whose signature has been looked at
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
        # What a token says never changes, and a device shows its own at each press.
        self._said = lru_cache(maxsize=REMEMBERED)(self._verified)

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
        try:
            claims = self._said(token)
        except JoseError:
            return None
        return self._accept(claims, at, kinds)

    def _verified(self, token: str) -> dict[str, Any]:
        """What a token says that one of our keys has signed. Raises JoseError, so that no forgery is remembered."""
        for key in self._keys:
            try:
                return jwt.decode(token, key, algorithms=["HS256"]).claims
            except _UNREADABLE:
                continue
        raise BadSignatureError

    @staticmethod
    def _accept(claims: dict[str, Any], at: datetime, kinds: Sequence[str]) -> Claims | None:
        expires, subject, kind = claims.get("exp"), claims.get("sub"), claims.get("aud")
        if claims.get("iss") != ISSUER or not isinstance(kind, str) or kind not in kinds:
            return None
        if not isinstance(subject, str) or not isinstance(expires, int) or expires <= at.timestamp():
            return None
        extra = {name: value for name, value in claims.items() if name not in {"iss", "aud", "sub", "iat", "exp"}}
        return Claims(kind, subject, datetime.fromtimestamp(expires, at.tzinfo), extra)
