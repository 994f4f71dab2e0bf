"""What comes beside people's presses: a fleet that reconnects after an outage, and a storm of tests."""

import asyncio
import ssl
from collections import deque
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from typing import Any

from deploy.bench.devices import TESTED, TcpDevice, UdpDevice
from deploy.bench.served import Address, Served
from kit.clock import Clock
from kit.tasks import Tasks

KEPT_OPEN = 6_000  # connections; a machine gives one process so many files and one address so many ports
SOCKETS = 16
TICK = 0.02  # seconds between two handfuls


@dataclass(slots=True)
class Told:
    """What became of a storm: how many were answered "stored" and how soon (seconds), how many were not."""

    took: list[float] = field(default_factory=list)
    refused: int = 0
    unreached: int = 0


async def reconnect(
    address: Address, accounts: Sequence[str], seconds: float, clock: Clock, *, tls: ssl.SSLContext | None = None
) -> Told:
    """Each account's device comes on a TCP connection of its own, evenly over that time, and says that it lives.

    A device stays connected; past `KEPT_OPEN` the one that has been there longest hangs up. With `tls` it shakes hands.
    """
    loop = asyncio.get_running_loop()
    told, there = Told(), deque[TcpDevice]()

    async def come(account: str) -> None:
        at = clock.monotonic()
        try:
            _, device = await loop.create_connection(lambda: TcpDevice("PI"), *address, ssl=tls)
        except OSError:
            told.unreached += 1
            return
        there.append(device)
        if len(there) > KEPT_OPEN:
            there.popleft().close()
        if await device.press(account):
            told.took.append(clock.monotonic() - at)
        else:
            told.refused += 1

    try:
        await _evenly(accounts, seconds, come, clock)
    finally:
        for device in there:
            device.close()
    return told


async def tests(platform: Served, accounts: Sequence[str], seconds: float, clock: Clock) -> Told:
    """Each account's device tests itself once, evenly over that time."""
    loop = asyncio.get_running_loop()
    sockets = []
    for _ in range(SOCKETS):
        _, device = await loop.create_datagram_endpoint(lambda: UdpDevice("ME", TESTED), remote_addr=platform.udp)
        sockets.append(device)
    told = Told()
    turn = iter(range(len(accounts)))

    async def test(account: str) -> None:
        at = clock.monotonic()
        if await sockets[next(turn) % SOCKETS].press(account):
            told.took.append(clock.monotonic() - at)
        else:
            told.refused += 1

    try:
        await _evenly(accounts, seconds, test, clock)
    finally:
        for device in sockets:
            device.close()
    return told


async def _evenly(
    accounts: Sequence[str], seconds: float, act: Callable[[str], Coroutine[Any, Any, None]], clock: Clock
) -> None:
    """Begin `act` for each account at its moment, whether or not those before are done; return when all are."""
    tasks, running = Tasks(clock), set[asyncio.Task[None]]()
    began, begun = clock.monotonic(), 0
    try:
        while begun < len(accounts):
            due = min(len(accounts), int((clock.monotonic() - began) / seconds * len(accounts)) + 1)
            for account in accounts[begun:due]:
                task = tasks.start("bench device", act(account))
                running.add(task)
                task.add_done_callback(running.discard)
            begun = due
            await clock.sleep(TICK)
        if running:
            await asyncio.wait(running)
    finally:
        await tasks.close()
