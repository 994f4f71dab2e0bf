"""Whatever is killed, whenever: another system hears of every case that was stored, each event with one id."""

import asyncio
from itertools import count

import httpx
import pytest
from sqlalchemy import select

from alarms import tables
from kit.clock import SystemClock
from tests.integration.alarms.receiving import receiver
from tests.patience import PATIENCE, until
from tests.system.platforms import PEOPLE, Platform, device_bearer, move_in, operator_bearer, platform_of

pytestmark = [pytest.mark.timeout(600), pytest.mark.soak]

KILLS = 8
PRESSES = 12  # before each kill
clock = SystemClock()


async def press(platform: Platform, n: int) -> None:
    """A press that may find nobody there."""
    one = PEOPLE[n % len(PEOPLE)]
    event = {"specversion": "1.0", "id": f"press-{n}", "source": "test", "type": "nattljus.alarm.pressed"}
    headers = {"Authorization": f"Bearer {device_bearer(one.app)}"}
    async with httpx.AsyncClient(headers=headers, timeout=PATIENCE) as device:
        try:
            await device.post(f"{platform.url}/api/v1/device/events", json=event)
        except httpx.HTTPError:
            return


async def test_what_is_killed_while_it_sends_sends_again_and_loses_nothing(monkeypatch):
    monkeypatch.setenv("NATTLJUS_OUTWARD_NETWORKS", "127.0.0.0/8")
    with platform_of("serve", "alarms") as platform:
        await asyncio.to_thread(platform.migrate)
        store = platform.store()
        await move_in(store)
        await asyncio.to_thread(platform.start)
        async with receiver() as receiving:
            admin = {"Authorization": f"Bearer {operator_bearer('demo-administrator')}"}
            async with httpx.AsyncClient(headers=admin, timeout=PATIENCE) as http:
                made = await http.post(f"{platform.url}/api/v1/subscriptions", json={"url": receiving.url})
                assert made.status_code == 201, made.text
            asked = count()
            receiving.answer = lambda event: 503 if next(asked) % 5 == 0 else 204
            for kill in range(KILLS):
                await asyncio.gather(*(press(platform, kill * PRESSES + n) for n in range(PRESSES)))
                await clock.sleep(0.1 * kill)
                platform.kill()
                await asyncio.to_thread(platform.start)

            async def told() -> bool:
                async with store.read() as connection:
                    stored = set(await connection.scalars(select(tables.case.c.id)))
                return len(stored) >= PRESSES and stored == {
                    event["subject"] for event in receiving.taken if event["type"] == "nattljus.case.raised"
                }

            await until(told, "a case was stored and never told", patience=180)
            lines = {event["sequence"]: event["id"] for event in receiving.taken}
            assert len(lines) == len(set(lines.values()))
            for one in receiving.taken:
                assert lines[one["sequence"]] == one["id"]
        await store.close()
        assert platform.complaints() == []
