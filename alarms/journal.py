"""Cases in and out of the database; each write ends with the feed, whose head row is locked last.

Order of locks, the same everywhere, so that two processes never deadlock: receipts by key, cases by `open_key` (or the
one case a command names), the feed head. Whoever holds the head has everything else already and only commits.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any

from sqlalchemy import RowMapping, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from alarms import tables
from alarms.core.plan import DEFAULTS_FROZEN, Frozen, Unreadable, thaw
from alarms.core.shapes import Case, Entry
from kit.errors import Conflict
from kit.ids import new_id
from kit.log import get_logger
from kit.store import among, for_update, insert_rows, update_rows
from kit.wire.words import CaseKind, CaseState, Cause, Measure, NobodyReason, Reason, Step
from registry import synthetic

log = get_logger(__name__)

FEED = "feed"
"""The bus topic on which desks are told to look."""

_COLUMNS = [field.name for field in fields(Case)]
# Each word's vocabulary, and what stands for a word that this process does not know yet: a newer one may have written
# it, and a case that cannot be read is a case that nobody sees.
_WORDS: dict[str, tuple[type[StrEnum], StrEnum]] = {
    "kind": (CaseKind, CaseKind.PERSON),
    "state": (CaseState, CaseState.QUEUED),
    "reason": (Reason, Reason.UNKNOWN_ALARM),
    "next_step": (Step, Step.SUPERVISOR_AGAIN),
    "cause": (Cause, Cause.OTHER),
    "measure": (Measure, Measure.OTHER),
    "nobody": (NobodyReason, NobodyReason.NOT_IDENTIFIED),
}


class LostRace(Conflict):
    """Another process opened the same case between our look and our insert: begin the transaction again."""


@dataclass(frozen=True, slots=True)
class Changed:
    """A case to write, with what to add to its timeline. `new` cases are inserted, others updated."""

    case: Case
    entries: tuple[Entry, ...]
    new: bool = False


def case_of(row: RowMapping) -> Case:
    """The case in a row of `alarm_case`."""
    values = {name: row[name] for name in _COLUMNS}
    for name, (vocabulary, otherwise) in _WORDS.items():
        if values[name] is not None:
            try:
                values[name] = vocabulary(values[name])
            except ValueError:
                log.error("case_word_unknown", case=row["id"], column=name)
                values[name] = otherwise
    values["plan"] = _plan_of(values["plan"], values["kind"])
    return Case(**values)


@lru_cache(maxsize=2048)
def _plan_of(text: str | None, kind: CaseKind) -> Frozen:
    """The frozen plan in its column, read once however many cases carry it.

    None, of a case from before there were plans, and what only a newer process can read, stand for the default.
    """
    if text is not None:
        try:
            return thaw(text)
        except Unreadable:
            log.error("case_plan_unknown", kind=kind.value)
    return DEFAULTS_FROZEN[kind]


def _row_of(case: Case) -> dict[str, Any]:
    """The case as a row. Not `asdict`: that copies in depth, and cost a fifth of what a whole batch does."""
    return {**{name: getattr(case, name) for name in _COLUMNS}, "plan": case.plan.text}


async def find_case(connection: AsyncConnection, case_id: str) -> Case | None:
    """The case as it stands; none when there is no such case."""
    row = (await connection.execute(select(tables.case).where(tables.case.c.id == case_id))).mappings().one_or_none()
    return case_of(row) if row else None


async def lock_case(connection: AsyncConnection, case_id: str) -> Case | None:
    """The case, locked until the transaction ends; none when there is no such case."""
    query = for_update(connection, select(tables.case).where(tables.case.c.id == case_id))
    row = (await connection.execute(query)).mappings().one_or_none()
    return case_of(row) if row else None


async def lock_cases(connection: AsyncConnection, case_ids: Iterable[str]) -> dict[str, Case]:
    """The cases with these ids, locked until the transaction ends; in the order in which batches lock open ones."""
    query = select(tables.case).where(tables.case.c.id.in_(sorted(set(case_ids)))).order_by(tables.case.c.open_key)
    rows = (await connection.execute(for_update(connection, query))).mappings().all()
    return {row["id"]: case_of(row) for row in rows}


async def lock_open(connection: AsyncConnection, open_keys: Iterable[str]) -> dict[str, Case]:
    """The open cases with these keys, locked in the order of the keys."""
    keys = set(open_keys)
    if not keys:
        return {}
    query = select(tables.case).where(among(connection, tables.case.c.open_key, keys)).order_by(tables.case.c.open_key)
    rows = (await connection.execute(for_update(connection, query))).mappings().all()
    return {row["open_key"]: case_of(row) for row in rows}


async def write(
    connection: AsyncConnection, changes: Sequence[Changed], at: datetime, marks: Sequence[str] = ()
) -> int | None:
    """Store the changes and give each a position in the feed; the last position, or none when there was no change.

    `marks` are signals of the watchdog: each has a position too, which no case stands behind.

    Raises LostRace when a new case's key is open already.
    """
    if not changes and not marks:
        return None
    await _insert_cases(connection, [change.case for change in changes if change.new])
    old = [_row_of(change.case) for change in changes if not change.new]
    if old:
        for row in old:
            del row["plan"]  # it is frozen
        await update_rows(connection, tables.case, old)
    lines = [
        {
            "id": new_id("line", entry.at),
            "case": change.case.id,
            "at": entry.at,
            "kind": entry.kind,
            "by": entry.by,
            "data": dict(entry.data or {}),
        }
        for change in changes
        for entry in change.entries
    ]
    if lines:
        await insert_rows(connection, tables.timeline, lines)
    told = [(change.case.id, change.case.principal) for change in changes]
    return await _append_to_feed(connection, [*told, *((mark, synthetic.PRINCIPAL) for mark in marks)], at)


async def _insert_cases(connection: AsyncConnection, cases: Sequence[Case]) -> None:
    if not cases:
        return
    ordered = sorted(cases, key=lambda case: case.open_key or "")
    rows = [_row_of(case) for case in ordered]
    conflict = "ON CONFLICT (open_key) DO NOTHING"
    written = await insert_rows(connection, tables.case, rows, conflict=conflict, returning="id")
    if len(written) != len(ordered):
        raise LostRace


async def _append_to_feed(connection: AsyncConnection, told: Sequence[tuple[str, str]], at: datetime) -> int:
    """Last in the transaction: from here to the commit nobody else writes a position."""
    head = (
        update(tables.feed_head)
        .values(position=tables.feed_head.c.position + len(told))
        .returning(tables.feed_head.c.position)
    )
    last: int = (await connection.execute(head)).scalar_one()
    first = last - len(told) + 1
    rows = [
        {"position": first + index, "case": case, "principal": principal, "at": at}
        for index, (case, principal) in enumerate(told)
    ]
    await insert_rows(connection, tables.feed, rows)
    return last


async def head_position(connection: AsyncConnection) -> int:
    """The last committed position."""
    position: int = (await connection.execute(select(tables.feed_head.c.position))).scalar_one()
    return position
