"""`nattljus simulate night`: a county's night against a running platform; progress on stderr, promises on stdout."""

import asyncio
import os
import signal
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import httpx
import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from clients.simulated.night.words import Language
from deploy.commands.opened import Data, give_up, keys_of, settings_with, with_store
from kit.clock import SystemClock
from kit.log import configure
from kit.store import Store
from kit.tasks import Tasks
from kit.tokens import Signer

if TYPE_CHECKING:
    from clients.simulated.night.night import Doors, Night, Played
    from clients.simulated.night.plan import Plan

TOLD_EVERY = 0.25  # seconds
LONGER = timedelta(hours=1)  # than the night: tokens outlast what is brought to an end after it
ANSWERS_WITHIN = 5.0  # seconds


def night(
    residents: Annotated[int, typer.Option(min=20, max=40_000, help="How many residents the county has.")] = 5000,
    minutes: Annotated[float, typer.Option(min=0.2, max=600, help="For how many real minutes.")] = 10,
    speed: Annotated[
        float, typer.Option(min=0.5, max=120, help="How much denser the night, and how much quicker hands are.")
    ] = 30,
    seed: Annotated[int, typer.Option(help="Whom chance favours: the same seed, the same night.")] = 1,
    report: Annotated[Path | None, typer.Option(help="A folder to write report.html and report.json in.")] = None,
    language: Annotated[Language, typer.Option(help="The language of report.html.")] = Language.SV,
    url: Annotated[str, typer.Option(help="The platform's web address.")] = "http://127.0.0.1:8080",
    sip: Annotated[str, typer.Option(help="Where the platform hears SCAIP, over UDP and TCP.")] = "127.0.0.1:5060",
    data: Data = None,
) -> None:
    """A county's night at the alarm centre: exit code 1 when a promise was broken.

    The platform runs (nattljus run), and its data folder or database is at hand: the county's residents are entered
    there, ids beginning with night-, and nothing else is touched. The night's happenings come SPEED times as densely
    and people's hands are SPEED times as quick, while the platform's own clocks stay as they are.
    """
    from clients.simulated.night.night import Doors, NoPlatform
    from clients.simulated.night.plan import plan
    from clients.simulated.night.report import written
    from clients.simulated.schedule import Pace
    from deploy.night import move_in, rest, tokens, watch

    configure(level="error")
    host, _, port = sip.rpartition(":")
    if not (host and port.isdecimal()):
        raise typer.BadParameter("--sip is HOST:PORT, such as 127.0.0.1:5060")
    receiver = (host.strip("[]"), int(port))
    web = url.rstrip("/")
    _must_run(web)
    order = plan(residents, minutes * 60, Pace(seed, speed))
    settings, clock = settings_with(data), SystemClock()
    signer, lasting = Signer(keys_of(settings)), timedelta(minutes=minutes) + LONGER

    async def prepare(store: Store) -> "Doors":
        await move_in(store, order.people, order.operators, order.responders, clock)
        people, devices = await tokens(store, signer, order.people, order.operators, order.responders, clock, lasting)
        await watch(store, order.people, order.beat_every, clock)
        return Doors(web, receiver, receiver, people, devices)

    doors = with_store(settings, prepare)
    try:
        _must_know(doors)
        used, began = _cpu(), clock.monotonic()
        played = asyncio.run(_play(order, doors))
    except NoPlatform as error:
        give_up(str(error))
    finally:
        with_store(settings, rest)
    own = (_cpu() - used) / (clock.monotonic() - began)
    show(played, Console())
    if report is not None:
        said = {"residents": residents, "minutes": minutes, "speed": speed, "seed": seed}
        try:
            written(report, played, said, language, own)
        except OSError as error:
            give_up(f"The report cannot be written to {report}: {error.strerror}. Choose another folder.")
        typer.echo(f"The report is {report / 'report.html'}.")
    if not played.kept:
        raise typer.Exit(1)


def _must_run(url: str) -> None:
    """Or an end with a sentence."""
    try:
        if httpx.get(f"{url}/readyz", timeout=ANSWERS_WITHIN, trust_env=False).status_code == 200:
            return
    except (httpx.HTTPError, httpx.InvalidURL):
        pass
    give_up(f"No whole platform answers at {url}. Start one with: nattljus run --demo")


def _must_know(doors: "Doors") -> None:
    """The platform at the address is the one whose data folder it is, or an end with a sentence."""
    whom, token = next(iter(doors.people.items()))
    bearer = {"Authorization": f"Bearer {token}"}
    path = f"{doors.url}/api/v1/cases?limit=1"
    if httpx.get(path, headers=bearer, timeout=ANSWERS_WITHIN, trust_env=False).status_code != 200:
        give_up(f"The platform at {doors.url} does not know {whom}. Name its own data folder with --data.")


def _cpu() -> float:
    used = os.times()
    return used.user + used.system


async def _play(order: "Plan", doors: "Doors") -> "Played":
    """Until the time is up, SIGINT or SIGTERM, with progress on stderr."""
    from clients.simulated.night.night import Night

    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    clock = SystemClock()
    playing, tasks = Night(order, doors, clock), Tasks(clock)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        shown = progress.add_task("", total=order.seconds)

        async def tell() -> None:
            while True:
                progress.update(shown, description=_so_far(playing), completed=min(playing.at(), order.seconds))
                await clock.sleep(TOLD_EVERY)

        tasks.start("progress", tell())
        try:
            return await playing.play(stop)
        finally:
            await tasks.close()


def _so_far(playing: "Night") -> str:
    book = playing.book
    stored = sum(press.stored_at is not None for press in book.presses)
    waiting, oldest = playing.waiting()
    hour = playing.plan.clock(min(max(0.0, playing.at()), playing.plan.seconds))
    return (
        f"{playing.phase} {int(hour) % 24:02}:{int(hour % 1 * 60):02}: {len(book.presses)} pressed, {stored} stored, "
        f"{len(book.shown)} cases, {waiting} waiting, oldest {oldest:.0f} s, "
        f"{book.answered_soon:.1%} answered within 60 s"
    )


def show(played: "Played", out: Console) -> None:
    """The table of promises."""
    from clients.simulated.night.words import goal_of, name_of, seen_of, verdict_of

    table = Table("Promise", "Goal", "Seen", "Kept", box=None)
    for one in played.promises:
        table.add_row(*(word(one, Language.EN) for word in (name_of, goal_of, seen_of, verdict_of)))
    out.print(table)
    for fault in played.book.faults[:20]:
        out.print(f"  {fault}", markup=False, highlight=False)
