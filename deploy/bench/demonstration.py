"""The whole platform with demonstration data, for a benchmark; its relay straight, or by a line that can be cut."""

import os
import secrets
import socket
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from deploy.bench.children import CannotMeasure
from deploy.bench.line import Line, line_to
from deploy.bench.served import Served, started
from kit.clock import Clock
from registry.session_web import COOKIE

READY_WITHIN = 30.0  # seconds
LOOK_EVERY = 0.1


@asynccontextmanager
async def demonstration(clock: Clock, cores: set[int], given: Mapping[str, str] | None = None) -> AsyncIterator[Served]:
    """`nattljus run --demo` on these cores without its simulated life, ready for visits. Raises CannotMeasure."""
    with tempfile.TemporaryDirectory(prefix="nattljus-bench-") as name:
        settings = {"NATTLJUS_DEMO_LIFE": "off", "NATTLJUS_WATCHDOG": "off", **(given or {})}
        with started(("run", "--demo"), settings, [secrets.token_hex(32)], Path(name), cores) as platform:
            await _until_ready(platform, clock)
            yield platform


@asynccontextmanager
async def behind_a_line(clock: Clock) -> AsyncIterator[tuple[Served, Line]]:
    """The same on all cores, with its relay at the far end of a line."""
    relay = ("127.0.0.1", _free_udp_port())
    with line_to(relay) as line:
        settings = {
            "NATTLJUS_MEDIA_LISTEN": f"udp:{relay[0]}:{relay[1]}",
            "NATTLJUS_MEDIA_ANNOUNCE": f"{line.address[0]}:{line.address[1]}",
        }
        async with demonstration(clock, os.sched_getaffinity(0), settings) as platform:
            yield platform, line


async def session_of(platform: Served, whom: str) -> str:
    """A session's token, as somebody of the demonstration. Raises CannotMeasure when it is not given."""
    async with httpx.AsyncClient(base_url=f"http://{platform.http[0]}:{platform.http[1]}", trust_env=False) as client:
        answer = await client.post("/api/v1/demo/session", json={"as": whom})
    if answer.status_code != 204:
        raise CannotMeasure(f"There is no session as {whom}: {answer.status_code}.")
    return answer.cookies[COOKIE]


async def _until_ready(platform: Served, clock: Clock) -> None:
    until = clock.monotonic() + READY_WITHIN
    address = f"http://{platform.http[0]}:{platform.http[1]}/readyz"
    async with httpx.AsyncClient(trust_env=False) as client:
        while not all((await client.get(address)).json().values()):
            if clock.monotonic() > until:
                raise CannotMeasure(f"The platform's relay was not ready within {READY_WITHIN:g} s.")
            await clock.sleep(LOOK_EVERY)


def _free_udp_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port
