"""The data of a message: SIA blocks and Contact ID. Pure, and never raises.

    SIA-DCS   Nri1/QA001^kitchen^   N or O (old), modifiers in small letters, codes in capital ones, texts
    ADM-CID   1101 00 001           qualifier and code, partition, zone or user

Rule: of several events in one message the gravest is what the signal is; the others stand beside it. Data in which no
event can be found is an alarm for a human.
"""

import re
from dataclasses import dataclass

from alarms.core.door import Meaning
from alarms.receivers.dc09.codes import UNKNOWN, of_contact_id, of_sia
from kit.wire.words import SignalKind

_CONTACT_ID = re.compile(r"\s*([136])\s?([0-9A-Fa-f]{3})(?:\s?([0-9A-Fa-f]{2}))?(?:\s?([0-9A-Fa-f]{3}))?\s*")
_SIA = re.compile(
    r"(?P<name>[a-z]{2})(?P<value>[0-9:,.\-]*)"
    r"|(?P<code>[A-Z]{2})(?P<number>[0-9]*)"
    r"|\^(?P<text>[^^]*)\^"
    r'|\*"(?P<long>[^"]*)"NM'
    r"|/"
)
_TEXT_BLOCK = "A"
_MODIFIERS = {"ri": "partition", "id": "user"}
_MOST = 20  # events, and texts
_GRAVEST = (
    SignalKind.ALARM,
    SignalKind.TECHNICAL,
    SignalKind.CANCEL,
    SignalKind.RESET,
    SignalKind.RESTORE,
    SignalKind.TEST,
    SignalKind.INFORMATION,
    SignalKind.HEARTBEAT,
)


@dataclass(frozen=True, slots=True)
class Event:
    """One event: its code as it was written, where, and what it asks of us."""

    code: str
    number: str
    meaning: Meaning


@dataclass(frozen=True, slots=True)
class Said:
    """What the data of a message says. `event` is the gravest; none in data that names no event."""

    event: Event | None
    events: tuple[Event, ...] = ()
    details: tuple[tuple[str, str], ...] = ()
    texts: tuple[str, ...] = ()
    defects: tuple[str, ...] = ()

    @property
    def meaning(self) -> Meaning:
        """What it asks of us."""
        return self.event.meaning if self.event else UNKNOWN


def read_contact_id(data: str) -> Said:
    """One event of Contact ID."""
    found = _CONTACT_ID.fullmatch(data)
    if found is None:
        return Said(None, defects=("data",))
    qualifier, code, partition, zone = found.groups()
    event = Event(qualifier + code, zone or "", of_contact_id(qualifier, code))
    return Said(event, (event,), (("partition", partition),) if partition and int(partition, 16) else ())


def read_sia(data: str) -> Said:
    """All events in SIA data, with the texts beside them."""
    events: list[Event] = []
    details: dict[str, str] = {}
    texts: list[str] = []
    unread = False
    for number, block in enumerate(data.split("|")):
        if block[:1] == _TEXT_BLOCK and (number or not _SIA.match(block)):
            texts.append(block[1:])
            continue
        if block[:1] not in {"N", "O"}:
            unread = unread or bool(block)
        unread = _read_block(block[1:] if block[:1] in {"N", "O"} else block, events, details, texts) or unread
    if not events:
        return Said(None, details=tuple(details.items()), texts=tuple(texts[:_MOST]), defects=("data",))
    gravest = min(events, key=lambda one: (_GRAVEST.index(one.meaning.kind), one.meaning.priority))
    wrong = ("data",) if unread else ()
    return Said(gravest, tuple(events[:_MOST]), tuple(details.items()), tuple(texts[:_MOST]), wrong)


def _read_block(block: str, events: list[Event], details: dict[str, str], texts: list[str]) -> bool:
    """Add what the block says; whether some of it could not be read."""
    at, unread = 0, False
    while at < len(block):
        found = _SIA.match(block, at)
        if found is None:
            at, unread = at + 1, True
            continue
        at = found.end()
        if found["code"]:
            events.append(Event(found["code"], found["number"], of_sia(found["code"])))
        elif found["name"] in _MODIFIERS and found["value"]:
            details.setdefault(_MODIFIERS[found["name"]], found["value"])
        elif text := found["text"] or found["long"]:
            texts.append(text)
    return unread
