"""What tells a text without a version apart from the same text changed: a short digest of what it says."""

import json
from hashlib import sha256
from typing import Any

from kit.errors import Refusal


def tag_of(said: Any) -> str:
    """Sixteen hexadecimal digits."""
    return sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:16]


def insist_on(seen: str, said: Any) -> None:
    """Raises Refusal `changed_meanwhile` (409) when what stands there is not what was seen."""
    if tag_of(said) != seen:
        raise Refusal("changed_meanwhile", 409)
