"""The tables in code are those that the migrations make, on both databases."""

from deploy import schema
from kit.store import open_store


async def test_code_and_database_agree_after_every_migration(store_url: str) -> None:
    store = open_store(store_url)
    try:
        await schema.migrate(store)
        async with store.read() as connection:
            assert await schema.differences(connection) == []
        assert await schema.current(store) == schema.newest()
    finally:
        await store.close()
