"""Calls in and out of the database. A call is written while its case is locked."""

from dataclasses import fields
from typing import Any

from sqlalchemy import RowMapping, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from alarms.core.call import Call
from alarms.handling.tables import call
from kit.wire.handling import CallResult, CallState, CallTo

_NAMES = [field.name for field in fields(Call)]


async def has_open_call(connection: AsyncConnection, case_id: str) -> bool:
    """Whether a call on this case has no result yet, whoever made it."""
    query = select(call.c.id).where(call.c.case == case_id, call.c.open_key.is_not(None)).limit(1)
    return await connection.scalar(query) is not None


async def open_call(connection: AsyncConnection, case_id: str, operator: str) -> Call | None:
    """The call that this operator has open on this case."""
    query = select(call).where(call.c.open_key == _key(operator, case_id))
    row = (await connection.execute(query)).mappings().one_or_none()
    return _call_of(row) if row else None


async def find_call(connection: AsyncConnection, case_id: str, call_id: str) -> Call | None:
    """A call of this case by its id."""
    query = select(call).where(call.c.id == call_id, call.c.case == case_id)
    row = (await connection.execute(query)).mappings().one_or_none()
    return _call_of(row) if row else None


async def write_call(connection: AsyncConnection, made: Call, *, new: bool) -> None:
    """Store the call as it stands."""
    values: dict[str, Any] = {name: getattr(made, name) for name in _NAMES}
    values["open_key"] = None if made.state is CallState.ENDED else _key(made.operator, made.case)
    if new:
        await connection.execute(call.insert().values(values))
    else:
        await connection.execute(update(call).where(call.c.id == made.id).values(values))


def _key(operator: str, case_id: str) -> str:
    return f"{operator}:{case_id}"


def _call_of(row: RowMapping) -> Call:
    values = {name: row[name] for name in _NAMES}
    values["to"] = CallTo(values["to"])
    values["state"] = CallState(values["state"])
    values["result"] = CallResult(values["result"]) if values["result"] else None
    return Call(**values)
