"""The relay as a process: its UDP socket, its small web, until it is told to stop or its parent is gone."""

import asyncio
import gc
import json
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import asdict, dataclass

import uvicorn

from kit.clock import Clock, SystemClock
from kit.settings import Settings
from kit.tasks import Tasks
from kit.tokens import Signer
from media.blind import codec_objects
from media.endpoint import listening, reached
from media.http import relay_app
from media.relay import Limits, Relay
from media.socket import UdpSocket

STOP_WITHIN = 2  # seconds given to requests in flight


@dataclass(frozen=True, slots=True)
class Running:
    """A relay that runs: its name, its web for the front, its UDP port, and where browsers find that."""

    node: str
    url: str
    port: int
    addresses: tuple[tuple[str, int], ...]

    def line(self) -> str:
        """The same in one line of JSON, for the parent process."""
        return json.dumps(asdict(self))


class _Server(uvicorn.Server):
    """Uvicorn that leaves signals to us."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


@asynccontextmanager
async def running(
    settings: Settings, keys: Sequence[str], clock: Clock | None = None, limits: Limits | None = None
) -> AsyncIterator[tuple[Running, Relay]]:
    """A relay, up when the block begins and gone when it ends.

    Raises OSError when an address cannot be had, ValueError with a sentence when a setting cannot be understood.
    """
    clock = clock or SystemClock()
    host, port = listening(settings.media_listen)
    web_host, web_port = _host_and_port(settings.media_http)
    udp = UdpSocket(host, port)
    tasks = Tasks(clock)
    try:
        addresses = reached(settings.media_announce, host, udp.port)
        relay = Relay(clock, udp.send, addresses, limits)
        web = socket.create_server((web_host, web_port))
        with web:
            app = relay_app(relay, settings.media_node, Signer(keys), clock)
            config = uvicorn.Config(
                app, log_config=None, access_log=False, server_header=False, loop="none", ws="none",
                timeout_graceful_shutdown=STOP_WITHIN,
            )  # fmt: skip
            server = _Server(config)
            udp.start(relay.receive)
            relay.start()
            serving = tasks.start("relay web", server.serve(sockets=[web]))
            try:
                url = f"http://{web_host}:{web.getsockname()[1]}"
                yield Running(settings.media_node, url, udp.port, tuple(addresses)), relay
            finally:
                server.should_exit = True
                await serving
                await relay.close()
    finally:
        await tasks.close()
        udp.close()


async def run(
    settings: Settings, keys: Sequence[str], *, child: bool = False, tell: Callable[[Running], None] | None = None
) -> None:
    """Run until SIGTERM or SIGINT; as a child until standard input ends, and then leave SIGINT to the parent.

    `tell` is told once it runs. Raises as `running` does.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    loop.add_signal_handler(signal.SIGINT, (lambda: None) if child else stop.set)
    if child:
        await loop.connect_read_pipe(lambda: _Parent(stop), sys.stdin)
    async with running(settings, keys) as (place, _):
        _settle()
        if tell is not None:
            tell(place)
        await stop.wait()


def _settle() -> None:
    """Spare what is there from the start from being looked through at each collection, which would hold up packets."""
    found = codec_objects()
    if found:
        raise RuntimeError(f"a relay holds nothing that can decode, and this one holds {found}")
    gc.collect()
    gc.freeze()


class _Parent(asyncio.Protocol):
    """The pipe from the parent process: nothing comes through it but its end."""

    def __init__(self, stop: asyncio.Event) -> None:
        self._stop = stop

    def connection_lost(self, error: Exception | None) -> None:
        """The parent is gone, or wants us gone."""
        self._stop.set()


def _host_and_port(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal():
        raise ValueError(f"NATTLJUS_MEDIA_HTTP is host:port, such as 127.0.0.1:0, not {text!r}.")
    return host.strip("[]"), int(port)
