"""A message into a signal, or into a remark on how a lock stands. Pure.

What the broker had kept (`retained`) is never an event: of a lock's state it is remembered how it stands, of anything
else nothing. What cannot be understood is a `PeerError`; it is acknowledged all the same, or it would come for ever.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from alarms.core.door import without_secrets
from alarms.core.link import MOST, Link, LinkState
from alarms.core.signal import Signal
from alarms.locks.remark import Remark
from alarms.receivers.http.parse import read_event, signal_of
from alarms.receivers.mqtt import homeassistant, nuki
from alarms.receivers.mqtt.topics import Nuki, Ours, read_topic
from kit.errors import PeerError
from kit.wire.event import DeviceEvent
from kit.wire.lock import COMMAND_ANSWERED, LockAnswerData
from kit.wire.words import DoorEvent, LockOutcome, Reason, SignalKind

PROTOCOL = "mqtt"
LONGEST = 65_536  # bytes of a message
_RESULTS: Mapping[str, tuple[DoorEvent | None, LockOutcome]] = {
    "unlocked": (DoorEvent.UNLOCKED, LockOutcome.OPENED),
    "unlatched": (DoorEvent.UNLATCHED, LockOutcome.OPENED),
    "opened": (DoorEvent.OPENED, LockOutcome.OPENED),
    "jammed": (DoorEvent.JAMMED, LockOutcome.JAMMED),
    "refused": (None, LockOutcome.REFUSED),
}


@dataclass(frozen=True, slots=True)
class Packet:
    """A message as it came. `id` is its packet id, 0 without one (QoS 0).

    `again`: the broker says that it has sent it before. `retained`: what the broker had kept for whoever subscribes.
    `answer_to` and `mark`: where its sender wants an answer, and what it knows it by (Response Topic and Correlation
    Data, MQTT 5, 4.10).
    """

    topic: str
    payload: bytes
    qos: int
    id: int
    again: bool
    retained: bool
    answer_to: str = ""
    mark: bytes = b""


@dataclass(frozen=True, slots=True)
class Passed:
    """Nothing to do, and why: `retained`, `no_news`."""

    why: str


@dataclass(frozen=True, slots=True)
class Linked:
    """A status that bears its session's number. `signal` is what it would be if it asks for one; its kind is not."""

    link: Link
    remark: Remark
    signal: Signal
    remembered: bool


Heard = Signal | Remark | Linked | Passed


def speaker(topic: str) -> str:
    """Who says it, for keeping one device's messages in order; the topic itself for a topic that is nobody's."""
    match read_topic(topic):
        case Ours(device=device):
            return f"{PROTOCOL}:{device}"
        case Nuki(lock=lock):
            return f"{nuki.PROTOCOL}:{lock}"
    return topic


def event_in(packet: Packet) -> tuple[str, bytes] | None:
    """What a device's event is known again by; none where the same words may tell of something new, as a lock's do."""
    found = None if packet.retained else read_topic(packet.topic)
    return (packet.topic, packet.payload) if isinstance(found, Ours) and found.leaf == "event" else None


def has_no_id(signal: Signal) -> bool:
    """Whether the broker's packet id is all that a message is known again by."""
    return signal.protocol in {nuki.PROTOCOL, homeassistant.PROTOCOL} or signal.type == "status"


def read(packet: Packet, *, occasion: str, received_at: datetime) -> Heard:
    """What the message says. Raises PeerError `topic_unknown`, `too_large`, `not_json`, `invalid`, `type_unknown`.

    `occasion` tells this message from others of the same words, and is the same when it is delivered again.
    """
    if len(packet.payload) > LONGEST:
        raise PeerError("too_large", "message too large")
    match read_topic(packet.topic):
        case Ours() as ours:
            return _ours(ours, packet, occasion, received_at)
        case Nuki() as from_nuki:
            return _nuki(from_nuki, packet, occasion, received_at)
    raise PeerError("topic_unknown", "no such topic")


def _ours(topic: Ours, packet: Packet, occasion: str, at: datetime) -> Heard:
    if topic.leaf == "status":
        return _status(topic, packet, occasion, at)
    if packet.retained:
        return Passed("retained")
    match topic.leaf:
        case "heartbeat":
            return _heartbeat(topic, packet, at)
        case "ack":
            return _answer(topic, packet)
    said = _json(packet.payload)
    event, unread = _event(said)
    try:
        raw = json.dumps(without_secrets(said), ensure_ascii=True, separators=(",", ":")).encode()
    except RecursionError as error:  # nested so deeply that it could just be read
        raise PeerError("not_json", "nested too deeply") from error
    signal = signal_of(event, device=topic.device, raw=raw, received_at=at, unread=unread, protocol=PROTOCOL)
    return replace(signal, principal=topic.principal)


def _heartbeat(topic: Ours, packet: Packet, at: datetime) -> Signal:
    return _plain(topic, packet, at, SignalKind.HEARTBEAT, "heartbeat")


def _plain(topic: Ours, packet: Packet, at: datetime, kind: SignalKind, leaf: str) -> Signal:
    """What says nothing but that it came."""
    return Signal(
        protocol=PROTOCOL,
        account=topic.device,
        device=topic.device,
        key=f"{PROTOCOL}:{topic.device}:{leaf}",
        kind=kind,
        reason=None,
        priority=5,
        type=leaf,
        reference="",
        received_at=at,
        occurred_at=None,
        raw=packet.payload,
        principal=topic.principal,
    )


def _answer(topic: Ours, packet: Packet) -> Remark:
    event, _ = _event(_json(packet.payload))
    if event.type != COMMAND_ANSWERED:
        raise PeerError("type_unknown", "no such answer")
    try:
        known = {name: word for name, word in (event.data or {}).items() if name in LockAnswerData.model_fields}
        said = LockAnswerData.model_validate(known)
    except ValidationError as error:
        raise PeerError("invalid", "no answer to a command") from error
    door, outcome = _RESULTS[said.result]
    return Remark(
        PROTOCOL, topic.device, door, reachable=True, outcome=outcome, command=said.command, principal=topic.principal
    )


def _event(said: Any) -> tuple[DeviceEvent, tuple[str, ...]]:
    try:
        return read_event(said)
    except (ValidationError, RecursionError) as error:
        raise PeerError("invalid", "no CloudEvent") from error


def _status(topic: Ours, packet: Packet, occasion: str, at: datetime) -> Remark | Linked:
    """`online`, `offline` or `lost`, bare or as `{"status": …, "session": number}`."""
    text, session = packet.payload.decode("utf-8", "replace").strip(), None
    if text.startswith("{"):
        said = _json(packet.payload)
        text, session = (str(said.get("status")), said.get("session")) if isinstance(said, dict) else ("", None)
    if text not in set(LinkState):
        raise PeerError("invalid", "no status")
    state = LinkState(text)
    remark = Remark(PROTOCOL, topic.device, reachable=state is LinkState.ONLINE, principal=topic.principal)
    if session is None:
        return remark
    if not isinstance(session, int) or isinstance(session, bool) or not 0 <= session <= MOST:
        raise PeerError("invalid", "no number of a session")
    signal = replace(
        _plain(topic, packet, at, SignalKind.TECHNICAL, "status"),
        key=f"{PROTOCOL}:{topic.device}:{occasion}:{state}:{session}",
        reason=Reason.LINK_FAILURE,
        priority=4,
        reference=str(session),
        details={"session": str(session)},
    )
    return Linked(Link(session, state), remark, signal, packet.retained)


def _json(payload: bytes) -> Any:
    try:
        return json.loads(payload)
    except (ValueError, RecursionError) as error:
        raise PeerError("not_json", "not JSON") from error


def _nuki(topic: Nuki, packet: Packet, occasion: str, at: datetime) -> Heard:
    said = nuki.read(topic.leaf, packet.payload)
    if said is None:
        return Passed("no_news")
    if packet.retained and topic.leaf in nuki.HAPPENINGS:
        return Passed("retained")
    meaning = said.meaning()
    if packet.retained or meaning is None:
        return said.remark(nuki.PROTOCOL, topic.lock, remembered=packet.retained)
    return said.signal(meaning, nuki.PROTOCOL, topic.lock, topic.leaf, packet.payload, occasion=occasion, at=at)
