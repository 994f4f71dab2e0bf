"""What a case makes of asking where its person is: lines on its timeline. Part of `core.case`."""

from collections.abc import Mapping
from datetime import datetime

from alarms.core.at_position import LocateAsked, LocateEnded
from alarms.core.desk_rules import Rule
from alarms.core.shapes import Case, Decision, Entry, Event
from kit.wire.position_words import LocateState
from kit.wire.words import CaseState, TimelineKind


def locate_asked(case: Case, event: Event, at: datetime) -> Decision:
    """Noted, with what was stated where there is no consent."""
    assert isinstance(event, LocateAsked)
    said = {"device": event.device, "text": event.urgent}
    return Decision(case, (Entry(TimelineKind.LOCATE_ASKED, at, event.by, said),))


def locate_ended(case: Case, event: Event, at: datetime) -> Decision:
    """Noted; a device that was not found is said plainly."""
    assert isinstance(event, LocateEnded)
    kind = TimelineKind.LOCATED if event.state is LocateState.FOUND else TimelineKind.LOCATE_FAILED
    return Decision(case, (Entry(kind, at, data={"device": event.device, "outcome": event.state.value}),))


QUEUED: Mapping[type[Event], tuple[Rule, CaseState]] = {
    LocateAsked: (locate_asked, CaseState.QUEUED),
    LocateEnded: (locate_ended, CaseState.QUEUED),
}
TAKEN: Mapping[type[Event], tuple[Rule, CaseState]] = {
    LocateAsked: (locate_asked, CaseState.TAKEN),
    LocateEnded: (locate_ended, CaseState.TAKEN),
}
