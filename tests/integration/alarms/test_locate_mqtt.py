"""Asking a device over a real broker, and SCAIP devices, which tell where they are but cannot be asked."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from alarms.receivers.scaip.parse import parse
from alarms.receivers.scaip.signal import to_signal
from registry.demo import TRACKER
from registry.tables import device
from tests.integration.locks import PlayedLock
from tests.integration.running import Running, running
from tests.patience import until
from tests.servers import Mosquitto

TOPIC = f"nattljus/v1/demo-kommun/{TRACKER}"


@pytest.fixture
async def platform(sqlite_url: str, tmp_path: Path, mosquitto: Mosquitto) -> AsyncIterator[Running]:
    async with running(sqlite_url, tmp_path, mqtt_url=mosquitto.url) as platform:
        receiver = platform.platform.mqtt
        assert receiver is not None
        await until(lambda: receiver.healthy)
        yield platform


async def test_a_device_is_asked_over_the_broker_once_and_answers_there(
    platform: Running, mosquitto: Mosquitto
) -> None:
    async with platform.platform.store.write() as connection:
        await connection.execute(update(device).where(device.c.id == TRACKER).values(protocol="mqtt"))
    [case] = (await platform.press(8, "1"))["cases"]
    phone = PlayedLock(mosquitto, TRACKER)
    try:
        async with await platform.client("demo-operator-1") as karin:
            assert (await karin.post(f"/api/v1/cases/{case}/take")).status_code == 200
            asked = (await karin.post(f"/api/v1/cases/{case}/locate")).json()
            await until(lambda: len(phone.commands) == 1)
            command = json.loads(phone.commands[0])
            assert (command["type"], command["data"]["command"]) == ("nattljus.position.ask", asked["id"])
            event = {"specversion": "1.0", "id": "1", "source": "phone", "type": "nattljus.position"}
            where = {"latitude": 58.39, "longitude": 13.44, "accuracy": 9, "command": asked["id"]}
            mosquitto.publish(f"{TOPIC}/event", json.dumps({**event, "data": where}))

            async def found() -> Any:
                shown = (await karin.get(f"/api/v1/cases/{case}/position")).json()
                return shown if shown["ask"]["state"] == "found" else None

            shown = await until(found)
            # It said no time, but which question it answers: so it was taken for that.
            position = shown["position"]
            assert (position["latitude"], position["taken_at"]) == (58.39, position["received_at"])
            assert len(phone.commands) == 1
    finally:
        phone.stop()


@pytest.mark.parametrize(
    ("place", "taken", "accuracy", "defects"),
    [
        ("<geo>58.1724,13.5531</geo><tim>{time}</tim>", True, None, []),
        ("<gga>$GPGGA,031000,5810.344,N,01333.186,E,1,08,1.2,100,M,,M,,</gga>", False, 6, []),
        ("<geo>958.1,13.5</geo>", False, None, ["geo"]),
    ],
)
async def test_a_scaip_device_tells_where_it_is_with_its_press(
    sqlite_url: str, tmp_path: Path, place: str, taken: bool, accuracy: int | None, defects: list[str]
) -> None:
    async with running(sqlite_url, tmp_path) as platform:
        now = platform.platform.clock.now()
        where = place.format(time=(now - timedelta(minutes=1)).isoformat(timespec="seconds"))
        body = (
            f"<mrq><ref>7</ref><cid>100003</cid><dty>3</dty><stc>10</stc><lco>34</lco><lge>{where}</lge></mrq>".encode()
        )
        receipt = await platform.platform.hub.receive(to_signal(parse(body), body, now))
        async with await platform.client("demo-operator-1") as karin:
            shown = (await karin.get(f"/api/v1/cases/{receipt.case}/position")).json()
            [signal] = (await karin.get(f"/api/v1/cases/{receipt.case}")).json()["signals"]
            await karin.post(f"/api/v1/cases/{receipt.case}/take")
            refused = await karin.post(f"/api/v1/cases/{receipt.case}/locate", json={"urgent": "Svarar inte."})
        assert signal["defects"] == defects
        assert (refused.status_code, refused.json()["code"]) == (409, "device_not_askable")
        if defects:
            assert shown["position"] is None
            return
        position = shown["position"]
        assert position["latitude"] == pytest.approx(58.1724, abs=0.0001)
        assert (position["taken_at"] is not None, position["accuracy_m"]) == (taken, accuracy)
