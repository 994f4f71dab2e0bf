"""A CloudEvent into a signal. Pure.

An alarm with a defect in what is optional is still raised, with the defect noted: a life outranks a syntax error. A
type that begins with `nattljus.alarm.` and that we do not know is an alarm for a human, and so is a lock's alarm that
says nothing we understand; any other unknown type is refused.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from pydantic import ValidationError

from alarms.core import door
from alarms.core.door import Meaning
from alarms.core.position import DETAILS, Misplaced, read_place
from alarms.core.signal import Signal
from kit.errors import PeerError
from kit.text import printable
from kit.wire.event import DeviceEvent
from kit.wire.words import Reason, SignalKind

PROTOCOL = "http"
ALARMS = "nattljus.alarm."
POSITION = "nattljus.position"
RAISED_ALL_THE_SAME = (ALARMS, door.ALARM)
OPTIONAL = {"time", "data"}
"""What an alarm is raised without when it cannot be read."""
SHOWN = ("trigger", "text", "level", "latitude", "longitude", "accuracy", "position_at", "place", "command")
"""What of an event's data the desk is shown; the rest stays in the raw event."""

MEANINGS: Mapping[str, Meaning] = {
    "nattljus.alarm.pressed": Meaning(SignalKind.ALARM, Reason.PRESSED, 2),
    "nattljus.alarm.fall": Meaning(SignalKind.ALARM, Reason.FELL, 1),
    "nattljus.alarm.cancelled": Meaning(SignalKind.CANCEL, None, 5),
    "nattljus.test.pressed": Meaning(SignalKind.TEST, None, 5),
    "nattljus.heartbeat": Meaning(SignalKind.HEARTBEAT, None, 5),
    POSITION: Meaning(SignalKind.INFORMATION, None, 5),
    "nattljus.position.unknown": Meaning(SignalKind.INFORMATION, None, 5),
    "nattljus.battery.low": Meaning(SignalKind.TECHNICAL, Reason.BATTERY_LOW, 4),
}
UNKNOWN_ALARM = Meaning(SignalKind.ALARM, Reason.UNKNOWN_ALARM, 2)


def meaning_of(event_type: str) -> Meaning:
    """What this type asks of us. Raises PeerError `type_unknown`."""
    found = MEANINGS.get(event_type)
    if found is not None:
        return found
    if event_type.startswith(ALARMS):
        return UNKNOWN_ALARM
    raise PeerError("type_unknown", "no such event type")


def read_event(said: object) -> tuple[DeviceEvent, tuple[str, ...]]:
    """The event in what was said, and its defects: an alarm loses what is optional and unreadable.

    Raises ValidationError, with the places counted from the event.
    """
    try:
        return DeviceEvent.model_validate(said), ()
    except ValidationError as error:
        defects = _forgivable(error.errors(include_url=False), said)
        if defects is None:
            raise
    assert isinstance(said, dict)
    mended = {name: value for name, value in said.items() if name not in defects}
    return DeviceEvent.model_validate(mended), tuple(sorted(defects))


def _forgivable(errors: Sequence[Any], said: object) -> set[str] | None:
    """What is to be left out of the event, none when that would not be enough."""
    event_type = said.get("type") if isinstance(said, dict) else None
    if not isinstance(event_type, str) or not event_type.startswith(RAISED_ALL_THE_SAME):
        return None
    defects = {error["loc"][0] if error["loc"] else "" for error in errors}
    return defects if defects <= OPTIONAL else None


def signal_of(
    event: DeviceEvent,
    *,
    device: str,
    raw: bytes,
    received_at: datetime,
    unread: Sequence[str] = (),
    protocol: str = PROTOCOL,
) -> Signal:
    """The signal in an event from that device (its registry id is its account).

    Raises PeerError `type_unknown`, and `position_invalid` for a position that is none: anything else stands without.
    `unread` names what was left out of the event because it could not be read. `protocol` is what carried it.
    """
    details, defects = _details(event)
    details, misplaced = _placed(event.type, details)
    defects = (*defects, *misplaced)
    said = door.read_door(event.type, event.data)
    if said is None:
        meaning = meaning_of(event.type)
    else:
        told, meaning, unclear = said
        details |= told.told()
        defects = (*defects, *unclear)
    occurred_at, wrong = _moment(event.time)
    # With the type, so that a device which counts anew after a restart has no press taken for an older battery signal.
    named = f"{len(event.source)}:{event.source}{len(event.id)}:{event.id}{event.type}"
    key = sha256(named.encode("utf-8", "surrogatepass")).hexdigest()
    return Signal(
        protocol=protocol,
        account=device,
        device=device,
        key=f"{protocol}:{device}:{key}",
        kind=meaning.kind,
        reason=meaning.reason,
        priority=meaning.priority,
        type=printable(event.type, 128),
        reference=printable(event.id, 128),
        received_at=received_at,
        occurred_at=occurred_at,
        raw=raw,
        defects=(*unread, *wrong, *defects),
        details=details,
    )


def _moment(said: datetime | None) -> tuple[datetime | None, tuple[str, ...]]:
    """When it occurred, in UTC; a moment of year 1 or 9999 may have none there."""
    try:
        return (said and said.astimezone(UTC)), ()
    except OverflowError:
        return None, ("time",)


def _placed(event_type: str, details: dict[str, str]) -> tuple[dict[str, str], tuple[str, ...]]:
    """The details without a position that is none, which is a defect then. Raises PeerError `position_invalid`."""
    try:
        if read_place(details) is None and event_type == POSITION:
            raise PeerError("position_invalid", "a position without coordinates")
    except Misplaced as misplaced:
        if event_type == POSITION:
            raise PeerError("position_invalid", f"no {misplaced} on earth") from misplaced
        rest = {name: said for name, said in details.items() if name not in {*DETAILS, "accuracy"}}
        return rest, (str(misplaced),)
    return details, ()


def _details(event: DeviceEvent) -> tuple[dict[str, str], tuple[str, ...]]:
    details: dict[str, str] = {}
    defects: list[str] = []
    for name in SHOWN:
        value = (event.data or {}).get(name)
        if value is None:
            continue
        if isinstance(value, str | int | float) and not isinstance(value, bool):
            details[name] = printable(str(value), 200)
        else:
            defects.append(name)
    return details, tuple(defects)
