"""A case that nobody has yet: where in its frozen plan it stands, when the next step acts, and what it then does.

A step acts once its wait is over, counted from when the one before was due; what is overdue after an outage acts at
once and in order. A step that reaches nobody says why and lets the next one act at once, but a round that is repeated
for ever always begins with its wait, and while somebody goes already the plan keeps its pace.
"""

from dataclasses import replace
from datetime import datetime

from alarms.core.plan import FrozenStep, following, wait_of
from alarms.core.shapes import Came, Case, Decision, Entry, StepDue
from kit.wire.routing_words import StepFailed
from kit.wire.words import Step, TimelineKind

CARRIED = frozenset({Step.TEAM, Step.ON_CALL, Step.PERSON, Step.FORWARD})
"""Steps whose doing somebody must have tried before the case is told: it then hears what came of them."""


def begin(case: Case, since: datetime, at: datetime) -> Case:
    """The plan from its first step, for a case that waits since then; nothing falls due before now."""
    return _at(case, 0, max(at, since + wait_of(case.plan.steps[0], case.kind, case.priority)))


def standing(case: Case) -> FrozenStep:
    """The step that a waiting case stands before."""
    return case.plan.steps[min(case.plan_step, len(case.plan.steps) - 1)]


def hasten(before: Case, after: Case) -> Case:
    """A waiting case that has become more urgent waits only as long as an urgent one, from when the wait began."""
    step = standing(before)
    spared = wait_of(step, before.kind, before.priority) - wait_of(step, after.kind, after.priority)
    if not spared or before.next_step_at is None:
        return after
    return replace(after, step=after.step + 1, next_step_at=before.next_step_at - spared)


def at_latest(case: Case, due: datetime) -> Case:
    """The next step no later than then."""
    if case.next_step_at is None or case.next_step_at <= due:
        return case
    return replace(case, step=case.step + 1, next_step_at=due)


def act(case: Case, event: StepDue, at: datetime) -> Decision:
    """The step that the case stands before acts."""
    step, came = standing(case), event.came
    if came is None:
        came = Came(failed=StepFailed.BROKE) if step.step in CARRIED else Came()
    if came.failed is not None:
        code = came.failed.value
        said = {"step": step.step.value, "id": step.id, "to": came.reached or step.to, "code": code}
        at_once = came.failed is not StepFailed.SOMEBODY_GOES
        return Decision(_go_on(case, at, at_once=at_once), (Entry(TimelineKind.STEP_FAILED, at, data=said),))
    if step.step is Step.WAIT:
        return Decision(_go_on(case, at))
    told = case.next_step.value if case.next_step else step.step.value
    entry = Entry(TimelineKind.ESCALATED, at, data={"step": told, "id": step.id, "reached": came.reached})
    escalated = replace(case, escalation=max(case.escalation, 2 if step.step is Step.SUPERVISOR else 1))
    if step.step is Step.FORWARD:
        escalated = replace(escalated, desk=came.reached)
        entry = Entry(TimelineKind.FORWARDED, at, data={"from": case.desk, "to": came.reached, "id": step.id})
    return Decision(_go_on(escalated, at), (entry,))


def _go_on(case: Case, at: datetime, *, at_once: bool = False) -> Case:
    place = following(case.plan, min(case.plan_step, len(case.plan.steps) - 1))
    if at_once and place != case.plan.again:
        return _at(case, place, at)
    was_due = case.next_step_at or at
    return _at(case, place, max(at, was_due + wait_of(case.plan.steps[place], case.kind, case.priority)))


def _at(case: Case, place: int, due: datetime) -> Case:
    word = case.plan.steps[place].step
    if word is Step.SUPERVISOR and case.escalation >= 2:
        word = Step.SUPERVISOR_AGAIN
    return replace(case, plan_step=place, step=case.step + 1, next_step=word, next_step_at=due)
