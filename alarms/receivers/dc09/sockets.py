"""The asyncio side: a UDP socket, and a TCP connection with its limits.

Rules: who never reads, never finishes a frame, or says what is no DC-09 loses the connection; an idle one keeps it.
"""

import asyncio
import socket
from typing import cast

from alarms.receivers.dc09.frame import Frame, Framer
from alarms.receivers.dc09.hear import Hearing
from alarms.receivers.sockets import Connections, UdpSocket
from alarms.receivers.timers import Timer, Timers
from kit.metrics import counter

UNSENT_LIMIT = 64 * 1024  # bytes waiting for a peer that does not read
FINISH_WITHIN = 30.0  # seconds from a frame's first byte to its last
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
                self._hearing.hear(event.data, lambda answer: self._send(answer, addr))

    def error_received(self, exc: Exception) -> None:
        """A device's port is closed: it sends again when it wants to know."""

    def _send(self, data: bytes, target: tuple[str, int]) -> bool:
        """Send, or drop where the machine cannot keep up: the device will ask again. UDP never says what is lost."""
        if not self.give(data, target):
            unsent.inc()
        return True


class Connection(asyncio.Protocol):
    """One TCP connection."""

    def __init__(self, hearing: Hearing, timers: Timers, pool: Connections) -> None:
        self._hearing = hearing
        self._timers = timers
        self._pool = pool
        self._framer = Framer()
        self._stream: asyncio.Transport | None = None
        self._unfinished: Timer | None = None
        self._wrong = 0

    @property
    def _closed(self) -> bool:
        return self._stream is None or self._stream.is_closing()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A device has connected."""
        self._stream = cast(asyncio.Transport, transport)
        self._stream.set_write_buffer_limits(high=UNSENT_LIMIT)
        self._stream.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        self._pool.opened(self)

    def data_received(self, data: bytes) -> None:
        """Bytes, however they were cut."""
        self._pool.heard(self)
        whole = False
        for event in self._framer.feed(data):
            if self._closed:
                return
            if not isinstance(event, Frame):
                self.drop(event.code)
                return
            whole = True
            self._wrong = 0 if self._hearing.hear(event.data, self._send) else self._wrong + 1
            if self._wrong > MOST_WRONG:
                self.drop("wrong_frames")
                return
        self._watch(whole)

    def _watch(self, whole: bool) -> None:
        """Start counting at a frame's first byte, stop at its last."""
        if self._unfinished and (whole or not self._framer.midway):
            self._unfinished.cancel()
            self._unfinished = None
        if self._framer.midway and self._unfinished is None:
            self._unfinished = self._timers.after(FINISH_WITHIN, lambda: self.drop("unfinished"))

    def _send(self, data: bytes) -> bool:
        if self._stream is None or self._stream.is_closing():
            return False
        self._stream.write(data)
        return True

    def pause_writing(self) -> None:
        """The peer has not read for far too long."""
        self.drop("unread")

    def drop(self, cause: str) -> None:
        """Close now."""
        dropped_connections.labels(cause=cause).inc()
        self._pool.closed(self)
        if self._stream is not None:
            self._stream.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """Whoever still waits for an answer will ask again."""
        if self._unfinished:
            self._unfinished.cancel()
        self._pool.closed(self)
