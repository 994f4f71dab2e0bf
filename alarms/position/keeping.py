"""Where residents were last said to be, and the fixes that come in: read, kept, forgotten.

A fix becomes the resident's position when it came with an alarm or while the person's case was open, or when a consent
to positioning stands. Any other stays in its signal, and nobody is shown it (decisions/0018).
"""

from collections.abc import Mapping

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from alarms import tables as alarm_tables
from alarms.core.opening import Sender
from alarms.core.position import Fix, Place, counts_instead, fix_in
from alarms.core.shapes import Case
from alarms.core.signal import Receipt, Signal
from alarms.position.tables import resident_position
from kit.store import for_update, insert
from registry.consent import standing_consents

New = Mapping[str, tuple[str, Signal]]
"""The signals of a batch that are new, by key, each with its id."""


def fixes_in(new: New, senders: Mapping[str, Sender]) -> dict[str, Fix]:
    """The fixes among the signals of live devices, by the signals' keys."""
    fixes = {}
    for key, (_, signal) in new.items():
        if key in senders and senders[key].live:
            fix = fix_in(signal.details, signal.occurred_at, signal.received_at)
            if fix is not None:
                fixes[key] = fix
    return fixes


async def keep_positions(
    connection: AsyncConnection,
    new: New,
    senders: Mapping[str, Sender],
    fixes: Mapping[str, Fix],
    receipts: Mapping[str, Receipt],
) -> None:
    """Keep what counts as where each resident is now; their cases are locked."""
    owned = {key: resident for key in fixes if (resident := senders[key].resident) is not None}
    alone = {resident for key, resident in owned.items() if receipts[key].case is None}
    consented = await standing_consents(connection, alone) if alone else {}
    meant = {key: owned[key] for key in owned if receipts[key].case is not None or owned[key] in consented}
    if not meant:
        return
    before = await _kept(connection, set(meant.values()), lock=True)
    rows = {}
    for key, resident in meant.items():
        fix = fixes[key]
        if counts_instead(fix, before.get(resident)):
            before[resident] = fix
            rows[resident] = {
                "resident": resident,
                "device": senders[key].device,
                "signal": new[key][0],
                "latitude": fix.place.latitude,
                "longitude": fix.place.longitude,
                "accuracy": fix.accuracy,
                "taken_at": fix.taken_at,
                "received_at": fix.received_at,
            }
    if rows:
        statement = insert(connection, resident_position)
        columns = [column.name for column in resident_position.c if column.name != "resident"]
        statement = statement.on_conflict_do_update(
            index_elements=["resident"], set_={name: statement.excluded[name] for name in columns}
        )
        await connection.execute(statement, [rows[resident] for resident in sorted(rows)])


async def position_for(connection: AsyncConnection, case: Case) -> Fix | None:
    """Where the person of a case was last said to be: as kept, or by the case's own signals where those know better."""
    best = None
    if case.resident is not None:
        best = (await _kept(connection, {case.resident}, lock=False)).get(case.resident)
    signal = alarm_tables.signal
    query = select(signal.c.details, signal.c.occurred_at, signal.c.received_at).where(signal.c.case == case.id)
    for row in await connection.execute(query.order_by(signal.c.id)):
        fix = fix_in(row.details, row.occurred_at, row.received_at)
        if fix is not None and counts_instead(fix, best):
            best = fix
    return best


async def forget_position(connection: AsyncConnection, resident: str) -> None:
    """What was kept on the ground of a consent goes with it."""
    await connection.execute(delete(resident_position).where(resident_position.c.resident == resident))


async def _kept(connection: AsyncConnection, residents: set[str], *, lock: bool) -> dict[str, Fix]:
    query = select(resident_position).where(resident_position.c.resident.in_(sorted(residents)))
    query = query.order_by(resident_position.c.resident)
    rows = await connection.execute(for_update(connection, query) if lock else query)
    return {
        row.resident: Fix(Place(row.latitude, row.longitude), row.taken_at, row.received_at, row.accuracy)
        for row in rows
    }
