"""`nattljus bench …`: figures of this machine on stdout, progress on stderr."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from deploy.commands.opened import give_up

if TYPE_CHECKING:
    from deploy.bench.figures import Findings

bench_app = typer.Typer(no_args_is_help=True, help="Measure what this machine can take, beside what is installed.")


def mount(app: typer.Typer) -> None:
    """Add these commands to the program."""
    app.add_typer(bench_app, name="bench")


@bench_app.callback()
def bench() -> None:
    """Measure; each benchmark is a word of its own."""


Json = Annotated[bool, typer.Option("--json", help="One JSON object, and nothing else, on stdout.")]


@bench_app.command()
def intake(
    as_json: Json = False,
    seconds: Annotated[float, typer.Option(min=0.2, max=60, help="How long each round lasts.")] = 2.5,
    rounds: Annotated[int, typer.Option(min=1, max=50, help="Rounds of each kind; the first is thrown away.")] = 4,
    devices: Annotated[int, typer.Option(min=3, max=3000, help="How many press at once.")] = 96,
) -> None:
    """Alarms stored and answered a second, over SCAIP and HTTP, beside pgbench in the same PostgreSQL."""
    from deploy.bench.intake import Plan, measure_intake

    with progress(lambda: plan.steps) as tell:
        plan = Plan(seconds, rounds, devices, tell)
        findings = measure_intake(plan)
    say(findings, as_json=as_json)


@bench_app.command()
def desk(
    as_json: Json = False,
    desks: Annotated[int, typer.Option(min=1, max=500, help="Operators with a desk open.")] = 50,
    seconds: Annotated[float, typer.Option(min=1, max=120, help="How long each round lasts.")] = 10.0,
    rounds: Annotated[int, typer.Option(min=1, max=20, help="Rounds of each kind.")] = 2,
    devices: Annotated[int, typer.Option(min=100, max=200_000, help="How many reconnect, 40,000 a minute.")] = 40_000,
) -> None:
    """How soon a press stands on every desk: alone, beside a storm of tests, while a whole fleet reconnects."""
    from deploy.bench.desks import Plan, measure_desk

    with progress(lambda: plan.steps) as tell:
        plan = Plan(desks, seconds, rounds, devices, tell)
        findings = measure_desk(plan)
    say(findings, as_json=as_json)


@bench_app.command()
def visit(
    as_json: Json = False,
    visits: Annotated[int, typer.Option(min=1, max=500, help="Visits one by one; the first is thrown away.")] = 15,
    cuts: Annotated[int, typer.Option(min=1, max=50, help="How often the line to the relay is cut.")] = 3,
    rounds: Annotated[
        int, typer.Option(min=1, max=50, help="Rounds of alarms and visits; the first is discarded.")
    ] = 4,
    seconds: Annotated[float, typer.Option(min=0.5, max=60, help="How long each part of a round lasts.")] = 4.0,
) -> None:
    """How soon two see each other, a ring is heard, a cut line is mended; and what visits cost alarms."""
    from deploy.bench.visit import Plan, measure_visit

    with progress(lambda: plan.steps) as tell:
        plan = Plan(visits, cuts, rounds, seconds, tell)
        findings = measure_visit(plan)
    say(findings, as_json=as_json)


@contextmanager
def progress(steps: Callable[[], int]) -> Iterator[Callable[[str], None]]:
    """What is done next, on stderr; a benchmark that cannot be taken ends the command with its sentence."""
    from deploy.bench.children import CannotMeasure

    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    try:
        with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task("Starting", total=None)
            yield lambda what: bar.update(task, description=what, advance=1, total=steps())
    except CannotMeasure as error:
        give_up(str(error))


def say(findings: "Findings", *, as_json: bool) -> None:
    """What was found, on stdout."""
    if as_json:
        typer.echo(json.dumps(findings.as_json(), ensure_ascii=False))
    else:
        show(findings, Console())


def show(findings: "Findings", out: Console) -> None:
    """A table for people."""
    table = Table("Figure", "Value", "Peer", "Its value", "Ratio", "Goal", "Holds", box=None)
    table.columns[0].no_wrap = table.columns[1].no_wrap = True
    for name, figure in findings.figures.items():
        table.add_row(
            name,
            f"{figure.value:,.1f} {figure.unit}",
            figure.peer or "",
            "" if figure.peer_value is None else f"{figure.peer_value:,.1f}",
            "" if figure.ratio is None else f"{figure.ratio:.2f}",
            figure.goal or "",
            {True: "yes", False: "no", None: ""}[figure.holds],
        )
    out.print(table)
    for remark in findings.remarks:
        out.print(remark, soft_wrap=True)
    out.print(", ".join(f"{name} {value}" for name, value in findings.machine.items()), soft_wrap=True)
