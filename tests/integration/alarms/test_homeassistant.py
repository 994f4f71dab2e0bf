"""A Home Assistant bridge's lock at a real broker: found by its config, heard, opened, and not believed too far."""

import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from sqlalchemy import select

from alarms import tables
from alarms.receivers.tables import lock_topics
from kit.metrics import REGISTRY
from registry.enter import add_lock
from tests.integration.running import Running, running
from tests.patience import until
from tests.servers import Mosquitto

CONFIG = "homeassistant/lock/hall/front/config"
SAID = {"~": "hall/front", "stat_t": "~/state", "cmd_t": "~/set", "avty_t": "~/reach", "pl_open": "OPEN"}


async def enter(platform: Running, lock: str = "demo-front", account: str = "hall:front") -> None:
    async with platform.platform.store.write() as connection:
        await add_lock(connection, lock, home_id="demo-home-1", protocol="homeassistant", account=account)


async def rows(platform: Running, table: Any) -> list[Any]:
    async with platform.platform.store.read() as connection:
        return list((await connection.execute(select(table).order_by(*table.primary_key.columns))).mappings())


async def learnt(platform: Running, number: int = 1) -> None:
    async def there() -> bool:
        return len(await rows(platform, lock_topics)) == number

    await until(there, "the config is not learnt")


async def stands(platform: Running, *, saying: tuple[Mosquitto, str] | None = None, **expected: Any) -> None:
    """Wait until the lock stands so. With `saying` its bridge says it, and again: a config that was learnt a moment ago
    may not have been followed to its topic yet, and what nobody has subscribed to is gone.
    """

    async def so() -> bool:
        if saying is not None:
            saying[0].publish("hall/front/state", saying[1])
        told = [row for row in await rows(platform, tables.lock_state) if row["lock"] == "demo-front"]
        return [{name: row[name] for name in expected} for row in told] == [expected]

    await until(so, f"the lock does not stand so: {expected}")


def counted(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(f"nattljus_{name}", labels) or 0.0


@pytest.fixture
async def platform(sqlite_url: str, tmp_path: Path, mosquitto: Mosquitto) -> AsyncIterator[Running]:
    async with running(sqlite_url, tmp_path, mqtt_url=mosquitto.url) as platform:
        await until(lambda: platform.platform.mqtt is not None and platform.platform.mqtt._up)
        await enter(platform)
        yield platform


@pytest.fixture
def commands(mosquitto: Mosquitto) -> Iterator[list[str]]:
    """The commands that reach the played lock, which then says that it is open."""
    heard: list[str] = []
    client = Client(CallbackAPIVersion.VERSION2, "hall-bridge", protocol=MQTTProtocolVersion.MQTTv5)

    def on_message(_client: Any, _data: Any, message: Any) -> None:
        heard.append(message.payload.decode())
        assert not message.retain
        client.publish("hall/front/state", "UNLOCKING", qos=1, retain=True)
        client.publish("hall/front/state", "OPEN", qos=1, retain=True)

    client.on_connect = lambda *_: client.subscribe("hall/front/set", qos=1)
    client.on_message = on_message
    client.connect("127.0.0.1", mosquitto.port)
    client.loop_start()
    yield heard
    client.disconnect()
    client.loop_stop()


async def test_a_lock_is_found_by_its_config_heard_once_for_each_change_and_opened(
    platform: Running, mosquitto: Mosquitto, commands: list[str]
) -> None:
    mosquitto.publish("hall/front/state", "LOCKED", "-r")
    mosquitto.publish(CONFIG, json.dumps(SAID), "-r")
    await learnt(platform)
    await stands(platform, state="locked")
    assert await rows(platform, tables.signal) == []  # what the broker had kept is no event
    for said in ("UNLOCKED", "UNLOCKED", "LOCKING", "LOCKED", "LOCKED"):
        mosquitto.publish("hall/front/state", said)
    mosquitto.publish("hall/front/reach", "offline")
    await stands(platform, state="locked", reachable=False)
    assert [row["details"]["door"] for row in await rows(platform, tables.signal)] == ["unlocked", "locked"]
    [case] = (await platform.press(1, "1"))["cases"]
    async with await platform.client("demo-operator-1") as client:
        assert (await client.post(f"/api/v1/cases/{case}/take")).status_code == 200
        answer = await client.post("/api/v1/locks/demo-front/open", json={"purpose": {"case": case}})
    assert (answer.status_code, answer.json()["state"]) == (200, "unlatched"), answer.text
    assert commands == ["OPEN"]


async def test_of_what_a_bridge_tells_only_the_state_is_kept(platform: Running, mosquitto: Mosquitto) -> None:
    mosquitto.publish(CONFIG, json.dumps({**SAID, "val_tpl": "{{ value_json.lock_state }}"}))
    await learnt(platform)
    said = json.dumps({"lock_state": "UNLOCKED", "pin_code": {"user": 1, "code": "2580"}})
    await stands(platform, state="unlocked", saying=(mosquitto, said))
    [signal] = await rows(platform, tables.signal)
    assert (signal["raw"], signal["reference"], signal["details"]) == (b"unlocked", "unlocked", {"door": "unlocked"})


async def test_what_was_learnt_is_known_when_the_broker_sends_what_it_kept_meanwhile(
    store_url: str, tmp_path: Path, mosquitto: Mosquitto
) -> None:
    async with running(store_url, tmp_path, mqtt_url=mosquitto.url) as platform:
        await enter(platform)
        mosquitto.publish(CONFIG, json.dumps(SAID), "-r")
        await learnt(platform)
        await stands(platform, state="locked", saying=(mosquitto, "LOCKED"))
    mosquitto.publish("hall/front/state", "JAMMED")
    async with running(store_url, tmp_path, mqtt_url=mosquitto.url) as platform:
        await stands(platform, state="jammed")
        [case] = await rows(platform, tables.case)
        assert (case["kind"], case["reason"], case["device"]) == ("technical", "door_jammed", "demo-front")
        mosquitto.publish(CONFIG, "", "-r")
        await learnt(platform, 0)


async def test_a_config_of_nobodys_lock_or_with_anothers_topics_is_not_followed(
    platform: Running, mosquitto: Mosquitto
) -> None:
    mosquitto.publish(CONFIG, json.dumps(SAID))
    await learnt(platform)
    await enter(platform, "demo-back", "hall:back")
    taken = counted("mqtt_refused_total", code="topic_taken")
    astray = counted("mqtt_refused_total", code="topic_not_theirs")
    unknown = counted("mqtt_messages_total", outcome="unknown_account")
    back = CONFIG.replace("front", "back")
    mosquitto.publish(back, json.dumps({**SAID, "stat_t": "hall/back/state"}))
    mosquitto.publish(back, json.dumps({**SAID, "cmd_t": "hall/back/set"}))
    mosquitto.publish(back, json.dumps({**SAID, "stat_t": "a", "cmd_t": "nuki/demo-lock-1/lockAction"}))
    mosquitto.publish(CONFIG.replace("front", "nobodys"), json.dumps({"stat_t": "b/state"}))
    await until(lambda: counted("mqtt_refused_total", code="topic_not_theirs") == astray + 1)
    await until(lambda: counted("mqtt_messages_total", outcome="unknown_account") == unknown + 1)
    assert counted("mqtt_refused_total", code="topic_taken") == taken + 2
    assert [row["lock"] for row in await rows(platform, lock_topics)] == ["demo-front"]
