"""The whole platform with the demonstration's data, for each test anew."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.integration.running import Running, running


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
