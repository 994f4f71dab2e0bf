"""Which tests of the whole platform are run beside others, which have the machine to themselves, and a real disk."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers import PostgreSQL, serving

HERE = Path(__file__).parent
# Their patience is generous and no figure of theirs is a promise.
BESIDE = {
    "test_bench_desk",
    "test_bench_intake",
    "test_doors",
    "test_garbage_on_every_port",
    "test_handling_pages",
    "test_integration_pages",
    "test_mission_pages",
    "test_night_by_keyboard",
    "test_nothing_personal_in_logs",
    "test_openapi",
    "test_pages",
    "test_planning_pages",
    "test_position_pages",
    "test_statistics_looks",
    "test_visit_looks",
}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A file that is not named here is run alone: nobody has said that it may be disturbed."""
    for item in items:
        if item.path.parent == HERE and item.path.stem not in BESIDE:
            item.add_marker(pytest.mark.alone)


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgreSQL]:
    """PostgreSQL for the whole run on a disk that it waits for, as where it is in use; never stop it."""
    with serving(PostgreSQL()) as server:
        yield server
