"""The access log's chain: each row's seal covers the row, its number and the seal before it.

    seal = HMAC-SHA256(key, seal of the row before ‖ encoding of the row)        32 bytes; the first follows 32 zeros

The encoding (`nattljus-access-1`) is unambiguous: the format's name, then every column in the order of `COLUMNS`, each
as one letter for its kind (n none, s text, b truth, i whole number, t moment, j JSON), the length of what follows as 8
bytes big-endian, and that: UTF-8, moments as ISO 8601 in UTC with microseconds, JSON with sorted keys and no spaces.
The key is drawn from each secret key with HKDF-SHA256, so that no token is ever signed with the key of a seal.

What it shows: a row altered, taken out, put in, moved; an end cut off while the head still stands; a head that is not
the last row's. What no chain can show by itself: an end cut off together with a head put back. `nattljus audit verify`
therefore prints number and seal of each head, to be kept elsewhere and compared.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC

from kit.seal import derive

FORMAT = b"nattljus-access-1"
COLUMNS = (
    "id",
    "at",
    "principal",
    "person",
    "role",
    "unit",
    "act",
    "resident",
    "subject",
    "purpose",
    "allowed",
    "detail",
    "sealed_no",
)
START = bytes(32)
UNSEALED_AT_MOST = timedelta(seconds=10)
SHOWN_AT_MOST = 20  # breaks named for one chain; the rest are counted

Row = Mapping[str, Any]


class Fault(StrEnum):
    """What is wrong with a chain."""

    ALTERED = "altered"
    MISSING = "missing"
    CUT_OFF = "cut_off"
    NO_HEAD = "no_head"
    FORGED_HEAD = "forged_head"
    UNSEALED = "unsealed"


@dataclass(frozen=True, slots=True)
class Break:
    """One thing wrong, at a number of the chain; `row` is the access log's id where there is one."""

    fault: Fault
    number: int
    row: str | None = None


@dataclass(frozen=True, slots=True)
class Head:
    """How many rows are sealed, and the last seal."""

    sealed_no: int
    seal: bytes


@dataclass(frozen=True, slots=True)
class ChainReport:
    """What a walk through one principal's chain found. `breaks` names the first of `broken`."""

    principal: str
    rows: int
    head: Head | None
    breaks: tuple[Break, ...]
    broken: int

    @property
    def whole(self) -> bool:
        """Whether nothing is wrong."""
        return self.broken == 0


def sealing_keys(secrets: Sequence[str]) -> list[bytes]:
    """The keys for seals, in the order of the secret keys: the first seals, all are accepted."""
    return derive(secrets, b"nattljus access log")


def seal(key: bytes, before: bytes, row: Row) -> bytes:
    """The seal of a row that follows the seal `before`; the row has its number already."""
    return _hmac(key, before, row).finalize()


def encode(row: Row) -> bytes:
    """The row as it is sealed; see the module's text."""
    return FORMAT + b"".join(_encode(name, row[name]) for name in COLUMNS)


@dataclass(slots=True)
class Walk:
    """A walk through one principal's sealed rows in the order of their numbers: `step` for each, `end` at the end."""

    principal: str
    keys: Sequence[bytes]
    _rows: int = 0
    _number: int = 0
    _seal: bytes | None = START
    _breaks: list[Break] = field(default_factory=list)
    _broken: int = 0

    def step(self, row: Row) -> None:
        """The next row. After a fault the walk goes on from what stands there, so that each fault is named once."""
        number = row["sealed_no"]
        self._rows += 1
        if number != self._number + 1:
            self._note(Break(Fault.MISSING, self._number + 1, None))
        elif self._seal is None or not self._holds(row):
            self._note(Break(Fault.ALTERED, number, row["id"]))
        self._number, self._seal = number, row["seal"]

    def end(self, head: Head | None, waiting_since: datetime | None, at: datetime) -> ChainReport:
        """The head as stored, since when the oldest unsealed row waits, and the time now."""
        if head is None:
            if self._rows:
                self._note(Break(Fault.NO_HEAD, self._number))
        elif head.sealed_no > self._number:
            self._note(Break(Fault.CUT_OFF, self._number + 1))
        elif head.sealed_no < self._number or head.seal != self._seal:
            self._note(Break(Fault.FORGED_HEAD, head.sealed_no))
        if waiting_since is not None and at - waiting_since > UNSEALED_AT_MOST:
            self._note(Break(Fault.UNSEALED, self._number + 1))
        return ChainReport(self.principal, self._rows, head, tuple(self._breaks), self._broken)

    def _holds(self, row: Row) -> bool:
        # Keys change rarely: the one that fitted last comes first.
        for place, key in enumerate(self.keys):
            check = _hmac(key, self._seal or START, row)
            try:
                check.verify(row["seal"] or b"")
            except InvalidSignature:
                continue
            if place:
                self.keys = [key, *(other for other in self.keys if other is not key)]
            return True
        return False

    def _note(self, found: Break) -> None:
        self._broken += 1
        if len(self._breaks) < SHOWN_AT_MOST:
            self._breaks.append(found)


def _hmac(key: bytes, before: bytes, row: Row) -> HMAC:
    code = HMAC(key, SHA256())
    code.update(before)
    code.update(encode(row))
    return code


def _encode(name: str, value: Any) -> bytes:
    if name == "detail":
        kind, text = b"j", json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    elif value is None:
        kind, text = b"n", ""
    elif isinstance(value, bool):
        kind, text = b"b", "1" if value else "0"
    elif isinstance(value, int):
        kind, text = b"i", str(value)
    elif isinstance(value, datetime):
        kind, text = b"t", value.astimezone(UTC).isoformat(timespec="microseconds")
    else:
        kind, text = b"s", str(value)
    content = text.encode()
    return kind + len(content).to_bytes(8, "big") + content
