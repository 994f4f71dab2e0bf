"""A second central beside the demonstration's, and how a planner stores a document."""

from datetime import timedelta
from typing import Any

import httpx

from registry.tables import agreement, assignment, central, person
from tests.integration.running import Running

EAST = "demo-larmcentral-ost"

HOLD = {"id": "a", "act": "louder", "wait": 60}
AGAIN = {"id": "z", "act": "repeat", "wait": 60, "again": "a"}


async def open_another_central(platform: Running) -> None:
    """A second central that serves the same municipality, with `demo-operator-2` moved to it."""
    since = platform.platform.clock.now() - timedelta(days=1)
    async with platform.platform.store.write() as connection:
        await connection.execute(central.insert().values(id=EAST, name="Larmcentralen Öst"))
        served = {"id": EAST, "central": EAST, "principal": "demo-kommun", "starts_at": since}
        await connection.execute(agreement.insert().values(**served))
        moved = assignment.update().where(assignment.c.id == "demo-operator-2")
        await connection.execute(moved.values(central=EAST))
        await connection.execute(person.insert().values(id="chef", name="Chef Öst"))


async def put(platform: Running, path: str, body: dict[str, Any], whom: str = "demo-planner") -> httpx.Response:
    async with await platform.client(whom) as client:
        return await client.put(f"/api/v1/{path}", json=body)
