"""The minimal escalation: by when somebody must have done something, and what happens otherwise.

A person untaken for 60 s makes every desk louder, after 180 s the supervisor is asked, and asked again. A case in
somebody's hands has deadlines too: a handler who is quiet is reminded, with the supervisor watching.
"""

from datetime import datetime, timedelta

from kit.wire.words import CaseKind, Step

LOUDER_AFTER = timedelta(seconds=60)
SUPERVISOR_AFTER = timedelta(seconds=180)
SUPERVISOR_EVERY = timedelta(seconds=180)
TECHNICAL_URGENT = timedelta(minutes=30)
TECHNICAL = timedelta(hours=12)
HANDLER_QUIET = timedelta(minutes=10)
PRESS_UNREAD = timedelta(seconds=60)
AFTER_HOLD = timedelta(seconds=60)
OFFER_STANDS = timedelta(seconds=60)


def untaken(kind: CaseKind, priority: int, since: datetime, escalation: int, at: datetime) -> tuple[Step, datetime]:
    """The next step of a case that nobody has, waiting `since` then; never earlier than now."""
    if kind is CaseKind.TECHNICAL:
        wait = TECHNICAL_URGENT if priority <= 3 else TECHNICAL
        return (Step.SUPERVISOR, since + wait) if escalation == 0 else (Step.SUPERVISOR_AGAIN, at + wait)
    if escalation == 0:
        return Step.LOUDER, max(at, since + LOUDER_AFTER)
    if escalation == 1:
        return Step.SUPERVISOR, max(at, since + SUPERVISOR_AFTER)
    return Step.SUPERVISOR_AGAIN, at + SUPERVISOR_EVERY


def quiet_handler(at: datetime) -> tuple[Step, datetime]:
    """When a handler who does nothing is reminded."""
    return Step.REMIND_HANDLER, at + HANDLER_QUIET


def unread_press(at: datetime) -> tuple[Step, datetime]:
    """When a handler who has not looked at a new press is reminded."""
    return Step.REMIND_HANDLER, at + PRESS_UNREAD


def hold(at: datetime, minutes: int) -> tuple[Step, datetime]:
    """When a hold ends by itself."""
    return Step.HOLD_ENDS, at + timedelta(minutes=minutes)


def after_hold(at: datetime) -> tuple[Step, datetime]:
    """When a handler whose hold ended is reminded."""
    return Step.REMIND_HANDLER, at + AFTER_HOLD
