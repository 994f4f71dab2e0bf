"""The timers of open cases: they stand on the cases themselves, so a restart loses none.

Each process looks for deadlines that have passed, skipping rows that another process has in hand. A step that is no
longer the case's next one does nothing, because `core.case.decide` compares its id.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from alarms import tables
from alarms.core.shapes import Came
from alarms.core.waiting import CARRIED, standing
from alarms.journal import FEED, case_of, write
from alarms.routing.carry import acted, house, step_due, unhoused
from alarms.routing.reading import Reading
from kit.bus import Bus
from kit.clock import Clock
from kit.errors import Conflict, StorageDown
from kit.log import get_logger
from kit.metrics import counter
from kit.store import Store, skip_locked
from kit.tasks import Tasks
from kit.wire.routing_words import StepFailed

log = get_logger(__name__)

steps_total = counter("escalation_steps_total", "Deadlines that passed and were acted on", ["step"])

failed_total = counter("escalation_failures_total", "Deadlines on which our own code broke; must stay zero")

LOOK_EVERY = 0.5  # seconds
HOUSED_EVERY = 10.0  # seconds between looks for cases at desks that serve their principal no more
AT_ONCE = 100


class Escalation:
    """The loop that lets time act on cases."""

    def __init__(self, store: Store, bus: Bus, clock: Clock, reading: Reading | None = None) -> None:
        self._store = store
        self._bus = bus
        self._clock = clock
        self._reading = reading or Reading(store, bus, clock)
        self._tasks = Tasks(clock)
        self._housed_at = float("-inf")

    async def start(self) -> None:
        """Begin to watch the deadlines."""
        self._tasks.every(LOOK_EVERY, "escalation", self._look)

    async def close(self) -> None:
        """Stop; the deadlines stay where they are."""
        await self._tasks.close()

    async def _look(self) -> None:
        while await self.act_on_due(self._clock.now()) == AT_ONCE:
            pass
        if self._clock.monotonic() - self._housed_at >= HOUSED_EVERY:
            await self.house(self._clock.now())
            self._housed_at = self._clock.monotonic()

    async def act_on_due(self, at: datetime) -> int:
        """Let every deadline passed by then act, at most AT_ONCE of them; how many acted.

        A case on which our own code breaks keeps no other waiting: they are then taken one by one.
        """
        due = await self._due(at)
        if not due:
            return 0
        try:
            return await self._act(due, at)
        except (StorageDown, Conflict):
            raise
        except Exception:
            log.exception("escalation_batch_failed", cases=len(due))
        return sum([await self._act_alone(case, at) for case in due])

    async def house(self, at: datetime) -> int:
        """Give every case a desk that can see it; how many had none."""
        async with self._store.read() as connection:
            known = await self._reading.known(connection)
            ids = await unhoused(connection, known, at)
        if not ids:
            return 0
        async with self._store.write() as connection:
            changes = await house(connection, ids, known, at)
            position = await write(connection, changes, at)
        if position is not None:
            await self._bus.notify(FEED)
        return len(changes)

    async def _act_alone(self, case: str, at: datetime) -> int:
        """One case. A step that our own code breaks on is one that reached nobody: the plan goes on without it."""
        for tries in (True, False):
            try:
                return await self._act([case], at, tries=tries)
            except (StorageDown, Conflict):
                raise
            except Exception:
                failed_total.inc()
                log.exception("escalation_failed", case=case)
        return 0

    async def _act(self, due: Sequence[str], at: datetime, *, tries: bool = True) -> int:
        async with self._store.write() as connection:
            query = (
                select(tables.case)
                .where(tables.case.c.id.in_(due), tables.case.c.next_step_at <= at)
                .order_by(tables.case.c.next_step_at)
            )
            rows = (await connection.execute(skip_locked(connection, query))).mappings().all()
            known = await self._reading.known(connection)
            changes = []
            for case in map(case_of, rows):
                broke = Came(failed=StepFailed.BROKE) if standing(case).step in CARRIED else None
                changes.append(await step_due(connection, case, known, at) if tries else acted(case, broke, at))
                steps_total.labels(step=case.next_step or "none").inc()
            position = await write(connection, changes, at)
        if position is not None:
            await self._bus.notify(FEED)
        return len(rows)

    async def _due(self, at: datetime) -> Sequence[str]:
        """The cases whose deadline has passed: a look without a lock, so that quiet takes no writer's place."""
        async with self._store.read() as connection:
            query = (
                select(tables.case.c.id)
                .where(tables.case.c.next_step_at <= at)
                .order_by(tables.case.c.next_step_at)
                .limit(AT_ONCE)
            )
            return (await connection.scalars(query)).all()
