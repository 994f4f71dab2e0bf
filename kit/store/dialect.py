"""What SQLite and PostgreSQL say differently, one function each with two bodies."""

from typing import Any, TypeVar

from sqlalchemy import Select, Table, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

S = TypeVar("S", bound=Select[Any])


def insert(connection: AsyncConnection, table: Table) -> Any:
    """An INSERT that knows ON CONFLICT. The dialects share its methods but no class, hence Any."""
    return sqlite.insert(table) if connection.dialect.name == "sqlite" else postgresql.insert(table)


def for_update(connection: AsyncConnection, query: S) -> S:
    """Lock the rows read until the transaction ends. SQLite's write transactions exclude each other already."""
    return query if connection.dialect.name == "sqlite" else query.with_for_update()


def skip_locked(connection: AsyncConnection, query: S) -> S:
    """Lock the rows read, passing over those that another process has in hand."""
    return query if connection.dialect.name == "sqlite" else query.with_for_update(skip_locked=True)


async def snapshot(connection: AsyncConnection) -> None:
    """Read everything in this transaction as it stood at its first query; call before that. SQLite always does."""
    if connection.dialect.name != "sqlite":
        await connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
