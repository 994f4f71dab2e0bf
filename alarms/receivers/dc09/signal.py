"""From a message of DC-09 to the hub's `Signal`. Pure."""

import hashlib
import re
from datetime import datetime

from alarms.core.position import Misplaced, read_place
from alarms.core.signal import Signal
from alarms.receivers.dc09.codes import HEARTBEAT
from alarms.receivers.dc09.events import Said, read_contact_id, read_sia
from alarms.receivers.dc09.parse import Content, Envelope
from kit.text import printable

PROTOCOL = "dc09"
SUPERVISION = "NULL"
READERS = {"SIA-DCS": read_sia, "ADM-CID": read_contact_id}
TOKENS = frozenset({SUPERVISION, *READERS})

_UNCOUNTED = "0000"
_DECIMAL = re.compile(r"[+-]?[0-9]{1,3}(?:\.[0-9]{1,12})?")
_MINUTES = re.compile(r"([0-9]{1,3})([NSEW])([0-9]{1,2}(?:\.[0-9]{1,10})?)")
_SIDES = {"latitude": "NS", "longitude": "EW"}


def account_of(envelope: Envelope, content: Content | None = None) -> str:
    """Who the device says it is: in front of the message, or else in front of its data; '' where it says nowhere."""
    return (envelope.account or (content.account if content else None) or "").upper()


def to_signal(envelope: Envelope, content: Content, raw: bytes, received_at: datetime) -> Signal:
    """The signal of a message; `raw` is its frame as it came.

    Sent again under the same number with the same data, it is the same signal, whatever its timestamp says by then. A
    message without a number of its own (0000) is always a new one: that it is there twice beats that it is not at all.
    """
    if envelope.token == SUPERVISION:
        said, meaning = Said(None), HEARTBEAT
    else:
        said = READERS[envelope.token](content.data)
        meaning = said.meaning
    details, misplaced = _details(envelope, content, said)
    account = account_of(envelope, content)
    once = received_at.isoformat() if envelope.sequence == _UNCOUNTED else ""
    same = repr((envelope.token, content.account, content.data, content.extra, once))
    digest = hashlib.sha256(same.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    return Signal(
        protocol=PROTOCOL,
        account=account,
        device=None,
        key=f"{PROTOCOL}:{account}:{envelope.sequence.upper()}:{digest}",
        kind=meaning.kind,
        reason=meaning.reason,
        priority=meaning.priority,
        type=f"{envelope.token}/{said.event.code if said.event else ''}".rstrip("/"),
        reference=envelope.sequence,
        received_at=received_at,
        occurred_at=content.at,
        raw=raw,
        defects=(*content.defects, *said.defects, *misplaced),
        details=details,
    )


def _details(envelope: Envelope, content: Content, said: Said) -> tuple[dict[str, str], tuple[str, ...]]:
    """What the desk can show besides, and what of it was wrong."""
    details = dict(said.details)
    if said.event:
        details |= {"code": said.event.code, "number": said.event.number}
    if len(said.events) > 1:
        details["codes"] = " ".join(one.code + one.number for one in said.events)
    if said.texts:
        details["text"] = " ".join(said.texts)
    if content.account and envelope.account and content.account.upper() != envelope.account.upper():
        details["account_inside"] = content.account
    extra = dict(reversed(content.extra))  # the first of several counts
    if "V" in extra:
        details["media"] = extra["V"]
    place = {
        name: str(degrees)
        for name, letter in (("latitude", "Y"), ("longitude", "X"))
        if (degrees := _degrees(extra.get(letter, ""), name)) is not None
    }
    misplaced: tuple[str, ...] = ()
    try:
        if read_place(place) is not None:
            details |= place
        elif "X" in extra or "Y" in extra:
            misplaced = ("position",)
    except Misplaced:
        misplaced = ("position",)
    return {name: printable(value, 200) for name, value in details.items() if value}, misplaced


def _degrees(said: str, axis: str) -> float | None:
    """Degrees, as a decimal number or as degrees, side and minutes (`012E58.123`)."""
    if _DECIMAL.fullmatch(said):
        return float(said)
    found = _MINUTES.fullmatch(said)
    if found is None or found[2] not in _SIDES[axis] or float(found[3]) >= 60:
        return None
    degrees = round(int(found[1]) + float(found[3]) / 60, 7)
    return -degrees if found[2] in "SW" else degrees
