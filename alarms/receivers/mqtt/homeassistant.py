"""Locks as Home Assistant's MQTT lock has them. Pure. Facts from its documentation (home-assistant.io, "MQTT Lock" and
"MQTT Discovery") and the abbreviations that bridges use.

A bridge publishes a lock's `config` under `homeassistant/lock/<node>/<object>/`: where its state is told, where it
takes commands, and which words it uses. We read that for locks that are in the registry, as `<node>:<object>`, alone.
A state is how the lock stands, told again at every refresh: only a change is an event. A config can send us to any
topic, so one that is ours to read or write already is refused.
"""

import json
import re
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from alarms.core.door import Door
from alarms.receivers.mqtt.said import LockSaid
from kit.errors import PeerError
from kit.wire.words import DoorEvent

PROTOCOL = "homeassistant"
CONFIGS = "homeassistant/lock/+/+/config"
STATE = "state"
LONGEST = 16_384  # bytes of a config
_CONFIG = re.compile(r"homeassistant/lock/([A-Za-z0-9_-]{1,39})/([A-Za-z0-9_-]{1,40})/config")
_PLAIN_TEMPLATE = re.compile(r"\{\{\s*value_json(?:\.(\w{1,40})|\[['\"](\w{1,40})['\"]\])\s*\}\}")
_OURS = ("nattljus/", "nuki/", "$")

# Home Assistant's abbreviations, those that locks have.
_SHORT: Mapping[str, str] = {
    "stat_t": "state_topic",
    "cmd_t": "command_topic",
    "avty": "availability",
    "avty_t": "availability_topic",
    "t": "topic",
    "val_tpl": "value_template",
    "pl_unlk": "payload_unlock",
    "pl_open": "payload_open",
    "pl_avail": "payload_available",
    "pl_not_avail": "payload_not_available",
    "stat_locked": "state_locked",
    "stat_locking": "state_locking",
    "stat_unlocked": "state_unlocked",
    "stat_unlocking": "state_unlocking",
    "stat_jam": "state_jammed",
}
# Which word a state has unless the config says another, and what it is; none for what is only under way.
_STATES: Mapping[str, tuple[str, DoorEvent | None]] = {
    "state_locked": ("LOCKED", DoorEvent.LOCKED),
    "state_unlocked": ("UNLOCKED", DoorEvent.UNLOCKED),
    "state_jammed": ("JAMMED", DoorEvent.JAMMED),
    "state_open": ("OPEN", DoorEvent.UNLATCHED),
    "state_locking": ("LOCKING", None),
    "state_unlocking": ("UNLOCKING", None),
    "state_opening": ("OPENING", None),
}

_Topic = Annotated[str, Field(pattern=r"^[^+#\x00-\x1f]{1,200}$")]
_Word = Annotated[str, Field(min_length=1, max_length=100)]


class Reach(BaseModel):
    """Where it is told whether a lock can be reached, and in which words."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    topic: _Topic
    payload_available: _Word = "online"
    payload_not_available: _Word = "offline"


class LockTopics(BaseModel):
    """Where a lock's messages are and what they mean. `field` is where the word stands in a state that is JSON."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    state_topic: _Topic
    command_topic: _Topic | None = None
    reach: Annotated[list[Reach], Field(max_length=4)] = Field(default_factory=list)
    states: dict[_Word, DoorEvent | None]
    field: str | None = None
    payload_unlock: _Word = "UNLOCK"
    payload_open: _Word | None = None

    def heard(self) -> frozenset[str]:
        """The topics to hear."""
        return frozenset({self.state_topic, *(one.topic for one in self.reach)})

    def order(self, action: str) -> str:
        """What opens the door: it is opened where the lock can, and where not it is unlocked."""
        return self.payload_open if action == "unlatch" and self.payload_open else self.payload_unlock


def account_in(topic: str) -> str | None:
    """Whose config a topic holds, as the registry calls that lock; none for other topics."""
    found = _CONFIG.fullmatch(topic)
    return None if found is None else f"{found[1]}:{found[2]}"


def read_config(payload: bytes) -> LockTopics | None:
    """What a config says; none when it is empty: the lock is taken away.

    Raises PeerError `too_large`, `not_json`, `invalid`, `topic_not_theirs`, and `template_unknown` for a state that
    would have to be computed.
    """
    if not payload.strip():
        return None
    if len(payload) > LONGEST:
        raise PeerError("too_large", "config too large")
    said = _whole(_json(payload))
    template = said.get("value_template")
    field = None
    if template is not None:
        plain = _PLAIN_TEMPLATE.fullmatch(template.strip()) if isinstance(template, str) else None
        if plain is None:
            raise PeerError("template_unknown", "a state that is computed")
        field = plain[1] or plain[2]
    states = {str(said.get(name, word)): event for name, (word, event) in _STATES.items()}
    reach = said.get("availability", [])
    if "availability_topic" in said:
        reach = [{**said, "topic": said["availability_topic"]}]
    try:
        topics = LockTopics.model_validate({**said, "states": states, "reach": reach, "field": field})
    except (ValidationError, RecursionError) as error:
        raise PeerError("invalid", "no config of a lock") from error
    if any(topic.startswith(_OURS) or account_in(topic) for topic in (*topics.heard(), topics.command_topic or "-")):
        raise PeerError("topic_not_theirs", "a topic that is ours")
    return topics


def _whole(said: Any) -> dict[str, Any]:
    """The config with its abbreviations and its `~` written out."""
    if not isinstance(said, dict):
        raise PeerError("invalid", "no config")
    start = said.get("~")
    return {_SHORT.get(name, name): _written_out(value, start) for name, value in said.items()}


def _written_out(value: Any, start: object) -> Any:
    match value:
        case str() if isinstance(start, str) and value.startswith("~"):
            return start + value[1:]
        case str() if isinstance(start, str) and value.endswith("~"):
            return value[:-1] + start
        case list():
            return [
                {_SHORT.get(name, name): _written_out(inner, start) for name, inner in one.items()}
                if isinstance(one, dict)
                else one
                for one in value
            ]
    return value


def read_state(topics: LockTopics, payload: bytes) -> LockSaid | None:
    """How a lock says it stands; none when it is no news to us. Raises PeerError `not_json` and `invalid`."""
    word: object = payload.decode("utf-8", "replace").strip()
    if topics.field is not None:
        said = _json(payload)
        word = said.get(topics.field) if isinstance(said, dict) else None
        if word is None:
            return None  # told of something else, as bridges do
    if not isinstance(word, str) or len(word) > 100:
        raise PeerError("invalid", "no state")
    if word in {"", "None"}:
        return None
    if word not in topics.states:
        raise PeerError("invalid", "no such state")
    event = topics.states[word]
    return None if event is None else LockSaid(Door(event), reachable=True)


def read_reach(reach: Reach, payload: bytes) -> LockSaid:
    """Whether a lock can be reached. Raises PeerError `invalid`."""
    word = payload.decode("utf-8", "replace").strip()
    if word.startswith("{") and not reach.payload_available.startswith("{"):
        said = _json(payload)
        word = str(said.get("state")) if isinstance(said, dict) else ""
    if word not in {reach.payload_available, reach.payload_not_available}:
        raise PeerError("invalid", "neither there nor not")
    return LockSaid(reachable=word == reach.payload_available)


def _json(payload: bytes) -> Any:
    try:
        return json.loads(payload)
    except (ValueError, RecursionError) as error:
        raise PeerError("not_json", "not JSON") from error
