"""The night's county in the registry, and the tokens of who takes part in it: `nattljus simulate night`.

Safe to repeat: what is there is left as it stands, and only what is missing is entered. Ids begin with `night-`, and
the county has a central of its own, so that no night shows on anybody else's desk.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Table, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from clients.simulated.night import county
from clients.simulated.night.county import CENTRAL, COUNTY, SUPERVISOR, Resident, Way
from kit.clock import Clock
from kit.store import Store, insert
from kit.tokens import Signer
from kit.wire.words import Radio, Role
from registry import enter
from registry.find import portions
from registry.inventory.acts import set_model
from registry.sessions import issue_device_token, issue_person_token
from registry.sheet import Sheet
from registry.tables import agreement, assignment, central, device, device_seen, person, principal, resident, unit

PORTION = 1_000  # residents in one transaction: the platform writes between two of them
BEFORE = timedelta(days=1)
MODELS = {Way.UDP: "Natt SC1", Way.TCP: "Natt SC1", Way.HTTP: "Natt mobil"}
RADIOS = {Way.UDP: Radio.LTE_M, Way.TCP: Radio.LTE_M, Way.HTTP: Radio.LTE}
AT_REST = "Natt vilar"  # a model that promises no heartbeats


async def move_in(store: Store, people: Sequence[Resident], operators: int, responders: int, clock: Clock) -> int:
    """Enter what is missing of the county; how many residents that were."""
    async with store.write() as connection:
        await _places(connection, clock)
        await _staff(connection, operators, responders, clock)
    new = 0
    for start in range(0, len(people), PORTION):
        some = people[start : start + PORTION]
        async with store.write() as connection:
            there = await _there(connection, some)
            missing = [one for one in some if one.id not in there]
            if missing:
                await enter.take_in(connection, sheet_of(missing))
        new += len(missing)
    return new


async def tokens(
    store: Store,
    signer: Signer,
    people: Sequence[Resident],
    operators: int,
    responders: int,
    clock: Clock,
    lasting: timedelta,
) -> tuple[dict[str, str], dict[str, str]]:
    """The bearer tokens of the staff and of the HTTP devices, by id."""
    at = clock.now()
    patrols = [whom for area in county.areas() for whom in county.responders(area, responders)]
    staff = (*county.operators(operators), SUPERVISOR, *patrols)
    http = [one.device for one in people if one.way is Way.HTTP]
    serials: dict[str, int] = {}
    async with store.read() as connection:
        for some in portions(http):
            query = select(device.c.id, device.c.token_serial).where(device.c.id.in_(some))
            serials |= {row.id: row.token_serial for row in await connection.execute(query)}
    return (
        {whom: issue_person_token(signer, whom, whom, at, lasting) for whom in staff},
        {one: issue_device_token(signer, one, serial, at) for one, serial in serials.items()},
    )


async def watch(store: Store, people: Sequence[Resident], every: Mapping[Way, float], clock: Clock) -> None:
    """Have these people's devices watched from now on, as if all had just been heard: they have slept since last night.

    `every` is real seconds between two heartbeats. Devices of the county that take no part are not watched.
    """
    await rest(store)
    async with store.write() as connection:
        for way, name in MODELS.items():
            await set_model(connection, name, heartbeat_s=round(every[way]), radio=RADIOS[way], radio_ends_on=None)
    for way, name in MODELS.items():
        for some in portions([one.device for one in people if one.way is way]):
            async with store.write() as connection:
                seen = [{"device": one, "last_seen_at": clock.now()} for one in some]
                statement = insert(connection, device_seen)
                heard = {"last_seen_at": statement.excluded.last_seen_at}
                await connection.execute(statement.on_conflict_do_update(index_elements=["device"], set_=heard), seen)
                await connection.execute(update(device).where(device.c.id.in_(some)).values(model=name))


async def rest(store: Store) -> None:
    """The night is over: nobody misses a device of the county any more."""
    async with store.write() as connection:
        of_night = device.c.model.in_(MODELS.values())
        await connection.execute(update(device).where(of_night).values(model=AT_REST))


def sheet_of(people: Iterable[Resident]) -> Sheet:
    """These residents as the table of an import."""
    sheet = Sheet()
    for one in people:
        area = one.area
        sheet.homes[one.home] = {"unit": area.id, "address": f"Nattstigen {one.number}", "town": area.town}
        sheet.residents[one.id] = {"home": one.home, "unit": area.id, "name": one.name}
        sheet.devices[one.device] = {
            "home": one.home,
            "resident": one.id,
            "kind": "tablet" if one.way is Way.HTTP else "alarm",
            "model": AT_REST,
            "protocol": "http" if one.way is Way.HTTP else "scaip",
            "account": one.account,
        }
    return sheet


async def _places(connection: AsyncConnection, clock: Clock) -> None:
    span = {"starts_at": clock.now() - BEFORE}
    await _add(connection, principal, [{"id": one.id, "name": one.name} for one in COUNTY])
    await _add(
        connection, unit, [{"id": one.id, "principal": one.principal, "name": one.name} for one in county.areas()]
    )
    await _add(connection, central, [{"id": CENTRAL[0], "name": CENTRAL[1]}])
    served = [{"id": f"{CENTRAL[0]}-{one.id}", "central": CENTRAL[0], "principal": one.id, **span} for one in COUNTY]
    await _add(connection, agreement, served)


async def _staff(connection: AsyncConnection, operators: int, responders: int, clock: Clock) -> None:
    desk = {"unit": None, "central": CENTRAL[0]}
    staff = [(SUPERVISOR, Role.SUPERVISOR, desk), *((one, Role.OPERATOR, desk) for one in county.operators(operators))]
    for area in county.areas():
        team = {"unit": area.id, "central": None}
        staff += [(one, Role.WORKER, team) for one in county.responders(area, responders)]
    since = clock.now() - BEFORE
    await _add(connection, person, [{"id": whom, "name": county.name_of(whom)} for whom, _, _ in staff])
    roles = [{"id": whom, "person": whom, "role": role, **place, "starts_at": since} for whom, role, place in staff]
    await _add(connection, assignment, roles)


async def _there(connection: AsyncConnection, people: Sequence[Resident]) -> set[str]:
    found: set[str] = set()
    for some in portions([one.id for one in people]):
        found.update(await connection.scalars(select(resident.c.id).where(resident.c.id.in_(some))))
    return found


async def _add(connection: AsyncConnection, table: Table, rows: list[dict[str, Any]]) -> None:
    await connection.execute(insert(connection, table).on_conflict_do_nothing(), rows)
