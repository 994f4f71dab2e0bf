"""A rota as iCalendar: lines, folding, escaping, times (RFC 5545)."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from alarms.core.rota import Turn
from alarms.routing.ical import calendar, folded

AT = datetime(2026, 10, 24, 19, 0, tzinfo=UTC)
TURNS = [Turn(AT, AT + timedelta(hours=11), "anna"), Turn(AT + timedelta(hours=11), AT + timedelta(hours=21), None)]


def test_a_turn_is_an_event_in_utc_and_a_gap_is_none() -> None:
    text = calendar("natt", "Natt, norr; söder", TURNS, {"anna": "Anna\\Holm\r\nBEGIN:X"}, AT)
    assert text.endswith("END:VCALENDAR\r\n")
    assert text.count("BEGIN:VEVENT\r\n") == 1
    assert "DTSTART:20261024T190000Z\r\nDTEND:20261025T060000Z\r\n" in text
    assert "UID:natt-20261024T190000Z@nattljus\r\n" in text
    assert "X-WR-CALNAME:Natt\\, norr\\; söder\r\n" in text
    assert "SUMMARY:Natt\\, norr\\; söder: Anna\\\\Holm\\nBEGIN:X\r\n" in text


@given(st.text(st.characters(exclude_characters="\r\n", exclude_categories=["Cs"]), max_size=300))
def test_no_line_is_longer_than_may_be_and_unfolding_gives_it_back(line: str) -> None:
    text = folded(line)
    assert all(len(part) <= 75 for part in text.encode().split(b"\r\n"))
    assert text.replace("\r\n ", "").removesuffix("\r\n") == line
