"""The `nattljus` command. Exit codes: 0 done, 1 failed, 2 wrong usage; an error is a sentence and what to do."""

import asyncio
from enum import StrEnum
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from deploy.commands import bench as bench_commands
from deploy.commands import client as client_commands
from deploy.commands import contact as contact_commands
from deploy.commands import registry as registry_commands
from deploy.commands import simulate as simulate_commands
from deploy.commands.opened import Data, give_up, settings_with
from kit.errors import StorageDown
from kit.settings import Settings

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Safety alarms: received, stored, seen, answered, never forgotten.",
)
out = Console()

Host = Annotated[str, typer.Option(help="Where the web listens.")]
Port = Annotated[int, typer.Option(min=0, max=65535, help="The web's port; 0 takes a free one.")]


class Part(StrEnum):
    """What can be served apart."""

    ALARMS = "alarms"
    WATCHDOG = "watchdog"


@app.command()
def run(
    demo: Annotated[
        bool, typer.Option("--demo", help="With demonstration data and a page to choose whom to be.")
    ] = False,
    host: Host = "127.0.0.1",
    port: Port = 8080,
    data: Data = None,
) -> None:
    """The whole platform on this machine, nothing else needed. Ctrl-C stops it."""
    _start(settings_with(data), host, port, demo=demo, migrate=True, beside=True)


@app.command()
def serve(
    part: Annotated[Part, typer.Argument(help="Which part.")],
    host: Host = "127.0.0.1",
    port: Port = 8080,
    data: Data = None,
    child: Annotated[bool, typer.Option("--child", hidden=True, help="End when standard input ends.")] = False,
) -> None:
    """One part, for production; any number of processes on one PostgreSQL. Run `nattljus migrate` first.

    The watchdog listens only where NATTLJUS_WATCHDOG_HTTP says.
    """
    if part is Part.WATCHDOG:
        _watch(settings_with(data), child=child)
        return
    _start(settings_with(data), host, port, demo=False, migrate=False, beside=False)


def _watch(settings: Settings, *, child: bool) -> None:
    from deploy.commands.watchdog import serve_watchdog
    from deploy.keys import found_keys

    try:
        settings.data.mkdir(parents=True, exist_ok=True)
        serve_watchdog(settings, found_keys(settings), child=child)
    except ValueError as error:
        give_up(str(error))
    except OSError as error:
        give_up(f"The data folder {settings.data} cannot be used: {error.strerror}. Choose another with --data.")
    except KeyboardInterrupt:
        pass


def _start(settings: Settings, host: str, port: int, *, demo: bool, migrate: bool, beside: bool) -> None:
    from deploy.commands.run import CannotStart, Start, run_platform
    from deploy.keys import load_keys

    try:
        settings.data.mkdir(parents=True, exist_ok=True)
        keys = load_keys(settings, demo=demo)
        run_platform(settings, keys, Start(host, port, demo=demo, migrate=migrate, beside=beside), out)
    except (CannotStart, ValueError) as error:
        give_up(str(error))
    except OSError as error:
        give_up(f"The data folder {settings.data} cannot be used: {error.strerror}. Choose another with --data.")
    except KeyboardInterrupt:
        pass


@app.command()
def migrate(data: Data = None) -> None:
    """Bring the database up to date."""
    from deploy.commands import doctor

    settings = settings_with(data)
    settings.data.mkdir(parents=True, exist_ok=True)
    try:
        out.print(f"The database is at revision {asyncio.run(doctor.migrate(settings))}.")
    except StorageDown:
        give_up("The database does not answer. Start it, or look at NATTLJUS_DATABASE_URL.")


@app.command()
def settings() -> None:
    """Every setting with its default and meaning."""
    from deploy.commands.doctor import setting_lines

    table = Table("Setting", "Default", "Meaning", box=None)
    for line in setting_lines():
        table.add_row(*line)
    out.print(table)


@app.command()
def doctor(data: Data = None) -> None:
    """Look at this machine and the stores, and say what to do."""
    from deploy.commands.doctor import examined

    findings = examined(settings_with(data))
    for finding in findings:
        out.print(f"{'well  ' if finding.well else 'amiss '} {finding.what}", highlight=False, markup=False)
        if not finding.well:
            out.print(f"       {finding.to_do}", highlight=False, markup=False)
    if not all(finding.well for finding in findings):
        raise typer.Exit(1)


registry_commands.mount(app)
contact_commands.mount(app)
client_commands.mount(app)
bench_commands.mount(app)
simulate_commands.mount(app)


def main() -> None:
    """Entry of the `nattljus` program."""
    app()


if __name__ == "__main__":
    main()
