"""Incidents in the database: opened, joined, left and ended."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from alarms import tables
from alarms.core.supervision import Incident, Place
from alarms.supervision.tables import incident, incident_device
from kit.store import insert
from kit.wire.words import DeviceHealth, Scope
from registry.find import portions
from registry.inventory.tables import device_silence


@dataclass(frozen=True, slots=True)
class OpenIncident:
    """An incident whose case is open. `silent` of all the `counted` are still so."""

    case: str
    place: Place
    counted: int
    silent: int


async def incidents_to_see(connection: AsyncConnection) -> bool:
    """Whether an incident's case was closed by somebody and the incident does not know yet."""
    return await connection.scalar(_closed_by_hand().limit(1)) is not None


def _closed_by_hand() -> Select[Any]:
    return (
        select(incident.c.case)
        .join(tables.case, tables.case.c.id == incident.c.case)
        .where(incident.c.closed_at.is_(None), tables.case.c.closed_at.is_not(None))
    )


async def see_closed(connection: AsyncConnection, at: datetime) -> None:
    """End the incidents whose case somebody has closed. Their devices stay as they are: a human has decided."""
    closed = list((await connection.scalars(_closed_by_hand())).all())
    await end_incidents(connection, closed, at)


async def end_incidents(connection: AsyncConnection, cases: Collection[str], at: datetime) -> None:
    """Say that these are over."""
    if cases:
        await connection.execute(update(incident).where(incident.c.case.in_(sorted(cases))).values(closed_at=at))


async def let_go(connection: AsyncConnection, cases: Collection[str]) -> None:
    """What is still silent of these is on its own from now on."""
    if cases:
        rest = device_silence.c.incident.in_(sorted(cases))
        await connection.execute(update(device_silence).where(rest).values(incident=None))


async def open_incidents(connection: AsyncConnection) -> list[OpenIncident]:
    """Every incident that is not over, by case."""
    silent = (
        select(device_silence.c.incident, func.count().label("silent"))
        .where(device_silence.c.incident.is_not(None))
        .group_by(device_silence.c.incident)
        .subquery()
    )
    query = (
        select(incident, func.coalesce(silent.c.silent, 0).label("silent"))
        .outerjoin(silent, silent.c.incident == incident.c.case)
        .where(incident.c.closed_at.is_(None))
        .order_by(incident.c.case)
    )
    return [
        OpenIncident(
            row["case"],
            Place(row["principal"], Scope(row["scope"]), row["name"]),
            row["counted"],
            row["silent"],
        )
        for row in (await connection.execute(query)).mappings()
    ]


async def write_incident(connection: AsyncConnection, case: str, found: Incident, at: datetime) -> None:
    """An incident, with its devices; it is open again where somebody had not yet closed the case of the one before."""
    place = found.place
    statement = insert(connection, incident).values(
        case=case,
        principal=place.principal,
        scope=place.scope.value,
        name=place.name,
        watched=found.watched,
        counted=0,
        opened_at=at,
    )
    await connection.execute(statement.on_conflict_do_update(index_elements=["case"], set_={"closed_at": None}))
    await join(connection, case, found.devices, at)


async def join(connection: AsyncConnection, case: str, devices: Sequence[str], at: datetime) -> None:
    """Count these silent devices to an incident; one that was in it before is in it again."""
    for some in portions(list(devices)):
        await connection.execute(update(device_silence).where(device_silence.c.device.in_(some)).values(incident=case))
        statement = insert(connection, incident_device)
        statement = statement.on_conflict_do_update(index_elements=["case", "device"], set_={"back_at": None})
        await connection.execute(
            statement, [{"case": case, "device": device, "joined_at": at, "back_at": None} for device in some]
        )
    members = select(func.count()).where(incident_device.c.case == case).scalar_subquery()
    await connection.execute(update(incident).where(incident.c.case == case).values(counted=members))


async def leave(connection: AsyncConnection, devices: Iterable[str], at: datetime) -> None:
    """These are back, whichever incident they were in."""
    for some in portions(sorted(devices)):
        gone = incident_device.c.device.in_(some) & incident_device.c.back_at.is_(None)
        await connection.execute(update(incident_device).where(gone).values(back_at=at))


async def left_lost(connection: AsyncConnection, case: str) -> list[str]:
    """The devices of an incident that are still lost."""
    query = select(device_silence.c.device).where(
        device_silence.c.incident == case, device_silence.c.level == DeviceHealth.LOST.value
    )
    return list((await connection.scalars(query.order_by(device_silence.c.device))).all())


async def already_in(connection: AsyncConnection, devices: Iterable[str]) -> set[str]:
    """Which of these silent devices are part of an incident."""
    found: set[str] = set()
    for some in portions(sorted(devices)):
        query = select(device_silence.c.device).where(
            device_silence.c.device.in_(some), device_silence.c.incident.is_not(None)
        )
        found.update(await connection.scalars(query))
    return found
