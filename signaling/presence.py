"""Whose pages are open, on whichever process, and what that means for the visits they are in.

A page takes a seat when its socket opens and leaves it when it closes. A person or device whose last seat is gone is
away from its visits; with a seat again it is back. A process that dies cannot say so: the others find its row old,
clear its seats away, and do the same. One row a process is renewed, however many pages are open.
"""

from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.bus import Bus
from kit.clock import Clock
from kit.errors import StorageDown
from kit.ids import new_id
from kit.log import get_logger
from kit.store import Store, insert
from kit.tasks import Tasks
from kit.wire.words import Away
from signaling import tables
from signaling.core.shapes import Decision, Leave, Return
from signaling.core.visit import decide
from signaling.journal import VISITS, live_ids_of, lock_visit, write

log = get_logger(__name__)

RENEW_EVERY = 2.0  # seconds
DEAD_AFTER = timedelta(seconds=10)


async def is_here(connection: AsyncConnection, holder: str) -> bool:
    """Whether a person or device has a page open."""
    query = select(tables.meet_seat.c.id).where(tables.meet_seat.c.holder == holder).limit(1)
    return (await connection.execute(query)).first() is not None


class Presence:
    """The seats of this process, and the clearing away of those whose process is dead."""

    def __init__(self, store: Store, bus: Bus, clock: Clock) -> None:
        self._store = store
        self._bus = bus
        self._clock = clock
        self._tasks = Tasks(clock)
        self._process = new_id("process", clock.now())
        self._mine: dict[str, str] = {}
        self._left: dict[str, tuple[str, Away]] = {}

    async def start(self) -> None:
        """Begin to renew."""
        self._tasks.every(RENEW_EVERY, "presence", self.renew)

    async def close(self) -> None:
        """Stop. Seats left behind are cleared away by who comes next."""
        await self._tasks.close()

    async def sit(self, holder: str) -> str:
        """A page of this person or device has opened; answers the seat, which `leave` takes. Raises StorageDown."""
        at = self._clock.now()
        seat = new_id("seat", at)
        async with self._store.write() as connection:
            await self._say_alive(connection)
            await connection.execute(tables.meet_seat.insert().values(id=seat, process=self._process, holder=holder))
        self._mine[seat] = holder
        await self._bring_back([holder])
        await self._bus.notify(VISITS)  # a ringing visit tells its caller how many pages it reaches
        return seat

    async def leave(self, seat: str, away: Away) -> None:
        """The page is closed, or its line cut. With the database away it is said again at the next renewal."""
        holder = self._mine.pop(seat, None)
        if holder is None:
            return
        self._left[seat] = (holder, away)
        try:
            await self._say_left()
        except StorageDown:
            log.warning("leave_waits_for_storage")

    async def renew(self) -> None:
        """Say that this process lives, see to it that its seats stand, and clear away those of dead processes."""
        await self._say_left()
        async with self._store.write() as connection:
            await self._say_alive(connection)
            lost = await self._seats_lost(connection)
            if lost:
                rows = [{"id": seat, "process": self._process, "holder": self._mine[seat]} for seat in lost]
                await connection.execute(tables.meet_seat.insert(), rows)
        if lost:
            await self._bring_back({self._mine[seat] for seat in lost if seat in self._mine})
        await self._clear_dead()

    async def _say_alive(self, connection: AsyncConnection) -> None:
        statement = insert(connection, tables.meet_process)
        statement = statement.on_conflict_do_update(index_elements=["id"], set_={"seen_at": statement.excluded.seen_at})
        await connection.execute(statement, {"id": self._process, "seen_at": self._clock.now()})

    async def _seats_lost(self, connection: AsyncConnection) -> list[str]:
        """Seats of ours that are not in the database: others took us for dead while we could not reach it."""
        query = select(tables.meet_seat.c.id).where(tables.meet_seat.c.process == self._process)
        standing = set((await connection.execute(query)).scalars())
        return [seat for seat in sorted(self._mine) if seat not in standing]

    async def _say_left(self) -> None:
        while self._left:
            seat, (holder, away) = next(iter(self._left.items()))
            async with self._store.write() as connection:
                await connection.execute(delete(tables.meet_seat).where(tables.meet_seat.c.id == seat))
            self._left.pop(seat, None)
            await self._note_gone(holder, away)

    async def _clear_dead(self) -> None:
        before = self._clock.now() - DEAD_AFTER
        async with self._store.read() as connection:
            query = select(tables.meet_process.c.id).where(tables.meet_process.c.seen_at < before)
            dead = list((await connection.execute(query)).scalars())
        for process in dead:
            async with self._store.write() as connection:
                gone = delete(tables.meet_seat).where(tables.meet_seat.c.process == process)
                holders = set((await connection.execute(gone.returning(tables.meet_seat.c.holder))).scalars())
                await connection.execute(delete(tables.meet_process).where(tables.meet_process.c.id == process))
            for holder in sorted(holders):
                await self._note_gone(holder, Away.CONNECTION_LOST)

    async def _note_gone(self, holder: str, away: Away) -> None:
        """Whoever has no page open any more is away from each visit it is in."""
        async with self._store.read() as connection:
            visits = await live_ids_of(connection, holder)
        for visit in visits:
            await self._let(visit, Leave(holder, away))
        await self._bus.notify(VISITS)

    async def _bring_back(self, holders: Collection[str]) -> None:
        for holder in sorted(holders):
            async with self._store.read() as connection:
                visits = await live_ids_of(connection, holder)
            for visit in visits:
                await self._let(visit, Return(holder))

    async def _let(self, visit_id: str, event: Leave | Return) -> None:
        at = self._clock.now()
        async with self._store.write() as connection:
            visit = await lock_visit(connection, visit_id)
            # Asked under the visit's lock: who sat down meanwhile either is seen here or comes after us.
            if visit is None or await is_here(connection, event.holder) == isinstance(event, Leave):
                return
            decision = decide(visit, event, at)
            if isinstance(decision, Decision) and decision.changed:
                await write(connection, visit, decision, at)
        await self._bus.notify(VISITS)
