"""Devices as pages and API callers see them, with how they are; and the filters by which they are looked for."""

import csv
import io
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, RowMapping, Select, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.wire.resident import DeviceFault, DeviceList, DeviceStepView, DeviceView
from kit.wire.words import DeviceHealth, DeviceState, Radio, Reason
from registry.find import person_names, portions
from registry.inventory.rules import SPEAKING, state_of
from registry.inventory.tables import device_fault, device_model, device_silence, device_step
from registry.tables import device, device_seen, home

AT_HOME = tuple(sorted(state.value for state in SPEAKING))
CSV_MOST = 50_000
CSV_COLUMNS = (
    "id", "kind", "model", "protocol", "account", "state", "principal", "unit", "home", "resident", "health",
    "silent_since", "faults", "last_seen_at", "last_test_at", "radio", "radio_ends_on", "network",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Filters:
    """Which devices; what is none is not asked about.

    `of` is (resident, home): only that resident's and what belongs to the home as a whole. `untested_since`: at a home,
    and not tested since then. `radio_ends_before`: its radio is no more by that day.
    """

    of: tuple[str, str | None] | None = None
    state: DeviceState | None = None
    health: DeviceHealth | None = None
    untested_since: datetime | None = None
    radio_ends_before: date | None = None


def of_resident(resident_id: str, home_id: str | None) -> ColumnElement[bool]:
    """The devices of one resident, and those of the whole home."""
    return or_(device.c.resident == resident_id, device.c.resident.is_(None) & (device.c.home == home_id))


def _query() -> Select[tuple[object, ...]]:
    return (
        select(
            device,
            home.c.unit,
            device_seen.c.last_seen_at,
            device_seen.c.last_test_at,
            device_model.c.heartbeat_s,
            device_model.c.radio,
            device_model.c.radio_ends_on,
            device_silence.c.level,
            device_silence.c.heard_at,
            device_silence.c.noticed_at,
        )
        .outerjoin(home, home.c.id == device.c.home)
        .outerjoin(device_seen, device_seen.c.device == device.c.id)
        .outerjoin(device_model, device_model.c.name == device.c.model)
        .outerjoin(device_silence, device_silence.c.device == device.c.id)
        .order_by(device.c.id)
    )


def _conditions(filters: Filters) -> Iterable[ColumnElement[bool]]:
    if filters.of is not None:
        yield of_resident(*filters.of)
    if filters.state is not None:
        yield device.c.state == filters.state.value
    if filters.health is not None:
        yield _has_health(filters.health)
    if filters.untested_since is not None:
        tested = device_seen.c.last_test_at
        yield device.c.state.in_(AT_HOME) & or_(tested.is_(None), tested < filters.untested_since)
    if filters.radio_ends_before is not None:
        yield device_model.c.radio_ends_on < filters.radio_ends_before


def _has_health(health: DeviceHealth) -> ColumnElement[bool]:
    watched = (device.c.state == DeviceState.LIVE.value) & device_model.c.heartbeat_s.is_not(None)
    match health:
        case DeviceHealth.UNWATCHED:
            return or_(device.c.state != DeviceState.LIVE.value, device_model.c.heartbeat_s.is_(None))
        case DeviceHealth.OK:
            return watched & device_silence.c.level.is_(None)
        case _:
            return watched & (device_silence.c.level == health.value)


async def device_page(
    connection: AsyncConnection, principals: Collection[str], filters: Filters, *, limit: int, cursor: str | None
) -> tuple[DeviceList, frozenset[str]]:
    """A page of these principals' devices by id, and the principals that are on it."""
    query = _query().where(device.c.principal.in_(sorted(principals)), *_conditions(filters)).limit(limit + 1)
    if cursor is not None:
        query = query.where(device.c.id > cursor)
    rows = (await connection.execute(query)).mappings().all()
    items = await _views(connection, rows[:limit])
    page = DeviceList(items=items, next=items[-1].id if len(rows) > limit else None)
    return page, frozenset(row["principal"] for row in rows[:limit])


async def devices_of(connection: AsyncConnection, resident_id: str, home_id: str | None) -> list[DeviceView]:
    """A resident's devices, for the card."""
    query = _query().where(of_resident(resident_id, home_id)).limit(100)
    return await _views(connection, (await connection.execute(query)).mappings().all())


async def one_device(connection: AsyncConnection, device_id: str) -> DeviceView | None:
    """A device, none when there is no such device."""
    rows = (await connection.execute(_query().where(device.c.id == device_id))).mappings().all()
    return (await _views(connection, rows))[0] if rows else None


async def steps_of(connection: AsyncConnection, device_id: str) -> list[DeviceStepView]:
    """What has happened to a device, oldest first."""
    query = select(device_step).where(device_step.c.device == device_id).order_by(device_step.c.id)
    rows = (await connection.execute(query)).mappings().all()
    names = await person_names(connection, {row["by"] for row in rows if row["by"]})
    return [
        DeviceStepView(
            **{name: row[name] for name in ("at", "step", "by", "home", "resident", "signal")},
            state=state_of(row["state"]),
            by_name=names.get(row["by"]) if row["by"] else None,
        )
        for row in rows
    ]


async def _views(connection: AsyncConnection, rows: Sequence[RowMapping]) -> list[DeviceView]:
    faults: dict[str, list[DeviceFault]] = {}
    for some in portions([row["id"] for row in rows]):
        query = select(device_fault).where(device_fault.c.device.in_(some)).order_by(device_fault.c.since)
        for fault in (await connection.execute(query)).mappings():
            faults.setdefault(fault["device"], []).append(
                DeviceFault(reason=Reason(fault["reason"]), since=fault["since"])
            )
    return [_view(row, faults.get(row["id"], [])) for row in rows]


def _view(row: RowMapping, faults: list[DeviceFault]) -> DeviceView:
    plain = (
        "id", "kind", "model", "protocol", "account", "principal", "unit", "home", "resident", "last_seen_at",
        "last_test_at", "heartbeat_s", "radio_ends_on", "network", "paired_at", "tested_at", "live_at",
    )  # fmt: skip
    state = state_of(row["state"])
    watched = state is DeviceState.LIVE and row["heartbeat_s"] is not None
    level = DeviceHealth(row["level"]) if row["level"] else DeviceHealth.OK
    health = level if watched else DeviceHealth.UNWATCHED
    silent = health in {DeviceHealth.LATE, DeviceHealth.LOST}
    return DeviceView(
        **{name: row[name] for name in plain},
        state=state,
        health=health,
        silent_since=(row["heard_at"] or row["noticed_at"]) if silent else None,
        faults=faults,
        radio=Radio(row["radio"]) if row["radio"] else Radio.UNKNOWN,
    )


def as_csv(items: Iterable[DeviceView]) -> str:
    """The list as CSV, a line a device; nothing in it begins a formula where it is opened."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(CSV_COLUMNS)
    for one in items:
        said = one.model_dump(mode="json") | {"faults": " ".join(fault.reason.value for fault in one.faults)}
        writer.writerow([_cell(said[name]) for name in CSV_COLUMNS])
    return out.getvalue()


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def untested_since(days: int | None, at: datetime) -> datetime | None:
    """What "not tested for N days" means at that moment."""
    return None if days is None else at - timedelta(days=days)
