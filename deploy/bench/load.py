"""A round of load: many devices at once, each pressing again as soon as it has its answer (a closed loop)."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle

from deploy.bench.devices import Device, HttpDevice, TcpDevice, UdpDevice
from deploy.bench.fleet import Fleet
from deploy.bench.machine import cpu_seconds
from deploy.bench.served import Served
from kit.clock import Clock

SOCKETS = 32
PAUSE = 1.0  # seconds that a device which was refused waits before it tries again


@dataclass(frozen=True, slots=True)
class Round:
    """What a round came to. `took` holds seconds from press to answer; `cpu` is the platform's, in seconds."""

    took: Sequence[float]
    refused: int
    seconds: float
    cpu: float

    @property
    def per_second(self) -> float:
        """Stored and answered, a second."""
        return len(self.took) / self.seconds

    @property
    def cpu_each(self) -> float:
        """Microseconds of the platform's process for each."""
        return self.cpu / max(1, len(self.took)) * 1e6


Crew = Sequence[tuple[Device, Iterator[str]]]


async def pressers(platform: Served, fleet: Fleet, devices: int) -> Crew:
    """That many devices, a third each over SCAIP UDP, SCAIP TCP and HTTP, which among them press as the whole fleet."""
    loop = asyncio.get_running_loop()
    third = max(1, devices // 3)
    crew: list[tuple[Device, Iterator[str]]] = []
    for number in range(third):
        _, udp = await loop.create_datagram_endpoint(UdpDevice, remote_addr=platform.udp)
        _, tcp = await loop.create_connection(TcpDevice, *platform.tcp)
        _, http = await loop.create_connection(HttpDevice, *platform.http)
        accounts = fleet.accounts[number::third]
        crew += [(udp, cycle(accounts[0::2])), (tcp, cycle(accounts[1::2])), (http, cycle(fleet.tokens[number::third]))]
    return crew


async def hearts(platform: Served, fleet: Fleet, devices: int, *, of: int | None = None) -> Crew:
    """That many SCAIP devices on UDP that only send heartbeats; many share a socket.

    Each has an account of its own, or takes turns with others so that `of` accounts beat in all.
    """
    loop = asyncio.get_running_loop()
    sockets: list[Device] = []
    for _ in range(SOCKETS):
        _, heart = await loop.create_datagram_endpoint(lambda: UdpDevice("PI"), remote_addr=platform.udp)
        sockets.append(heart)
    accounts = fleet.accounts[: of or devices]
    return [(sockets[place % SOCKETS], cycle(accounts[place::devices])) for place in range(devices)]


async def one_round(crew: Crew, platform: Served, clock: Clock, seconds: float, *, rest: float = 0.0) -> Round:
    """Press for that many seconds, then wait for what is under way; all of it counts, also the time.

    Before each press a device rests for a share of `rest` (seconds) of its own, so that they never speak all at once.
    """
    took: list[float] = []
    refused = 0
    used, began = cpu_seconds(platform.pid), clock.monotonic()
    until = began + seconds

    async def press(place: int, device: Device, senders: Iterator[str]) -> None:
        nonlocal refused
        while clock.monotonic() < until:
            if rest:
                await clock.sleep(rest * place / len(crew))
            at = clock.monotonic()
            if await device.press(next(senders)):
                took.append(clock.monotonic() - at)
            else:
                refused += 1
                await clock.sleep(PAUSE)

    await asyncio.gather(*(press(place, *each) for place, each in enumerate(crew)))
    return Round(took, refused, clock.monotonic() - began, cpu_seconds(platform.pid) - used)
