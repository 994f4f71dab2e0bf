"""Areas as they are sent and stored, and as the core reckons with them."""

from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter

from alarms.core.position import Place
from alarms.core.zone import Circle, Polygon, Shape
from kit.wire.position import CircleBody, PlaceBody, ShapeBody

AREA: TypeAdapter[ShapeBody] = TypeAdapter(ShapeBody)


def shape_of(area: Mapping[str, Any] | ShapeBody) -> Shape:
    """The area, sent or stored, as the core has it."""
    body = AREA.validate_python(area) if isinstance(area, Mapping) else area
    if isinstance(body, CircleBody):
        return Circle(_place(body.centre), body.radius_m)
    return Polygon(tuple(_place(corner) for corner in body.corners))


def _place(body: PlaceBody) -> Place:
    return Place(body.latitude, body.longitude)
