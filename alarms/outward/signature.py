"""The signature of a webhook, after standardwebhooks.com: id, timestamp and body, under the key of the subscription.

    webhook-id: line-01jd3…            the event's own id, the same however often it is sent
    webhook-timestamp: 1768446600      seconds since 1970, when this was sent
    webhook-signature: v1,K5oZ… v1,…   base64 of HMAC-SHA256(key, "<id>.<timestamp>.<body>"); two while keys change

What is older than five minutes should be refused by whoever checks.
"""

import secrets
from base64 import b64decode, b64encode
from collections.abc import Sequence
from datetime import datetime

from alarms.posting import signed

_PREFIX = "whsec_"
_BYTES = 32


def new_key() -> bytes:
    """A key that nobody knows."""
    return secrets.token_bytes(_BYTES)


def shown(key: bytes) -> str:
    """The key as it is shown to who checks signatures."""
    return _PREFIX + b64encode(key).decode()


def key_in(text: str) -> bytes:
    """The way back."""
    return b64decode(text.removeprefix(_PREFIX))


def headers(keys: Sequence[bytes], event_id: str, at: datetime, body: bytes) -> dict[str, str]:
    """The three headers; a signature for each key."""
    seconds = str(int(at.timestamp()))
    made = [signed(key, event_id.encode(), seconds.encode(), body) for key in keys]
    return {
        "webhook-id": event_id,
        "webhook-timestamp": seconds,
        "webhook-signature": " ".join(f"v1,{b64encode(one).decode()}" for one in made),
    }
