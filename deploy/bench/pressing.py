"""Devices that press at a fixed rate, and how long each press takes to stand on every desk.

Times count from when a press is due, not from when it could be sent: a device that still waits hides no delay.
"""

import asyncio
from collections.abc import Mapping, Sequence

from deploy.bench.children import CannotMeasure
from deploy.bench.devices import UdpDevice
from deploy.bench.served import Served
from deploy.bench.watching import WatchingDesk
from kit.clock import Clock
from kit.tasks import Tasks

ARRIVES_WITHIN = 30.0  # seconds
SOCKETS = 32


class Pressing:
    """Residents who press in turn, a SCAIP device on UDP each. `accounts` says which account is whose.

    They have no open case and live alone. `again` counts how often a device had to send a press another time, since it
    was not told in time that it is stored.
    """

    def __init__(
        self, desks: Sequence[WatchingDesk], platform: Served, accounts: Mapping[str, str], clock: Clock
    ) -> None:
        self._desks = desks
        self._platform = platform
        self._accounts = list(accounts.items())
        self._clock = clock
        self._due: dict[str, list[float]] = {resident: [] for resident in accounts.values()}
        self._nth = 0
        self.again = 0

    async def run(self, per_second: float, seconds: float) -> list[float]:
        """Press for that long; milliseconds from when each was due until it stood on each desk.

        Raises CannotMeasure when a press is not stored or never comes to a desk.
        """
        before = {resident: len(due) for resident, due in self._due.items()}
        await self._press(per_second, seconds)
        await self._all_seen()
        return [
            (seen - at) * 1000
            for desk in self._desks
            for resident, due in self._due.items()
            for seen, at in zip(desk.seen.get(resident, ())[before[resident] :], due[before[resident] :], strict=True)
        ]

    async def _press(self, per_second: float, seconds: float) -> None:
        loop = asyncio.get_running_loop()
        sockets: list[UdpDevice] = []
        tasks = Tasks(self._clock)
        unstored = 0

        async def press(device: UdpDevice, account: str, reference: str, until: float) -> None:
            nonlocal unstored
            # Told to hold, or told nothing: a device sends it again.
            while not await device.press_named(reference, account):
                self.again += 1
                if self._clock.monotonic() > until:
                    unstored += 1
                    return

        try:
            for _ in range(SOCKETS):
                _, device = await loop.create_datagram_endpoint(UdpDevice, remote_addr=self._platform.udp)
                sockets.append(device)
            began, under_way = self._clock.monotonic() + 0.1, []
            for number in range(round(per_second * seconds)):
                at = began + number / per_second
                await self._clock.sleep(max(0.0, at - self._clock.monotonic()))
                account, resident = self._accounts[self._nth % len(self._accounts)]
                self._nth += 1
                self._due[resident].append(at)
                work = press(
                    sockets[number % SOCKETS], account, f"{account}{len(self._due[resident])}", at + ARRIVES_WITHIN
                )
                under_way.append(tasks.start("bench press", work))
            await asyncio.wait(under_way)
        finally:
            await tasks.close()
            for device in sockets:
                device.close()
        if unstored:
            raise CannotMeasure(f"{unstored} presses were not answered as stored within {ARRIVES_WITHIN:g} s.")

    async def _all_seen(self) -> None:
        until = self._clock.monotonic() + ARRIVES_WITHIN
        while missing := self._missing():
            if any(desk.gone for desk in self._desks):
                raise CannotMeasure("The platform has closed a desk that could not keep up.")
            if self._clock.monotonic() > until:
                raise CannotMeasure(f"{missing} presses never reached every desk.")
            await self._clock.sleep(0.05)

    def _missing(self) -> int:
        return max(
            sum(len(due) - len(desk.seen.get(who, ())) for who, due in self._due.items()) for desk in self._desks
        )
