"""A week as a calendar of who answers: every day from midnight to midnight, cut where something changes."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from alarms.core.calendar import ONE_DAY, WHOLE_DAY, moment, wall
from alarms.core.routing import Known, Routed, route
from kit.wire.words import CaseKind, Reason
from registry.asking import Span

DAYS = 7


@dataclass(frozen=True, slots=True)
class Stretch:
    """From one minute of the day until another, on Swedish clocks, where such a case would go."""

    starts: int
    ends: int
    routed: Routed


def monday_of(at: datetime) -> date:
    """The Monday of the week, in Sweden, in which that moment is."""
    day = wall(at).date()
    return day - day.weekday() * ONE_DAY


def week(
    known: Known, principal: str, kind: CaseKind, reason: Reason, monday: date
) -> list[tuple[date, tuple[Stretch, ...]]]:
    """Where such a case would go, whenever it were raised in the seven days from that one on."""
    days = [monday + number * ONE_DAY for number in range(DAYS)]
    return [(day, _of_day(known, principal, kind, reason, day)) for day in days]


def _of_day(known: Known, principal: str, kind: CaseKind, reason: Reason, day: date) -> tuple[Stretch, ...]:
    midnight = datetime.combine(day, time())
    edges = sorted({0, *(edge for edge in _edges(known, principal, day) if 0 < edge < WHOLE_DAY)})
    found: list[Stretch] = []
    for starts, ends in zip(edges, [*edges[1:], WHOLE_DAY], strict=True):
        routed = route(known, principal, kind, reason, moment(midnight + timedelta(minutes=starts)))
        if found and found[-1].routed == routed:
            found[-1] = Stretch(found[-1].starts, ends, routed)
        else:
            found.append(Stretch(starts, ends, routed))
    return tuple(found)


def _edges(known: Known, principal: str, day: date) -> Iterator[int]:
    """Every minute of that day at which a case may begin to go elsewhere."""
    routing = known.routings.get(principal)
    if routing is None:
        return
    for rule in routing.rules:
        for hours in rule.hours:
            yield from (hours.starts, hours.ends)
    for overflow in routing.overflows:
        yield from _on(overflow.span, day)
    for agreements in known.agreements.values():
        for one in agreements:
            if one.principal == principal:
                yield from _on(one.span, day)


def _on(span: Span, day: date) -> Iterator[int]:
    for at in (span.starts_at, span.ends_at):
        if at is not None and (shown := wall(at)).date() == day:
            yield shown.hour * 60 + shown.minute
