"""A router between clients and the relay, which can give everybody a new address from one moment to the next."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import cast

from kit.clock import SystemClock
from kit.tasks import Tasks

Address = tuple[str, int]


class Nat(asyncio.DatagramProtocol):
    """One port towards the clients, one for each client towards `target`."""

    def __init__(self) -> None:
        self.target: Address = ("127.0.0.1", 9)
        self.port = 0
        self._inside: asyncio.DatagramTransport | None = None
        self._outside: dict[Address, asyncio.DatagramTransport] = {}
        self._opening: set[Address] = set()
        self._tasks = Tasks(SystemClock())

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._inside = cast(asyncio.DatagramTransport, transport)
        self.port = transport.get_extra_info("sockname")[1]

    def datagram_received(self, data: bytes, address: Address) -> None:
        outside = self._outside.get(address)
        if outside is not None:
            outside.sendto(data, self.target)
        elif address not in self._opening:  # this datagram is lost, as some are
            self._opening.add(address)
            self._tasks.start("outside", self._open(address))

    def back(self, data: bytes, client: Address) -> None:
        """Something from the relay for a client."""
        assert self._inside is not None
        self._inside.sendto(data, client)

    def forget(self) -> None:
        """Everybody is somebody else from now on."""
        for outside in self._outside.values():
            outside.close()
        self._outside.clear()

    async def close(self) -> None:
        """Forward nothing more."""
        await self._tasks.close()
        self.forget()
        assert self._inside is not None
        self._inside.close()

    async def _open(self, client: Address) -> None:
        nat = self

        class Outside(asyncio.DatagramProtocol):
            def datagram_received(self, data: bytes, address: Address) -> None:
                nat.back(data, client)

        loop = asyncio.get_running_loop()
        self._outside[client], _ = await loop.create_datagram_endpoint(Outside, local_addr=("127.0.0.1", 0))
        self._opening.discard(client)


@asynccontextmanager
async def nat() -> AsyncIterator[Nat]:
    """A router while the block lasts."""
    loop = asyncio.get_running_loop()
    _, router = await loop.create_datagram_endpoint(Nat, local_addr=("127.0.0.1", 0))
    yield router
    await router.close()
