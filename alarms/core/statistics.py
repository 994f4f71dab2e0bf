"""How soon people are answered, counted so that it cannot look better than it was.

A case counts from when its first signal was *received* until somebody first took it (`raised_at` → `answered_ms`), in
the period in which it was received. For each limit a case stands in one of three ways:

- **in time**: taken within the limit;
- **late**: taken after it; or not taken and older than the limit; or closed without ever having been taken;
- **undecided**: not taken, open, and not older than the limit. Nobody has failed it yet and nobody has answered it, so
  it is in neither share, not among the decided, and a minute later it is one of the others.

What a device only told of itself is a technical case and is counted apart from people's. Tests are no cases at all
(domain.md, semantics 1) and are never here.

Hours and days are Stockholm's. Its clock is whole hours from UTC, so an hour of the wall is an hour of UTC: the night
of a change of clocks has an hour less or more, each is counted once, and the two called 02 differ in their offset.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from kit.wire.answer_words import Grouping, Verdict

STOCKHOLM = ZoneInfo("Europe/Stockholm")
HOUR = timedelta(hours=1)
LIMITS = (30, 60, 180)
"""Seconds within which a case should be taken."""

SLOWEST = timedelta(seconds=LIMITS[-1])
"""An untaken case older than this is decided in every respect: it has not been answered."""

GOALS: Mapping[int, int] = {60: 975, 180: 990}
"""So many of a thousand within so many seconds (domain.md, "Figures to live up to")."""

LONGEST: Mapping[Grouping, int] = {
    Grouping.HOUR: 31,
    Grouping.DAY: 92,
    Grouping.PRINCIPAL: 92,
    Grouping.REASON: 92,
}
"""Days that one question may ask about: what is answered is read whole, and a quarter is what reports are about."""

FIRST_DAY = date(2020, 1, 1)
LAST_DAY = date(2999, 12, 31)
PERCENTILES = (50, 90, 99)


@dataclass(frozen=True, slots=True)
class Tally:
    """`cases` that were taken after `seconds`, rounded up to whole ones; none: not taken, and decided as such."""

    seconds: int | None
    cases: int


@dataclass(frozen=True, slots=True)
class Within:
    """Of the cases that are decided for this limit, how many were taken in time."""

    seconds: int
    decided: int
    in_time: int

    @property
    def permille(self) -> int | None:
        """Of a thousand, rounded down: 974.9 has not reached 975. None while nothing is decided."""
        return self.in_time * 1000 // self.decided if self.decided else None

    @property
    def goal(self) -> int | None:
        """What is wanted, of a thousand; none where nothing is promised for this limit."""
        return GOALS.get(self.seconds)

    @property
    def verdict(self) -> Verdict:
        """Whether the goal is held. With so few cases that a single late one misses it, that is said and no more."""
        if self.goal is None:
            return Verdict.NO_GOAL
        if not self.decided:
            return Verdict.NONE
        if self.in_time * 1000 >= self.goal * self.decided:
            return Verdict.HELD
        one_may_be_late = self.decided * (1000 - self.goal) >= 1000
        return Verdict.MISSED if one_may_be_late else Verdict.FEW


@dataclass(frozen=True, slots=True)
class Answers:
    """How the cases of one group were answered.

    `unanswered` are decided in every respect; `undecided` are not, for the longest limit. `percentiles` are seconds,
    over all but the undecided; an unanswered one has waited longest, so a percentile that falls on one is none.
    """

    cases: int
    answered: int
    unanswered: int
    undecided: int
    within: tuple[Within, ...]
    percentiles: tuple[int | None, ...]


def answers(tallies: Iterable[Tally], waiting: Iterable[timedelta] = ()) -> Answers:
    """What the tallies of a group come to. `waiting` is how long each untaken case has waited that is not decided in
    every respect: up to `SLOWEST`.
    """
    taken: Counter[int] = Counter()
    unanswered = 0
    for tally in tallies:
        if tally.seconds is None:
            unanswered += tally.cases
        else:
            taken[max(0, tally.seconds)] += tally.cases  # clocks of two processes may differ a little
    ages = list(waiting)
    answered = taken.total()
    within = []
    for limit in LIMITS:
        too_old = sum(age > timedelta(seconds=limit) for age in ages)
        in_time = sum(cases for seconds, cases in taken.items() if seconds <= limit)
        within.append(Within(limit, answered + unanswered + too_old, in_time))
    return Answers(
        cases=answered + unanswered + len(ages),
        answered=answered,
        unanswered=unanswered,
        undecided=len(ages),
        within=tuple(within),
        percentiles=tuple(_percentile(taken, answered + unanswered, part) for part in PERCENTILES),
    )


def _percentile(taken: Mapping[int, int], decided: int, part: int) -> int | None:
    """The nearest rank: the shortest time within which `part` per cent were taken; none when that is never."""
    rank = -(-decided * part // 100)
    reached = 0
    for seconds in sorted(taken):
        reached += taken[seconds]
        if reached >= rank:
            return seconds
    return None


def period(first: date, last: date, by: Grouping) -> tuple[datetime, datetime] | None:
    """From when, until when: whole Stockholm days, the last one included. None when it is no period or too long."""
    if not FIRST_DAY <= first <= last <= LAST_DAY or (last - first).days >= LONGEST[by]:
        return None
    return day_began(first), day_began(last + timedelta(days=1))


def day_began(day: date) -> datetime:
    """Midnight in Stockholm, in UTC. It is never skipped nor there twice: the clock is changed at 01:00 UTC."""
    return datetime.combine(day, time(), STOCKHOLM).astimezone(UTC)


def hour_began(at: datetime) -> datetime:
    """When the hour in progress began, in UTC."""
    return at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def hours(starts: datetime, ends: datetime) -> Iterator[datetime]:
    """When each hour began that begins in the period."""
    at = hour_began(starts)
    at += HOUR if at < starts else timedelta()
    while at < ends:
        yield at
        at += HOUR


def days(starts: datetime, ends: datetime) -> Iterator[tuple[date, datetime, datetime]]:
    """Each Stockholm day of the period, with when it began and ended: 23, 24 or 25 hours."""
    day = day_of(starts)
    while (began := day_began(day)) < ends:
        yield day, began, day_began(day + timedelta(days=1))
        day += timedelta(days=1)


def day_of(at: datetime) -> date:
    """The Stockholm day of a moment."""
    return at.astimezone(STOCKHOLM).date()


def hour_name(at: datetime) -> str:
    """An hour by the wall, with its offset: `2026-10-25T02:00+02:00`, and an hour later `2026-10-25T02:00+01:00`."""
    return at.astimezone(STOCKHOLM).isoformat(timespec="minutes")
