"""Messages into signals and remarks: every sample, what was kept by the broker, and garbage."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alarms.core.signal import Signal
from alarms.locks.remark import Remark
from alarms.receivers.mqtt.parse import Heard, Linked, Packet, Passed, read, speaker
from alarms.receivers.mqtt.topics import LEAVES, NUKI_LEAVES, SUBSCRIPTIONS, Nuki, Ours, command_topic, read_topic
from kit.errors import PeerError
from kit.wire.words import DoorEvent, LockOutcome, Reason, SignalKind

AT = datetime(2026, 1, 15, 3, 10, tzinfo=UTC)
SAMPLES = Path(__file__).parents[4] / "alarms" / "receivers" / "mqtt" / "samples"
OURS = "nattljus/v1/demo-kommun/demo-lock-4"


def heard(topic: str, payload: str | bytes, *, retained: bool = False, occasion: str = "session:7") -> Heard:
    said = payload if isinstance(payload, bytes) else payload.encode()
    return read(Packet(topic, said, 1, 7, False, retained), occasion=occasion, received_at=AT)


def sample(name: str) -> Iterator[Heard]:
    for line in (SAMPLES / f"{name}.tsv").read_text(encoding="utf-8").splitlines():
        yield heard(*line.split("\t", 1))


def shown(one: Heard) -> Any:
    """A signal as kind, reason and details; a remark as what it says; otherwise why it was passed over."""
    match one:
        case Signal():
            return (one.kind.value, one.reason.value if one.reason else None, one.details)
        case Remark():
            said = {"event": one.event, "reachable": one.reachable, "outcome": one.outcome}
            return {name: word for name, word in said.items() if word is not None}
        case Linked():
            return (one.link.session, one.link.state.value, shown(one.remark))
        case Passed():
            return one.why


def test_a_nuki_lock_tells_who_began_what_and_then_how_it_stands():
    assert list(map(shown, sample("nuki-unlatched-by-app"))) == [
        {"reachable": True},
        "no_news",
        ("information", None, {"door": "unlatched", "how": "remote", "by": "1041", "begun": "yes"}),
        ("information", None, {"door": "unlatched"}),
        ("information", None, {"door": "unlocked"}),
        "no_news",
        ("information", None, {"door": "locked", "how": "manual", "begun": "yes"}),
        "no_news",
        ("information", None, {"door": "locked"}),
    ]


def test_a_blocked_motor_and_a_weak_battery_are_technical_and_a_refusal_answers_the_command():
    assert list(map(shown, sample("nuki-jammed"))) == [
        "no_news",
        ("technical", "door_jammed", {"door": "jammed"}),
        {"outcome": LockOutcome.REFUSED},
        ("technical", "battery_low", {}),
        ("restore", "battery_low", {}),
        {"reachable": False},
    ]


def test_a_keypad_is_named_by_its_code_and_a_door_sensor_tells_of_the_door():
    assert list(map(shown, sample("nuki-keypad"))) == [
        ("information", None, {"door": "unlocked", "how": "keypad", "by": "7", "begun": "yes"}),
        ("information", None, {"door": "unlocked", "how": "biometric", "by": "8", "begun": "yes"}),
        ("information", None, {"door": "opened"}),
        ("information", None, {"door": "closed"}),
        ("technical", "tamper", {"door": "tampered"}),
    ]


def test_our_own_topics_say_what_a_door_does_and_keep_no_code():
    told = list(sample("ours"))
    assert list(map(shown, told)) == [
        ("information", None, {"door": "unlocked", "how": "keypad", "by": "3"}),
        ("information", None, {"door": "unlatched", "how": "remote", "by": "11"}),
        ("alarm", "door_forced", {"door": "forced_open"}),
        ("alarm", "duress", {"door": "duress"}),
        ("alarm", "unknown_alarm", {"door": "unknown"}),
        ("technical", "door_ajar", {"door": "ajar"}),
        ("information", None, {"door": "closed"}),
        ("technical", "battery_low", {"level": "9"}),
        ("heartbeat", None, {}),
        {"reachable": True},
        (12, "lost", {"reachable": False}),
    ]
    for one in told:
        if isinstance(one, Signal):
            assert b"2580" not in one.raw
            assert (one.account, one.principal) == ("demo-lock-4", "demo-kommun")


def test_a_lock_answers_a_command_by_its_id():
    answers = list(sample("ours-answers"))
    assert [(one.command, one.event, one.outcome) for one in answers if isinstance(one, Remark)] == [
        ("open-01jd3", DoorEvent.UNLOCKED, LockOutcome.OPENED),
        ("open-01jd3", DoorEvent.UNLATCHED, LockOutcome.OPENED),
        ("open-01jd3", DoorEvent.OPENED, LockOutcome.OPENED),
        ("open-01jd3", DoorEvent.JAMMED, LockOutcome.JAMMED),
        ("open-01jd3", None, LockOutcome.REFUSED),
    ]


@pytest.mark.parametrize(
    ("topic", "payload"),
    [
        ("nuki/2A3B4C5D/lockActionEvent", "1,0,0,0,0"),
        ("nuki/2A3B4C5D/commandResponse", "69"),
        (f"{OURS}/heartbeat", ""),
        (f"{OURS}/ack", "{}"),
        (f"{OURS}/event", "{}"),
    ],
)
def test_what_happened_once_and_was_kept_is_no_event(topic, payload):
    assert heard(topic, payload, retained=True) == Passed("retained")


def test_what_was_kept_of_how_a_lock_stands_is_remembered_and_is_no_event():
    kept = heard("nuki/2A3B4C5D/state", "254", retained=True)
    assert isinstance(kept, Remark)
    assert (kept.event, kept.remembered, kept.reachable) == (DoorEvent.JAMMED, True, True)


def test_the_same_delivery_has_the_same_key_and_another_occasion_or_word_another():
    def key(topic: str, payload: str, occasion: str) -> str:
        one = heard(topic, payload, occasion=occasion)
        assert isinstance(one, Signal)
        return one.key

    first = key("nuki/2A3B4C5D/state", "3", "session:7")
    assert key("nuki/2A3B4C5D/state", "3", "session:7") == first
    others = {
        key("nuki/2A3B4C5D/state", "3", "session:8"),
        key("nuki/2A3B4C5D/state", "3", "another:7"),
        key("nuki/2A3B4C5D/state", "1", "session:7"),
        key("nuki/2A3B4C5D/doorsensorState", "3", "session:7"),
        key("nuki/2A3B4C5E/state", "3", "session:7"),
    }
    assert len(others | {first}) == 6


def test_an_events_own_id_is_its_key_whatever_the_occasion():
    event = json.dumps({"specversion": "1.0", "id": "1", "source": "lock", "type": "nattljus.alarm.pressed"})
    one, again = heard(f"{OURS}/event", event), heard(f"{OURS}/event", event, occasion="other:9")
    assert isinstance(one, Signal)
    assert isinstance(again, Signal)
    assert one.key == again.key
    assert (one.kind, one.reason) == (SignalKind.ALARM, Reason.PRESSED)


@pytest.mark.parametrize(
    ("topic", "payload", "code"),
    [
        ("nuki/2A3B4C5D/state", "open", "invalid"),
        ("nuki/2A3B4C5D/state", "", "invalid"),
        ("nuki/2A3B4C5D/lockActionEvent", "1,2", "invalid"),
        ("nuki/2A3B4C5D/batteryCritical", "perhaps", "invalid"),
        ("nuki/2A3B4C5D/lockAction", "3", "topic_unknown"),
        ("nuki/../state", "3", None),
        (f"{OURS}/event", "{", "not_json"),
        (f"{OURS}/event", "[" * 100_000, "too_large"),
        (f"{OURS}/event", "[" * 50_000, "not_json"),
        (f"{OURS}/event", "[]", "invalid"),
        (f"{OURS}/event", '{"specversion": "1.0", "id": "1", "source": "x", "type": "nattljus.x"}', "type_unknown"),
        (f"{OURS}/ack", '{"specversion": "1.0", "id": "1", "source": "x", "type": "nattljus.x"}', "type_unknown"),
        (f"{OURS}/status", "asleep", "invalid"),
        (f"{OURS}/status", '{"status": "lost", "session": "12"}', "invalid"),
        (f"{OURS}/status", '{"status": "lost", "session": -1}', "invalid"),
        (f"{OURS}/status", '{"status": "lost", "session": true}', "invalid"),
        (f"{OURS}/status", '{"status": ["lost"], "session": 1}', "invalid"),
        (f"{OURS}/command", "{}", "topic_unknown"),
        ("nattljus/v1/a b/lock/event", "{}", "topic_unknown"),
    ],
)
def test_what_cannot_be_understood_is_refused_with_a_code(topic, payload, code):
    if code is None:
        assert isinstance(heard(topic, payload), Signal)  # an odd id is nobody's, and the hub says so
        return
    with pytest.raises(PeerError) as refused:
        heard(topic, payload)
    assert refused.value.code == code


def test_a_locks_alarm_that_cannot_be_read_is_raised_all_the_same():
    event = {"specversion": "1.0", "id": "1", "source": "x", "type": "nattljus.lock.alarm", "data": 7, "time": "now"}
    one = heard(f"{OURS}/event", json.dumps(event))
    assert isinstance(one, Signal)
    assert (one.kind, one.reason) == (SignalKind.ALARM, Reason.UNKNOWN_ALARM)
    assert one.defects == ("data", "time", "alarm")


words = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.just("forced_open")
data = st.dictionaries(
    st.sampled_from(["operation", "alarm", "state", "source", "user", "pin", "command", "result"])
    | st.text(max_size=8),
    words | st.lists(words, max_size=2),
    max_size=5,
)
events = st.fixed_dictionaries(
    {
        "specversion": st.just("1.0"),
        "id": st.text(min_size=1, max_size=10),
        "source": st.text(min_size=1, max_size=10),
        "type": st.sampled_from(
            ["nattljus.lock.operated", "nattljus.lock.alarm", "nattljus.door.changed", "nattljus.command.answered"]
        ),
        "data": data,
    }
).map(lambda event: json.dumps(event).encode())
payloads = st.binary(max_size=60) | events | st.from_regex(r"\A[0-9]{1,3}(,[0-9]{1,5}){0,5}\Z").map(str.encode)
topics = st.sampled_from([f"{OURS}/{leaf}" for leaf in LEAVES] + [f"nuki/2A3B4C5D/{leaf}" for leaf in NUKI_LEAVES])


@given(topics, payloads, st.booleans())
def test_whatever_comes_is_understood_or_refused_and_fits_the_database(topic, payload, retained):
    try:
        one = heard(topic, payload, retained=retained)
    except PeerError:
        return
    if isinstance(one, Signal):
        assert len(one.key) <= 200
        assert len(one.account) <= 80
        assert all(isinstance(word, str) and "\0" not in word for word in one.details.values())
        assert not retained


@given(st.text(max_size=60))
def test_a_topic_of_any_kind_belongs_to_somebody_or_nobody(topic):
    assert isinstance(speaker(topic), str)
    assert isinstance(read_topic(topic), Ours | Nuki | None)


def test_commands_are_not_among_what_we_hear():
    assert f"{OURS}/command" not in SUBSCRIPTIONS
    assert read_topic(command_topic("nuki", "demo-kommun", "demo-lock-1", "2A3B4C5D")) is None
    assert command_topic("mqtt", "demo-kommun", "demo-lock-4", "x") == f"{OURS}/command"
    assert read_topic(command_topic("mqtt", "demo-kommun", "demo-lock-4", "x")) is None
