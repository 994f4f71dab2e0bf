"""What every test may ask for: real servers, an empty database of either kind, a clock that stands still."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from kit.clock import FakeClock
from tests.patience import PATIENCE
from tests.servers import Mosquitto, PostgreSQL, Redis, serving, temporary_folder


class OnePlatformEach(LoadScopeScheduling):
    """Tests go to whoever is free, but a file of tests/system stays in one process: its platform is started once."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return file if file.startswith("tests/system/") else nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> OnePlatformEach:
    """How tests are shared out among processes (`-n`)."""
    return OnePlatformEach(config, log)


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgreSQL]:
    """PostgreSQL for the whole run; make databases in it, never stop it."""
    with serving(PostgreSQL(lasting=False)) as server:
        yield server


@pytest.fixture
def mortal_postgres() -> Iterator[PostgreSQL]:
    """PostgreSQL for one test, which may kill it, pause it, start it again."""
    with serving(PostgreSQL()) as server:
        yield server


@pytest.fixture(scope="session")
def redis_server() -> Iterator[Redis]:
    """Redis for the whole run; never stop it."""
    with serving(Redis()) as server:
        yield server


@pytest.fixture
def mortal_redis() -> Iterator[Redis]:
    """Redis for one test, which may kill it, pause it, start it again."""
    with serving(Redis()) as server:
        yield server


@pytest.fixture
def mosquitto() -> Iterator[Mosquitto]:
    """An MQTT broker for one test, which may kill it and start it again."""
    with serving(Mosquitto()) as server:
        yield server


@pytest.fixture
def postgres_url(postgres: PostgreSQL, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The URL of an empty PostgreSQL database. Nobody stops it, so a connection that takes long is no outage."""
    monkeypatch.setattr("kit.store.store.CONNECT_TIMEOUT", PATIENCE)
    url = postgres.create()
    yield url
    postgres.drop(url)


@pytest.fixture
def sqlite_folder() -> Iterator[Path]:
    """Where an SQLite database is kept as long as the test."""
    folder = temporary_folder(lasting=False)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def sqlite_url(sqlite_folder: Path) -> str:
    """The URL of an SQLite database that does not exist yet."""
    return f"sqlite+aiosqlite:///{sqlite_folder / 'nattljus.db'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest) -> str:
    """The URL of an empty database: the test runs once for each kind."""
    url: str = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    return url


@pytest.fixture
def clock() -> FakeClock:
    """Time that stands still at ten past three of a winter's night until the test advances it."""
    return FakeClock()
