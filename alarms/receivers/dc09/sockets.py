"""The asyncio side: a UDP socket, and a TCP connection."""

from functools import partial

from alarms.receivers.dc09.frame import Frame, Framer
from alarms.receivers.dc09.hear import Hearing
from alarms.receivers.sockets import Connections, StreamSocket, UdpSocket
from alarms.receivers.timers import Timers
from kit.metrics import counter

UNSENT_LIMIT = 64 * 1024  # bytes waiting for a peer that does not read
MOST_WRONG = 20  # frames in a row that are none, until the line is closed

dropped_connections = counter("dc09_connections_dropped_total", "DC-09 connections closed by us", ["cause"])
unsent = counter("dc09_datagrams_unsent_total", "DC-09 answers that the machine could not take")


class Datagrams(UdpSocket):
    """One UDP socket. A datagram holds whole frames."""

    def __init__(self, hearing: Hearing) -> None:
        super().__init__()
        self._hearing = hearing

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """One datagram; what is no frame in it is passed over."""
        for event in Framer().feed(data):
            if isinstance(event, Frame):
                self._hearing.hear(event.data, partial(self._send, addr))

    def error_received(self, exc: Exception) -> None:
        """A device's port is closed: it sends again when it wants to know."""

    def _send(self, target: tuple[str, int], data: bytes, *, known: bool = False) -> bool:
        """Send, or drop where the machine cannot keep up: the device will ask again. UDP never says what is lost."""
        if not self.give(data, target):
            unsent.inc()
        return True


class Connection(StreamSocket):
    """One TCP connection. Who says what is no DC-09 loses it."""

    def __init__(self, hearing: Hearing, timers: Timers, pool: Connections) -> None:
        super().__init__(timers, pool, unsent=UNSENT_LIMIT, dropped=dropped_connections)
        self._hearing = hearing
        self._framer = Framer()
        self._wrong = 0

    def data_received(self, data: bytes) -> None:
        """Bytes, however they were cut."""
        self.heard()
        whole = False
        for event in self._framer.feed(data):
            if self.closed:
                return
            if not isinstance(event, Frame):
                self.drop(event.code)
                return
            whole = True
            self._wrong = 0 if self._hearing.hear(event.data, self._reply) else self._wrong + 1
            if self._wrong > MOST_WRONG:
                self.drop("wrong_frames")
                return
        self.watch(whole=whole, midway=self._framer.midway)

    def _reply(self, answer: bytes, *, known: bool = False) -> bool:
        if known:
            self.welcome(self.source)
        return self.give(answer)
