"""Where a person is said to be, consent to it, safe zones, and asking a device.

`GET /api/v1/cases/{id}/position` gives `CasePosition`, `POST /api/v1/cases/{id}/locate` takes `AskWhere` and answers
`LocateView` at once; what comes of it is on the case. `…/residents/{id}/consents` and `…/zones` are the office's.
"""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from kit.wire.model import At, CommandId, Id, Wire
from kit.wire.position_words import ConsentBy, LocateState, ZoneMakes, ZoneStanding, ZoneWatch
from kit.wire.routing import HoursBody, When

Latitude = Annotated[float, Field(ge=-85, le=85, allow_inf_nan=False)]
Longitude = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
_WRITTEN = r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$"
Text = Annotated[str, Field(max_length=300, pattern=_WRITTEN)]

LOCATE_COMMAND = "nattljus.position.ask"


class MapSource(Wire):
    """Where the page gets pictures of the map, as the setting says; `{z}`, `{x}` and `{y}` stand in `tiles`."""

    tiles: str
    attribution: str


class PositionView(Wire):
    """A position. `accuracy_m` is how many metres it may be off; `north` and `east` are SWEREF 99 TM, in Sweden.

    `taken_at` is none where the device did not say; from `old_at` on nobody is known to be there now.
    """

    latitude: float
    longitude: float
    accuracy_m: int | None
    taken_at: At | None
    received_at: At
    old_at: At
    north: int | None
    east: int | None


class ConsentView(Wire):
    """A consent to positioning: from whom (`giver` where it is not the resident's own word), written down by whom."""

    id: str
    given_by: ConsentBy
    giver: str
    given_at: At
    written_by: str
    written_by_name: str
    written_at: At
    withdrawn_at: At | None
    withdrawn_by_name: str | None


class ConsentList(Wire):
    """Every consent of a resident, oldest first; at most the last one stands."""

    items: list[ConsentView]


class GiveConsent(Wire):
    """A consent to write down. Who speaks for the resident is named; `given_at` none is now."""

    given_by: ConsentBy
    giver: Annotated[str, Field(max_length=120, pattern=r"^[^\x00-\x1f\x7f]*$")] = ""
    given_at: When | None = None

    @model_validator(mode="after")
    def _named(self) -> Self:
        if self.given_by is not ConsentBy.RESIDENT and not self.giver.strip():
            raise ValueError("name who has given it")
        return self


class PlaceBody(Wire):
    """Degrees north and east (WGS 84)."""

    latitude: Latitude
    longitude: Longitude


class CircleBody(Wire):
    """Within so many metres of a centre."""

    shape: Literal["circle"] = "circle"
    centre: PlaceBody
    radius_m: Annotated[float, Field(ge=50, le=50_000, allow_inf_nan=False)]


class PolygonBody(Wire):
    """Within these corners, in order."""

    shape: Literal["polygon"] = "polygon"
    corners: Annotated[list[PlaceBody], Field(min_length=3, max_length=50)]


ShapeBody = Annotated[CircleBody | PolygonBody, Field(discriminator="shape")]


class ZoneBody(Wire):
    """A safe zone: what of it is watched, in which hours (none for always), and what a crossing makes."""

    name: Annotated[str, Field(max_length=80, pattern=_WRITTEN)]
    area: ShapeBody
    watch: ZoneWatch = ZoneWatch.LEAVE
    hours: list[HoursBody] = Field(default_factory=list, max_length=20)
    makes: ZoneMakes = ZoneMakes.ALARM


class ZoneView(ZoneBody):
    """A zone and how its resident stands to it; `standing_at` is when the position that says so was taken."""

    id: str
    standing: ZoneStanding
    standing_at: At | None


class ZoneList(Wire):
    """The zones of a resident, oldest first."""

    items: list[ZoneView]


class AskWhere(Wire):
    """Ask a device where it is. `urgent` states why life or health is in danger, where there is no consent."""

    device: Id | None = None
    urgent: Text | None = None
    command_id: CommandId = None


class LocateView(Wire):
    """A question to a device. `next_step_at` is until when it is waited for, none once it has ended."""

    id: str
    state: LocateState
    device: str
    asked_at: At
    by: str
    by_name: str
    urgent: str | None
    next_step_at: At | None
    ended_at: At | None


class CasePosition(Wire):
    """All that a case knows of where its person is. `hidden`: a protected identity's, for who has the case.

    `devices` can be asked; `ask` is the latest question of this case. `map` is none where no tiles are set.
    """

    position: PositionView | None
    hidden: bool
    consent: ConsentView | None
    devices: list[str]
    ask: LocateView | None
    zones: list[ZoneView]
    map: MapSource | None


class LocateCommandData(Wire):
    """What a device is asked. It answers `nattljus.position` with `data.command`, or `nattljus.position.unknown`.

    A position that names the command was taken for it; one that the device had kept says so in `data.position_at`.
    """

    command: str
    expires_at: At


class LocateCommand(Wire):
    """A CloudEvent: on a device's MQTT command topic, or from `GET /api/v1/device/commands`."""

    specversion: Literal["1.0"] = "1.0"
    id: str
    source: Literal["/nattljus"] = "/nattljus"
    type: Literal["nattljus.position.ask"] = "nattljus.position.ask"
    time: At
    data: LocateCommandData


class DeviceCommands(Wire):
    """What a device is asked and has not fetched before."""

    items: list[LocateCommand]
