"""The sockets of the receiver that is played: a datagram's sender and a connection, as one way back to the device."""

import asyncio
from collections.abc import Callable
from typing import Protocol, cast

from clients.simulated.scaip import Address, whole_messages, written_host

UNFINISHED = 64 * 1024  # bytes that may wait for a message's end
CONNECTIONS = 200


class Way(Protocol):
    """Back to whom a message came from."""

    transport: str
    peer: Address
    local: Address

    @property
    def here(self) -> str:
        """The address it came to."""
        ...

    @property
    def closed(self) -> bool:
        """Whether nothing can be sent any more."""
        ...

    def send(self, data: bytes) -> None:
        """Send one message."""
        ...


Take = Callable[[bytes, Way], None]


class _Sender:
    """Whom one datagram came from."""

    transport = "UDP"

    def __init__(self, socket: asyncio.DatagramTransport, peer: Address) -> None:
        self._socket = socket
        self.peer = peer
        self.local: Address = socket.get_extra_info("sockname")[:2]

    @property
    def here(self) -> str:
        return f"udp:{written_host(self.local[0])}:{self.local[1]}"

    @property
    def closed(self) -> bool:
        return self._socket.is_closing()

    def send(self, data: bytes) -> None:
        if not self.closed and self.peer[1]:
            self._socket.sendto(data, self.peer)


class Datagrams(asyncio.DatagramProtocol):
    """A UDP socket."""

    def __init__(self, take: Take) -> None:
        self._take = take
        self._socket: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """It is bound."""
        self._socket = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: Address) -> None:
        """One datagram is one message; line ends alone are a keep-alive."""
        if self._socket is not None and data.strip(b"\r\n\x00"):
            self._take(data, _Sender(self._socket, addr[:2]))

    def error_received(self, exc: Exception) -> None:
        """The device's port is closed: as if it had been lost."""


class Stream(asyncio.Protocol):
    """One connection."""

    transport = "TCP"

    def __init__(self, take: Take, streams: "set[Stream]") -> None:
        self._take = take
        self._streams = streams
        self._received = b""
        self._line: asyncio.Transport | None = None
        self.peer: Address = ("", 0)
        self.local: Address = ("", 0)

    @property
    def here(self) -> str:
        """The address it came to."""
        return f"tcp:{written_host(self.local[0])}:{self.local[1]}"

    @property
    def closed(self) -> bool:
        """Whether nothing can be sent any more."""
        return self._line is None or self._line.is_closing()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A device has connected."""
        self._line = cast(asyncio.Transport, transport)
        peer = transport.get_extra_info("peername")
        if not peer or len(self._streams) >= CONNECTIONS:
            self._line.abort()
            return
        self.peer, self.local = peer[:2], transport.get_extra_info("sockname")[:2]
        self._streams.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """It is cut."""
        self._streams.discard(self)

    def data_received(self, data: bytes) -> None:
        """Bytes, however they were cut."""
        if data == b"\r\n\r\n" and not self._received:
            self.send(b"\r\n")  # a keep-alive, RFC 5626 §4.4.1
            return
        messages, self._received = whole_messages((self._received + data).lstrip(b"\r\n"))
        for message in messages:
            self._take(message, self)
        if len(self._received) > UNFINISHED:
            self.close()

    def send(self, data: bytes) -> None:
        """Send bytes."""
        if self._line is not None and not self.closed:
            self._line.write(data)

    def close(self) -> None:
        """Hang up."""
        if self._line is not None:
            self._line.abort()
