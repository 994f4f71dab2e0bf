"""A week as a calendar: cut where a case would begin to go elsewhere, whole, and the same as the route says."""

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from alarms.core.calendar import WHOLE_DAY, Hours, moment
from alarms.core.routing import Known, Overflow, Routing, Rule, route
from alarms.core.week import monday_of, week
from kit.wire.routing_words import Day, RouteFailed
from kit.wire.words import CaseKind, Reason
from registry.asking import Agreement, Span

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
NIGHT = Hours(starts=21 * 60, ends=7 * 60)
PRESS = (CaseKind.PERSON, Reason.PRESSED)
NIGHTS = Rule("natt", hours=(NIGHT,), desks=("west",))


def known(*rules: Rule, overflows: tuple[Overflow, ...] = (), until: datetime | None = None) -> Known:
    agreements = {"west": (Agreement("kommun", Span(LONG_AGO, until)),)}
    return Known(routings={"kommun": Routing("kommun", 1, rules, overflows)}, agreements=agreements)


def drawn(some: Known, monday: date) -> list[list[tuple[int, int, str | None]]]:
    days = week(some, "kommun", *PRESS, monday)
    return [[(one.starts, one.ends, one.routed.rule) for one in stretches] for _, stretches in days]


def test_the_hours_that_no_rule_is_meant_for_are_told_apart() -> None:
    days = week(known(NIGHTS), "kommun", *PRESS, date(2026, 1, 12))
    assert [(one.starts, one.ends, one.routed.failed) for one in days[0][1]] == [
        (0, 420, ()), (420, 1260, (RouteFailed.NO_RULE,)), (1260, WHOLE_DAY, ()),
    ]  # fmt: skip
    assert len(days) == 7


def test_a_holiday_in_the_week_and_a_temporary_overflow_are_as_they_will_be() -> None:
    holidays = Rule("helg", hours=(Hours(frozenset({Day.HOLIDAY})),), desks=("west",))
    storm = Overflow(
        Rule("storm", desks=("west",)), Span(*(datetime(2026, 12, 23, hour, tzinfo=UTC) for hour in (9, 11)))
    )
    days = drawn(
        known(holidays, Rule("annars"), overflows=(storm,)), monday_of(datetime(2026, 12, 24, 2, 10, tzinfo=UTC))
    )
    assert days[2] == [(0, 600, "annars"), (600, 720, "storm"), (720, WHOLE_DAY, "annars")]
    assert days[3] == [(0, WHOLE_DAY, "helg")]


def test_an_agreement_that_ends_within_the_week_ends_there() -> None:
    ends = datetime(2026, 1, 14, 11, tzinfo=UTC)
    stretches = week(known(Rule("alla", desks=("west",)), until=ends), "kommun", *PRESS, date(2026, 1, 12))[2][1]
    assert [(one.starts, one.routed.failed) for one in stretches] == [(0, ()), (720, (RouteFailed.NO_AGREEMENT,))]


@given(
    monday=st.sampled_from([date(2026, 3, 23), date(2026, 10, 19), date(2026, 6, 15)]),
    hours=st.lists(st.builds(Hours, st.frozensets(st.sampled_from(Day)), *[st.integers(0, 1439)] * 2), max_size=4),
    minute=st.integers(0, 7 * WHOLE_DAY - 1),
)
def test_whatever_the_hours_each_day_is_whole_and_each_minute_as_the_route_says(
    monday: date, hours: list[Hours], minute: int
) -> None:
    """Also in the weeks in which clocks change."""
    some = known(*(Rule(f"r{number}", hours=(one,), desks=("west",)) for number, one in enumerate(hours)))
    days = week(some, "kommun", *PRESS, monday)
    for _, stretches in days:
        assert [one.ends for one in stretches] == [*(one.starts for one in stretches[1:]), WHOLE_DAY]
        assert stretches[0].starts == 0
    number, within = divmod(minute, WHOLE_DAY)
    day = monday + timedelta(days=number)
    at = moment(datetime.combine(day, time()) + timedelta(minutes=within))
    [there] = [one for one in days[number][1] if one.starts <= within < one.ends]
    clocks_jump = day == date(2026, 3, 29) and 120 <= within < 180
    assert clocks_jump or there.routed == route(some, "kommun", *PRESS, at)
