"""The line between browsers and the relay, which a benchmark can cut: a UDP forwarder, announced as the relay.

A cut is for ever and for all who were on the line, as when a phone leaves one network for the next: what they had is
dead without a word, and whoever comes anew, from another port, gets through.
"""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager

from deploy.bench.served import Address

LARGEST = 65_535  # bytes of a datagram
AT_ONCE = 64  # datagrams read before others get a turn
BUFFER = 1 << 20  # bytes; a key frame comes in a burst


class Line:
    """Forwards between each browser's port and the relay, a socket of its own for each."""

    def __init__(self, relay: Address) -> None:
        self._relay = relay
        self._loop = asyncio.get_running_loop()
        self._near = _socket()
        self._near.bind(("127.0.0.1", 0))
        self._far: dict[Address, socket.socket] = {}
        self._dead: set[Address] = set()
        self._loop.add_reader(self._near, self._from_browsers)

    @property
    def address(self) -> Address:
        """Where browsers find it."""
        host, port = self._near.getsockname()
        return host, port

    def cut(self) -> int:
        """Nothing comes through any more for those on the line now; how many ports that were."""
        cut = len(self._far)
        self._dead.update(self._far)
        self._hang_up()
        return cut

    def close(self) -> None:
        """Forward nothing more."""
        self._hang_up()
        self._loop.remove_reader(self._near)
        self._near.close()

    def _hang_up(self) -> None:
        for far in self._far.values():
            self._loop.remove_reader(far)
            far.close()
        self._far.clear()

    def _from_browsers(self) -> None:
        for data, source in _received(self._near):
            if source in self._dead:
                continue
            far = self._far.get(source) or self._open(source)
            _send(far, data, self._relay)

    def _open(self, source: Address) -> socket.socket:
        far = self._far[source] = _socket()
        far.bind(("127.0.0.1", 0))
        self._loop.add_reader(far, self._from_relay, far, source)
        return far

    def _from_relay(self, far: socket.socket, source: Address) -> None:
        for data, _ in _received(far):
            _send(self._near, data, source)


@contextmanager
def line_to(relay: Address) -> Iterator[Line]:
    """A line for as long as the block lasts. The relay need not be there yet."""
    line = Line(relay)
    try:
        yield line
    finally:
        line.close()


def _socket() -> socket.socket:
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    made.setblocking(False)
    for option in (socket.SO_RCVBUF, socket.SO_SNDBUF):
        made.setsockopt(socket.SOL_SOCKET, option, BUFFER)
    return made


def _received(sock: socket.socket) -> Iterator[tuple[bytes, Address]]:
    for _ in range(AT_ONCE):
        try:
            yield sock.recvfrom(LARGEST)
        except OSError:  # no more for now, or the other end has closed
            return


def _send(sock: socket.socket, data: bytes, to: Address) -> None:
    try:
        sock.sendto(data, to)
    except OSError:  # a full buffer loses it, as a network would
        return
