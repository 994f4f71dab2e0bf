"""A day of the demonstration, with every client a real one: every promise is kept, and the shell says so."""

import json
import os
import re
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.patience import PATIENCE, until
from tests.servers import Mosquitto, children, free_port, program, wait_for_end
from tests.system.platforms import NATTLJUS, Platform, device_bearer, operator_bearer, platform_of

pytestmark = pytest.mark.timeout(180)


@pytest.fixture
def broker() -> Iterator[Mosquitto]:
    broker = Mosquitto()
    try:
        broker.start()
        yield broker
    finally:
        broker.remove()


@pytest.fixture
def platform(broker: Mosquitto) -> Iterator[Platform]:
    with platform_of("run", "--demo", mqtt_url=broker.url) as platform:
        platform.start()
        yield platform


def counted(seen: str) -> int:
    """The number that a finding begins with."""
    found = re.match(r"\d+", seen)
    assert found is not None
    return int(found[0])


def simulate(folder: Path, port: int, sip_port: int, *words: str) -> subprocess.CompletedProcess[str]:
    where = ("--url", f"http://127.0.0.1:{port}", "--sip", f"127.0.0.1:{sip_port}")
    return subprocess.run(
        [NATTLJUS, "simulate", "demo", *where, *words],
        cwd=folder, capture_output=True, text=True, timeout=150, check=False,
    )  # fmt: skip


def test_half_a_minute_of_life_keeps_every_promise(platform: Platform, broker: Mosquitto, tmp_path: Path) -> None:
    day = ("--minutes", "0.5", "--speed", "4", "--residents", "6", "--seed", "3")
    beside = ("--mqtt", broker.url, "--report", str(tmp_path))
    done = simulate(platform.folder, platform.port, platform.sip_port, *day, *beside)
    print("\n" + done.stdout)
    assert done.returncode == 0, done.stdout + done.stderr
    said = json.loads((tmp_path / "report.json").read_text())
    kept = {one["name"]: one["holds"] for one in said["promises"]}
    assert len(kept) == 9
    assert all(kept.values()), said
    seen = {one["name"]: one["seen"] for one in said["promises"]}
    assert counted(seen["Both see and hear each other"]) >= 2
    assert counted(seen["Doors open when told to"]) >= 1
    assert "| Every press is acknowledged |" in (tmp_path / "report.md").read_text()
    assert platform.complaints() == []


def test_a_day_with_nobody_to_see_or_hear_is_a_failure_in_plain_words(tmp_path: Path) -> None:
    report, elsewhere = tmp_path / "report", tmp_path / "elsewhere"
    report.mkdir()
    elsewhere.mkdir()
    done = simulate(elsewhere, free_port(), free_port(), "--minutes", "0.1", "--report", str(report))
    assert done.returncode == 1
    assert "nattljus run --demo" in done.stderr
    assert "Traceback" not in done.stderr
    assert list(report.iterdir()) == []


async def test_life_beside_the_platform_presses_where_nobody_leans_and_ends_with_it() -> None:
    with platform_of("run", "--demo", demo_life="on") as platform:
        platform.start()
        bearer = {"Authorization": f"Bearer {operator_bearer('demo-operator-1')}"}
        async with httpx.AsyncClient(base_url=platform.url, headers=bearer, timeout=PATIENCE) as client:

            async def raised() -> list[dict[str, str]]:
                answer = await client.get("/api/v1/cases", params={"state": "open"})
                return list(answer.json()["items"])

            cases = await until(raised, "nobody has pressed", patience=60, every=0.5)
        assert {case["resident"] for case in cases} <= {f"demo-resident-{number}" for number in range(13, 21)}
        [life] = [pid for pid in children(platform.pid) if "--gentle" in words_of(pid)]
        os.kill(platform.pid, signal.SIGKILL)
        wait_for_end(life)


async def test_with_a_broker_of_its_own_the_demonstrations_doors_open() -> None:
    program("mosquitto", "mosquitto")
    with platform_of("run", "--demo", demo_life="on", mqtt_broker="on") as platform:
        platform.start()
        bearer = {"Authorization": f"Bearer {operator_bearer('demo-operator-1')}"}
        async with httpx.AsyncClient(base_url=f"{platform.url}/api/v1", headers=bearer, timeout=15) as client:
            press = {"specversion": "1.0", "id": "1", "source": "app", "type": "nattljus.alarm.pressed"}
            own = {"Authorization": f"Bearer {device_bearer('demo-app-1')}"}
            pressed = await client.post("/device/events", json=press, headers=own)
            assert pressed.status_code == 202, pressed.text
            cases = (await client.get("/cases", params={"state": "open"})).json()["items"]
            case = next(one["id"] for one in cases if one["resident"] == "demo-resident-1")
            taken = await client.post(f"/cases/{case}/take", json={"command_id": "take-1"})
            assert taken.is_success, taken.text

            async def opened() -> bool:
                answer = await client.post("/locks/demo-lock-1/open", json={"purpose": {"case": case}})
                return answer.is_success

            # Life has to begin, and the lock to be there.
            await until(opened, "the door does not open", patience=60, every=0.5)
        [broker] = [pid for pid in children(platform.pid) if "mosquitto" in words_of(pid)[0]]
        os.kill(platform.pid, signal.SIGKILL)
        wait_for_end(broker)


def words_of(pid: int) -> list[str]:
    """How a process was called."""
    return Path(f"/proc/{pid}/cmdline").read_text().split("\0")
