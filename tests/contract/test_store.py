"""What the store promises on both databases. What it does when PostgreSQL dies is in test_store_outages.py."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from sqlalchemy import Column, Integer, MetaData, String, Table, func, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError

from kit.clock import SystemClock
from kit.errors import Conflict, Refusal, StorageDown
from kit.store import Moment, Store, for_update, insert, open_store, skip_locked
from kit.tasks import Tasks

catalogue = MetaData()
notes = Table(
    "note",
    catalogue,
    Column("id", Integer, primary_key=True),
    Column("text", String, nullable=False),
    Column("at", Moment),
)
NOON = datetime(2026, 1, 15, 12, tzinfo=UTC)
clock = SystemClock()


async def made(url: str) -> Store:
    store = open_store(url)
    async with store.write() as connection:
        await connection.run_sync(catalogue.create_all)
    return store


@pytest.fixture
async def store(store_url: str) -> AsyncIterator[Store]:
    store = await made(store_url)
    yield store
    await store.close()


@pytest.fixture
async def sqlite(sqlite_url: str) -> AsyncIterator[Store]:
    store = await made(sqlite_url)
    yield store
    await store.close()


async def write(store: Store, number: int, text: str = "a", at: datetime | None = None) -> None:
    async with store.write() as connection:
        await connection.execute(notes.insert().values(id=number, text=text, at=at))


async def ids(store: Store) -> list[int]:
    async with store.read() as connection:
        return list((await connection.execute(select(notes.c.id).order_by(notes.c.id))).scalars())


async def test_what_a_block_writes_is_there_after_it(store: Store) -> None:
    await write(store, 1)
    assert await ids(store) == [1]


async def test_what_a_block_writes_is_seen_by_nobody_before_its_end(store: Store) -> None:
    async with store.write() as connection:
        await connection.execute(notes.insert().values(id=1, text="a"))
        assert await ids(store) == []
    assert await ids(store) == [1]


@pytest.mark.parametrize("error", [ValueError("a bug"), Refusal("taken"), KeyError("k")])
async def test_a_block_that_raises_writes_nothing_and_the_error_goes_through(store: Store, error: Exception) -> None:
    async def block() -> None:
        async with store.write() as connection:
            await connection.execute(notes.insert().values(id=1, text="a"))
            raise error

    with pytest.raises(type(error)) as caught:
        await block()
    assert caught.value is error
    assert await ids(store) == []
    await write(store, 1)


async def test_a_broken_rule_of_the_database_is_no_outage(store: Store) -> None:
    await write(store, 1)
    with pytest.raises(IntegrityError):
        await write(store, 1)
    assert await ids(store) == [1]


async def test_a_mistake_in_a_statement_is_no_outage(store: Store) -> None:
    async def block() -> None:
        async with store.write() as connection:
            await connection.exec_driver_sql("SELECT nothing FROM nowhere")

    with pytest.raises(DBAPIError):
        await block()
    await store.ping()


MOMENTS = some.datetimes(
    min_value=datetime(1900, 1, 2),  # noqa: DTZ001 - the zone is drawn beside it
    max_value=datetime(2199, 12, 30),  # noqa: DTZ001
    timezones=some.timedeltas(timedelta(hours=-14), timedelta(hours=14)).map(
        lambda offset: timezone(timedelta(minutes=offset // timedelta(minutes=1)))
    ),
)


@given(moments=some.lists(MOMENTS, min_size=1, max_size=5))
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_any_moment_comes_back_as_it_was(store: Store, moments: list[datetime]) -> None:
    async with store.write() as connection:
        await connection.execute(notes.delete())
        for number, moment in enumerate(moments):
            await connection.execute(notes.insert().values(id=number, text="a", at=moment))
    async with store.read() as connection:
        rows = (await connection.execute(select(notes.c.at).order_by(notes.c.id))).scalars().all()
        latest = (await connection.execute(select(func.max(notes.c.at)))).scalar_one()
    assert rows == moments
    assert all(row.utcoffset() == timedelta(0) for row in rows)
    assert latest == max(moments)


async def test_a_moment_comes_back_to_the_microsecond_in_utc(store: Store) -> None:
    at = datetime(2026, 3, 29, 3, 30, 0, 123456, tzinfo=timezone(timedelta(hours=2)))
    await write(store, 1, at=at)
    await write(store, 2, at=None)
    async with store.read() as connection:
        rows = (await connection.execute(select(notes.c.at).order_by(notes.c.id))).scalars().all()
    assert rows == [at, None]
    assert rows[0].isoformat() == "2026-03-29T01:30:00.123456+00:00"


async def test_moments_compare_in_the_database_whatever_their_zone(store: Store) -> None:
    east = timezone(timedelta(hours=10))
    await write(store, 1, at=NOON)
    await write(store, 2, at=(NOON + timedelta(microseconds=1)).astimezone(east))
    async with store.read() as connection:
        later = (await connection.execute(select(notes.c.id).where(notes.c.at > NOON.astimezone(east)))).scalars().all()
    assert later == [2]


async def test_a_moment_without_a_zone_is_refused(store: Store) -> None:
    with pytest.raises(StatementError, match="time zone"):
        await write(store, 1, at=NOON.replace(tzinfo=None))
    assert await ids(store) == []


async def test_an_insert_that_meets_a_row_can_pass_it_over(store: Store) -> None:
    await write(store, 1, "first")
    async with store.write() as connection:
        statement = insert(connection, notes).values(id=1, text="second").on_conflict_do_nothing()
        assert (await connection.execute(statement)).rowcount == 0
    async with store.read() as connection:
        assert (await connection.execute(select(notes.c.text))).scalar_one() == "first"


async def test_two_that_read_and_write_a_locked_row_take_turns(store: Store) -> None:
    await write(store, 1, "0")

    async def count() -> None:
        for _ in range(10):
            async with store.write() as connection:
                query = for_update(connection, select(notes.c.text).where(notes.c.id == 1))
                text = (await connection.execute(query)).scalar_one()
                await connection.execute(notes.update().values(text=str(int(text) + 1)))

    await asyncio.gather(count(), count(), count())
    async with store.read() as connection:
        assert (await connection.execute(select(notes.c.text))).scalar_one() == "30"


async def test_of_two_that_wait_for_each_other_one_is_told_to_begin_again(postgres_url: str) -> None:
    store = await made(postgres_url)
    for number in (1, 2):
        await write(store, number)
    told = []
    both = asyncio.Barrier(2)

    async def crossing(*numbers: int) -> None:
        try:
            async with store.write() as connection:
                for number in numbers:
                    change = notes.update().where(notes.c.id == number).values(text="changed")
                    await connection.execute(change)
                    if number == numbers[0]:
                        await both.wait()
        except Conflict as error:
            told.append(error)

    await asyncio.gather(crossing(1, 2), crossing(2, 1))
    assert len(told) == 1
    async with store.read() as connection:
        assert list(await connection.scalars(select(notes.c.text))) == ["changed", "changed"]
    await store.close()


async def test_a_transaction_that_another_made_stale_is_told_to_begin_again(postgres_url: str) -> None:
    store = await made(postgres_url)
    await write(store, 1)

    async def stale() -> None:
        async with store.write() as connection:
            await connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
            await connection.execute(select(notes.c.id))
            async with store.write() as other:
                await other.execute(notes.update().values(text="other"))
            await connection.execute(notes.update().values(text="stale"))

    with pytest.raises(Conflict):
        await stale()
    await store.close()


@pytest.mark.parametrize(
    ("limit", "statement"),
    [
        ("statement_timeout", "SELECT pg_sleep(5)"),
        ("lock_timeout", "UPDATE note SET text = 'b'"),
        ("idle_in_transaction_session_timeout", None),
    ],
)
async def test_a_limit_of_the_server_that_is_passed_is_an_outage(
    postgres_url: str, limit: str, statement: str | None
) -> None:
    store = await made(postgres_url)
    await write(store, 1)

    async def limited() -> None:
        async with store.write() as connection:
            await connection.exec_driver_sql(f"SET LOCAL {limit} = '50ms'")
            if statement is None:
                await clock.sleep(0.3)
            await connection.exec_driver_sql(statement or "SELECT 1")

    async with store.write() as other:
        await other.execute(notes.update().values(text="other"))
        with pytest.raises(StorageDown):
            await limited()
    await write(store, 2)
    await store.close()


async def test_a_row_in_hand_elsewhere_is_passed_over(postgres_url: str) -> None:
    store = await made(postgres_url)
    await write(store, 1)
    await write(store, 2)
    async with store.write() as one, store.write() as other:
        first = skip_locked(one, select(notes.c.id).order_by(notes.c.id).limit(1))
        assert (await one.execute(first)).scalars().all() == [1]
        rest = skip_locked(other, select(notes.c.id).order_by(notes.c.id))
        assert (await other.execute(rest)).scalars().all() == [2]
    await store.close()


async def test_many_tasks_write_at_once_and_nothing_is_lost(store: Store) -> None:
    await asyncio.gather(*(write(store, number) for number in range(30)))
    assert await ids(store) == list(range(30))


async def test_sqlite_has_one_writer_at_a_time_and_readers_beside_it(sqlite: Store) -> None:
    inside = 0

    async def one(number: int) -> None:
        nonlocal inside
        async with sqlite.write() as connection:
            inside += 1
            assert inside == 1
            await connection.execute(notes.insert().values(id=number, text="a"))
            await ids(sqlite)  # a reader is not kept waiting
            inside -= 1

    await asyncio.gather(*(one(number) for number in range(20)))
    assert len(await ids(sqlite)) == 20


async def test_two_processes_on_one_sqlite_take_turns(sqlite: Store, sqlite_url: str) -> None:
    other = open_store(sqlite_url)
    await asyncio.gather(*(write(sqlite if number % 2 else other, number) for number in range(40)))
    assert await ids(other) == list(range(40))
    await other.close()


async def test_sqlite_writes_to_the_disk_before_a_commit_returns(sqlite: Store) -> None:
    async with sqlite.read() as connection:
        mode = (await connection.exec_driver_sql("PRAGMA journal_mode")).scalar_one()
        synchronous = (await connection.exec_driver_sql("PRAGMA synchronous")).scalar_one()
        foreign_keys = (await connection.exec_driver_sql("PRAGMA foreign_keys")).scalar_one()
    assert (mode, synchronous, foreign_keys) == ("wal", 2, 1)


async def test_a_folder_that_cannot_hold_a_database_is_an_outage(tmp_path: Path) -> None:
    store = open_store(f"sqlite+aiosqlite:///{tmp_path}/nowhere/at-all.db")
    with pytest.raises(StorageDown):
        await store.ping()
    await store.close()


async def test_a_file_that_is_no_database_is_an_outage(tmp_path: Path) -> None:
    file = tmp_path / "broken.db"
    file.write_bytes(b"this is no database, " * 500)
    store = open_store(f"sqlite+aiosqlite:///{file}")
    with pytest.raises(StorageDown):
        await store.ping()
    await store.close()


async def test_a_cancelled_write_leaves_nothing_and_holds_nothing(store: Store) -> None:
    begun = asyncio.Event()

    async def stuck() -> None:
        async with store.write() as connection:
            await connection.execute(notes.insert().values(id=1, text="a"))
            begun.set()
            await asyncio.Event().wait()

    tasks = Tasks(clock)
    tasks.start("stuck", stuck())
    await begun.wait()
    await tasks.close()
    async with asyncio.timeout(1):
        await write(store, 1, "another")
    assert await ids(store) == [1]


async def test_writes_cancelled_at_any_moment_leave_nothing_half_done(store: Store) -> None:
    """Each write is of two rows; whenever it is cut, both are there or none, and the next is not kept waiting."""
    chance = random.Random(7)
    reached = 0

    async def pair(number: int) -> None:
        nonlocal reached
        async with store.write() as connection:
            await connection.execute(notes.insert().values(id=2 * number, text="a"))
            reached += 1
            await connection.execute(notes.insert().values(id=2 * number + 1, text="a"))

    await store.engine.dispose()
    began = clock.monotonic()
    await pair(0)
    whole = clock.monotonic() - began
    for number in range(1, 60):
        with suppress(TimeoutError):
            async with asyncio.timeout(chance.uniform(0, 1.5 * whole)):
                await pair(number)
    async with asyncio.timeout(2):
        await write(store, 1000)
    found = set(await ids(store))
    assert all((2 * number in found) == (2 * number + 1 in found) for number in range(60))
    assert reached > 1


async def test_a_full_pool_is_an_outage_and_not_a_wait_without_end(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kit.store.store.CONNECT_TIMEOUT", 2.0)  # as it is; the tests' own patience is longer
    store = open_store(postgres_url, connections=2)
    async with store.read(), store.read():
        with pytest.raises(StorageDown):
            await store.ping()
    await store.ping()
    await store.close()
