"""The asyncio side of a flow: a UDP socket, and a connection (TCP or TLS)."""

import asyncio

from alarms.receivers.scaip.exchange import Exchange
from alarms.receivers.scaip.frame import PONG, Framer, Message, Ping
from alarms.receivers.scaip.tell import Teller
from alarms.receivers.scaip.tls import fingerprint
from alarms.receivers.scaip.transaction import Source
from alarms.receivers.sockets import Connections, StreamSocket, UdpSocket
from alarms.receivers.timers import Timers
from kit.metrics import counter, gauge

UNSENT_LIMIT = 1024 * 1024  # bytes waiting for a peer that does not read
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

    def welcome(self) -> None:
        """One socket is everybody's."""

    def send(self, data: bytes, target: Source) -> None:
        """Send a datagram, or drop it where the machine cannot keep up: it will be sent again."""
        if not self.closed and not self.give(data, target):
            unsent.inc()


class Connection(StreamSocket):
    """One TCP connection, or one of TLS whose handshake is done."""

    reliable = True

    def __init__(self, exchange: Exchange, teller: Teller, timers: Timers, pool: Connections) -> None:
        super().__init__(timers, pool, unsent=UNSENT_LIMIT, dropped=dropped_connections)
        self._exchange = exchange
        self._teller = teller
        self._framer = Framer()
        self._ending = False
        self.transport = "TCP"
        self.certificate = ""

    @property
    def closed(self) -> bool:
        """Whether nothing can be sent any more."""
        return self._ending or super().closed

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A device has connected."""
        if secured := transport.get_extra_info("ssl_object"):
            self.transport = "TLS"
            self.certificate = fingerprint(secured.getpeercert(binary_form=True))
        super().connection_made(transport)

    def data_received(self, data: bytes) -> None:
        """Bytes, however they were cut."""
        if self._ending:
            return
        self.heard()
        whole = False
        for event in self._framer.feed(data):
            if self.closed:
                return
            match event:
                case Message():
                    whole = True
                    self._exchange.take(event.data, self, self.source)
                case Ping():
                    self.give(PONG)
                case _:
                    self._exchange.unframed(event, self, self.source)
                    self._end("unframed")
        self.watch(whole=whole, midway=self._framer.midway)

    def send(self, data: bytes, target: Source) -> None:
        """Send on this connection, whoever the target."""
        self.give(data)

    def _end(self, cause: str) -> None:
        """Say nothing more, and close in a moment.

        Closing with bytes unread would reset the connection and take our answer with it, so they are read and dropped.
        """
        self._ending = True
        if self._stream is not None and not self._stream.is_closing() and self._stream.can_write_eof():
            self._stream.write_eof()  # TLS cannot be closed one way
        self.timers.after(LINGER, lambda: self.drop(cause))

    def drop(self, cause: str) -> None:
        """Close now."""
        self._ending = True
        super().drop(cause)

    def connection_lost(self, exc: Exception | None) -> None:
        """Whatever was to be told on it was not."""
        super().connection_lost(exc)
        self._teller.cut(self)
