"""Which line is which event outside, and that no words of anybody's go along."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alarms.core.outward_events import SAID, TYPES, event_types, said
from kit.wire.outward import EventType
from kit.wire.words import Reason, TimelineKind


def test_every_type_says_what_of_its_line_may_be_told():
    assert set(SAID) == set(EventType)
    assert set(TYPES.values()) == set(EventType) - {EventType.DEVICE_SILENT, EventType.DEVICE_HEARD}


@pytest.mark.parametrize("event_type", EventType)
@given(words=st.text())
def test_what_somebody_wrote_is_told_nobody(event_type, words):
    line = dict.fromkeys(SAID[event_type], words + " ¤")
    line |= {"text": words, "why": words, "zone": words, "resident": "resident-1", "by": "7", "contact": "c-1"}
    assert said(event_type, line) == {}


def test_ids_codes_and_numbers_are_told():
    line = {"mission": "mission-1", "minutes": 30, "text": "x"}
    assert said(EventType.MISSION_ACCEPTED, line) == {"mission": "mission-1", "minutes": 30}


def test_a_silent_device_is_told_beside_its_case():
    silent = event_types(TimelineKind.RAISED, Reason.SILENT, {})
    assert silent == (EventType.CASE_RAISED, EventType.DEVICE_SILENT)
    heard = event_types(TimelineKind.CLOSED, Reason.MANY_SILENT, {"measure": "came_back"})
    assert heard == (EventType.CASE_CLOSED, EventType.DEVICE_HEARD)
    assert event_types(TimelineKind.ENDED, Reason.SILENT, {"measure": "came_back"}) == (EventType.DEVICE_HEARD,)
    assert event_types(TimelineKind.CLOSED, Reason.SILENT, {"measure": "reported_technical"}) == (
        EventType.CASE_CLOSED,
    )


def test_a_persons_case_is_no_device_event_and_notes_are_told_nobody():
    assert event_types(TimelineKind.RAISED, Reason.PRESSED, {}) == (EventType.CASE_RAISED,)
    assert event_types(TimelineKind.NOTED, Reason.PRESSED, {"text": "x"}) == ()
    assert event_types("a_word_of_tomorrow", Reason.PRESSED, {}) == ()
