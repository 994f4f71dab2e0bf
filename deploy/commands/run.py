"""`nattljus run` and `nattljus serve`: the platform in this process, until it is told to stop."""

import asyncio
import gc
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import uvicorn
import uvloop
from rich.console import Console

from alarms.receivers.binding import CannotListen
from deploy.broker import Broker, find_mosquitto
from deploy.life import Life, reached
from deploy.outside import Outside, reaching
from deploy.platform import Platform
from deploy.watchdog import WatchdogProcess
from kit.clock import SystemClock
from kit.errors import StorageDown
from kit.log import configure, get_logger
from kit.settings import Settings

log = get_logger(__name__)

SELDOM = (20_000, 20, 100)
"""When the collector looks for what only points at itself. By default it does so after 700 new things, which are a
press and a half; at 20,000 an alarm costs a twelfth less and memory grows by a few MiB."""
STOP_WITHIN = 3  # seconds given to requests in flight
BACKLOG = 2048


class CannotStart(Exception):
    """Why it does not start, and what to do: one sentence for the one who typed the command."""


@dataclass(frozen=True, slots=True)
class Start:
    """How to start: where the web listens, whether with demonstration data, to migrate first.

    `beside`: with what one machine needs besides: a relay, a watchdog, and a broker where none is named.
    """

    host: str
    port: int
    demo: bool
    migrate: bool
    beside: bool


class _Server(uvicorn.Server):
    """Uvicorn that leaves signals to us, so that everything else stops in order too."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


def run_platform(settings: Settings, keys: list[str], start: Start, console: Console) -> None:
    """Run until SIGINT or SIGTERM. Raises CannotStart with a sentence."""
    configure(level=settings.log_level)
    listening = _listen(start.host, start.port)
    with listening:
        uvloop.run(_run(settings, keys, start, listening, console))


def _listen(host: str, port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise CannotStart(
            f"Port {port} on {host} cannot be had ({error.strerror}). Stop what uses it, or choose another with --port."
        ) from error
    listening.listen(BACKLOG)
    return listening


async def _run(settings: Settings, keys: list[str], start: Start, listening: socket.socket, console: Console) -> None:
    broker = await _broker(settings) if start.beside else None
    if broker is not None:
        settings = settings.model_copy(update={"mqtt_url": broker.url})
    try:
        await _serve(settings, keys, start, listening, console, broker)
    finally:
        if broker is not None:
            await broker.close()


async def _broker(settings: Settings) -> Broker | None:
    """A broker of our own: when none is named, one may be had, and Mosquitto is there."""
    program = find_mosquitto()
    if settings.mqtt_url or settings.mqtt_broker == "off" or program is None:
        return None
    try:
        broker = Broker(program, settings.data, SystemClock())
        await broker.start()
    except OSError as error:
        log.warning("broker_not_started", reason=error.strerror)
        return None
    return broker


async def _serve(
    settings: Settings,
    keys: list[str],
    start: Start,
    listening: socket.socket,
    console: Console,
    broker: Broker | None,
) -> None:
    alive = start.demo and settings.demo_life == "on"
    platform = Platform(reaching(settings) if alive else settings, keys, demo=start.demo)
    try:
        await platform.start(migrate=start.migrate)
        if start.beside:
            await platform.relay.start()
    except CannotListen as error:
        await platform.close()
        raise CannotStart(error.sentence) from error
    except OSError as error:
        await platform.close()
        raise CannotStart(
            f"SIP cannot be heard on {error.strerror or error}. "
            "Stop what uses that address, or choose others with NATTLJUS_SIP_LISTEN."
        ) from error
    except StorageDown as error:
        await platform.close()
        raise CannotStart("The database does not answer. Start it, or look at NATTLJUS_DATABASE_URL.") from error
    config = uvicorn.Config(
        platform.app,
        log_config=None,
        access_log=False,
        server_header=False,
        loop="none",
        ws="websockets-sansio",
        ws_max_size=65_536,
        ws_ping_interval=10.0,
        ws_ping_timeout=10.0,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=STOP_WITHIN,
    )
    server = _Server(config)
    gc.collect()
    gc.freeze()  # what is there from the start is not looked through again while somebody waits for an answer
    gc.set_threshold(*SELDOM)
    life = Life()
    outside = Outside(platform.store, keys, platform.clock)
    watchdog = WatchdogProcess(settings, keys, platform.clock)
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, _stop, server, life, watchdog)
    port = listening.getsockname()[1]
    _tell(console, platform, settings, start, port, broker)
    if alive:
        await outside.start(reached(start.host, port))
        heard = (reached(one.host, one.port) for one in platform.scaip.addresses if one.transport == "udp")
        await life.start(reached(start.host, port), next(heard, ""), settings.mqtt_url)
    if start.beside and settings.watchdog == "on":
        await watchdog.start(reached(start.host, port), platform.scaip.addresses)
    try:
        await server.serve(sockets=[listening])
    finally:
        await watchdog.close()
        await life.close()
        await outside.close()


def _stop(server: uvicorn.Server, life: Life, watchdog: WatchdogProcess) -> None:
    watchdog.let_go()
    life.let_go()
    server.should_exit = True


def _tell(
    console: Console, platform: Platform, settings: Settings, start: Start, port: int, broker: Broker | None
) -> None:
    """A few lines: what runs where, who can log in, how to press an alarm."""
    page = f"http://{start.host}:{port}"
    heard = "  ".join(str(endpoint) for endpoint in platform.scaip.addresses)
    if platform.dc09 is not None:
        heard += "   DC-09 " + "  ".join(str(endpoint) for endpoint in platform.dc09.addresses)
    database = "SQLite in " + str(settings.data) if platform.store.embedded else "PostgreSQL"
    console.print(f"[bold]Nattljus runs.[/bold]  Pages {page}   SCAIP {heard}   {database}", soft_wrap=True)
    if broker is not None:
        console.print(
            f"  Locks         MQTT on 127.0.0.1:{broker.port}, Mosquitto beside; its address with password is in "
            f"{broker.told}",
            soft_wrap=True,
            highlight=False,
            markup=False,
        )
    if start.demo:
        console.print(
            f"  Be somebody   {page}  (operators, a supervisor, care workers, 20 residents)\n"
            f"  Press         open {page}/home as a resident and press HELP, or from another shell:\n"
            f'                curl -sS {page}/api/v1/device/events -H "Authorization: Bearer '
            '$(.venv/bin/nattljus device token demo-app-1)" \\\n'
            "                  -H 'Content-Type: application/cloudevents+json' -d "
            '\'{"specversion":"1.0","id":"1","source":"shell","type":"nattljus.alarm.pressed"}\'\n'
            f"  Answer        open {page}/desk as an operator\n"
            f"  Visit         open {page}/staff as a care worker and ring a resident whose {page}/home is open",
            soft_wrap=True,
            highlight=False,
            markup=False,
        )
        if settings.demo_life == "on":
            console.print(
                "  Life          demo-resident-13 to -20 press now and then, and demo-supervisor answers; "
                "NATTLJUS_DEMO_LIFE=off silences them",
                soft_wrap=True,
                highlight=False,
            )
    console.print("  Stop          Ctrl-C", highlight=False)
