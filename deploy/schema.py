"""The database's shape, brought up to date by Alembic; `nattljus migrate` and `nattljus run` call it."""

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.store import Store, metadata

FOLDER = Path(__file__).parent / "migrations"
LOCK = 0x6E61_7474  # two processes that start at once on one PostgreSQL migrate one after the other


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["connection"] = connection
    return config


async def migrate(store: Store) -> None:
    """Bring the database to the newest shape; does nothing when it is there already."""
    async with store.engine.connect() as connection:
        if not store.embedded:
            await connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": LOCK})
        else:
            # A table that is built anew is dropped for a moment, with what refers to it in place (sqlite.org, "ALTER
            # TABLE", the twelve steps); whether all still holds is looked at before the commit.
            await connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            await connection.exec_driver_sql("BEGIN IMMEDIATE")
        await connection.run_sync(lambda sync: command.upgrade(_config(sync), "head"))
        if store.embedded and (await connection.exec_driver_sql("PRAGMA foreign_key_check")).first() is not None:
            raise RuntimeError("a migration left rows that refer to nothing")
        await connection.commit()
        if store.embedded:
            await connection.exec_driver_sql("PRAGMA foreign_keys=ON")
        else:
            await connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": LOCK})
            await connection.commit()


def newest() -> str:
    """The newest revision there is."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    head = ScriptDirectory.from_config(config).get_current_head()
    assert head is not None
    return head


async def current(store: Store) -> str | None:
    """The revision that the database is at, none before the first migration."""
    async with store.read() as connection:
        return await connection.run_sync(lambda sync: MigrationContext.configure(sync).get_current_revision())


async def differences(connection: AsyncConnection) -> list[object]:
    """What the tables in code and in the database differ in; empty is right."""
    return await connection.run_sync(
        lambda sync: list(compare_metadata(MigrationContext.configure(sync, opts={"compare_type": True}), metadata))
    )
