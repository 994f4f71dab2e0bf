"""PostgreSQL: how it is opened, and when a connection from the pool is tried before it is trusted."""

from typing import Any

from sqlalchemy import event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from kit.clock import SystemClock

RESTED = 1.0
"""Seconds after which a connection may have died unseen. Under load none rests so long, and a question to the server
before each batch was a tenth of what a small one costs; one that breaks in use empties the whole pool as it is."""


def open_postgresql(url: str, connections: int, connect_timeout: float, command_timeout: float) -> AsyncEngine:
    """An engine with at most that many connections; timeouts in seconds, the first also for a free connection."""
    clock = SystemClock()
    engine = create_async_engine(
        url,
        pool_size=connections,
        max_overflow=0,
        pool_timeout=connect_timeout,
        hide_parameters=True,  # what was bound names people, and errors end up in logs
        connect_args={"timeout": connect_timeout, "command_timeout": command_timeout},
    )

    def rests(_connection: Any, record: Any) -> None:
        record.info["rests_since"] = clock.monotonic()

    def tried(connection: Any, record: Any, _proxy: Any) -> None:
        since = record.info.get("rests_since")
        if since is None or clock.monotonic() - since < RESTED:
            return
        try:
            engine.dialect.do_ping(connection)
        except Exception as error:
            raise DisconnectionError("a connection that rested has died") from error

    event.listen(engine.sync_engine, "checkin", rests)
    event.listen(engine.sync_engine, "checkout", tried)
    return engine
