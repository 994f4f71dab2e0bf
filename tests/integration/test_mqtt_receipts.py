"""Over MQTT too a device can know that its event is stored: by our own word, not by the broker's. mosquitto_rr asks."""

import asyncio
import json
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from alarms import tables
from tests.integration.running import Running, running
from tests.integration.test_mqtt import counted, event, hears, rows
from tests.patience import until
from tests.servers import Mosquitto, program

LOCK = "nattljus/v1/demo-kommun/demo-lock-4"
PRESSED = event("one", "lock.alarm", alarm="forced_open")


@pytest.fixture
async def platform(sqlite_url: str, tmp_path: Path, mosquitto: Mosquitto) -> AsyncIterator[Running]:
    async with running(sqlite_url, tmp_path, mqtt_url=mosquitto.url) as platform:
        await hears(platform)
        yield platform


async def asking(broker: Mosquitto, said: str, answer_to: str, seconds: int = 20) -> Process:
    """A stranger that publishes and waits for its answer so long."""
    words = ["-p", str(broker.port), "-V", "5", "-q", "1", "-W", str(seconds), "-t", f"{LOCK}/event"]
    rr = program("mosquitto_rr", "mosquitto-clients")
    return await asyncio.create_subprocess_exec(rr, *words, "-e", answer_to, "-m", said, stdout=PIPE)


async def answer(stranger: Process) -> Any:
    """What it was told; none when it was told nothing."""
    told, _ = await stranger.communicate()
    return json.loads(told) if told else None


async def test_a_device_that_asks_is_told_that_its_event_is_stored_and_that_the_same_again_is(
    platform: Running, mosquitto: Mosquitto
) -> None:
    told = [await answer(await asking(mosquitto, PRESSED, f"{LOCK}/stored")) for _ in range(2)]
    assert told == [{"stored": True, "outcome": "stored"}, {"stored": True, "outcome": "repeated"}]
    assert [row["reference"] for row in await rows(platform, tables.signal)] == ["one"]


async def test_what_cannot_be_read_is_said_not_to_be_stored(platform: Running, mosquitto: Mosquitto) -> None:
    told = await answer(await asking(mosquitto, "{", f"{LOCK}/stored"))
    assert told == {"stored": False, "outcome": "refused"}


async def test_nobody_is_told_where_another_listens(platform: Running, mosquitto: Mosquitto) -> None:
    assert await answer(await asking(mosquitto, PRESSED, "nattljus/v1/demo-kommun/demo-lock-1/stored", 2)) is None
    assert await answer(await asking(mosquitto, PRESSED, f"{LOCK}/command", 2)) is None
    assert len(await rows(platform, tables.signal)) == 1


async def test_nothing_is_said_to_be_stored_before_it_is(platform: Running, mosquitto: Mosquitto) -> None:
    held = counted("mqtt_held_total")
    async with platform.platform.store.engine.connect() as other:
        await other.exec_driver_sql("BEGIN IMMEDIATE")
        stranger = await asking(mosquitto, PRESSED, f"{LOCK}/stored", 60)
        await until(lambda: counted("mqtt_held_total") > held)
        assert stranger.returncode is None
        await other.rollback()
    assert await answer(stranger) == {"stored": True, "outcome": "stored"}


async def test_however_often_a_device_asks_meanwhile_its_event_is_one_and_each_try_is_told(
    platform: Running, mosquitto: Mosquitto
) -> None:
    """At the end of the device's line each try would make it longer, until no event of this device came through."""
    tries = 30
    asked = {"protocol": "mqtt", "kind": "alarm", "outcome": "repeated"}
    told, stored = counted("mqtt_messages_total", outcome="repeated"), counted("signals_total", **asked)
    async with platform.platform.store.engine.connect() as other:
        await other.exec_driver_sql("BEGIN IMMEDIATE")
        stranger = await asking(mosquitto, PRESSED, f"{LOCK}/stored", 60)
        await until(lambda: counted("mqtt_in_hand") == 1)
        mosquitto.publish(f"{LOCK}/event", PRESSED, "--repeat", str(tries))
        mosquitto.publish(f"{LOCK}/event", event("two", "lock.alarm", alarm="forced_open"))
        await until(lambda: counted("mqtt_in_hand") == tries + 2)
        await other.rollback()
    assert await answer(stranger) == {"stored": True, "outcome": "stored"}
    await until(lambda: counted("mqtt_in_hand") == 0)
    assert [row["reference"] for row in await rows(platform, tables.signal)] == ["one", "two"]
    assert counted("mqtt_messages_total", outcome="repeated") - told == tries
    assert counted("signals_total", **asked) == stored  # none of them went to the database on its own
