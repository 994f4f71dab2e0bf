"""What a request asks of us: `mty` first, then `stc`, then `dty` (alarm-protocols.md §1, "Classifying"). Tables only.

Rule: what is not in the tables, in a message of type ME, is an alarm for a human. A restore carries the reason of the
fault it restores, so that it finds the right technical case.
"""

from dataclasses import dataclass

from alarms.receivers.scaip.parse import MessageType, Request
from kit.wire.words import Reason, SignalKind

DANGER, PERSON, URGENT, TECHNICAL, INFORMATION = 1, 2, 3, 4, 5  # priorities


@dataclass(frozen=True, slots=True)
class Meaning:
    """The kind of signal, why, and how urgent (1–5, 1 first)."""

    kind: SignalKind
    reason: Reason | None
    priority: int


_TEST = {102, 103}
_CANCEL = {19}
_RESET = {92, 93}

_FAULTS: dict[int, tuple[Reason, int]] = {
    14: (Reason.BATTERY_LOW, URGENT),
    16: (Reason.BATTERY_LOW, TECHNICAL),
    85: (Reason.MAINS_FAILURE, URGENT),
    **dict.fromkeys((23, 24, 25, 26, 27, 31, 73, 123), (Reason.LINK_FAILURE, URGENT)),
    **dict.fromkeys((52, 95, 122), (Reason.RADIO_INTERFERENCE, URGENT)),
    125: (Reason.TAMPER, URGENT),
    **dict.fromkeys((*range(32, 41), 42, 66, 67, 78, 105), (Reason.MALFUNCTION, URGENT)),
    **dict.fromkeys((43, 44, 45, 65, 68), (Reason.MALFUNCTION, TECHNICAL)),
}

# None: the status does not say what is well again; the device type does.
_RESTORES: dict[int, Reason | None] = {
    15: Reason.BATTERY_LOW,
    20: Reason.BATTERY_LOW,
    86: Reason.MAINS_FAILURE,
    **dict.fromkeys((75, 91, 112, 113, 114, 115, 116, 124), Reason.LINK_FAILURE),
    48: Reason.MALFUNCTION,
    70: None,
    94: None,
}

# States and events that ask nothing of anybody. "Absent" (3) and "non active" (69) are not here: of a bed or a person
# they are alarms. Nor is "abort" (2): nobody has said what is aborted.
_NEWS = {
    4, 5, 8, 12, 13, 18, 21, 28, 29, 30, 41, 47, 62, 72, 80, 82, 83, 84, 87, 88, 89, 96, 97, 98, 99, 108, 109, 111,
    117, 118, 121, 127,
}  # fmt: skip

_ALARM_STATUS: dict[int, tuple[Reason, int]] = {
    81: (Reason.PILL_NOT_TAKEN, PERSON),
    106: (Reason.INTRUDER, PERSON),
    107: (Reason.INTRUDER, PERSON),
    110: (Reason.ASSISTANCE, PERSON),
}

# Statuses that are an alarm of whatever kind the device type is for.
_BY_DEVICE = {
    0, 1, 3, 6, 7, 9, 10, 11, 17, 22, 46, *range(53, 62), 51, 63, 64, 69, 71, 74, 76, 77, 79, 90, 100, 101, 104, 119,
    120, 126,
}  # fmt: skip

_DEVICES: dict[int, tuple[Reason, int]] = {
    **dict.fromkeys((2, 3, 4, 45, 48, 51), (Reason.PRESSED, PERSON)),
    **dict.fromkeys((5, 30), (Reason.FELL, DANGER)),
    **dict.fromkeys((6, 7), (Reason.ATTACK, DANGER)),
    **dict.fromkeys((10, 18), (Reason.INACTIVITY, PERSON)),
    11: (Reason.PILL_NOT_TAKEN, PERSON),
    **dict.fromkeys((12, 13, 44), (Reason.LEFT_BED, PERSON)),
    **dict.fromkeys((14, 35, 43), (Reason.DOOR, PERSON)),
    **dict.fromkeys((15, 29), (Reason.WANDERING, PERSON)),
    **dict.fromkeys((16, 46), (Reason.ASSISTANCE, PERSON)),
    17: (Reason.EPILEPSY, DANGER),
    19: (Reason.UNKNOWN_ALARM, DANGER),
    **dict.fromkeys((21, 26), (Reason.GAS, DANGER)),
    **dict.fromkeys((23, 25, 37, 47), (Reason.FIRE, DANGER)),
    27: (Reason.INTRUDER, DANGER),
    **dict.fromkeys((28, 36), (Reason.INTRUDER, PERSON)),
    **dict.fromkeys((33, 34), (Reason.FLOOD, PERSON)),
}

# Devices that have no button and watch over no person: their alarm is about a thing.
_THINGS: dict[int, tuple[Reason, int]] = {
    **dict.fromkeys((22, 39), (Reason.MALFUNCTION, TECHNICAL)),
    31: (Reason.MALFUNCTION, URGENT),
    **dict.fromkeys((32, 40), (Reason.LINK_FAILURE, URGENT)),
    38: (Reason.TAMPER, URGENT),
    41: (Reason.MAINS_FAILURE, URGENT),
}

_LOCKS = {14, 35, 43}
_DUTY_SWITCHES = {8, 9}
_JAMMED, _AUTOMATIC, _GEOFENCE, _TRACKER = 52, 9, 19, 51


def classify(request: Request) -> Meaning:
    """The kind, reason and priority of a request. Never raises."""
    match request.mty:
        case MessageType.HEARTBEAT:
            return Meaning(SignalKind.HEARTBEAT, None, INFORMATION)
        case MessageType.INFORMATION:
            return Meaning(SignalKind.INFORMATION, None, INFORMATION)
        case MessageType.RESET:
            return _restored(request) or Meaning(SignalKind.RESET, None, INFORMATION)
        case MessageType.MESSAGE:
            return _message(request)


def _message(request: Request) -> Meaning:
    status, device = request.stc, request.dty
    if "stc" in request.defects:
        return _unknown(device)
    if status in _TEST:
        return Meaning(SignalKind.TEST, None, INFORMATION)
    if status in _CANCEL:
        return Meaning(SignalKind.CANCEL, None, INFORMATION)
    if status in _RESET:
        return Meaning(SignalKind.RESET, None, INFORMATION)
    if restored := _restored(request):
        return restored
    if status == _JAMMED and device in _LOCKS:
        return Meaning(SignalKind.TECHNICAL, Reason.MALFUNCTION, URGENT)
    if status in _FAULTS:
        return Meaning(SignalKind.TECHNICAL, *_FAULTS[status])
    if status in _NEWS:
        return Meaning(SignalKind.INFORMATION, None, INFORMATION)
    if status in _ALARM_STATUS:
        return Meaning(SignalKind.ALARM, *_ALARM_STATUS[status])
    if status in _BY_DEVICE:
        return _by_device(request)
    return _unknown(device)


def _restored(request: Request) -> Meaning | None:
    if request.stc not in _RESTORES:
        return None
    if reason := _RESTORES[request.stc]:
        return Meaning(SignalKind.RESTORE, reason, INFORMATION)
    if request.dty in _DEVICES:
        return Meaning(SignalKind.RESET, None, INFORMATION)  # of a person's alarm: a note, never an end to it
    reason, _ = _THINGS.get(request.dty or 0, (Reason.MALFUNCTION, URGENT))
    return Meaning(SignalKind.RESTORE, reason, INFORMATION)


def _by_device(request: Request) -> Meaning:
    device = request.dty
    if device in _DUTY_SWITCHES:
        return Meaning(SignalKind.INFORMATION, None, INFORMATION)
    if device == _TRACKER and request.lco == _GEOFENCE and request.stc == _AUTOMATIC:
        return Meaning(SignalKind.ALARM, Reason.WANDERING, PERSON)
    if device in _THINGS:
        return Meaning(SignalKind.TECHNICAL, *_THINGS[device])
    if device in _DEVICES:
        return Meaning(SignalKind.ALARM, *_DEVICES[device])
    return _unknown(device)


def _unknown(device: int | None) -> Meaning:
    """Nobody can say what it is, so a human looks; as urgent as the device type is when it alarms."""
    priority = _DEVICES.get(device or 0, (None, PERSON))[1]
    return Meaning(SignalKind.ALARM, Reason.UNKNOWN_ALARM, priority)
