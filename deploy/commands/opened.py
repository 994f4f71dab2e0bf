"""What a command needs of the platform: settings with `--data`, store, keys, and one way to say what is wrong."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, NoReturn, TypeVar

import typer

from deploy import schema
from deploy.keys import found_keys
from kit.errors import StorageDown
from kit.settings import Settings
from kit.store import Store, open_store

T = TypeVar("T")

Data = Annotated[Path | None, typer.Option("--data", help="The data folder; default NATTLJUS_DATA or ./var.")]


def give_up(*sentences: str) -> NoReturn:
    """Say why and what to do on stderr, a line each, and end with 1."""
    for sentence in sentences:
        typer.echo(sentence, err=True)
    raise typer.Exit(1)


def settings_with(data: Path | None) -> Settings:
    """The settings, with `--data` over the environment."""
    return Settings(data=data) if data is not None else Settings()


def keys_of(settings: Settings) -> list[str]:
    """The secret keys, or an end with a sentence."""
    try:
        return found_keys(settings)
    except ValueError as error:
        give_up(str(error))
    except OSError as error:
        give_up(f"The keys in {settings.data} cannot be read: {error.strerror}. Run as the user that the platform has.")


def with_store(settings: Settings, work: Callable[[Store], Awaitable[T]]) -> T:
    """Open the store, see that its tables are there, and do the work; ends with a sentence when the store is not."""
    return asyncio.run(_with_store(settings, work))


async def _with_store(settings: Settings, work: Callable[[Store], Awaitable[T]]) -> T:
    store = open_store(settings.store_url())
    try:
        # An SQLite file that is not there would be made empty by looking.
        if not settings.database_url and not (settings.data / "nattljus.db").exists():
            give_up(f"There is no database in {settings.data}. Run: nattljus migrate (or name its folder with --data)")
        if await schema.current(store) != schema.newest():
            give_up("The database is not up to date. Run: nattljus migrate")
        return await work(store)
    except StorageDown:
        give_up("The database does not answer. Start it, or look at NATTLJUS_DATABASE_URL.")
    finally:
        await store.close()
