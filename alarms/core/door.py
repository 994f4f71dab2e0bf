"""What a door or its lock says, and what that asks of us. Pure.

The vocabulary is Matter's DoorLock cluster (0x0101); each receiver translates its own into it, as words or as
Matter's numbers. A door forced open and a lock opened under duress concern a person; jammed, ajar, tampered and
battery concern a thing; an ordinary operation is information that stands on the home's history and its open cases.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kit.text import printable
from kit.wire.words import DoorEvent, DoorHow, DoorState, LockOutcome, LockState, Reason, SignalKind

OPERATED = "nattljus.lock.operated"
ALARM = "nattljus.lock.alarm"
CHANGED = "nattljus.door.changed"

_Words = Mapping[int | str, DoorEvent]

# DoorLockAlarm, LockOperation, DoorStateChange and OperationSource by Matter's number, and by each word that is clear.
_ALARMS: _Words = {
    0: DoorEvent.JAMMED,
    1: DoorEvent.TAMPERED,
    3: DoorEvent.FAULT,
    4: DoorEvent.WRONG_CODES,
    5: DoorEvent.TAMPERED,
    6: DoorEvent.FORCED_OPEN,
    7: DoorEvent.AJAR,
    8: DoorEvent.DURESS,
    "jammed": DoorEvent.JAMMED,
    "forced_open": DoorEvent.FORCED_OPEN,
    "forced": DoorEvent.FORCED_OPEN,
    "ajar": DoorEvent.AJAR,
    "door_ajar": DoorEvent.AJAR,
    "duress": DoorEvent.DURESS,
    "forced_user": DoorEvent.DURESS,
    "wrong_codes": DoorEvent.WRONG_CODES,
    "tampered": DoorEvent.TAMPERED,
    "front_removed": DoorEvent.TAMPERED,
    "factory_reset": DoorEvent.TAMPERED,
    "fault": DoorEvent.FAULT,
}
_OPERATIONS: _Words = {
    0: DoorEvent.LOCKED,
    1: DoorEvent.UNLOCKED,
    2: DoorEvent.UNKNOWN,
    3: DoorEvent.DURESS,
    4: DoorEvent.UNLATCHED,
    "lock": DoorEvent.LOCKED,
    "locked": DoorEvent.LOCKED,
    "unlock": DoorEvent.UNLOCKED,
    "unlocked": DoorEvent.UNLOCKED,
    "forced_user": DoorEvent.DURESS,
    "duress": DoorEvent.DURESS,
    "unlatch": DoorEvent.UNLATCHED,
    "unlatched": DoorEvent.UNLATCHED,
}
_STATES: _Words = {
    0: DoorEvent.OPENED,
    1: DoorEvent.CLOSED,
    2: DoorEvent.JAMMED,
    3: DoorEvent.FORCED_OPEN,
    4: DoorEvent.FAULT,
    5: DoorEvent.AJAR,
    "open": DoorEvent.OPENED,
    "opened": DoorEvent.OPENED,
    "closed": DoorEvent.CLOSED,
    "jammed": DoorEvent.JAMMED,
    "forced_open": DoorEvent.FORCED_OPEN,
    "forced": DoorEvent.FORCED_OPEN,
    "error": DoorEvent.FAULT,
    "ajar": DoorEvent.AJAR,
}
_SOURCES: Mapping[int | str, DoorHow] = {
    1: DoorHow.MANUAL,
    2: DoorHow.REMOTE,
    3: DoorHow.KEYPAD,
    4: DoorHow.AUTO,
    5: DoorHow.BUTTON,
    6: DoorHow.SCHEDULE,
    7: DoorHow.REMOTE,
    8: DoorHow.RFID,
    9: DoorHow.BIOMETRIC,
    10: DoorHow.RFID,
    **{how.value: how for how in DoorHow},
}
# Where the word stands in an event's data, and how it is read.
_WHERE: Mapping[str, tuple[str, _Words]] = {
    OPERATED: ("operation", _OPERATIONS),
    ALARM: ("alarm", _ALARMS),
    CHANGED: ("state", _STATES),
}
SECRETS = frozenset({"pin", "code", "access_code", "pin_code", "credential", "credentials"})
"""What some locks send along and nobody here may keep."""


@dataclass(frozen=True, slots=True)
class Door:
    """What happened, how, and by whom: the lock's own number for a user or key, never a name, often empty."""

    event: DoorEvent
    how: DoorHow = DoorHow.UNKNOWN
    by: str = ""

    def told(self) -> dict[str, str]:
        """As a signal's details and a timeline's line carry it; `door_in` is the way back."""
        said = {"door": self.event.value, "how": self.how.value, "by": self.by}
        return {name: word for name, word in said.items() if name == "door" or word not in {"", "unknown"}}


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a door event asks of us."""

    kind: SignalKind
    reason: Reason | None
    priority: int


_INFORMATION = Meaning(SignalKind.INFORMATION, None, 5)
MEANINGS: Mapping[DoorEvent, Meaning] = {
    DoorEvent.FORCED_OPEN: Meaning(SignalKind.ALARM, Reason.DOOR_FORCED, 1),
    DoorEvent.DURESS: Meaning(SignalKind.ALARM, Reason.DURESS, 1),
    DoorEvent.JAMMED: Meaning(SignalKind.TECHNICAL, Reason.DOOR_JAMMED, 3),
    DoorEvent.TAMPERED: Meaning(SignalKind.TECHNICAL, Reason.TAMPER, 3),
    DoorEvent.WRONG_CODES: Meaning(SignalKind.TECHNICAL, Reason.TAMPER, 3),
    DoorEvent.AJAR: Meaning(SignalKind.TECHNICAL, Reason.DOOR_AJAR, 4),
    DoorEvent.FAULT: Meaning(SignalKind.TECHNICAL, Reason.MALFUNCTION, 4),
    DoorEvent.LOCKED: _INFORMATION,
    DoorEvent.UNLOCKED: _INFORMATION,
    DoorEvent.UNLATCHED: _INFORMATION,
    DoorEvent.OPENED: _INFORMATION,
    DoorEvent.CLOSED: _INFORMATION,
    DoorEvent.UNKNOWN: _INFORMATION,
}
UNKNOWN_ALARM = Meaning(SignalKind.ALARM, Reason.UNKNOWN_ALARM, 2)
"""A lock's alarm that nobody understands is for a human: it may be the forced door."""


def read_door(event_type: str, data: Mapping[str, Any] | None) -> tuple[Door, Meaning, tuple[str, ...]] | None:
    """What an event of a lock or door says, what it asks of us, and what in it was wrong; none for other types.

    `data` is `{"operation"|"alarm"|"state": word or Matter's number, "source"?, "user"?}`.
    """
    if event_type not in _WHERE:
        return None
    name, words = _WHERE[event_type]
    said = data or {}
    defects: list[str] = []
    event = words.get(_word(said.get(name)))
    if event is None:
        defects.append(name)
        event = DoorEvent.UNKNOWN
    how = _SOURCES.get(_word(said.get("source")), DoorHow.UNKNOWN)
    by = said.get("user", "")
    if not isinstance(by, str | int) or isinstance(by, bool):
        defects.append("user")
        by = ""
    meaning = UNKNOWN_ALARM if event_type == ALARM and event is DoorEvent.UNKNOWN else MEANINGS[event]
    return Door(event, how, printable(str(by), 40)), meaning, tuple(defects)


def _word(said: object) -> int | str:
    """A word in our spelling, or a number; nothing that is in a table where it is neither."""
    if isinstance(said, str):
        word = said.strip().lower().replace("-", "_").replace(" ", "_")
        return int(word) if word.isascii() and word.isdecimal() and len(word) < 4 else word
    return said if isinstance(said, int) and not isinstance(said, bool) else ""


def without_secrets(event: object) -> object:
    """An event as it came, its `data` without codes that open doors."""
    if not isinstance(event, dict) or not isinstance(event.get("data"), dict):
        return event
    if not isinstance(event.get("type"), str) or event["type"] not in _WHERE:
        return event
    kept = {name: said for name, said in event["data"].items() if str(name).lower() not in SECRETS}
    return {**event, "data": kept}


def door_in(details: Mapping[str, str]) -> Door | None:
    """What `told` put into a signal's details; none when it is no door's."""
    if "door" not in details:
        return None
    return Door(DoorEvent(details["door"]), DoorHow(details.get("how", "unknown")), details.get("by", ""))


_LOCK_STANDS = {
    DoorEvent.LOCKED: LockState.LOCKED,
    DoorEvent.UNLOCKED: LockState.UNLOCKED,
    DoorEvent.UNLATCHED: LockState.UNLATCHED,
    DoorEvent.JAMMED: LockState.JAMMED,
}
_DOOR_STANDS = {
    DoorEvent.OPENED: DoorState.OPEN,
    DoorEvent.FORCED_OPEN: DoorState.OPEN,
    DoorEvent.CLOSED: DoorState.CLOSED,
    DoorEvent.AJAR: DoorState.AJAR,
}
_OPENS = frozenset({DoorEvent.UNLOCKED, DoorEvent.UNLATCHED, DoorEvent.OPENED})


def lock_after(event: DoorEvent) -> LockState | None:
    """How the lock stands after that, none when the event does not say."""
    return _LOCK_STANDS.get(event)


def door_after(event: DoorEvent) -> DoorState | None:
    """How the door stands after that, none when the event does not say."""
    return _DOOR_STANDS.get(event)


def answers(event: DoorEvent) -> LockOutcome | None:
    """What this event, coming after a command to open, says of that command; none when it says nothing."""
    if event in _OPENS:
        return LockOutcome.OPENED
    return LockOutcome.JAMMED if event is DoorEvent.JAMMED else None


_FROM_INSIDE = frozenset({DoorHow.MANUAL, DoorHow.AUTO, DoorHow.SCHEDULE, DoorHow.BUTTON})


def proves_arrival(door: Door) -> bool:
    """Whether a door that says this has been opened from outside: what the lock did by hand, button or clock may be the
    resident's own doing, and a door's own contact does not say from where.
    """
    return door.event in {DoorEvent.UNLOCKED, DoorEvent.UNLATCHED} and door.how not in _FROM_INSIDE
