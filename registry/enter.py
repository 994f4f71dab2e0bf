"""Entering people and things into the registry from the shell; nothing is changed that is there already."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Table, select
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.errors import Refusal
from kit.store import refresh_statistics
from kit.wire.words import Role
from registry.find import OWN_IDS, portions
from registry.sheet import ACCOUNTS, ALARM_DEVICES, ID, Problem, Sheet
from registry.tables import assignment, central, device, home, lock, person, principal, resident, unit

LOCK_PROTOCOLS = ("nuki", "mqtt", "homeassistant", "http", "tedee", "webhook")
AT_A_DESK = (Role.OPERATOR, Role.SUPERVISOR)


@dataclass(frozen=True, slots=True)
class Counts:
    """What an import holds."""

    residents: int
    homes: int
    devices: int


async def add_person(
    connection: AsyncConnection,
    person_id: str,
    name: str,
    role: Role,
    at: datetime,
    *,
    unit_id: str | None = None,
    principal_id: str | None = None,
    central_id: str | None = None,
) -> None:
    """Enter somebody with a role in a unit, a principal or a central (one of them), in force from `at`.

    Raises Refusal: `bad_id`, `exists`, `no_such_place`, `one_place`, `not_in_a_unit` for desk roles, and
    `only_desk_roles` for other roles at a central.
    """
    places: list[tuple[Table, str]] = [
        (table, place)
        for table, place in ((unit, unit_id), (principal, principal_id), (central, central_id))
        if place is not None
    ]
    if not ID.fullmatch(person_id):
        raise Refusal("bad_id", id=person_id)
    if len(places) != 1:
        raise Refusal("one_place")
    if role in AT_A_DESK and unit_id is not None:
        raise Refusal("not_in_a_unit")
    if role not in AT_A_DESK and central_id is not None:
        raise Refusal("only_desk_roles")
    table, place = places[0]
    if not await _exists(connection, table.c.id, place):
        raise Refusal("no_such_place", id=place)
    if await _exists(connection, person.c.id, person_id):
        raise Refusal("exists", id=person_id)
    await connection.execute(person.insert().values(id=person_id, name=name))
    await connection.execute(
        assignment.insert().values(
            id=person_id,
            person=person_id,
            role=role.value,
            unit=unit_id,
            principal=principal_id,
            central=central_id,
            starts_at=at,
        )
    )


async def add_device(
    connection: AsyncConnection,
    *,
    protocol: str,
    account: str | None = None,
    device_id: str | None = None,
    resident_id: str | None = None,
    home_id: str | None = None,
    model: str = "",
) -> str:
    """Enter a device at a resident's home, or at a home that several share; answers its id.

    Without `device_id` it is called after protocol and account; an HTTP device's account is its id.
    Raises Refusal: `bad_protocol`, `bad_id`, `bad_account`, `one_place`, `no_such_place`, `exists`, `account_taken`.
    """
    if protocol not in ACCOUNTS:
        raise Refusal("bad_protocol", known=", ".join(ACCOUNTS))
    if protocol == "http":
        account = account or device_id
        device_id = device_id or account
        if account != device_id:
            raise Refusal("bad_account", id=account)
    account = account or ""
    chosen = device_id or f"{protocol}-{account}"
    if not ACCOUNTS[protocol].fullmatch(account):
        raise Refusal("bad_account", id=account)
    if not ID.fullmatch(chosen):
        raise Refusal("bad_id", id=chosen)
    if (resident_id is None) == (home_id is None):
        raise Refusal("one_place")
    if resident_id is not None:
        query = select(resident.c.principal, resident.c.home).where(resident.c.id == resident_id)
    else:
        query = select(home.c.principal, home.c.id).where(home.c.id == home_id)
    place = (await connection.execute(query)).first()
    if place is None:
        raise Refusal("no_such_place", id=resident_id or home_id)
    if await _exists(connection, device.c.id, chosen):
        raise Refusal("exists", id=chosen)
    taken = select(device.c.id).where(device.c.protocol == protocol, device.c.account == account)
    if (other := await connection.scalar(taken)) is not None:
        raise Refusal("account_taken", id=other)
    await connection.execute(
        device.insert().values(
            id=chosen,
            principal=place[0],
            home=place[1],
            resident=resident_id,
            kind="alarm" if protocol in ALARM_DEVICES else "tablet",
            model=model,
            protocol=protocol,
            account=account,
        )
    )
    return chosen


async def add_lock(
    connection: AsyncConnection,
    lock_id: str,
    *,
    home_id: str,
    protocol: str,
    account: str | None = None,
    door: str = "",
    action: str = "unlatch",
    model: str = "",
) -> None:
    """Enter a lock of a home. `account` is what its maker calls it; over HTTP and our own topics it goes by its own id.

    Raises Refusal: `bad_protocol`, `bad_id`, `bad_account`, `no_such_place`, `exists`, `account_taken`.
    """
    if protocol not in LOCK_PROTOCOLS:
        raise Refusal("bad_protocol", known=", ".join(LOCK_PROTOCOLS))
    if not ID.fullmatch(lock_id):
        raise Refusal("bad_id", id=lock_id)
    account = account or lock_id
    if not ID.fullmatch(account) or (protocol in OWN_IDS and account != lock_id):
        raise Refusal("bad_account", id=account)
    owner = await connection.scalar(select(home.c.principal).where(home.c.id == home_id))
    if owner is None:
        raise Refusal("no_such_place", id=home_id)
    if await _exists(connection, device.c.id, lock_id):
        raise Refusal("exists", id=lock_id)
    taken = select(device.c.id).where(device.c.protocol == protocol, device.c.account == account)
    if (other := await connection.scalar(taken)) is not None:
        raise Refusal("account_taken", id=other)
    row = {"id": lock_id, "principal": owner, "home": home_id, "kind": "lock", "model": model}
    await connection.execute(device.insert().values(**row, protocol=protocol, account=account))
    await connection.execute(lock.insert().values(id=lock_id, door=door, action=action))


async def check_sheet(connection: AsyncConnection, sheet: Sheet) -> list[Problem]:
    """What of the table the registry cannot take in; with the table's own problems, by line."""
    problems = list(sheet.problems)
    units = await _known(connection, unit.c.id, {row["unit"] for row in sheet.homes.values()})
    for key, row in sheet.homes.items():
        if row["unit"] not in units:
            problems.append(Problem(sheet.lines["home", key], f"There is no unit {row['unit']}."))
    for kind, column in (("resident", resident.c.id), ("home", home.c.id), ("device", device.c.id)):
        for key in await _known(connection, column, sheet.rows(kind)):
            problems.append(Problem(sheet.lines[kind, key], f"There is a {kind} {key} already."))
    return sorted([*problems, *await _accounts(connection, sheet)], key=lambda one: one.line)


async def take_in(connection: AsyncConnection, sheet: Sheet) -> Counts:
    """Write a table that has no problems, in the caller's transaction."""
    principals = {row.id: row.principal for row in await connection.execute(select(unit.c.id, unit.c.principal))}
    of_home = {key: principals[row["unit"]] for key, row in sheet.homes.items()}
    homes = [{"id": key, "principal": of_home[key], **row} for key, row in sheet.homes.items()]
    residents = [{"id": key, "principal": of_home[row["home"]], **row} for key, row in sheet.residents.items()]
    devices = [{"id": key, "principal": of_home[row["home"]], **row} for key, row in sheet.devices.items()]
    written = [(table, rows) for table, rows in ((home, homes), (resident, residents), (device, devices)) if rows]
    for table, rows in written:
        # Cells left empty take the column's default, so rows that tell the same columns go together.
        alike: dict[tuple[str, ...], list[dict[str, Any]]] = {}
        for row in rows:
            alike.setdefault(tuple(sorted(row)), []).append(row)
        for some in alike.values():
            await connection.execute(table.insert(), some)
    await refresh_statistics(connection, *(table for table, _ in written))
    return Counts(len(residents), len(homes), len(devices))


async def _accounts(connection: AsyncConnection, sheet: Sheet) -> list[Problem]:
    problems: list[Problem] = []
    seen: dict[tuple[str, str], str] = {}
    for key, row in sheet.devices.items():
        pair = (row["protocol"], row["account"])
        if pair in seen:
            problems.append(Problem(sheet.lines["device", key], f"The account of {key} is that of {seen[pair]} too."))
        seen[pair] = key
    accounts = {row["account"] for row in sheet.devices.values()}
    for some in portions(sorted(accounts)):
        query = select(device.c.protocol, device.c.account, device.c.id).where(device.c.account.in_(some))
        for protocol, account, other in await connection.execute(query):
            wanted = seen.get((protocol, account))
            if wanted is not None and wanted != other:
                line = sheet.lines["device", wanted]
                problems.append(Problem(line, f"The account of {wanted} belongs to {other} already."))
    return problems


async def _known(connection: AsyncConnection, column: Column[str], ids: Iterable[str]) -> set[str]:
    found: set[str] = set()
    for some in portions(sorted(set(ids))):
        found.update(await connection.scalars(select(column).where(column.in_(some))))
    return found


async def _exists(connection: AsyncConnection, column: Column[str], value: str) -> bool:
    return await connection.scalar(select(column).where(column == value)) is not None
