"""A store with a small registry in it, once on SQLite and once on PostgreSQL, and a hub that writes to it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from alarms.hub import Hub
from kit.bus import LocalBus
from kit.clock import SystemClock
from kit.store import Store, open_store
from tests.integration.alarms.centres import Reserve
from tests.integration.alarms.homes import fill
from tests.integration.alarms.routed import two_centrals
from tests.integration.running import Running


@pytest.fixture
async def store(store_url: str) -> AsyncIterator[Store]:
    store = open_store(store_url)
    async with store.write() as connection:
        await fill(connection)
    yield store
    await store.close()


@pytest.fixture
async def hub(store: Store) -> AsyncIterator[Hub]:
    hub = Hub(store, LocalBus(), SystemClock())
    await hub.start()
    yield hub
    await hub.close()


@pytest.fixture
async def office(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Running]:
    """Two centrals on one database, for what asks no more of it than to keep a document."""
    async with two_centrals(sqlite_url, tmp_path) as platform:
        yield platform


@pytest.fixture
async def reserve(store: Store, hub: Hub) -> AsyncIterator[Reserve]:
    """A process's forwarding, that goes turn by turn."""
    made = Reserve(store, hub)
    yield made
    await made.part.close()
