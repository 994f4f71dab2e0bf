"""How soon an alarm is with the external alarm centre, from the press to the message there."""

import asyncio
import os

import pytest

from alarms.forwarding.receivers import put, view
from deploy.bench.figures import percentile
from kit.clock import SystemClock
from kit.wire.reserve import PutReserve
from tests.integration.alarms.centres import centre, receiver
from tests.patience import until
from tests.system.platforms import KEY, KOMMUN, PEOPLE, move_in, platform_of
from tests.system.pressers import Ledger, UdpDevice

pytestmark = [pytest.mark.soak, pytest.mark.timeout(600)]

PRESSES = 200
RATE = 10.0  # presses a second
PROMISED = 1.0  # seconds
clock = SystemClock()


async def test_an_alarm_is_with_the_external_centre_within_a_second(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("NATTLJUS_OUTWARD_NETWORKS", "127.0.0.0/8")
    ledger, people = Ledger(), PEOPLE[:PRESSES]
    pressed: dict[str, float] = {}
    async with centre("0") as there:
        with platform_of("serve", "alarms", database_url=postgres_url) as platform:
            await asyncio.to_thread(platform.migrate)
            store = platform.store()
            await move_in(store, people)
            principal = KOMMUN["principal"]
            async with store.write() as connection:
                seen = (await view(connection, principal)).tag
                reserve = PutReserve(on=True, receivers=[receiver("Centralen", there.address)], seen=seen)
                await put(connection, principal, reserve, [KEY], clock.now())
            await store.close()
            await asyncio.to_thread(platform.start)
            devices = [UdpDevice(one.account, platform.sip_port, ledger) for one in people]

            async def press(device: UdpDevice) -> None:
                reference = ledger.press(device.account)
                pressed[f"scaip-{device.account}"] = clock.monotonic()
                while reference not in ledger.promised:
                    await device.ask(reference)

            async with asyncio.TaskGroup() as group:
                for device in devices:
                    group.create_task(press(device))
                    await clock.sleep(1 / RATE)
            await until(lambda: {said["dte"] for said in there.heard if "dte" in said} >= pressed.keys(), patience=60)
            for device in devices:
                await device.close()
            complaints = platform.complaints()
    took = [there.came[said["ref"]] - pressed[said["dte"]] for said in there.heard if said.get("dte") in pressed]
    with capsys.disabled():
        print(
            f"\n{len(took)} alarms with the external centre: p50 {1000 * percentile(took, 0.5):.0f} ms, "
            f"p99 {1000 * percentile(took, 0.99):.0f} ms, at most {1000 * max(took):.0f} ms; "
            f"load {os.getloadavg()[0]:.1f}"
        )
    assert complaints == []
    assert len(took) == PRESSES
    assert percentile(took, 0.5) <= PROMISED
