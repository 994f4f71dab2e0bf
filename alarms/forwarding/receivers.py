"""A principal's reserve in the database: the switch and the external receivers, passwords sealed."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from alarms.forwarding.tables import external_receiver, forwarding, receiver_test, reserve
from alarms.journal import head_position
from alarms.planning.tag import insist_on, tag_of
from alarms.receivers.scaip.addresses import parse_listen
from kit.errors import Refusal
from kit.ids import new_id
from kit.seal import open_sealed, seal
from kit.store import for_update, insert
from kit.wire.reserve import PutReceiver, PutReserve, ReceiverBody, ReceiverView, ReserveView
from registry.tables import person

PURPOSE = "external_receiver"

_UNTESTED: Mapping[str, Any] = {"tested_at": None, "outcome": None, "answered_at": None, "round_trip_ms": None}
_SAID = tuple(ReceiverBody.model_fields)


def password_of(row: Mapping[str, Any], secrets: Sequence[str]) -> str:
    """The receiver's password, '' where it has none. Raises SealError."""
    sealed = row["password"]
    return "" if sealed is None else open_sealed(sealed, secrets, purpose=PURPOSE, about=row["id"]).decode()


def insist_on_address(text: str) -> None:
    """Raises Refusal for what is no address of a SCAIP receiver."""
    try:
        found = parse_listen(text)
    except ValueError:
        found = ()
    if len(found) != 1 or str(found[0]) != text or found[0].port == 0 or not text.isascii() or not text.isprintable():
        raise Refusal("receiver_address", 422)


async def view(connection: AsyncConnection, principal: str) -> ReserveView:
    """How it stands now."""
    row = await _switch(connection, principal)
    receivers = await _receivers(connection, principal)
    mine = select(receiver_test).where(receiver_test.c.principal == principal)
    tests = {test["receiver"]: test for test in (await connection.execute(mine)).mappings()}
    waiting = select(func.count()).where(forwarding.c.principal == principal, forwarding.c.next_at.is_not(None))
    return ReserveView(
        on=bool(row and row["on"]),
        since=row["since"] if row else None,
        by=row["name"] if row else None,
        receivers=[_view(one, tests.get(one["id"], _UNTESTED)) for one in receivers],
        waiting=await connection.scalar(waiting) or 0,
        tag=tag_of(_said(row, receivers)),
    )


def _view(row: Mapping[str, Any], test: Mapping[str, Any] | RowMapping) -> ReceiverView:
    return ReceiverView(
        **{name: row[name] for name in _SAID},
        id=row["id"],
        password=row["password"] is not None,
        **{name: test[name] for name in _UNTESTED},
    )


async def put(
    connection: AsyncConnection,
    principal: str,
    body: PutReserve,
    secrets: Sequence[str],
    at: datetime,
    by: str | None = None,
) -> None:
    """Have it as the body says, `by` whom. Raises Refusal; what is on its way out goes on by the new receivers."""
    row = await _locked(connection, principal, at)
    before = await _receivers(connection, principal)
    insist_on(body.seen, _said(row, before))
    if body.on and not any(one.on for one in body.receivers):
        raise Refusal("reserve_without_receiver", 422)
    kept = {one["id"]: one for one in before}
    rows = [_row(one, order, principal, kept, secrets, at) for order, one in enumerate(body.receivers)]
    if len({one["id"] for one in rows}) != len(rows):
        raise Refusal("receiver_twice", 422)
    await connection.execute(delete(external_receiver).where(external_receiver.c.principal == principal))
    if rows:
        await connection.execute(external_receiver.insert(), rows)
    if row["on"] != body.on:
        values = {"on": body.on, "since": at, "by": by, "position": await head_position(connection)}
        await connection.execute(update(reserve).where(reserve.c.principal == principal).values(values))


async def _switch(connection: AsyncConnection, principal: str) -> RowMapping | None:
    """The switch's row with the name of who set it, none where it was never set."""
    query = (
        select(reserve, person.c.name)
        .outerjoin(person, person.c.id == reserve.c.by)
        .where(reserve.c.principal == principal)
    )
    return (await connection.execute(query)).mappings().one_or_none()


async def _locked(connection: AsyncConnection, principal: str, at: datetime) -> RowMapping:
    """The switch's row, locked; made where it was never set."""
    statement = insert(connection, reserve).values(principal=principal, on=False, since=at, position=0)
    await connection.execute(statement.on_conflict_do_nothing(index_elements=["principal"]))
    query = for_update(connection, select(reserve).where(reserve.c.principal == principal))
    return (await connection.execute(query)).mappings().one()


async def _receivers(connection: AsyncConnection, principal: str) -> list[Mapping[str, Any]]:
    query = select(external_receiver).where(external_receiver.c.principal == principal)
    return [dict(row) for row in (await connection.execute(query.order_by(external_receiver.c.order))).mappings()]


def _said(row: RowMapping | None, receivers: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What an administrator has said of it; a password changes it by being another."""
    return {
        "on": bool(row and row["on"]),
        "receivers": [
            {**{name: one[name] for name in ("id", *_SAID)}, "password": (one["password"] or b"").hex()}
            for one in receivers
        ],
    }


def _row(
    body: PutReceiver,
    order: int,
    principal: str,
    kept: Mapping[str, Mapping[str, Any]],
    secrets: Sequence[str],
    at: datetime,
) -> dict[str, Any]:
    """A receiver as it is to stand there. Raises Refusal."""
    insist_on_address(body.address)
    if body.id is not None and body.id not in kept:
        raise Refusal("not_found", 404)
    receiver = body.id or new_id("receiver", at)
    password = kept[body.id]["password"] if body.id else None
    if body.password is not None:
        password = seal(body.password.encode(), secrets, purpose=PURPOSE, about=receiver)
    if password is not None and not body.user:
        raise Refusal("receiver_user", 422)
    said = {name: getattr(body, name) for name in _SAID}
    return {"id": receiver, "principal": principal, "order": order, **said, "password": password}
