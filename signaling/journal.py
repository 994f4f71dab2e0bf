"""Visits in and out of the database. A visit is locked before it is decided about, and written in one go.

Order of locks, the same everywhere: the command's id, then one visit. Nobody locks two visits at once.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, Select, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.ids import new_id
from kit.metrics import counter, histogram
from kit.store import for_update, insert
from kit.wire.words import (
    Away,
    LegalBasis,
    Trouble,
    VisitKind,
    VisitOutcome,
    VisitPart,
    VisitState,
    VisitStep,
)
from signaling import tables
from signaling.core.shapes import Decision, Participant, Visit

ended_total = counter("visits_ended_total", "Visits that ended, by kind and how", ["kind", "outcome"])
ring_seconds = histogram("visit_answer_seconds", "From the ring to the answer", (1, 2, 5, 10, 15, 20, 30, 45))

VISITS = "visits"
"""The bus topic on which each process's reader is told to look."""

_COLUMNS = [field.name for field in fields(Visit) if field.name != "participants"]
_WORDS: dict[str, Any] = {
    "kind": VisitKind,
    "state": VisitState,
    "legal_basis": LegalBasis,
    "outcome": VisitOutcome,
    "ended_by": VisitPart,
    "next_step": VisitStep,
}


class Busy(Exception):
    """The resident is rung, or in a visit, already."""


async def lock_visit(connection: AsyncConnection, visit_id: str) -> Visit | None:
    """The visit, locked until the transaction ends; none when there is no such visit."""
    query = for_update(connection, select(tables.visit).where(tables.visit.c.id == visit_id))
    return next(iter(await _with_participants(connection, query)), None)


async def read_visits(connection: AsyncConnection, query: Select[Any]) -> list[Visit]:
    """The visits that a query on `tables.visit` finds, in its order."""
    return await _with_participants(connection, query)


async def live_visit(connection: AsyncConnection, resident: str) -> Visit | None:
    """The visit that a resident is rung for or in, none when there is none."""
    query = select(tables.visit).where(tables.visit.c.live_key == f"resident:{resident}")
    return next(iter(await _with_participants(connection, query)), None)


async def live_ids_of(connection: AsyncConnection, holder: str) -> list[str]:
    """The visits that a person or device is in now."""
    query = (
        select(tables.visit.c.id)
        .join(tables.participant, tables.participant.c.visit == tables.visit.c.id)
        .where(tables.participant.c.holder == holder, tables.visit.c.live_key.is_not(None))
        .order_by(tables.visit.c.id)
    )
    return list((await connection.execute(query)).scalars())


async def add(connection: AsyncConnection, decision: Decision, at: datetime) -> None:
    """Store a new visit. Raises Busy when its resident is in another one."""
    statement = insert(connection, tables.visit).on_conflict_do_nothing(index_elements=["live_key"])
    row = {**_row(decision.visit), "changed_at": at}
    if (await connection.execute(statement.returning(tables.visit.c.id), row)).first() is None:
        raise Busy
    await _write_participants(connection, (), decision.visit)
    await _write_entries(connection, decision)


async def write(connection: AsyncConnection, before: Visit, decision: Decision, at: datetime) -> None:
    """Store what became of a locked visit. Raises IntegrityError when another one of the resident's has begun."""
    row = {name: value for name, value in _row(decision.visit).items() if name != "id"}
    changing = update(tables.visit).where(tables.visit.c.id == before.id)
    await connection.execute(changing.values(**row, changed_at=at))
    await _write_participants(connection, before.participants, decision.visit)
    await _write_entries(connection, decision)
    _count(before, decision.visit)


def _count(before: Visit, after: Visit) -> None:
    if before.answered_at is None and after.answered_at is not None and after.rang_at is not None:
        ring_seconds.observe((after.answered_at - after.rang_at).total_seconds())
    if before.outcome is None and after.outcome is not None:
        ended_total.labels(kind=after.kind, outcome=after.outcome).inc()


def _row(visit: Visit) -> dict[str, Any]:
    return {name: getattr(visit, name) for name in _COLUMNS}


async def _with_participants(connection: AsyncConnection, query: Select[Any]) -> list[Visit]:
    rows = (await connection.execute(query)).mappings().all()
    if not rows:
        return []
    found: dict[str, list[Participant]] = {row["id"]: [] for row in rows}
    beside = (
        select(tables.participant)
        .where(tables.participant.c.visit.in_(list(found)))
        .order_by(tables.participant.c.visit, tables.participant.c.place)
    )
    for one in (await connection.execute(beside)).mappings():
        found[one["visit"]].append(_participant(one))
    return [_visit(row, found[row["id"]]) for row in rows]


def _visit(row: RowMapping, participants: Iterable[Participant]) -> Visit:
    values = {name: row[name] for name in _COLUMNS}
    for name, word in _WORDS.items():
        if values[name] is not None:
            values[name] = word(values[name])
    return Visit(**values, participants=tuple(participants))


def _participant(row: RowMapping) -> Participant:
    return Participant(
        id=row["id"],
        part=VisitPart(row["part"]),
        holder=row["holder"],
        joined_at=row["joined_at"],
        publishes=row["publishes"],
        away=Away(row["away"]) if row["away"] else None,
        away_since=row["away_since"],
        trouble=tuple(Trouble(word) for word in row["trouble"].split()),
    )


async def _write_participants(connection: AsyncConnection, before: Sequence[Participant], visit: Visit) -> None:
    known = {one.id: one for one in before}
    for place, one in enumerate(visit.participants):
        if known.get(one.id) == one:
            continue
        row = {**asdict(one), "trouble": " ".join(one.trouble), "visit": visit.id, "place": place}
        if one.id in known:
            changing = update(tables.participant).where(tables.participant.c.id == one.id)
            await connection.execute(changing.values(row))
        else:
            await connection.execute(tables.participant.insert().values(row))


async def _write_entries(connection: AsyncConnection, decision: Decision) -> None:
    lines = [
        {
            "id": new_id("entry", entry.at),
            "visit": decision.visit.id,
            "at": entry.at,
            "kind": entry.kind,
            "part": entry.part,
            "data": dict(entry.data or {}),
        }
        for entry in decision.entries
    ]
    if lines:
        await connection.execute(tables.entry.insert(), lines)
