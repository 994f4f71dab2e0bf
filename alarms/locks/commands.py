"""Telling a lock to open: asked and logged in one transaction, sent by whoever hears the broker, awaited here.

The truth is the row in `lock_command`: any process may send it, any may hear the lock, any may settle it. One command
at a time for each lock; who asks meanwhile waits for the same outcome. A command is sent at most once, because a door
that opens a second time, later, opens for nobody who stands there.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from alarms import tables
from alarms.core.case import decide
from alarms.core.mission_shapes import Mission
from alarms.core.shapes import Case, Decision, LockAsked
from alarms.desk.commands import whom_of
from alarms.journal import FEED, Changed, lock_case, write
from alarms.locks.heard import LOCKS
from alarms.locks.outcome import Standing, note, settle, standing
from alarms.missions.journal import read_mission, whom_of_mission
from kit.bus import Bus
from kit.clock import Clock
from kit.errors import Refusal
from kit.ids import new_id
from kit.metrics import counter
from kit.store import Store, for_update, insert
from kit.tasks import Tasks
from kit.wire.lock import LockPurpose
from kit.wire.words import LockOutcome
from registry.access import Act, Allowed, Who, Whom
from registry.locks import REMOTE, FoundLock, find_lock
from registry.look import ask, insist

commands_total = counter("lock_commands_total", "Commands to open a door, by what came of them", ["outcome"])

ANSWER_WITHIN = timedelta(seconds=9)
"""For the lock to confirm; whoever asked has an answer within ten seconds."""
SENT_WITHIN = timedelta(seconds=3)
"""For some process to reach the broker."""
LOOK_EVERY = 0.5  # seconds, should the bus be silent
SWEEP_EVERY = 2.0  # seconds
LEFT_BEHIND = timedelta(seconds=2)
"""Past its end, a command whose asker is gone is settled and noted by somebody else."""


class LockCommands:
    """Opens doors, and sweeps up after processes that died while they did."""

    def __init__(self, store: Store, bus: Bus, clock: Clock) -> None:
        self._store = store
        self._bus = bus
        self._clock = clock
        self._tasks = Tasks(clock)

    async def start(self) -> None:
        """Begin to sweep."""
        self._tasks.every(SWEEP_EVERY, "lock-sweep", self.sweep)

    async def close(self) -> None:
        """Stop; commands under way stay in the database."""
        await self._tasks.close()

    async def open(self, who: Who, lock_id: str, purpose: LockPurpose, command_id: str) -> Standing:
        """Tell the lock to open and wait for what comes of it, at most ten seconds. Raises Refusal and StorageDown.

        The same person's same id gets the same answer again and opens nothing.
        """
        async with self._bus.watch(LOCKS) as watch:
            command = await self._ask(who, lock_id, purpose, f"{who.person}:{command_id}")
            await self._bus.notify(FEED)
            await self._bus.notify(LOCKS)
            while True:
                stands = await self._look(command)
                if stands.outcome is not None:
                    break
                await watch.wait(LOOK_EVERY)
        await self._note(stands)
        return stands

    async def _ask(self, who: Who, lock_id: str, purpose: LockPurpose, key: str) -> str:
        """Log the wish, refuse it or write the command down; the command's id, an earlier one's for the same key."""
        at = self._clock.now()
        command = tables.lock_command
        async with self._store.write() as connection:
            found = await find_lock(connection, lock_id)
            mission = await read_mission(connection, purpose.mission) if purpose.mission else None
            case_id = mission.case if mission else purpose.case
            case = await lock_case(connection, case_id) if case_id else None
            if mission is None:
                whom = _whom(found, case, whom_of(case))
            else:  # as it stands now that its case is locked
                mission = await read_mission(connection, mission.id)
                whom = _whom(found, mission, whom_of_mission(mission))
            answer = await ask(connection, who, Act.LOCK_OPEN, whom, at=at, subject=lock_id)
            if isinstance(answer, Allowed) and found and case and found.protocol in REMOTE:
                earlier = await connection.scalar(select(command.c.id).where(command.c.key == key))
                if earlier is not None:
                    return str(earlier)
                made = await _write_down(connection, who, found, case, mission, key, at)
                decision = decide(case, LockAsked(who.person, found.id), at)
                assert isinstance(decision, Decision)  # the case is open: its purpose was
                await write(connection, [Changed(decision.case, decision.entries)], at)
                return made
        insist(answer)
        raise Refusal("lock_not_remote")

    async def _look(self, command_id: str) -> Standing:
        """The command as it stands, ended when its time is up."""
        async with self._store.read() as connection:
            stands = await standing(connection, command_id)
        if stands.outcome is not None:
            return stands
        at = self._clock.now()
        unsent = stands.sent_at is None and at >= stands.asked_at + SENT_WITHIN
        if not unsent and at < stands.expires_at:
            return stands
        outcome = LockOutcome.UNREACHABLE if unsent else LockOutcome.NO_ANSWER
        async with self._store.write() as connection:
            await settle(connection, stands.lead, outcome, at, unsent=unsent)
            return await standing(connection, command_id)

    async def _note(self, stands: Standing) -> None:
        assert stands.outcome is not None
        if stands.noted:
            return
        async with self._store.write() as connection:
            grown = await note(connection, stands, self._clock.now())
        commands_total.labels(outcome=stands.outcome).inc()
        if grown:
            await self._bus.notify(FEED)

    async def sweep(self) -> int:
        """Settle and note what an asker that is gone has left; how many there were."""
        command = tables.lock_command
        late = self._clock.now() - LEFT_BEHIND
        query = select(command.c.id).where(command.c.noted_at.is_(None), command.c.expires_at < late)
        async with self._store.read() as connection:
            left = (await connection.execute(query.order_by(command.c.id).limit(100))).scalars().all()
        for command_id in left:
            await self._note(await self._look(command_id))
        return len(left)


def _whom(found: FoundLock | None, why: Case | Mission | None, whom_of_why: Whom) -> Whom:
    """A lock as the access decision wants it, with the case or mission as purpose where that is of this home."""
    if found is None:
        return Whom()
    whom = Whom(principal=found.principal, unit=found.unit, home=found.home)
    if why is None or why.principal != found.principal:
        return whom
    at_home = why.resident in found.residents if why.resident else why.home == found.home
    return replace(whom_of_why, unit=found.unit, home=found.home) if at_home else whom


async def _write_down(
    connection: AsyncConnection,
    who: Who,
    found: FoundLock,
    case: Case,
    mission: Mission | None,
    key: str,
    at: datetime,
) -> str:
    command = tables.lock_command
    row = {
        "id": new_id("open", at),
        "key": key,
        "waiting": found.id,
        "joins": None,
        "lock": found.id,
        "case": case.id,
        "mission": mission.id if mission else None,
        "person": who.person,
        "action": found.action,
        "asked_at": at,
        "expires_at": at + ANSWER_WITHIN,
    }
    while True:
        statement = insert(connection, command).on_conflict_do_nothing(index_elements=["waiting"])
        if (await connection.execute(statement.returning(command.c.id), row)).first() is not None:
            return str(row["id"])
        query = for_update(connection, select(command.c.id).where(command.c.waiting == found.id))
        lead = await connection.scalar(query)
        if lead is not None:
            await connection.execute(command.insert().values({**row, "waiting": None, "joins": lead}))
            return str(row["id"])
