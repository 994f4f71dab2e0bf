"""What is asked outside of a transaction and in a snapshot, on both databases."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from kit.store import open_store
from tests.contract.test_store import catalogue, made, notes, write


async def test_a_snapshot_sees_nothing_that_came_after_its_first_question(store_url: str) -> None:
    store = await made(store_url)
    await write(store, 1)
    count = select(func.count()).select_from(notes)
    async with store.snapshot() as connection:
        assert await connection.scalar(count) == 1
        await write(store, 2)
        assert await connection.scalar(count) == 1
    async with store.read() as connection:
        assert await connection.scalar(count) == 2
    await store.close()


async def test_each_question_of_a_read_sees_what_is_committed_by_then(postgres_url: str) -> None:
    store = await made(postgres_url)
    count = select(func.count()).select_from(notes)
    async with store.read() as connection:
        assert await connection.scalar(count) == 0
        await write(store, 1)
        assert await connection.scalar(count) == 1
    await store.close()


async def test_after_a_read_the_same_line_writes_all_or_nothing(postgres_url: str) -> None:
    store = open_store(postgres_url, connections=1)
    async with store.write() as connection:
        await connection.run_sync(catalogue.create_all)
    async with store.read() as connection:
        await connection.execute(select(notes.c.id))

    async def half() -> None:
        async with store.write() as connection:
            await connection.execute(notes.insert().values(id=1, text="first"))
            await connection.execute(notes.insert().values(id=1, text="twice"))

    with pytest.raises(IntegrityError):
        await half()
    async with store.read() as connection:
        assert list(await connection.scalars(select(notes.c.id))) == []
    await store.close()
