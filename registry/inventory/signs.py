"""What signals say of the devices themselves: faults raised and cleared, and the test that proves the chain.

Written in the hub's own batch, so that a signal that is acknowledged has also been noted here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.ids import new_id
from kit.store import insert
from kit.wire.words import DeviceState, Reason
from registry.find import portions
from registry.inventory.rules import DeviceAct
from registry.inventory.tables import device_fault, device_step
from registry.tables import device

FAULTS = frozenset(
    {
        Reason.BATTERY_LOW,
        Reason.MAINS_FAILURE,
        Reason.LINK_FAILURE,
        Reason.RADIO_INTERFERENCE,
        Reason.TAMPER,
        Reason.MALFUNCTION,
    }
)
"""Faults that last until the device says otherwise. A door's are the lock's state."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A device says that something is wrong with it, or (`restored`) that it is well again."""

    device: str
    reason: Reason
    restored: bool
    at: datetime
    signal: str


async def note_faults(connection: AsyncConnection, faults: Sequence[Fault]) -> None:
    """Raise and clear, in the order they came; the last word on a fault counts, the first since when it lasts."""
    last = {(fault.device, fault.reason): fault for fault in faults if fault.reason in FAULTS}
    for (name, reason), fault in sorted(last.items()):
        if fault.restored:
            cleared = (device_fault.c.device == name) & (device_fault.c.reason == reason.value)
            await connection.execute(delete(device_fault).where(cleared))
    raised = [
        {"device": name, "reason": reason.value, "since": fault.at, "signal": fault.signal}
        for (name, reason), fault in sorted(last.items())
        if not fault.restored
    ]
    if raised:
        statement = insert(connection, device_fault).on_conflict_do_nothing(index_elements=["device", "reason"])
        await connection.execute(statement, raised)


async def note_tests(connection: AsyncConnection, tests: Mapping[str, str], at: datetime) -> None:
    """These devices have proven their chain, each by a signal: who was only paired is tested from now on."""
    for some in portions(sorted(tests)):
        installing = device.c.id.in_(some) & (device.c.state == DeviceState.PAIRED.value)
        query = select(device.c.id, device.c.home, device.c.resident).where(installing)
        rows = (await connection.execute(query.order_by(device.c.id))).mappings().all()
        again = device.c.id.in_(some) & (device.c.state == DeviceState.TESTED.value)
        await connection.execute(update(device).where(again).values(tested_at=at))
        await connection.execute(update(device).where(installing).values(state=DeviceState.TESTED.value, tested_at=at))
        steps = [
            {
                "id": new_id("step", at),
                "device": row["id"],
                "at": at,
                "step": DeviceAct.TEST.value,
                "state": DeviceState.TESTED.value,
                "by": None,
                "home": row["home"],
                "resident": row["resident"],
                "signal": tests[row["id"]],
            }
            for row in rows
        ]
        if steps:
            await connection.execute(device_step.insert(), steps)
