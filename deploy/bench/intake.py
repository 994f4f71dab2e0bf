"""The intake benchmark: how many alarms a second are stored and answered, beside the database alone in the same run.

Ours and the peer's rounds take turns, so that a machine that others share is as slow for both; the first of each is
thrown away and the rest count by their median. What was answered "stored" is counted in the database afterwards. No
desk is open meanwhile.
"""

import secrets
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

import uvloop
from sqlalchemy import func, select

from alarms import tables
from deploy.bench.children import CannotMeasure
from deploy.bench.figures import Figure, Findings, middle, percentile
from deploy.bench.fleet import settle
from deploy.bench.load import Crew, Round, hearts, one_round, pressers
from deploy.bench.machine import described, on_cores, resident_mib, split_cores
from deploy.bench.peers import PGBENCH, SQLITE, pgbench_per_second, sqlite_per_second
from deploy.bench.postgresql import find_programs, temporary_cluster
from deploy.bench.served import served
from kit.clock import SystemClock
from kit.store import open_store
from kit.wire.words import SignalKind

HOMES = 40_000  # a device in each, all supervised
HTTP_DEVICES = 2_400
FEW_HEARTS, MOST_HEARTS = 1_000, 8_000  # devices, each about once a second
CLIMBS, STEEPEST = 6, 1.6  # rounds to find out how many heartbeats a process bears; how many times more in each
NEARLY_FULL = 0.88  # of a core
REST = 1.0  # seconds within which each device begins its next heartbeat
STEADY = 500  # heartbeats a second where few devices are held against all
RATIO_GOAL = 0.25
HEARTBEAT_GOAL = 4_000  # a second and process
MEMORY_GOAL = 150  # MiB with all devices supervised, before they speak
SETTLED = 3.0  # seconds until a process has read what it supervises
NO_POSTGRESQL = "PostgreSQL is not installed, so its figures are left out. Install it with: apt-get install postgresql"


@dataclass(frozen=True, slots=True)
class Plan:
    """How long a round is, how many there are, with how many devices. `tell` hears what is done next."""

    seconds: float
    rounds: int
    devices: int
    tell: Callable[[str], None]

    @property
    def steps(self) -> int:
        """How often `tell` is called where PostgreSQL is installed."""
        return 3 + 7 * self.rounds


@dataclass(slots=True)
class _Database:
    """A database under measurement: its rounds, ours and the peer's."""

    name: str
    url: str
    peer: Callable[[], float]
    ours: list[Round] = field(default_factory=list)
    peers: list[float] = field(default_factory=list)
    beats: list[Round] = field(default_factory=list)
    few: list[Round] = field(default_factory=list)
    many: list[Round] = field(default_factory=list)
    memory: float = 0.0
    memory_busy: float = 0.0


def measure_intake(plan: Plan) -> Findings:
    """Run it all. Raises CannotMeasure with a sentence."""
    machine = {**described(), "devices": plan.devices}
    with tempfile.TemporaryDirectory(prefix="nattljus-bench-") as name:
        folder = Path(name)
        sqlite = _Database(
            "SQLite", f"sqlite+aiosqlite:///{folder / 'nattljus.db'}", lambda: sqlite_per_second(folder, plan.seconds)
        )
        programs = find_programs()
        if programs is None:
            uvloop.run(_measure(sqlite, plan, folder, beats=True))
            return Findings({**_alarms(sqlite), **_process(sqlite)}, machine, (NO_POSTGRESQL,))
        uvloop.run(_measure(sqlite, plan, folder, beats=False))
        with temporary_cluster(programs) as cluster:
            seconds = max(1, round(plan.seconds))
            postgresql = _Database("PostgreSQL", cluster.url, lambda: pgbench_per_second(cluster, seconds))
            machine["postgresql"] = cluster.version
            uvloop.run(_measure(postgresql, plan, folder, beats=True))
    return Findings({**_alarms(sqlite), **_alarms(postgresql), **_process(postgresql)}, machine)


async def _measure(database: _Database, plan: Plan, folder: Path, *, beats: bool) -> None:
    clock = SystemClock()
    keys = [secrets.token_hex(32)]
    platform_cores, our_cores = split_cores()
    plan.tell(f"{database.name}: filling in {HOMES} homes")
    fleet = await settle(database.url, keys, clock, homes=HOMES, http=HTTP_DEVICES)

    async def beaten(crew: Crew) -> Round:
        with on_cores(our_cores):
            took = await one_round(crew, platform, clock, plan.seconds, rest=REST)
        for device, _ in crew:
            device.close()
        return took

    with served(database.url, keys, folder, platform_cores) as platform:
        await clock.sleep(SETTLED)
        database.memory = resident_mib(platform.pid)
        crew = await pressers(platform, fleet, plan.devices)
        for _ in range(plan.rounds):
            plan.tell(f"{database.name}: alarms")
            with on_cores(our_cores):
                database.ours.append(await one_round(crew, platform, clock, plan.seconds))
            plan.tell(f"{database.name}: the database alone")
            database.peers.append(database.peer())
        if beats:

            async def beat(devices: int) -> Round:
                return await beaten(await hearts(platform, fleet, devices))

            plan.tell(f"{database.name}: how many heartbeats it bears")
            devices = await bearable(beat)
            for _ in range(plan.rounds):
                plan.tell(f"{database.name}: heartbeats")
                database.beats.append(await beat(devices))
            # The same number a second, of a thousand devices and of all: supervision must not cost by the fleet.
            for _ in range(plan.rounds):
                plan.tell(f"{database.name}: heartbeats of few devices")
                database.few.append(await beaten(await hearts(platform, fleet, STEADY, of=FEW_HEARTS)))
                plan.tell(f"{database.name}: heartbeats of all devices")
                database.many.append(await beaten(await hearts(platform, fleet, STEADY, of=HOMES)))
            database.memory_busy = resident_mib(platform.pid)
    await _count(database)


async def bearable(beat: Callable[[int], Awaitable[Round]]) -> int:
    """How many devices nearly fill a core, and are not refused.

    Offered far more than it can bear, a process is measured at refusing; and each heartbeat costs less the more there
    are, so that a few do not say how many it bears.
    """
    devices = fewer = FEW_HEARTS
    for _ in range(CLIMBS):
        took = await beat(devices)
        if took.refused:
            return fewer
        used = took.cpu / took.seconds
        if used >= NEARLY_FULL or devices == MOST_HEARTS:
            break
        fewer, devices = devices, min(MOST_HEARTS, round(devices * min(STEEPEST, NEARLY_FULL / used)))
    return devices


async def _count(database: _Database) -> None:
    """Every alarm that was answered "stored" must stand in the database."""
    answered = sum(len(each.took) for each in database.ours)
    store = open_store(database.url)
    try:
        async with store.read() as connection:
            query = select(func.count()).where(tables.signal.c.kind == SignalKind.ALARM)
            stored = await connection.scalar(query) or 0
    finally:
        await store.close()
    if not 0 < answered <= stored:
        raise CannotMeasure(f"{answered} alarms were answered as stored in {database.name}, and {stored} stand in it.")


def _alarms(database: _Database) -> dict[str, Figure]:
    name = database.name.lower()
    kept = database.ours[1:] or database.ours
    took = [seconds * 1000 for each in kept for seconds in each.took]
    embedded = database.name == "SQLite"
    return {
        f"alarms_{name}": Figure(
            middle([each.per_second for each in database.ours]),
            "alarms/s",
            peer=SQLITE if embedded else PGBENCH,
            peer_value=middle(database.peers),
            goal_ratio=None if embedded else RATIO_GOAL,
        ),
        f"answered_p50_{name}": Figure(percentile(took, 0.50), "ms"),
        f"answered_p99_{name}": Figure(percentile(took, 0.99), "ms"),
    }


def _process(database: _Database) -> dict[str, Figure]:
    return {
        "cpu_per_alarm": Figure(middle([each.cpu_each for each in database.ours]), "µs"),
        "heartbeats": Figure(
            middle([each.per_second for each in database.beats]), "heartbeats/s", goal_value=HEARTBEAT_GOAL
        ),
        "heartbeat_cost": Figure(
            middle([each.cpu_each for each in database.many]),
            "µs",
            peer=f"{FEW_HEARTS} devices",
            peer_value=middle([each.cpu_each for each in database.few]),
        ),
        "memory": Figure(database.memory, "MiB", goal_most=MEMORY_GOAL),
        "memory_busy": Figure(database.memory_busy, "MiB"),
    }
