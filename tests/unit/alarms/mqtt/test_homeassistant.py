"""Home Assistant's locks: their configs, states and reach, and configs that would send us astray."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alarms.receivers import mqtt
from alarms.receivers.mqtt.homeassistant import (
    CONFIGS,
    LONGEST,
    LockTopics,
    account_in,
    read_config,
    read_reach,
    read_state,
)
from kit.errors import PeerError
from kit.wire.words import DoorEvent

SAMPLES = Path(mqtt.__file__).parent / "samples" / "homeassistant.tsv"
LINES = [line.split("\t", 1) for line in SAMPLES.read_text(encoding="utf-8").splitlines()]
CONFIG = {"state_topic": "a/state", "command_topic": "a/set", "availability_topic": "a/reach"}


def configs():
    return {account_in(topic): read_config(said.encode()) for topic, said in LINES if account_in(topic)}


def said_by(topics):
    told = []
    for topic, said in LINES:
        if topic == topics.state_topic:
            one = read_state(topics, said.encode())
            told.append(one and one.door.event.value)
        told.extend(read_reach(reach, said.encode()).reachable for reach in topics.reach if reach.topic == topic)
    return told


def config(**changed):
    return read_config(json.dumps({**CONFIG, **changed}).encode())


def refused(payload):
    with pytest.raises(PeerError) as error:
        read_config(payload)
    return error.value.code


def test_a_config_names_topics_and_a_state_is_how_the_lock_stands():
    front = configs()["hall:front"]
    assert front.heard() == {"hall/front/state", "hall/front/reach"}
    assert front.command_topic == "hall/front/set"
    assert said_by(front) == [True, "locked", None, "unlocked", "unlocked", "jammed", False]
    assert (front.order("unlatch"), front.order("unlock")) == ("OPEN", "UNLOCK")


def test_words_and_places_are_as_the_config_says_them():
    zigbee = configs()["zigbee:0x01"]
    assert zigbee.heard() == {"zigbee/door", "zigbee/bridge", "zigbee/door/reach"}
    assert said_by(zigbee) == [None, "unlocked", False, True]
    assert (zigbee.order("unlatch"), zigbee.order("unlock")) == ("unlock", "unlock")


def test_a_config_that_is_kept_is_read_back_as_it_was():
    for topics in configs().values():
        assert LockTopics.model_validate(topics.model_dump(mode="json")) == topics


def test_an_empty_config_takes_the_lock_away():
    assert read_config(b"") is None


@pytest.mark.parametrize(
    "astray",
    [
        {"state_topic": "nattljus/v1/demo-kommun/demo-lock-4/event"},
        {"command_topic": "nattljus/v1/demo-kommun/demo-lock-4/command"},
        {"command_topic": "nuki/demo-lock-1/lockAction"},
        {"state_topic": "$SYS/broker/uptime"},
        {"state_topic": "homeassistant/lock/a/b/config"},
        {"availability_topic": "nuki/demo-lock-1/state"},
    ],
)
def test_a_config_that_would_send_us_to_topics_of_ours_is_refused(astray):
    assert refused(json.dumps({**CONFIG, **astray}).encode()) == "topic_not_theirs"


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        (b"{", "not_json"),
        (b"[]", "invalid"),
        (b"{}", "invalid"),
        (b'{"state_topic": "+/state"}', "invalid"),
        (b'{"state_topic": "#"}', "invalid"),
        (b'{"state_topic": 7}', "invalid"),
        (b'{"stat_t": "a", "avty": [7]}', "invalid"),
        (b'{"stat_t": "a", "avty": "b"}', "invalid"),
        (b'{"stat_t": "a", "val_tpl": "{{ value | upper }}"}', "template_unknown"),
        (b'{"stat_t": "a", "val_tpl": 1}', "template_unknown"),
        (b" " * LONGEST + b"{}", "too_large"),
    ],
)
def test_what_is_no_config_is_refused(payload, code):
    assert refused(payload) == code


def test_a_state_that_is_none_of_its_words_is_refused_and_nothing_is_no_news():
    with pytest.raises(PeerError):
        read_state(config(), b"HALF")
    with pytest.raises(PeerError):
        read_state(config(value_template="{{ value_json.s }}"), b"LOCKED")
    with pytest.raises(PeerError):
        read_reach(config().reach[0], b"perhaps")
    assert read_state(config(), b"None") is None
    assert read_state(config(state_locked="1"), b"1").door.event is DoorEvent.LOCKED


def test_only_configs_of_locks_are_configs():
    assert CONFIGS == "homeassistant/lock/+/+/config"
    for topic in ("homeassistant/switch/a/b/config", "homeassistant/lock/a/config", "homeassistant/lock/a b/c/config"):
        assert account_in(topic) is None
    assert len(account_in(f"homeassistant/lock/{'n' * 39}/{'o' * 40}/config")) == 80


words = st.none() | st.booleans() | st.integers() | st.text(max_size=12) | st.sampled_from(["~/a", "a/~", "nuki/x"])
names = st.sampled_from(
    ["~", "stat_t", "cmd_t", "avty", "avty_t", "val_tpl", "pl_open", "stat_jam", "state_topic", "topic", "pl_avail"]
)
values = words | st.lists(words | st.dictionaries(names, words, max_size=3), max_size=3) | st.dictionaries(names, words)


@given(st.binary(max_size=40) | st.dictionaries(names, values, max_size=6).map(lambda said: json.dumps(said).encode()))
def test_whatever_a_config_says_it_is_understood_or_refused(payload):
    try:
        topics = read_config(payload)
    except PeerError:
        return
    if topics is None:
        return
    for topic in topics.heard():
        assert not topic.startswith(("nattljus/", "nuki/", "$"))
        assert not set(topic) & {"+", "#", "\0"}
    try:
        read_state(topics, payload)
    except PeerError:
        return
