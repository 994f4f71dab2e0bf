"""The asyncio side of a flow: a UDP socket, and a connection (TCP or TLS) with its limits.

Rules: a peer that never reads, or never finishes a message, loses its connection; an idle one keeps it, because a
device that stays connected is heard sooner.
"""

import asyncio
import socket
from typing import cast

from alarms.receivers.scaip.exchange import Exchange
from alarms.receivers.scaip.frame import PONG, Framer, Message, Ping
from alarms.receivers.scaip.tell import Teller
from alarms.receivers.scaip.tls import fingerprint
from alarms.receivers.scaip.transaction import Source
from alarms.receivers.sockets import Connections, UdpSocket
from alarms.receivers.timers import Timer, Timers
from kit.metrics import counter, gauge

UNSENT_LIMIT = 1024 * 1024  # bytes waiting for a peer that does not read
FINISH_WITHIN = 30.0  # seconds from a message's first byte to its last
LINGER = 2.0  # seconds that a refused peer has to read why

open_connections = gauge("scaip_connections", "Open TCP and TLS connections")
dropped_connections = counter("scaip_connections_dropped_total", "TCP and TLS connections closed by us", ["cause"])
unsent = counter("scaip_datagrams_unsent_total", "Datagrams that the machine could not take")


class Datagrams(UdpSocket):
    """One UDP socket."""

    transport = "UDP"
    reliable = False
    certificate = ""

    def __init__(self, exchange: Exchange) -> None:
        super().__init__()
        self._exchange = exchange

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """One datagram; line ends alone are a keep-alive that asks for nothing."""
        if data.strip(b"\r\n\x00"):
            self._exchange.take(data, self, addr[:2])

    def error_received(self, exc: Exception) -> None:
        """A device's port is closed: its answer is sent again until time is up, as if it had been lost."""

    def send(self, data: bytes, target: Source) -> None:
        """Send a datagram, or drop it where the machine cannot keep up: it will be sent again."""
        if not self.closed and not self.give(data, target):
            unsent.inc()


class Connection(asyncio.Protocol):
    """One TCP connection, or one of TLS whose handshake is done."""

    reliable = True

    def __init__(self, exchange: Exchange, teller: Teller, timers: Timers, pool: Connections) -> None:
        self._exchange = exchange
        self._teller = teller
        self._timers = timers
        self._pool = pool
        self._framer = Framer()
        self._stream: asyncio.Transport | None = None
        self._unfinished: Timer | None = None
        self._ending = False
        self._source: Source = ("", 0)
        self.transport = "TCP"
        self.certificate = ""
        self.local: Source = ("", 0)

    @property
    def closed(self) -> bool:
        """Whether nothing can be sent any more."""
        return self._ending or self._stream is None or self._stream.is_closing()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A device has connected."""
        self._stream = cast(asyncio.Transport, transport)
        self._stream.set_write_buffer_limits(high=UNSENT_LIMIT)
        peer = self._stream.get_extra_info("peername")
        if not peer:
            self._stream.abort()  # gone again before it was let in
            return
        self._source = peer[:2]
        self.local = self._stream.get_extra_info("sockname")[:2]
        self._stream.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        if secured := self._stream.get_extra_info("ssl_object"):
            self.transport = "TLS"
            self.certificate = fingerprint(secured.getpeercert(binary_form=True))
        self._pool.opened(self)

    def data_received(self, data: bytes) -> None:
        """Bytes, however they were cut."""
        if self._ending:
            return
        self._pool.heard(self)
        whole = False
        for event in self._framer.feed(data):
            if self.closed:
                return
            match event:
                case Message():
                    whole = True
                    self._exchange.take(event.data, self, self._source)
                case Ping():
                    self.send(PONG, self._source)
                case _:
                    self._exchange.unframed(event, self, self._source)
                    self._end("unframed")
        self._watch(whole)

    def _watch(self, whole: bool) -> None:
        """Start counting at a message's first byte, stop at its last."""
        if self._unfinished and (whole or not self._framer.midway):
            self._unfinished.cancel()
            self._unfinished = None
        if self._framer.midway and self._unfinished is None:
            self._unfinished = self._timers.after(FINISH_WITHIN, lambda: self.drop("unfinished"))

    def send(self, data: bytes, target: Source) -> None:
        """Send on this connection, whoever the target."""
        if self._stream is not None and not self._stream.is_closing():
            self._stream.write(data)

    def pause_writing(self) -> None:
        """The peer has not read for far too long."""
        self.drop("unread")

    def _end(self, cause: str) -> None:
        """Say nothing more, and close in a moment.

        Closing with bytes unread would reset the connection and take our answer with it, so they are read and dropped.
        """
        self._ending = True
        if self._stream is not None and not self._stream.is_closing() and self._stream.can_write_eof():
            self._stream.write_eof()  # TLS cannot be closed one way
        self._timers.after(LINGER, lambda: self.drop(cause))

    def drop(self, cause: str) -> None:
        """Close now."""
        self._ending = True
        dropped_connections.labels(cause=cause).inc()
        self._pool.closed(self)
        if self._stream is not None:
            self._stream.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """Whatever was to be told on it was not."""
        if self._unfinished:
            self._unfinished.cancel()
        self._pool.closed(self)
        self._teller.cut(self)
