"""Clients: other systems of a principal's that ask for themselves, each with its scopes."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import RowMapping, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.errors import Refusal
from kit.tokens import Signer
from kit.wire.client import ClientView
from registry.access import Scope
from registry.sessions import issue_client_token
from registry.sheet import ID
from registry.tables import client, principal


async def add_client(
    connection: AsyncConnection,
    client_id: str,
    principal_id: str,
    scopes: Collection[Scope],
    at: datetime,
    name: str = "",
) -> None:
    """Enter a client. Raises Refusal: `bad_id`, `exists`, `no_such_place`."""
    if not ID.fullmatch(client_id):
        raise Refusal("bad_id", id=client_id)
    if await connection.scalar(select(principal.c.id).where(principal.c.id == principal_id)) is None:
        raise Refusal("no_such_place", id=principal_id)
    if await connection.scalar(select(client.c.id).where(client.c.id == client_id)) is not None:
        raise Refusal("exists", id=client_id)
    words = " ".join(scope for scope in Scope if scope in scopes)
    row = {"id": client_id, "principal": principal_id, "name": name, "scopes": words, "serial": 0, "starts_at": at}
    await connection.execute(client.insert().values(**row))


async def client_token(
    connection: AsyncConnection, signer: Signer, client_id: str, at: datetime, lifetime: timedelta, *, renew: bool
) -> str | None:
    """A token for a client, none when there is no such client now. With `renew` those from before are worth nothing."""
    grown = client.c.serial + (1 if renew else 0)
    query = update(client).where(client.c.id == client_id, client.c.ends_at.is_(None))
    changed = query.values(serial=grown, token_ends_at=at + lifetime)
    serial = (await connection.execute(changed.returning(client.c.serial))).scalar_one_or_none()
    return None if serial is None else issue_client_token(signer, client_id, serial, at, lifetime)


async def end_client(connection: AsyncConnection, client_id: str, at: datetime) -> bool:
    """From now on its tokens are worth nothing; whether there was such a client."""
    query = update(client).where(client.c.id == client_id, client.c.ends_at.is_(None)).values(ends_at=at)
    return (await connection.execute(query)).rowcount == 1


async def clients(connection: AsyncConnection) -> Sequence[RowMapping]:
    """Every client, by id."""
    return (await connection.execute(select(client).order_by(client.c.id))).mappings().all()


async def clients_of(connection: AsyncConnection, principal_id: str) -> list[ClientView]:
    """A principal's clients that have not ended, the oldest first."""
    query = select(client).where(client.c.principal == principal_id, client.c.ends_at.is_(None))
    rows = await connection.execute(query.order_by(client.c.starts_at, client.c.id))
    return [client_view(row) for row in rows.mappings()]


async def client_row(connection: AsyncConnection, client_id: str) -> RowMapping | None:
    """A client, none when there is no such client now."""
    query = select(client).where(client.c.id == client_id, client.c.ends_at.is_(None))
    return (await connection.execute(query)).mappings().one_or_none()


def client_view(row: RowMapping) -> ClientView:
    """As administrators see it. One that was entered from the shell is called by its id."""
    return ClientView(
        id=row["id"],
        name=row["name"] or row["id"],
        scopes=[Scope(word) for word in row["scopes"].split()],
        since=row["starts_at"],
        token_ends_at=row["token_ends_at"],
    )
