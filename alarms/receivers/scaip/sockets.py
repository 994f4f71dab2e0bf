"""The asyncio side of a flow: a UDP socket, and a connection (TCP or TLS)."""

import asyncio
from collections import OrderedDict

from alarms.receivers.pace import Pace
from alarms.receivers.scaip.exchange import Exchange
from alarms.receivers.scaip.frame import PONG, Framer, Message, Ping
from alarms.receivers.scaip.tell import Teller
from alarms.receivers.scaip.tls import fingerprint
from alarms.receivers.scaip.transaction import Source
from alarms.receivers.sockets import Connections, StreamSocket, UdpSocket, origin
from alarms.receivers.timers import Timers
from kit.clock import Clock
from kit.metrics import counter, gauge

UNSENT_LIMIT = 1024 * 1024  # bytes waiting for a peer that does not read
REFUSALS = 200.0  # a second that one address may be told over UDP
BY_PROXY = 5  # times as many where a known device has been heard from: perhaps it is a whole county's proxy
KNOWN = 65_536  # addresses and ports that known devices were heard from
LINGER = 2.0  # seconds that a refused peer has to read why
LINGERING = 16 * 1024 * 1024  # bytes that it may still say meanwhile

open_connections = gauge("scaip_connections", "Open TCP and TLS connections")
dropped_connections = counter("scaip_connections_dropped_total", "TCP and TLS connections closed by us", ["cause"])
unsent = counter("scaip_datagrams_unsent_total", "Datagrams that the machine could not take")
unread = counter("scaip_datagrams_unread_total", "Datagrams of addresses whose requests were refused all the time")


class Datagrams(UdpSocket):
    """One UDP socket. An address whose requests are refused all the time is not even read, until it has calmed down.

    A datagram costs as much to refuse as to hear, and thousands a second of one address would leave no time for anybody
    else. Where a known device has been heard from goes on being heard whatever else its address sends.
    """

    transport = "UDP"
    reliable = False
    certificate = ""

    def __init__(self, exchange: Exchange, clock: Clock, refusals: float = REFUSALS) -> None:
        super().__init__()
        self._exchange = exchange
        self._clock = clock
        self._refusals = Pace(refusals)
        self._of_known = Pace(BY_PROXY * refusals)
        self._known: OrderedDict[Source, None] = OrderedDict()

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """One datagram; line ends alone are a keep-alive that asks for nothing."""
        source = addr[:2]
        pace, payer = self._payer(source)
        if pace.spent(payer, self._clock.monotonic()):
            unread.inc()
        elif data.strip(b"\r\n\x00"):
            self._exchange.take(data, self, source)

    def _payer(self, source: Source) -> tuple[Pace, str]:
        """Who pays for what is refused: the whole address, or a known device for itself."""
        known = source in self._known
        return (self._of_known, f"{source[0]} {source[1]}") if known else (self._refusals, origin(source[0]))

    def error_received(self, exc: Exception) -> None:
        """A device's port is closed: its answer is sent again until time is up, as if it had been lost."""

    def welcome(self, source: Source) -> None:
        """A known device has been heard from there."""
        self._known[source] = None
        self._known.move_to_end(source)
        if len(self._known) > KNOWN:
            self._known.popitem(last=False)

    def send(self, data: bytes, target: Source) -> None:
        """Send a datagram, or drop it where the machine cannot keep up: it will be sent again."""
        if data.startswith(b"SIP/2.0 4"):
            pace, payer = self._payer(target)
            pace.charge(payer, self._clock.monotonic())
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
        self._dropped_bytes = 0
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
            self._dropped_bytes += len(data)
            if self._dropped_bytes > LINGERING and self._stream is not None:
                self._stream.pause_reading()  # who goes on for ever costs nobody else the loop
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
