"""`nattljus simulate demo`: simulated people against a running platform; progress on stderr, promises on stdout.

`nattljus simulate night` is in `simulate_night`, `device` and `receiver` in `simulate_peer`.
"""

import asyncio
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from deploy.commands import simulate_night, simulate_peer
from deploy.commands.opened import give_up
from kit.clock import SystemClock
from kit.log import configure
from kit.tasks import Tasks

if TYPE_CHECKING:
    from clients.simulated.demo import Demo, Order, Played

TOLD_EVERY = 0.25  # seconds
ROUND = 240.0  # minutes of gentle life until everybody logs in anew
AGAIN = 5.0  # seconds

simulate_app = typer.Typer(no_args_is_help=True, help="Simulated clients against a running platform.")


def mount(app: typer.Typer) -> None:
    """Add these commands to the program."""
    simulate_app.command()(simulate_night.night)
    simulate_app.command()(simulate_peer.device)
    simulate_app.command()(simulate_peer.receiver)
    app.add_typer(simulate_app, name="simulate")


@simulate_app.command()
def demo(
    residents: Annotated[int, typer.Option(min=1, max=20, help="How many residents take part.")] = 20,
    minutes: Annotated[
        float, typer.Option(min=0.05, max=600, help="For how long; cases are then brought to an end.")
    ] = 2,
    speed: Annotated[float, typer.Option(min=0.1, max=20, help="How much quicker than people everybody is.")] = 1,
    seed: Annotated[int, typer.Option(help="Whom chance favours: the same seed, the same day.")] = 1,
    report: Annotated[Path | None, typer.Option(help="A folder to write report.json and report.md in.")] = None,
    url: Annotated[str, typer.Option(help="The platform's web address.")] = "http://127.0.0.1:8080",
    sip: Annotated[
        str, typer.Option(help="Where the platform hears SCAIP over UDP; empty presses over HTTP alone.")
    ] = "127.0.0.1:5060",
    mqtt: Annotated[
        str, typer.Option(envvar="NATTLJUS_MQTT_URL", help="The platform's broker, for the locks; none without.")
    ] = "",
    gentle: Annotated[
        bool, typer.Option("--gentle", help="Only keep the pages alive, until standard input ends; judge nothing.")
    ] = False,
) -> None:
    """Residents who press, operators who answer, care workers who visit: exit code 1 when a promise was broken."""
    from clients.simulated.demo import NoPlatform, Order
    from clients.simulated.report import written
    from clients.simulated.schedule import Pace

    configure(level="error")
    host, _, port = sip.rpartition(":")
    if sip and not (host and port.isdecimal()):
        raise typer.BadParameter("--sip is HOST:PORT, such as 127.0.0.1:5060")
    last = ROUND if gentle else minutes
    receiver = (host.strip("[]"), int(port)) if sip else None
    order = Order(url.rstrip("/"), receiver, mqtt, last, residents, Pace(seed, speed, gentle))
    if gentle:
        asyncio.run(_live(order))
        return
    try:
        played = asyncio.run(_play(order))
    except NoPlatform as error:
        give_up(str(error))
    show(played, Console())
    if report is not None:
        try:
            said = {"residents": residents, "minutes": minutes, "speed": speed, "seed": seed}
            written(report, played, said)
        except OSError as error:
            give_up(f"The report cannot be written to {report}: {error.strerror}. Choose another folder.")
    if not played.kept:
        raise typer.Exit(1)


async def _play(order: "Order") -> "Played":
    """Until the time is up, SIGINT or SIGTERM, with progress on stderr."""
    from clients.simulated.demo import Demo

    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return await _watched(Demo(order, SystemClock()), order, stop)


async def _live(order: "Order") -> None:
    """Until standard input ends or SIGTERM; in rounds, so that nothing grows and no session grows old."""
    from clients.simulated.demo import Demo, NoPlatform

    loop, me = asyncio.get_running_loop(), asyncio.current_task()
    assert me is not None
    loop.add_signal_handler(signal.SIGTERM, me.cancel)
    loop.add_signal_handler(signal.SIGINT, lambda: None)  # Ctrl-C is for the parent, who then ends us
    await loop.connect_read_pipe(lambda: _Parent(me), sys.stdin)
    with suppress(asyncio.CancelledError):
        while True:
            try:
                await Demo(order, SystemClock()).play(asyncio.Event())
            except NoPlatform:
                await SystemClock().sleep(AGAIN)


class _Parent(asyncio.Protocol):
    """The pipe from the parent process: nothing comes through it but its end, which is ours."""

    def __init__(self, me: "asyncio.Task[None]") -> None:
        self._me = me

    def connection_lost(self, error: Exception | None) -> None:
        self._me.cancel()


async def _watched(demo: "Demo", order: "Order", stop: asyncio.Event) -> "Played":
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    clock = SystemClock()
    tasks = Tasks(clock)
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        shown = progress.add_task("", total=order.minutes * 60)

        async def tell() -> None:
            began = clock.monotonic()
            while True:
                progress.update(shown, description=_so_far(demo), completed=clock.monotonic() - began)
                await clock.sleep(TOLD_EVERY)

        tasks.start("progress", tell())
        try:
            return await demo.play(stop)
        finally:
            await tasks.close()


def _so_far(demo: "Demo") -> str:
    ledger = demo.ledger
    stored = sum(press.acknowledged_at is not None for press in ledger.presses)
    closed = sum(case.closed_at is not None for case in ledger.cases.values())
    return (
        f"{demo.phase}: {len(ledger.presses)} presses, {stored} acknowledged, {len(ledger.cases)} cases, "
        f"{closed} closed, {len(ledger.visits)} visits"
    )


def show(played: "Played", out: Console) -> None:
    """The table of promises."""
    table = Table("Promise", "Goal", "Seen", "Kept", box=None)
    for promise in played.promises:
        table.add_row(promise.name, promise.goal, promise.seen, "yes" if promise.holds else "NO")
    out.print(table)
    for fault in list(played.ledger.faults)[:20]:
        out.print(f"  {fault}", markup=False, highlight=False)
