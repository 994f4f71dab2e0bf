"""Whoever else uses up connections to the database, a press has its own."""

from contextlib import AsyncExitStack
from pathlib import Path

from deploy.connections import HANDLING, Stores
from kit.settings import Settings
from kit.store import Store
from tests.integration.running import Running, running

PAGES = Settings.model_fields["database_connections"].default


async def use_up(store: Store, connections: int, crowd: AsyncExitStack) -> None:
    for _ in range(connections):
        await crowd.enter_async_context(store.read())


async def test_with_all_pages_and_all_who_handle_cases_waiting_a_press_is_stored_and_on_the_desk(
    postgres_url: str, tmp_path: Path
) -> None:
    async with running(postgres_url, tmp_path) as platform, platform.socket("demo-operator-1") as desk:
        await desk.say(type="hello")
        await desk.hear("snapshot")
        resident = await platform.client("demo-resident-1")
        async with AsyncExitStack() as crowd:
            await use_up(stores_of(platform).pages, PAGES, crowd)
            await use_up(stores_of(platform).handling, HANDLING, crowd)
            said = {"specversion": "1.0", "id": "1", "source": "test", "type": "nattljus.alarm.pressed"}
            answer = await resident.post("/api/v1/device/events", json=said)
            assert answer.status_code == 202
            change = await desk.hear("change")
        assert [row["id"] for row in change["cases"]] == answer.json()["cases"]
        await resident.aclose()


def stores_of(platform: Running) -> Stores:
    return platform.platform._stores
