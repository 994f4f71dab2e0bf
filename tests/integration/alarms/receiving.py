"""Another system, in tests: a real HTTP receiver on loopback that answers as it is told, and checks what it is sent."""

import asyncio
import hmac
import json
from base64 import b64decode, b64encode
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import jsonschema_rs

from deploy.asyncapi import asyncapi
from tests.patience import until

HANG = -1
CUT = -2
AS_DESCRIBED = jsonschema_rs.validator_for({**asyncapi(), "$ref": "#/components/messages/OutwardEvent/payload"})


@dataclass
class Got:
    """One request."""

    headers: dict[str, str]
    body: bytes
    answered: int

    @property
    def event(self) -> dict[str, Any]:
        """What it says, as a stranger reads it."""
        said: dict[str, Any] = json.loads(self.body)
        return said

    def signed_with(self, secret: str) -> bool:
        """Whether one of its signatures is made with that secret, as standardwebhooks.com says."""
        content = f"{self.headers['webhook-id']}.{self.headers['webhook-timestamp']}.".encode() + self.body
        made = hmac.new(b64decode(secret.removeprefix("whsec_")), content, sha256).digest()
        return f"v1,{b64encode(made).decode()}" in self.headers["webhook-signature"].split()


@dataclass
class Receiver:
    """What it was sent, and what it answers to each event: a status, HANG or CUT."""

    url: str = ""
    port: int = 0
    answer: Callable[[dict[str, Any]], int] = lambda event: 204
    got: list[Got] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0

    @property
    def taken(self) -> list[dict[str, Any]]:
        """The events it has answered with 2xx, in their order."""
        return [one.event for one in self.got if 200 <= one.answered < 300]

    async def has(self, *types: str) -> list[dict[str, Any]]:
        """Wait until these types have been taken."""
        wanted = {f"nattljus.{name}" for name in types}
        await until(lambda: wanted <= {event["type"] for event in self.taken}, f"{wanted} did not come")
        return self.taken


@asynccontextmanager
async def receiver(port: int = 0, kept: Receiver | None = None) -> AsyncIterator[Receiver]:
    """A receiver for the block, at that port."""
    kept = kept or Receiver()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with closing(writer), suppress(ConnectionError, asyncio.IncompleteReadError):
            while True:
                _, *lines = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
                named = (line.partition(":") for line in lines if line)
                headers = {name.lower(): value.strip() for name, _, value in named}
                body = await reader.readexactly(int(headers["content-length"]))
                kept.at_once += 1
                kept.most_at_once = max(kept.most_at_once, kept.at_once)
                try:
                    await say(reader, writer, headers, body)
                finally:
                    kept.at_once -= 1

    async def say(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter, headers: dict[str, str], body: bytes
    ) -> None:
        AS_DESCRIBED.validate(json.loads(body))  # else there is no answer, and the test waits in vain
        status = kept.answer(json.loads(body))
        kept.got.append(Got(headers, body, status))
        if status == HANG:
            await reader.read()  # until the other side gives up
        if status == CUT:
            raise ConnectionError
        where = f"location: {kept.url}\r\n" if 300 <= status < 400 else ""
        writer.write(f"HTTP/1.1 {status} Said\r\n{where}content-length: 0\r\n\r\n".encode())
        await writer.drain()

    server = await asyncio.start_server(serve, "127.0.0.1", port)
    kept.port = server.sockets[0].getsockname()[1]
    kept.url = f"http://127.0.0.1:{kept.port}/events"
    try:
        yield kept
    finally:
        server.close()
