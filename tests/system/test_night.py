"""A county's night against the real platform: promises kept, every picture drawn, and nobody else's people touched."""

import json
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from registry import tables
from tests.system.platforms import KEY, NATTLJUS, Platform, platform_of

pytestmark = pytest.mark.timeout(240)

NIGHT = ("--residents", "60", "--minutes", "0.2", "--speed", "120")
ON_A_SLOW_DAY = {"stored", "on_desk"}  # how soon, to the second, is for machines that are not shared
UNTRIED = {"louder", "supervisor", "lid", "told"}  # a night of seconds has no minute to wait


@pytest.fixture(scope="module")
def platform() -> Iterator[Platform]:
    with platform_of("run", "--demo") as platform:
        platform.start()
        yield platform


def simulate(platform: Platform, *words: str, key: str = KEY) -> subprocess.CompletedProcess[str]:
    where = ("--url", platform.url, "--sip", f"127.0.0.1:{platform.sip_port}")
    environment = {**os.environ, "NATTLJUS_DATA": str(platform.folder), "NATTLJUS_SECRET_KEYS": key}
    return subprocess.run(
        [NATTLJUS, "simulate", "night", *where, *words],
        env=environment, cwd=platform.folder, capture_output=True, text=True, timeout=200, check=False,
    )  # fmt: skip


async def counted(platform: Platform) -> dict[str, tuple[int, int]]:
    """How many of each there are in the registry: of the night, and others."""
    store = platform.store()
    found = {}
    try:
        async with store.read() as connection:
            for table in (tables.principal, tables.home, tables.resident, tables.device, tables.assignment):
                of_night = table.c.id.like("night-%")
                night = await connection.scalar(select(func.count()).where(of_night))
                others = await connection.scalar(select(func.count()).where(~of_night))
                found[table.name] = (night or 0, others or 0)
    finally:
        await store.close()
    return found


async def test_a_night_of_seconds_keeps_its_promises_and_draws_them(platform: Platform, tmp_path: Path) -> None:
    before = await counted(platform)
    done = simulate(platform, *NIGHT, "--report", str(tmp_path), "--language", "en")
    print("\n" + done.stdout)
    said = json.loads((tmp_path / "report.json").read_text())
    held = {one["name"]: one["holds"] for one in said["promises"]}
    assert {name for name, holds in held.items() if holds is None} == UNTRIED
    assert {name for name, holds in held.items() if holds is False} <= ON_A_SLOW_DAY, done.stdout
    assert done.returncode == (0 if said["kept"] else 1), done.stderr
    assert said["figures"]["alarms"] >= 12
    page = (tmp_path / "report.html").read_text()
    assert page.count('<svg viewBox="') == 5
    assert re.findall(r'<section id="(\w+)">', page) == [
        "presses", "answers", "oldest", "places", "escalations", "figures",
    ]  # fmt: skip
    assert page.count("data-promise=") == len(said["promises"]) == 14
    assert platform.complaints() == []
    after = await counted(platform)
    assert {name: others for name, (_, others) in after.items()} == {
        name: others for name, (_, others) in before.items()
    }
    assert (after["resident"][0], after["home"][0], after["device"][0]) == (60, 60, 60)


def test_a_platform_whose_keys_are_others_is_told_in_plain_words(platform: Platform) -> None:
    done = simulate(platform, *NIGHT, key="another-key-than-the-platform-has-by-far")
    assert done.returncode == 1
    assert "--data" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_night_with_nobody_to_see_or_hear_is_a_failure_in_plain_words(tmp_path: Path) -> None:
    with platform_of("run", "--demo") as nobody:
        done = simulate(nobody, *NIGHT, "--report", str(tmp_path))
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "nattljus run --demo" in done.stderr
    assert list(tmp_path.iterdir()) == []
