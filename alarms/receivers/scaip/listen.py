"""The SCAIP receiver: sockets in front, the hub's intake behind.

receiver = ScaipReceiver(intake, clock, tasks, listen=parse_listen("udp:127.0.0.1:5060 tcp:127.0.0.1:5060"))
await receiver.start()
"""

import asyncio
import socket
from collections.abc import Sequence

from alarms.core.signal import Intake
from alarms.receivers.binding import bind_udp
from alarms.receivers.pace import Pace
from alarms.receivers.scaip.addresses import Endpoint, parse_listen
from alarms.receivers.scaip.door import Door
from alarms.receivers.scaip.exchange import Exchange
from alarms.receivers.scaip.hear import Hearing
from alarms.receivers.scaip.policy import Known
from alarms.receivers.scaip.sockets import REFUSALS, Connection, Datagrams, open_connections
from alarms.receivers.scaip.tell import Teller
from alarms.receivers.scaip.tls import AT_ONCE, HANDSHAKES, LOOK_EVERY, Certificates, Files, TlsListener
from alarms.receivers.scaip.unproven import Unproven
from alarms.receivers.sockets import STRANGERS, Connections
from alarms.receivers.timers import Timers
from kit.clock import Clock
from kit.log import get_logger
from kit.tasks import Tasks

__all__ = ["Endpoint", "ScaipReceiver", "parse_listen"]

log = get_logger(__name__)

BACKLOG = 1024


class ScaipReceiver:
    """Hears SCAIP devices on any number of addresses.

    `call_number` is the URI that a device which was heard is to call, '' for no speech. `tls` is where the certificate
    for tls: addresses is; `known` knows what devices are asked for, with passwords sealed by `keys`. `connections` is
    how many TCP and TLS connections stay open at once, `strangers` of them from one address on which no known device
    has been heard; `handshakes` is how many a second one address may make, and `refusals` how many it is told over UDP.
    From `busy_at` requests in hand on, technical ones hear "busy", heartbeats from `beats_at` of their own on, from
    `full_at` on everything hears 503; from `untold` unconfirmed answers on, technical ones are sent once.
    """

    def __init__(
        self,
        intake: Intake,
        clock: Clock,
        tasks: Tasks,
        *,
        listen: Sequence[Endpoint],
        call_number: str = "",
        tls: Files | None = None,
        known: Known | None = None,
        keys: Sequence[str] = (),
        connections: int = 10_000,
        strangers: int = STRANGERS,
        handshakes: float = HANDSHAKES,
        refusals: float = REFUSALS,
        busy_at: int = 2_000,
        beats_at: int = 10_000,
        full_at: int = 20_000,
        untold: int = 20_000,
    ) -> None:
        self._clock = clock
        self._tasks = tasks
        self._listen = listen
        secured = any(endpoint.transport == "tls" for endpoint in listen)
        self._certificates = Certificates(tls or Files("", "")) if secured else None
        self._timers = Timers(clock)
        self._teller = Teller(clock, self._timers, limit=untold)
        door = Door(clock, Unproven(intake, clock, tasks, self._timers), known=known, keys=tuple(keys))
        self._hearing = Hearing(
            intake,
            clock,
            tasks,
            self._timers,
            self._teller,
            door,
            call_number=call_number,
            busy_at=busy_at,
            beats_at=beats_at,
            full_at=full_at,
        )
        self._exchange = Exchange(clock, self._hearing, self._teller)
        self._connections = Connections(connections, open_connections, strangers=strangers)
        self._pace = Pace(handshakes, burst=AT_ONCE)
        self._refusals = refusals
        self._datagrams: list[Datagrams] = []
        self._servers: list[asyncio.Server] = []
        self._tls: list[TlsListener] = []
        self._running: list[asyncio.Task[None]] = []
        self.addresses: tuple[Endpoint, ...] = ()
        """What is listened on, with the ports that port 0 became."""

    async def start(self) -> None:
        """Listen. Raises `OSError` that names the address when one cannot be had; then nothing is listened on."""
        bound: list[Endpoint] = []
        for endpoint in self._listen:
            try:
                bound += await self._bind(endpoint)
            except OSError as error:
                await self.close()
                raise OSError(error.errno, f"{endpoint}: {error.strerror or error}") from error
        self.addresses = tuple(bound)
        self._running.append(self._tasks.forever("scaip_timers", self._timers.run))
        if self._certificates is not None:
            self._running.append(self._tasks.every(LOOK_EVERY, "scaip_certificates", self._certificates.look))
        log.info("scaip_listening", addresses=[str(endpoint) for endpoint in bound])

    async def close(self) -> None:
        """Stop at once: a device that has not been answered asks again, here or at its next receiver."""
        self.addresses = ()
        self._hearing.close()
        for server in self._servers:
            server.close()
        for datagrams in self._datagrams:
            datagrams.close()
        self._connections.close()
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        for server in self._servers:
            await server.wait_closed()
        for listener in self._tls:
            await listener.close()
        self._connections.close()  # with those whose handshake was done meanwhile
        for each in (self._running, self._servers, self._datagrams, self._tls):
            each.clear()

    async def _bind(self, endpoint: Endpoint) -> list[Endpoint]:
        match endpoint.transport:
            case "udp":
                return await self._bind_udp(endpoint)
            case "tls":
                return await self._bind_tls(endpoint)
            case _:
                return await self._bind_tcp(endpoint)

    async def _bind_udp(self, endpoint: Endpoint) -> list[Endpoint]:
        opened = await bind_udp(endpoint, lambda: Datagrams(self._exchange, self._clock, self._refusals))
        self._datagrams += opened
        return [Endpoint("udp", *datagrams.local) for datagrams in opened]

    async def _bind_tcp(self, endpoint: Endpoint) -> list[Endpoint]:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(self._connection, endpoint.host, endpoint.port, backlog=BACKLOG)
        self._servers.append(server)
        return [Endpoint("tcp", *listener.getsockname()[:2]) for listener in server.sockets]

    async def _bind_tls(self, endpoint: Endpoint) -> list[Endpoint]:
        assert self._certificates is not None
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(endpoint.host, endpoint.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        bound = []
        for family, _, _, _, address in dict.fromkeys(found):
            bare = socket.create_server(address[:2], family=family, backlog=BACKLOG)
            bare.setblocking(False)
            listener = TlsListener(bare, self._certificates, self._connection, self._clock, self._pace)
            self._tls.append(listener)
            listener.start()
            bound.append(Endpoint("tls", *bare.getsockname()[:2]))
        return bound

    def _connection(self) -> Connection:
        return Connection(self._exchange, self._teller, self._timers, self._connections)
