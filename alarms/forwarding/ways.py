"""The sockets under `Asking`: one way for each request, UDP, TCP or TLS, open until the answer is in and confirmed.

Who enters a receiver is a municipality's administrator, so it is reached under the same rule as subscriptions are
(`alarms.outward.address`): the open network, and what the platform's operator has allowed besides.
"""

import asyncio
import socket
import ssl
from collections.abc import Mapping, Sequence
from ipaddress import ip_address
from typing import Any, cast

from alarms.core.forwarding import Told, Unheard
from alarms.forwarding.asking import Asking, Wanted
from alarms.forwarding.receivers import password_of
from alarms.outward.address import RESOLVE_WITHIN, Network, may_reach
from alarms.receivers.scaip.addresses import parse_listen
from alarms.receivers.scaip.frame import PONG, Framer, Message, Ping
from kit.clock import Clock
from kit.log import get_logger
from kit.seal import SealError
from kit.tasks import Tasks
from kit.wire.forwarding_words import ForwardOutcome

log = get_logger(__name__)

CONNECT_WITHIN = 5.0  # seconds, TLS included
LINGER = 5.0  # seconds in which an answer that comes again is confirmed again


def trusted(ca: str) -> ssl.SSLContext:
    """Who is believed on tls:. Raises ValueError with a sentence for whoever wrote the settings."""
    try:
        return ssl.create_default_context(cafile=ca or None)
    except (OSError, ssl.SSLError) as error:
        raise ValueError(f"NATTLJUS_FORWARD_CA: {ca} holds no certificate in PEM ({error.strerror}).") from None


class Ways:
    """Asks receivers. `trust` says whose certificates are good on tls:, `secrets` are our keys, newest first."""

    def __init__(
        self, clock: Clock, networks: Sequence[Network], trust: ssl.SSLContext, secrets: Sequence[str]
    ) -> None:
        self._clock = clock
        self._networks = networks
        self._trust = trust
        self._secrets = secrets
        self._tasks = Tasks(clock)

    async def close(self) -> None:
        """Let go of every way that still lingers."""
        await self._tasks.close()

    async def send(self, receiver: Mapping[str, Any], account: str, ref: str, body: bytes) -> Told | Unheard:
        """Send one request and wait for its answer. Raises nothing that comes from outside.

        A receiver whose sealed password none of our keys opens is not asked: it would not let us in.
        """
        try:
            password = password_of(receiver, self._secrets)
        except SealError:
            log.error("receiver_password_unreadable", receiver=receiver["id"])
            return Unheard(ForwardOutcome.NOT_LET_IN)
        (where,) = parse_listen(receiver["address"])
        wanted = Wanted(
            where.host, where.port, where.transport, receiver["called"], account, receiver["user"], password, ref, body
        )
        way = _Way(self._clock, wanted)
        try:
            async with asyncio.timeout(RESOLVE_WITHIN):
                address = await self._find(where.host, where.port)
            async with asyncio.timeout(CONNECT_WITHIN):
                await self._open(way, where.transport, where.host, address)
        except (OSError, TimeoutError, UnicodeError, ValueError):
            return Unheard(ForwardOutcome.UNREACHABLE)
        try:
            result = await way.ask()
        except BaseException:
            way.close()
            raise
        self._tasks.start("forwarding_linger", self._linger(way))
        return result

    async def _find(self, host: str, port: int) -> tuple[str, int]:
        """An address there that may be reached. Raises OSError."""
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        for _, _, _, _, where in found:
            literal = str(where[0])
            if may_reach(ip_address(literal.partition("%")[0]), self._networks):
                return literal, port
        raise OSError("address_refused")

    async def _open(self, way: "_Way", transport: str, host: str, address: tuple[str, int]) -> None:
        loop = asyncio.get_running_loop()
        if transport == "udp":
            await loop.create_datagram_endpoint(lambda: way, remote_addr=address)
        elif transport == "tcp":
            await loop.create_connection(lambda: way, *address)
        else:
            await loop.create_connection(lambda: way, *address, ssl=self._trust, server_hostname=host)

    async def _linger(self, way: "_Way") -> None:
        try:
            if way.answered:
                await self._clock.sleep(LINGER)
        finally:
            way.close()


class _Way(asyncio.DatagramProtocol, asyncio.Protocol):
    """A socket with one request on it. A connected UDP socket hears nobody but whom it asks."""

    def __init__(self, clock: Clock, wanted: Wanted) -> None:
        self._clock = clock
        self._wanted = wanted
        self._transport: asyncio.Transport | asyncio.DatagramTransport | None = None
        self._asking: Asking | None = None
        self._framer = Framer()
        self._news = asyncio.Event()
        self._peer = ("", 0)
        self._began = clock.monotonic()  # finding and connecting are part of what an answer may take

    @property
    def answered(self) -> bool:
        """Whether the receiver has said something that it may say again."""
        return self._asking is not None and isinstance(self._asking.result, Told)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The socket is there."""
        self._transport = cast(asyncio.Transport | asyncio.DatagramTransport, transport)
        self._peer = transport.get_extra_info("peername")[:2]
        local = transport.get_extra_info("sockname")[:2]
        self._asking = Asking(self._wanted, local, self._began)

    async def ask(self) -> Told | Unheard:
        """Send, and wait for how it ends."""
        assert self._asking is not None
        self._write(self._asking.begin(self._clock.monotonic()))
        while self._asking.result is None:
            self._news.clear()
            left = self._asking.deadline - self._clock.monotonic()
            try:
                async with asyncio.timeout(max(left, 0.0)):
                    await self._news.wait()
            except TimeoutError:
                self._write(self._asking.due(self._clock.monotonic()))
        return self._asking.result

    def close(self) -> None:
        """Give the socket back."""
        if self._transport is not None:
            self._transport.abort()

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """One message."""
        self._hear(data)

    def data_received(self, data: bytes) -> None:
        """A piece of the stream."""
        for event in self._framer.feed(data):
            if isinstance(event, Message):
                self._hear(event.data)
            elif isinstance(event, Ping):
                self._write(PONG)
            else:
                self.close()

    def error_received(self, exc: Exception) -> None:
        """Nobody is there, says the network; it may be wrong, so only time decides."""

    def connection_lost(self, exc: Exception | None) -> None:
        """The way is gone."""
        if self._asking is not None:
            self._asking.cut()
        self._news.set()

    def _hear(self, data: bytes) -> None:
        assert self._asking is not None
        self._write(self._asking.hear(data, self._peer, self._clock.monotonic()))
        self._news.set()

    def _write(self, data: bytes | None) -> None:
        if data is None or self._transport is None or self._transport.is_closing():
            return
        if self._wanted.transport == "udp":
            cast(asyncio.DatagramTransport, self._transport).sendto(data)
        else:
            cast(asyncio.Transport, self._transport).write(data)
