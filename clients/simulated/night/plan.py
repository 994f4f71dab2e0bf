"""What happens in a night, drawn from a seed: the same order gives the same night. Pure.

**Speed.** A night of `seconds` real seconds at speed S holds S times as many seconds of the night: what happens comes S
times as densely, and people's hands are S times as quick (a call of 90 s takes 3 at speed 30), so that a desk is as
busy as on a night of its own. The platform's own clocks (louder after 60 s, the supervisor after 180 s, heartbeats)
stay as they are, and promises are in real seconds.

**How many presses.** The county has about 3 million operator calls a year from 40,000 devices: 75 a year each, 0.205
each 24 hours, more in the evening than in the small hours (`BY_HOUR`). 5,000 residents from 21:00 to 02:00 press for
about 180 new alarms. However few people take part, a night has at least `LEAST_ALARMS`, or there would be nothing to
judge.

**How many operators.** Alarms in the busiest hour times `HANDLING` seconds is how many are busy on average (5,000
residents: 54 an hour × 150 s = 2.3); a desk where each is busy `BUSY` of the time answers at once nearly always, and
one more is there because one will close the lid. Responders likewise: to `SENT` of the alarms somebody is sent, who is
away for `AWAY` seconds, from the area's own team.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from math import ceil
from random import Random

from clients.simulated.night.county import Area, Resident, Way, area_near, residents
from clients.simulated.schedule import Pace

BEGINS = 21  # o'clock in the night's own time
DAY = 86_400.0  # seconds
ALARMS_A_DAY = 3_000_000 / 365 / 40_000  # of one device
FAULTS_A_DAY = 0.02  # of one device: battery, mains
TESTS_A_DAY = 1 / 30  # of one device: the monthly test
LEAST_ALARMS = 12
BY_HOUR = (
    0.70, 0.60, 0.60, 0.60, 0.60, 0.70, 1.00, 1.30, 1.40, 1.20, 1.10, 1.10,
    1.10, 1.00, 1.00, 1.00, 1.10, 1.20, 1.30, 1.40, 1.50, 1.30, 1.00, 0.80,
)  # fmt: skip
"""How dense alarms are from each full hour on, against each other."""

AGAIN = {1: 0.80, 2: 0.12, 3: 0.05, 4: 0.02, 7: 0.01}
"""How often people press, and what share of them; again after these seconds of the night."""
AGAIN_AFTER = (8.0, 30.0)
FALLS = 0.12  # of alarms
CANCELLED = 0.06  # of alarms: the person, or the device, says that it was nothing
MAINS_BACK_AFTER = (300.0, 1_500.0)  # seconds of the night

HANDLING = 150.0  # seconds of the night from taken to closed, on average
SENT = 0.3  # of alarms: somebody goes there
AWAY = 900.0  # seconds of the night from accepted to done, on average
LEAST_RESPONDERS = 2  # in each area
NAP_NEEDS = 230.0  # real seconds: three minutes until the platform insists, and some to go there
BUSY = 0.45
LEAST_OPERATORS = 3

BEAT_EVERY = {Way.UDP: 60.0, Way.TCP: 60.0, Way.HTTP: 300.0}
"""Real seconds between two heartbeats of a device: SCAIP devices are of one model, and one with a battery saves it."""
MOST_BEATS = 100.0  # a second, from the whole fleet: larger fleets beat more seldom

MAST_SHARE = 0.10  # of all residents live around the mast that fails
MAST_FROM, MAST_UNTIL = 0.25, 0.70  # of the night
LID_AT = 0.40  # of the night
LID_NEEDS = 90.0  # real seconds after it: a minute until the handler is reminded, and some to take over
OVERLOOKED = {1: (1 / 100, 80.0), 2: (1 / 150, 200.0)}
"""Which escalation an overlooked alarm waits for: what share of alarms, and how many real seconds that needs."""


class What(StrEnum):
    """What a device sends."""

    PRESS = "press"
    FALL = "fall"
    CANCEL = "cancel"
    TEST = "test"
    BATTERY_LOW = "battery_low"
    MAINS_FAILURE = "mains_failure"
    MAINS_BACK = "mains_back"
    HEARTBEAT = "heartbeat"


ALARMS = frozenset({What.PRESS, What.FALL})


@dataclass(frozen=True, slots=True)
class Happening:
    """`at` in real seconds from the start. `first` begins an alarm; others of the same person follow it."""

    at: float
    resident: Resident
    what: What
    first: bool = False


@dataclass(frozen=True, slots=True)
class Mast:
    """No device of that area is heard from then until then, in real seconds."""

    area: Area
    fails_at: float
    back_at: float

    def covers(self, one: Resident, at: float) -> bool:
        """Whether this resident's device cannot be heard at that moment."""
        return one.area == self.area and self.fails_at <= at < self.back_at


@dataclass(frozen=True, slots=True)
class Nap:
    """From then on that area's team hears of no mission, until one is urgent."""

    area: Area
    at: float


@dataclass(frozen=True, slots=True)
class Plan:
    """A night. `overlooked` tells which escalation must have come before anybody takes that resident's alarm.

    `sent` are the residents to whom somebody is sent; `responders` is how many each area has.
    """

    seconds: float
    pace: Pace
    people: tuple[Resident, ...]
    happenings: tuple[Happening, ...]
    operators: int
    responders: int
    beat_every: Mapping[Way, float]
    mast: Mast
    lid_at: float | None
    overlooked: Mapping[str, int] = field(default_factory=dict)
    sent: frozenset[str] = frozenset()
    nap: Nap | None = None

    @property
    def alarms(self) -> int:
        """How many new alarms are planned."""
        return sum(one.first for one in self.happenings)

    def clock(self, at: float) -> float:
        """The night's own hour, such as 25.5 for half past one, that many real seconds after the start."""
        return BEGINS + at * self.pace.speed / 3600


def plan(count: int, seconds: float, pace: Pace) -> Plan:
    """The night of that many residents."""
    people = residents(count)
    mast = Mast(area_near(people, MAST_SHARE), MAST_FROM * seconds, MAST_UNTIL * seconds)
    firsts = list(_alarms(people, seconds, pace, mast))
    happenings = [one for first in firsts for one in (first, *_after(first, pace))]
    happenings += _things(people, seconds, pace)
    overlooked = _overlooked(firsts, seconds, pace, mast)
    slept_through = _slept_through(firsts, seconds, mast, overlooked)
    sent = _sent(firsts, pace, slept_through)
    return Plan(
        seconds=seconds,
        pace=pace,
        people=people,
        happenings=tuple(sorted((one for one in happenings if one.at < seconds), key=lambda one: one.at)),
        operators=staff(len(firsts), seconds, pace.speed),
        responders=_responders([one for one in firsts if one.resident.id in sent], seconds, pace.speed),
        beat_every=_beats(people),
        mast=mast,
        lid_at=LID_AT * seconds if (1 - LID_AT) * seconds >= LID_NEEDS else None,
        overlooked=overlooked,
        sent=sent,
        nap=Nap(slept_through.resident.area, slept_through.at) if slept_through else None,
    )


def weight(hour: float) -> float:
    """How dense alarms are at that hour, against the mean of a whole day."""
    return BY_HOUR[int(hour) % 24] * len(BY_HOUR) / sum(BY_HOUR)


def expected(count: int, seconds: float, speed: float, a_day: float = ALARMS_A_DAY) -> float:
    """How many alarms that many devices raise in such a night."""
    return count * a_day * sum(_portions(seconds, speed)) / DAY


def staff(alarms: int, seconds: float, speed: float) -> int:
    """How many operators a night with so many alarms needs."""
    portions = _portions(seconds, speed)
    # The densest of the night's portions, in alarms a second of the night.
    peak = max(portions) / sum(portions) * alarms / (seconds * speed / len(portions))
    return max(LEAST_OPERATORS, ceil(peak * HANDLING / BUSY)) + 1


def _beats(people: Sequence[Resident]) -> dict[Way, float]:
    """Each model's interval, all longer alike where the whole fleet would be more than the machine bears."""
    scale = max(1.0, sum(1 / BEAT_EVERY[one.way] for one in people) / MOST_BEATS)
    return {way: every * scale for way, every in BEAT_EVERY.items()}


def _portions(seconds: float, speed: float, of: int = 60) -> list[float]:
    """The night in equal parts: the seconds of the night in each, weighted by its hour."""
    span = seconds * speed / of
    return [span * weight(BEGINS + (nth + 0.5) * span / 3600) for nth in range(of)]


def _alarms(people: Sequence[Resident], seconds: float, pace: Pace, mast: Mast) -> Iterator[Happening]:
    """First presses and falls; one of them under the dead mast."""
    dice = pace.dice("alarms")
    number = max(LEAST_ALARMS, round(expected(len(people), seconds, pace.speed)))
    portions = _portions(seconds, pace.speed)
    shuffled: list[Resident] = []
    for _ in range(number - 1):
        if not shuffled:
            shuffled = dice.sample(people, len(people))
        [part] = dice.choices(range(len(portions)), portions)
        at = (part + dice.random()) * seconds / len(portions)
        yield Happening(at, shuffled.pop(), _alarm(dice), first=True)
    around = [one for one in people if one.area == mast.area]
    at = dice.uniform(mast.fails_at, (mast.fails_at + mast.back_at) / 2)
    yield Happening(at, dice.choice(around), What.PRESS, first=True)


def _alarm(dice: Random) -> What:
    return What.FALL if dice.random() < FALLS else What.PRESS


def _after(first: Happening, pace: Pace) -> Iterator[Happening]:
    """The same person's next presses, and the cancel of who did not mean it."""
    dice = pace.dice(f"after {first.resident.id} {first.at}")
    [times] = dice.choices(list(AGAIN), list(AGAIN.values()))
    at = first.at
    for _ in range(times - 1):
        at += pace.human(dice, *AGAIN_AFTER)
        yield Happening(at, first.resident, What.PRESS)
    if times == 1 and dice.random() < CANCELLED:
        yield Happening(at + pace.human(dice, *AGAIN_AFTER), first.resident, What.CANCEL)


def _things(people: Sequence[Resident], seconds: float, pace: Pace) -> Iterator[Happening]:
    """Tests and faults: even over the night, for devices know no bedtime."""
    dice = pace.dice("things")
    plugged = [one for one in people if one.way is not Way.HTTP] or people  # an app has no mains
    nights = seconds * pace.speed / DAY * len(people)
    for _ in range(max(1, round(nights * TESTS_A_DAY))):
        yield Happening(dice.uniform(0, seconds), dice.choice(people), What.TEST)
    for nth in range(max(2, round(nights * FAULTS_A_DAY))):
        at, one = dice.uniform(0, seconds), dice.choice(plugged)
        if nth % 2 == 0:
            yield Happening(at, one, What.BATTERY_LOW)
        else:
            yield Happening(at, one, What.MAINS_FAILURE)
            yield Happening(at + pace.human(dice, *MAINS_BACK_AFTER), one, What.MAINS_BACK)


def _overlooked(firsts: Sequence[Happening], seconds: float, pace: Pace, mast: Mast) -> dict[str, int]:
    """Alarms that nobody takes until the platform insists: few enough for the promise to be keepable."""
    dice = pace.dice("overlooked")
    chosen: dict[str, int] = {}
    for escalation, (share, needs) in OVERLOOKED.items():
        fit = [
            one.resident.id
            for one in firsts
            if one.at + needs <= seconds and one.resident.area != mast.area and one.resident.id not in chosen
        ]
        for resident in dice.sample(fit, min(len(fit), int(len(firsts) * share))):
            chosen[resident] = escalation
    return chosen


def _slept_through(
    firsts: Sequence[Happening], seconds: float, mast: Mast, overlooked: Mapping[str, int]
) -> Happening | None:
    """The earliest alarm whose mission a team can sleep through and still be done with; none in a short night."""
    fit = [one for one in firsts if one.resident.area != mast.area and one.resident.id not in overlooked]
    first = min(fit, key=lambda one: one.at, default=None)
    return first if first is not None and first.at + NAP_NEEDS <= seconds else None


def _sent(firsts: Sequence[Happening], pace: Pace, slept_through: Happening | None) -> frozenset[str]:
    dice = pace.dice("sent")
    chosen = {one.resident.id for one in firsts if dice.random() < SENT}
    return frozenset(chosen | {one.resident.id for one in (slept_through, firsts[0]) if one})


def _responders(sent: Sequence[Happening], seconds: float, speed: float) -> int:
    """How many each area needs, by the one with most to do."""
    of_area: dict[Area, int] = {}
    for one in sent:
        of_area[one.resident.area] = of_area.get(one.resident.area, 0) + 1
    most = max(of_area.values(), default=0)
    return max(LEAST_RESPONDERS, ceil(most * AWAY / (seconds * speed) / BUSY))
