"""The publication gate: what a principal has approved to be offered to its residents (domain.md, 18)."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.store import insert
from registry.tables import publication


class Product(StrEnum):
    """What a principal may approve."""

    VISITS = "visits"


async def is_published(connection: AsyncConnection, principal: str, product: Product, at: datetime) -> bool:
    """Whether the principal has approved the product by then."""
    query = select(publication.c.product).where(
        publication.c.principal == principal, publication.c.product == product, publication.c.approved_at <= at
    )
    return (await connection.execute(query)).first() is not None


async def publish(connection: AsyncConnection, principal: str, product: Product, at: datetime) -> None:
    """The principal approves the product from then on; what was approved earlier stays so."""
    statement = insert(connection, publication).on_conflict_do_nothing()
    await connection.execute(statement.values(principal=principal, product=product, approved_at=at))
