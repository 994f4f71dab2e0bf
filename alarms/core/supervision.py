"""When a device is late and lost, and when many lost at once are one incident (domain.md, 10).

A device is silent by what its model promises: late after two missed heartbeats, lost after three. Any valid signal
counts as one. While we did not listen ourselves nobody can have been silent: time is counted from when we listened
again.

An incident is what silent devices of one principal have in common: the thresholds are data below, with their reasons.
It stays within a principal, because a case is one principal's and nobody else may see it; an operator's network that
fails in five municipalities is five cases, and each must be told anyway.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from kit.wire.words import DeviceHealth, Scope

LATE_AFTER, LOST_AFTER = 2, 3
"""Missed heartbeats."""

SINGLE_PRIORITY, INCIDENT_PRIORITY = 4, 3

DEAF_AFTER = timedelta(seconds=45)
"""We looked longer ago than this: nobody listened meanwhile. Four looks and a restart in good order fit within."""

AT_ONCE = timedelta(minutes=30)
"""Devices whose silence was noticed within this are silent at once: two intervals of the slowest usual model (15 min).
One that has been lost since last week says nothing of what happened tonight."""

LEAST = 5
"""Fewer are as many cases: they are looked at one by one. By chance alone, at one lost device in 200 a day, five of a
town of 500 within half an hour happen once in some hundred thousand years."""

ALWAYS = 50
"""As many are an incident however small a part they are: fifty rows would hide everything else."""

SHARES: Mapping[Scope, float] = {
    # A mast or a station in a town with several takes a part of it.
    Scope.TOWN: 0.10,
    Scope.UNIT: 0.10,
    # These are large: five of thousands may be chance, and a true fault of them takes nearly all.
    Scope.NETWORK: 0.05,
    Scope.MODEL: 0.05,
    Scope.PRINCIPAL: 0.05,
}

REST = 4
"""An incident ends when no more than this many, and no more than a fifth, of its devices are still silent: those have
something else, and are then cases of their own."""


@dataclass(frozen=True, slots=True)
class Place:
    """A scope of one principal: its town, unit, network or model by name, or the principal itself."""

    principal: str
    scope: Scope
    name: str

    @property
    def open_key(self) -> str:
        """The key of the incident's case."""
        return f"incident:{self.principal}:{self.scope.value}:{self.name[:80]}"


@dataclass(frozen=True, slots=True)
class Standing:
    """What a device has in common with others; empty is nothing. `town` is empty where a protected identity lives."""

    principal: str
    unit: str
    town: str
    network: str
    model: str

    def places(self) -> tuple[Place, ...]:
        """Every scope it is in."""
        named = (
            (Scope.TOWN, self.town),
            (Scope.UNIT, self.unit),
            (Scope.NETWORK, self.network),
            (Scope.MODEL, self.model),
            (Scope.PRINCIPAL, self.principal),
        )
        return tuple(Place(self.principal, scope, name) for scope, name in named if name)


@dataclass(frozen=True, slots=True)
class Silent:
    """A device that is late or lost."""

    device: str
    standing: Standing
    lost: bool
    interval: timedelta
    """How often it is to be heard."""


Watched = Mapping[Place, Mapping[timedelta, int]]
"""How many devices are watched in each place, by how often they are to be heard."""


@dataclass(frozen=True, slots=True)
class Incident:
    """Many at once, and how many of that place are watched at all."""

    place: Place
    devices: tuple[str, ...]
    watched: int


def single_key(device: str) -> str:
    """The key of the case of one silent device."""
    return f"technical:{device}:silent"


def listening_since(since: datetime, looked_at: datetime, at: datetime) -> datetime:
    """From when silence is counted: anew when nobody has looked for a while, or the clock has been moved."""
    return since if timedelta(0) <= at - looked_at <= DEAF_AFTER else at


def overdue(interval: timedelta, missed: int, at: datetime) -> datetime:
    """Whoever was heard last before this has missed that many heartbeats."""
    return at - missed * interval


def health(interval: timedelta | None, heard_at: datetime, listening: datetime, at: datetime) -> DeviceHealth:
    """How a live device is, by when it was last heard and since when we have listened."""
    if interval is None:
        return DeviceHealth.UNWATCHED
    counted_from = max(heard_at, listening)
    if counted_from <= overdue(interval, LOST_AFTER, at):
        return DeviceHealth.LOST
    return DeviceHealth.LATE if counted_from <= overdue(interval, LATE_AFTER, at) else DeviceHealth.OK


def needed(scope: Scope, watched: int) -> int:
    """How many silent at once make an incident, where that many devices are watched."""
    return min(ALWAYS, max(LEAST, ceil(SHARES[scope] * watched)))


def find_incidents(silent: Sequence[Silent], watched: Watched) -> list[Incident]:
    """The incidents among devices that fell silent at once; each device is in one at the most.

    Of the places that explain enough, the one with most silent devices for its size comes first (count times share): a
    whole town rather than the principal around it, a network rather than each town it fails in. A device that is only
    late counts, since with the same cause it fell silent at the same time, but an incident needs one that is lost.
    """
    left = {one.device: one for one in silent}
    found: list[Incident] = []
    while True:
        best = _best(left.values(), watched)
        if best is None:
            return found
        found.append(best)
        for device in best.devices:
            del left[device]


def _best(silent: Iterable[Silent], watched: Watched) -> Incident | None:
    within: dict[Place, list[Silent]] = {}
    for one in silent:
        for place in one.standing.places():
            within.setdefault(place, []).append(one)
    order = list(Scope)
    best: tuple[float, int, Incident] | None = None
    for place, ones in within.items():
        there = watched.get(place, {})
        slowest = max(one.interval for one in ones)
        of = max(sum(count for interval, count in there.items() if interval <= slowest), len(ones))
        if len(ones) < needed(place.scope, of) or not any(one.lost for one in ones):
            continue
        rank = (len(ones) ** 2 / of, -order.index(place.scope))
        if best is None or rank > best[:2]:
            best = (*rank, Incident(place, tuple(sorted(one.device for one in ones)), max(sum(there.values()), of)))
    return best[2] if best else None


def is_over(silent: int, counted: int) -> bool:
    """Whether an incident has ended, with that many of all it counted still silent."""
    return silent <= min(REST, counted // 5)
