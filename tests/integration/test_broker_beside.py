"""Mosquitto as the platform's child: on loopback behind a password, started again when it ends, ended with us."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

import deploy
from deploy.broker import KEEPING, USER, Broker, find_mosquitto
from deploy.commands import run
from kit.clock import SystemClock
from kit.settings import Settings
from tests.patience import until
from tests.servers import program, wait_for_end

STARTS_WITHIN = 15.0  # seconds on a busy machine


@pytest.fixture
async def broker(tmp_path: Path) -> AsyncIterator[Broker]:
    broker = Broker(program("mosquitto", "mosquitto"), tmp_path, SystemClock())
    await broker.start()
    try:
        await answers(broker)
        yield broker
    finally:
        await broker.close()


async def answers(broker: Broker) -> None:
    async def heard() -> bool:
        try:
            _, line = await asyncio.open_connection("127.0.0.1", broker.port)
        except OSError:
            return False
        line.close()
        return True

    await until(heard, patience=STARTS_WITHIN)


async def published(broker: Broker, *more: str) -> bool:
    """Whether the broker took a message, at QoS 1, to be kept for whoever asks."""
    pub = program("mosquitto_pub", "mosquitto-clients")
    words = ("-h", "127.0.0.1", "-p", str(broker.port), "-q", "1", "-r", "-t", "a/door", "-m", "open", *more)
    process = await asyncio.create_subprocess_exec(pub, *words, stderr=subprocess.DEVNULL)
    return await process.wait() == 0


def credentials(broker: Broker) -> tuple[str, ...]:
    return ("-u", USER, "-P", broker.url.split(":")[2].rpartition("@")[0])


def test_it_keeps_as_much_and_writes_it_down_as_soon_as_the_broker_of_production() -> None:
    production = (Path(deploy.__file__).parent / "mosquitto" / "mosquitto.conf").read_text(encoding="utf-8")
    assert set(KEEPING.splitlines()) <= set(production.splitlines())


async def test_it_lets_in_who_has_the_password_and_nobody_else(broker: Broker) -> None:
    assert await published(broker, *credentials(broker))
    assert not await published(broker)
    assert not await published(broker, "-u", USER, "-P", "guessed")


async def test_its_password_is_for_who_may_read_the_data_folder(broker: Broker, tmp_path: Path) -> None:
    assert broker.told.read_text() == f"{broker.url}\n"
    assert {file.stat().st_mode & 0o077 for file in (tmp_path / "mosquitto").iterdir()} == {0}
    assert broker.url.split(":")[2].rpartition("@")[0] not in (tmp_path / "mosquitto" / "passwords").read_text()


async def test_killed_it_is_started_again_on_the_same_port_with_what_it_had(broker: Broker, tmp_path: Path) -> None:
    assert await published(broker, *credentials(broker))
    kept = tmp_path / "mosquitto" / "mosquitto.db"
    await until(lambda: kept.exists() and b"a/door" in kept.read_bytes(), patience=STARTS_WITHIN)
    first = broker.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    await until(lambda: broker.pid not in {None, first}, patience=STARTS_WITHIN)
    await answers(broker)
    sub = program("mosquitto_sub", "mosquitto-clients")
    words = ("-h", "127.0.0.1", "-p", str(broker.port), *credentials(broker), "-t", "a/door", "-C", "1", "-W", "5")
    process = await asyncio.create_subprocess_exec(sub, *words, stdout=subprocess.PIPE)
    assert (await process.communicate())[0] == b"open\n"


async def test_it_ends_with_the_platform(broker: Broker) -> None:
    pid = broker.pid
    assert pid is not None
    await broker.close()
    wait_for_end(pid, at_most=1.0)


async def test_it_ends_with_a_parent_that_is_killed(tmp_path: Path) -> None:
    found = program("mosquitto", "mosquitto")
    parent = (
        "import asyncio, sys, pathlib\n"
        "from deploy.broker import Broker\n"
        "from kit.clock import SystemClock\n"
        "async def live():\n"
        "    broker = Broker(sys.argv[1], pathlib.Path(sys.argv[2]), SystemClock())\n"
        "    await broker.start()\n"
        "    print(broker.pid, flush=True)\n"
        "    await asyncio.Event().wait()\n"
        "asyncio.run(live())\n"
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", parent, found, str(tmp_path), stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    child = int(await process.stdout.readline())
    process.kill()
    await process.wait()
    wait_for_end(child)


@pytest.mark.parametrize("given", [{"mqtt_url": "mqtt://broker.example"}, {"mqtt_broker": "off"}])
async def test_where_another_is_named_or_none_is_wanted_none_is_started(tmp_path: Path, given: dict[str, str]) -> None:
    assert await run._broker(Settings(data=tmp_path, **given)) is None
    assert os.listdir(tmp_path) == []


async def test_without_the_program_everything_else_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "find_mosquitto", lambda: None)
    assert await run._broker(Settings(data=tmp_path)) is None


def test_it_is_found_where_debian_keeps_it(monkeypatch: pytest.MonkeyPatch) -> None:
    found = program("mosquitto", "mosquitto")
    monkeypatch.setenv("PATH", "/nowhere")
    assert find_mosquitto() == found or not found.startswith("/usr/sbin")
