"""What devices say of themselves, and those that are being installed: heard, answered, and on no queue."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from alarms import tables
from alarms.core.signal import Outcome
from alarms.hub import Hub
from kit.clock import SystemClock
from kit.errors import Refusal
from kit.store import Store
from kit.wire.resident import NewDevice, Pairing
from kit.wire.words import Reason, SignalKind
from registry.inventory import acts
from registry.inventory.tables import device_fault, device_step
from registry.tables import device, device_seen
from tests.integration.alarms.hubs import rows, signal


async def install(store: Store, account: str, state: str, **more: Any) -> None:
    async with store.write() as connection:
        await connection.execute(device.update().where(device.c.account == account).values(state=state, **more))


async def state_of(store: Store, account: str) -> str:
    async with store.read() as connection:
        return str(await connection.scalar(select(device.c.state).where(device.c.account == account)))


@pytest.mark.parametrize("kind", [SignalKind.TEST, SignalKind.ALARM])
async def test_a_press_on_a_device_being_installed_is_its_test_and_never_reaches_the_queue(
    hub: Hub, store: Store, kind: SignalKind
) -> None:
    await install(store, "0", "paired")
    receipt = await hub.receive(signal(reference="1", kind=kind))
    await hub._seen.flush()
    assert (receipt.outcome, receipt.known, receipt.case) == (Outcome.STORED, True, None)
    assert await state_of(store, "0") == "tested"
    assert (await rows(store, tables.case), await rows(store, tables.feed)) == ([], [])
    [kept] = await rows(store, tables.signal)
    assert (kept["kind"], kept["reason"], kept["device"]) == ("test", "pressed", "device-0")
    [step] = await rows(store, device_step)
    assert (step["step"], step["state"], step["by"], step["signal"]) == ("test", "tested", None, receipt.signal)
    [seen] = await rows(store, device_seen)
    assert seen["last_test_at"] is not None
    again = await hub.receive(signal(reference="1", kind=kind))
    assert (again.outcome, again.case) == (Outcome.REPEATED, None)


async def test_only_its_own_button_after_the_pairing_makes_a_device_tested(hub: Hub, store: Store) -> None:
    now = SystemClock().now()
    await install(store, "0", "paired", paired_at=now)
    await hub.receive(signal("1", "another device", kind=SignalKind.TEST, reason=None))
    await hub.receive(signal("0", "heartbeat", kind=SignalKind.HEARTBEAT, reason=None))
    await hub.receive(signal("0", "fault", kind=SignalKind.TECHNICAL, reason=Reason.BATTERY_LOW))
    await hub.receive(signal("0", "kept", kind=SignalKind.TEST, reason=None, occurred_at=now - timedelta(hours=1)))
    assert await state_of(store, "0") == "paired"
    assert await rows(store, tables.case) == []
    await hub.receive(signal("0", "now", kind=SignalKind.TEST, reason=None, occurred_at=now + timedelta(seconds=1)))
    assert await state_of(store, "0") == "tested"


@pytest.mark.parametrize("state", ["stock", "returned", "lent out"])
async def test_a_device_that_is_at_no_home_is_not_heard(hub: Hub, store: Store, state: str) -> None:
    await install(store, "0", state, home=None, resident=None)
    receipt = await hub.receive(signal("0", kind=SignalKind.TEST, reason=None))
    assert (receipt.known, await state_of(store, "0")) == (False, state)


async def test_a_fault_stands_on_the_device_until_it_says_that_it_is_well(hub: Hub, store: Store) -> None:
    for reference, kind in (("1", SignalKind.TECHNICAL), ("2", SignalKind.TECHNICAL)):
        await hub.receive(signal(reference=reference, kind=kind, reason=Reason.MAINS_FAILURE))
    await hub.receive(signal(reference="3", kind=SignalKind.TECHNICAL, reason=Reason.RADIO_INTERFERENCE))
    first, second = await rows(store, device_fault)
    assert (first["reason"], second["reason"]) == ("mains_failure", "radio_interference")
    assert first["since"] < second["since"]
    await asyncio.gather(
        hub.receive(signal(reference="4", kind=SignalKind.RESTORE, reason=Reason.MAINS_FAILURE)),
        hub.receive(signal(reference="5", kind=SignalKind.RESTORE, reason=Reason.BATTERY_LOW)),
    )
    assert [row["reason"] for row in await rows(store, device_fault)] == ["radio_interference"]


async def test_a_device_goes_live_only_after_a_test_from_its_own_button_and_the_test_never_reaches_the_queue(
    hub: Hub, store: Store
) -> None:
    async def step(act: Any, *more: Any) -> None:
        async with store.write() as connection:
            await act(connection, "scaip-777", *more, "karin", SystemClock().now())

    async with store.write() as connection:
        new = NewDevice(protocol="scaip", account="777")
        await acts.add(connection, new, "kommun", "karin", SystemClock().now())
    assert (await hub.receive(signal("777", "on the shelf"))).known is False
    await step(acts.pair, Pairing(resident="resident-3"))
    with pytest.raises(Refusal, match="not_tested"):
        await step(acts.go_live)
    tested = await hub.receive(signal("777", "at home"))
    assert (tested.known, tested.case, await rows(store, tables.case)) == (True, None, [])
    await step(acts.go_live)
    pressed = await hub.receive(signal("777", "in need"))
    [case] = await rows(store, tables.case)
    assert (case["id"], case["resident"]) == (pressed.case, "resident-3")
    await step(acts.take_back)
    assert (await hub.receive(signal("777", "after its return"))).known is False
    assert len(await rows(store, tables.case)) == 1
