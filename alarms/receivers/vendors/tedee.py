"""Tedee's webhooks. Pure. Facts from Tedee's own API documentation: "Webhooks overview", "Lock status changed", "Device
connection changed", "Device battery level changed", and the enumerations "Lock state", "Door state", "Device type"
(tedee-tedee-api-doc.readthedocs-hosted.com/en/latest/webhooks/, github.com/tedee-com/tedee-api-doc).

They say: the body is `{event, timestamp, userIdentity, id, data: {deviceId, deviceType, eventTime, …}}`; all is sent
once for each connected user, with the same `data`, so what is the same in `data` is one event here and nothing else
counts. `timestamp` is when it was sent, `eventTime` when it occurred. States on the way (locking, unlocking,
pulling) are not sent. Of a signature they say nothing: the secret stands in the address (`listen`). One message bears
lock and door both, whichever of them has changed; what stands already is then no news.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from pydantic import ValidationError

from alarms.core.door import CHANGED, OPERATED, door_after, lock_after
from alarms.core.signal import Signal
from alarms.locks.remark import Remark, Stands
from alarms.receivers.http.parse import read_event, signal_of
from alarms.receivers.vendors.parse import Caller, Heard, Passed, raw_of
from kit.errors import PeerError
from kit.wire.words import DoorEvent, Reason, SignalKind

PROTOCOL = "tedee"
LOCKS = frozenset({2, 4})
"""Device types that are locks; bridges, keypads and sensors are no devices of ours."""
LOW = 15  # per cent
_KEPT = ("deviceId", "deviceType", "eventTime", "state", "doorState", "isConnected", "batteryLevel")

# As data of our own events, and what they come to.
_OPERATIONS: Mapping[int, tuple[str, DoorEvent]] = {
    2: ("unlock", DoorEvent.UNLOCKED),
    6: ("lock", DoorEvent.LOCKED),
    7: ("unlatch", DoorEvent.UNLATCHED),
    3: ("half locked", DoorEvent.UNKNOWN),
}
_DOORS: Mapping[int, tuple[str, DoorEvent]] = {2: ("open", DoorEvent.OPENED), 3: ("closed", DoorEvent.CLOSED)}


def device_in(said: object) -> str | None:
    """Which lock it is about, none when it says none."""
    data = said.get("data") if isinstance(said, dict) else None
    device = data.get("deviceId") if isinstance(data, dict) else None
    return str(device) if isinstance(device, int) and not isinstance(device, bool) and 0 <= device < 10**18 else None


def read(said: object, caller: Caller, stands: Stands, at: datetime) -> list[Heard]:
    """What Tedee says. Raises PeerError `invalid`."""
    device = device_in(said)
    if device is None or not isinstance(said, dict):
        raise PeerError("invalid", "no device")
    there = ((name, said["data"].get(name)) for name in _KEPT)
    data = {name: value for name, value in there if isinstance(value, int | str) and len(str(value)) <= 64}
    if data.get("deviceType") not in LOCKS:
        return [Passed()]
    match said.get("event"):
        case "lock-status-changed":
            return list(_status(_Said("lock-status-changed", device, data), caller, stands, at))
        case "device-battery-level-changed":
            return [_battery(_Said("device-battery-level-changed", device, data), caller, at)]
        case "device-connection-changed":
            connected = data.get("isConnected")
            if not isinstance(connected, bool):
                raise PeerError("invalid", "neither connected nor not")
            return [Remark(PROTOCOL, device, reachable=connected, principal=caller.principal)]
    return [Passed()]


@dataclass(frozen=True, slots=True)
class _Said:
    """A message: only what we know of it, which is the same for every user it was sent for."""

    event: str
    device: str
    data: dict[str, Any]


def _status(said: _Said, caller: Caller, stands: Stands, at: datetime) -> list[Heard]:
    """What has happened to lock and door: one event for each that stands otherwise than before.

    The first always goes by the message itself: sent again for the next user, when it is no news any more, it is known.
    """
    state, door = _number(said.data.get("state")), _number(said.data.get("doorState", 0))
    lock_said, door_said = _OPERATIONS.get(state), _DOORS.get(door)
    lock_news = lock_said is not None and lock_after(lock_said[1]) != stands.lock
    door_news = door_said is not None and door_after(door_said[1]) != stands.door
    told: list[tuple[str, dict[str, Any]]] = []
    if lock_said is not None and (lock_news or not door_news):
        told.append((OPERATED, {"operation": lock_said[0]}))
    if door_said is not None and (door_news or not told):
        told.append((CHANGED, {"state": door_said[0]}))
    if not told:
        return [Passed()]
    return [
        _signal(said, caller, event_type, data, at, more="" if number == 0 else "door")
        for number, (event_type, data) in enumerate(told)
    ]


def _battery(said: _Said, caller: Caller, at: datetime) -> Heard:
    level = _number(said.data.get("batteryLevel"))
    low = _signal(said, caller, "nattljus.battery.low", {"level": level}, at)
    return low if level <= LOW else replace(low, kind=SignalKind.RESTORE, reason=Reason.BATTERY_LOW)


def _signal(said: _Said, caller: Caller, event_type: str, data: dict[str, Any], at: datetime, more: str = "") -> Signal:
    event = {
        "specversion": "1.0",
        "id": said.event,
        "source": PROTOCOL,
        "type": event_type,
        "time": _moment(said.data.get("eventTime")),
        "data": data,
    }
    try:
        read_as, unread = read_event({name: value for name, value in event.items() if value is not None})
    except ValidationError as error:
        raise PeerError("invalid", "no event") from error
    raw = raw_of({"event": said.event, "data": said.data})
    signal = signal_of(read_as, device=said.device, raw=raw, received_at=at, unread=unread, protocol=PROTOCOL)
    key = f"{PROTOCOL}:{said.device}:{sha256(raw + more.encode()).hexdigest()}"
    return replace(signal, device=None, key=key, type=said.event, principal=caller.principal)


def _number(said: object) -> int:
    if not isinstance(said, int) or isinstance(said, bool) or not 0 <= said < 1000:
        raise PeerError("invalid", "no number")
    return said


def _moment(said: object) -> str | None:
    """When it occurred, where that can be read: a door that cannot say when has opened all the same."""
    if not isinstance(said, str) or len(said) > 40:
        return None
    try:
        moment = datetime.fromisoformat(said)
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).isoformat()
