"""Contacts by their ids: whose they are, whether they may be called, what they are called."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from registry.tables import contact, resident


@dataclass(frozen=True, slots=True)
class FoundContact:
    """A contact, whose it is and where that resident lives. Without consent nobody calls it."""

    id: str
    resident: str
    home: str
    consent: bool


async def find_contact(connection: AsyncConnection, contact_id: str) -> FoundContact | None:
    """The contact with that id, none when there is none."""
    query = (
        select(contact.c.id, contact.c.resident, contact.c.consent, resident.c.home)
        .join(resident, resident.c.id == contact.c.resident)
        .where(contact.c.id == contact_id)
    )
    row = (await connection.execute(query)).one_or_none()
    return FoundContact(row.id, row.resident, row.home, row.consent) if row else None


async def contact_names(connection: AsyncConnection, ids: Collection[str]) -> dict[str, str]:
    """Names of contacts who have consented, by id."""
    query = select(contact.c.id, contact.c.name).where(contact.c.id.in_(sorted(ids)), contact.c.consent)
    return {row.id: row.name for row in await connection.execute(query)}
