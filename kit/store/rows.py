"""Many rows in one statement, whatever their number: what a batch writes must not cost a little more for each row.

SQLAlchemy's own way renders and binds every row by itself, which was the greater part of what an alarm cost. Here each
column travels as one array to PostgreSQL (`unnest`), and SQLite has one long VALUES. The columns' own types convert the
values, so a row is the same row either way. The SQL is made of our own tables' names and of nothing that came from
outside.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Boolean, DateTime, Dialect, Float, Integer, LargeBinary, Table
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.types import TypeEngine

Row = Mapping[str, Any]
Bind = Callable[[Any], Any]

_PARAMETERS = 30_000
"""What SQLite takes in one statement is 32,766 (SQLite limits, §9)."""
_ARRAYS: tuple[tuple[type[TypeEngine[Any]], str], ...] = (
    (Boolean, "boolean"),
    (Integer, "bigint"),
    (Float, "double precision"),
    (DateTime, "timestamptz"),
    (LargeBinary, "bytea"),
)
"""What PostgreSQL has an array of each type of column as; everything else is text, and assigned from it."""


@dataclass(frozen=True, slots=True)
class _Plan:
    """How rows of these columns are bound, and what SQL names them."""

    names: tuple[str, ...]
    binds: tuple[Bind | None, ...]
    quoted: tuple[str, ...]
    casts: tuple[str, ...]
    given: str
    """PostgreSQL's select from arrays, one for each column."""
    table: str


async def insert_rows(
    connection: AsyncConnection,
    table: Table,
    rows: Sequence[Row],
    *,
    conflict: str = "",
    given: Sequence[tuple[str, Any]] = (),
    returning: str | None = None,
) -> list[Any]:
    """Insert these rows, in their order; all have the columns of the first.

    `conflict` is what follows the rows (`ON CONFLICT …`, the same words in both databases); `{0}`, `{1}`… in it stand
    for the values in `given`, each with the column it is compared with. `returning` is the column whose values for the
    rows written are answered, in any order.
    """
    if not rows:
        return []
    plan = _plan(table, tuple(rows[0]), connection.dialect)
    more = _plan(table, tuple(name for name, _ in given), connection.dialect)
    besides = tuple(bind(value) if bind else value for bind, (_, value) in zip(more.binds, given, strict=True))
    head = f"INSERT INTO {plan.table} ({', '.join(plan.quoted)})"
    written: list[Any] = []
    if connection.dialect.name == "sqlite":
        tail = _tail(conflict, ["?"] * len(given), returning)
        for some in _portions(rows, _PARAMETERS // len(plan.names)):
            one = f"({', '.join('?' * len(plan.names))})"
            statement = f"{head} VALUES {', '.join([one] * len(some))}{tail}"
            bound = [bind(row[name]) if bind else row[name] for row in some for name, bind in _each(plan)]
            result = await connection.exec_driver_sql(statement, (*bound, *besides))
            written += result.scalars() if returning else ()
        return written
    marks = [f"${place}::{cast}" for place, cast in enumerate(more.casts, len(plan.names) + 1)]
    statement = f"{head} {plan.given}{_tail(conflict, marks, returning)}"
    result = await connection.exec_driver_sql(statement, (*_arrays(plan, rows), *besides))
    return list(result.scalars()) if returning else []


async def update_rows(connection: AsyncConnection, table: Table, rows: Sequence[Row]) -> None:
    """Write every other column of the rows whose `id` is theirs; all have the columns of the first.

    PostgreSQL takes them in an order of its own: whoever could meet another transaction here has locked them before.
    """
    if not rows:
        return
    plan = _plan(table, tuple(rows[0]), connection.dialect)
    others = [name for name in plan.quoted if name != '"id"']
    if connection.dialect.name == "sqlite":
        binds = [(name, bind) for name, bind in _each(plan) if name != "id"]
        bound = [(*(bind(row[name]) if bind else row[name] for name, bind in binds), row["id"]) for row in rows]
        changes = ", ".join(f"{name} = ?" for name in others)
        statement = f"UPDATE {plan.table} SET {changes} WHERE id = ?"  # noqa: S608
        await connection.exec_driver_sql(statement, bound)
        return
    changes = ", ".join(f"{name} = given.{name}" for name in others)
    given = f"({plan.given}) AS given ({', '.join(plan.quoted)})"
    statement = f"UPDATE {plan.table} SET {changes} FROM {given} WHERE {plan.table}.id = given.id"  # noqa: S608
    await connection.exec_driver_sql(statement, _arrays(plan, rows))


def _tail(conflict: str, marks: Sequence[str], returning: str | None) -> str:
    tail = f" {conflict.format(*marks)}" if conflict else ""
    return tail + (f' RETURNING "{returning}"' if returning else "")


def _each(plan: _Plan) -> Iterator[tuple[str, Bind | None]]:
    return zip(plan.names, plan.binds, strict=True)


def _arrays(plan: _Plan, rows: Sequence[Row]) -> tuple[list[Any] | None, ...]:
    return tuple(_array([row[name] for row in rows], bind) for name, bind in _each(plan))


def _array(values: list[Any], bind: Bind | None) -> list[Any] | None:
    """A column's values; none where all are null, which `unnest` takes for as many nulls as there are rows.

    Half of a new case is null, and each element of an array costs.
    """
    if values[0] is None and values.count(None) == len(values) and (bind is None or bind(None) is None):
        return None
    return [bind(value) for value in values] if bind else values


def _portions(rows: Sequence[Row], most: int) -> Iterator[Sequence[Row]]:
    for start in range(0, len(rows), most):
        yield rows[start : start + most]


@lru_cache(maxsize=256)
def _plan(table: Table, names: tuple[str, ...], dialect: Dialect) -> _Plan:
    columns = [table.c[name] for name in names]
    types = [column.type.dialect_impl(dialect) for column in columns]
    casts = [_array_of(column.type) for column in columns]
    picked = [f"given.c{place}{_assigned(column.type)}" for place, column in enumerate(columns)]
    arrays = ", ".join(f"${place}::{cast}[]" for place, cast in enumerate(casts, 1))
    named = ", ".join(f"c{place}" for place in range(len(columns)))
    return _Plan(
        names,
        tuple(type_.bind_processor(dialect) for type_ in types),
        tuple(f'"{name}"' for name in names),
        tuple(casts),
        f"SELECT {', '.join(picked)} FROM unnest({arrays}) AS given ({named})",  # noqa: S608
        f'"{table.name}"',
    )


def _array_of(type_: TypeEngine[Any]) -> str:
    found = getattr(type_, "impl_instance", type_)
    return next((word for kind, word in _ARRAYS if isinstance(found, kind)), "text")


def _assigned(type_: TypeEngine[Any]) -> str:
    return "::json" if type_.__visit_name__ == "JSON" else ""
