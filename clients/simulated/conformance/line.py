"""A device's line to the receiver under test: UDP, TCP or TLS; everything that came on it is kept, with when.

What it is told is confirmed with 200 at once, unless it is asked to keep silent.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import cast

from clients.simulated.conformance.message import Message, read
from clients.simulated.scaip import Address, confirmed, whole_messages
from kit.clock import Clock

UNFINISHED = 256 * 1024  # bytes that may wait for a message's end
OPEN_WITHIN = 10.0  # seconds


@dataclass(frozen=True, slots=True)
class Heard:
    """One message, and when it came."""

    at: float
    message: Message


class Line(asyncio.DatagramProtocol, asyncio.Protocol):
    """One UDP socket or one connection."""

    def __init__(self, clock: Clock, transport: str) -> None:
        self.transport = transport.upper()
        self.heard: list[Heard] = []
        self.confirming = True
        self.closed = False
        self._clock = clock
        self._news = asyncio.Event()
        self._received = b""
        self._socket: asyncio.BaseTransport | None = None

    @property
    def here(self) -> Address:
        """Where it hears answers."""
        assert self._socket is not None
        return cast(Address, self._socket.get_extra_info("sockname")[:2])

    @property
    def tls(self) -> str:
        """The version of TLS, or ''."""
        held = self._socket.get_extra_info("ssl_object") if self._socket else None
        return (held.version() or "") if held else ""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """It stands."""
        self._socket = transport

    def connection_lost(self, exc: Exception | None) -> None:
        """It is cut."""
        self.closed = True
        self._news.set()

    def datagram_received(self, data: bytes, addr: Address) -> None:
        """One datagram is one message; line ends alone are a keep-alive."""
        if data.strip():
            self._take(data)

    def error_received(self, exc: Exception) -> None:
        """Nobody listens just now: as if it had been lost."""

    def data_received(self, data: bytes) -> None:
        """Bytes, however they were cut."""
        messages, self._received = whole_messages((self._received + data).lstrip(b"\r\n"))
        for message in messages:
            self._take(message)
        if len(self._received) > UNFINISHED:
            self.close()

    def _take(self, data: bytes) -> None:
        message = read(data)
        self.heard.append(Heard(self._clock.monotonic(), message))
        if self.confirming and message.method == "MESSAGE":
            self.confirm(message)
        self._news.set()

    def confirm(self, message: Message) -> None:
        """Say that we have been told."""
        self.send(confirmed(message.data))

    def send(self, data: bytes) -> None:
        """Send bytes, if there is anybody left to send to."""
        if self.closed or self._socket is None:
            return
        if self.transport == "UDP":
            cast(asyncio.DatagramTransport, self._socket).sendto(data)
        else:
            cast(asyncio.Transport, self._socket).write(data)

    async def wait(self, wanted: Callable[[Heard], bool], seconds: float, since: int = 0) -> Heard | None:
        """The first wanted message from index `since` on; None when the time is up or the line is cut."""
        ends = self._clock.monotonic() + seconds
        while True:
            self._news.clear()
            for heard in self.heard[since:]:
                if wanted(heard):
                    return heard
            left = ends - self._clock.monotonic()
            if left <= 0 or self.closed:
                return None
            try:
                async with asyncio.timeout(left):
                    await self._news.wait()
            except TimeoutError:
                continue

    def close(self) -> None:
        """Hang up."""
        if self._socket is not None:
            self._socket.close()


@asynccontextmanager
async def opened(clock: Clock, transport: str, there: Address, trust: ssl.SSLContext | None) -> AsyncIterator[Line]:
    """A line of its own. Raises OSError where nobody answers."""
    loop = asyncio.get_running_loop()
    line = Line(clock, transport)
    async with asyncio.timeout(OPEN_WITHIN):
        if transport == "udp":
            await loop.create_datagram_endpoint(lambda: line, remote_addr=there)
        else:
            await loop.create_connection(lambda: line, *there, ssl=trust if transport == "tls" else None)
    try:
        yield line
    finally:
        line.close()
