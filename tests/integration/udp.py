"""A device on a UDP socket, whatever it speaks."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from tests.patience import PATIENCE


class UdpDevice(asyncio.DatagramProtocol):
    """Sends, and hears one datagram after the other; `read` makes of each what a test wants to see."""

    def __init__(self, read: Callable[[bytes], Any]) -> None:
        self._read = read
        self.heard: asyncio.Queue[bytes] = asyncio.Queue()
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # type: ignore[override]
        self._transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self.heard.put_nowait(data)

    def send(self, data: bytes) -> None:
        assert self._transport is not None
        self._transport.sendto(data)

    async def next(self) -> Any:
        return self._read(await asyncio.wait_for(self.heard.get(), PATIENCE))

    def close(self) -> None:
        if self._transport is not None:
            self._transport.abort()


@asynccontextmanager
async def udp_device(address: tuple[str, int], read: Callable[[bytes], Any] = bytes) -> AsyncIterator[UdpDevice]:
    """A device that sends to that address."""
    _, device = await asyncio.get_running_loop().create_datagram_endpoint(lambda: UdpDevice(read), remote_addr=address)
    try:
        yield device
    finally:
        device.close()
