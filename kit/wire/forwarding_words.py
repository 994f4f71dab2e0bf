"""The closed vocabularies of alarms that are sent on to external alarm centres."""

from enum import StrEnum


class ForwardState(StrEnum):
    """The machine of one signal on its way out (alarms/core/forwarding.py)."""

    PENDING = "pending"
    SENT = "sent"
    HELD = "held"
    DONE = "done"
    FAILED = "failed"


class ForwardOutcome(StrEnum):
    """What came of it, as the case's timeline says it.

    `refused`: its answer was another than taken or hold. `sip_refused`: it refused the message itself. `not_let_in`: it
    asked for a password that we do not have. `all_tried`: no receiver has taken it, and all are tried again. `ended`:
    somebody has the case, so nobody else is asked any more.
    """

    TAKEN = "taken"
    HELD = "held"
    REFUSED = "refused"
    SIP_REFUSED = "sip_refused"
    NOT_LET_IN = "not_let_in"
    SILENT = "silent"
    UNREACHABLE = "unreachable"
    ALL_TRIED = "all_tried"
    ENDED = "ended"
