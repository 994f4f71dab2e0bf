"""Vendors' JSON into signals and remarks: every sample, codes taken out, and garbage."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alarms.core.signal import Signal
from alarms.locks.remark import Remark, Stands
from alarms.receivers import vendors
from alarms.receivers.vendors import tedee
from alarms.receivers.vendors.parse import Caller, Passed, pointed, read_generic, without_codes
from kit.errors import PeerError
from kit.wire.vendors import AddIntegration, EventMapping
from kit.wire.words import DoorState, LockState, Reason, SignalKind

AT = datetime(2026, 1, 15, 3, 20, tzinfo=UTC)
SAMPLES = Path(vendors.__file__).parent / "samples"
CALLER = Caller("integration-1", "demo-kommun")
MAPPING = AddIntegration.model_validate_json((SAMPLES / "mapping.json").read_bytes()).mapping


def sample(name):
    return json.loads((SAMPLES / f"{name}.json").read_text())


def generic(said, mapping=None):
    return read_generic(said, mapping or EventMapping(), CALLER, AT)


def told(said, stands=None):
    return tedee.read(said, CALLER, stands or Stands(), AT)


def doors(heard):
    return [one.details["door"] for one in heard]


def test_what_is_sent_for_each_user_is_one_event():
    [mine], [theirs] = (
        told(sample(name), Stands(door=DoorState.CLOSED))
        for name in ("tedee-unlocked", "tedee-unlocked-for-another-user")
    )
    assert (mine.key, mine.raw) == (theirs.key, theirs.raw)
    assert b"5f0c9d3e" not in mine.raw
    assert (mine.protocol, mine.account, mine.device, mine.principal) == ("tedee", "12345", None, "demo-kommun")
    assert mine.occurred_at == datetime(2026, 1, 15, 3, 10, 0, 327_000, UTC)


def test_what_stands_already_is_no_news_and_the_door_of_an_open_lock_unlocks_nothing():
    unlocked, opened = sample("tedee-unlocked"), sample("tedee-door-opened")
    assert doors(told(unlocked, Stands(LockState.LOCKED, DoorState.CLOSED))) == ["unlocked"]
    assert doors(told(unlocked)) == ["unlocked", "closed"]
    assert doors(told(opened, Stands(LockState.UNLOCKED, DoorState.CLOSED))) == ["opened"]


def test_a_message_told_again_when_it_is_no_news_any_more_goes_by_its_first_key():
    opened = sample("tedee-door-opened")
    [first] = told(opened, Stands(LockState.UNLOCKED, DoorState.CLOSED))
    [again] = told(opened, Stands(LockState.UNLOCKED, DoorState.OPEN))
    assert first.key == again.key
    both, once_more = told(opened), told(opened, Stands(LockState.UNLOCKED, DoorState.OPEN))
    assert len({one.key for one in both}) == 2
    assert [one.key for one in once_more] == [both[0].key]


@pytest.mark.parametrize(
    ("state", "stands", "door"),
    [(6, LockState.LOCKED, "locked"), (7, LockState.UNLATCHED, "unlatched"), (3, LockState.UNKNOWN, "unknown")],
)
def test_the_states_that_a_tedee_lock_comes_to(state, stands, door):
    said = sample("tedee-unlocked")
    said["data"].update(state=state, doorState=0)
    assert doors(told(said)) == [door]
    assert doors(told(said, Stands(stands))) == [door]


def test_a_weak_battery_is_technical_a_charged_one_restores_and_reach_is_a_remark():
    weak = sample("tedee-battery")
    charged = {**weak, "data": {**weak["data"], "batteryLevel": 80}}
    [low], [well] = told(weak), told(charged)
    assert (low.kind, low.reason, low.details) == (SignalKind.TECHNICAL, Reason.BATTERY_LOW, {"level": "9"})
    assert (well.kind, well.reason) == (SignalKind.RESTORE, Reason.BATTERY_LOW)
    assert told(sample("tedee-disconnected")) == [Remark("tedee", "12345", reachable=False, principal="demo-kommun")]


def test_what_is_no_lock_or_no_news_is_passed_over():
    said = sample("tedee-unlocked")
    for other in (
        {**said, "event": "device-settings-changed"},
        {**said, "data": {**said["data"], "deviceType": 3}},
        {**said, "data": {**said["data"], "state": 4, "doorState": 0}},
    ):
        assert told(other) == [Passed()]


@pytest.mark.parametrize("said", [None, [], {}, {"data": {}}, {"data": {"deviceId": "12345"}}, {"data": 7}])
def test_a_message_about_no_device_is_refused(said):
    with pytest.raises(PeerError):
        told(said)


def test_a_time_that_cannot_be_read_costs_the_event_nothing():
    said = sample("tedee-unlocked")
    said["data"].update(eventTime="yesterday", doorState=0)
    [one] = told(said)
    assert (one.details["door"], one.occurred_at) == ("unlocked", None)


def test_a_generic_vendor_speaks_our_cloudevents_and_the_subject_is_its_device():
    [forced] = generic(sample("generic-forced"))
    assert (forced.kind, forced.reason, forced.priority) == (SignalKind.ALARM, Reason.DOOR_FORCED, 1)
    assert (forced.protocol, forced.account) == ("webhook", "integration-1:front")
    assert b"2580" not in forced.raw


def test_a_mapping_says_where_a_vendors_json_says_what_and_what_occurred_goes_before_what_was_created():
    [one] = generic(sample("mapped-unlocked"), MAPPING)
    assert one.details == {"door": "unlocked", "how": "keypad", "by": "7"}
    assert one.received_at - one.occurred_at == timedelta(minutes=10)
    assert one.reference == "8d7e0b3a"
    without = {name: value for name, value in sample("mapped-unlocked").items() if name != "occurred_at"}
    [other] = generic(without, MAPPING)
    assert other.occurred_at == datetime(2026, 1, 15, 3, 19, 40, tzinfo=UTC)


def test_codes_are_taken_out_before_anything_is_read_wherever_they_stand():
    said = sample("mapped-unlocked")
    assert "2580" not in json.dumps(without_codes(said))
    taken = MAPPING.model_dump()
    taken["types"]["lock.unlocked"]["taken"] = {"user": "/code"}
    [one] = generic(said, EventMapping.model_validate(taken))
    assert "by" not in one.details
    assert b"2580" not in one.raw


def test_one_unreadable_event_costs_its_neighbours_nothing():
    forced = sample("generic-forced")
    heard = generic([7, forced, {**forced, "subject": "a b"}, {**forced, "type": "theirs"}, {**forced, "time": "x"}])
    assert [one.code if isinstance(one, PeerError) else one.defects for one in heard] == [
        "invalid", (), "invalid", "type_unknown", ("time",)
    ]  # fmt: skip
    assert generic({**sample("mapped-unlocked"), "event_type": "device.removed"}, MAPPING) == [Passed()]


def test_an_event_without_an_id_is_known_by_what_it_says():
    forced = {name: value for name, value in sample("generic-forced").items() if name != "id"}
    [one], [again], [other] = generic(forced), generic(forced), generic({**forced, "time": "2026-01-15T03:10:01Z"})
    assert one.key == again.key != other.key


def test_an_alarm_is_not_lost_to_an_endless_id_or_to_what_is_nested_beside_it():
    forced = sample("generic-forced")
    deep = json.loads("[" * 300 + "]" * 300)
    heard = generic([{**forced, "id": "9" * 500}, {**forced, "more": deep}, {**forced, "data": {"alarm": deep}}])
    assert [one.kind for one in heard] == [SignalKind.ALARM] * 3
    assert len({one.key for one in heard}) == 2


def test_pointers_go_through_objects_and_lists():
    assert pointed({"a/b": [{"~": 1}]}, "/a~1b/0/~0") == 1
    for nowhere in ("/a", "/a~1b/1", "/a~1b/x", "/a~1b/0/~0/deeper"):
        assert pointed({"a/b": [{"~": 1}]}, nowhere) is None


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.just("2026-01-15T03:10:00Z"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["pin", "data", "deviceId", "state", "doorState", "eventTime", "id", "type", "subject", "time"]
            )
            | st.text(max_size=5),
            inner,
            max_size=5,
        )
    ),
    max_leaves=8,
)


@given(json_values)
def test_no_value_named_as_a_code_is_left(said):
    def names(value):
        if isinstance(value, dict):
            return set(value) | {name for inner in value.values() for name in names(inner)}
        return {name for inner in value for name in names(inner)} if isinstance(value, list) else set()

    assert "pin" not in names(without_codes(said))


def must_fit(one):
    assert isinstance(one, Signal | Remark | Passed | PeerError)
    if isinstance(one, Signal):
        assert len(one.key) <= 200
        assert len(one.account) <= 80
        assert "\0" not in "".join(one.details.values())
        assert one.device is None


@given(json_values)
def test_whatever_comes_is_understood_or_refused(said):
    for read in (generic, lambda said: generic(said, MAPPING), told):
        try:
            for one in read(said):
                must_fit(one)
        except PeerError:
            continue
