"""What is too much for a receiver, and for whom."""

import pytest

from alarms.receivers.load import Load
from kit.metrics import gauge
from kit.wire.words import SignalKind

IN_HAND = gauge("test_load_in_hand", "Of a test")
PEOPLE = [SignalKind.ALARM, SignalKind.CANCEL, SignalKind.RESET]
THINGS = [SignalKind.TECHNICAL, SignalKind.RESTORE, SignalKind.TEST, SignalKind.INFORMATION]


@pytest.fixture
def load():
    return Load(IN_HAND, busy_at=2, beats_at=3, full_at=10)


@pytest.mark.parametrize("kind", PEOPLE)
def test_a_person_waits_for_nothing_but_room(load, kind):
    load.count(9)
    assert not load.busy_for(kind)
    assert not load.full
    load.count(1)
    assert load.full


@pytest.mark.parametrize("kind", THINGS)
def test_things_wait_from_busy_at_on_whether_counted_already_or_not(load, kind):
    load.count(1)
    assert not load.busy_for(kind)
    load.count(1)
    assert load.busy_for(kind)
    assert not load.busy_for(kind, counted=True)
    load.count(1)
    assert load.busy_for(kind, counted=True)


def test_heartbeats_and_things_do_not_wait_for_each_other(load):
    load.count(3)
    load.count_beats(3)
    assert load.busy_for(SignalKind.HEARTBEAT)
    assert not load.busy_for(SignalKind.TEST)
    load.count_beats(-1)
    assert not load.busy_for(SignalKind.HEARTBEAT)
    assert len(load) == 3
