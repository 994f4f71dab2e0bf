"""The closed vocabularies of positions: who consents, what a zone watches, and what becomes of asking a device."""

from enum import StrEnum


class ConsentBy(StrEnum):
    """Whose word a consent to positioning is: the resident's own, or of who may speak for the resident."""

    RESIDENT = "resident"
    TRUSTEE = "trustee"
    COHABITANT = "cohabitant"


class ZoneWatch(StrEnum):
    """What of a safe zone is told: that somebody leaves it, or enters it."""

    LEAVE = "leave"
    ENTER = "enter"


class ZoneMakes(StrEnum):
    """What a crossing makes: an alarm for a human, or information for the history and for a case that is open."""

    ALARM = "alarm"
    INFORMATION = "information"


class ZoneStanding(StrEnum):
    """How somebody stands to a zone (alarms/core/zone.py); `told` is on the wrong side, and that was said."""

    UNKNOWN = "unknown"
    RIGHT = "right"
    WRONG = "wrong"
    TOLD = "told"


class LocateState(StrEnum):
    """The machine of asking a device where it is (alarms/core/locate.py).

    `cannot_tell`: the device has answered that it does not know. `unreachable`: it never fetched the question.
    """

    ASKED = "asked"
    SENT = "sent"
    FOUND = "found"
    CANNOT_TELL = "cannot_tell"
    NO_ANSWER = "no_answer"
    UNREACHABLE = "unreachable"


class LocateStep(StrEnum):
    """What a question waits for."""

    SEND_ENDS = "send_ends"
    ANSWER_ENDS = "answer_ends"
