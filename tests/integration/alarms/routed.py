"""What tests of routes and plans begin with: two centrals that serve one municipality, and what is asked of them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx

from alarms.escalation import Escalation
from kit.bus import LocalBus
from registry.tables import agreement, assignment, central, person
from tests.integration.running import Running, running

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


@asynccontextmanager
async def two_centrals(url: str, folder: Path) -> AsyncIterator[Running]:
    """A running platform with both of them."""
    async with running(url, folder) as platform:
        await open_another_central(platform)
        yield platform


async def put(platform: Running, path: str, body: dict[str, Any], whom: str = "demo-planner") -> httpx.Response:
    async with await platform.client(whom) as client:
        return await client.put(f"/api/v1/{path}", json=body)


async def route(platform: Running, *desks: str, plan: str | None = None) -> None:
    """All of the municipality's cases to these desks in order."""
    async with await platform.client("demo-planner") as client:
        seen = (await client.get("/api/v1/routing")).json()["version"]
        body = {"version": seen, "rules": [{"id": "all", "desks": list(desks), "plan": plan}]}
        answer = await client.put("/api/v1/routing", json=body)
        assert answer.status_code == 200, answer.text


async def listed(platform: Running, whom: str) -> list[str]:
    async with await platform.client(whom) as client:
        return [row["id"] for row in (await client.get("/api/v1/cases?state=open")).json()["items"]]


async def timeline(platform: Running, case: str, whom: str = "demo-supervisor") -> list[dict[str, Any]]:
    async with await platform.client(whom) as client:
        return list((await client.get(f"/api/v1/cases/{case}")).json()["timeline"])


async def missions(platform: Running, whom: str) -> list[str]:
    """What is before a responder."""
    async with await platform.client(whom) as client:
        return [row["id"] for row in (await client.get("/api/v1/missions")).json()["items"]]


async def act(platform: Running, seconds: float) -> None:
    """What falls due within that time acts, in three processes at once."""
    parts = platform.platform
    several = [Escalation(parts.store, LocalBus(), parts.clock) for _ in range(3)]
    due = parts.clock.now() + timedelta(seconds=seconds)
    await asyncio.gather(*(one.act_on_due(due) for one in several))
