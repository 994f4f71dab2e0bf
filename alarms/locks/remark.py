"""How a lock stands or answers a command, where that is no event: stored, told to nobody as a signal; and read."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from alarms import tables
from alarms.core.signal import Outcome
from alarms.locks.heard import LOCKS, Told, hear
from kit.bus import Bus
from kit.store import Store
from kit.wire.words import DoorEvent, DoorState, LockOutcome, LockState
from registry.find import find_devices

REMARKED = "remarked"


@dataclass(frozen=True, slots=True)
class Remark:
    """What was remarked. `protocol` and `account` are what the lock goes by in the registry; `principal` whose it is
    said to be; the rest as in `alarms.locks.heard.Told`.
    """

    protocol: str
    account: str
    event: DoorEvent | None = None
    battery_low: bool | None = None
    reachable: bool | None = None
    outcome: LockOutcome | None = None
    command: str | None = None
    remembered: bool = False
    principal: str | None = None


@dataclass(frozen=True, slots=True)
class Stands:
    """How we think a lock and its door stand."""

    lock: LockState = LockState.UNKNOWN
    door: DoorState = DoorState.UNKNOWN


async def how_it_stands(store: Store, protocol: str, account: str) -> Stands:
    """How that lock stands as far as it has told, also where nobody knows it. Raises StorageDown."""
    named, state = (protocol, account), tables.lock_state
    async with store.read() as connection:
        found = (await find_devices(connection, [named])).get(named)
        if found is None:
            return Stands()
        row = (await connection.execute(select(state.c.state, state.c.door).where(state.c.lock == found.id))).first()
    return Stands() if row is None else Stands(LockState(row[0]), DoorState(row[1]))


async def store_remark(store: Store, bus: Bus, remark: Remark, at: datetime) -> str:
    """Store it; `remarked`, or that there is no such lock here. Raises StorageDown."""
    account = (remark.protocol, remark.account)
    async with store.write() as connection:
        found = (await find_devices(connection, [account])).get(account)
        if found is None or found.kind != "lock" or remark.principal not in {None, found.principal}:
            return Outcome.UNKNOWN_ACCOUNT.value
        told = Told(
            found.id,
            at,
            event=remark.event,
            battery_low=remark.battery_low,
            reachable=remark.reachable,
            outcome=remark.outcome,
            command=remark.command,
            remembered=remark.remembered,
        )
        await hear(connection, [told])
    await bus.notify(LOCKS)
    return REMARKED
