"""The shift note, over HTTP: what one shift leaves for the next at the same desk.

One note is open at each desk. Its shift writes it anew as the night goes; when somebody else has acknowledged it, it is
on record, and the next one begins empty.
"""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from sqlalchemy import RowMapping, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from alarms.desk.seats import place_of
from alarms.handling.tables import shift_note
from kit.clock import Clock
from kit.errors import Refusal
from kit.ids import new_id
from kit.params import Id
from kit.problem import PROBLEM_RESPONSES
from kit.store import Store, insert
from kit.wire.handling import ShiftNote, ShiftNotes, WriteShiftNote
from registry.access import Act, Allowed, Who, Whom
from registry.find import person_names
from registry.look import ask, insist
from registry.session_web import Sessions, asks

TITLES = {
    "note_changed": "Somebody has written in the note meanwhile. Read it and write again.",
    "note_own": "The note is for the next shift to acknowledge.",
    "note_gone": "This note is not open any more.",
}


def shift_router(store: Store, clock: Clock, sessions: Sessions) -> APIRouter:
    """The routes, to be mounted at the root."""
    router = APIRouter(prefix="/api/v1/shift-note", tags=["notes"], responses=PROBLEM_RESPONSES)
    asker = Depends(sessions)

    @router.get("", openapi_extra=asks(Act.SHIFT_NOTE_READ))
    async def read(who: Annotated[Who, asker]) -> ShiftNotes:
        """The open note of one's desk, and the last that was acknowledged."""
        at = clock.now()
        notes = None
        async with store.write() as connection:
            answer = await ask(connection, who, Act.SHIFT_NOTE_READ, Whom(who.principal), at=at)
            if isinstance(answer, Allowed):
                notes = await _notes(connection, place_of(who))
        insist(answer)
        assert notes is not None
        return notes

    @router.post("", openapi_extra=asks(Act.SHIFT_NOTE_WRITE))
    async def write(who: Annotated[Who, asker], body: WriteShiftNote) -> ShiftNotes:
        """Write the open note anew; refused when somebody else has since `version`."""
        at = clock.now()
        notes, written = None, False
        async with store.write() as connection:
            answer = await ask(connection, who, Act.SHIFT_NOTE_WRITE, Whom(who.principal), at=at)
            if isinstance(answer, Allowed):
                written = await _write(connection, who, body, at)
                notes = await _notes(connection, place_of(who))
        insist(answer)
        if not written:
            raise Refusal("note_changed")
        assert notes is not None
        return notes

    @router.post("/{note_id}/acknowledge", openapi_extra=asks(Act.SHIFT_NOTE_WRITE))
    async def acknowledge(who: Annotated[Who, asker], note_id: Id) -> ShiftNotes:
        """Say that the next shift has read it; nobody does so for a note of their own."""
        at = clock.now()
        notes, code = None, None
        async with store.write() as connection:
            answer = await ask(connection, who, Act.SHIFT_NOTE_WRITE, Whom(who.principal), at=at, subject=note_id)
            if isinstance(answer, Allowed):
                code = await _acknowledge(connection, who, note_id, at)
                notes = await _notes(connection, place_of(who))
        insist(answer)
        if code is not None:
            raise Refusal(code)
        assert notes is not None
        return notes

    return router


async def _write(connection: AsyncConnection, who: Who, body: WriteShiftNote, at: datetime) -> bool:
    said: dict[str, Any] = {"text": body.text, "at": at, "by": who.person, "version": body.version + 1}
    if body.version == 0:
        row = {"id": new_id("shift", at), "open_key": place_of(who), "place": place_of(who), **said}
        statement = insert(connection, shift_note).on_conflict_do_nothing(index_elements=["open_key"])
        return (await connection.execute(statement.returning(shift_note.c.id), row)).first() is not None
    same = (shift_note.c.open_key == place_of(who)) & (shift_note.c.version == body.version)
    return (await connection.execute(update(shift_note).where(same).values(said))).rowcount == 1


async def _acknowledge(connection: AsyncConnection, who: Who, note_id: str, at: datetime) -> str | None:
    """The refusal's code, or none when it is done."""
    still = (shift_note.c.id == note_id) & (shift_note.c.open_key == place_of(who))
    others = update(shift_note).where(still, shift_note.c.by != who.person)
    done = {"open_key": None, "acknowledged_at": at, "acknowledged_by": who.person}
    if (await connection.execute(others.values(done))).rowcount == 1:
        return None
    return "note_gone" if await connection.scalar(select(shift_note.c.id).where(still)) is None else "note_own"


async def _notes(connection: AsyncConnection, place: str) -> ShiftNotes:
    opened = select(shift_note).where(shift_note.c.open_key == place)
    ended = select(shift_note).where(shift_note.c.place == place, shift_note.c.open_key.is_(None))
    now = (await connection.execute(opened)).mappings().one_or_none()
    last = (await connection.execute(ended.order_by(shift_note.c.id.desc()).limit(1))).mappings().one_or_none()
    people = {row[name] for row in (now, last) if row for name in ("by", "acknowledged_by") if row[name]}
    names = await person_names(connection, people)
    return ShiftNotes(open=_shown(now, names) if now else None, last=_shown(last, names) if last else None)


def _shown(row: RowMapping, names: dict[str, str]) -> ShiftNote:
    whose = row["acknowledged_by"]
    return ShiftNote(
        **{name: row[name] for name in ("id", "version", "text", "at", "by", "acknowledged_at")},
        by_name=names.get(row["by"], row["by"]),
        acknowledged_by_name=names.get(whose, whose) if whose else None,
    )
