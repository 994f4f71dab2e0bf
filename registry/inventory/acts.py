"""The steps that people take with a device, each written down with who did it. The rules are in `rules`."""

from datetime import date, datetime

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.errors import Refusal
from kit.ids import new_id
from kit.store import for_update, insert
from kit.wire.resident import NewDevice, Pairing
from kit.wire.words import DeviceState, Radio
from registry.inventory.rules import REFUSED, DeviceAct, after, state_of
from registry.inventory.tables import device_fault, device_model, device_step
from registry.sheet import ACCOUNTS, ALARM_DEVICES, ID
from registry.tables import device, device_seen, home, resident


async def add(connection: AsyncConnection, new: NewDevice, principal: str, by: str, at: datetime) -> str:
    """Put a new device on a principal's shelf; answers its id.

    Raises Refusal `bad_account`, `bad_id`, `exists`, `account_taken`; without naming what another principal has.
    """
    account = new.account or (new.id if new.protocol == "http" else "") or ""
    chosen = new.id or (account if new.protocol == "http" else f"{new.protocol}-{account}")
    if not ACCOUNTS[new.protocol].fullmatch(account) or (new.protocol == "http" and account != chosen):
        raise Refusal("bad_account", 422)
    if not ID.fullmatch(chosen):
        raise Refusal("bad_id", 422)
    if await connection.scalar(select(device.c.id).where(device.c.id == chosen)) is not None:
        raise Refusal("exists")
    taken = select(device.c.id).where(device.c.protocol == new.protocol, device.c.account == account)
    if await connection.scalar(taken) is not None:
        raise Refusal("account_taken")
    await connection.execute(
        device.insert().values(
            id=chosen,
            principal=principal,
            kind="alarm" if new.protocol in ALARM_DEVICES else "tablet",
            model=new.model,
            network=new.network,
            protocol=new.protocol,
            account=account,
            state=DeviceState.STOCK.value,
        )
    )
    await _write_step(connection, chosen, DeviceAct.ADD, DeviceState.STOCK, by, at)
    return chosen


async def pair(connection: AsyncConnection, device_id: str, whom: Pairing, by: str, at: datetime) -> None:
    """Take a device from the shelf to a home. Raises Refusal `one_place`, `no_such_place`, `not_in_stock`."""
    if (whom.resident is None) == (whom.home is None):
        raise Refusal("one_place", 422)
    principal, state = await _locked(connection, device_id, DeviceAct.PAIR)
    if whom.resident is not None:
        query = select(resident.c.home, resident.c.principal).where(resident.c.id == whom.resident)
    else:
        query = select(home.c.id, home.c.principal).where(home.c.id == whom.home)
    place = (await connection.execute(query)).first()
    if place is None or place[1] != principal:
        raise Refusal("no_such_place")
    # What was heard of it before says nothing of how it is heard from there.
    await connection.execute(delete(device_seen).where(device_seen.c.device == device_id))
    await _change(
        connection, device_id, state, home=place[0], resident=whom.resident, paired_at=at, tested_at=None, live_at=None
    )
    await _write_step(connection, device_id, DeviceAct.PAIR, state, by, at, place[0], whom.resident)


async def go_live(connection: AsyncConnection, device_id: str, by: str, at: datetime) -> None:
    """From now on its alarms are answered. Raises Refusal `not_tested`."""
    _, state = await _locked(connection, device_id, DeviceAct.GO_LIVE)
    await _change(connection, device_id, state, live_at=at)
    await _write_step(connection, device_id, DeviceAct.GO_LIVE, state, by, at, *await _place(connection, device_id))


async def take_back(connection: AsyncConnection, device_id: str, by: str, at: datetime) -> None:
    """Out of its home: it is nobody's, and neither its token nor its account says anything from now on.

    Raises Refusal `not_at_home`, and `a_lock` for what is part of a door.
    """
    _, state = await _locked(connection, device_id, DeviceAct.RETURN)
    if await connection.scalar(select(device.c.kind).where(device.c.id == device_id)) == "lock":
        raise Refusal("a_lock")
    place = await _place(connection, device_id)
    await connection.execute(delete(device_fault).where(device_fault.c.device == device_id))
    await _change(connection, device_id, state, home=None, resident=None, token_serial=device.c.token_serial + 1)
    await _write_step(connection, device_id, DeviceAct.RETURN, state, by, at, *place)


async def restock(connection: AsyncConnection, device_id: str, by: str, at: datetime) -> None:
    """Reconditioned and on the shelf again. Raises Refusal `not_returned`."""
    _, state = await _locked(connection, device_id, DeviceAct.RESTOCK)
    await _change(connection, device_id, state, paired_at=None, tested_at=None, live_at=None)
    await _write_step(connection, device_id, DeviceAct.RESTOCK, state, by, at)


async def set_model(
    connection: AsyncConnection, name: str, *, heartbeat_s: int | None, radio: Radio, radio_ends_on: date | None
) -> None:
    """Say what a make and model promises. Raises Refusal `bad_model` for an empty or endless name or interval."""
    if not 0 < len(name) <= 120 or (heartbeat_s is not None and not 10 <= heartbeat_s <= 604_800):
        raise Refusal("bad_model")
    values = {"heartbeat_s": heartbeat_s, "radio": radio.value, "radio_ends_on": radio_ends_on}
    statement = insert(connection, device_model).values(name=name, **values)
    await connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_=values))


async def _locked(connection: AsyncConnection, device_id: str, act: DeviceAct) -> tuple[str, DeviceState]:
    """Whose it is and the state after that step, its row locked. Raises Refusal where the step may not be taken."""
    query = select(device.c.principal, device.c.state).where(device.c.id == device_id)
    row = (await connection.execute(for_update(connection, query))).first()
    if row is None:
        raise Refusal("not_found", 404)
    state = after(state_of(row[1]), act)
    if state is None:
        raise Refusal(REFUSED[act])
    return row[0], state


async def _change(connection: AsyncConnection, device_id: str, state: DeviceState, **values: object) -> None:
    await connection.execute(update(device).where(device.c.id == device_id).values(state=state.value, **values))


async def _place(connection: AsyncConnection, device_id: str) -> tuple[str | None, str | None]:
    row = (await connection.execute(select(device.c.home, device.c.resident).where(device.c.id == device_id))).one()
    return row[0], row[1]


async def _write_step(
    connection: AsyncConnection,
    device_id: str,
    act: DeviceAct,
    state: DeviceState,
    by: str,
    at: datetime,
    home_id: str | None = None,
    resident_id: str | None = None,
) -> None:
    await connection.execute(
        device_step.insert().values(
            id=new_id("step", at),
            device=device_id,
            at=at,
            step=act.value,
            state=state.value,
            by=by,
            home=home_id,
            resident=resident_id,
        )
    )
