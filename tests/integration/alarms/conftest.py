"""A store with a small registry in it, once on SQLite and once on PostgreSQL, and a hub that writes to it."""

from collections.abc import AsyncIterator

import pytest

from alarms.hub import Hub
from deploy import schema
from kit.bus import LocalBus
from kit.clock import SystemClock
from kit.store import Store, open_store
from tests.integration.alarms.homes import fill


@pytest.fixture
async def store(store_url: str) -> AsyncIterator[Store]:
    store = open_store(store_url)
    await schema.migrate(store)
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
