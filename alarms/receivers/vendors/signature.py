"""Whether a vendor's call is genuine: HMAC as the integration's scheme says, or the secret itself. Pure.

Every comparison takes the same time wherever the difference is. A call older or newer than the scheme's tolerance is
refused; within it, the same call again is the same events, which the hub knows. The tolerance is at most an hour and
receipts are kept for six, so nothing can be replayed in between.
"""

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import datetime

from kit.errors import PeerError
from kit.wire.vendors import SignatureScheme

UNSIGNED = "webhook_unsigned"
STALE = "webhook_stale"
_SEPARATED = re.compile(r"[ ,]+")
_SECONDS = re.compile(r"[0-9]{1,12}")
_MOST = 20  # signatures in one header
_IN_FRONT = "whsec_"  # Standard Webhooks' secrets begin so


def secret_bytes(scheme: SignatureScheme | None, secret: str) -> bytes:
    """The key that a secret stands for. Raises ValueError when it is not what the scheme says."""
    if scheme is None or scheme.key_encoding == "text":
        return secret.encode()
    try:
        key = base64.b64decode(secret.removeprefix(_IN_FRONT), validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError("the secret is not base64") from error
    if len(key) < 16:
        raise ValueError("the secret is too short")
    return key


def insist_on_key(secret: str, given: str) -> None:
    """Where a vendor signs nothing. Raises PeerError `webhook_unsigned`."""
    if not hmac.compare_digest(secret.encode(), given.encode("utf-8", "replace")):
        raise PeerError(UNSIGNED, "another key")


def insist_on_signature(
    scheme: SignatureScheme, secret: str, headers: Mapping[str, str], body: bytes, at: datetime
) -> None:
    """Raises PeerError `webhook_unsigned`, or `webhook_stale` when a genuine call is from another time.

    `headers` are asked in small letters.
    """
    given = [part for part in _SEPARATED.split(headers.get(scheme.header.lower(), "")) if part][:_MOST]
    seconds = _seconds(scheme, headers, given)
    name = "" if scheme.id_header is None else f"{headers.get(scheme.id_header.lower(), '')}."
    signed = f"{name}{seconds}.".encode("utf-8", "replace") + body
    digest = hmac.new(secret_bytes(scheme, secret), signed, getattr(hashlib, scheme.digest)).digest()
    genuine = digest.hex() if scheme.encoding == "hex" else base64.b64encode(digest).decode()
    matching = [_same(genuine, one, scheme) for one in given if one.startswith(scheme.prefix)]
    if not any(matching):
        raise PeerError(UNSIGNED, "no signature of ours")
    if abs(int(seconds) - at.timestamp()) > scheme.tolerance_s:
        raise PeerError(STALE, "signed at another time")


def _seconds(scheme: SignatureScheme, headers: Mapping[str, str], given: list[str]) -> str:
    if scheme.timestamp_header is not None:
        said = headers.get(scheme.timestamp_header.lower(), "")
    else:
        said = next((part[2:] for part in given if part.startswith("t=")), "")
    if not _SECONDS.fullmatch(said):
        raise PeerError(UNSIGNED, "no time")
    return said


def _same(genuine: str, given: str, scheme: SignatureScheme) -> bool:
    said = given.removeprefix(scheme.prefix)
    if scheme.encoding == "hex":
        said = said.lower()
    return hmac.compare_digest(genuine.encode(), said.encode("utf-8", "replace"))
