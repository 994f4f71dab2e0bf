"""What a Nuki lock publishes on its own topics, into our words. Pure.

`state` says how the lock stands and is what confirms a command; `lockActionEvent` says who began what, and how, before
the motor has done it. Numbers are Nuki's; those that say nothing to us are no news.
"""

from alarms.core.door import Door
from alarms.receivers.mqtt.said import LockSaid
from kit.errors import PeerError
from kit.wire.words import DoorEvent, DoorHow, LockOutcome

PROTOCOL = "nuki"
ACTIONS = {"unlock": "1", "unlatch": "3"}
"""What goes to `lockAction` to open the door."""
HAPPENINGS = frozenset({"lockActionEvent", "commandResponse"})
"""Leaves that tell what happened; the others tell how it stands, and the broker keeps them."""

_STATE = {
    1: DoorEvent.LOCKED,
    3: DoorEvent.UNLOCKED,
    5: DoorEvent.UNLATCHED,
    6: DoorEvent.UNLOCKED,  # unlocked, and will lock itself
    254: DoorEvent.JAMMED,
}
_ACTION = {
    1: DoorEvent.UNLOCKED,
    2: DoorEvent.LOCKED,
    3: DoorEvent.UNLATCHED,
    4: DoorEvent.UNLOCKED,
    5: DoorEvent.UNLATCHED,
}
_TRIGGER = {
    0: DoorHow.REMOTE,
    1: DoorHow.MANUAL,
    2: DoorHow.BUTTON,
    3: DoorHow.AUTO,
    6: DoorHow.AUTO,
    171: DoorHow.REMOTE,
    172: DoorHow.REMOTE,
}
_SENSOR = {2: DoorEvent.CLOSED, 3: DoorEvent.OPENED, 240: DoorEvent.TAMPERED}
_FINGERPRINT = 2  # of the keypad's sources
_TRUTH = {"true": True, "false": False}


def read(leaf: str, payload: bytes) -> LockSaid | None:
    """What a lock said on this leaf; none when it is no news to us. Raises PeerError `invalid`."""
    text = payload.decode("utf-8", "replace").strip()
    match leaf:
        case "state":
            return _door(_STATE.get(_number(text)))
        case "doorsensorState":
            return _door(_SENSOR.get(_number(text)))
        case "lockActionEvent":
            return _action(text)
        case "batteryCritical":
            return LockSaid(battery_low=_truth(text))
        case "connected":
            return LockSaid(reachable=_truth(text))
        case "commandResponse":
            return LockSaid(outcome=LockOutcome.REFUSED) if _number(text) else None
    raise PeerError("invalid", "no such leaf")


def _door(event: DoorEvent | None) -> LockSaid | None:
    return None if event is None else LockSaid(Door(event), reachable=True)


def _action(text: str) -> LockSaid | None:
    """`action,trigger,authId,codeId,source`; whoever has a code is named by it, else by the authorisation."""
    parts = text.split(",")
    if len(parts) != 5:
        raise PeerError("invalid", "no action")
    action, trigger, auth, code, source = map(_number, parts)
    event = _ACTION.get(action)
    if event is None:
        return None
    how = _TRIGGER.get(trigger, DoorHow.UNKNOWN)
    if code:
        how = DoorHow.BIOMETRIC if source == _FINGERPRINT else DoorHow.KEYPAD
    return LockSaid(Door(event, how, str(code or auth or "")), begun=True, reachable=True)


def _number(text: str) -> int:
    text = text.strip()
    if not (text.isascii() and text.isdecimal() and len(text) <= 10):
        raise PeerError("invalid", "not a number")
    return int(text)


def _truth(text: str) -> bool:
    if text.lower() not in _TRUTH:
        raise PeerError("invalid", "neither true nor false")
    return _TRUTH[text.lower()]
