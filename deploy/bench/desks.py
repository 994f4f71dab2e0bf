"""The desk benchmark: from press to every desk, alone, beside a storm of tests, and while a whole fleet reconnects.

The platform has one core, everything that sends and watches has the others. Times count from when a press is due, not
from when it could be sent. Every desk must have every press, or there is no figure.
"""

import asyncio
import os
import secrets
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import uvloop

from deploy.bench import storm
from deploy.bench.children import CannotMeasure
from deploy.bench.devices import UdpDevice
from deploy.bench.figures import Figure, Findings, percentile
from deploy.bench.fleet import Fleet, resident_of, settle
from deploy.bench.machine import cpu_seconds, described, on_cores, split_cores
from deploy.bench.postgresql import find_programs, temporary_cluster
from deploy.bench.served import Served, served
from deploy.bench.watching import WatchingDesk, open_desks
from kit.clock import SystemClock
from kit.tasks import Tasks

PER_SECOND = 200  # presses
PRESSING = 600  # residents, who press in turn
SOCKETS = 32
WARM_UP = 3.0  # seconds, thrown away
ARRIVES_WITHIN = 30.0  # seconds
QUIET_GOAL, STORM_GOAL = 150.0, 1_000.0  # milliseconds
STORM_SECONDS = 60.0
TESTS = 5_000  # a minute


@dataclass(frozen=True, slots=True)
class Plan:
    """How many desks, how long each round is (seconds), how many devices reconnect. `tell` hears what is done next."""

    desks: int
    seconds: float
    rounds: int
    devices: int
    tell: Callable[[str], None]

    @property
    def steps(self) -> int:
        """How often `tell` is called."""
        return 4 + 2 * self.rounds


@dataclass(frozen=True, slots=True)
class _Round:
    """Milliseconds from each press to each desk, and the shares of a core used meanwhile, theirs and ours."""

    took: Sequence[float]
    again: int
    platform: float
    senders: float


def measure_desk(plan: Plan) -> Findings:
    """Run it all. Raises CannotMeasure with a sentence."""
    machine = {**described(), "desks": plan.desks, "presses_a_second": PER_SECOND, "devices": plan.devices}
    with tempfile.TemporaryDirectory(prefix="nattljus-bench-") as name, ExitStack() as stack:
        folder = Path(name)
        programs = find_programs()
        if programs is None:
            url = f"sqlite+aiosqlite:///{folder / 'nattljus.db'}"
            machine["database"] = "SQLite"
        else:
            cluster = stack.enter_context(temporary_cluster(programs))
            url, machine["database"] = cluster.url, f"PostgreSQL {cluster.version}"
        return Findings(*uvloop.run(_measure(plan, folder, url, machine)))


async def _measure(
    plan: Plan, folder: Path, url: str, machine: Mapping[str, object]
) -> tuple[Mapping[str, Figure], Mapping[str, object], Sequence[str]]:
    clock, keys = SystemClock(), [secrets.token_hex(32)]
    platform_cores, our_cores = split_cores()
    plan.tell(f"Filling in {PRESSING + plan.devices} homes")
    fleet = await settle(url, keys, clock, homes=PRESSING + plan.devices, http=0, operators=plan.desks)
    others = fleet.accounts[PRESSING:]
    tests = others[: round(TESTS * plan.seconds / 60)]
    alone: list[_Round] = []
    beside: list[_Round] = []
    with served(url, keys, folder, platform_cores) as platform, on_cores(our_cores):
        plan.tell(f"Opening {plan.desks} desks")
        async with _desks(platform, fleet, clock) as desks:
            pressing = _Pressing(desks, platform, fleet.accounts[:PRESSING], clock)
            plan.tell("Warming up")
            await pressing.run(WARM_UP)
            for _ in range(plan.rounds):
                plan.tell("Presses alone")
                alone.append(await pressing.run(plan.seconds))
                plan.tell("Presses beside a storm of tests")
                one, tested = await asyncio.gather(
                    pressing.run(plan.seconds), storm.tests(platform, tests, plan.seconds, clock)
                )
                beside.append(one)
            plan.tell(f"{plan.devices} devices reconnect")
            seconds = STORM_SECONDS * min(1.0, plan.devices / 40_000)
            stormy, told = await asyncio.gather(
                pressing.run(seconds), storm.reconnect(platform, others, seconds, clock)
            )
    figures = {
        "press_to_desk_p50": _share(alone, 0.50, None),
        "press_to_desk_p99": _share(alone, 0.99, QUIET_GOAL),
        "press_to_desk_tests_p99": _share(beside, 0.99, QUIET_GOAL),
        "press_to_desk_storm_p50": _share([stormy], 0.50, None),
        "press_to_desk_storm_p99": _share([stormy], 0.99, STORM_GOAL),
        "reconnect_answered_p99": Figure(percentile(told.took, 0.99) * 1000, "ms"),
        "platform_core": Figure(100 * max(one.platform for one in alone), "% of a core"),
        "platform_core_storm": Figure(100 * stormy.platform, "% of a core"),
        "senders_core": Figure(100 * max(one.senders for one in alone), "% of a core"),
        "senders_core_storm": Figure(100 * stormy.senders, "% of a core"),
    }
    remarks = [
        f"Of {len(others)} devices that reconnected in {seconds:g} s, {len(told.took)} were answered at once, "
        f"{told.refused} were told to wait or heard nothing in 10 s, {told.unreached} got no connection.",
        f"Of {len(tests)} tests a round, {len(tested.took)} were answered at once.",
        f"At most {storm.KEPT_OPEN} connections were open at once.",
    ]
    if again := sum(each.again for each in (*alone, *beside, stormy)):
        remarks.append(f"Presses were sent another time, {again} in all: no answer that they are stored came in 10 s.")
    return figures, machine, remarks


def _share(rounds: Sequence[_Round], share: float, most: float | None) -> Figure:
    return Figure(percentile([each for one in rounds for each in one.took], share), "ms", goal_most=most)


@asynccontextmanager
async def _desks(platform: Served, fleet: Fleet, clock: SystemClock) -> AsyncIterator[Sequence[WatchingDesk]]:
    desks = await open_desks(platform, fleet.operators, clock)
    try:
        yield desks
    finally:
        for desk in desks:
            desk.close()


class _Pressing:
    """Residents who press in turn, at a fixed rate."""

    def __init__(
        self, desks: Sequence[WatchingDesk], platform: Served, accounts: Sequence[str], clock: SystemClock
    ) -> None:
        self._desks = desks
        self._platform = platform
        self._accounts = accounts
        self._clock = clock
        self._due: dict[str, list[float]] = {resident_of(number): [] for number in range(len(accounts))}
        self._nth = 0

    async def run(self, seconds: float) -> _Round:
        """Press for that long. Raises CannotMeasure when a press is not stored or never comes to a desk."""
        used, ours, began = cpu_seconds(self._platform.pid), cpu_seconds(os.getpid()), self._clock.monotonic()
        before = {resident: len(due) for resident, due in self._due.items()}
        again = await self._press(seconds)
        await self._all_seen()
        wall = self._clock.monotonic() - began
        took = [
            (seen - at) * 1000
            for desk in self._desks
            for resident, due in self._due.items()
            for seen, at in zip(desk.seen.get(resident, ())[before[resident] :], due[before[resident] :], strict=True)
        ]
        platform, senders = cpu_seconds(self._platform.pid) - used, cpu_seconds(os.getpid()) - ours
        return _Round(took, again, platform / wall, senders / wall)

    async def _press(self, seconds: float) -> int:
        """Send them all; how many had to be sent again."""
        loop = asyncio.get_running_loop()
        sockets: list[UdpDevice] = []
        tasks = Tasks(self._clock)
        again = unstored = 0

        async def press(number: int, account: str, reference: str, until: float) -> None:
            nonlocal again, unstored
            while not await sockets[number % SOCKETS].press_named(reference, account):
                again += 1
                if self._clock.monotonic() > until:
                    unstored += 1
                    return

        try:
            for _ in range(SOCKETS):
                _, device = await loop.create_datagram_endpoint(UdpDevice, remote_addr=self._platform.udp)
                sockets.append(device)
            began, under_way = self._clock.monotonic() + 0.1, []
            for number in range(round(PER_SECOND * seconds)):
                at = began + number / PER_SECOND
                await self._clock.sleep(max(0.0, at - self._clock.monotonic()))
                place = self._nth % len(self._accounts)
                self._nth += 1
                account, due = self._accounts[place], self._due[resident_of(place)]
                due.append(at)
                reference = f"{account}{len(due)}"
                under_way.append(tasks.start("bench press", press(number, account, reference, at + ARRIVES_WITHIN)))
            await asyncio.wait(under_way)
        finally:
            await tasks.close()
            for device in sockets:
                device.close()
        if unstored:
            raise CannotMeasure(f"{unstored} presses were not answered as stored within {ARRIVES_WITHIN:g} s.")
        return again

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
