"""Grants in the database: who may see, call or open for whom, why, from when, until when.

They are given and ended in the transaction of what they are for (a case taken, handed over, closed).
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import and_, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.ids import new_id
from registry.access import Grant, Purpose, Right, Span
from registry.tables import grant


async def grants_of(connection: AsyncConnection, person: str, at: datetime) -> list[Grant]:
    """The grants that person holds at that moment."""
    query = select(grant).where(
        grant.c.holder == person,
        grant.c.starts_at <= at,
        or_(grant.c.ends_at.is_(None), grant.c.ends_at > at),
    )
    return [
        Grant(
            holder=row["holder"],
            principal=row["principal"],
            resident=row["resident"],
            home=row["home"],
            rights=frozenset(Right(word) for word in row["rights"].split()),
            purpose=row["purpose"],
            span=Span(row["starts_at"], row["ends_at"]),
        )
        for row in (await connection.execute(query)).mappings()
    ]


async def give_grant(
    connection: AsyncConnection,
    *,
    holder: str,
    principal: str,
    purpose: Purpose,
    rights: Iterable[Right],
    at: datetime,
    resident: str | None = None,
    home: str | None = None,
    ends_at: datetime | None = None,
) -> str:
    """Give `holder` these rights for a resident, or for whoever lives in a home; answers the grant's id.

    `ends_at` none lasts until `end_grants` is called for the purpose.
    """
    if resident is None and home is None:
        raise ValueError("a grant is for a resident or a home")
    grant_id = new_id("grant", at)
    await connection.execute(
        grant.insert().values(
            id=grant_id,
            principal=principal,
            holder=holder,
            resident=resident,
            home=home,
            purpose_kind=purpose.kind,
            purpose=purpose.id,
            rights=" ".join(sorted(rights)),
            starts_at=at,
            ends_at=ends_at,
        )
    )
    return grant_id


async def end_grants(connection: AsyncConnection, purpose: Purpose, at: datetime, *, holder: str | None = None) -> int:
    """End what was given for that purpose, all of it or one holder's; answers how many grants ended."""
    still_held = or_(grant.c.ends_at.is_(None), grant.c.ends_at > at)
    conditions = [grant.c.purpose_kind == purpose.kind, grant.c.purpose == purpose.id, still_held]
    if holder is not None:
        conditions.append(grant.c.holder == holder)
    return (await connection.execute(update(grant).where(and_(*conditions)).values(ends_at=at))).rowcount
