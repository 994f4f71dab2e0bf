"""From press to desk: devices that press at a fixed rate, and a desk that notes when each press reaches it.

Times count from when a press is due, not from when it could be sent: a device that still waits hides no delay.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import httpx
from websockets.asyncio.client import ClientConnection, connect

from deploy.bench.children import CannotMeasure
from deploy.bench.devices import UdpDevice
from deploy.bench.served import Served
from kit.clock import Clock
from kit.tasks import Tasks
from kit.wire.desk import Hello
from registry.demo_residents import DemoResident

OPERATOR = "demo-operator-1"
ARRIVES_WITHIN = 15.0  # seconds
LARGEST = 64 << 20  # bytes; a snapshot holds every open case with all its signals


class Desk:
    """An operator's socket; `seen` holds when each resident's first, second, … press stood on it."""

    def __init__(self, socket: ClientConnection, clock: Clock) -> None:
        self._socket = socket
        self._clock = clock
        self.seen: dict[str, list[float]] = {}

    async def listen(self) -> None:
        """Note what comes until the socket closes."""
        async for message in self._socket:
            now = self._clock.monotonic()
            for case in json.loads(message).get("cases", ()):
                seen = self.seen.setdefault(case["resident"], [])
                # A desk is told how a case stands now: two presses may come in one change.
                seen += [now] * (case["presses"] - len(seen))


@asynccontextmanager
async def desk_of(platform: Served, clock: Clock) -> AsyncIterator[Desk]:
    """A desk of the demonstration's operator while the block lasts. Raises CannotMeasure when it is not let in."""
    host, port = platform.http
    async with httpx.AsyncClient(base_url=f"http://{host}:{port}", trust_env=False) as client:
        answer = await client.post("/api/v1/demo/session", json={"as": OPERATOR})
    if answer.status_code != 204:
        raise CannotMeasure(f"The desk of {OPERATOR} cannot be opened: {answer.status_code}.")
    cookie = answer.headers["set-cookie"].partition(";")[0]
    headers = {"Cookie": cookie}
    async with connect(
        f"ws://{host}:{port}/api/v1/desk",
        origin=f"http://{host}:{port}",  # type: ignore[arg-type]
        additional_headers=headers,
        max_size=LARGEST,
        compression=None,
        proxy=None,
    ) as socket:
        await socket.send(Hello().model_dump_json())
        await socket.recv()
        desk = Desk(socket, clock)
        tasks = Tasks(clock)
        tasks.start("bench desk", desk.listen())
        try:
            yield desk
        finally:
            await tasks.close()


class Pressing:
    """Some residents who live alone and have no open case, a SCAIP device on UDP each, that press in turn.

    `again` counts how often a device had to send a press another time, since it was not told in time that it is stored.
    """

    def __init__(self, desk: Desk, platform: Served, residents: Sequence[DemoResident], clock: Clock) -> None:
        self._desk = desk
        self._platform = platform
        self._residents = residents
        self._clock = clock
        self.again = 0
        self._due: dict[str, list[float]] = {one.id: [] for one in residents}

    async def run(self, per_second: float, seconds: float) -> list[float]:
        """Press for that long; milliseconds from when each was due until it stood on the desk.

        Raises CannotMeasure when one is not stored or never comes.
        """
        loop = asyncio.get_running_loop()
        began = self._clock.monotonic() + 0.1
        before = {resident: len(due) for resident, due in self._due.items()}
        step = 1 / per_second

        async def press(device: UdpDevice, one: DemoResident, at: float) -> None:
            await self._clock.sleep(max(0.0, at - self._clock.monotonic()))
            self._due[one.id].append(at)
            reference = f"{one.account}{len(self._due[one.id])}"
            # Told to hold, or told nothing: a device sends it again.
            while not await device.press_named(reference, one.account):
                self.again += 1
                if self._clock.monotonic() > at + ARRIVES_WITHIN:
                    raise CannotMeasure(f"A press of account {one.account} was not stored.")

        devices = [
            (await loop.create_datagram_endpoint(UdpDevice, remote_addr=self._platform.udp))[1] for _ in self._residents
        ]
        who = list(zip(devices, self._residents, strict=True))
        presses = round(per_second * seconds)
        try:
            await asyncio.gather(*(press(*who[nth % len(who)], began + nth * step) for nth in range(presses)))
        finally:
            for device in devices:
                device.close()
        await self._all_seen()
        return [
            (seen - at) * 1000
            for resident, due in self._due.items()
            for seen, at in list(zip(self._desk.seen[resident], due, strict=True))[before[resident] :]
        ]

    async def _all_seen(self) -> None:
        until = self._clock.monotonic() + ARRIVES_WITHIN
        while missing := sum(len(due) - len(self._desk.seen.get(who, ())) for who, due in self._due.items()):
            if self._clock.monotonic() > until:
                raise CannotMeasure(f"{missing} presses never reached the desk.")
            await self._clock.sleep(0.02)
