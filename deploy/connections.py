"""The connections of one process to PostgreSQL, in three pools: no crowd of one kind keeps another from the database.

SQLite has one writer in a process, and all three are the same store there.
"""

from dataclasses import dataclass

from kit.store import Store, open_store

INTAKE = 12
"""Lanes, signs of life, who a device is, steps, timers, the feed: loops, of which each has one connection at a time."""

HANDLING = 10
"""What operators and responders do, locks, what MQTT tells of them, vendors' calls, what is sent on."""


@dataclass(frozen=True, slots=True)
class Stores:
    """`intake` is for loops alone, so that what is said above stays true; `pages` for what is looked at."""

    intake: Store
    handling: Store
    pages: Store

    async def close(self) -> None:
        """Close every connection."""
        for store in {self.intake, self.handling, self.pages}:
            await store.close()


def open_stores(url: str, *, pages: int) -> Stores:
    """The stores at that SQLAlchemy URL, `pages` with that many connections; they connect when used."""
    store = open_store(url, connections=pages)
    if store.embedded:
        return Stores(store, store, store)
    return Stores(open_store(url, connections=INTAKE), open_store(url, connections=HANDLING), store)
