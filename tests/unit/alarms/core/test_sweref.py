"""Degrees into the Swedish grid, against check points that Lantmäteriet has published."""

import pytest

from alarms.core.position import Place
from alarms.core.sweref import sweref


@pytest.mark.parametrize(
    ("latitude", "longitude", "north", "east"),
    [
        (55.0, 12.75, 6097106.672, 356083.438),
        (55.0, 14.25, 6095048.642, 452024.069),
        (57.0, 12.75, 6319636.937, 363331.554),
        (57.0, 19.5, 6326392.707, 773251.054),
        (59.0, 11.25, 6546096.724, 284626.066),
        (59.0, 19.5, 6548757.206, 758410.519),
        (63.0, 12.0, 6989134.048, 348083.148),
        (65.0, 13.5, 7209293.753, 429270.201),
        (67.0, 16.5, 7432168.174, 565398.458),
        (69.0, 21.0, 7666089.698, 739639.195),
    ],
)
def test_the_grid_is_lantmateriets_to_the_millimetre(
    latitude: float, longitude: float, north: float, east: float
) -> None:
    found = sweref(Place(latitude, longitude))
    assert found is not None
    assert found == pytest.approx((north, east), abs=0.001)


@pytest.mark.parametrize("place", [Place(48.85, 2.35), Place(-57.7, 11.9), Place(57.7, -11.9), Place(90, 180)])
def test_what_is_not_in_sweden_has_no_place_in_the_grid(place: Place) -> None:
    assert sweref(place) is None
