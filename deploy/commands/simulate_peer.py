"""`nattljus simulate device` and `receiver`: the other side of a vendor's device or receiver.

Exit code 0 when all that was tried held, 1 when something did not; `--json` for machines.
"""

import asyncio
import json
import signal
import ssl
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.text import Text

from deploy.commands.opened import give_up
from kit.clock import SystemClock
from kit.log import configure

if TYPE_CHECKING:
    from clients.simulated.conformance.receiver import Receiver
    from clients.simulated.conformance.report import Report

WARNING = (
    "This raises real alarms, marked TEST, as account {account} at {against}: use an account for tests, and tell "
    "whoever answers its alarms."
)


class Speech(StrEnum):
    """What can be played."""

    SCAIP = "scaip"


class Transport(StrEnum):
    """What a device speaks over."""

    UDP = "udp"
    TCP = "tcp"
    TLS = "tls"


Protocol = Annotated[Speech, typer.Option(help="What is spoken.")]
Json = Annotated[bool, typer.Option("--json", help="The report as JSON on stdout.")]


def device(
    against: Annotated[str, typer.Option(metavar="HOST:PORT", help="The receiver under test.")],
    protocol: Protocol = Speech.SCAIP,
    transport: Annotated[Transport, typer.Option(help="How to reach it.")] = Transport.UDP,
    account: Annotated[str, typer.Option(help="The account to be: one for tests, known at the receiver.")] = "100001",
    password: Annotated[
        str, typer.Option(envvar="NATTLJUS_TEST_PASSWORD", help="Its password, where it is asked for one.")
    ] = "",
    stranger: Annotated[str, typer.Option(help="An account that the receiver does not know.")] = "9999999999999990",
    ca: Annotated[Path | None, typer.Option(help="Whom TLS certificates must come from (PEM); any without.")] = None,
    patience: Annotated[float, typer.Option(min=1, max=60, help="Seconds until an answer is given up.")] = 20,
    well_formed: Annotated[
        bool, typer.Option("--well-formed", help="Send nothing that is wrong on purpose; those checks are not tried.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before alarms are raised.")] = False,
    as_json: Json = False,
) -> None:
    """Play a device against a receiver: what held and what did not. Raises real alarms, marked TEST."""
    from clients.simulated.conformance.device import Target
    from clients.simulated.conformance.examine import examine

    host, _, port = against.rpartition(":")
    if not (host and port.isdecimal() and 0 < int(port) < 65536):
        raise typer.BadParameter("--against is HOST:PORT, such as 127.0.0.1:5060")
    for name, value in (("--account", account), ("--stranger", stranger)):
        if not (value.isascii() and value.isdecimal() and len(value) <= 16):
            raise typer.BadParameter(f"{name} is 1–16 digits")
    warning = WARNING.format(account=account, against=against)
    if sys.stdin.isatty() and not yes:
        typer.confirm(f"{warning} Go on?", abort=True, err=True)
    else:
        typer.echo(warning, err=True)
    there = (host.strip("[]"), int(port))
    trust = _trust(ca) if transport is Transport.TLS else None
    target = Target(there, transport, account, stranger, password, patience, trust, well_formed)
    configure(level="error")
    quiet = Console(stderr=True)
    with quiet.status("") as status:
        report = asyncio.run(examine(target, SystemClock(), status.update))
    show(report, as_json=as_json)


def receiver(
    protocol: Protocol = Speech.SCAIP,
    listen: Annotated[
        str, typer.Option(help="Where to listen, as udp:HOST:PORT and tcp:HOST:PORT; several with spaces.")
    ] = "udp:127.0.0.1:5062 tcp:127.0.0.1:5062",
    lasting: Annotated[float, typer.Option("--for", min=1, max=86400, help="Seconds, unless Ctrl-C is first.")] = 600,
    until_done: Annotated[
        bool, typer.Option("--until-done", help="End as soon as nothing is left to be tried.")
    ] = False,
    account: Annotated[
        str, typer.Option(help="The account that is known; others hear snu 5. Empty: every account is.")
    ] = "",
    drop: Annotated[int, typer.Option(min=0, max=5, help="How many sendings of the first alarm stay unheard.")] = 1,
    as_json: Json = False,
) -> None:
    """Play a receiver for a device: its first alarm meets silence, its second is held, its third not treated.

    Nothing is stored, and nobody is told: no alarm of a person in need may come here.
    """
    from clients.simulated.conformance.receiver import Receiver, endpoints

    try:
        where = endpoints(listen)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    configure(level="error")
    playing = Receiver(where, SystemClock(), account=account, drop=drop)
    try:
        asyncio.run(_played(playing, lasting, until_done=until_done))
    except OSError as error:
        give_up(f"Cannot listen there: {error.strerror or error}. Choose another address with --listen.")
    show(playing.report(), as_json=as_json)


async def _played(playing: "Receiver", lasting: float, *, until_done: bool) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with playing:
        typer.echo(f"Listening on {' '.join(playing.addresses)}. Press the button four times.", err=True)
        await playing.listen(lasting, stop, until_done=until_done)


def _trust(ca: Path | None) -> ssl.SSLContext:
    """Only certificates from there; or any, when the certificate is not what is looked at."""
    try:
        trust = ssl.create_default_context(cafile=ca)
    except OSError as error:
        give_up(f"No certificate can be read from {ca}: {error.strerror or error}. Name a PEM file with --ca.")
    if ca is None:
        trust.check_hostname = False
        trust.verify_mode = ssl.CERT_NONE
    return trust


def show(report: "Report", *, as_json: bool) -> None:
    """A line for each check, or JSON; ends with 1 where something did not hold."""
    from clients.simulated.conformance.report import Verdict

    if as_json:
        typer.echo(json.dumps(report.as_json(), ensure_ascii=False, indent=2))
    else:
        out = Console()
        for finding in report.findings:
            style = "bold red" if finding.verdict is Verdict.BROKEN else ""
            line = Text.assemble((f"{finding.verdict:<13}", style), f"{finding.name}: {finding.seen}  ")
            out.print(line.append(f"[{finding.fact}]", "dim"), soft_wrap=True)
        for sentence in (*report.remarks, report.legend, report.sum):
            out.print(sentence, markup=False, highlight=False, soft_wrap=True)
    if not report.holds:
        raise typer.Exit(1)
