"""Which line of a timeline is which event outside, and what of it may be told there: ids, codes and numbers.

What is not in `SAID` is not told, so a line that learns to say something new says it to nobody outside by itself; and
what is no id or code by its form is not told either, so words that somebody wrote never are.
"""

import re
from collections.abc import Mapping
from typing import Any

from kit.ids import ID
from kit.wire.outward import EventType
from kit.wire.words import Measure, Reason, TimelineKind

TYPES: Mapping[TimelineKind, EventType] = {
    TimelineKind.RAISED: EventType.CASE_RAISED,
    TimelineKind.SIGNAL: EventType.CASE_SIGNAL,
    TimelineKind.TAKEN: EventType.CASE_TAKEN,
    TimelineKind.TAKEN_OVER: EventType.CASE_TAKEN,
    TimelineKind.RELEASED: EventType.CASE_RELEASED,
    TimelineKind.ESCALATED: EventType.CASE_ESCALATED,
    TimelineKind.FORWARDED: EventType.CASE_HANDED_OVER,
    TimelineKind.HANDED_OVER: EventType.CASE_HANDED_OVER,
    TimelineKind.NAMED: EventType.CASE_NAMED,
    TimelineKind.MERGED: EventType.CASE_MERGED,
    TimelineKind.CLOSED: EventType.CASE_CLOSED,
    TimelineKind.MISSION_SENT: EventType.MISSION_SENT,
    TimelineKind.MISSION_ACCEPTED: EventType.MISSION_ACCEPTED,
    TimelineKind.MISSION_DECLINED: EventType.MISSION_DECLINED,
    TimelineKind.MISSION_ON_THE_WAY: EventType.MISSION_ON_THE_WAY,
    TimelineKind.MISSION_ARRIVED: EventType.MISSION_ARRIVED,
    TimelineKind.MISSION_NO_ANSWER: EventType.MISSION_NO_ANSWER,
    TimelineKind.MISSION_GOT_IN: EventType.MISSION_GOT_IN,
    TimelineKind.MISSION_DONE: EventType.MISSION_DONE,
    TimelineKind.MISSION_CANCELLED: EventType.MISSION_CANCELLED,
    TimelineKind.MISSION_URGENT: EventType.MISSION_URGENT,
    TimelineKind.DOOR: EventType.DOOR_TOLD,
    TimelineKind.LOCK_OPENED: EventType.DOOR_OPENED,
    TimelineKind.LOCK_FAILED: EventType.DOOR_FAILED,
}

_SIGNAL = ("signal", "kind", "reason")
SAID: Mapping[EventType, tuple[str, ...]] = {
    EventType.CASE_RAISED: ("signal", "door", "how"),
    EventType.CASE_SIGNAL: _SIGNAL,
    EventType.CASE_TAKEN: ("from",),
    EventType.CASE_RELEASED: (),
    EventType.CASE_ESCALATED: ("step", "id", "reached"),
    EventType.CASE_HANDED_OVER: ("from", "to", "desk"),
    EventType.CASE_NAMED: (),
    EventType.CASE_MERGED: ("into", "from"),
    EventType.CASE_CLOSED: ("cause", "measure", "nobody"),
    EventType.MISSION_SENT: ("mission", "unit", "person"),
    EventType.MISSION_ACCEPTED: ("mission", "minutes"),
    EventType.MISSION_DECLINED: ("mission", "reason"),
    EventType.MISSION_ON_THE_WAY: ("mission",),
    EventType.MISSION_ARRIVED: ("mission", "how", "reason", "lock"),
    EventType.MISSION_NO_ANSWER: ("mission",),
    EventType.MISSION_GOT_IN: ("mission",),
    EventType.MISSION_DONE: ("mission",),
    EventType.MISSION_CANCELLED: ("mission",),
    EventType.MISSION_URGENT: ("mission", "step", "times"),
    EventType.DOOR_TOLD: (*_SIGNAL, "door", "how"),
    EventType.DOOR_OPENED: ("lock",),
    EventType.DOOR_FAILED: ("lock", "outcome"),
    EventType.DEVICE_SILENT: (),
    EventType.DEVICE_HEARD: (),
}

SILENCE = frozenset({Reason.SILENT, Reason.MANY_SILENT})


def event_types(kind: str, reason: str, data: Mapping[str, Any]) -> tuple[EventType, ...]:
    """What a line on a case with that reason is outside; nothing for what is told nobody, or not known yet."""
    try:
        of_case = TYPES.get(TimelineKind(kind))
    except ValueError:
        return ()
    first = () if of_case is None else (of_case,)
    if reason not in SILENCE:
        return first
    if kind == TimelineKind.RAISED:
        return (*first, EventType.DEVICE_SILENT)
    heard = kind in {TimelineKind.ENDED, TimelineKind.CLOSED} and data.get("measure") == Measure.CAME_BACK
    return (*first, EventType.DEVICE_HEARD) if heard else first


def said(event_type: EventType, data: Mapping[str, Any]) -> dict[str, str | int]:
    """What an event of that type tells of what its line says."""
    told: dict[str, str | int] = {}
    for name in SAID[event_type]:
        value = data.get(name)
        if isinstance(value, int) or (isinstance(value, str) and re.fullmatch(ID, value)):
            told[name] = value
    return told
