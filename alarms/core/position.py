"""Where a person was said to be: one fix of a device, how old it is, how good it is, and which of two counts.

An old position shown as a new one sends help to the wrong place. So a fix keeps the moment it was taken, which the
device says; one whose moment nobody knows is never called new, and decides nothing.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

OLD_AFTER = timedelta(minutes=10)
"""From then on a person is not known to be there now: at a walk, that is more than half a kilometre away."""
CLOCK_AHEAD = timedelta(minutes=1)
"""A device's clock may be ahead of ours by this much; a moment further ahead is no moment."""
METRES_FOR_DILUTION = 5.0
"""What horizontal dilution 1 is on the ground: the ranging error of a plain receiver under an open sky."""
WORST = 100_000.0
"""Metres: what is worse says nothing."""
DETAILS = ("latitude", "longitude")

_EARTH = 6_371_008.8  # metres, mean radius (IUGG)


class Misplaced(Exception):
    """What was said is no place on earth. Its text names the field."""


@dataclass(frozen=True, slots=True)
class Place:
    """Degrees north and east (WGS 84)."""

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Fix:
    """A place, when it was taken (none where the device did not say) and came to us, and within how many metres."""

    place: Place
    taken_at: datetime | None
    received_at: datetime
    accuracy: float | None

    def old_at(self) -> datetime:
        """From when on it is old; one whose moment nobody knows was old when it came."""
        return self.received_at if self.taken_at is None else self.taken_at + OLD_AFTER


def read_place(said: Mapping[str, object]) -> tuple[Place, float | None] | None:
    """The place and its accuracy in a device's `latitude`, `longitude`, `accuracy`; none where it says neither.

    Raises Misplaced. An accuracy that cannot be read is none: the place stands.
    """
    if all(said.get(name) is None for name in DETAILS):
        return None
    latitude, longitude = (_number(said.get(name)) for name in DETAILS)
    if latitude is None or abs(latitude) > 90:
        raise Misplaced("latitude")
    if longitude is None or abs(longitude) > 180:
        raise Misplaced("longitude")
    if latitude == 0 and longitude == 0:
        raise Misplaced("latitude")  # what a receiver without a fix says
    accuracy = _number(said.get("accuracy"))
    if accuracy is None or not 0 <= accuracy <= WORST:
        accuracy = None
    return Place(round(latitude, 7), round(longitude, 7)), accuracy


def fix_in(details: Mapping[str, str], occurred_at: datetime | None, received_at: datetime) -> Fix | None:
    """The fix in a signal's details, whichever protocol it came over; none where there is none that can be read.

    It was taken when it says so itself, or else when the signal says that all of it occurred. One that names the
    question it answers was taken for that, and so when it came, unless it says otherwise.
    """
    try:
        found = read_place(details)
    except Misplaced:
        return None
    if found is None:
        return None
    place, accuracy = found
    if accuracy is None and (dilution := _number(details.get("position_dilution"))) is not None:
        accuracy = min(max(dilution, 1.0) * METRES_FOR_DILUTION, WORST)
    answered_at = received_at if "command" in details else None
    said = _moment(details["position_at"]) if "position_at" in details else occurred_at or answered_at
    taken_at = said if said is not None and said <= received_at + CLOCK_AHEAD else None
    return Fix(place, taken_at, received_at, accuracy)


def counts_instead(new: Fix, old: Fix | None) -> bool:
    """Whether the new fix is where the person is said to be now, rather than the one we have.

    One that nobody knows the age of stands only until a known one comes, and takes the place only of what is old.
    """
    if old is None:
        return True
    if new.taken_at is None:
        return old.taken_at is None or old.old_at() <= new.received_at
    return old.taken_at is None or new.taken_at >= old.taken_at


def metres(one: Place, other: Place) -> float:
    """How far apart two places are, along the ground."""
    north = math.radians(other.latitude - one.latitude)
    east = math.radians(other.longitude - one.longitude)
    rise = math.sin(north / 2) ** 2
    run = math.cos(math.radians(one.latitude)) * math.cos(math.radians(other.latitude)) * math.sin(east / 2) ** 2
    return 2 * _EARTH * math.asin(math.sqrt(min(1.0, rise + run)))


def plane(origin: Place, place: Place) -> tuple[float, float]:
    """Metres east and north of an origin that is near: within some tens of kilometres the earth is flat enough."""
    east = math.radians(_turn(place.longitude - origin.longitude)) * math.cos(math.radians(origin.latitude))
    return _EARTH * east, _EARTH * math.radians(place.latitude - origin.latitude)


def _turn(degrees: float) -> float:
    return (degrees + 180.0) % 360.0 - 180.0


def _number(said: object) -> float | None:
    if isinstance(said, bool) or not isinstance(said, int | float | str):
        return None
    try:
        number = float(said)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def _moment(said: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(said)
        return at.astimezone(UTC) if at.utcoffset() is not None else None
    except (ValueError, OverflowError):
        return None
