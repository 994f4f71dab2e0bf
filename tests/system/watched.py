"""A platform that somebody mistreats, with a person who presses all the while and must be heard."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import median

import httpx

from kit.clock import SystemClock
from tests.patience import PATIENCE
from tests.system.platforms import Platform
from tests.system.pressers import STORED, Ledger, UdpDevice

GROWTH = 100  # MiB that a platform may grow under any mistreatment
ANSWERED_WITHIN = 2.0  # seconds for the most of them, also on a busy machine; a quiet one takes milliseconds
PAUSE = 0.15  # seconds between two presses

clock = SystemClock()


@asynccontextmanager
async def pressing_throughout(platform: Platform, account: str = "100001") -> AsyncIterator[None]:
    """Whatever happens in the block: each press is stored in time, and nothing in the platform breaks or swells."""
    before, complaints = resident_mib(platform.pid), platform.complaints()
    over = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        pressing = group.create_task(_press_on(platform, account, over))
        try:
            yield
        finally:
            over.set()
    took = pressing.result()
    assert took
    assert median(took) <= ANSWERED_WITHIN
    assert max(took) <= PATIENCE
    assert await what_fails(platform) == []
    assert platform.complaints() == complaints
    assert resident_mib(platform.pid) - before < GROWTH


async def _press_on(platform: Platform, account: str, over: asyncio.Event) -> list[float]:
    took: list[float] = []
    device = UdpDevice(account, platform.sip_port, Ledger())
    try:
        while not over.is_set() or not took:
            began = clock.monotonic()
            told = await device.ask(f"w{int(began * 1000):x}")
            took.append(clock.monotonic() - began)
            assert told == STORED
            await clock.sleep(PAUSE)
    finally:
        await device.close()
        await clock.sleep(0)
    return took


async def what_fails(platform: Platform) -> list[str]:
    """Nothing, when the platform can do its job and no task of it has failed."""
    async with httpx.AsyncClient(base_url=platform.url, timeout=PATIENCE) as client:
        ready = await client.get("/readyz")
        metrics = (await client.get("/metrics")).text
    failed = re.findall(r"^nattljus_task_failures_total(\{.*\}) ([0-9.]+)$", metrics, re.MULTILINE)
    tasks = [task for task, times in failed if float(times)]
    return tasks if ready.status_code == 200 and ready.json()["database"] else [ready.text, *tasks]


def resident_mib(pid: int) -> int:
    """What a process has in memory."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) // 1024
