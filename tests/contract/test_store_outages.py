"""What the store does when PostgreSQL is killed, hangs and comes back, under a process of ours that stays up."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, select

from kit.clock import SystemClock
from kit.errors import Refusal, StorageDown
from kit.store import Store, open_store
from kit.store.postgresql import RESTED
from kit.tasks import Tasks
from tests.servers import PostgreSQL

catalogue = MetaData()
notes = Table("note", catalogue, Column("id", Integer, primary_key=True))
clock = SystemClock()


@pytest.fixture
async def mortal(mortal_postgres: PostgreSQL) -> AsyncIterator[Store]:
    store = open_store(mortal_postgres.create())
    async with store.write() as connection:
        await connection.run_sync(catalogue.create_all)
    yield store
    await store.close()


async def write(store: Store, number: int) -> None:
    async with store.write() as connection:
        await connection.execute(notes.insert().values(id=number))


async def ids(store: Store) -> list[int]:
    async with store.read() as connection:
        return list((await connection.execute(select(notes.c.id).order_by(notes.c.id))).scalars())


async def until_up(store: Store, at_most: float = 30.0) -> None:
    async with asyncio.timeout(at_most):
        while True:
            with suppress(StorageDown):
                await store.ping()
                return
            await clock.sleep(0.05)


async def test_a_killed_postgresql_is_an_outage_and_its_return_needs_nothing_of_us(
    mortal: Store, mortal_postgres: PostgreSQL
) -> None:
    await write(mortal, 1)
    mortal_postgres.kill()
    for _ in range(3):
        with pytest.raises(StorageDown):
            await write(mortal, 2)
        with pytest.raises(StorageDown):
            await ids(mortal)
    mortal_postgres.start()
    await until_up(mortal)
    await write(mortal, 3)
    assert await ids(mortal) == [1, 3]


async def test_connections_that_died_while_they_rested_are_noticed_by_nobody(
    mortal: Store, mortal_postgres: PostgreSQL
) -> None:
    await asyncio.gather(*(write(mortal, number) for number in range(4)))
    await asyncio.to_thread(mortal_postgres.kill)
    await asyncio.to_thread(mortal_postgres.start)
    await clock.sleep(RESTED + 0.1)
    await write(mortal, 4)
    assert await ids(mortal) == [0, 1, 2, 3, 4]


async def test_an_outage_in_the_middle_of_a_block_is_an_outage(mortal: Store, mortal_postgres: PostgreSQL) -> None:
    async def block() -> None:
        async with mortal.write() as connection:
            await connection.execute(notes.insert().values(id=1))
            mortal_postgres.kill()
            await connection.execute(notes.insert().values(id=2))

    with pytest.raises(StorageDown):
        await block()
    mortal_postgres.start()
    await until_up(mortal)
    assert await ids(mortal) == []


async def test_an_outage_before_the_commit_is_an_outage(mortal: Store, mortal_postgres: PostgreSQL) -> None:
    async def block() -> None:
        async with mortal.write() as connection:
            await connection.execute(notes.insert().values(id=1))
            mortal_postgres.kill()

    with pytest.raises(StorageDown):
        await block()
    mortal_postgres.start()
    await until_up(mortal)
    assert await ids(mortal) == []


async def test_a_refusal_goes_through_also_when_the_line_has_broken(mortal: Store, mortal_postgres: PostgreSQL) -> None:
    async def block() -> None:
        async with mortal.write() as connection:
            await connection.execute(notes.insert().values(id=1))
            mortal_postgres.kill()
            raise Refusal("taken")

    with pytest.raises(Refusal):
        await block()


async def test_a_postgresql_that_hangs_is_an_outage_within_seconds(mortal: Store, mortal_postgres: PostgreSQL) -> None:
    await write(mortal, 1)
    mortal_postgres.pause()
    began = clock.monotonic()
    try:
        with pytest.raises(StorageDown):
            await write(mortal, 2)
        assert clock.monotonic() - began < 8
    finally:
        mortal_postgres.resume()
    await until_up(mortal)
    await write(mortal, 3)
    assert 3 in await ids(mortal)


async def test_under_load_nothing_but_outages_shows_while_postgresql_dies_and_returns(
    mortal: Store, mortal_postgres: PostgreSQL
) -> None:
    acknowledged: list[int] = []
    strange: list[BaseException] = []
    outages = 0
    numbers = iter(range(1_000_000))
    over = False

    async def worker() -> None:
        nonlocal outages
        while not over:
            number = next(numbers)
            try:
                await write(mortal, number)
                acknowledged.append(number)
            except StorageDown:
                outages += 1
                await clock.sleep(0.005)
            except Exception as error:
                strange.append(error)

    tasks = Tasks(clock)
    for number in range(8):
        tasks.start(f"worker-{number}", worker())
    for _ in range(2):
        await clock.sleep(0.3)
        mortal_postgres.kill()
        await clock.sleep(0.1)
        await asyncio.to_thread(mortal_postgres.start)
        await until_up(mortal)
    await clock.sleep(0.3)
    over = True
    await tasks.close()
    assert strange == []
    assert outages
    found = set(await ids(mortal))
    assert len(acknowledged) > 50
    assert found.issuperset(acknowledged)
