"""What receivers' sockets have in common: a UDP socket that gets out of its own way, and room for connections."""

import asyncio
from collections import OrderedDict
from typing import Protocol, cast

from prometheus_client import Gauge

Address = tuple[str, int]


class UdpSocket(asyncio.DatagramProtocol):
    """One bound UDP socket; a receiver adds what a datagram holds."""

    def __init__(self) -> None:
        self._socket: asyncio.DatagramTransport | None = None
        self._stuffed = False
        self.local: Address = ("", 0)

    @property
    def closed(self) -> bool:
        """Whether the socket is closed."""
        return self._socket is None or self._socket.is_closing()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The socket is bound."""
        self._socket = cast(asyncio.DatagramTransport, transport)
        self.local = self._socket.get_extra_info("sockname")[:2]

    def give(self, data: bytes, target: Address) -> bool:
        """Send a datagram; whether the machine could take it."""
        if self._socket is None or self._socket.is_closing() or self._stuffed or target[1] == 0:
            return False
        self._socket.sendto(data, target)
        return True

    def pause_writing(self) -> None:
        """The machine has too much of ours to send."""
        self._stuffed = True

    def resume_writing(self) -> None:
        """It has sent it."""
        self._stuffed = False

    def close(self) -> None:
        """Stop listening, now."""
        if self._socket is not None:
            self._socket.abort()


class Droppable(Protocol):
    """A connection that can be closed at once."""

    def drop(self, cause: str) -> None:
        """Close now."""
        ...


class Connections:
    """The open connections, the one that was silent longest first. At most `limit`: then that one is closed."""

    def __init__(self, limit: int, count: Gauge) -> None:
        self._limit = limit
        self._count = count
        self._open: OrderedDict[Droppable, None] = OrderedDict()

    def __len__(self) -> int:
        return len(self._open)

    def opened(self, connection: Droppable) -> None:
        """Make room for a new one."""
        if len(self._open) >= self._limit:
            next(iter(self._open)).drop("too_many")
        self._open[connection] = None
        self._count.set(len(self._open))

    def heard(self, connection: Droppable) -> None:
        """It said something."""
        if connection in self._open:
            self._open.move_to_end(connection)

    def closed(self, connection: Droppable) -> None:
        """It is gone."""
        self._open.pop(connection, None)
        self._count.set(len(self._open))

    def close(self) -> None:
        """Close them all, now."""
        for connection in list(self._open):
            connection.drop("shutdown")
