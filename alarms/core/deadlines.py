"""The deadlines of a case in somebody's hands: a handler who is quiet is reminded, with the supervisor watching.

What happens to a case that nobody has yet is its frozen plan's (`plan`, `waiting`).
"""

from datetime import datetime, timedelta

from kit.wire.words import Step

HANDLER_QUIET = timedelta(minutes=10)
PRESS_UNREAD = timedelta(seconds=60)
AFTER_HOLD = timedelta(seconds=60)
OFFER_STANDS = timedelta(seconds=60)
SENDING_STANDS = timedelta(minutes=3)
"""Another desk must see it first and agree who takes it; as long as a mission waits to be accepted."""


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
