"""Many rows in one statement are the same rows that SQLAlchemy would write one by one, on both databases."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import JSON, Boolean, Column, Integer, LargeBinary, MetaData, String, Table, Text, select
from sqlalchemy.exc import DBAPIError

from kit.store import Moment, Store, among, insert_rows, open_store, update_rows

catalogue = MetaData()
things = Table(
    "thing",
    catalogue,
    Column("id", String(20), primary_key=True),
    Column("order", Integer),  # a word of SQL's own
    Column("text", Text),
    Column("at", Moment),
    Column("said", JSON),
    Column("raw", LargeBinary),
    Column("well", Boolean),
)
NOON = datetime(2026, 1, 15, 12, 0, 0, 123456, tzinfo=UTC)
LATER = "ON CONFLICT (id) DO UPDATE SET text = excluded.text, at = excluded.at WHERE thing.at < {0}"


def thing(name: str, **more: Any) -> dict[str, Any]:
    whole = {
        "id": name,
        "order": 1,
        "text": "å",
        "at": NOON,
        "said": {"a": [1, None]},
        "raw": b"\x00\xff",
        "well": True,
    }
    return {**whole, **more}


@pytest.fixture
async def store(store_url: str) -> AsyncIterator[Store]:
    store = open_store(store_url)
    async with store.write() as connection:
        await connection.run_sync(catalogue.create_all)
    yield store
    await store.close()


async def all_of(store: Store) -> list[dict[str, Any]]:
    async with store.read() as connection:
        return [dict(row) for row in (await connection.execute(select(things).order_by(things.c.id))).mappings()]


async def test_what_is_written_together_is_read_as_what_is_written_alone(store: Store) -> None:
    odd = thing("b", order=None, text=None, at=None, said=["ö", '"'], raw=None, well=None)
    abroad = thing("c", at=NOON.astimezone(timezone(timedelta(hours=5))), text="'; DROP TABLE thing; --")
    await same_either_way(store, [thing("a"), odd, abroad])
    assert (await all_of(store))[0]["at"] == NOON


async def test_a_column_that_is_null_in_every_row_is_null_in_every_row(store: Store) -> None:
    empty = {"order": None, "text": None, "at": None, "said": None, "raw": None, "well": None}
    await same_either_way(store, [thing("a", **empty), thing("b", **empty)])
    async with store.write() as connection:
        await update_rows(connection, things, [thing("a"), thing("b")])
        await update_rows(connection, things, [{"id": "a", "text": None}, {"id": "b", "text": None}])
    assert [row["text"] for row in await all_of(store)] == [None, None]


async def same_either_way(store: Store, rows: list[dict[str, Any]]) -> None:
    """Insert them together, and one by one: both must read the same."""
    async with store.write() as connection:
        assert await insert_rows(connection, things, rows) == []
    together = await all_of(store)
    async with store.write() as connection:
        await connection.execute(things.delete())
        for row in rows:
            await connection.execute(things.insert().values(**row))
    assert together == await all_of(store)


async def test_nothing_to_write_is_no_statement(store: Store) -> None:
    async with store.write() as connection:
        assert await insert_rows(connection, things, [], returning="id") == []
        await update_rows(connection, things, [])


async def test_a_conflict_is_decided_by_what_is_given_and_only_what_was_written_is_answered(store: Store) -> None:
    async with store.write() as connection:
        await insert_rows(connection, things, [thing("old", at=NOON - timedelta(hours=7)), thing("young")])
        rows = [thing("new", text="2"), thing("old", text="2"), thing("young", text="2")]
        given = [("at", NOON - timedelta(hours=6))]
        assert await insert_rows(connection, things, rows, conflict=LATER, given=given, returning="id") == [
            "new",
            "old",
        ]
    assert [row["text"] for row in await all_of(store)] == ["2", "2", "å"]


async def test_more_rows_than_a_statement_has_parameters_for(store: Store) -> None:
    rows = [thing(f"{number:05}") for number in range(6_000)]
    async with store.write() as connection:
        written = await insert_rows(connection, things, rows, conflict="ON CONFLICT (id) DO NOTHING", returning="id")
    assert sorted(written) == [row["id"] for row in rows]
    assert len(await all_of(store)) == 6_000


async def test_a_text_too_long_for_its_column_is_no_shorter_text(store: Store, store_url: str) -> None:
    if store.embedded:
        pytest.skip("SQLite's columns know no length")
    with pytest.raises(DBAPIError):
        async with store.write() as connection:
            await insert_rows(connection, things, [thing("x" * 21)])


async def test_each_row_is_updated_with_its_own_values(store: Store) -> None:
    async with store.write() as connection:
        await insert_rows(connection, things, [thing("a"), thing("b"), thing("c")])
        changes = [
            {"order": 7, "id": "c", "at": None, "said": {}},
            {"order": None, "id": "a", "at": NOON + timedelta(days=1), "said": None},
            {"order": 9, "id": "unknown", "at": None, "said": {}},
        ]
        await update_rows(connection, things, changes)
    rows = {row["id"]: row for row in await all_of(store)}
    assert set(rows) == {"a", "b", "c"}
    assert (rows["c"]["order"], rows["c"]["at"], rows["c"]["said"], rows["c"]["text"]) == (7, None, {}, "å")
    assert (rows["a"]["order"], rows["a"]["at"]) == (None, NOON + timedelta(days=1))
    assert rows["b"]["order"] == 1
    assert json.dumps(rows["b"]["said"]) == '{"a": [1, null]}'


@pytest.mark.parametrize(
    "wanted", [set(), {"a"}, {"a", "c", "unknown"}, {f"{number}" for number in range(700)} | {"b"}]
)
async def test_among_is_one_of_these(store: Store, wanted: set[str]) -> None:
    async with store.write() as connection:
        await insert_rows(connection, things, [thing("a"), thing("b"), thing("c")])
        found = await connection.scalars(select(things.c.id).where(among(connection, things.c.id, wanted)))
    assert set(found) == wanted & {"a", "b", "c"}
