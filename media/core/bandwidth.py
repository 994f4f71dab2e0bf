"""How much a publisher is asked to send: what its subscribers can take, within bounds.

In a visit of two the weaker end decides. The lower bound keeps one weak subscriber among several from making the
picture useless for the others.
"""

from collections.abc import Iterable

LOWEST = 200_000  # bits a second
HIGHEST = 2_500_000
FRESH = 5.0  # seconds that a subscriber's word holds


def ask(told: Iterable[tuple[int, float]], at: float) -> int:
    """Bits a second to ask for, given what each subscriber said and when."""
    weakest = min((bits for bits, then in told if at - then <= FRESH), default=HIGHEST)
    return max(LOWEST, min(weakest, HIGHEST))
