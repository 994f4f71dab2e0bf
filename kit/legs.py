"""What a leg token says: one participant's media path to one relay node, for a minute.

Signaling asks the grants and signs; the relay reads and knows no person behind the ids. Both need the same words.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from kit.tokens import Signer
from kit.wire.words import Direction

KIND = "leg"
LIFETIME = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class LegClaims:
    """The leg that a token allows. `of` is whose streams are subscribed to; a publisher's own id otherwise.

    A renewed token keeps the id `leg`. A new leg for the same visit, participant, direction and `of` takes the place of
    the one before it, whatever its id.
    """

    leg: str
    node: str
    visit: str
    participant: str
    direction: Direction
    of: str


def issue_leg(signer: Signer, claims: LegClaims, at: datetime, lifetime: timedelta = LIFETIME) -> str:
    """A token for that leg, valid from `at` (aware)."""
    return signer.issue(
        KIND,
        claims.leg,
        at,
        lifetime,
        participant=claims.participant,
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
    said = {name: read.extra.get(name) for name in ("node", "visit", "participant", "direction", "of")}
    words = {name: word for name, word in said.items() if isinstance(word, str)}
    if words.keys() != said.keys() or words["direction"] not in set(Direction):
        return None
    return LegClaims(
        leg=read.subject,
        node=words["node"],
        visit=words["visit"],
        participant=words["participant"],
        direction=Direction(words["direction"]),
        of=words["of"],
    )
