"""The timers of open cases: they stand on the cases themselves, so a restart loses none.

Each process looks for deadlines that have passed, skipping rows that another process has in hand. A step that is no
longer the case's next one does nothing, because `core.case.decide` compares its id.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from alarms import tables
from alarms.core.case import decide
from alarms.core.shapes import Decision, StepDue
from alarms.journal import FEED, Changed, case_of, write
from kit.bus import Bus
from kit.clock import Clock
from kit.errors import Conflict, StorageDown
from kit.log import get_logger
from kit.metrics import counter
from kit.store import Store, skip_locked
from kit.tasks import Tasks

log = get_logger(__name__)

steps_total = counter("escalation_steps_total", "Deadlines that passed and were acted on", ["step"])

failed_total = counter("escalation_failures_total", "Deadlines on which our own code broke; must stay zero")

LOOK_EVERY = 0.5  # seconds
AT_ONCE = 100


class Escalation:
    """The loop that lets time act on cases."""

    def __init__(self, store: Store, bus: Bus, clock: Clock) -> None:
        self._store = store
        self._bus = bus
        self._clock = clock
        self._tasks = Tasks(clock)

    async def start(self) -> None:
        """Begin to watch the deadlines."""
        self._tasks.forever("escalation", self._run)

    async def close(self) -> None:
        """Stop; the deadlines stay where they are."""
        await self._tasks.close()

    async def _run(self) -> None:
        while True:
            try:
                while await self.act_on_due(self._clock.now()) == AT_ONCE:
                    pass
            except (StorageDown, Conflict):
                log.warning("escalation_waits_for_storage")
            await self._clock.sleep(LOOK_EVERY)

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

    async def _act_alone(self, case: str, at: datetime) -> int:
        try:
            return await self._act([case], at)
        except (StorageDown, Conflict):
            raise
        except Exception:
            failed_total.inc()
            log.exception("escalation_failed", case=case)
            return 0

    async def _act(self, due: Sequence[str], at: datetime) -> int:
        async with self._store.write() as connection:
            query = (
                select(tables.case)
                .where(tables.case.c.id.in_(due), tables.case.c.next_step_at <= at)
                .order_by(tables.case.c.next_step_at)
            )
            rows = (await connection.execute(skip_locked(connection, query))).mappings().all()
            changes = []
            for case in map(case_of, rows):
                decision = decide(case, StepDue(case.step), at)
                assert isinstance(decision, Decision)  # an open case lets its own step act
                changes.append(Changed(decision.case, decision.entries))
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
