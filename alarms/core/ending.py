"""How the platform's own cases count and end: rules of the case's table for what `core.supervision` watches.

Only a technical case ends by itself, and only while nobody has it (decisions/0016): a radio that was away for a quarter
of an hour needs no human once it is back. Whoever has taken it is told, and closes it. A person's case refuses both.
"""

from dataclasses import replace
from datetime import datetime

from alarms.core.shapes import Case, Counted, Decision, Ended, Entry, Event, Refused
from kit.wire.words import CaseKind, CaseState, Cause, NobodyReason, TimelineKind


def end(case: Case, event: Event, at: datetime) -> Decision | Refused:
    """Nobody has it and nothing is left to do: it closes by itself. Never a person's case."""
    assert isinstance(event, Ended)
    if case.kind is CaseKind.PERSON:
        return Refused("not_technical")
    if case.missions:
        return Refused("mission_open")  # somebody is on the way
    closed = replace(
        case,
        state=CaseState.CLOSED,
        open_key=None,
        unread=0,
        nobody=None if case.resident else NobodyReason.DEVICE_ONLY,
        cause=Cause.TECHNICAL_FAULT,
        measure=event.measure,
        escalation=0,
        step=case.step + 1,
        next_step=None,
        next_step_at=None,
        closed_at=at,
    )
    said = {**event.said, "cause": Cause.TECHNICAL_FAULT.value, "measure": event.measure.value}
    return Decision(closed, (Entry(TimelineKind.CLOSED, at, data=said),))


def end_noted(case: Case, event: Event, at: datetime) -> Decision | Refused:
    """Somebody is on it: a note, and that one closes it."""
    assert isinstance(event, Ended)
    if case.kind is CaseKind.PERSON:
        return Refused("not_technical")
    return Decision(case, (Entry(TimelineKind.ENDED, at, data={**event.said, "measure": event.measure.value}),))


def count(case: Case, event: Event, at: datetime) -> Decision | Refused:
    """An incident's row says how many; each change is told to the desks, and is no line of its own."""
    assert isinstance(event, Counted)
    if case.kind is CaseKind.PERSON:
        return Refused("not_technical")
    return Decision(replace(case, presses=event.count), changed=case.presses != event.count)
