"""The closed vocabularies that pages and processes share. Texts for people are made at the edge, in their language."""

from enum import StrEnum


class CaseKind(StrEnum):
    """Whether a person or a thing needs a human."""

    PERSON = "person"
    TECHNICAL = "technical"


class CaseState(StrEnum):
    """The case's own machine (alarms/core/case.py)."""

    RAISED = "raised"
    QUEUED = "queued"
    TAKEN = "taken"
    CLOSED = "closed"


class Reason(StrEnum):
    """Why a signal or a case is there: what the desk says first."""

    PRESSED = "pressed"
    FELL = "fell"
    ATTACK = "attack"
    FIRE = "fire"
    GAS = "gas"
    FLOOD = "flood"
    INACTIVITY = "inactivity"
    WANDERING = "wandering"
    EPILEPSY = "epilepsy"
    LEFT_BED = "left_bed"
    PILL_NOT_TAKEN = "pill_not_taken"
    DOOR = "door"
    INTRUDER = "intruder"
    ASSISTANCE = "assistance"
    UNKNOWN_ALARM = "unknown_alarm"
    UNREADABLE = "unreadable"
    BATTERY_LOW = "battery_low"
    MAINS_FAILURE = "mains_failure"
    LINK_FAILURE = "link_failure"
    RADIO_INTERFERENCE = "radio_interference"
    TAMPER = "tamper"
    MALFUNCTION = "malfunction"


class SignalKind(StrEnum):
    """What a signal asks of us (semantics 1: a signal is not a case)."""

    ALARM = "alarm"
    TECHNICAL = "technical"
    RESTORE = "restore"
    RESET = "reset"
    CANCEL = "cancel"
    TEST = "test"
    HEARTBEAT = "heartbeat"
    INFORMATION = "information"


class Step(StrEnum):
    """The next step of an open case; each has a deadline."""

    LOUDER = "louder"
    SUPERVISOR = "supervisor"
    SUPERVISOR_AGAIN = "supervisor_again"
    REMIND_HANDLER = "remind_handler"
    HOLD_ENDS = "hold_ends"


class Cause(StrEnum):
    """Why it happened, said at closing."""

    FALL = "fall"
    ILLNESS = "illness"
    PAIN = "pain"
    WORRY = "worry"
    HELP_NEEDED = "help_needed"
    TOILET = "toilet"
    MISTAKE = "mistake"
    TECHNICAL_FAULT = "technical_fault"
    VISITOR = "visitor"
    OTHER = "other"


class Measure(StrEnum):
    """What was done, said at closing."""

    SPOKE = "spoke"
    STAFF_SENT = "staff_sent"
    AMBULANCE = "ambulance"
    RELATIVE_CALLED = "relative_called"
    REPORTED_TECHNICAL = "reported_technical"
    NONE_NEEDED = "none_needed"
    OTHER = "other"


class NobodyReason(StrEnum):
    """Why a closed case names no person."""

    NOT_IDENTIFIED = "not_identified"
    NOBODY_HOME = "nobody_home"
    DEVICE_ONLY = "device_only"


class TimelineKind(StrEnum):
    """What happened to a case."""

    RAISED = "raised"
    SIGNAL = "signal"
    TAKEN = "taken"
    TAKEN_OVER = "taken_over"
    RELEASED = "released"
    NOTED = "noted"
    HELD = "held"
    HOLD_ENDED = "hold_ended"
    WOKEN = "woken"
    READ = "read"
    ESCALATED = "escalated"
    REMINDED = "reminded"
    DEVICE_NOT_TOLD = "device_not_told"
    CLOSED = "closed"


class Role(StrEnum):
    """What somebody is, in a unit, a principal or a central."""

    OPERATOR = "operator"
    SUPERVISOR = "supervisor"
    WORKER = "worker"
    PLANNER = "planner"
    INSTALLER = "installer"
    ADMINISTRATOR = "administrator"
    REVIEWER = "reviewer"
