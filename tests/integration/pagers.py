"""Who is paged, in tests: a real HTTP server that remembers what it was asked, and a real mail server on loopback."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from tests.patience import until


@dataclass
class Asked:
    """One request."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        """Its body."""
        said: dict[str, Any] = json.loads(self.body)
        return said


@dataclass
class Pager:
    """What an HTTP server was asked, and what it answers."""

    url: str = ""
    status: int = 204
    asked: list[Asked] = field(default_factory=list)

    def to(self, path: str) -> list[Asked]:
        """What came to one address."""
        return [one for one in self.asked if one.path == path]

    async def has(self, path: str, count: int) -> list[Asked]:
        """Wait until so many have come there."""
        await until(lambda: len(self.to(path)) >= count, f"not asked {count} times at {path}")
        return self.to(path)


@dataclass
class Mailbox:
    """What a mail server took in."""

    url: str = ""
    mails: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)

    async def has(self, count: int) -> list[EmailMessage]:
        """Wait until so many have come."""
        await until(lambda: len(self.mails) >= count, f"{count} mails did not come")
        return self.mails


@asynccontextmanager
async def pager() -> AsyncIterator[Pager]:
    """An HTTP server for the block."""
    kept = Pager()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            start, *lines = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            headers = {
                name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines if line)
            }
            body = await reader.readexactly(int(headers.get("content-length", "0")))
            method, path, _ = start.split(" ")
            if kept.status < 300:
                kept.asked.append(Asked(method, path, headers, body))
            writer.write(f"HTTP/1.1 {kept.status} Said\r\nconnection: close\r\ncontent-length: 0\r\n\r\n".encode())
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        kept.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        yield kept


@asynccontextmanager
async def mailbox() -> AsyncIterator[Mailbox]:
    """An SMTP server (RFC 5321, as much of it as a client needs) for the block."""
    kept = Mailbox()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async def say(line: str) -> None:
            writer.write(f"{line}\r\n".encode())
            await writer.drain()

        with suppress(ConnectionError, asyncio.IncompleteReadError):
            await say("220 mail.test")
            while word := (await reader.readline()).decode().strip():
                if word.upper().startswith("RCPT TO:"):
                    kept.recipients.append(word[8:].strip("<> "))
                if word.upper() == "DATA":
                    await say("354 go on")
                    data = await reader.readuntil(b"\r\n.\r\n")
                    mail = message_from_bytes(data[:-3], policy=policy.default)
                    assert isinstance(mail, EmailMessage)
                    kept.mails.append(mail)
                await say("221 bye" if word.upper() == "QUIT" else "250 ok")
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    async with server:
        kept.url = f"smtp://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        yield kept
