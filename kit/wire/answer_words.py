"""The closed vocabularies of answer times."""

from enum import StrEnum


class Grouping(StrEnum):
    """What answer times are counted by; hours and days are Stockholm's."""

    HOUR = "hour"
    DAY = "day"
    PRINCIPAL = "principal"
    REASON = "reason"


class Verdict(StrEnum):
    """Whether a goal for answer times is held.

    `none`: nothing is decided yet. `few`: it is not held, and a single late case is enough for that. `no_goal`: nothing
    is promised for this limit.
    """

    HELD = "held"
    MISSED = "missed"
    FEW = "few"
    NONE = "none"
    NO_GOAL = "no_goal"
