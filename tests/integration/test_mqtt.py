"""Locks over a real Mosquitto: a stranger's mosquitto_pub, brokers and platforms that are killed, nothing retained."""

import json
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from alarms import tables
from alarms.receivers.mqtt.line import Line
from alarms.receivers.tables import device_link
from kit.clock import SystemClock
from kit.metrics import REGISTRY
from registry.tables import device_seen
from tests.integration.running import Running, running
from tests.patience import until
from tests.servers import Mosquitto


@pytest.fixture
async def platform(sqlite_url: str, tmp_path: Path, mosquitto: Mosquitto) -> AsyncIterator[Running]:
    async with running(sqlite_url, tmp_path, mqtt_url=mosquitto.url) as platform:
        await hears(platform)
        yield platform


async def hears(platform: Running) -> None:
    async def up() -> bool:
        assert platform.platform.mqtt is not None
        return platform.platform.mqtt.healthy and platform.platform.mqtt._up

    await until(up)


async def rows(platform: Running, table: Any) -> list[Any]:
    async with platform.platform.store.read() as connection:
        return list((await connection.execute(select(table).order_by(*table.primary_key.columns))).mappings())


def counted(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(f"nattljus_{name}", labels) or 0.0


async def test_a_nuki_lock_is_on_the_open_case_within_a_second(platform: Running, mosquitto: Mosquitto) -> None:
    [case] = (await platform.press(1, "1"))["cases"]
    async with platform.socket("demo-operator-1") as karin:
        await karin.say(type="hello")
        await karin.hear("snapshot")
        took = []
        for action in ("1,172,4711,0,0", "2,172,4711,0,0", "3,172,4711,0,0"):  # a busy machine may miss once
            began = time.monotonic()  # noqa: TID251 - what a stranger measures
            mosquitto.publish("nuki/demo-lock-1/lockActionEvent", action)
            change = await karin.hear("change")
            took.append(time.monotonic() - began)  # noqa: TID251
            assert [row["id"] for row in change["cases"]] == [case]
    print("mosquitto_pub → case on the desk:", ", ".join(f"{one * 1000:.0f} ms" for one in took))
    assert min(took) < 1.0
    mosquitto.publish("nuki/demo-lock-1/state", "5")
    async with await platform.client("demo-operator-1") as client:

        async def both() -> bool:
            shown = (await client.get(f"/api/v1/cases/{case}")).json()
            doors = [line["data"] for line in shown["timeline"] if line["kind"] == "door"]
            return [(door["door"], door.get("how"), door.get("by")) for door in doors] == [
                ("unlocked", "remote", "4711"),
                ("locked", "remote", "4711"),
                ("unlatched", "remote", "4711"),
                ("unlatched", None, None),
            ]

        await until(both)
        [lock] = (await client.get("/api/v1/locks", params={"home": "demo-home-1"})).json()["items"]
        assert (lock["id"], lock["state"], lock["reachable"]) == ("demo-lock-1", "unlatched", True)


async def test_a_forced_door_and_duress_are_person_cases_and_a_jammed_lock_a_technical_one(
    platform: Running, mosquitto: Mosquitto
) -> None:
    mosquitto.publish("nattljus/v1/demo-kommun/demo-lock-4/event", event("1", "lock.alarm", alarm="forced_open"))
    mosquitto.publish("nattljus/v1/demo-kommun/demo-lock-5/event", event("1", "lock.operated", operation=3, user=7))
    mosquitto.publish("nuki/demo-lock-2/state", "254")
    mosquitto.publish("nuki/demo-lock-3/batteryCritical", "true")

    async def all_raised() -> bool:
        return len(await rows(platform, tables.case)) == 4

    await until(all_raised)
    cases = {case["device"]: case for case in await rows(platform, tables.case)}
    told = {lock: (case["kind"], case["reason"], case["resident"], case["priority"]) for lock, case in cases.items()}
    assert told == {
        "demo-lock-4": ("person", "door_forced", "demo-resident-4", 1),
        "demo-lock-5": ("person", "duress", "demo-resident-5", 1),
        "demo-lock-2": ("technical", "door_jammed", "demo-resident-2", 3),
        "demo-lock-3": ("technical", "battery_low", "demo-resident-3", 4),
    }


async def test_what_the_broker_kept_is_no_event(sqlite_url: str, tmp_path: Path, mosquitto: Mosquitto) -> None:
    mosquitto.publish("nattljus/v1/demo-kommun/demo-lock-4/event", event("1", "lock.alarm", alarm="forced_open"), "-r")
    mosquitto.publish("nuki/demo-lock-1/state", "254", "-r")
    before = counted("mqtt_messages_total", outcome="retained")
    async with running(sqlite_url, tmp_path, mqtt_url=mosquitto.url) as platform:

        async def remembered() -> bool:
            stands = {row["lock"]: row["state"] for row in await rows(platform, tables.lock_state)}
            return stands == {"demo-lock-1": "jammed"} and (
                counted("mqtt_messages_total", outcome="retained") == before + 1
            )

        await until(remembered)
        assert await rows(platform, tables.signal) == []
        assert await rows(platform, tables.case) == []


async def test_the_same_words_again_are_a_new_event_but_the_same_id_is_not(
    platform: Running, mosquitto: Mosquitto
) -> None:
    for _ in range(2):
        mosquitto.publish("nuki/demo-lock-1/lockActionEvent", "1,1,0,0,0")
        mosquitto.publish("nattljus/v1/demo-kommun/demo-lock-4/event", event("one", "door.changed", state="open"))
    mosquitto.publish("nattljus/v1/demo-kommun/demo-lock-4/event", event("two", "door.changed", state="closed"))

    async def last() -> bool:
        return any(row["reference"] == "two" for row in await rows(platform, tables.signal))

    await until(last)
    signals = [(row["protocol"], row["reference"]) for row in await rows(platform, tables.signal)]
    assert sorted(signals) == [("mqtt", "one"), ("mqtt", "two"), ("nuki", "1,1,0,0,0"), ("nuki", "1,1,0,0,0")]


async def test_garbage_is_refused_counted_and_not_sent_again(platform: Running, mosquitto: Mosquitto) -> None:
    refused = counted("mqtt_refused_total", code="not_json")
    mosquitto.publish("nattljus/v1/demo-kommun/demo-lock-4/event", "{")
    mosquitto.publish("nuki/demo-lock-1/state", "ajar")
    mosquitto.publish("nattljus/v1/demo-granne/demo-lock-4/event", event("1", "lock.alarm", alarm="forced_open"))
    mosquitto.publish("nattljus/v1/demo-kommun/demo-lock-4/heartbeat", "")

    async def seen() -> bool:
        return [row["device"] for row in await rows(platform, device_seen)] == ["demo-lock-4"]

    await until(seen)
    assert counted("mqtt_refused_total", code="not_json") == refused + 1
    assert await rows(platform, tables.case) == []  # another principal's topic raises nothing
    assert platform.platform.mqtt is not None
    await platform.platform.mqtt.close()
    await platform.platform.mqtt.start()
    await hears(platform)
    await SystemClock().sleep(0.3)
    assert counted("mqtt_refused_total", code="not_json") == refused + 1


async def test_nothing_is_lost_or_doubled_when_broker_and_platform_are_killed(
    sqlite_url: str, tmp_path: Path, mosquitto: Mosquitto
) -> None:
    sent = []

    def say(number: int) -> None:
        mosquitto.publish("nuki/demo-lock-1/lockActionEvent", f"1,0,{number},0,0")
        sent.append(f"1,0,{number},0,0")

    async with running(sqlite_url, tmp_path, mqtt_url=mosquitto.url) as platform:

        async def stored() -> bool:
            return len(await rows(platform, tables.signal)) >= len(sent)

        await hears(platform)
        for number in range(5):
            say(number)
        await until(stored)
        # That we are to have them is kept as messages are: a moment later.
        await until(lambda: mosquitto.has_written("nuki/+/lockActionEvent"))
        mosquitto.kill()
        assert platform.platform.mqtt is not None

        async def away() -> bool:
            assert platform.platform.mqtt is not None
            return not platform.platform.mqtt.healthy

        await until(away)
        async with await platform.client("demo-operator-1") as client:
            ready = (await client.get("/readyz")).json()
            assert (ready["database"], ready["mqtt"]) == (True, False)
        mosquitto.start()
        for number in range(5, 10):
            say(number)
        await hears(platform)
        for number in range(10, 15):
            say(number)
        await until(stored)
    for number in range(15, 20):  # while nobody is there
        say(number)
    await until(lambda: mosquitto.has_written(sent[-1]))
    mosquitto.kill()
    mosquitto.start()
    async with running(sqlite_url, tmp_path, mqtt_url=mosquitto.url) as platform:
        await until(stored)
        await SystemClock().sleep(0.3)  # for one too many to come
        assert [row["reference"] for row in await rows(platform, tables.signal)] == sent


async def test_while_nobody_hears_the_broker_keeps_alarms_for_us_and_no_heartbeats_that_would_push_them_out(
    sqlite_url: str, tmp_path: Path, mosquitto: Mosquitto
) -> None:
    async with running(sqlite_url, tmp_path, mqtt_url=mosquitto.url) as platform:
        await hears(platform)
    mosquitto.publish("nattljus/v1/demo-kommun/demo-lock-4/heartbeat", "")
    mosquitto.publish("nuki/demo-lock-1/lockActionEvent", "1,0,1,0,0")
    async with running(sqlite_url, tmp_path, mqtt_url=mosquitto.url) as platform:

        async def stored() -> bool:
            return bool(await rows(platform, tables.signal))

        async def seen() -> bool:
            return "demo-lock-4" in {row["device"] for row in await rows(platform, device_seen)}

        await until(stored)
        await SystemClock().sleep(0.5)  # heartbeats are written four times a second
        assert not await seen()
        mosquitto.publish("nattljus/v1/demo-kommun/demo-lock-4/heartbeat", "")
        await until(seen)


async def test_an_event_in_the_same_words_after_the_brokers_crash_is_a_new_one(
    platform: Running, mosquitto: Mosquitto
) -> None:
    """The crashed broker counts its packet ids from where it last wrote them down: the same id, the same words."""
    for times in (1, 2, 3):

        async def stored(times: int = times) -> bool:
            return len(await rows(platform, tables.signal)) == times

        mosquitto.publish("nuki/demo-lock-1/lockActionEvent", "1,1,0,0,0")
        await until(stored)
        mosquitto.kill()
        mosquitto.start()
        await SystemClock().sleep(0.1)
        await hears(platform)
    assert len({row["id"] for row in await rows(platform, tables.signal)}) == 3


async def test_what_was_stored_but_never_acknowledged_comes_again_and_is_known(
    sqlite_url: str, tmp_path: Path, mosquitto: Mosquitto, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that dies between commit and PUBACK: the acknowledgements never leave."""
    with monkeypatch.context() as patched:
        patched.setattr(Line, "acknowledge", lambda self, packet: None)
        async with running(sqlite_url, tmp_path, mqtt_url=mosquitto.url) as platform:
            await hears(platform)
            for number in range(5):
                mosquitto.publish("nuki/demo-lock-1/lockActionEvent", f"1,0,{number},0,0")

            async def complete() -> bool:
                return len(await rows(platform, tables.signal)) == 5

            await until(complete)
    repeated = counted("mqtt_messages_total", outcome="repeated")
    async with running(sqlite_url, tmp_path, mqtt_url=mosquitto.url) as platform:

        async def known() -> bool:
            return counted("mqtt_messages_total", outcome="repeated") == repeated + 5

        await until(known)
        assert len(await rows(platform, tables.signal)) == 5


async def test_with_the_database_away_nothing_is_acknowledged_and_afterwards_all_of_it_in_order(
    sqlite_url: str, tmp_path: Path, mosquitto: Mosquitto
) -> None:
    """A writer of somebody else's holds SQLite shut for longer than we wait for it."""
    held = counted("mqtt_held_total")
    async with running(sqlite_url, tmp_path, mqtt_url=mosquitto.url) as platform:
        await hears(platform)
        store = platform.platform.store
        async with store.engine.connect() as other:
            await other.exec_driver_sql("BEGIN IMMEDIATE")
            for number in range(5):
                mosquitto.publish("nuki/demo-lock-1/lockActionEvent", f"1,0,{number},0,0")

            async def waited() -> bool:
                return counted("mqtt_held_total") > held

            await until(waited)
            await other.rollback()

        async def complete() -> bool:
            return len(await rows(platform, tables.signal)) == 5

        await until(complete)
        assert [row["reference"] for row in await rows(platform, tables.signal)] == [f"1,0,{n},0,0" for n in range(5)]


async def test_what_a_killed_broker_had_passed_on_is_stored_though_the_line_is_cut_and_it_may_have_forgotten(
    sqlite_url: str, tmp_path: Path, mosquitto: Mosquitto
) -> None:
    held = counted("mqtt_held_total")
    async with running(sqlite_url, tmp_path, mqtt_url=mosquitto.url) as platform:
        await hears(platform)
        async with platform.platform.store.engine.connect() as other:
            await other.exec_driver_sql("BEGIN IMMEDIATE")  # so that all of it is in hand when the broker dies
            for number in range(5):
                mosquitto.publish("nuki/demo-lock-1/lockActionEvent", f"1,0,{number},0,0")
            await until(lambda: counted("mqtt_held_total") > held)
            mosquitto.kill()  # and never comes back
            await until(lambda: platform.platform.mqtt is not None and not platform.platform.mqtt._up)
            await other.rollback()

        async def complete() -> bool:
            return [row["reference"] for row in await rows(platform, tables.signal)] == [
                f"1,0,{number},0,0" for number in range(5)
            ]

        await until(complete)


STATUS = "nattljus/v1/demo-kommun/demo-lock-4/status"


def status(word: str, session: int) -> str:
    return json.dumps({"status": word, "session": session})


async def test_an_old_will_is_no_new_death_and_a_new_one_is_a_technical_case_until_the_device_is_back(
    platform: Running, mosquitto: Mosquitto
) -> None:
    async def linked(**expected: Any) -> None:
        async def stands() -> bool:
            told = [{name: row[name] for name in expected} for row in await rows(platform, device_link)]
            return told == [expected]

        await until(stands, f"the link does not stand so: {expected}")

    older = counted("mqtt_messages_total", outcome="older_session")
    mosquitto.publish(STATUS, status("online", 7))
    await linked(session=7, state="online")
    mosquitto.publish(STATUS, status("lost", 6))
    await until(lambda: counted("mqtt_messages_total", outcome="older_session") == older + 1)
    assert await rows(platform, tables.signal) == []
    mosquitto.publish(STATUS, status("lost", 7))
    await linked(session=7, state="lost")
    [case] = await rows(platform, tables.case)
    assert (case["kind"], case["reason"], case["device"]) == ("technical", "link_failure", "demo-lock-4")
    [signal] = await rows(platform, tables.signal)
    assert (signal["reference"], signal["details"]) == ("7", {"session": "7"})
    assert [row["reachable"] for row in await rows(platform, tables.lock_state)] == [False]
    mosquitto.publish(STATUS, status("online", 8))
    await linked(session=8, state="online")
    kinds = {row["kind"] for row in await rows(platform, tables.signal)}
    assert kinds == {"technical", "restore"}
    assert [row["reachable"] for row in await rows(platform, tables.lock_state)] == [True]


async def test_a_will_the_broker_kept_is_remembered_and_its_session_counts(
    store_url: str, tmp_path: Path, mosquitto: Mosquitto
) -> None:
    mosquitto.publish(STATUS, status("online", 12), "-r")
    older = counted("mqtt_messages_total", outcome="older_session")
    async with running(store_url, tmp_path, mqtt_url=mosquitto.url) as platform:

        async def remembered() -> bool:
            return [row["session"] for row in await rows(platform, device_link)] == [12]

        await until(remembered)
        mosquitto.publish(STATUS, status("lost", 11))
        await until(lambda: counted("mqtt_messages_total", outcome="older_session") == older + 1)
        assert await rows(platform, tables.signal) == []


def event(event_id: str, event_type: str, **data: Any) -> str:
    said = {"specversion": "1.0", "id": event_id, "source": "lock", "type": f"nattljus.{event_type}", "data": data}
    return json.dumps(said)
