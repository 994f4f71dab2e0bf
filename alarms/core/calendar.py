"""Swedish wall time and the days that have a name: what a weekly calendar of routes and rotas is read by.

Wall time here never goes back: in the hour that an autumn night has twice, the second time counts as the end of the
first, and the hour that a spring night lacks begins and ends at the same moment. So every moment has one place in every
calendar, and what changes hands at half past two does so once.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from kit.wire.routing_words import Day, SwedishDay

PLACE = ZoneInfo("Europe/Stockholm")
WHOLE_DAY = 24 * 60  # minutes
ONE_DAY = timedelta(days=1)
SATURDAY = 5  # as `date.weekday` counts

RED_DAYS = frozenset(
    {
        SwedishDay.NEW_YEARS_DAY,
        SwedishDay.EPIPHANY,
        SwedishDay.GOOD_FRIDAY,
        SwedishDay.EASTER_DAY,
        SwedishDay.EASTER_MONDAY,
        SwedishDay.FIRST_OF_MAY,
        SwedishDay.ASCENSION_DAY,
        SwedishDay.NATIONAL_DAY,
        SwedishDay.WHIT_SUNDAY,
        SwedishDay.MIDSUMMER_DAY,
        SwedishDay.ALL_SAINTS_DAY,
        SwedishDay.CHRISTMAS_DAY,
        SwedishDay.BOXING_DAY,
    }
)
"""Public holidays (lag 1989:253); an ordinary Sunday is a Sunday."""

USUAL_HOLIDAYS = RED_DAYS | {SwedishDay.MIDSUMMER_EVE, SwedishDay.CHRISTMAS_EVE, SwedishDay.NEW_YEARS_EVE}
"""What a principal holds as holidays until it says otherwise: with the eves that nobody works as usual."""


@dataclass(frozen=True, slots=True)
class Hours:
    """Hours of these days of the week, in minutes from midnight; none of `days` is all of them.

    Where `ends` is not after `starts` they go past midnight, and the days are those on which they begin.
    """

    days: frozenset[Day] = frozenset()
    starts: int = 0
    ends: int = WHOLE_DAY


def wall(at: datetime) -> datetime:
    """What clocks in Sweden show at that moment, without a zone; it only grows, also in the hour that comes twice."""
    local = at.astimezone(PLACE)
    shown = local.replace(tzinfo=None, fold=0)
    return shown.replace(minute=59, second=59, microsecond=999_999) if local.fold else shown


def moment(shown: datetime) -> datetime:
    """The first moment, in UTC, at which clocks show this or later."""
    found = shown.replace(tzinfo=PLACE, fold=0).astimezone(UTC)
    if wall(found) == shown or found.astimezone(PLACE).fold:
        return found
    return found.replace(minute=0, second=0, microsecond=0)  # clocks go from 02 to 03 on a whole hour


def covers(hours: Hours, shown: datetime, held: frozenset[SwedishDay]) -> bool:
    """Whether this wall time lies within; `held` are the named days that count as holidays."""
    minute = shown.hour * 60 + shown.minute
    if hours.starts < hours.ends:
        return hours.starts <= minute < hours.ends and _on(hours, shown.date(), held)
    if minute >= hours.starts:
        return _on(hours, shown.date(), held)
    return minute < hours.ends and _on(hours, shown.date() - ONE_DAY, held)


def _on(hours: Hours, day: date, held: frozenset[SwedishDay]) -> bool:
    return not hours.days or day_of(day, held) in hours.days


_WEEK = (Day.MONDAY, Day.TUESDAY, Day.WEDNESDAY, Day.THURSDAY, Day.FRIDAY, Day.SATURDAY, Day.SUNDAY)


def day_of(day: date, held: frozenset[SwedishDay]) -> Day:
    """A holiday when a name of the day is among those held as such, else the weekday; never both."""
    return Day.HOLIDAY if names_of(day) & held else _WEEK[day.weekday()]


def names_of(day: date) -> frozenset[SwedishDay]:
    """The names of a day: none, one, or two in the years when they fall together."""
    return _named(day.year).get(day, frozenset())


@lru_cache(maxsize=64)
def _named(year: int) -> Mapping[date, frozenset[SwedishDay]]:
    easter = easter_day(year)
    midsummer = _saturday(date(year, 6, 20))
    all_saints = _saturday(date(year, 10, 31))
    days = {
        SwedishDay.NEW_YEARS_DAY: date(year, 1, 1),
        SwedishDay.TWELFTH_NIGHT: date(year, 1, 5),
        SwedishDay.EPIPHANY: date(year, 1, 6),
        SwedishDay.MAUNDY_THURSDAY: easter - 3 * ONE_DAY,
        SwedishDay.GOOD_FRIDAY: easter - 2 * ONE_DAY,
        SwedishDay.EASTER_EVE: easter - ONE_DAY,
        SwedishDay.EASTER_DAY: easter,
        SwedishDay.EASTER_MONDAY: easter + ONE_DAY,
        SwedishDay.WALPURGIS_EVE: date(year, 4, 30),
        SwedishDay.FIRST_OF_MAY: date(year, 5, 1),
        SwedishDay.ASCENSION_DAY: easter + 39 * ONE_DAY,
        SwedishDay.NATIONAL_DAY: date(year, 6, 6),
        SwedishDay.WHIT_EVE: easter + 48 * ONE_DAY,
        SwedishDay.WHIT_SUNDAY: easter + 49 * ONE_DAY,
        SwedishDay.MIDSUMMER_EVE: midsummer - ONE_DAY,
        SwedishDay.MIDSUMMER_DAY: midsummer,
        SwedishDay.ALL_SAINTS_EVE: all_saints - ONE_DAY,
        SwedishDay.ALL_SAINTS_DAY: all_saints,
        SwedishDay.CHRISTMAS_EVE: date(year, 12, 24),
        SwedishDay.CHRISTMAS_DAY: date(year, 12, 25),
        SwedishDay.BOXING_DAY: date(year, 12, 26),
        SwedishDay.NEW_YEARS_EVE: date(year, 12, 31),
    }
    found: dict[date, frozenset[SwedishDay]] = {}
    for name, day in days.items():
        found[day] = found.get(day, frozenset()) | {name}
    return found


def _saturday(first: date) -> date:
    """The first Saturday from that day on."""
    return first + ((SATURDAY - first.weekday()) % 7) * ONE_DAY


def easter_day(year: int) -> date:
    """Easter Sunday in the Gregorian calendar (the anonymous algorithm; Meeus, Astronomical Algorithms, ch. 8)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    n = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * n) // 451
    month, day = divmod(h + n - 7 * m + 114, 31)
    return date(year, month, day + 1)


def midnight(day: date) -> datetime:
    """The moment at which that day begins in Sweden."""
    return moment(datetime.combine(day, time()))
