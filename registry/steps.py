"""What is to be done for whom: a principal's own steps for a kind of alarm, and what a resident needs besides.

`reason` is a word of `kit.wire.words.Reason`, or null for every alarm. Ours, for who has none, are the alarm side's.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.ids import new_id
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


async def every_own(connection: AsyncConnection, principal: str) -> dict[str | None, list[str]]:
    """All of a principal's lists, by reason."""
    query = select(action_step.c.reason, action_step.c.text).where(action_step.c.principal == principal)
    found: dict[str | None, list[str]] = {}
    for reason, text in await connection.execute(query.order_by(action_step.c.place, action_step.c.id)):
        found.setdefault(reason, []).append(text)
    return found


async def set_own(
    connection: AsyncConnection, principal: str, reason: Reason | None, texts: Sequence[str], at: datetime
) -> None:
    """This list and no other for that reason; cases that run keep the steps they have."""
    same = action_step.c.reason.is_(None) if reason is None else action_step.c.reason == reason
    await connection.execute(delete(action_step).where(action_step.c.principal == principal, same))
    rows = [
        {"id": new_id("step", at), "principal": principal, "reason": reason, "place": place, "text": text}
        for place, text in enumerate(texts)
    ]
    if rows:
        await connection.execute(action_step.insert(), rows)


async def every_addition(connection: AsyncConnection, resident: str) -> list[tuple[str | None, str]]:
    """All that is to be done for a resident besides: reason and text, in order."""
    query = select(resident_step.c.reason, resident_step.c.text).where(resident_step.c.resident == resident)
    rows = await connection.execute(query.order_by(resident_step.c.place, resident_step.c.id))
    return [(reason, text) for reason, text in rows]


async def set_additions(
    connection: AsyncConnection, resident: str, items: Sequence[tuple[Reason | None, str]], at: datetime
) -> None:
    """These and no others."""
    await connection.execute(delete(resident_step).where(resident_step.c.resident == resident))
    rows = [
        {"id": new_id("step", at), "resident": resident, "reason": reason, "place": place, "text": text}
        for place, (reason, text) in enumerate(items)
    ]
    if rows:
        await connection.execute(resident_step.insert(), rows)
