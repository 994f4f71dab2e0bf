"""What a device sends to `POST /api/v1/device/events`: CloudEvents 1.0 in structured JSON (spec 1.0.2, §3.1)."""

from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from kit.wire.model import Wire


class DeviceEvent(BaseModel):
    """One event. `id` with `source` makes it idempotent. Attributes we do not know are kept with the raw event."""

    model_config = ConfigDict(frozen=True, extra="allow", json_schema_serialization_defaults_required=True)

    specversion: Literal["1.0"]
    id: Annotated[str, Field(min_length=1, max_length=128)]
    source: Annotated[str, Field(min_length=1, max_length=256)]
    type: Annotated[str, Field(min_length=1, max_length=128)]
    time: AwareDatetime | None = None
    data: dict[str, Any] | None = None


class Accepted(Wire):
    """The events are stored. `cases` are the ids of the cases they are on, oldest event first, each once."""

    accepted: int
    cases: list[str]


class EventKept(Wire):
    """What became of an event that a device sent over MQTT, told where it asked to be told (its Response Topic).

    `stored`: it is stored, now or by an earlier try, and need not be sent again. Otherwise `outcome` says why not.
    """

    stored: bool
    outcome: str


class Problem(Wire):
    """An error as RFC 9457 problem details; `code` is stable, `title` is a sentence."""

    type: str
    title: str
    status: int
    code: str
    detail: dict[str, str | None] | None = None


class RefusedEvent(Wire):
    """One event of an array that could not be understood: where it stood, and why as in a problem of its own."""

    index: int
    code: str
    detail: dict[str, str | None] | None = None


class EventsRefused(Problem):
    """Some of an array's events could not be understood: the `errors`. The others are stored, as `Accepted` says."""

    accepted: int
    cases: list[str]
    errors: list[RefusedEvent]
