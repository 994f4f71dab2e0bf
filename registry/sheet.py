"""A table of residents, homes and devices as CSV: read whole, and every problem found is said with its line.

One line is one resident with home, and a device if there is one. A resident with several devices has several lines; a
home that several share stands on each of theirs; what is told twice must be told alike or left empty. Separated by
commas or semicolons, in UTF-8.
"""

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from kit import ids

ID = re.compile(ids.ID)
ACCOUNTS = {
    "scaip": re.compile(r"[0-9]{1,16}"),
    "http": ID,
    "dc09": re.compile(r"[0-9A-Z]{3,16}"),
    "webhook": ID,
}
ALARM_DEVICES = frozenset({"scaip", "dc09", "webhook"})
"""Protocols that only alarm devices speak."""
YES, NO = {"ja", "yes", "1", "true", "x"}, {"nej", "no", "0", "false", ""}
MOST_LINES = 200_000
MOST_LETTERS = 2_000

RESIDENT = (
    "name",
    "pronounced",
    "born",
    "phone",
    "language",
    "hearing",
    "sight",
    "speech",
    "pets",
    "do_not_enter_alone",
    "instructions",
    "protected",
)
HOME = ("unit", "address", "town", "floor", "door", "door_code")
DEVICE = ("device", "protocol", "account", "model", "kind")
NEEDED = ("resident", "name", "home", "unit", "address", "town")
COLUMNS = ("resident", *RESIDENT, "home", *HOME, *DEVICE)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong on which line; the header is line 1. Names the column and never repeats a person's data."""

    line: int
    text: str


@dataclass(slots=True)
class Sheet:
    """What a table held: rows by id, ready for the registry's tables but for the principal; and all that is wrong.

    `lines` tells on which line a (kind, id) was first named.
    """

    residents: dict[str, dict[str, Any]] = field(default_factory=dict)
    homes: dict[str, dict[str, Any]] = field(default_factory=dict)
    devices: dict[str, dict[str, Any]] = field(default_factory=dict)
    lines: dict[tuple[str, str], int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def rows(self, kind: str) -> dict[str, dict[str, Any]]:
        """The rows of one kind: resident, home or device."""
        return {"resident": self.residents, "home": self.homes, "device": self.devices}[kind]

    def wrong(self, line: int, text: str) -> None:
        """Note a problem."""
        self.problems.append(Problem(line, text))


def read_sheet(content: bytes) -> Sheet:
    """Everything in the table, and every problem in it. Never raises."""
    sheet = Sheet()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        sheet.wrong(content[: error.start].count(b"\n") + 1, "This is not UTF-8. Save the file as CSV UTF-8.")
        return sheet
    if "\x00" in text:
        sheet.wrong(text[: text.index("\x00")].count("\n") + 1, "There is a NUL character here.")
        return sheet
    first = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";" if first.count(";") > first.count(",") else ",")
    try:
        names = [name.strip().lower() for name in next(reader, [])]
        if _header(sheet, names):
            for cells in reader:
                _line(sheet, reader.line_num, names, [cell.strip() for cell in cells])
    except csv.Error as error:
        sheet.wrong(reader.line_num, f"This is not CSV: {error}.")
    return sheet


def _header(sheet: Sheet, names: list[str]) -> bool:
    for name in NEEDED:
        if name not in names:
            sheet.wrong(1, f"The column {name} is missing.")
    for name in sorted(set(names)):
        if name not in COLUMNS:
            sheet.wrong(1, f"There is no column called {name or '(empty)'}. Columns are: {', '.join(COLUMNS)}.")
        elif names.count(name) > 1:
            sheet.wrong(1, f"The column {name} is there twice.")
    return not sheet.problems


def _line(sheet: Sheet, line: int, names: list[str], cells: list[str]) -> None:
    if not any(cells):
        return
    if len(cells) != len(names):
        sheet.wrong(line, f"There are {len(cells)} cells, and the header has {len(names)}.")
        return
    if line > MOST_LINES:
        if line == MOST_LINES + 1:
            sheet.wrong(line, f"The file is longer than {MOST_LINES} lines. Split it.")
        return
    row = dict(zip(names, cells, strict=True))
    before = len(sheet.problems)
    _check(sheet, line, row)
    if len(sheet.problems) > before:
        return
    resident, home = row["resident"], row["home"]
    told = {name: _value(name, row[name]) for name in RESIDENT if row.get(name)}
    _merge(sheet, line, "resident", resident, {**told, "home": home, "unit": row["unit"]})
    _merge(sheet, line, "home", home, {name: row[name] for name in HOME if row.get(name)})
    if row.get("device"):
        given = {name: row[name] for name in ("protocol", "account", "model", "kind") if row.get(name)}
        _merge(sheet, line, "device", row["device"], {"kind": "alarm", **given, "resident": resident, "home": home})


def _check(sheet: Sheet, line: int, row: Mapping[str, str]) -> None:
    for name in ("resident", "home", "unit", "device"):
        if row.get(name) and not ID.fullmatch(row[name]):
            sheet.wrong(line, f"{name} is no id: use letters a-z, digits, and . _ : - (at most 80).")
    known = {"home": row["home"] in sheet.homes, "resident": row["resident"] in sheet.residents}
    for name in NEEDED:
        repeats = known["resident"] if name == "name" else known["home"] and name in ("address", "town")
        if not row[name] and not repeats:
            sheet.wrong(line, f"{name} is empty.")
    for name, value in row.items():
        if len(value) > MOST_LETTERS:
            sheet.wrong(line, f"{name} is longer than {MOST_LETTERS} letters.")
    for name in ("do_not_enter_alone", "protected"):
        if row.get(name, "").lower() not in YES | NO:
            sheet.wrong(line, f"{name} is neither yes nor no.")
    if row.get("born") and not _is_date(row["born"]):
        sheet.wrong(line, "born is not a date such as 1938-03-14.")
    _check_device(sheet, line, row)


def _check_device(sheet: Sheet, line: int, row: Mapping[str, str]) -> None:
    protocol, account = row.get("protocol", ""), row.get("account", "")
    if not row.get("device"):
        if protocol or account:
            sheet.wrong(line, "device is empty, though protocol or account is there.")
    elif protocol not in ACCOUNTS:
        sheet.wrong(line, f"protocol is none of: {', '.join(ACCOUNTS)}.")
    elif not ACCOUNTS[protocol].fullmatch(account):
        sheet.wrong(line, f"account is not one that {protocol} devices have.")
    elif protocol == "http" and account != row["device"]:
        sheet.wrong(line, "account is not the device's own id, as it must be for http.")


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return len(text) == 10


def _value(name: str, text: str) -> Any:
    if name == "born":
        return date.fromisoformat(text)
    return text.lower() in YES if name in ("do_not_enter_alone", "protected") else text


def _merge(sheet: Sheet, line: int, kind: str, key: str, told: dict[str, Any]) -> None:
    row = sheet.rows(kind).setdefault(key, {})
    first = sheet.lines.setdefault((kind, key), line)
    for name, value in told.items():
        if row.setdefault(name, value) != value:
            sheet.wrong(line, f"{name} of {kind} {key} is not what line {first} says.")
