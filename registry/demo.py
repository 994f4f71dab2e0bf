"""The demonstration's people and things (`run --demo`): names that scripts and tests lean on, invented persons.

Telephone numbers are from the ranges that Sweden's PTS sets aside for fiction (031-390 06 00–49, 070-174 06 05–99).
Filling in is safe to repeat: what is there is left as it stands, also where somebody has changed it.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Table
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.store import insert
from kit.tokens import Signer
from kit.wire.session import DemoPeople, DemoPerson
from kit.wire.words import DeviceState, Radio, Role
from registry.demo_residents import GRANNE, KOMMUN, DemoResident
from registry.demo_steps import OWN_STEPS, RESIDENT_STEPS
from registry.inventory.tables import device_model
from registry.publication import Product, publish
from registry.sessions import PERSON_LIFETIME, choose_assignment, device_token, issue_person_token
from registry.steps import action_step, resident_step
from registry.tables import (
    agreement,
    assignment,
    central,
    client,
    contact,
    device,
    home,
    lock,
    person,
    principal,
    resident,
    unit,
)

TRACKER = "demo-phone-8"
SINCE = datetime(2026, 1, 1, tzinfo=UTC)

PRINCIPALS = (("demo-kommun", "Demo kommun"), ("demo-granne", "Granne kommun"))
UNITS = (
    ("demo-norr", "demo-kommun", "Hemtjänst Norr"),
    ("demo-soder", "demo-kommun", "Hemtjänst Söder"),
    ("demo-granne-centrum", "demo-granne", "Hemtjänst Centrum"),
)
ARRIVE_WITHIN = {"demo-soder": 45}  # minutes; the usual elsewhere
CENTRAL = ("demo-larmcentral", "Larmcentralen Väst")
CLIENT = {
    "id": "demo-system",
    "principal": "demo-kommun",
    "name": "Uppföljningssystemet",
    "scopes": "events:read",
    "serial": 0,
    "starts_at": SINCE,
}

# id, name, role, where the role is held, what it is called on the page to choose from
STAFF = (
    ("demo-operator-1", "Karin Ekdahl", Role.OPERATOR, {"central": CENTRAL[0]}, "Larmoperatör, Larmcentralen Väst"),
    ("demo-operator-2", "Jonas Wiberg", Role.OPERATOR, {"central": CENTRAL[0]}, "Larmoperatör, Larmcentralen Väst"),
    ("demo-supervisor", "Maria Sandell", Role.SUPERVISOR, {"central": CENTRAL[0]}, "Gruppledare, Larmcentralen Väst"),
    ("demo-worker-1", "Anna Holm", Role.WORKER, {"unit": "demo-norr"}, "Undersköterska, Hemtjänst Norr"),
    ("demo-worker-2", "Amir Haddad", Role.WORKER, {"unit": "demo-norr"}, "Undersköterska, Hemtjänst Norr"),
    ("demo-worker-3", "Petra Lindahl", Role.WORKER, {"unit": "demo-soder"}, "Undersköterska, Hemtjänst Söder"),
    ("demo-worker-4", "Daniel Öberg", Role.WORKER, {"unit": "demo-soder"}, "Undersköterska, Hemtjänst Söder"),
    ("demo-planner", "Eva Strand", Role.PLANNER, {"principal": "demo-kommun"}, "Planerare, Demo kommun"),
    ("demo-installer", "Mikael Frisk", Role.INSTALLER, {"principal": "demo-kommun"}, "Tekniker, Demo kommun"),
    ("demo-administrator", "Lena Roos", Role.ADMINISTRATOR, {"principal": "demo-kommun"}, "Förvaltare, Demo kommun"),
    ("demo-reviewer", "Sofia Brandt", Role.REVIEWER, {"principal": "demo-kommun"}, "Loggranskare, Demo kommun"),
    (
        "demo-granne-operator",
        "Fredrik Hagman",
        Role.OPERATOR,
        {"principal": "demo-granne"},
        "Larmoperatör, Granne kommun",
    ),
)

# Make and model, seconds between heartbeats, radio, its last day. Those that the simulated life drives send heartbeats;
# the others are of makes that send none, so that nobody calls them lost.
WATCHED_MODEL = "Trygghetslarm 4G"
OLD_MODEL = "Trygghetslarm GSM"
MODELS: tuple[tuple[str, int | None, Radio, date | None], ...] = (
    ("Trygghetslarm", None, Radio.LTE, None),
    (WATCHED_MODEL, 300, Radio.LTE, None),
    (OLD_MODEL, None, Radio.GSM, date(2027, 12, 31)),
    ("Nattljus hemma", None, Radio.WIFI, None),
    ("Mobilt larm", None, Radio.LTE_M, None),
)
NETWORKS = ("Nätet Ett", "Nätet Två")

# Where each role works today; roles whose page is not built yet are in the registry but not on the page to choose from.
PAGES: Mapping[Role, str] = {
    Role.OPERATOR: "/desk",
    Role.SUPERVISOR: "/desk",
    Role.WORKER: "/staff",
    Role.PLANNER: "/staff",
    Role.INSTALLER: "/devices",
    Role.ADMINISTRATOR: "/admin",
}


async def fill(connection: AsyncConnection) -> None:
    """Put the demonstration's data in place, in the caller's transaction; what is there already is left alone."""
    await _add(connection, principal, [{"id": key, "name": name} for key, name in PRINCIPALS])
    await _add(connection, unit, [_unit(*one) for one in UNITS])
    await _add(connection, central, [{"id": CENTRAL[0], "name": CENTRAL[1]}])
    await _add(
        connection,
        agreement,
        [
            {"id": f"{CENTRAL[0]}-{served}", "central": CENTRAL[0], "principal": served, "starts_at": SINCE}
            for served, _ in PRINCIPALS
        ],
    )
    await _add(connection, client, [CLIENT])
    for key, _ in PRINCIPALS:
        await publish(connection, key, Product.VISITS, SINCE)
    await _add(connection, person, [{"id": key, "name": name} for key, name, *_ in STAFF])
    await _add(
        connection,
        assignment,
        [
            {
                "id": key,
                "person": key,
                "role": role.value,
                "unit": place.get("unit"),
                "principal": place.get("principal"),
                "central": place.get("central"),
                "starts_at": SINCE,
            }
            for key, _, role, place, _ in STAFF
        ],
    )
    everybody = (*KOMMUN, *GRANNE)
    await _add(connection, home, {one.home: _home(one) for one in reversed(everybody)}.values())
    await _add(connection, resident, [_resident(one) for one in everybody])
    await _add(connection, contact, [row for one in everybody for row in _contacts(one)])
    await _add(
        connection,
        device_model,
        [
            {"name": name, "heartbeat_s": seconds, "radio": radio.value, "radio_ends_on": ends}
            for name, seconds, radio, ends in MODELS
        ],
    )
    await _add(connection, device, _devices())
    await _add(connection, device, _on_their_way())
    await _add(connection, device, [_tracker()])
    await _add(connection, device, _locks())
    await _add(connection, lock, [{"id": row["id"], "door": "Lägenhetsdörren"} for row in _locks()])
    await _add(connection, action_step, OWN_STEPS)
    await _add(connection, resident_step, RESIDENT_STEPS)


def demo_people() -> DemoPeople:
    """Everybody whose page exists, for the page to choose whom to be."""
    staff = [
        DemoPerson(id=key, name=name, what=what, page=PAGES[role])
        for key, name, role, _, what in STAFF
        if role in PAGES
    ]
    residents = [
        DemoPerson(id=one.id, name=one.name, what=f"Hemma i {one.town}", page="/home") for one in (*KOMMUN, *GRANNE)
    ]
    return DemoPeople(items=[*staff, *residents])


async def demo_token(
    connection: AsyncConnection,
    signer: Signer,
    whom: str,
    at: datetime,
    lifetime: timedelta = PERSON_LIFETIME,
) -> str | None:
    """A session as somebody: staff as themselves, a resident as the device at home, the mobile alarm as itself.

    None if unknown.
    """
    if any(whom == key for key, *_ in STAFF):
        chosen = await choose_assignment(connection, whom, at)
        return issue_person_token(signer, whom, chosen.id, at, lifetime)
    if whom == TRACKER:
        return await device_token(connection, signer, TRACKER, at)
    for one in (*KOMMUN, *GRANNE):
        if one.id == whom:
            return await device_token(connection, signer, one.app, at)
    return None


def _unit(key: str, owner: str, name: str) -> dict[str, Any]:
    return {"id": key, "principal": owner, "name": name, "arrive_within": ARRIVE_WITHIN.get(key, 30)}


def _home(one: DemoResident) -> dict[str, Any]:
    return {
        "id": one.home,
        "principal": one.principal,
        "unit": one.unit,
        "address": one.address,
        "town": one.town,
        "floor": one.floor,
        "door": one.name.rsplit(" ", 1)[-1],
        "door_code": one.door_code,
    }


def _resident(one: DemoResident) -> dict[str, Any]:
    return {
        "id": one.id,
        "principal": one.principal,
        "unit": one.unit,
        "home": one.home,
        "name": one.name,
        "pronounced": one.pronounced,
        "born": date.fromisoformat(one.born),
        "phone": one.phone,
        "language": one.language,
        "hearing": one.hearing,
        "sight": one.sight,
        "speech": one.speech,
        "pets": one.pets,
        "do_not_enter_alone": one.do_not_enter_alone,
        "instructions": one.instructions,
        "protected": one.protected,
    }


def _contacts(one: DemoResident) -> Iterable[dict[str, Any]]:
    for order, known in enumerate(one.contacts, 1):
        yield {
            "id": f"{one.id}-contact-{order}",
            "resident": one.id,
            "order": order,
            "name": known.name,
            "relation": known.relation,
            "phone": known.phone,
            "has_key": known.has_key,
            "consent": known.consent,
        }


def _devices() -> Iterable[dict[str, Any]]:
    for one in (*KOMMUN, *GRANNE):
        at_home = {"principal": one.principal, "home": one.home, "resident": one.id}
        yield {**_alarm(one.scaip, one.account), **at_home, **_make(one)}
        yield {
            "id": one.app,
            "kind": "tablet",
            "model": "Nattljus hemma",
            "protocol": "http",
            "account": one.app,
            "network": "",
            **at_home,
        }
    shared = KOMMUN[10]
    yield {
        **_alarm("demo-scaip-home", "100099"),
        "network": NETWORKS[0],
        "principal": shared.principal,
        "home": shared.home,
        "resident": None,
    }


def _make(one: DemoResident) -> dict[str, Any]:
    """Residents 13 to 20 of the municipality have alarms that send heartbeats, 4 to 6 some whose radio will end."""
    number = KOMMUN.index(one) + 1 if one in KOMMUN else 0
    model = WATCHED_MODEL if number >= 13 else OLD_MODEL if number in {4, 5, 6} else "Trygghetslarm"
    return {"model": model, "network": NETWORKS[number % 2]}


def _on_their_way() -> Iterable[dict[str, Any]]:
    """Two on the shelf, and one at resident 7's that nobody has tested yet: press it (account 200203), set it live."""
    at_none = {"home": None, "resident": None, "state": DeviceState.STOCK.value, "paired_at": None}
    one = KOMMUN[6]
    at_home = {"home": one.home, "resident": one.id, "state": DeviceState.PAIRED.value, "paired_at": SINCE}
    for number, where in ((1, at_none), (2, at_none), (3, at_home)):
        made = _alarm(f"demo-stock-{number}", f"20020{number}")
        yield {**made, "model": WATCHED_MODEL, "principal": one.principal, **where}


def _tracker() -> dict[str, Any]:
    """Resident 8 carries a mobile alarm, which knows where it is and can be asked."""
    one = KOMMUN[7]
    return {
        "id": TRACKER,
        "principal": one.principal,
        "home": one.home,
        "resident": one.id,
        "kind": "mobile",
        "model": "Mobilt larm",
        "protocol": "http",
        "account": TRACKER,
    }


def _locks() -> Iterable[dict[str, Any]]:
    """The first five have a lock: three speak Nuki's own topics, two ours. A lock is the home's, not a resident's."""
    for number, one in enumerate(KOMMUN[:5], 1):
        yield {
            "id": f"demo-lock-{number}",
            "principal": one.principal,
            "home": one.home,
            "resident": None,
            "kind": "lock",
            "model": "Nuki Smart Lock" if number <= 3 else "Nattljus lås",
            "protocol": "nuki" if number <= 3 else "mqtt",
            "account": f"demo-lock-{number}",
        }


def _alarm(device_id: str, account: str) -> dict[str, Any]:
    return {"id": device_id, "kind": "alarm", "model": "Trygghetslarm", "protocol": "scaip", "account": account}


async def _add(connection: AsyncConnection, table: Table, rows: Iterable[dict[str, Any]]) -> None:
    await connection.execute(insert(connection, table).on_conflict_do_nothing(), list(rows))
