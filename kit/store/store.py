"""Connections and transactions.

SQLite: WAL, `synchronous=FULL`, one writer at a time in a process (`BEGIN IMMEDIATE`), readers beside it.
PostgreSQL: READ COMMITTED; whoever needs more takes row locks, or reads in a `snapshot`.
A database that cannot answer shows itself as `StorageDown`, whatever the driver called it, and one that gave way to
another transaction (PostgreSQL's deadlocks) as `Conflict`: nothing was stored, begin again. When the line breaks while
a commit is under way nobody can know its outcome: the caller says "not stored" and what comes again must be idempotent.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from threading import Thread

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from kit.errors import Conflict, StorageDown
from kit.store.faults import is_conflict, is_down
from kit.store.postgresql import open_postgresql
from kit.store.sqlite import open_sqlite

CONNECT_TIMEOUT = 2.0  # seconds, also for a connection from the pool
CLOSE_TIMEOUT = 2.0  # seconds for each of SQLite's threads to end
COMMAND_TIMEOUT = 4.0  # seconds for one statement; a database that hangs is an outage before devices lose patience


class Store:
    """An open database: `write` and `snapshot` give a connection in a transaction of its own, `read` one to ask."""

    def __init__(self, engine: AsyncEngine, threads: Iterable[Thread] = ()) -> None:
        self.engine = engine
        self._threads = threads
        # PostgreSQL answers a single question with one journey; BEGIN and COMMIT around it would be two more.
        self._asking = engine
        if engine.dialect.name != "sqlite":
            self._asking = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._one_writer = asyncio.Lock() if engine.dialect.name == "sqlite" else None

    @property
    def embedded(self) -> bool:
        """Whether this is SQLite."""
        return self._one_writer is not None

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that commits when the block ends well.

        Raises StorageDown when the database cannot do its work, Conflict when another transaction was in the way.
        """
        if self._one_writer is None:
            async with self._transaction("BEGIN") as connection:
                yield connection
        else:
            async with self._one_writer, self._transaction("BEGIN IMMEDIATE") as connection:
                yield connection

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """To ask questions: each sees what is committed when it is asked. Raises StorageDown when the database is away.

        What must hold together across several, or is streamed, is asked in a `snapshot`.
        """
        async with self._transaction("BEGIN", self._asking) as connection:
            yield connection

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that reads everything as it stood at its first question. Raises StorageDown."""
        async with self._transaction("BEGIN") as connection:
            if not self.embedded:  # SQLite always does
                await connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
            yield connection

    @asynccontextmanager
    async def _transaction(self, begin: str, engine: AsyncEngine | None = None) -> AsyncIterator[AsyncConnection]:
        try:
            async with (engine or self.engine).connect() as connection:
                if self.embedded:
                    await connection.exec_driver_sql(begin)
                async with _committed(connection):
                    yield connection
        except Exception as error:
            if is_down(error):
                raise StorageDown(type(error).__name__) from error
            if is_conflict(error):
                raise Conflict(type(error).__name__) from error
            raise

    async def ping(self) -> None:
        """Ask for one answer; raises StorageDown."""
        async with self.read() as connection:
            await connection.execute(text("SELECT 1"))

    async def close(self) -> None:
        """Close every connection."""
        await self.engine.dispose()
        for thread in list(self._threads):
            await asyncio.to_thread(thread.join, CLOSE_TIMEOUT)


@asynccontextmanager
async def _committed(connection: AsyncConnection) -> AsyncIterator[None]:
    try:
        yield
    except BaseException:
        # On a broken line there is nothing to roll back; what broke it, or a cancellation, must be seen.
        with suppress(Exception):
            await connection.rollback()
        raise
    await connection.commit()


def open_store(url: str, *, connections: int = 8, command_timeout: float = COMMAND_TIMEOUT) -> Store:
    """A store at that SQLAlchemy URL (`sqlite+aiosqlite:///file` or `postgresql+asyncpg://…`); connects when used."""
    if url.startswith("sqlite"):
        return Store(*open_sqlite(url, connections, CONNECT_TIMEOUT))
    return Store(open_postgresql(url, connections, CONNECT_TIMEOUT, command_timeout))
