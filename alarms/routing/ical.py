"""A rota as a calendar that any calendar program reads: iCalendar (RFC 5545), lines folded, times in UTC."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from alarms.core.rota import Turn

LONGEST_LINE = 75  # octets without the line's end (RFC 5545 §3.1)


def calendar(rota: str, name: str, turns: Iterable[Turn], names: Mapping[str, str], at: datetime) -> str:
    """Everybody's turns; where nobody is on, there is no event."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Nattljus//rota//SV",
        "CALSCALE:GREGORIAN",
        f"X-WR-CALNAME:{_escaped(name)}",
    ]
    for turn in turns:
        if turn.person is None:
            continue
        lines += [
            "BEGIN:VEVENT",
            f"UID:{rota}-{_stamp(turn.starts_at)}@nattljus",
            f"DTSTAMP:{_stamp(at)}",
            f"DTSTART:{_stamp(turn.starts_at)}",
            f"DTEND:{_stamp(turn.ends_at)}",
            f"SUMMARY:{_escaped(f'{name}: {names.get(turn.person, turn.person)}')}",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return "".join(folded(line) for line in lines)


def folded(line: str) -> str:
    """The line with its end, broken so that no part is longer than may be; never within a letter."""
    parts, part, room = [], b"", LONGEST_LINE
    for letter in line:
        octets = letter.encode()
        if len(part) + len(octets) > room:
            parts.append(part)
            part, room = b"", LONGEST_LINE - 1  # what follows begins with a space
        part += octets
    parts.append(part)
    return b"\r\n ".join(parts).decode() + "\r\n"


def _escaped(text: str) -> str:
    """Text as a value (§3.3.11)."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    for letter, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        plain = plain.replace(letter, written)
    return "".join(letter for letter in plain if letter.isprintable())


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
