"""A vendor's JSON into signals and remarks. Pure.

What opens a door is taken out first, wherever it stands, so that nothing below can store or log it. Then an integration
with a mapping says where our words are; a vendor that has a file of its own here says it in its own.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from pydantic import ValidationError

from alarms.core.door import SECRETS
from alarms.core.signal import Signal
from alarms.locks.remark import Remark
from alarms.receivers.http.parse import read_event, signal_of
from kit.errors import PeerError
from kit.wire.vendors import EventMapping
from registry.sheet import ID

PROTOCOL = "webhook"
MOST = 100
DEEPEST = 12
LONGEST_ID = 128
_SECRET = frozenset(name.replace("_", "") for name in SECRETS) | {"password", "passcode", "secret", "token"}
_ENDINGS = ("pin", "pincode", "code", "passcode", "password", "secret", "token", "credential", "credentials")


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls: the integration, and whose it is."""

    integration: str
    principal: str


@dataclass(frozen=True, slots=True)
class Passed:
    """Nothing to do: of no interest here."""


Heard = Signal | Remark | Passed | PeerError
"""What one event came to. An error is an answer here: one unreadable event costs its neighbours nothing."""


def without_codes(said: object, deep: int = 0) -> Any:
    """The same without codes, and without what is nested deeper than anybody needs."""
    if deep > DEEPEST:
        return None
    if isinstance(said, dict):
        return {name: without_codes(value, deep + 1) for name, value in said.items() if not _is_secret(str(name))}
    if isinstance(said, list):
        return [without_codes(value, deep + 1) for value in said]
    return said


def _is_secret(name: str) -> bool:
    plain = "".join(letter for letter in name.lower() if letter.isalnum())
    return plain in _SECRET or plain.endswith(_ENDINGS)


def raw_of(said: object) -> bytes:
    """What is kept of an event that has no codes in it any more."""
    return json.dumps(said, ensure_ascii=True, sort_keys=True, separators=(",", ":")).encode()


def account_of(integration: str, device: str) -> str:
    """What a generic vendor's device goes by in the registry: its integration and the vendor's id for it."""
    return f"{integration}:{device}"


def read_generic(said: object, mapping: EventMapping, caller: Caller, at: datetime) -> list[Heard]:
    """Every event in what a vendor said. Raises PeerError `invalid` and `too_many` for what is no events at all."""
    found = pointed(without_codes(said), mapping.events)
    several = found if isinstance(found, list) else [found]
    if not several or found is None:
        raise PeerError("invalid", "no events")
    if len(several) > MOST:
        raise PeerError("too_many", "too many events")
    return [_heard(one, mapping, caller, at) for one in several]


def _heard(one: object, mapping: EventMapping, caller: Caller, at: datetime) -> Heard:
    try:
        event = _event(one, mapping, caller)
        if event is None:
            return Passed()
        account = account_of(caller.integration, _text(pointed(one, mapping.device)))
        if not ID.fullmatch(account):
            raise PeerError("invalid", "no device")
        said, unread = read_event(event)
        signal = signal_of(said, device=account, raw=raw_of(one), received_at=at, unread=unread, protocol=PROTOCOL)
        return replace(signal, device=None, principal=caller.principal)
    except PeerError as error:
        return error
    except (ValidationError, RecursionError):
        return PeerError("invalid", "no event")


def _event(one: object, mapping: EventMapping, caller: Caller) -> dict[str, Any] | None:
    """A vendor's event as a CloudEvent of ours; none for a type that is passed over."""
    theirs = _text(pointed(one, mapping.type))
    data: Any = pointed(one, mapping.data)
    ours = theirs
    if mapping.types is not None:
        meant = mapping.types.get(theirs)
        if meant is None:
            return None
        ours = meant.type
        taken = {name: pointed(one, place) for name, place in meant.taken.items()}
        data = {**meant.data, **{name: value for name, value in taken.items() if value is not None}}
    moments = (pointed(one, place) for place in mapping.times)
    named = _text(pointed(one, mapping.id))
    return {
        "specversion": "1.0",
        # Without an id of its own that can be used, an event is known by all it says.
        "id": named if 0 < len(named) <= LONGEST_ID else sha256(raw_of(one)).hexdigest(),
        "source": f"/vendors/{caller.integration}",
        "type": ours,
        "time": next((moment for moment in moments if moment is not None), None),
        "data": data,
    }


def _text(said: object) -> str:
    return str(said) if isinstance(said, str | int) and not isinstance(said, bool) else ""


def pointed(said: object, pointer: str) -> Any:
    """What stands at a JSON pointer (RFC 6901 §4), none where nothing does."""
    for step in _steps(pointer):
        if isinstance(said, Mapping):
            said = said.get(step)
        elif isinstance(said, list) and step.isascii() and step.isdecimal() and len(step) < 4 and int(step) < len(said):
            said = said[int(step)]
        else:
            return None
    return said


def _steps(pointer: str) -> Iterable[str]:
    return (step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:])
