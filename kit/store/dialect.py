"""What SQLite and PostgreSQL say differently, one function each with two bodies."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Column, ColumnElement, Select, Table, Text, any_, bindparam, func, text, type_coerce
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.elements import UnaryExpression
from sqlalchemy.sql.operators import custom_op

from kit.store.columns import Moment

S = TypeVar("S", bound=Select[Any])
T = TypeVar("T")


def insert(connection: AsyncConnection, table: Table) -> Any:
    """An INSERT that knows ON CONFLICT. The dialects share its methods but no class, hence Any."""
    return sqlite.insert(table) if connection.dialect.name == "sqlite" else postgresql.insert(table)


def for_update(connection: AsyncConnection, query: S) -> S:
    """Lock the rows read until the transaction ends. SQLite's write transactions exclude each other already."""
    return query if connection.dialect.name == "sqlite" else query.with_for_update()


def skip_locked(connection: AsyncConnection, query: S) -> S:
    """Lock the rows read, passing over those that another process has in hand."""
    return query if connection.dialect.name == "sqlite" else query.with_for_update(skip_locked=True)


def among(connection: AsyncConnection, column: Column[str], values: Collection[str]) -> ColumnElement[bool]:
    """Whether the column is one of these texts, in an order of their own.

    PostgreSQL gets them as one array: a list of another length would be another statement, to be planned anew.
    """
    some = sorted(values)
    if connection.dialect.name == "sqlite":
        return column.in_(some)
    return column == any_(bindparam(None, some, type_=postgresql.ARRAY(Text)))


async def refresh_statistics(connection: AsyncConnection, *tables: Table) -> None:
    """Have PostgreSQL look at what these tables hold, after much was written to them at once.

    Its own round comes within a minute or so; until then it takes a full table for an empty one, and the look-up of an
    alarm's device, a quarter of a millisecond, costs ten. Never of a table that is still empty: that it would remember.
    SQLite plans without statistics.
    """
    if tables and connection.dialect.name != "sqlite":
        await connection.execute(text("ANALYZE " + ", ".join(f'"{table.name}"' for table in tables)))


def hour_of(connection: AsyncConnection, moment: Column[datetime]) -> ColumnElement[datetime]:
    """When the hour of UTC began that a moment lies in."""
    if connection.dialect.name == "sqlite":  # a moment is a text there: "2026-01-15 03:10:00.000000"
        return type_coerce(func.substr(moment, 1, 13).concat(":00:00.000000"), Moment)
    return type_coerce(func.date_trunc("hour", moment, "UTC"), Moment)


def unindexed(connection: AsyncConnection, column: Column[T]) -> ColumnElement[T]:
    """The column, as one that SQLite looks up in no index: it knows no statistics, and of two indexes takes the one
    for an equality, even where that leads to every row there is (SQLite's optimizer overview, "unary +").
    """
    if connection.dialect.name == "sqlite":
        return UnaryExpression(column, operator=custom_op("+"), type_=column.type)
    return column
