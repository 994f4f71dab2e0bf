"""The resident's socket, `/api/v1/home`: the whole state each time, so that a page that was away needs no history."""

from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from kit.wire.model import VERSION, At, Wire


class HomeAlarm(Wire):
    """The resident's open alarm. `handled_by` is a first name, none until somebody has taken it."""

    case: str
    received_at: At
    presses: int
    handled_by: str | None
    handled_at: At | None


class HomeStatus(Wire):
    """What the page shows. `alarm` is none when no case is open; `helper` is the alarm centre's name."""

    type: Literal["status"] = "status"
    version: Literal[1] = VERSION
    at: At
    resident_name: str
    device: str
    helper: str
    call_number: str
    alarm: HomeAlarm | None


class HomeBeat(Wire):
    """The line lives; each second."""

    type: Literal["beat"] = "beat"
    at: At


HomeOut = Annotated[HomeStatus | HomeBeat, Field(discriminator="type")]
home_out: TypeAdapter[HomeStatus | HomeBeat] = TypeAdapter(HomeOut)
