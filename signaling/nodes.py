"""The relay nodes: each says every few seconds that it is there and how loaded; a visit goes to the least loaded."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.store import Store, insert
from signaling.tables import relay_node

SAY_EVERY = 2.0  # seconds
FRESH = timedelta(seconds=8)


@dataclass(frozen=True, slots=True)
class Node:
    """A relay node. `url` is where the front reaches its WHIP and WHEP (`http://127.0.0.1:port`)."""

    id: str
    url: str
    load: float


async def say_node(store: Store, node: Node, at: datetime) -> None:
    """Say that a node is there; its parent process does so every SAY_EVERY seconds. Raises StorageDown."""
    async with store.write() as connection:
        statement = insert(connection, relay_node)
        statement = statement.on_conflict_do_update(
            index_elements=["id"],
            set_={name: statement.excluded[name] for name in ("url", "load", "seen_at")},
        )
        await connection.execute(statement, {"id": node.id, "url": node.url, "load": node.load, "seen_at": at})


async def forget_node(store: Store, node_id: str) -> None:
    """A node that ends takes no more visits. Raises StorageDown."""
    async with store.write() as connection:
        await connection.execute(relay_node.delete().where(relay_node.c.id == node_id))


async def choose_node(connection: AsyncConnection, at: datetime, keep: str | None = None) -> str | None:
    """The node for a visit: the one it has while that is there, else the least loaded; none when no relay runs."""
    query = (
        select(relay_node.c.id).where(relay_node.c.seen_at > at - FRESH).order_by(relay_node.c.load, relay_node.c.id)
    )
    there = list((await connection.execute(query)).scalars())
    if keep in there:
        return keep
    return there[0] if there else None


async def node_url(connection: AsyncConnection, node_id: str, at: datetime) -> str | None:
    """Where a node that is there is reached; none otherwise."""
    query = select(relay_node.c.url).where(relay_node.c.id == node_id, relay_node.c.seen_at > at - FRESH)
    url: str | None = await connection.scalar(query)
    return url
