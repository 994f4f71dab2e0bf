"""A CloudEvent into a signal. Pure.

An alarm with a defect in its data is still raised, with the defect noted: a life outranks a syntax error. A type that
begins with `nattljus.alarm.` and that we do not know is an alarm for a human; any other unknown type is refused.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from alarms.core.signal import Signal
from kit.errors import PeerError
from kit.text import printable
from kit.wire.event import DeviceEvent
from kit.wire.words import Reason, SignalKind

PROTOCOL = "http"
PREFIX = "nattljus."
SHOWN = ("trigger", "text", "level", "latitude", "longitude", "accuracy", "place")
"""What of an event's data the desk is shown; the rest stays in the raw event."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What an event type asks of us. Priority 1 comes first."""

    kind: SignalKind
    reason: Reason | None
    priority: int


MEANINGS: Mapping[str, Meaning] = {
    "nattljus.alarm.pressed": Meaning(SignalKind.ALARM, Reason.PRESSED, 2),
    "nattljus.alarm.fall": Meaning(SignalKind.ALARM, Reason.FELL, 1),
    "nattljus.alarm.cancelled": Meaning(SignalKind.CANCEL, None, 5),
    "nattljus.test.pressed": Meaning(SignalKind.TEST, None, 5),
    "nattljus.heartbeat": Meaning(SignalKind.HEARTBEAT, None, 5),
    "nattljus.position": Meaning(SignalKind.INFORMATION, None, 5),
    "nattljus.battery.low": Meaning(SignalKind.TECHNICAL, Reason.BATTERY_LOW, 4),
}
UNKNOWN_ALARM = Meaning(SignalKind.ALARM, Reason.UNKNOWN_ALARM, 2)


def meaning_of(event_type: str) -> Meaning:
    """What this type asks of us. Raises PeerError `type_unknown`."""
    found = MEANINGS.get(event_type)
    if found is not None:
        return found
    if event_type.startswith("nattljus.alarm."):
        return UNKNOWN_ALARM
    raise PeerError("type_unknown", "no such event type")


def signal_of(event: DeviceEvent, *, device: str, raw: bytes, received_at: datetime) -> Signal:
    """The signal in an event from that device (its registry id is its account). Raises PeerError `type_unknown`."""
    meaning = meaning_of(event.type)
    details, defects = _details(event)
    key = sha256(f"{len(event.source)}:{event.source}{event.id}".encode("utf-8", "replace")).hexdigest()
    return Signal(
        protocol=PROTOCOL,
        account=device,
        device=device,
        key=f"{PROTOCOL}:{device}:{key}",
        kind=meaning.kind,
        reason=meaning.reason,
        priority=meaning.priority,
        type=printable(event.type, 128),
        reference=printable(event.id, 128),
        received_at=received_at,
        occurred_at=event.time,
        raw=raw,
        defects=defects,
        details=details,
    )


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
