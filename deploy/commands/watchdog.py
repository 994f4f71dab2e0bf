"""`nattljus serve watchdog`: the watchdog as a process, with a small web of its own for health and metrics."""

import asyncio
import json
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
import uvloop
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from alarms.anchor import anchor
from alarms.watchdog.part import watching
from alarms.watchdog.watch import Watchdog
from kit.clock import SystemClock
from kit.errors import StorageDown
from kit.log import configure, get_logger
from kit.metrics import exposition
from kit.settings import Settings
from kit.store import open_store
from kit.tasks import Tasks

log = get_logger(__name__)

STOP_WITHIN = 2  # seconds given to requests in flight


class _Server(uvicorn.Server):
    """Uvicorn that leaves signals to us."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


def serve_watchdog(settings: Settings, keys: list[str], *, child: bool) -> None:
    """Run until SIGTERM or SIGINT; as a child until standard input ends. Raises ValueError with a sentence, OSError."""
    configure(level=settings.log_level)
    uvloop.run(_run(settings, keys, child=child))


async def _run(settings: Settings, keys: list[str], *, child: bool) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    loop.add_signal_handler(signal.SIGINT, (lambda: None) if child else stop.set)
    if child:
        await loop.connect_read_pipe(lambda: _Parent(stop), sys.stdin)
    clock = SystemClock()
    await _anchor(settings, clock)
    tasks = Tasks(clock)
    with _listen(settings.watchdog_http) as web:
        async with watching(settings, keys, clock) as watchdog:
            config = uvicorn.Config(
                health(watchdog), log_config=None, access_log=False, server_header=False, loop="none", ws="none",
                timeout_graceful_shutdown=STOP_WITHIN,
            )  # fmt: skip
            server = _Server(config)
            serving = tasks.start("watchdog web", server.serve(sockets=[web]))
            host, port = web.getsockname()[:2]
            sys.stdout.write(json.dumps({"watchdog": settings.watchdog_name, "url": f"http://{host}:{port}"}) + "\n")
            sys.stdout.flush()
            await stop.wait()
            server.should_exit = True
            await serving
    await tasks.close()


async def _anchor(settings: Settings, clock: SystemClock) -> None:
    store = open_store(settings.store_url())
    try:
        await anchor(store, clock)
    except StorageDown:
        log.warning("watchdog_without_storage")
    except Exception:
        log.exception("watchdog_anchor_failed")  # a database of another shape: the first round says so
    finally:
        await store.close()


def health(watchdog: Watchdog) -> Starlette:
    """`/healthz`: 503 when no round was finished for three; `/metrics`."""

    async def healthz(_: Request) -> Response:
        status = "watching" if watchdog.fresh else "no round lately"
        return JSONResponse({"status": status}, status_code=200 if watchdog.fresh else 503)

    async def metrics(_: Request) -> Response:
        return Response(exposition(), media_type="text/plain; version=0.0.4; charset=utf-8")

    return Starlette(routes=[Route("/healthz", healthz), Route("/metrics", metrics)])


def _listen(text: str) -> socket.socket:
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal():
        raise ValueError(f"NATTLJUS_WATCHDOG_HTTP is host:port, such as 127.0.0.1:9080, not {text!r}.")
    try:
        return socket.create_server((host.strip("[]"), int(port)))
    except OSError as error:
        raise ValueError(f"{text} cannot be listened on ({error.strerror}). Set NATTLJUS_WATCHDOG_HTTP.") from error


class _Parent(asyncio.Protocol):
    """The pipe from the parent process: nothing comes through it but its end."""

    def __init__(self, stop: asyncio.Event) -> None:
        self._stop = stop

    def connection_lost(self, error: Exception | None) -> None:
        """The parent is gone, or wants us gone."""
        self._stop.set()
