"""Safe zones in the journal's transaction: each fix is held against its resident's zones before cases are opened.

A crossing makes its own signal an alarm, or information that says what was crossed: so it is stored, routed and
escalated as anything else, once, and a transaction that fails has changed no zone either. Order of locks: receipts,
zones by id, cases, the rest.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import RowMapping, bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from alarms.core.opening import Sender
from alarms.core.position import Fix
from alarms.core.signal import Signal
from alarms.core.zone import Tells, Zone, decide
from alarms.position.keeping import New
from alarms.position.shapes import shape_of
from alarms.position.tables import zone as table
from alarms.routing.documents import hours_of
from kit.log import get_logger
from kit.store import for_update
from kit.wire.position_words import ZoneMakes, ZoneStanding, ZoneWatch
from kit.wire.routing import HoursBody
from kit.wire.words import Reason, SignalKind
from registry.consent import standing_consents

log = get_logger(__name__)

HELD_AGAINST = frozenset({SignalKind.INFORMATION, SignalKind.ALARM})
PRIORITY = 2  # a person, not known to be in danger


@dataclass(frozen=True, slots=True)
class Kept:
    """A zone as it is stored: what the core decides with, its name, and what a crossing makes."""

    zone: Zone
    name: str
    makes: ZoneMakes


async def watch_zones(
    connection: AsyncConnection,
    new: New,
    senders: Mapping[str, Sender],
    fixes: Mapping[str, Fix],
) -> New:
    """The same signals, those that tell of a crossing changed into what it makes; standings written."""
    watched = {
        key: resident
        for key in fixes
        if new[key][1].kind in HELD_AGAINST and (resident := senders[key].resident) is not None
    }
    if not watched:
        return new
    zones = await _lock(connection, await standing_consents(connection, set(watched.values())))
    if not zones:
        return new
    told, before = dict(new), dict(zones)
    for key in sorted(watched, key=lambda key: (fixes[key].taken_at or fixes[key].received_at, key)):
        for kept in [one for one in zones.values() if one[0] == watched[key]]:
            resident, one = kept
            after, tells = decide(one.zone, fixes[key])
            zones[after.id] = (resident, replace(one, zone=after))
            if tells is not None:
                signal_id, signal = told[key]
                told[key] = (signal_id, _told(signal, one, tells, fixes[key]))
    changed = [one.zone for zone_id, (_, one) in zones.items() if one != before[zone_id][1]]
    await _write(connection, changed)
    return told


def _told(signal: Signal, kept: Kept, tells: Tells, fix: Fix) -> Signal:
    """The signal with what it tells of a zone. A press stays a press; an alarm outranks information."""
    named = ", ".join(filter(None, [signal.details.get("zone"), kept.name]))
    details = {**signal.details, "zone": named}
    signal = replace(signal, occurred_at=signal.occurred_at or fix.taken_at)  # so that what is late is marked as such
    if signal.kind is SignalKind.ALARM:
        return replace(signal, details=details)
    if tells is Tells.BACK:
        return replace(signal, reason=signal.reason or Reason.BACK_IN_ZONE, details=details)
    reason = Reason.LEFT_ZONE if kept.zone.watch is ZoneWatch.LEAVE else Reason.ENTERED_ZONE
    if kept.makes is ZoneMakes.INFORMATION:
        return replace(signal, reason=reason, details=details)
    return replace(signal, kind=SignalKind.ALARM, reason=reason, priority=PRIORITY, details=details)


async def _lock(connection: AsyncConnection, residents: Iterable[str]) -> dict[str, tuple[str, Kept]]:
    """The zones of these residents by id, each with its resident, locked until the transaction ends."""
    meant = sorted(residents)
    if not meant:
        return {}
    query = select(table).where(table.c.resident.in_(meant), table.c.ended_at.is_(None)).order_by(table.c.id)
    rows = (await connection.execute(for_update(connection, query))).mappings().all()
    return {row["id"]: (row["resident"], kept) for row in rows if (kept := _kept(row)) is not None}


def _kept(row: RowMapping) -> Kept | None:
    """The zone in a row; none for one that this process cannot read, since a newer one may have written it."""
    try:
        zone = Zone(
            id=row["id"],
            shape=shape_of(row["area"]),
            watch=ZoneWatch(row["watch"]),
            hours=hours_of([HoursBody.model_validate(one) for one in row["hours"]]),
            standing=ZoneStanding(row["standing"]),
            at=row["standing_at"],
        )
        return Kept(zone, row["name"], ZoneMakes(row["makes"]))
    except ValueError:
        log.error("zone_unreadable", zone=row["id"])
        return None


async def _write(connection: AsyncConnection, zones: Sequence[Zone]) -> None:
    if not zones:
        return
    statement = update(table).where(table.c.id == bindparam("b_id"))
    statement = statement.values(standing=bindparam("b_standing"), standing_at=bindparam("b_at"))
    rows = [{"b_id": one.id, "b_standing": one.standing.value, "b_at": _at(one)} for one in zones]
    await connection.execute(statement, rows)


def _at(zone: Zone) -> datetime:
    assert zone.at is not None  # it has just been decided by a fix
    return zone.at
