"""The deadlines of open visits: they stand on the visits themselves, so a restart loses none.

Each process looks for deadlines that have passed, skipping rows that another process has in hand. A step that is no
longer the visit's next one does nothing, because `core.visit.decide` compares its id.
"""

from datetime import datetime, timedelta

from sqlalchemy import delete, select

from kit.bus import Bus
from kit.clock import Clock
from kit.metrics import counter
from kit.store import Store, skip_locked
from kit.tasks import Tasks
from signaling import tables
from signaling.core.shapes import Decision, StepDue
from signaling.core.visit import decide
from signaling.journal import VISITS, read_visits, write

steps_total = counter("visit_steps_total", "Deadlines of visits that passed and were acted on", ["step"])

LOOK_EVERY = 0.5  # seconds
AT_ONCE = 50
FORGET_EVERY = 600.0  # seconds
COMMANDS_KEPT = timedelta(days=7)


class Timers:
    """The loop that lets time act on visits."""

    def __init__(self, store: Store, bus: Bus, clock: Clock) -> None:
        self._store = store
        self._bus = bus
        self._clock = clock
        self._tasks = Tasks(clock)

    async def start(self) -> None:
        """Begin to watch the deadlines."""
        self._tasks.every(LOOK_EVERY, "visit-timers", self._look)
        self._tasks.every(FORGET_EVERY, "visit-pruning", self._prune)

    async def close(self) -> None:
        """Stop; the deadlines stay where they are."""
        await self._tasks.close()

    async def _look(self) -> None:
        while await self.act_on_due(self._clock.now()) == AT_ONCE:
            pass

    async def _prune(self) -> None:
        async with self._store.write() as connection:
            old = tables.command.c.at < self._clock.now() - COMMANDS_KEPT
            await connection.execute(delete(tables.command).where(old))

    async def act_on_due(self, at: datetime) -> int:
        """Let every deadline passed by then act, at most AT_ONCE of them; how many visits were looked at."""
        due = tables.visit.c.next_step_at <= at
        async with self._store.read() as connection:
            # A look without a lock, so that a quiet second takes no writer's place.
            if (await connection.execute(select(tables.visit.c.id).where(due).limit(1))).first() is None:
                return 0
        async with self._store.write() as connection:
            query = select(tables.visit).where(due).order_by(tables.visit.c.next_step_at).limit(AT_ONCE)
            visits = await read_visits(connection, skip_locked(connection, query))
            for visit in visits:
                decision = decide(visit, StepDue(visit.step), at)
                assert isinstance(decision, Decision)  # an open visit lets its own step act
                await write(connection, visit, decision, at)
                steps_total.labels(step=visit.next_step or "none").inc()
        await self._bus.notify(VISITS)
        return len(visits)
