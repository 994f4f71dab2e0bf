"""What a lock has told, in the database: how it stands, and whether that answers a command to open.

Called in the transaction that stores the signal, so that what a lock has confirmed is known to every process as soon as
the lock is told that it was heard. Order of locks: cases first, then these rows, then the feed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from alarms import tables
from alarms.core.door import answers, door_after, door_in, lock_after
from alarms.core.signal import Signal
from kit.store import for_update, insert
from kit.wire.words import DoorEvent, DoorState, LockOutcome, LockState, Reason, SignalKind

LOCKS = "locks"
"""The bus topic on which commands and their answers are told to be looked for."""

_NEVER: Mapping[str, Any] = {
    "state": LockState.UNKNOWN,
    "door": DoorState.UNKNOWN,
    "battery_low": False,
    "reachable": None,
}


@dataclass(frozen=True, slots=True)
class Told:
    """What a lock (its registry id) told at a moment. What it did not tell is none.

    `outcome` is its answer to a command (`command`, or the one under way); `remembered` marks what the broker had kept
    from earlier: how the lock stands, but no answer to anything.
    """

    lock: str
    at: datetime
    event: DoorEvent | None = None
    battery_low: bool | None = None
    reachable: bool | None = None
    outcome: LockOutcome | None = None
    command: str | None = None
    remembered: bool = False

    def says(self) -> LockOutcome | None:
        """What this means for a command that is under way."""
        if self.remembered:
            return None
        return self.outcome or (answers(self.event) if self.event else None)


def told_in(signal: Signal, lock: str) -> Told | None:
    """What a signal from that lock tells of how it stands; none when nothing, as when an action has only begun."""
    door = None if "begun" in signal.details else door_in(signal.details)
    battery = None
    if signal.reason is Reason.BATTERY_LOW:
        battery = signal.kind is SignalKind.TECHNICAL
    if door is None and battery is None:
        return None
    return Told(lock, signal.received_at, door.event if door else None, battery, reachable=True)


async def hear(connection: AsyncConnection, told: Iterable[Told]) -> None:
    """Store what locks have told, in the caller's transaction."""
    all_told = sorted(told, key=lambda one: (one.lock, one.at))
    if not all_told:
        return
    before = await _stand(connection, {one.lock for one in all_told})
    for one in all_told:
        stands = before.get(one.lock, {**_NEVER, "lock": one.lock, "at": one.at})
        if one.at >= stands["at"]:
            before[one.lock] = {**stands, **_changes(one), "at": one.at}
        outcome = one.says()
        if outcome is not None:
            await _answer(connection, one, outcome, LockState(before[one.lock]["state"]))
    statement = insert(connection, tables.lock_state)
    columns = [column.name for column in tables.lock_state.c if column.name != "lock"]
    statement = statement.on_conflict_do_update(
        index_elements=["lock"], set_={name: statement.excluded[name] for name in columns}
    )
    await connection.execute(statement, [before[lock] for lock in sorted({one.lock for one in all_told})])


async def _stand(connection: AsyncConnection, locks: Iterable[str]) -> dict[str, dict[str, Any]]:
    query = select(tables.lock_state).where(tables.lock_state.c.lock.in_(sorted(locks)))
    rows = await connection.execute(for_update(connection, query.order_by(tables.lock_state.c.lock)))
    return {row["lock"]: dict(row) for row in rows.mappings()}


def _changes(one: Told) -> dict[str, Any]:
    said = {
        "state": lock_after(one.event) if one.event else None,
        "door": door_after(one.event) if one.event else None,
        "battery_low": one.battery_low,
        "reachable": one.reachable,
    }
    return {name: word for name, word in said.items() if word is not None}


async def _answer(connection: AsyncConnection, one: Told, outcome: LockOutcome, state: LockState) -> None:
    """Settle the command that is under way for this lock, if it was sent before this was told."""
    command = tables.lock_command
    under_way = (command.c.waiting == one.lock) & (command.c.sent_at <= one.at)
    if one.command is not None:
        under_way &= command.c.id == one.command
    settled = {"waiting": None, "outcome": outcome, "state": state, "settled_at": one.at}
    await connection.execute(update(command).where(under_way).values(settled))
