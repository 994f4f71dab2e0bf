"""When nobody outside takes a principal's alarms, or a receiver is not there, a human knows: a technical case."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from alarms import tables
from alarms.core.case import decide, open_case
from alarms.core.shapes import Arrived, Decision, Ended, Entry
from alarms.journal import Changed, lock_open, write
from alarms.routing.reading import Reading
from alarms.routing.start import not_followed, routed_by
from kit.ids import new_id
from kit.store import Store
from kit.wire.words import CaseKind, Measure, Reason, SignalKind

PROTOCOL = "forwarding"
PRIORITY = 2


def trouble_key(principal: str, receiver: str | None = None) -> str:
    """The key of the case: that nobody takes an alarm, or that this receiver is not there."""
    return f"technical:reserve:{principal if receiver is None else receiver}"


async def raise_trouble(
    store: Store, reading: Reading, principal: str, at: datetime, receiver: str | None = None
) -> int | None:
    """Raise the case, or remind of it; the last feed position. Raises LostRace, StorageDown, Conflict."""
    key, signal = trouble_key(principal, receiver), new_id("signal", at)
    arrived = Arrived(signal, SignalKind.TECHNICAL, Reason.LINK_FAILURE, PRIORITY)
    async with store.write() as connection:
        known = await reading.known(connection)
        case = (await lock_open(connection, [key])).get(key)
        new = case is None
        entries: tuple[Entry, ...] = ()
        if case is None:
            routed = routed_by(known, principal, CaseKind.TECHNICAL, Reason.LINK_FAILURE, at)
            entries = not_followed(routed, at)
            case = open_case(
                new_id("case", at),
                open_key=key,
                kind=CaseKind.TECHNICAL,
                principal=principal,
                resident=None,
                home=None,
                device=None,
                first=arrived,
                at=at,
                plan=routed.frozen,
                desk=routed.desk,
            )
        decision = decide(case, arrived, at)
        assert isinstance(decision, Decision)
        row: dict[str, Any] = {
            "id": signal,
            "principal": principal,
            "case": case.id,
            "protocol": PROTOCOL,
            "account": "",
            "kind": arrived.kind,
            "reason": arrived.reason,
            "priority": PRIORITY,
            "type": PROTOCOL,
            "reference": "",
            "received_at": at,
            "raw": b"",
            "defects": [],
            "details": {},
        }
        await connection.execute(tables.signal.insert().values(row))
        changed = Changed(decision.case, (*decision.entries, *entries), new)
        return await write(connection, [changed] if new or decision.changed else [], at)


async def end_trouble(store: Store, principal: str, at: datetime, receiver: str | None = None) -> int | None:
    """It is over, if it was; the last feed position. Raises StorageDown, Conflict."""
    key = trouble_key(principal, receiver)
    async with store.read() as connection:
        if await connection.scalar(select(tables.case.c.id).where(tables.case.c.open_key == key)) is None:
            return None
    async with store.write() as connection:
        case = (await lock_open(connection, [key])).get(key)
        decision = decide(case, Ended(Measure.CAME_BACK), at) if case else None
        if not isinstance(decision, Decision):
            return None
        return await write(connection, [Changed(decision.case, decision.entries)], at)
