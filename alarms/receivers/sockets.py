"""What receivers' sockets have in common: a UDP socket that gets out of its own way, connections, and room for them.

Rules: a peer that never reads, or never finishes a message, loses its connection; an idle one keeps it, because a
device that stays connected is heard sooner. No address gets in the way of a known device at another.
"""

import asyncio
import socket
from collections import OrderedDict
from ipaddress import IPv6Address
from typing import Protocol, cast

from prometheus_client import Counter, Gauge

from alarms.receivers.timers import Timer, Timers

Address = tuple[str, int]

STRANGERS = 1_000
FINISH_WITHIN = 30.0  # seconds from a message's first byte to its last


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


def origin(host: str) -> str:
    """Whom an address stands for: of IPv6 its network of 64 bits, which is the least that anybody is given."""
    if ":" not in host:
        return host
    return str(IPv6Address(int(IPv6Address(host.partition("%")[0])) >> 64 << 64))


class Droppable(Protocol):
    """A connection that can be closed at once. `source` is who is at its other end."""

    source: Address

    def drop(self, cause: str) -> None:
        """Close now."""
        ...


class Connections:
    """The open connections, at most `limit`, and of strangers at most `strangers` from one address.

    Whoever is on a connection is a stranger until a known device has been heard on it. Thousands of devices may stand
    behind one address, so known ones are not counted against it, and where there is no more room a stranger goes first:
    of the address that has most of them the one that was silent longest. Only where there is no stranger, the known one
    that was silent longest goes.
    """

    def __init__(self, limit: int, count: Gauge, *, strangers: int = STRANGERS) -> None:
        self._limit = limit
        self._each = strangers
        self._count = count
        self._known: OrderedDict[Droppable, None] = OrderedDict()
        self._strange: dict[str, OrderedDict[Droppable, None]] = {}
        self._where: dict[Droppable, str] = {}  # of strangers

    def __len__(self) -> int:
        return len(self._known) + len(self._where)

    def opened(self, connection: Droppable) -> None:
        """Make room for a new one."""
        where = origin(connection.source[0])
        own = self._strange.get(where)
        if own is not None and len(own) >= self._each:
            next(iter(own)).drop("too_many_strangers")
        if len(self) >= self._limit:
            crowd = max(self._strange.values(), key=len, default=self._known)
            next(iter(crowd)).drop("too_many")
        self._strange.setdefault(where, OrderedDict())[connection] = None
        self._where[connection] = where
        self._count.set(len(self))

    def heard(self, connection: Droppable) -> None:
        """It said something."""
        crowd = self._strange[self._where[connection]] if connection in self._where else self._known
        if connection in crowd:
            crowd.move_to_end(connection)

    def known(self, connection: Droppable) -> None:
        """A known device has been heard on it."""
        if self._no_stranger(connection):
            self._known[connection] = None

    def closed(self, connection: Droppable) -> None:
        """It is gone."""
        self._no_stranger(connection)
        self._known.pop(connection, None)
        self._count.set(len(self))

    def close(self) -> None:
        """Close them all, now."""
        for connection in [*self._known, *self._where]:
            connection.drop("shutdown")

    def _no_stranger(self, connection: Droppable) -> bool:
        """Take it from the strangers; whether it was one."""
        where = self._where.pop(connection, None)
        if where is None:
            return False
        del self._strange[where][connection]
        if not self._strange[where]:
            del self._strange[where]
        return True


class StreamSocket(asyncio.Protocol):
    """One TCP connection, or one of TLS whose handshake is done; a receiver adds what its bytes mean.

    `unsent` is how many bytes may wait for a peer that does not read; `dropped` counts by cause what we close.
    """

    def __init__(self, timers: Timers, pool: Connections, *, unsent: int, dropped: Counter) -> None:
        self.timers = timers
        self._pool = pool
        self._unsent = unsent
        self._dropped = dropped
        self._stream: asyncio.Transport | None = None
        self._unfinished: Timer | None = None
        self.source: Address = ("", 0)
        self.local: Address = ("", 0)

    @property
    def closed(self) -> bool:
        """Whether nothing can be sent any more."""
        return self._stream is None or self._stream.is_closing()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A device has connected."""
        self._stream = cast(asyncio.Transport, transport)
        self._stream.set_write_buffer_limits(high=self._unsent)
        peer = self._stream.get_extra_info("peername")
        if not peer:
            self._stream.abort()  # gone again before it was let in
            return
        self.source = peer[:2]
        self.local = self._stream.get_extra_info("sockname")[:2]
        self._stream.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        self._pool.opened(self)

    def welcome(self, source: Address) -> None:
        """A known device has been heard on it, from there."""
        self._pool.known(self)

    def heard(self) -> None:
        """Bytes have come."""
        self._pool.heard(self)

    def watch(self, *, whole: bool, midway: bool) -> None:
        """Start counting at a message's first byte, stop at its last. `whole`: one ended; `midway`: one has begun."""
        if self._unfinished and (whole or not midway):
            self._unfinished.cancel()
            self._unfinished = None
        if midway and self._unfinished is None:
            self._unfinished = self.timers.after(FINISH_WITHIN, lambda: self.drop("unfinished"))

    def give(self, data: bytes) -> bool:
        """Send; whether there still was a way."""
        if self._stream is None or self._stream.is_closing():
            return False
        self._stream.write(data)
        return True

    def pause_writing(self) -> None:
        """The peer has not read for far too long."""
        self.drop("unread")

    def drop(self, cause: str) -> None:
        """Close now."""
        self._dropped.labels(cause=cause).inc()
        self._pool.closed(self)
        if self._stream is not None:
            self._stream.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """Whoever waits for something on it will ask again."""
        if self._unfinished:
            self._unfinished.cancel()
        self._pool.closed(self)
