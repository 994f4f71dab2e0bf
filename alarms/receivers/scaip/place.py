"""Where the device says it is: the children of `lge` (alarm-protocols.md §1). Pure.

Rule: the fix with the best evidence is taken: a GGA sentence with a right checksum and a fix in it, before bare
coordinates; age and accuracy stay with it, because an old position shown as a new one sends help to the wrong door.
"""

import re
from dataclasses import dataclass
from datetime import datetime

_NUMBER = r"[+-]?[0-9]{1,3}(?:\.[0-9]{1,12})?"
_GEO = re.compile(rf"({_NUMBER})\s*,\s*({_NUMBER})")
_ANGLE = re.compile(r"([0-9]{1,3})([0-9]{2}(?:\.[0-9]{1,10})?)")
_GGA = re.compile(r"\$?([A-Z]{2}GGA,[\x20-\x7e]{10,100}?)(?:\*([0-9A-Fa-f]{2}))?")


@dataclass(frozen=True, slots=True)
class Fix:
    """A position: degrees north and east, when it was taken, and how good it is said to be."""

    latitude: float
    longitude: float
    at: datetime | None = None
    dilution: float | None = None
    """Horizontal dilution of precision: under 2 is good, over 10 is a guess."""
    satellites: int | None = None


def read_geo(text: str) -> Fix | None:
    """`lat,lon` in decimal degrees."""
    found = _GEO.fullmatch(text)
    return _on_earth(float(found[1]), float(found[2])) if found else None


def read_gga(text: str) -> Fix | None:
    """An NMEA 0183 GGA sentence; None when its checksum is wrong or it says there is no fix."""
    found = _GGA.fullmatch(text)
    if found is None:
        return None
    sentence, checksum = found.groups()
    if checksum is not None and _checksum(sentence) != int(checksum, 16):
        return None
    fields = sentence.split(",")
    if len(fields) < 9 or fields[6] in {"", "0"}:
        return None
    latitude = _degrees(fields[2], fields[3], "NS")
    longitude = _degrees(fields[4], fields[5], "EW")
    if latitude is None or longitude is None:
        return None
    satellites = int(fields[7]) if re.fullmatch(r"[0-9]{1,2}", fields[7]) else None
    dilution = float(fields[8]) if re.fullmatch(r"[0-9]{1,3}(?:\.[0-9]{1,3})?", fields[8]) else None
    return _on_earth(latitude, longitude, dilution, satellites)


def read_time(text: str) -> datetime | None:
    """ISO 8601 with its offset; a time without an offset is no time."""
    try:
        at = datetime.fromisoformat(text)
        return at if at.utcoffset() is not None else None
    except ValueError:
        return None


def _checksum(sentence: str) -> int:
    total = 0
    for letter in sentence:
        total ^= ord(letter)
    return total


def _degrees(value: str, side: str, sides: str) -> float | None:
    """`4807.038,N`: two or three digits of degrees, then minutes."""
    found = _ANGLE.fullmatch(value)
    if found is None or side not in tuple(sides) or float(found[2]) >= 60:
        return None
    degrees = int(found[1]) + float(found[2]) / 60
    return degrees if side == sides[0] else -degrees


def _on_earth(
    latitude: float, longitude: float, dilution: float | None = None, satellites: int | None = None
) -> Fix | None:
    if abs(latitude) > 90 or abs(longitude) > 180:
        return None
    return Fix(round(latitude, 7), round(longitude, 7), dilution=dilution, satellites=satellites)
