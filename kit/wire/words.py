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
    LEFT_ZONE = "left_zone"
    ENTERED_ZONE = "entered_zone"
    BACK_IN_ZONE = "back_in_zone"
    EPILEPSY = "epilepsy"
    LEFT_BED = "left_bed"
    PILL_NOT_TAKEN = "pill_not_taken"
    DOOR = "door"
    DOOR_FORCED = "door_forced"
    DURESS = "duress"
    INTRUDER = "intruder"
    ASSISTANCE = "assistance"
    UNKNOWN_ALARM = "unknown_alarm"
    UNREADABLE = "unreadable"
    BATTERY_LOW = "battery_low"
    MAINS_FAILURE = "mains_failure"
    LINK_FAILURE = "link_failure"
    RADIO_INTERFERENCE = "radio_interference"
    TAMPER = "tamper"
    DOOR_JAMMED = "door_jammed"
    DOOR_AJAR = "door_ajar"
    MALFUNCTION = "malfunction"
    UNPROVEN = "unproven"
    SILENT = "silent"
    MANY_SILENT = "many_silent"


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
    WAIT = "wait"
    TEAM = "team"
    ON_CALL = "on_call"
    PERSON = "person"
    FORWARD = "forward"
    REMIND_HANDLER = "remind_handler"
    HOLD_ENDS = "hold_ends"
    OFFER_ENDS = "offer_ends"


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
    CAME_BACK = "came_back"
    PART_OF_INCIDENT = "part_of_incident"
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
    STEP_FAILED = "step_failed"
    ROUTE_FAILED = "route_failed"
    FORWARDED = "forwarded"
    REMINDED = "reminded"
    DEVICE_NOT_TOLD = "device_not_told"
    DOOR = "door"
    LOCK_ASKED = "lock_asked"
    LOCK_OPENED = "lock_opened"
    LOCK_FAILED = "lock_failed"
    MISSION_SENT = "mission_sent"
    MISSION_ACCEPTED = "mission_accepted"
    MISSION_DECLINED = "mission_declined"
    MISSION_ON_THE_WAY = "mission_on_the_way"
    MISSION_ARRIVED = "mission_arrived"
    MISSION_NO_ANSWER = "mission_no_answer"
    MISSION_STEP = "mission_step"
    MISSION_GOT_IN = "mission_got_in"
    MISSION_DONE = "mission_done"
    MISSION_CANCELLED = "mission_cancelled"
    MISSION_URGENT = "mission_urgent"
    ENDED = "ended"
    CLOSED = "closed"
    TICKED = "ticked"
    UNTICKED = "unticked"
    CALL_STARTED = "call_started"
    CALL_CONNECTED = "call_connected"
    CALL_ENDED = "call_ended"
    OFFERED = "offered"
    HANDED_OVER = "handed_over"
    OFFER_ENDED = "offer_ended"
    NAMED = "named"
    MERGED = "merged"
    TOLD_112 = "told_112"
    COUNTED = "counted"
    LOCATE_ASKED = "locate_asked"
    LOCATED = "located"
    LOCATE_FAILED = "locate_failed"
    SENT_OUT = "sent_out"


class Role(StrEnum):
    """What somebody is, in a unit, a principal or a central."""

    OPERATOR = "operator"
    SUPERVISOR = "supervisor"
    WORKER = "worker"
    PLANNER = "planner"
    INSTALLER = "installer"
    ADMINISTRATOR = "administrator"
    REVIEWER = "reviewer"


class VisitKind(StrEnum):
    """What a visit is for."""

    HOME = "home"
    SUPERVISION = "supervision"
    ALARM = "alarm"


class LegalBasis(StrEnum):
    """The act that the decision behind a visit rests on (domain.md, 18)."""

    SOL = "SoL"
    HSL = "HSL"
    LSS = "LSS"


class VisitState(StrEnum):
    """The visit's own machine (signaling/core/visit.py)."""

    PLANNED = "planned"
    RINGING = "ringing"
    ANSWERED = "answered"
    IN_PROGRESS = "in_progress"
    ENDED = "ended"


class VisitStep(StrEnum):
    """What happens to an open visit when its deadline passes."""

    PLAN_LAPSES = "plan_lapses"
    RING_ENDS = "ring_ends"
    CONNECTING_ENDS = "connecting_ends"
    AWAY_ENDS = "away_ends"
    TIME_ENDS = "time_ends"


class VisitOutcome(StrEnum):
    """How a visit ended.

    `completed`: both were in it, and one of them hung up. `cancelled`: the caller hung up before anybody answered, or
    took a planned visit away. `lapsed`: a planned visit that nobody started. `not_connected`: answered, but no picture
    or sound came about, and no page said why.
    """

    COMPLETED = "completed"
    NO_ANSWER = "no_answer"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    LAPSED = "lapsed"
    CAMERA_REFUSED = "camera_refused"
    MICROPHONE_REFUSED = "microphone_refused"
    NOT_CONNECTED = "not_connected"
    PAGE_CLOSED = "page_closed"
    CONNECTION_LOST = "connection_lost"
    RIGHT_ENDED = "right_ended"
    TIME_UP = "time_up"


class VisitPart(StrEnum):
    """Who somebody is in a visit."""

    CALLER = "caller"
    RESIDENT = "resident"


class Away(StrEnum):
    """Why somebody in a visit is not there at this moment."""

    PAGE_CLOSED = "page_closed"
    CONNECTION_LOST = "connection_lost"


class Trouble(StrEnum):
    """What keeps somebody in a visit from being seen or heard; `not_connected`: no relay, or no packets."""

    CAMERA_REFUSED = "camera_refused"
    MICROPHONE_REFUSED = "microphone_refused"
    CAMERA_MISSING = "camera_missing"
    MICROPHONE_MISSING = "microphone_missing"
    NOT_CONNECTED = "not_connected"


class VisitEntryKind(StrEnum):
    """What happened to a visit."""

    PLANNED = "planned"
    RANG = "rang"
    SEEN = "seen"
    ANSWERED = "answered"
    JOINED = "joined"
    CONNECTED = "connected"
    TROUBLE = "trouble"
    AWAY = "away"
    BACK = "back"
    ENDED = "ended"


class Direction(StrEnum):
    """Which way a leg carries: into the relay (WHIP) or out of it (WHEP)."""

    PUBLISH = "publish"
    SUBSCRIBE = "subscribe"


class DoorEvent(StrEnum):
    """What a door or its lock did, in the words of Matter's DoorLock cluster (0x0101) where it has one."""

    LOCKED = "locked"
    UNLOCKED = "unlocked"
    UNLATCHED = "unlatched"
    OPENED = "opened"
    CLOSED = "closed"
    JAMMED = "jammed"
    FORCED_OPEN = "forced_open"
    AJAR = "ajar"
    DURESS = "duress"
    WRONG_CODES = "wrong_codes"
    TAMPERED = "tampered"
    FAULT = "fault"
    UNKNOWN = "unknown"


class DoorHow(StrEnum):
    """How a lock was moved (Matter's OperationSource); `by` beside it is the lock's own number for whom."""

    UNKNOWN = "unknown"
    MANUAL = "manual"
    REMOTE = "remote"
    KEYPAD = "keypad"
    AUTO = "auto"
    BUTTON = "button"
    SCHEDULE = "schedule"
    RFID = "rfid"
    BIOMETRIC = "biometric"


class LockState(StrEnum):
    """How a lock stands, as far as it has told."""

    UNKNOWN = "unknown"
    LOCKED = "locked"
    UNLOCKED = "unlocked"
    UNLATCHED = "unlatched"
    JAMMED = "jammed"


class DoorState(StrEnum):
    """How the door itself stands, as far as it has told."""

    UNKNOWN = "unknown"
    OPEN = "open"
    CLOSED = "closed"
    AJAR = "ajar"


class LockOutcome(StrEnum):
    """What came of a command to open. All but the first are codes of a refusal."""

    OPENED = "opened"
    JAMMED = "lock_jammed"
    REFUSED = "lock_refused"
    NO_ANSWER = "lock_no_answer"
    UNREACHABLE = "lock_unreachable"


class DeviceState(StrEnum):
    """Where a device is on its way from the shelf to a home and back (registry/inventory/rules.py)."""

    STOCK = "stock"
    PAIRED = "paired"
    TESTED = "tested"
    LIVE = "live"
    RETURNED = "returned"


class DeviceHealth(StrEnum):
    """Whether a device is heard as often as its model says. `unwatched`: its model has no interval, or it is not live.

    `late` after two missed heartbeats, `lost` after three (domain.md, 10).
    """

    OK = "ok"
    LATE = "late"
    LOST = "lost"
    UNWATCHED = "unwatched"


class Radio(StrEnum):
    """How a device reaches us."""

    GSM = "2g"
    UMTS = "3g"
    LTE = "4g"
    NR = "5g"
    NB_IOT = "nb_iot"
    LTE_M = "lte_m"
    ETHERNET = "ethernet"
    WIFI = "wifi"
    UNKNOWN = "unknown"


class Scope(StrEnum):
    """What the devices of an incident have in common."""

    TOWN = "town"
    UNIT = "unit"
    NETWORK = "network"
    MODEL = "model"
    PRINCIPAL = "principal"
