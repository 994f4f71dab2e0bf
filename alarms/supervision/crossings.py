"""Which devices have crossed a limit: a look at what is kept anyway, so that a heartbeat costs nothing more.

A deadline for each device would have to be moved with every heartbeat; asking every few seconds who was heard too long
ago costs a pass over one narrow table (measured in decisions/0017). Only what has changed is returned.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, RowMapping, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from alarms.core.supervision import LATE_AFTER, LOST_AFTER, Place, Silent, Standing, Watched, overdue
from kit.wire.words import DeviceHealth, DeviceState, Radio
from registry.inventory.tables import device_model, device_silence
from registry.tables import device, device_seen, home, resident

_LIVE = device.c.state == DeviceState.LIVE.value


@dataclass(frozen=True, slots=True)
class Crossings:
    """Devices by id: which are late or lost now and were not, and which of the silent are so no longer.

    With when each was last heard, none for never.
    """

    late: Mapping[str, datetime | None]
    lost: Mapping[str, datetime | None]
    back: Sequence[str]

    def __bool__(self) -> bool:
        return bool(self.late or self.lost or self.back)


async def find_crossings(connection: AsyncConnection, listening: datetime, at: datetime) -> Crossings:
    """What has changed since the last look. `listening` is since when we have listened without a gap."""
    intervals = await _intervals(connection)
    late: dict[str, datetime | None] = {}
    lost: dict[str, datetime | None] = {}
    for interval, models in intervals.items():
        limit = overdue(interval, LATE_AFTER, at)
        if listening > limit:
            continue  # we have not listened for long enough to say that anybody is late
        lost_limit = overdue(interval, LOST_AFTER, at)
        is_lost = listening <= lost_limit
        for row in await _newly_silent(connection, models, limit):
            gone = is_lost and (row.heard_at is None or row.heard_at <= lost_limit)
            (lost if gone else late)[row.id] = row.heard_at
        if is_lost:
            lost.update({row.id: row.heard_at for row in await _late_too_long(connection, models, lost_limit)})
    return Crossings(late, lost, await _back(connection))


async def _intervals(connection: AsyncConnection) -> dict[timedelta, list[str]]:
    """The models that send heartbeats, by how often."""
    query = select(device_model.c.name, device_model.c.heartbeat_s).where(device_model.c.heartbeat_s.is_not(None))
    found: dict[timedelta, list[str]] = {}
    for name, seconds in (await connection.execute(query.order_by(device_model.c.name))).all():
        found.setdefault(timedelta(seconds=seconds), []).append(name)
    return found


async def _newly_silent(connection: AsyncConnection, models: Sequence[str], limit: datetime) -> Sequence[Row[Any, Any]]:
    """Live devices heard last before the limit and not noticed yet; of one never heard, since it is live."""
    silent = (
        select(device_seen.c.device)
        .where(device_seen.c.last_seen_at <= limit)
        .except_(select(device_silence.c.device))
        .subquery()
    )
    heard = (
        select(device.c.id, device_seen.c.last_seen_at.label("heard_at"))
        .join(silent, silent.c.device == device.c.id)
        .join(device_seen, device_seen.c.device == device.c.id)
        .where(_LIVE, device.c.model.in_(models))
    )
    unheard = (
        select(device.c.id, device.c.live_at.label("heard_at"))
        .outerjoin(device_seen, device_seen.c.device == device.c.id)
        .outerjoin(device_silence, device_silence.c.device == device.c.id)
        .where(_LIVE, device.c.model.in_(models), device_seen.c.device.is_(None), device_silence.c.device.is_(None))
        .where(or_(device.c.live_at.is_(None), device.c.live_at <= limit))
    )
    return [*(await connection.execute(heard)).all(), *(await connection.execute(unheard)).all()]


async def _late_too_long(
    connection: AsyncConnection, models: Sequence[str], limit: datetime
) -> Sequence[Row[Any, Any]]:
    query = (
        select(device_silence.c.device.label("id"), device_silence.c.heard_at)
        .join(device, device.c.id == device_silence.c.device)
        .where(device_silence.c.level == DeviceHealth.LATE.value, device.c.model.in_(models))
        .outerjoin(device_seen, device_seen.c.device == device_silence.c.device)
        .where(or_(device_silence.c.heard_at.is_(None), device_silence.c.heard_at <= limit), ~_heard_since())
    )
    return (await connection.execute(query)).all()


async def _back(connection: AsyncConnection) -> list[str]:
    """Heard again, no longer in use, or of a model that is no longer watched."""
    query = (
        select(device_silence.c.device)
        .join(device, device.c.id == device_silence.c.device)
        .outerjoin(device_model, device_model.c.name == device.c.model)
        .outerjoin(device_seen, device_seen.c.device == device_silence.c.device)
        .where(or_(_heard_since(), ~_LIVE, device_model.c.heartbeat_s.is_(None)))
        .order_by(device_silence.c.device)
    )
    return list((await connection.scalars(query)).all())


def _heard_since() -> ColumnElement[bool]:
    newer = or_(device_silence.c.heard_at.is_(None), device_seen.c.last_seen_at > device_silence.c.heard_at)
    return and_(device_seen.c.last_seen_at.is_not(None), newer)


def network_of(network: str, radio: str | None) -> str:
    """Whose radio network a device is in and by which radio, in words; empty where nobody has said whose."""
    if not network:
        return ""
    known = "" if radio in {None, Radio.UNKNOWN.value} else f" {str(radio).upper().replace('_', '-')}"
    return f"{network}{known}"


def _shared() -> tuple[Any, ...]:
    """The columns of what devices may have in common."""
    hidden = device.c.home.in_(select(resident.c.home).where(resident.c.protected))
    return (
        device.c.principal,
        home.c.unit,
        home.c.town,
        hidden.label("hidden"),
        device.c.network,
        device.c.model,
        device_model.c.radio,
    )


def _standing(row: RowMapping) -> Standing:
    return Standing(
        principal=row["principal"],
        unit=row["unit"],
        town="" if row["hidden"] else row["town"],
        network=network_of(row["network"], row["radio"]),
        model=row["model"],
    )


async def silent_at_once(connection: AsyncConnection, noticed_after: datetime) -> list[Silent]:
    """The silent devices noticed since then that are in no incident, and what each shares with others."""
    query = (
        select(device.c.id, device_silence.c.level, device_model.c.heartbeat_s, *_shared())
        .join(device_silence, device_silence.c.device == device.c.id)
        .join(home, home.c.id == device.c.home)
        .outerjoin(device_model, device_model.c.name == device.c.model)
        .where(device_silence.c.incident.is_(None), device_silence.c.noticed_at >= noticed_after)
        .order_by(device.c.id)
    )
    rows = (await connection.execute(query)).mappings()
    return [
        Silent(
            row["id"],
            _standing(row),
            lost=row["level"] == DeviceHealth.LOST.value,
            interval=timedelta(seconds=row["heartbeat_s"] or 0),
        )
        for row in rows
    ]


async def count_watched(connection: AsyncConnection, principals: Collection[str]) -> Watched:
    """How many live devices are watched in each place of these principals, by their interval."""
    each = (
        select(device_model.c.heartbeat_s, *_shared())
        .join(home, home.c.id == device.c.home)
        .join(device_model, device_model.c.name == device.c.model)
        .where(_LIVE, device.c.principal.in_(sorted(principals)), device_model.c.heartbeat_s.is_not(None))
        .subquery()
    )
    query = select(each, func.count().label("devices")).group_by(*each.c)
    found: dict[Place, Counter[timedelta]] = {}
    for row in (await connection.execute(query)).mappings():
        for place in _standing(row).places():
            found.setdefault(place, Counter())[timedelta(seconds=row["heartbeat_s"])] += row["devices"]
    return found
