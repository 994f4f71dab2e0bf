"""A registry with the demonstration's people, once on SQLite and once on PostgreSQL."""

from collections.abc import AsyncIterator

import pytest

from kit.clock import FakeClock
from kit.store import Store, open_store
from kit.tokens import Signer
from registry.demo import fill


@pytest.fixture
async def empty_store(store_url: str) -> AsyncIterator[Store]:
    """All tables, with nothing in them."""
    store = open_store(store_url)
    yield store
    await store.close()


@pytest.fixture
async def store(empty_store: Store) -> Store:
    """The demonstration's data."""
    async with empty_store.write() as connection:
        await fill(connection)
    return empty_store


@pytest.fixture
def signer() -> Signer:
    """Tokens signed with a key of the tests' own."""
    return Signer(["a key of thirty-two letters or more"])


@pytest.fixture
def at(clock: FakeClock):
    """The moment at which the clock stands."""
    return clock.now()
