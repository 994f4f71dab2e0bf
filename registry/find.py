"""Finding what belongs together, for many at once: a hub's batch or a desk's rows cost a few queries, not one each."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import Column, ColumnElement, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.store import among
from kit.wire.case import ResidentBrief
from registry.access import Who, Whom
from registry.tables import agreement, central, device, home, person, principal, resident, unit

T = TypeVar("T")
OWN_IDS = frozenset({"http", "mqtt"})
"""Protocols in which a device proves who it is and goes by its id here, whatever else it may speak besides."""
_OF_A_DEVICE = (
    device.c.id,
    device.c.protocol,
    device.c.account,
    device.c.principal,
    device.c.home,
    device.c.resident,
    device.c.state,
    device.c.kind,
    device.c.paired_at,
)
AT_ONCE = 500  # ids in one query: SQLite and PostgreSQL both bound the parameters of a statement
MANY_AT_ONCE = 10_000  # where they go as one array to PostgreSQL; SQLite takes three times as many


@dataclass(frozen=True, slots=True)
class FoundDevice:
    """A device as its account names it; `kind` is what it is (alarm, tablet, lock).

    `resident` is none where several share it; `residents` live in its home.
    """

    id: str
    protocol: str
    account: str
    principal: str
    unit: str
    home: str
    resident: str | None
    residents: tuple[str, ...]
    state: str
    kind: str
    paired_at: datetime | None = None

    @property
    def live(self) -> bool:
        """Whether its alarms are answered; before a test from its own button they are not (domain.md, 11)."""
        return self.state == "live"


@dataclass(frozen=True, slots=True)
class HomeBrief:
    """What a row in the queue says of a home. `town` is none where a protected identity lives."""

    town: str | None
    household: int


def age_at(born: date | None, day: date) -> int | None:
    """Age in whole years on that day; born on 29 February, one grows older on 1 March."""
    if born is None:
        return None
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


async def find_devices(
    connection: AsyncConnection, accounts: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], FoundDevice]:
    """The devices that go by these (protocol, account); what is unknown is left out. One query a protocol.

    The keys are as they were asked for, whatever protocol the device is entered with.
    """
    found: dict[tuple[str, str], FoundDevice] = {}
    for protocol, name, condition in _asked_for(connection, accounts, AT_ONCE):
        found.update({(protocol, getattr(one, name.key)): one for one in await _device_rows(connection, condition)})
    return found


async def find_ids(connection: AsyncConnection, accounts: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """The ids alone of what `find_devices` finds: for thousands at once, of which nothing else is asked."""
    found: dict[tuple[str, str], str] = {}
    for protocol, name, condition in _asked_for(connection, accounts, MANY_AT_ONCE):
        query = select(name, device.c.id).where(device.c.home.is_not(None), condition)
        found.update({(protocol, account): device_id for account, device_id in await connection.execute(query)})
    return found


def _asked_for(
    connection: AsyncConnection, accounts: Iterable[tuple[str, str]], most: int
) -> Iterator[tuple[str, Column[str], ColumnElement[bool]]]:
    """Each query that finds the devices which go by these: the protocol, the column they go by in it, the condition.

    A protocol at a time: a list of pairs would cost PostgreSQL an index scan, and planning, for each pair.
    """
    by_protocol: dict[str, set[str]] = {}
    for protocol, account in accounts:
        by_protocol.setdefault(protocol, set()).add(account)
    for protocol, some_accounts in sorted(by_protocol.items()):
        name = device.c.id if protocol in OWN_IDS else device.c.account
        for some in portions(sorted(some_accounts), most):
            condition = among(connection, name, some)
            yield protocol, name, condition if protocol in OWN_IDS else (device.c.protocol == protocol) & condition


async def find_device(connection: AsyncConnection, device_id: str) -> FoundDevice | None:
    """A device by its id, whatever its state; none when there is no such device."""
    rows = await _device_rows(connection, device.c.id == device_id)
    return rows[0] if rows else None


async def _device_rows(connection: AsyncConnection, condition: ColumnElement[bool]) -> list[FoundDevice]:
    query = (
        select(*_OF_A_DEVICE, home.c.unit, resident.c.id)
        .join(home, home.c.id == device.c.home)
        .outerjoin(resident, resident.c.home == device.c.home)
        .where(condition)
        .order_by(device.c.id, resident.c.id)
    )
    living: dict[str, list[str]] = {}
    devices: dict[str, tuple[Any, ...]] = {}
    for *columns, unit_id, lives_here in await connection.execute(query):
        devices[columns[0]] = (*columns, unit_id)
        living.setdefault(columns[0], []).extend([lives_here] if lives_here else [])
    return [
        FoundDevice(
            id=device_id,
            protocol=protocol,
            account=account,
            principal=principal_id,
            unit=unit_id,
            home=home_id,
            resident=resident_id,
            residents=tuple(living[device_id]),
            state=state,
            kind=kind,
            paired_at=paired_at,
        )
        for (
            device_id,
            protocol,
            account,
            principal_id,
            home_id,
            resident_id,
            state,
            kind,
            paired_at,
            unit_id,
        ) in devices.values()
    ]


async def whom_of_resident(connection: AsyncConnection, resident_id: str) -> Whom:
    """A resident as `decide` wants it; empty when there is none."""
    query = select(resident.c.principal, resident.c.unit, resident.c.home).where(resident.c.id == resident_id)
    row = (await connection.execute(query)).first()
    return Whom() if row is None else Whom(principal=row[0], unit=row[1], resident=resident_id, home=row[2])


async def residents_brief(connection: AsyncConnection, ids: Collection[str], at: datetime) -> dict[str, ResidentBrief]:
    """Name, age and unit for these residents."""
    found: dict[str, ResidentBrief] = {}
    for some in portions(sorted(set(ids))):
        query = (
            select(resident.c.id, resident.c.name, resident.c.born, resident.c.unit, unit.c.name.label("unit_name"))
            .join(unit, unit.c.id == resident.c.unit)
            .where(resident.c.id.in_(some))
        )
        for row in (await connection.execute(query)).mappings():
            found[row["id"]] = ResidentBrief(
                id=row["id"],
                name=row["name"],
                age=age_at(row["born"], at.date()),
                unit=row["unit"],
                unit_name=row["unit_name"],
            )
    return found


async def homes_brief(connection: AsyncConnection, ids: Collection[str]) -> dict[str, HomeBrief]:
    """Town and size of household for these homes."""
    found: dict[str, HomeBrief] = {}
    for some in portions(sorted(set(ids))):
        query = (
            select(home.c.id, home.c.town, resident.c.id.label("resident"), resident.c.protected)
            .outerjoin(resident, resident.c.home == home.c.id)
            .where(home.c.id.in_(some))
        )
        for row in (await connection.execute(query)).mappings():
            before = found.get(row["id"], HomeBrief(row["town"], 0))
            found[row["id"]] = HomeBrief(
                town=None if row["protected"] else before.town,
                household=before.household + (row["resident"] is not None),
            )
    return found


async def person_names(connection: AsyncConnection, ids: Collection[str]) -> dict[str, str]:
    """Names of staff by id."""
    return await _names(connection, person.c.id, person.c.name, ids)


async def principal_names(connection: AsyncConnection, ids: Collection[str]) -> dict[str, str]:
    """Names of principals by id."""
    return await _names(connection, principal.c.id, principal.c.name, ids)


async def place_name(connection: AsyncConnection, who: Who) -> str:
    """Where somebody works, for the head of a page: the central, the unit, or the principal."""
    for table, place in ((central, who.central), (unit, who.unit), (principal, who.principal)):
        if place is not None:
            return str(await connection.scalar(select(table.c.name).where(table.c.id == place)) or "")
    return ""


async def helper_name(connection: AsyncConnection, principal_id: str, at: datetime) -> str:
    """The alarm centre that answers for a principal at that moment; the principal itself where none has agreed."""
    query = (
        select(central.c.name)
        .join(agreement, agreement.c.central == central.c.id)
        .where(agreement.c.principal == principal_id, agreement.c.starts_at <= at)
        .where(or_(agreement.c.ends_at.is_(None), agreement.c.ends_at > at))
        .order_by(agreement.c.starts_at.desc(), central.c.id)
        .limit(1)
    )
    name = await connection.scalar(query)
    if name is None:
        name = await connection.scalar(select(principal.c.name).where(principal.c.id == principal_id))
    return str(name or "")


async def serving(connection: AsyncConnection, principal_id: str, at: datetime) -> dict[str, str]:
    """The names of the desks that serve a principal at that moment: its own, and each central with an agreement."""
    query = (
        select(central.c.id, central.c.name)
        .join(agreement, agreement.c.central == central.c.id)
        .where(agreement.c.principal == principal_id, agreement.c.starts_at <= at)
        .where(or_(agreement.c.ends_at.is_(None), agreement.c.ends_at > at))
    )
    found = {row.id: row.name for row in await connection.execute(query)}
    return {**await principal_names(connection, [principal_id]), **found}


async def home_place(
    connection: AsyncConnection, *, resident_id: str | None, home_id: str | None
) -> tuple[str, str, str, str] | None:
    """Address, town, floor and door of a resident's home, or of that home; none when there is none such."""
    query = select(home.c.address, home.c.town, home.c.floor, home.c.door)
    if resident_id is not None:
        query = query.join(resident, resident.c.home == home.c.id).where(resident.c.id == resident_id)
    else:
        query = query.where(home.c.id == home_id)
    row = (await connection.execute(query)).first()
    return None if row is None else (row.address, row.town, row.floor, row.door)


async def some_central(connection: AsyncConnection, at: datetime) -> bool:
    """Whether any central serves anybody at that moment."""
    query = select(agreement.c.id).where(agreement.c.starts_at <= at)
    query = query.where(or_(agreement.c.ends_at.is_(None), agreement.c.ends_at > at)).limit(1)
    return await connection.scalar(query) is not None


async def _names(
    connection: AsyncConnection, key: Column[str], name: Column[str], ids: Collection[str]
) -> dict[str, str]:
    found: dict[str, str] = {}
    for some in portions(sorted(set(ids))):
        rows = await connection.execute(select(key, name).where(key.in_(some)))
        found.update({row[0]: row[1] for row in rows})
    return found


def portions(things: list[T], most: int = AT_ONCE) -> Iterable[list[T]]:
    """The same things, in lists short enough for one query each."""
    for start in range(0, len(things), most):
        yield things[start : start + most]
