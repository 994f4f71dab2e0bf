"""What a leg token says: one participant's media path to one relay node, for a minute.

Signaling asks the grants and signs; the relay reads and knows no person behind the ids. Both need the same words.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from kit.tokens import Signer

KIND = "leg"
LIFETIME = timedelta(seconds=60)


class Direction(StrEnum):
    """Whether the leg brings the participant's own picture and sound to the relay, or another's from it."""

    PUBLISH = "publish"
    SUBSCRIBE = "subscribe"


@dataclass(frozen=True, slots=True)
class LegClaims:
    """The leg that a token allows. `of` is whose streams are subscribed to; a publisher's own id otherwise."""

    node: str
    visit: str
    participant: str
    direction: Direction
    of: str


def issue_leg(signer: Signer, claims: LegClaims, at: datetime, lifetime: timedelta = LIFETIME) -> str:
    """A token for that leg, valid from `at` (aware)."""
    return signer.issue(
        KIND,
        claims.participant,
        at,
        lifetime,
        node=claims.node,
        visit=claims.visit,
        direction=claims.direction,
        of=claims.of,
    )


def read_leg(signer: Signer, token: str, at: datetime) -> LegClaims | None:
    """The leg that a token allows at that moment, or None when it is forged, expired or of another kind."""
    read = signer.read(token, at, KIND)
    if read is None:
        return None
    node, visit, direction, of = (read.extra.get(name) for name in ("node", "visit", "direction", "of"))
    if not (isinstance(node, str) and isinstance(visit, str) and isinstance(of, str) and isinstance(direction, str)):
        return None
    if direction not in set(Direction):
        return None
    return LegClaims(node, visit, read.subject, Direction(direction), of)
