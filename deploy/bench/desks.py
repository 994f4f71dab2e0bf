"""The desk benchmark: from press to every desk, alone, beside a storm of tests, and while a whole fleet reconnects.

The platform has one core, everything that sends and watches has the others. Every desk must have every press, or there
is no figure.
"""

import asyncio
import os
import secrets
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import uvloop

from deploy.bench import storm
from deploy.bench.figures import Figure, Findings, percentile
from deploy.bench.fleet import resident_of, settle
from deploy.bench.machine import cpu_seconds, described, on_cores, split_cores
from deploy.bench.postgresql import find_programs, temporary_cluster
from deploy.bench.pressing import Pressing
from deploy.bench.served import Served, served
from deploy.bench.watching import open_desks
from kit.clock import SystemClock

PER_SECOND = 200  # presses
PRESSING = 600  # residents, who press in turn
WARM_UP = 3.0  # seconds, thrown away
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
        async with open_desks(platform, fleet.operators, clock) as desks:
            whose = {account: resident_of(number) for number, account in enumerate(fleet.accounts[:PRESSING])}
            pressing = Pressing(desks, platform, whose, clock)
            plan.tell("Warming up")
            await pressing.run(PER_SECOND, WARM_UP)
            for _ in range(plan.rounds):
                plan.tell("Presses alone")
                alone.append(await _round(pressing, platform, plan.seconds, clock))
                plan.tell("Presses beside a storm of tests")
                one, tested = await asyncio.gather(
                    _round(pressing, platform, plan.seconds, clock), storm.tests(platform, tests, plan.seconds, clock)
                )
                beside.append(one)
            plan.tell(f"{plan.devices} devices reconnect")
            seconds = STORM_SECONDS * min(1.0, plan.devices / 40_000)
            stormy, told = await asyncio.gather(
                _round(pressing, platform, seconds, clock), storm.reconnect(platform.tcp, others, seconds, clock)
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


async def _round(pressing: Pressing, platform: Served, seconds: float, clock: SystemClock) -> _Round:
    used, ours, began = cpu_seconds(platform.pid), cpu_seconds(os.getpid()), clock.monotonic()
    again = pressing.again
    took = await pressing.run(PER_SECOND, seconds)
    wall = clock.monotonic() - began
    theirs, senders = cpu_seconds(platform.pid) - used, cpu_seconds(os.getpid()) - ours
    return _Round(took, pressing.again - again, theirs / wall, senders / wall)
