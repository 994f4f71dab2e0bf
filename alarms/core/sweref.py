"""SWEREF 99 TM, the grid on Swedish maps: from degrees by Gauss's conformal projection, as Lantmäteriet gives it.

Series in the third flattening up to its fourth power; in Sweden the error is below a millimetre.
"""

import math

from alarms.core.position import Place

_AXIS = 6_378_137.0  # metres, GRS 80
_FLATTENING = 1 / 298.257222101
_MERIDIAN = math.radians(15.0)
_SCALE = 0.9996
_EAST = 500_000.0
_E2 = _FLATTENING * (2 - _FLATTENING)
_N = _FLATTENING / (2 - _FLATTENING)
_RADIUS = _AXIS / (1 + _N) * (1 + _N**2 / 4 + _N**4 / 64)
_LATITUDE = (
    _E2,
    (5 * _E2**2 - _E2**3) / 6,
    (104 * _E2**3 - 45 * _E2**4) / 120,
    1237 * _E2**4 / 1260,
)
_SERIES = (
    _N / 2 - 2 * _N**2 / 3 + 5 * _N**3 / 16 + 41 * _N**4 / 180,
    13 * _N**2 / 48 - 3 * _N**3 / 5 + 557 * _N**4 / 1440,
    61 * _N**3 / 240 - 103 * _N**4 / 140,
    49561 * _N**4 / 161280,
)
_SWEDEN = (54.0, 70.5, 9.0, 25.5)  # degrees: south, north, west, east; the sea included


def sweref(place: Place) -> tuple[float, float] | None:
    """North and east in metres; none for what lies outside Sweden and its waters, where the grid is not meant."""
    south, north, west, east = _SWEDEN
    if not (south <= place.latitude <= north and west <= place.longitude <= east):
        return None
    phi = math.radians(place.latitude)
    sin2 = math.sin(phi) ** 2
    a, b, c, d = _LATITUDE
    conformal = phi - math.sin(phi) * math.cos(phi) * (a + b * sin2 + c * sin2**2 + d * sin2**3)
    turned = math.radians(place.longitude) - _MERIDIAN
    xi = math.atan2(math.tan(conformal), math.cos(turned))
    eta = math.atanh(math.cos(conformal) * math.sin(turned))
    along = xi + sum(k * math.sin(2 * i * xi) * math.cosh(2 * i * eta) for i, k in enumerate(_SERIES, 1))
    across = eta + sum(k * math.cos(2 * i * xi) * math.sinh(2 * i * eta) for i, k in enumerate(_SERIES, 1))
    return _SCALE * _RADIUS * along, _EAST + _SCALE * _RADIUS * across
