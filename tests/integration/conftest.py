"""Databases that have their tables already, and the whole platform with the demonstration's data, for each test anew.

Migrating takes a second on PostgreSQL, a copy of what was migrated once a tenth; how databases are migrated is the
subject of tests of its own (contract/test_migrations.py, integration/registry/test_shell.py), on empty ones.
"""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from deploy import schema
from kit.store import open_store
from tests.integration.running import Running, running
from tests.patience import PATIENCE
from tests.servers import PostgreSQL


def migrated(url: str) -> str:
    """The database at that URL, after all migrations."""

    async def migrate() -> None:
        store = open_store(url)
        await schema.migrate(store)
        await store.close()

    asyncio.run(migrate())
    return url


@pytest.fixture(scope="session")
def postgres_template(postgres: PostgreSQL) -> str:
    """The name of a migrated database with nothing in it; copy it, never connect to it."""
    return migrated(postgres.create()).rpartition("/")[2]


@pytest.fixture
def nobody_stops_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection or a statement that takes long is no outage."""
    monkeypatch.setattr("kit.store.store.CONNECT_TIMEOUT", PATIENCE)
    monkeypatch.setitem(open_store.__kwdefaults__, "command_timeout", PATIENCE)


@pytest.fixture
def postgres_url(postgres: PostgreSQL, postgres_template: str, nobody_stops_it: None) -> Iterator[str]:
    """The URL of a migrated PostgreSQL database."""
    url = postgres.create(postgres_template)
    yield url
    postgres.drop(url)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite database with nothing in it; copy it."""
    file = tmp_path_factory.mktemp("migrated") / "nattljus.db"
    migrated(f"sqlite+aiosqlite:///{file}")
    return file


@pytest.fixture
def sqlite_url(sqlite_template: Path, sqlite_folder: Path, nobody_stops_it: None) -> str:
    """The URL of a migrated SQLite database."""
    return f"sqlite+aiosqlite:///{shutil.copy(sqlite_template, sqlite_folder)}"


@pytest.fixture
async def platform(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Running]:
    """On SQLite, for what is the same on both databases."""
    async with running(sqlite_url, tmp_path) as platform:
        yield platform


@pytest.fixture
async def either_platform(store_url: str, tmp_path: Path) -> AsyncIterator[Running]:
    """Once on SQLite and once on PostgreSQL."""
    async with running(store_url, tmp_path) as platform:
        yield platform
