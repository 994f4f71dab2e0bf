"""The deadlines of questions to devices: they stand on the questions, so a restart loses none.

Each process looks for deadlines that have passed, skipping cases that another has in hand. A step that is no longer the
question's next one does nothing, because `core.locate.decide` compares its id.
"""

from datetime import datetime

from sqlalchemy import select

from alarms import tables as alarm_tables
from alarms.core.locate import StepDue
from alarms.journal import FEED, Changed, case_of, write
from alarms.position.journal import become, lock_locates
from alarms.position.tables import locate as table
from kit.bus import Bus
from kit.clock import Clock
from kit.errors import Conflict, StorageDown
from kit.log import get_logger
from kit.metrics import counter
from kit.store import Store, skip_locked
from kit.tasks import Tasks

log = get_logger(__name__)

ended_total = counter("locate_deadlines_total", "Questions to devices that ended by time", ["step"])
failed_total = counter("locate_step_failures_total", "Deadlines on which our own code broke; must stay zero")

LOOK_EVERY = 1.0  # seconds
AT_ONCE = 50


class LocateTimers:
    """The loop that lets time act on questions."""

    def __init__(self, store: Store, bus: Bus, clock: Clock) -> None:
        self._store = store
        self._bus = bus
        self._clock = clock
        self._tasks = Tasks(clock)

    async def start(self) -> None:
        """Begin to watch the deadlines."""
        self._tasks.every(LOOK_EVERY, "locate-timers", self._look)

    async def close(self) -> None:
        """Stop; the deadlines stay where they are."""
        await self._tasks.close()

    async def _look(self) -> None:
        while await self.act_on_due(self._clock.now()) == AT_ONCE:
            pass

    async def act_on_due(self, at: datetime) -> int:
        """Let every deadline passed by then act, at most AT_ONCE of them; how many acted."""
        query = select(table.c.id, table.c.case).where(table.c.next_step_at <= at)
        async with self._store.read() as connection:
            due = (await connection.execute(query.order_by(table.c.next_step_at).limit(AT_ONCE))).all()
        return sum([await self._act(row.case, row.id, at) for row in due])

    async def _act(self, case_id: str, locate_id: str, at: datetime) -> int:
        """A question on which our own code breaks keeps no other waiting: each is a transaction of its own."""
        try:
            async with self._store.write() as connection:
                query = select(alarm_tables.case).where(alarm_tables.case.c.id == case_id)
                row = (await connection.execute(skip_locked(connection, query))).mappings().one_or_none()
                if row is None:
                    return 0  # another process has it in hand
                [locate] = await lock_locates(connection, [locate_id])
                if locate.next_step_at is None or locate.next_step_at > at:
                    return 0
                told = await become(connection, case_of(row), locate, StepDue(locate.step), at)
                if told is not None:
                    await write(connection, [Changed(*told)], at)
        except (StorageDown, Conflict):
            raise
        except Exception:
            failed_total.inc()
            log.exception("locate_step_failed", locate=locate_id)
            return 0
        ended_total.labels(step=locate.next_step or "none").inc()
        await self._bus.notify(FEED)
        return 1
