"""What happens when, drawn from a seed: the same seed and pace give the same day. Pure.

A pace of 4 lets everybody press, think and speak four times as quickly; promises are in real seconds all the same.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from random import Random

from clients.simulated.cast import Resident

PRESS_MEAN = 120.0  # seconds between two presses of one resident
PRESS_LEAST = 12.0  # seconds between two presses of anybody: two operators are no more
GENTLE_MEAN = 40.0
VISIT_MEAN = 40.0
VISIT_LASTS = (15.0, 25.0)
VISIT_LEAST = 4.0  # seconds, however quick people are: pictures need some time to come


class Way(StrEnum):
    """How a press comes."""

    SCAIP = "SCAIP over UDP"
    HTTP = "HTTP"


@dataclass(frozen=True, slots=True)
class PlannedPress:
    """`at` in seconds from the start."""

    at: float
    resident: Resident
    way: Way


@dataclass(frozen=True, slots=True)
class PlannedVisit:
    """`at` in seconds from the start; it lasts that many seconds from the first picture."""

    at: float
    resident: Resident
    worker: str
    lasts: float


@dataclass(frozen=True, slots=True)
class Pace:
    """How quick people are, and whether they only keep the pages alive."""

    seed: int
    speed: float = 1.0
    gentle: bool = False

    def dice(self, who: str) -> Random:
        """Chance for one actor, so that who waits for whom changes nobody's luck."""
        return Random(f"{self.seed} {who}")  # noqa: S311 - it plays people, and guards nothing

    def human(self, dice: Random, least: float, most: float) -> float:
        """How long somebody takes over something, in seconds."""
        return dice.uniform(least, most) / self.speed


def presses(cast: Sequence[Resident], pace: Pace) -> Iterator[PlannedPress]:
    """Presses without end, by time; both ways in turn, everybody before anybody again."""
    dice = pace.dice("presses")
    mean = (GENTLE_MEAN if pace.gentle else max(PRESS_LEAST, PRESS_MEAN / len(cast))) / pace.speed
    at = mean * dice.uniform(0.2, 0.4)
    count = 0
    while True:
        for resident in dice.sample(cast, len(cast)):
            yield PlannedPress(at, resident, (Way.SCAIP, Way.HTTP)[count % 2])
            count += 1
            at += mean * dice.uniform(0.5, 1.5)


def visits(cast: Sequence[Resident], pace: Pace) -> Iterator[PlannedVisit]:
    """Visits without end, by time; none where life is gentle."""
    if pace.gentle:
        return
    dice = pace.dice("visits")
    at = 4.0 / pace.speed
    while True:
        for resident in dice.sample(cast, len(cast)):
            lasts = max(VISIT_LEAST, pace.human(dice, *VISIT_LASTS))
            yield PlannedVisit(at, resident, dice.choice(resident.workers), lasts)
            at += VISIT_MEAN * dice.uniform(0.7, 1.1) / pace.speed
