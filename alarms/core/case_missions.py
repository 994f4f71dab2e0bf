"""What a mission means for its case: a line for each act, urgent again when nobody goes, and no nagging while one does.

A case keeps its missions when it is released or taken over; it cannot be closed while one is open.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from alarms.core import deadlines, waiting
from alarms.core.shapes import Case, Decision, Entry, Event, MissionSent, MissionTold, Refused
from kit.wire.words import CaseState, Step, TimelineKind

GOES_ON_WITHIN = timedelta(seconds=180)
"""How long the plan of a case that nobody has waits at the most, once a mission is not accepted or late."""


def _next(case: Case, plan: tuple[Step, datetime]) -> Case:
    return replace(case, step=case.step + 1, next_step=plan[0], next_step_at=plan[1])


def mission_sent(case: Case, event: Event, at: datetime) -> Decision | Refused:
    """Somebody is sent, by who has the case or by a plan; the mission's own deadline stands on the mission."""
    assert isinstance(event, MissionSent)
    if event.by is not None and event.by != case.handler:
        return Refused("not_taken" if case.handler is None else "not_yours")
    entry = Entry(TimelineKind.MISSION_SENT, at, event.by, {"mission": event.mission, **event.said})
    sent = replace(case, missions=case.missions + 1)
    if event.by is not None and case.held_until is None and case.unread == 0:
        sent = _next(replace(sent, escalation=0), deadlines.quiet_handler(at))
    return Decision(sent, (entry,))


def mission_told(case: Case, event: Event, at: datetime) -> Decision:
    """What became of a mission. Urgent: unread for the handler, the supervisor asked if it stays so."""
    assert isinstance(event, MissionTold)
    left = case.missions - 1 if event.ended else case.missions
    told = replace(case, missions=left, watched_until=None if event.urgent else event.watched_until)
    if event.urgent:
        return _urgent(told, event, at)
    quiet = case.state is CaseState.TAKEN and case.held_until is None and case.unread == 0
    return Decision(_next(told, deadlines.quiet_handler(at)) if quiet else told, event.entries)


def _urgent(case: Case, event: MissionTold, at: datetime) -> Decision:
    entries = event.entries
    louder = replace(
        case, priority=max(1, case.priority - 1), unread=case.unread + 1, escalation=max(1, case.escalation)
    )
    if case.state is not CaseState.TAKEN:
        # Its plan goes on: at once when nobody is left to go, else soon.
        return Decision(waiting.at_latest(louder, at if event.ended else at + GOES_ON_WITHIN), entries)
    if case.held_until is not None:
        louder = replace(louder, held_until=None)
        entries = (*entries, Entry(TimelineKind.WOKEN, at))
    soon = deadlines.unread_press(at)
    if case.held_until is None and case.next_step_at is not None and case.next_step_at <= soon[1]:
        return Decision(louder, entries)
    return Decision(_next(louder, soon), entries)


def watched(case: Case, at: datetime) -> Decision | None:
    """A handler who waits for a responder who is on time is left alone until that one is late; none otherwise.

    A reminder that is wrong is one that is not heeded when it is right; and the mission's own deadline, a minute
    earlier, makes the case urgent by itself.
    """
    if (
        case.watched_until is None
        or at >= case.watched_until
        or case.unread
        or case.next_step is not Step.REMIND_HANDLER
    ):
        return None
    return Decision(_next(replace(case, escalation=0), (Step.REMIND_HANDLER, case.watched_until)))
