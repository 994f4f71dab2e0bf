"""`nattljus run` with its watchdog: what hangs is told, what is killed is noticed, and with its parent it ends."""

import json
import os
import signal
import threading
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from kit.clock import SystemClock
from tests import patience
from tests.servers import children, wait_for_end
from tests.system.platforms import Platform, platform_of

until = partial(patience.until, patience=60.0, every=0.1)  # a busy machine starts processes slowly

clock = SystemClock()


class Pager(ThreadingHTTPServer):
    """Remembers what it is posted, and how often it is asked for a heartbeat."""

    daemon_threads = True

    def __init__(self) -> None:
        self.pages: list[dict[str, Any]] = []
        self.beats = 0
        super().__init__(("127.0.0.1", 0), _Handler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def told(self, when: str) -> set[str]:
        return {finding["code"] for page in self.pages for finding in page[when]}


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.server.beats += 1
        self.send_response(204)
        self.end_headers()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.pages.append(json.loads(body))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def pager() -> Iterator[Pager]:
    with Pager() as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def platform(pager: Pager, monkeypatch: pytest.MonkeyPatch) -> Iterator[Platform]:
    monkeypatch.setenv("NATTLJUS_WATCHDOG_HEARTBEAT_URL", f"{pager.url}/beat")
    monkeypatch.setenv("NATTLJUS_WATCHDOG_WEBHOOK_URL", f"{pager.url}/page")
    monkeypatch.setenv("NATTLJUS_WATCHDOG_EVERY", "1")
    with platform_of("run", "--demo", watchdog="on") as running:
        running.start()
        yield running


def watchdog_of(platform: Platform) -> int | None:
    for pid in children(platform.pid):
        try:
            words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if b"watchdog" in words:
            return pid
    return None


async def test_what_hangs_is_told_then_told_to_be_over_and_the_watchdog_ends_with_its_parent(
    platform: Platform, pager: Pager
) -> None:
    await until(lambda: pager.beats >= 2, "no heartbeat")
    assert pager.pages == []
    watchdog = watchdog_of(platform)
    assert watchdog is not None

    os.kill(platform.pid, signal.SIGSTOP)  # the hub and everything with it stands still, its sockets open
    await until(lambda: pager.told("begun"), "nobody is told of a platform that hangs")
    beats = pager.beats
    os.kill(platform.pid, signal.SIGCONT)
    assert pager.told("begun") & {"receiver_silent", "web_silent", "desk_silent"}
    begun = pager.told("begun")
    await until(lambda: pager.told("over") >= begun and pager.beats > beats, "its return is not told")

    os.kill(watchdog, signal.SIGKILL)
    await until(lambda: watchdog_of(platform) not in {None, watchdog}, "the watchdog is not started again")
    again = watchdog_of(platform)
    assert again is not None
    os.kill(platform.pid, signal.SIGKILL)  # no chance to tell anybody anything
    platform.process.wait(10)
    wait_for_end(again)


async def test_it_ends_in_order_with_its_parent_and_tells_nothing(platform: Platform, pager: Pager) -> None:
    await until(lambda: pager.beats >= 1, "no heartbeat")
    watchdog = watchdog_of(platform)
    assert watchdog is not None
    platform.stop()
    wait_for_end(watchdog)
    assert pager.pages == []
    assert platform.complaints() == []
