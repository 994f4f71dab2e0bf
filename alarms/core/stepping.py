"""Giving a case its next step: whatever else is planned, an offer that nobody has answered ends first."""

from dataclasses import replace
from datetime import datetime

from alarms.core import deadlines
from alarms.core.shapes import Case
from kit.wire.words import Step


def step_to(case: Case, plan: tuple[Step, datetime]) -> Case:
    """The case with that next step, under a new id."""
    step, at = plan
    if case.offered_until is not None and case.offered_until < at:
        step, at = Step.OFFER_ENDS, case.offered_until
    return replace(case, step=case.step + 1, next_step=step, next_step_at=at)


def unoffered(case: Case) -> Case:
    """The case with no offer on it."""
    return replace(case, offered_to=None, offered_desk=None, offered_until=None)


def after_offer(case: Case, at: datetime) -> Case:
    """The case without its offer, and with the step that its handler has otherwise."""
    free = unoffered(case)
    if free.held_until is not None:
        return step_to(free, (Step.HOLD_ENDS, max(at, free.held_until)))
    return step_to(free, deadlines.unread_press(at))


def worked_on(case: Case, at: datetime) -> Case:
    """The case after its handler has done something: awake, so the reminder moves, unless something is unread."""
    if case.unread or case.held_until is not None:
        return case
    return step_to(replace(case, escalation=0), deadlines.quiet_handler(at))
