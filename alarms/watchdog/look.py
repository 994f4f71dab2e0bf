"""What the watchdog asks the database: the open cases' next steps, its own signals, the feed's head, the time."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, or_, select, text

from alarms import tables
from alarms.core.rounds import STEP_LATE, Journal
from alarms.journal import head_position
from kit.clock import Clock
from kit.store import Store

NEWEST = 100  # of the watchdog's signals: those of the last rounds


class Look:
    """Reads; each read raises StorageDown when the database is away."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self.hub_ahead: timedelta | None = None

    async def journal(self) -> Journal:
        """Whether every open case has a step to come, by the clock of those who let it act."""
        is_open = tables.case.c.open_key.is_not(None)
        at = self._clock.now() + (self.hub_ahead or timedelta(0))
        late = is_open & (tables.case.c.next_step_at < at - STEP_LATE)
        none = is_open & or_(tables.case.c.next_step_at.is_(None), tables.case.c.next_step.is_(None))
        async with self._store.read() as connection:
            overdue, oldest = await _two(connection, func.min(tables.case.c.next_step_at), late)
            stepless, some_case = await _two(connection, func.min(tables.case.c.id), none)
            head = await head_position(connection)
            theirs = None if self._store.embedded else await connection.scalar(text("SELECT clock_timestamp()"))
            ahead = theirs - self._clock.now() if isinstance(theirs, datetime) else None
        return Journal(
            overdue=overdue,
            latest=at - oldest if oldest is not None else timedelta(0),
            stepless=stepless,
            stepless_case=some_case,
            head=head,
            clock_ahead=ahead,
            hub_ahead=self.hub_ahead,
        )

    async def stored(self, references: Collection[str]) -> dict[str, datetime]:
        """Which of these tests are in the journal, and when the hub says it received them."""
        query = (
            select(tables.signal.c.reference, tables.signal.c.received_at)
            .where(tables.synthetic)
            .order_by(tables.signal.c.id.desc())
            .limit(NEWEST)
        )
        async with self._store.read() as connection:
            rows = (await connection.execute(query)).all()
        return {row.reference: row.received_at for row in rows if row.reference in references}


async def _two(connection: Any, figure: Any, condition: Any) -> tuple[int, Any]:
    row = (await connection.execute(select(func.count(), figure).where(condition))).one()
    return row[0], row[1]
