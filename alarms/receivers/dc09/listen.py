"""The DC-09 receiver: sockets in front, the hub's intake behind.

receiver = Dc09Receiver(intake, keys, clock, tasks, listen=parse_listen("tcp:127.0.0.1:12128 udp:127.0.0.1:12128"))
await receiver.start()
"""

import asyncio
from collections.abc import Sequence

from alarms.core.signal import Intake
from alarms.receivers.binding import CannotListen, bind_udp
from alarms.receivers.dc09.hear import AgreedKeys, Hearing
from alarms.receivers.dc09.sockets import Connection, Datagrams
from alarms.receivers.scaip import addresses
from alarms.receivers.scaip.addresses import Endpoint
from alarms.receivers.sockets import STRANGERS, Connections
from alarms.receivers.timers import Timers
from kit.clock import Clock
from kit.log import get_logger
from kit.metrics import gauge
from kit.tasks import Tasks

log = get_logger(__name__)

BACKLOG = 1024
SETTING = "NATTLJUS_DC09_LISTEN"

open_connections = gauge("dc09_connections", "Open DC-09 connections")


def parse_listen(spec: str) -> tuple[Endpoint, ...]:
    """The addresses of a setting, in order. Raises ValueError with a sentence for whoever wrote it."""
    return addresses.parse_listen(spec, "DC-09", ("udp", "tcp"))


class Dc09Receiver:
    """Hears DC-09 devices on any number of addresses.

    `connections` is how many TCP connections stay open at once, `strangers` of them from one address on which no known
    device has been heard. From `busy_at` frames in hand on, technical ones are
    met with silence, heartbeats from `beats_at` of their own on, from `full_at` on everything is.
    """

    def __init__(
        self,
        intake: Intake,
        keys: AgreedKeys,
        clock: Clock,
        tasks: Tasks,
        *,
        listen: Sequence[Endpoint],
        connections: int = 10_000,
        strangers: int = STRANGERS,
        busy_at: int = 2_000,
        beats_at: int = 10_000,
        full_at: int = 20_000,
    ) -> None:
        self._keys = keys
        self._tasks = tasks
        self._listen = listen
        self._timers = Timers(clock)
        self._hearing = Hearing(intake, keys, clock, tasks, busy_at=busy_at, beats_at=beats_at, full_at=full_at)
        self._connections = Connections(connections, open_connections, strangers=strangers)
        self._datagrams: list[Datagrams] = []
        self._servers: list[asyncio.Server] = []
        self._ticking: asyncio.Task[None] | None = None
        self.addresses: tuple[Endpoint, ...] = ()
        """What is listened on, with the ports that port 0 became."""

    async def start(self) -> None:
        """Listen. Raises `CannotListen` when an address cannot be had; then nothing is listened on."""
        bound: list[Endpoint] = []
        for endpoint in self._listen:
            try:
                bound += await (self._bind_udp(endpoint) if endpoint.transport == "udp" else self._bind_tcp(endpoint))
            except OSError as error:
                await self.close()
                raise CannotListen("DC-09", str(endpoint), SETTING, error) from error
        self.addresses = tuple(bound)
        self._keys.start(self._tasks)
        self._ticking = self._tasks.forever("dc09_timers", self._timers.run)
        log.info("dc09_listening", addresses=[str(endpoint) for endpoint in bound])

    async def close(self) -> None:
        """Stop at once: a device that has not been answered asks again, here or at its next receiver."""
        self.addresses = ()
        for server in self._servers:
            server.close()
        for datagrams in self._datagrams:
            datagrams.close()
        self._connections.close()
        if self._ticking is not None:
            self._ticking.cancel()
            await asyncio.gather(self._ticking, return_exceptions=True)
        for server in self._servers:
            await server.wait_closed()
        self._servers.clear()
        self._datagrams.clear()

    async def _bind_udp(self, endpoint: Endpoint) -> list[Endpoint]:
        opened = await bind_udp(endpoint, lambda: Datagrams(self._hearing))
        self._datagrams += opened
        return [Endpoint("udp", *datagrams.local) for datagrams in opened]

    async def _bind_tcp(self, endpoint: Endpoint) -> list[Endpoint]:
        server = await asyncio.get_running_loop().create_server(
            lambda: Connection(self._hearing, self._timers, self._connections),
            endpoint.host,
            endpoint.port,
            backlog=BACKLOG,
        )
        self._servers.append(server)
        return [Endpoint("tcp", *listener.getsockname()[:2]) for listener in server.sockets]
