"""The deadlines of open missions: they stand on the missions themselves, so a restart loses none.

Each process looks for deadlines that have passed, skipping cases that another process has in hand. A step that is no
longer the mission's next one does nothing, because `core.mission.decide` compares its id.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from alarms import tables as alarm_tables
from alarms.core.mission import decide
from alarms.core.mission_shapes import Decision, Mission, StepDue
from alarms.core.shapes import Case, Entry
from alarms.journal import FEED, Changed, case_of, write
from alarms.missions import tables
from alarms.missions.journal import carry, lock_missions
from kit.bus import Bus
from kit.clock import Clock
from kit.errors import Conflict, StorageDown
from kit.log import get_logger
from kit.metrics import counter
from kit.store import Store, skip_locked
from kit.tasks import Tasks

log = get_logger(__name__)

urgent_total = counter("mission_steps_total", "Deadlines of missions that passed and made a case urgent", ["step"])
failed_total = counter("mission_step_failures_total", "Deadlines on which our own code broke; must stay zero")

LOOK_EVERY = 0.5  # seconds
AT_ONCE = 50


class MissionTimers:
    """The loop that lets time act on missions."""

    def __init__(self, store: Store, bus: Bus, clock: Clock) -> None:
        self._store = store
        self._bus = bus
        self._clock = clock
        self._tasks = Tasks(clock)

    async def start(self) -> None:
        """Begin to watch the deadlines."""
        self._tasks.every(LOOK_EVERY, "mission-timers", self._look)

    async def close(self) -> None:
        """Stop; the deadlines stay where they are."""
        await self._tasks.close()

    async def _look(self) -> None:
        while await self.act_on_due(self._clock.now()) == AT_ONCE:
            pass

    async def act_on_due(self, at: datetime) -> int:
        """Let every deadline passed by then act, at most AT_ONCE of them; how many acted.

        A mission on which our own code breaks keeps no other waiting: each case is a transaction of its own.
        """
        async with self._store.read() as connection:
            query = (
                select(tables.mission.c.case, tables.mission.c.id)
                .where(tables.mission.c.next_step_at <= at)
                .order_by(tables.mission.c.next_step_at)
                .limit(AT_ONCE)
            )
            due: dict[str, list[str]] = {}
            for case, mission in await connection.execute(query):
                due.setdefault(case, []).append(mission)
        return sum([await self._act_on(case, missions, at) for case, missions in due.items()])

    async def _act_on(self, case_id: str, missions: Sequence[str], at: datetime) -> int:
        try:
            async with self._store.write() as connection:
                acted = await _act(connection, case_id, missions, at)
        except (StorageDown, Conflict):
            raise
        except Exception:
            failed_total.inc()
            log.exception("mission_step_failed", case=case_id)
            return 0
        if acted:
            await self._bus.notify(FEED)
        return acted


async def _act(connection: AsyncConnection, case_id: str, missions: Sequence[str], at: datetime) -> int:
    query = select(alarm_tables.case).where(alarm_tables.case.c.id == case_id)
    row = (await connection.execute(skip_locked(connection, query))).mappings().one_or_none()
    if row is None:
        return 0  # another process has it in hand
    case, entries, acted = case_of(row), list[Entry](), 0
    for mission in await lock_missions(connection, missions):
        if mission.next_step_at is not None and mission.next_step_at <= at:
            case, lines = await _let_act(connection, case, mission, at)
            entries.extend(lines)
            acted += 1
    if acted:
        await write(connection, [Changed(case, tuple(entries))], at)
    return acted


async def _let_act(
    connection: AsyncConnection, case: Case, mission: Mission, at: datetime
) -> tuple[Case, tuple[Entry, ...]]:
    decision = decide(mission, StepDue(mission.step), at)
    assert isinstance(decision, Decision)  # an open mission lets its own step act
    urgent_total.labels(step=mission.next_step or "none").inc()
    carried = await carry(connection, case, mission, decision, at)
    return carried.case, carried.entries
