"""Safe zones: on which side of a border somebody is, and when that is to be told.

A fix decides a side only when its whole circle of accuracy lies on that side, so that a poor fix at the border flaps
nothing. A zone tells once when somebody is on the wrong side while it watches, and again only after the right side, or
after hours in which it did not watch. The table says what follows from what; what decides nothing changes nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from alarms.core.calendar import USUAL_HOLIDAYS, Hours, covers, wall
from alarms.core.position import Fix, Place, metres, plane
from kit.wire.position_words import ZoneStanding, ZoneWatch

LEAST = 15.0
"""Metres: no fix is taken for better than this, so that somebody sitting at the border crosses it only once."""
UNKNOWN_ACCURACY = 100.0
"""Metres that a fix is taken for where the device does not say: a phone among houses."""


@dataclass(frozen=True, slots=True)
class Circle:
    """Everything within so many metres of a centre."""

    centre: Place
    radius: float


@dataclass(frozen=True, slots=True)
class Polygon:
    """What lies within these corners, in order; the last is joined to the first."""

    corners: tuple[Place, ...]


Shape = Circle | Polygon


class Side(StrEnum):
    """On which side of the border."""

    INSIDE = "inside"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class Zone:
    """A zone and how its resident stands to it; `at` is when the fix that last decided was taken."""

    id: str
    shape: Shape
    watch: ZoneWatch
    hours: tuple[Hours, ...]
    standing: ZoneStanding
    at: datetime | None


class Tells(StrEnum):
    """What a fix tells of a zone, if anything."""

    CROSSED = "crossed"
    BACK = "back"


class Sees(StrEnum):
    """What a decisive fix shows: the right side, or the wrong one in or out of the zone's hours."""

    RIGHT = "right"
    WRONG_WATCHED = "wrong_watched"
    WRONG_UNWATCHED = "wrong_unwatched"


_FROM_ANY = {Sees.RIGHT: (ZoneStanding.RIGHT, None), Sees.WRONG_UNWATCHED: (ZoneStanding.WRONG, None)}

TABLE: Mapping[ZoneStanding, Mapping[Sees, tuple[ZoneStanding, Tells | None]]] = {
    ZoneStanding.UNKNOWN: {**_FROM_ANY, Sees.WRONG_WATCHED: (ZoneStanding.TOLD, Tells.CROSSED)},
    ZoneStanding.RIGHT: {**_FROM_ANY, Sees.WRONG_WATCHED: (ZoneStanding.TOLD, Tells.CROSSED)},
    ZoneStanding.WRONG: {**_FROM_ANY, Sees.WRONG_WATCHED: (ZoneStanding.TOLD, Tells.CROSSED)},
    ZoneStanding.TOLD: {
        **_FROM_ANY,
        Sees.RIGHT: (ZoneStanding.RIGHT, Tells.BACK),
        Sees.WRONG_WATCHED: (ZoneStanding.TOLD, None),
    },
}


def decide(zone: Zone, fix: Fix) -> tuple[Zone, Tells | None]:
    """The zone after a fix, and what that tells; nothing where it is older than the last that decided, or of no age."""
    if fix.taken_at is None or (zone.at is not None and fix.taken_at <= zone.at):
        return zone, None
    side = side_of(zone.shape, fix)
    if side is None:
        return zone, None
    standing, tells = TABLE[zone.standing][_sees(zone, side, fix.taken_at)]
    return replace(zone, standing=standing, at=fix.taken_at), tells


def _sees(zone: Zone, side: Side, at: datetime) -> Sees:
    wrong = Side.OUTSIDE if zone.watch is ZoneWatch.LEAVE else Side.INSIDE
    if side is not wrong:
        return Sees.RIGHT
    shown = wall(at)
    watched = not zone.hours or any(covers(hours, shown, USUAL_HOLIDAYS) for hours in zone.hours)
    return Sees.WRONG_WATCHED if watched else Sees.WRONG_UNWATCHED


def side_of(shape: Shape, fix: Fix) -> Side | None:
    """The side on which all of the fix's circle lies; none where the circle crosses the border."""
    about = max(LEAST, UNKNOWN_ACCURACY if fix.accuracy is None else fix.accuracy)
    within = depth(shape, fix.place)
    if within >= about:
        return Side.INSIDE
    return Side.OUTSIDE if -within >= about else None


def depth(shape: Shape, place: Place) -> float:
    """Metres from a place to the border: above zero inside, below zero outside."""
    match shape:
        case Circle(centre, radius):
            return radius - metres(centre, place)
        case Polygon(corners):
            points = [plane(place, corner) for corner in corners]
            edges = list(zip(points, [*points[1:], points[0]], strict=True))
            nearest = min(_to_edge(one, other) for one, other in edges)
            return nearest if _around(edges) else -nearest


Point = tuple[float, float]


def _to_edge(one: Point, other: Point) -> float:
    """Metres from where we stand, (0, 0), to the nearest point of an edge."""
    (x, y), (across, along) = one, (other[0] - one[0], other[1] - one[1])
    length = across * across + along * along
    part = 0.0 if length == 0 else min(1.0, max(0.0, -(x * across + y * along) / length))
    nearest: float = ((x + part * across) ** 2 + (y + part * along) ** 2) ** 0.5
    return nearest


def _around(edges: Sequence[tuple[Point, Point]]) -> bool:
    """Whether the edges go around (0, 0): a line from there eastward crosses them an odd number of times."""
    inside = False
    for (x, y), (to_x, to_y) in edges:
        if (y > 0) != (to_y > 0) and x + (to_x - x) * (-y / (to_y - y)) > 0:
            inside = not inside
    return inside


def crosses_itself(shape: Polygon) -> bool:
    """Whether two edges that are no neighbours meet: then nobody can say what is inside."""
    corners = [plane(shape.corners[0], corner) for corner in shape.corners]
    edges = list(zip(corners, [*corners[1:], corners[0]], strict=True))
    count = len(edges)
    return any(
        _meet(*edges[one], *edges[other])
        for one in range(count)
        for other in range(one + 2, count)
        if not (one == 0 and other == count - 1)
    )


def _meet(a: Point, b: Point, c: Point, d: Point) -> bool:
    def turn(one: Point, two: Point, three: Point) -> float:
        return (two[0] - one[0]) * (three[1] - one[1]) - (two[1] - one[1]) * (three[0] - one[0])

    def between(one: Point, two: Point, three: Point) -> bool:
        return all(min(p, q) <= r <= max(p, q) for p, q, r in zip(one, two, three, strict=True))

    turns = turn(a, b, c), turn(a, b, d), turn(c, d, a), turn(c, d, b)
    if turns[0] * turns[1] < 0 and turns[2] * turns[3] < 0:
        return True
    ends = ((a, b, c), (a, b, d), (c, d, a), (c, d, b))
    return any(bent == 0 and between(*end) for bent, end in zip(turns, ends, strict=True))


def metres_across(shape: Polygon) -> float:
    """The widest distance between two corners."""
    return max(metres(one, other) for one in shape.corners for other in shape.corners)
