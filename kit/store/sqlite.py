"""The embedded database: how it is opened and let go."""

from threading import Thread
from typing import Any
from weakref import WeakSet

import aiosqlite
from sqlalchemy import event, make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

BUSY_TIMEOUT = 5.0  # seconds to wait for another process's write
PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "temp_store=MEMORY")


def open_sqlite(url: str, connections: int, wait: float) -> tuple[AsyncEngine, WeakSet[Thread]]:
    """An engine with at most that many connections, `wait` seconds for a free one, and the threads they work in.

    Each connection has a thread, and one that failed or was cancelled ends its thread unseen: who closes the engine
    waits for the threads, else the last of them finds its event loop gone.
    """
    threads: WeakSet[Thread] = WeakSet()
    file = make_url(url).database or ""

    async def connect() -> aiosqlite.Connection:
        connection = aiosqlite.connect(file, timeout=BUSY_TIMEOUT, check_same_thread=False)
        connection._thread.daemon = True  # as SQLAlchemy has it when it connects by itself
        threads.add(connection._thread)
        return await connection

    engine = create_async_engine(
        url, async_creator=connect, pool_size=connections, max_overflow=0, pool_timeout=wait, hide_parameters=True
    )
    event.listen(engine.sync_engine, "connect", _prepare)
    return engine, threads


def _prepare(connection: Any, _record: Any) -> None:
    # Transactions are begun by hand: sqlite3's own deferred BEGIN would let two writers meet half-way.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
