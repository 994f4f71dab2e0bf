"""What doors say and what that asks of us."""

import pytest

from alarms.core.door import (
    ALARM,
    CHANGED,
    MEANINGS,
    OPERATED,
    Door,
    answers,
    door_after,
    door_in,
    lock_after,
    read_door,
    without_secrets,
)
from kit.wire.words import DoorEvent, DoorHow, DoorState, LockOutcome, LockState, Reason, SignalKind


@pytest.mark.parametrize(
    ("number", "event"),
    [
        (0, DoorEvent.JAMMED),
        (1, DoorEvent.TAMPERED),
        (3, DoorEvent.FAULT),
        (4, DoorEvent.WRONG_CODES),
        (5, DoorEvent.TAMPERED),
        (6, DoorEvent.FORCED_OPEN),
        (7, DoorEvent.AJAR),
        (8, DoorEvent.DURESS),
    ],
)
def test_matters_alarms_are_known_by_number(number, event):
    said = read_door(ALARM, {"alarm": number})
    assert said is not None
    assert said[0].event is event
    assert said == read_door(ALARM, {"alarm": str(number)})


def test_a_forced_door_and_duress_concern_a_person_before_all_else():
    for event in DoorEvent:
        meaning = MEANINGS[event]
        if event in {DoorEvent.FORCED_OPEN, DoorEvent.DURESS}:
            assert (meaning.kind, meaning.priority) == (SignalKind.ALARM, 1)
        else:
            assert meaning.kind in {SignalKind.TECHNICAL, SignalKind.INFORMATION}


def test_an_operation_says_how_and_by_which_of_the_locks_own_numbers():
    said = read_door(OPERATED, {"operation": "Unlock", "source": "keypad", "user": 3})
    assert said == (Door(DoorEvent.UNLOCKED, DoorHow.KEYPAD, "3"), MEANINGS[DoorEvent.UNLOCKED], ())


def test_a_forced_user_is_duress_whether_told_as_operation_or_as_alarm():
    for event_type, data in ((OPERATED, {"operation": 3}), (ALARM, {"alarm": "forced_user"})):
        said = read_door(event_type, data)
        assert said is not None
        assert said[1].reason is Reason.DURESS


@pytest.mark.parametrize(
    "data", [None, {}, {"alarm": "?"}, {"alarm": 99}, {"alarm": True}, {"alarm": [6]}, {"state": 3}]
)
def test_an_alarm_that_says_nothing_we_know_is_for_a_human(data):
    said = read_door(ALARM, data)
    assert said is not None
    assert (said[1].kind, said[1].reason, said[2]) == (SignalKind.ALARM, Reason.UNKNOWN_ALARM, ("alarm",))


def test_a_door_that_says_nothing_we_know_is_information():
    said = read_door(CHANGED, {"state": "sideways"})
    assert said is not None
    assert said[1].kind is SignalKind.INFORMATION
    assert said[2] == ("state",)


def test_other_types_are_not_doors():
    assert read_door("nattljus.alarm.pressed", {"alarm": 6}) is None


@pytest.mark.parametrize("event", DoorEvent)
@pytest.mark.parametrize("how", DoorHow)
def test_what_is_told_can_be_read_again(event, how):
    for by in ("", "7"):
        assert door_in(Door(event, how, by).told()) == Door(event, how, by)


def test_codes_are_left_out_of_what_a_lock_said_and_of_nothing_else():
    event = {"type": OPERATED, "data": {"operation": 1, "PIN": "2580", "credentials": [{"pin": 1}], "user": 3}}
    assert without_secrets(event) == {"type": OPERATED, "data": {"operation": 1, "user": 3}}
    for other in (
        {"type": "nattljus.alarm.pressed", "data": {"code": 1}},
        {"type": [], "data": {}},
        {"data": {}},
        [],
        7,
    ):
        assert without_secrets(other) == other


def test_only_an_open_door_or_a_jam_answers_a_command_to_open():
    assert {event: said for event in DoorEvent if (said := answers(event))} == {
        DoorEvent.UNLOCKED: LockOutcome.OPENED,
        DoorEvent.UNLATCHED: LockOutcome.OPENED,
        DoorEvent.OPENED: LockOutcome.OPENED,
        DoorEvent.JAMMED: LockOutcome.JAMMED,
    }


def test_how_lock_and_door_stand_follows_from_what_they_did():
    assert (lock_after(DoorEvent.UNLATCHED), door_after(DoorEvent.UNLATCHED)) == (LockState.UNLATCHED, None)
    assert (lock_after(DoorEvent.FORCED_OPEN), door_after(DoorEvent.FORCED_OPEN)) == (None, DoorState.OPEN)
    assert (lock_after(DoorEvent.UNKNOWN), door_after(DoorEvent.UNKNOWN)) == (None, None)
