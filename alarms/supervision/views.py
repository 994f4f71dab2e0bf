"""Incidents as pages and API callers see them: how many are silent of what, and which."""

from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from alarms.supervision.tables import incident, incident_device
from kit.wire.case import IncidentBrief, IncidentDevice, IncidentDevices
from kit.wire.words import Scope
from registry.inventory.tables import device_silence
from registry.tables import device, device_seen, home, principal, resident, unit


async def incident_briefs(connection: AsyncConnection, cases: Collection[str]) -> dict[str, IncidentBrief]:
    """What the incidents among these cases are about, by case."""
    if not cases:
        return {}
    silent = select(func.count()).where(device_silence.c.incident == incident.c.case).scalar_subquery()
    query = (
        select(incident, silent.label("silent"), unit.c.name.label("unit_name"), principal.c.name.label("owner"))
        .outerjoin(unit, (unit.c.id == incident.c.name) & (incident.c.scope == Scope.UNIT.value))
        .join(principal, principal.c.id == incident.c.principal)
        .where(incident.c.case.in_(sorted(cases)))
    )
    found = {}
    for row in (await connection.execute(query)).mappings():
        scope = Scope(row["scope"])
        name = {Scope.UNIT: row["unit_name"], Scope.PRINCIPAL: row["owner"]}.get(scope) or row["name"]
        found[row["case"]] = IncidentBrief(
            scope=scope,
            name=name,
            silent=row["silent"] if row["closed_at"] is None else 0,
            counted=row["counted"],
            watched=row["watched"],
        )
    return found


async def incident_devices(
    connection: AsyncConnection, case: str, *, silent: bool | None, limit: int, cursor: str | None
) -> IncidentDevices:
    """A page of an incident's devices by id; with `silent` only those that still are, or that are back."""
    query = (
        select(
            incident_device,
            device.c.model,
            device.c.resident,
            resident.c.name.label("resident_name"),
            home.c.unit,
            device_seen.c.last_seen_at,
        )
        .join(device, device.c.id == incident_device.c.device)
        .outerjoin(home, home.c.id == device.c.home)
        .outerjoin(resident, resident.c.id == device.c.resident)
        .outerjoin(device_seen, device_seen.c.device == device.c.id)
        .where(incident_device.c.case == case)
        .order_by(incident_device.c.device)
        .limit(limit + 1)
    )
    if silent is not None:
        back = incident_device.c.back_at
        query = query.where(back.is_(None) if silent else back.is_not(None))
    if cursor is not None:
        query = query.where(incident_device.c.device > cursor)
    rows = (await connection.execute(query)).mappings().all()
    items = [IncidentDevice(**{name: row[name] for name in IncidentDevice.model_fields}) for row in rows[:limit]]
    return IncidentDevices(items=items, next=items[-1].device if len(rows) > limit else None)
