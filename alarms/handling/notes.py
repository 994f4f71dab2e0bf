"""Notes beside cases, over HTTP: pinned to a person, and from one shift to the next at a desk.

Each look at a person's notes is logged as a look at that person.
"""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from alarms.desk.commands import CasePurposes
from alarms.handling.tables import person_note
from kit.clock import Clock
from kit.errors import Refusal
from kit.ids import new_id
from kit.params import ForCase, Id
from kit.problem import PROBLEM_RESPONSES
from kit.store import Store
from kit.wire.handling import PersonNote, PersonNotes, PinNote
from registry.access import Act, Allowed, Decision, Who, Whom
from registry.find import person_names
from registry.look import ask, insist
from registry.routes import subject
from registry.session_web import Sessions, asks

PINNED_AT_MOST = 20

TITLES = {
    "too_many_notes": "So many notes are pinned to this person already that nobody reads them. Take one down first.",
}


def notes_router(store: Store, clock: Clock, sessions: Sessions, purposes: CasePurposes) -> APIRouter:
    """The routes of a person's notes, to be mounted at the root."""
    router = APIRouter(prefix="/api/v1", tags=["notes"], responses=PROBLEM_RESPONSES)
    asker = Depends(sessions)

    async def asked(
        connection: AsyncConnection, who: Who, act: Act, resident: str, case: str | None, at: datetime
    ) -> tuple[Whom, Decision]:
        whom = await subject(connection, purposes, resident, case)
        return whom, await ask(connection, who, act, whom, at=at, subject=resident)

    @router.get("/residents/{resident}/notes", openapi_extra=asks(Act.NOTE_READ))
    async def read_notes(who: Annotated[Who, asker], resident: Id, case: ForCase = None) -> PersonNotes:
        """What is pinned to this person, oldest first. Operators name the case they look for; each look is logged."""
        at = clock.now()
        notes = None
        async with store.write() as connection:
            _, answer = await asked(connection, who, Act.NOTE_READ, resident, case, at)
            if isinstance(answer, Allowed):
                notes = await _pinned(connection, resident)
        insist(answer)
        assert notes is not None
        return notes

    @router.post("/residents/{resident}/notes", openapi_extra=asks(Act.NOTE_WRITE))
    async def pin_note(who: Annotated[Who, asker], resident: Id, body: PinNote) -> PersonNotes:
        """Pin a note; answers with all that are pinned now."""
        at = clock.now()
        notes, full = None, False
        async with store.write() as connection:
            whom, answer = await asked(connection, who, Act.NOTE_WRITE, resident, body.case, at)
            if isinstance(answer, Allowed):
                notes = await _pinned(connection, resident)
                full = len(notes.items) >= PINNED_AT_MOST
                if not full:
                    row = {"id": new_id("note", at), "principal": whom.principal, "resident": resident}
                    written = {"text": body.text, "at": at, "by": who.person}
                    await connection.execute(person_note.insert().values({**row, **written}))
                    notes = await _pinned(connection, resident)
        insist(answer)
        if full:
            raise Refusal("too_many_notes")
        assert notes is not None
        return notes

    @router.delete("/residents/{resident}/notes/{note}", openapi_extra=asks(Act.NOTE_WRITE))
    async def unpin_note(who: Annotated[Who, asker], resident: Id, note: Id, case: ForCase = None) -> PersonNotes:
        """Take a note down; it stays on record. Answers with all that are pinned now."""
        at = clock.now()
        notes = None
        async with store.write() as connection:
            _, answer = await asked(connection, who, Act.NOTE_WRITE, resident, case, at)
            if isinstance(answer, Allowed):
                pinned = (person_note.c.id == note) & (person_note.c.resident == resident)
                pinned &= person_note.c.unpinned_at.is_(None)
                taken = {"unpinned_at": at, "unpinned_by": who.person}
                await connection.execute(update(person_note).where(pinned).values(taken))
                notes = await _pinned(connection, resident)
        insist(answer)
        assert notes is not None
        return notes

    return router


async def _pinned(connection: AsyncConnection, resident: str) -> PersonNotes:
    query = select(person_note).where(person_note.c.resident == resident, person_note.c.unpinned_at.is_(None))
    rows = (await connection.execute(query.order_by(person_note.c.id))).mappings().all()
    names = await person_names(connection, {row["by"] for row in rows})
    items = [
        PersonNote(
            **{name: row[name] for name in ("id", "resident", "text", "at", "by")},
            by_name=names.get(row["by"], row["by"]),
        )
        for row in rows
    ]
    return PersonNotes(items=items)
