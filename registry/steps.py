"""What is to be done for whom: a principal's own steps for a kind of alarm, and what a resident needs besides.

`reason` is a word of `kit.wire.words.Reason`, or null for every alarm. Ours, for who has none, are the alarm side's.
"""

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text, select
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.store import Id, metadata
from kit.wire.words import Reason

action_step = Table(
    "action_step",
    metadata,
    Column("id", Id, primary_key=True),
    Column("principal", Id, ForeignKey("principal.id"), nullable=False),
    Column("reason", String(40)),
    Column("place", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Index("ix_action_step_principal_place", "principal", "place"),
)

resident_step = Table(
    "resident_step",
    metadata,
    Column("id", Id, primary_key=True),
    Column("resident", Id, ForeignKey("resident.id"), nullable=False),
    Column("reason", String(40)),
    Column("place", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Index("ix_resident_step_resident_place", "resident", "place"),
)


async def own_steps(connection: AsyncConnection, principal: str, reason: Reason) -> list[str]:
    """The principal's own list for this reason, its list for every alarm where it has none, or nothing."""
    query = select(action_step.c.reason, action_step.c.text).where(
        action_step.c.principal == principal,
        action_step.c.reason.is_(None) | (action_step.c.reason == reason),
    )
    rows = (await connection.execute(query.order_by(action_step.c.place, action_step.c.id))).all()
    just_this = [row.text for row in rows if row.reason is not None]
    return just_this or [row.text for row in rows]


async def additions(connection: AsyncConnection, resident: str, reason: Reason) -> list[str]:
    """What is to be done for this resident besides."""
    query = select(resident_step.c.text).where(
        resident_step.c.resident == resident,
        resident_step.c.reason.is_(None) | (resident_step.c.reason == reason),
    )
    return list((await connection.scalars(query.order_by(resident_step.c.place, resident_step.c.id))).all())
