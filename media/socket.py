"""The one UDP socket: as many datagrams a turn as there are, up to a bound that lets others have theirs."""

import asyncio
import socket
from collections.abc import Callable
from contextlib import suppress

from media.core.datagram import LONGEST
from media.leg import Address

A_TURN = 64
"""Datagrams taken before other work of the loop has its turn."""
BUFFER = 4 * 1024 * 1024
"""Bytes asked of the kernel for each direction; it may give less."""


class UdpSocket:
    """Bound at once; receives from `start` on. `send` never waits: what the kernel cannot take is lost, as UDP may."""

    def __init__(self, host: str, port: int) -> None:
        """Raises OSError when the address cannot be had."""
        self._socket = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_DGRAM)
        try:
            self._socket.setblocking(False)
            for option in (socket.SO_RCVBUF, socket.SO_SNDBUF):
                self._socket.setsockopt(socket.SOL_SOCKET, option, BUFFER)
            self._socket.bind((host, port))
        except OSError:
            self._socket.close()
            raise
        self._receive: Callable[[bytes, Address], None] | None = None

    @property
    def port(self) -> int:
        """The port it is bound to."""
        return int(self._socket.getsockname()[1])

    def start(self, receive: Callable[[bytes, Address], None]) -> None:
        """Hand every datagram to `receive` from now on."""
        self._receive = receive
        asyncio.get_running_loop().add_reader(self._socket, self._readable)

    def send(self, datagram: bytes, address: Address) -> bool:
        """Send; False when it was not taken."""
        try:
            self._socket.sendto(datagram, address)
        except OSError:
            return False
        return True

    def close(self) -> None:
        """Receive nothing more."""
        if self._receive is not None:
            asyncio.get_running_loop().remove_reader(self._socket)
        self._socket.close()

    def _readable(self) -> None:
        assert self._receive is not None
        with suppress(
            BlockingIOError, ConnectionError
        ):  # an unreachable peer is reported here, and is no matter of ours
            for _ in range(A_TURN):
                datagram, address = self._socket.recvfrom(LONGEST + 1)
                self._receive(datagram, address[:2])
