"""The whole platform in the test's own loop, on free ports, with the demonstration's data; and clients for it."""

import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from websockets.asyncio.client import ClientConnection, connect

from deploy.commands.run import _Server
from deploy.platform import Platform
from kit.clock import Clock, SystemClock
from kit.settings import Settings
from kit.tasks import Tasks
from registry.demo import demo_token
from tests.patience import PATIENCE

KEY = "a-key-for-tests-that-is-long-enough-to-sign"


@dataclass
class Running:
    """A running platform."""

    platform: Platform
    url: str

    async def token(self, whom: str) -> str:
        """A session as somebody of the demonstration; a resident's is the device's at home."""
        async with self.platform.store.read() as connection:
            token = await demo_token(connection, self.platform.signer, whom, self.platform.clock.now())
        assert token is not None
        return token

    async def client(self, whom: str) -> httpx.AsyncClient:
        """An HTTP client that is somebody."""
        headers = {"Authorization": f"Bearer {await self.token(whom)}"}
        return httpx.AsyncClient(base_url=self.url, headers=headers, timeout=PATIENCE)

    @asynccontextmanager
    async def socket(self, whom: str, path: str = "desk") -> AsyncIterator["Socket"]:
        """A socket that is somebody's."""
        headers = {"Authorization": f"Bearer {await self.token(whom)}"}
        address = self.url.replace("http", "ws") + f"/api/v1/{path}"
        async with connect(address, additional_headers=headers) as connection:
            yield Socket(connection)

    async def press(self, resident: int, event_id: str, event_type: str = "nattljus.alarm.pressed") -> dict[str, Any]:
        """A press on that resident's page; the answer's body."""
        async with await self.client(f"demo-resident-{resident}") as client:
            event = {"specversion": "1.0", "id": event_id, "source": "test", "type": event_type}
            answer = await client.post("/api/v1/device/events", json=event)
            assert answer.status_code == 202, answer.text
            body: dict[str, Any] = answer.json()
            return body


@dataclass
class Socket:
    """A desk's or a home's socket, in plain dictionaries as a stranger would see them."""

    connection: ClientConnection

    async def say(self, **message: Any) -> None:
        """Send one message."""
        await self.connection.send(json.dumps(message))

    async def hear(self, *types: str) -> dict[str, Any]:
        """The next message of one of these types; others are passed over."""
        while True:
            message: dict[str, Any] = json.loads(await self.connection.recv())
            if message["type"] in types:
                return message

    async def command(self, command_id: str, case: str, act: str, **more: Any) -> dict[str, Any]:
        """Send a command and wait for its own answer."""
        await self.say(type="command", id=command_id, case=case, act={"act": act, **more})
        while True:
            answer = await self.hear("done", "refused")
            if answer["id"] == command_id:
                return answer


@asynccontextmanager
async def running(
    store_url: str,
    data: Path,
    *,
    clock: Clock | None = None,
    redis_url: str = "",
    mqtt_url: str = "",
    call_number: str = "tel:+46313900600",
    dc09_listen: str = "",
) -> AsyncIterator[Running]:
    """The platform, up when the block begins and gone when it ends."""
    settings = Settings(
        data=data,
        database_url=store_url,
        redis_url=redis_url,
        mqtt_url=mqtt_url,
        sip_listen="udp:127.0.0.1:0 tcp:127.0.0.1:0",
        call_number=call_number,
        dc09_listen=dc09_listen,
    )
    platform = Platform(settings, [KEY], demo=True, clock=clock)
    await platform.start(migrate=True)
    listening = socket.create_server(("127.0.0.1", 0))
    server = _Server(uvicorn.Config(platform.app, log_config=None, loop="none", ws="websockets-sansio"))
    tasks = Tasks(SystemClock())
    serving = tasks.start("web", server.serve(sockets=[listening]))
    try:
        yield Running(platform, f"http://127.0.0.1:{listening.getsockname()[1]}")
    finally:
        server.should_exit = True
        await serving
        listening.close()
