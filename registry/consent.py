"""Consent to positioning: whose word it is, when it was given, who wrote it down, and when it was taken back.

A resident has at most one that stands (`open_key` is the resident then); what was taken back stays on record. Where a
person is, is looked for and watched only while one stands, or in an emergency that is stated (deploy/decisions/0018).
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Column, ForeignKey, String, Table, Text, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.ids import new_id
from kit.store import Id, Moment, insert, metadata
from kit.wire.position import ConsentView, GiveConsent
from kit.wire.position_words import ConsentBy
from registry.find import person_names, portions

positioning_consent = Table(
    "positioning_consent",
    metadata,
    Column("id", Id, primary_key=True),
    Column("open_key", Id, unique=True),
    Column("principal", Id, ForeignKey("principal.id"), nullable=False),
    Column("resident", Id, ForeignKey("resident.id"), nullable=False, index=True),
    Column("given_by", String(20), nullable=False),
    Column("giver", Text, nullable=False),
    Column("given_at", Moment, nullable=False),
    Column("written_by", Id, nullable=False),
    Column("written_at", Moment, nullable=False),
    Column("withdrawn_at", Moment),
    Column("withdrawn_by", Id),
)


async def standing_consents(connection: AsyncConnection, residents: Collection[str]) -> dict[str, str]:
    """The consents that stand, by resident."""
    found: dict[str, str] = {}
    for some in portions(sorted(set(residents))):
        query = select(positioning_consent.c.resident, positioning_consent.c.id)
        rows = await connection.execute(query.where(positioning_consent.c.open_key.in_(some)))
        found.update({row.resident: row.id for row in rows})
    return found


async def consents_of(connection: AsyncConnection, resident: str) -> list[ConsentView]:
    """Every consent of a resident, the one that stands last."""
    query = select(positioning_consent).where(positioning_consent.c.resident == resident)
    oldest = query.order_by(positioning_consent.c.written_at, positioning_consent.c.id)
    rows = (await connection.execute(oldest)).mappings().all()
    writers = {row[name] for row in rows for name in ("written_by", "withdrawn_by") if row[name]}
    names = await person_names(connection, writers)
    return [
        ConsentView(
            id=row["id"],
            given_by=ConsentBy(row["given_by"]),
            giver=row["giver"],
            given_at=row["given_at"],
            written_by=row["written_by"],
            written_by_name=names.get(row["written_by"], row["written_by"]),
            written_at=row["written_at"],
            withdrawn_at=row["withdrawn_at"],
            withdrawn_by_name=names.get(row["withdrawn_by"]) if row["withdrawn_by"] else None,
        )
        for row in rows
    ]


async def write_consent(
    connection: AsyncConnection, principal: str, resident: str, body: GiveConsent, by: str, at: datetime
) -> bool:
    """Write a consent down; says whether it was written: not while another stands."""
    row = {
        "id": new_id("consent", at),
        "open_key": resident,
        "principal": principal,
        "resident": resident,
        "given_by": body.given_by.value,
        "giver": body.giver,
        "given_at": body.given_at or at,
        "written_by": by,
        "written_at": at,
        "withdrawn_at": None,
        "withdrawn_by": None,
    }
    statement = insert(connection, positioning_consent).on_conflict_do_nothing(index_elements=["open_key"])
    return (await connection.execute(statement.returning(positioning_consent.c.id), row)).first() is not None


async def withdraw_consent(connection: AsyncConnection, resident: str, by: str, at: datetime) -> bool:
    """Take back the consent that stands; says whether there was one."""
    stands = positioning_consent.c.open_key == resident
    taken = {"open_key": None, "withdrawn_at": at, "withdrawn_by": by}
    return (await connection.execute(update(positioning_consent).where(stands).values(taken))).rowcount == 1
