"""Who is on call: layers of persons taking turns, with what was changed for once on top.

The topmost layer that covers the moment decides; before all layers an override, and swaps exchange two persons' turns.
Turns change hands in Swedish wall time, so a night in autumn is an hour longer and one in spring an hour shorter.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from alarms.core.calendar import PLACE, USUAL_HOLIDAYS, Hours, covers, moment, wall
from kit.wire.routing_words import SwedishDay
from registry.asking import Span

ONE_HOUR = timedelta(hours=1)
ONE_DAY = timedelta(days=1)
HOURS_A_DAY = 24
LONGEST_SHIFT = 28 * HOURS_A_DAY
LONGEST_LOOK = timedelta(days=92)


@dataclass(frozen=True, slots=True)
class Layer:
    """Persons (ids) who take turns of `shift` hours, the first from `starts` at `handover` minutes past midnight on.

    A shift divides a day evenly or is whole days, so that turns change hands at the same times each day. `hours` are
    when the layer covers at all; none is always.
    """

    id: str
    persons: tuple[str, ...]
    starts: date
    handover: int
    shift: int
    hours: tuple[Hours, ...] = ()


@dataclass(frozen=True, slots=True)
class Override:
    """This person and nobody else, for a while."""

    id: str
    person: str
    span: Span


@dataclass(frozen=True, slots=True)
class Swap:
    """Two persons who take each other's turns, for a while."""

    id: str
    persons: tuple[str, str]
    span: Span


@dataclass(frozen=True, slots=True)
class Rota:
    """A rota under its id and version."""

    id: str
    version: int
    name: str
    layers: tuple[Layer, ...]
    overrides: tuple[Override, ...] = ()
    swaps: tuple[Swap, ...] = ()
    holidays: frozenset[SwedishDay] = USUAL_HOLIDAYS


@dataclass(frozen=True, slots=True)
class Turn:
    """From when, until when, who; nobody where the rota has a gap."""

    starts_at: datetime
    ends_at: datetime
    person: str | None


def who_is_on(rota: Rota, at: datetime) -> str | None:
    """Who is on call at that moment; nobody where the rota has a gap."""
    for override in rota.overrides:
        if override.span.holds(at):
            return override.person
    shown = wall(at)
    for layer in rota.layers:
        if (person := _turn_of(layer, shown, rota.holidays)) is not None:
            return _swapped(rota, person, at)
    return None


def _turn_of(layer: Layer, shown: datetime, held: frozenset[SwedishDay]) -> str | None:
    if shown < _begins(layer):
        return None
    if layer.hours and not any(covers(one, shown, held) for one in layer.hours):
        return None
    return layer.persons[(shown - _begins(layer)) // (layer.shift * ONE_HOUR) % len(layer.persons)]


def _begins(layer: Layer) -> datetime:
    return datetime.combine(layer.starts, time()) + timedelta(minutes=layer.handover)


def _swapped(rota: Rota, person: str, at: datetime) -> str:
    for swap in rota.swaps:
        if swap.span.holds(at) and person in swap.persons:
            person = swap.persons[1] if person == swap.persons[0] else swap.persons[0]
    return person


def turns(rota: Rota, since: datetime, until: datetime) -> list[Turn]:
    """Who is on when, without a hole, from `since` until `until`; at most LONGEST_LOOK of it."""
    until = min(until, since + LONGEST_LOOK)
    edges = sorted({since, *(edge for edge in _edges(rota, since, until) if since < edge < until)})
    found: list[Turn] = []
    for starts_at, ends_at in zip(edges, [*edges[1:], until], strict=True):
        person = who_is_on(rota, starts_at)
        if found and found[-1].person == person:
            found[-1] = Turn(found[-1].starts_at, ends_at, person)
        else:
            found.append(Turn(starts_at, ends_at, person))
    return found


def _edges(rota: Rota, since: datetime, until: datetime) -> Iterator[datetime]:
    """Every moment at which somebody else may be on."""
    for span in _changed(rota).values():
        yield span.starts_at
        if span.ends_at is not None:
            yield span.ends_at
    first, last = since.astimezone(PLACE).date() - ONE_DAY, until.astimezone(PLACE).date()
    for number in range((last - first).days + 1):
        day = datetime.combine(first + number * ONE_DAY, time())
        minutes: set[int] = {0}
        for layer in rota.layers:
            a_day = min(layer.shift, HOURS_A_DAY)
            minutes |= {
                (layer.handover + turn * a_day * 60) % (HOURS_A_DAY * 60) for turn in range(HOURS_A_DAY // a_day)
            }
            minutes |= {minute for hours in layer.hours for minute in (hours.starts, hours.ends)}
        for minute in minutes:
            yield moment(day + timedelta(minutes=minute))


def _changed(rota: Rota) -> dict[str, Span]:
    """When each override and swap holds, by its id."""
    return {**{one.id: one.span for one in rota.overrides}, **{one.id: one.span for one in rota.swaps}}


def gaps(rota: Rota, since: datetime, until: datetime) -> list[Turn]:
    """When nobody is on."""
    return [turn for turn in turns(rota, since, until) if turn.person is None]


def rota_faults(rota: Rota) -> list[str]:
    """Codes for what is wrong with a rota that somebody wants to store, each with the id of what it is about."""
    found = []
    ids = [*(layer.id for layer in rota.layers), *(one.id for one in rota.overrides), *(one.id for one in rota.swaps)]
    found += [f"id_twice:{one}" for one in sorted({one for one in ids if ids.count(one) > 1})]
    for layer in rota.layers:
        even = HOURS_A_DAY % layer.shift == 0 if layer.shift < HOURS_A_DAY else layer.shift % HOURS_A_DAY == 0
        if not 1 <= layer.shift <= LONGEST_SHIFT or not even:
            found.append(f"shift_uneven:{layer.id}")
        if not layer.persons:
            found.append(f"layer_empty:{layer.id}")
    for change, span in _changed(rota).items():
        if span.ends_at is None or span.ends_at <= span.starts_at:
            found.append(f"change_ends:{change}")
    found += [f"swap_alone:{swap.id}" for swap in rota.swaps if swap.persons[0] == swap.persons[1]]
    return found
