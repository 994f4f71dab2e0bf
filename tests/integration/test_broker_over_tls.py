"""Debian's Mosquitto with the very files of deploy/mosquitto: who may say and hear what, with which certificate."""

import asyncio
import json
import os
import shutil
import subprocess
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

import deploy
from alarms import tables
from alarms.receivers.mqtt.line import Line, LineDown, read_url
from alarms.receivers.tables import device_link
from kit.clock import SystemClock
from registry.tables import device_seen
from tests.certificates import Authority
from tests.integration.running import Running, running
from tests.integration.test_curl import recipe, run
from tests.patience import PATIENCE, until
from tests.servers import Mosquitto, program, serving

FILES = Path(deploy.__file__).parent / "mosquitto"
OURS = "nattljus/v1/demo-kommun"
WHO = ("nattljus", "hall-bridge", "demo-lock-4", "demo-lock-5")
FORCED = '{"specversion":"1.0","id":"%s","source":"lock","type":"nattljus.lock.alarm","data":{"alarm":"forced_open"}}'


class GuardedMosquitto(Mosquitto):
    """The broker of deploy/mosquitto: its files as they are, but for the port and the folder they lie in."""

    def __init__(self) -> None:
        super().__init__()
        conf = (FILES / "mosquitto.conf").read_text(encoding="utf-8")
        for theirs, ours in (
            ("listener 8883\n", f"listener {self.port} 127.0.0.1\n"),
            ("/etc/mosquitto/", f"{self.folder}/"),
            ("/var/lib/mosquitto/", f"{self.folder}/"),
        ):
            assert theirs in conf
            conf = conf.replace(theirs, ours)
        (self.folder / "mosquitto.conf").write_text(conf, encoding="utf-8")
        shutil.copy(FILES / "nattljus.acl", self.folder)
        authority = Authority(self.folder)
        for name in ("broker", *WHO):
            authority.certify(name)
        if os.geteuid() == 0:  # it gives up root by itself, and must still reach its files
            for file in self.folder.iterdir():
                shutil.chown(file, "mosquitto", "mosquitto")

    def url_as(self, name: str) -> str:
        """What `NATTLJUS_MQTT_URL` would hold for somebody."""
        files = f"ca={self.folder}/ca.pem&cert={self.folder}/{name}.pem&key={self.folder}/{name}.key"
        return f"mqtts://localhost:{self.port}/{name}?{files}"

    def words(self, who: str, *more: str) -> list[str]:
        """How Mosquitto's own clients are told to be somebody."""
        own = ("--cert", f"{self.folder}/{who}.pem", "--key", f"{self.folder}/{who}.key")
        return ["-h", "localhost", "-p", str(self.port), "--cafile", f"{self.folder}/ca.pem", *own, "-V", "5", *more]

    def say(self, who: str, topic: str, payload: str, *more: str) -> None:
        """Publish as somebody; whether that may be is the broker's to know."""
        words = self.words(who, "-q", "1", "-t", topic, "-m", payload, *more)
        pub = program("mosquitto_pub", "mosquitto-clients")
        subprocess.run([pub, *words], check=False, timeout=PATIENCE, capture_output=True)


@pytest.fixture
def broker() -> Iterator[GuardedMosquitto]:
    with serving(GuardedMosquitto()) as server:
        yield server


@pytest.fixture
async def platform(sqlite_url: str, tmp_path: Path, broker: GuardedMosquitto) -> AsyncIterator[Running]:
    async with running(sqlite_url, tmp_path, mqtt_url=broker.url_as("nattljus")) as platform:
        await hears(platform)
        yield platform


async def hears(platform: Running) -> None:
    await until(lambda: platform.platform.mqtt is not None and platform.platform.mqtt._up)


async def rows(platform: Running, table: Any) -> list[Any]:
    async with platform.platform.store.read() as connection:
        return list((await connection.execute(select(table).order_by(*table.primary_key.columns))).mappings())


async def test_the_recipe_forces_a_door_over_tls(platform: Running, broker: GuardedMosquitto) -> None:
    program("mosquitto_pub", "mosquitto-clients")
    script = recipe(FILES / "README.md", "Be a device, with mosquitto_pub")
    await run(script, BROKER="localhost", PORT=str(broker.port), CERTS=str(broker.folder))

    async def raised() -> bool:
        return [case["reason"] for case in await rows(platform, tables.case)] == ["door_forced"]

    await until(raised)
    # mosquitto_pub took its leave each time, so nobody heard of the will.
    assert [(row["session"], row["state"]) for row in await rows(platform, device_link)] == [(1, "online")]


async def test_a_device_says_what_is_its_own_and_nothing_of_anothers(
    platform: Running, broker: GuardedMosquitto
) -> None:
    broker.say("demo-lock-5", f"{OURS}/demo-lock-4/event", FORCED % "anothers")
    broker.say("demo-lock-5", "nuki/demo-lock-1/state", "3")
    broker.say("demo-lock-5", "homeassistant/lock/hall-bridge/front/config", '{"stat_t": "bridges/hall-bridge/x"}')
    broker.say("hall-bridge", f"{OURS}/demo-lock-4/event", FORCED % "the bridge's")
    # With the platform's client id a device is still itself, and nobody is put out.
    broker.say("demo-lock-5", f"{OURS}/demo-lock-5/event", FORCED % "own", "-i", "nattljus")
    broker.say("demo-lock-4", f"{OURS}/demo-lock-4/heartbeat", "")

    async def heard() -> bool:
        return len(await rows(platform, tables.signal)) >= 1 and len(await rows(platform, device_seen)) >= 2

    await until(heard)
    assert [row["reference"] for row in await rows(platform, tables.signal)] == ["own"]
    assert [row["lock"] for row in await rows(platform, tables.lock_state)] == ["demo-lock-5"]
    assert platform.platform.mqtt is not None
    assert platform.platform.mqtt._up


def test_a_device_hears_its_own_commands_and_nobody_elses(broker: GuardedMosquitto) -> None:
    sub = program("mosquitto_sub", "mosquitto-clients")
    topics = [word for topic in ("nattljus/#", "nuki/#", "bridges/#") for word in ("-t", topic)]
    wanted = ["-q", "1", "-F", "%t %p", "-C", "1", "-W", str(int(PATIENCE)), "-c", "-i", "ear", *topics]
    ear = [sub, *broker.words("demo-lock-5", *wanted)]
    # Once to have the subscription there before anything is said; the broker keeps what comes meanwhile.
    subprocess.run([*ear, "-E"], check=True, timeout=PATIENCE, capture_output=True)
    for lock in ("demo-lock-4", "demo-lock-5"):
        broker.say("demo-lock-4", f"{OURS}/{lock}/command", "forged")
        broker.say("demo-lock-4", f"{OURS}/demo-lock-4/event", "its own affair")
        broker.say("nattljus", f"{OURS}/{lock}/command", f"for {lock}")
    heard = subprocess.run(ear, check=True, timeout=2 * PATIENCE, capture_output=True, text=True).stdout
    assert heard == f"{OURS}/demo-lock-5/command for demo-lock-5\n"


async def test_a_device_that_asks_is_told_what_became_of_its_event(platform: Running, broker: GuardedMosquitto) -> None:
    rr = program("mosquitto_rr", "mosquitto-clients")
    wanted = ["-q", "1", "-W", str(int(PATIENCE)), "-t", f"{OURS}/demo-lock-4/event", "-m", FORCED % "asked"]
    asks = [rr, *broker.words("demo-lock-4", *wanted, "-e", f"{OURS}/demo-lock-4/stored")]
    told = await asyncio.to_thread(subprocess.run, asks, timeout=2 * PATIENCE, capture_output=True, check=True)
    assert json.loads(told.stdout) == {"stored": True, "outcome": "stored"}


async def test_what_is_said_while_the_platform_is_away_waits_for_it(
    platform: Running, broker: GuardedMosquitto
) -> None:
    assert platform.platform.mqtt is not None
    await platform.platform.mqtt.close()
    for number in range(3):
        broker.say("demo-lock-4", f"{OURS}/demo-lock-4/event", FORCED % number)
    await platform.platform.mqtt.start()

    async def heard() -> bool:
        return [row["reference"] for row in await rows(platform, tables.signal)] == ["0", "1", "2"]

    await until(heard)


# paho leaves the socket of a handshake that failed to be collected.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
async def test_without_a_certificate_of_the_authority_nobody_comes_in(broker: GuardedMosquitto, tmp_path: Path) -> None:
    stranger, key = Authority(tmp_path, "another-ca").certify("nattljus")
    genuine = read_url(broker.url_as("nattljus"))
    theirs = read_url(f"mqtts://localhost:{broker.port}/x?ca={broker.folder}/ca.pem&cert={stranger}&key={key}")
    without = read_url(f"mqtts://localhost:{broker.port}/x?ca={broker.folder}/ca.pem")
    plain = read_url(f"mqtt://localhost:{broker.port}/x")
    distrusting = read_url(f"mqtts://localhost:{broker.port}/x?cert={stranger}&key={key}")
    nowhere = read_url(f"mqtts://localhost:{broker.port}/x?ca={tmp_path}/nowhere.pem")
    for address in (theirs, without, plain, distrusting, nowhere):
        with pytest.raises(LineDown):
            await opened(address)
    assert await opened(genuine) is False


async def opened(address: Any) -> bool:
    line = Line(address)
    try:
        return await line.open()
    finally:
        await line.close()
        await SystemClock().sleep(0)
