"""Visits between the demonstration's people on a running platform, as their pages would have them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx

from signaling.nodes import Node, say_node
from tests.integration.running import Running, Socket

ORDER = {"resident": "demo-resident-1", "kind": "home", "legal_basis": "SoL", "decision": "SOL-2026-17"}
ALIVE_FOR = timedelta(hours=1)


async def relay_there(platform: Running) -> None:
    """A relay node is there for as long as the test lasts; nobody sends pictures in these tests."""
    now = platform.platform.clock.now()
    await say_node(platform.platform.store, Node("relay-1", "http://127.0.0.1:9", 0.0), now + ALIVE_FOR)


@dataclass
class Page:
    """Somebody's page: a socket and an HTTP client."""

    name: str
    socket: Socket
    http: httpx.AsyncClient
    state: dict[str, Any]

    async def hear(self, **wanted: Any) -> dict[str, Any]:
        """The next visit told of that has these values; each beat is answered as a page does."""
        while True:
            message = await self.socket.hear("visit", "beat")
            if message["type"] == "beat":
                await self.socket.say(type="here")
            elif all(message["visit"][name] == value for name, value in wanted.items()):
                visit: dict[str, Any] = message["visit"]
                return visit

    async def ask(self, path: str, **body: Any) -> httpx.Response:
        """POST to `/api/v1/visits/…`."""
        return await self.http.post(f"/api/v1/visits{path}", json=body)

    async def done(self, path: str, **body: Any) -> dict[str, Any]:
        """The same, where it must work."""
        answer = await self.ask(path, **body)
        assert answer.status_code in {200, 201}, answer.text
        said: dict[str, Any] = answer.json()
        return said

    async def refused(self, path: str, **body: Any) -> str:
        """The same, where it must not; the code."""
        answer = await self.ask(path, **body)
        assert answer.status_code >= 400, answer.text
        code: str = answer.json()["code"]
        return code


@asynccontextmanager
async def page(platform: Running, whom: str, resume: str | None = None) -> AsyncIterator[Page]:
    """Somebody's page, open and greeted."""
    async with platform.socket(whom, "meet") as socket, await platform.client(whom) as http:
        await socket.say(type="hello", resume=resume)
        yield Page(whom, socket, http, await socket.hear("meet_state"))


def part(visit: dict[str, Any], which: str) -> dict[str, Any]:
    """The caller or the resident of a visit."""
    [found] = [one for one in visit["participants"] if one["part"] == which]
    participant: dict[str, Any] = found
    return participant
