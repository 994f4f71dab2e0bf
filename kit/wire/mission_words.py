"""The closed vocabularies of missions: somebody sent to a resident for a case."""

from enum import StrEnum


class MissionState(StrEnum):
    """The mission's own machine (alarms/core/mission.py). A declined, done or cancelled mission is over."""

    SENT = "sent"
    ACCEPTED = "accepted"
    ON_THE_WAY = "on_the_way"
    ARRIVED = "arrived"
    NO_ANSWER = "no_answer"
    DECLINED = "declined"
    DONE = "done"
    CANCELLED = "cancelled"


class MissionStep(StrEnum):
    """What makes an open mission urgent when its deadline passes."""

    NOT_ACCEPTED = "not_accepted"
    NOT_ARRIVED = "not_arrived"
    NOT_DONE = "not_done"
    DOOR_PLAN_RESTS = "door_plan_rests"


class DeclineReason(StrEnum):
    """Why somebody cannot."""

    BUSY = "busy"
    TOO_FAR = "too_far"
    NOT_ON_DUTY = "not_on_duty"
    UNSAFE_ALONE = "unsafe_alone"
    OTHER = "other"


class ArrivedHow(StrEnum):
    """What an arrival is proven by."""

    LOCK = "lock"
    TAG = "tag"
    STATED = "stated"


class ArrivedReason(StrEnum):
    """What is stated where neither lock nor tag proves it. `at_the_door`: there, and nobody answers."""

    LET_IN = "let_in"
    KEY = "key"
    LOCK_FAILED = "lock_failed"
    MET_OUTSIDE = "met_outside"
    BY_PHONE = "by_phone"
    AT_THE_DOOR = "at_the_door"


class DoorStep(StrEnum):
    """What is gone through when nobody answers at the door."""

    RING_PHONE = "ring_phone"
    KNOCK_AND_LOOK = "knock_and_look"
    ASK_AROUND = "ask_around"
    FIND_KEY = "find_key"
    CALL_OPERATOR = "call_operator"
    EMERGENCY = "emergency"


class SkipReason(StrEnum):
    """Why a step at the door was not done."""

    NOT_POSSIBLE = "not_possible"
    NOBODY_THERE = "nobody_there"
    NOT_NEEDED = "not_needed"
    GOT_IN = "got_in"
