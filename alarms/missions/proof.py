"""A lock that opens proves that the responder has arrived: by our own command for the mission, or by what it tells.

What it tells counts while a mission to that home is accepted, where the door was opened from outside, and not as the
answer to a command of somebody at the desk, who is far away.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from alarms import tables as alarm_tables
from alarms.core.door import door_in, proves_arrival
from alarms.core.mission import decide
from alarms.core.mission_shapes import Arrive, Decision
from alarms.core.shapes import Case
from alarms.core.signal import Signal
from alarms.missions import tables
from alarms.missions.journal import Carried, carry, lock_missions
from kit.wire.mission_words import ArrivedHow, MissionState
from registry.find import FoundDevice

EXPECTED = (MissionState.ACCEPTED, MissionState.ON_THE_WAY)
FROM_THE_DESK = timedelta(seconds=30)
"""For how long after a command from the desk an opening is put down to it."""


@dataclass(frozen=True, slots=True)
class Proof:
    """A lock has opened where a responder is expected; `open_key` is the case to be locked before the mission."""

    mission: str
    open_key: str
    lock: str


async def proofs_in(
    connection: AsyncConnection,
    signals: Iterable[Signal],
    found: Mapping[tuple[str, str], FoundDevice],
    at: datetime,
) -> list[Proof]:
    """What these signals prove. Costs nothing unless a lock among them has opened."""
    locks: dict[str, str] = {}
    for signal in signals:
        device = found.get((signal.protocol, signal.account))
        door = door_in(signal.details)
        if device is None or device.kind != "lock" or not device.live or door is None or "begun" in signal.details:
            continue
        if proves_arrival(door) and signal.principal in {None, device.principal}:
            locks[device.id] = device.home
    if not locks:
        return []
    from_desk = await _opened_from_the_desk(connection, locks, at)
    query = (
        select(tables.mission.c.id, tables.mission.c.home, alarm_tables.case.c.open_key)
        .join(alarm_tables.case, alarm_tables.case.c.id == tables.mission.c.case)
        .where(
            tables.mission.c.home.in_(sorted(set(locks.values()))),
            tables.mission.c.state.in_(EXPECTED),
            tables.mission.c.ended_at.is_(None),
        )
    )
    rows = (await connection.execute(query)).all()
    return [
        Proof(row.id, row.open_key, lock)
        for lock, home in sorted(locks.items())
        if lock not in from_desk
        for row in rows
        if row.home == home and row.open_key is not None
    ]


async def _opened_from_the_desk(connection: AsyncConnection, locks: Iterable[str], at: datetime) -> set[str]:
    command = alarm_tables.lock_command
    query = select(command.c.lock).where(
        command.c.lock.in_(sorted(locks)), command.c.mission.is_(None), command.c.asked_at > at - FROM_THE_DESK
    )
    return set((await connection.execute(query)).scalars())


async def arrive_by_lock(
    connection: AsyncConnection, case: Case, mission_id: str, lock: str, at: datetime
) -> Carried | None:
    """Let the mission know that its door is open; its case, locked by the caller, is not written.

    None where that proves nothing: the mission is over, or its responder had arrived already.
    """
    for mission in await lock_missions(connection, [mission_id]):
        decision = decide(mission, Arrive(None, ArrivedHow.LOCK, lock=lock), at)
        if isinstance(decision, Decision) and decision.changed and mission.case == case.id:
            return await carry(connection, case, mission, decision, at)
    return None
