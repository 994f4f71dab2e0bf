"""What is old is forgotten, a little at a time, and never so that the feed has a hole."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Table, event, select

import alarms.pruning
from alarms import tables
from alarms.batch import RECEIPT_WINDOW
from alarms.pruning import COMMANDS_KEPT, FEED_KEPT, SYNTHETIC_KEPT, Pruning
from kit.clock import SystemClock
from kit.store import Store, open_store
from registry import synthetic

NOW = datetime(2026, 1, 15, 3, 10, tzinfo=UTC)
A_LITTLE = timedelta(seconds=1)


class Night(SystemClock):
    """A clock that pauses as long as it is told, in one moment of one night."""

    def now(self) -> datetime:
        """That moment."""
        return NOW


@pytest.fixture
async def store(store_url: str) -> AsyncIterator[Store]:
    store = open_store(store_url)
    yield store
    await store.close()


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> int:
    """So few rows in a portion."""
    monkeypatch.setattr(alarms.pruning, "AT_ONCE", 3)
    return 3


async def fill_feed(store: Store, old: str) -> None:
    """Positions from 1 on, old where the letter is `o` and young where it is `y`."""
    moment = {"o": NOW - FEED_KEPT - A_LITTLE, "y": NOW - FEED_KEPT + A_LITTLE}
    rows = [{"position": n, "case": "c", "principal": "p", "at": moment[age]} for n, age in enumerate(old, 1)]
    async with store.write() as connection:
        await connection.execute(tables.feed.insert(), rows)


async def kept(store: Store, table: Table) -> list[object]:
    [key] = table.primary_key.columns
    async with store.read() as connection:
        return list(await connection.scalars(select(key).order_by(key)))


@pytest.mark.parametrize(
    ("ages", "left"),
    [
        ("o" * 11 + "yyyy", [12, 13, 14, 15]),
        ("ooooyooooyo", [5, 6, 7, 8, 9, 10, 11]),
        ("yoooo", [1, 2, 3, 4, 5]),
        ("oooooo", []),
    ],
)
async def test_of_the_feed_only_a_beginning_is_forgotten(store: Store, few: int, ages: str, left: list[int]) -> None:
    await fill_feed(store, ages)
    await Pruning(store, Night()).prune()
    assert await kept(store, tables.feed) == left


async def test_an_empty_database_has_nothing_to_forget(store: Store) -> None:
    await Pruning(store, Night()).prune()
    assert await kept(store, tables.feed) == await kept(store, tables.receipt) == []


async def test_old_receipts_and_commands_go_and_the_young_among_them_stay(store: Store, few: int) -> None:
    receipts = [
        {"key": f"k{n:02}", "signal": "s", "received_at": NOW - RECEIPT_WINDOW + (A_LITTLE if n % 3 else -A_LITTLE)}
        for n in range(20)
    ]
    commands = [
        {"id": f"k{n:02}", "case": "c", "at": NOW - COMMANDS_KEPT + (A_LITTLE if n > 15 else -A_LITTLE)}
        for n in range(20)
    ]
    async with store.write() as connection:
        await connection.execute(tables.receipt.insert(), receipts)
        await connection.execute(tables.command.insert(), commands)
    await Pruning(store, Night()).prune()
    assert await kept(store, tables.receipt) == [f"k{n:02}" for n in range(20) if n % 3]
    assert await kept(store, tables.command) == [f"k{n:02}" for n in range(16, 20)]


async def test_no_transaction_forgets_more_than_a_portion(store: Store, few: int) -> None:
    await fill_feed(store, "o" * 10)
    old = [{"key": f"k{n}", "signal": "s", "received_at": NOW - 2 * RECEIPT_WINDOW} for n in range(10)]
    async with store.write() as connection:
        await connection.execute(tables.receipt.insert(), old)
    happened: list[int | None] = []
    engine = store.engine.sync_engine

    @event.listens_for(engine, "after_cursor_execute")
    def executed(_connection, cursor, statement, *_) -> None:  # type: ignore[no-untyped-def]
        if statement.startswith("DELETE"):
            happened.append(cursor.rowcount)

    @event.listens_for(engine, "commit")
    def committed(_connection) -> None:  # type: ignore[no-untyped-def]
        happened.append(None)

    await Pruning(store, Night()).prune()
    together = [0]
    for one in happened:
        together.append(0) if one is None else together.append(together.pop() + one)
    assert sum(together) == 20
    assert max(together) == few


async def test_who_waits_to_write_comes_in_between_two_portions(store: Store, few: int) -> None:
    await fill_feed(store, "o" * 30)
    left_then: list[int] = []

    class Eager(Night):
        """In the pause, somebody writes."""

        async def sleep(self, seconds: float) -> None:
            """Write, and look how far it has come."""
            assert seconds > 0
            async with store.write() as connection:
                await connection.execute(tables.command.insert().values(id=f"{len(left_then)}", case="c", at=NOW))
            left_then.append(len(await kept(store, tables.feed)))

    await Pruning(store, Eager()).prune()
    assert left_then[:10] == [27, 24, 21, 18, 15, 12, 9, 6, 3, 0]


async def test_of_signals_only_the_watchdogs_own_are_forgotten(store: Store, few: int) -> None:
    row = {
        "protocol": "http", "account": "a", "kind": "test", "priority": 5, "type": "t", "reference": "r", "raw": b"",
        "defects": [], "details": {},
    }  # fmt: skip
    old, young = NOW - SYNTHETIC_KEPT - A_LITTLE, NOW - SYNTHETIC_KEPT + A_LITTLE
    rows = [
        *({**row, "id": f"own-{n}", "principal": synthetic.PRINCIPAL, "received_at": old} for n in range(8)),
        {**row, "id": "own-young", "principal": synthetic.PRINCIPAL, "received_at": young},
        {**row, "id": "of-a-resident", "principal": "kommun", "received_at": old},
        {**row, "id": "of-nobody", "principal": None, "received_at": old},
    ]
    async with store.write() as connection:
        await connection.execute(tables.signal.insert(), rows)
    await Pruning(store, Night()).prune()
    assert await kept(store, tables.signal) == ["of-a-resident", "of-nobody", "own-young"]
