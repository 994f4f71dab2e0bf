"""What every message has in common."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, PlainSerializer

from kit.ids import ID

VERSION: Literal[1] = 1

Id = Annotated[str, Field(pattern=ID)]
CommandId = Annotated[str | None, Field(pattern=ID)]
"""What the asker calls this command: the same once more gets the same answer."""


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


At = Annotated[AwareDatetime, PlainSerializer(_iso, return_type=str, when_used="json")]
"""A moment: RFC 3339, UTC, milliseconds."""


class Wire(BaseModel):
    """A message or a part of one: frozen, and unknown fields are refused on the way in."""

    model_config = ConfigDict(frozen=True, extra="forbid", json_schema_serialization_defaults_required=True)
