"""The demonstration's external alarm centres: one on this machine that answers, and one that is not in use."""

from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from alarms.forwarding.tables import external_receiver
from kit.store import insert

PRINCIPAL = "demo-kommun"
ANYWHERE = "udp:127.0.0.1:0"
HERE, AWAY = "demo-receiver-1", "demo-receiver-2"

_on_this_machine = external_receiver.c.address.startswith("udp:127.0.0.1:")


async def fill(connection: AsyncConnection, address: str) -> None:
    """Put them in place, in the caller's transaction; what is there is left alone but for where the first one is.

    `address` is where it is heard now, on loopback; empty: nowhere, so that it is not in use either.
    """
    rows = [
        _row(HERE, 0, "Larmcentralen Öst", address or "udp:127.0.0.1:9", on=bool(address)),
        _row(AWAY, 1, "Trygghetsjouren Nord", "tls:larm.jouren.example:5061", on=False),
    ]
    await connection.execute(insert(connection, external_receiver).on_conflict_do_nothing(), rows)
    mine = (external_receiver.c.id == HERE) & _on_this_machine
    now = {"address": address} if address else {"on": False}
    await connection.execute(update(external_receiver).where(mine).values(now))


async def where(connection: AsyncConnection) -> str:
    """Where the first one was heard before."""
    query = select(external_receiver.c.address).where(external_receiver.c.id == HERE, _on_this_machine)
    return await connection.scalar(query) or ANYWHERE


def _row(receiver_id: str, order: int, name: str, address: str, *, on: bool) -> dict[str, Any]:
    return {
        "id": receiver_id,
        "principal": PRINCIPAL,
        "order": order,
        "name": name,
        "address": address,
        "called": "",
        "user": "",
        "account": "4711",
        "own_accounts": False,
        "on": on,
    }
