"""`nattljus bench visit --json` says what interfaces.md promises; the figures themselves are for a quiet machine."""

import json
import socket
import subprocess
import sys

import pytest

from deploy.bench.figures import Figure
from deploy.bench.line import line_to
from deploy.bench.pages import NO_CHROMIUM, NO_PLAYWRIGHT, NoPages, chromium
from kit.clock import SystemClock

pytestmark = pytest.mark.timeout(240)

UNITS = {"_packets_": "packets", "_lost_": "%", "_cpu_": "% of a core"}
PROMISED = {"first_frame_p95", "ring_p99", "reconnect_p95"}
UNDISTURBED = {
    "press_to_desk_p99_alone",
    "press_to_desk_p99_with_visits",
    *(f"visit_{what}_{beside}" for what in ("lost", "gap_p99", "gap_longest") for beside in ("alone", "with_alarms")),
    "relay_cpu_alone",
    "relay_cpu_with_alarms",
}


def test_the_visit_benchmark_prints_one_object_with_every_promised_figure():
    short = ["--visits", "2", "--cuts", "1", "--rounds", "1", "--seconds", "1"]
    command = [sys.executable, "-m", "deploy.cli", "bench", "visit", "--json", *short]
    done = subprocess.run(command, capture_output=True, text=True, timeout=230, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    said = json.loads(done.stdout)
    assert set(said) == {"figures", "machine", "remarks"}
    assert set(said["figures"]) >= PROMISED | UNDISTURBED, said["remarks"]
    for name, figure in said["figures"].items():
        assert set(figure) == {"value", "unit", "peer", "peer_value", "ratio", "goal", "holds"}
        assert figure["value"] > 0 or "_lost_" in name, (name, said["remarks"])
        assert figure["unit"] == next((unit for part, unit in UNITS.items() if part in name), "ms")
        assert (figure["goal"] is None) == (figure["holds"] is None)
    assert said["machine"]["presses_a_second"] == 200
    assert said["machine"]["visits_at_once"] == 5
    assert said["figures"]["press_to_desk_p99_with_visits"]["peer_value"] > 0
    assert said["figures"]["first_frame_p95"]["goal"] == "<= 1500 ms"
    assert said["figures"]["ring_p99"]["goal"] == "<= 500 ms"


async def test_without_playwright_one_sentence_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "playwright.async_api", None)
    with pytest.raises(NoPages, match=NO_PLAYWRIGHT):
        async with chromium():
            pass


async def test_without_chromium_one_sentence_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path))
    with pytest.raises(NoPages, match=NO_CHROMIUM):
        async with chromium():
            pass


async def test_a_cut_line_is_dead_for_who_was_on_it_and_open_to_who_comes_anew():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as relay:
        relay.bind(("127.0.0.1", 0))
        relay.settimeout(0)
        with line_to(relay.getsockname()) as line, browser_on(line.address) as old, browser_on(line.address) as new:
            old.send(b"there")
            seen_as = await echoed(relay)
            assert await heard(old) == b"there"
            assert line.cut() == 1
            old.send(b"still there")
            relay.sendto(b"and back", seen_as)
            new.send(b"anew")
            await echoed(relay)
            assert await heard(new) == b"anew"
            with pytest.raises(BlockingIOError):
                old.recv(100)
            with pytest.raises(BlockingIOError):
                relay.recvfrom(100)


def test_a_most_is_a_goal_that_a_greater_value_breaks():
    assert Figure(500.0, "ms", goal_most=500).holds
    assert Figure(500.1, "ms", goal_most=500).holds is False
    assert Figure(500.1, "ms", goal_most=500).goal == "<= 500 ms"


def browser_on(address: tuple[str, int]) -> socket.socket:
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    made.connect(address)
    made.setblocking(False)
    return made


async def echoed(relay: socket.socket) -> tuple[str, int]:
    """Send the next datagram back; whom it came from."""
    data, source = await received(relay)
    relay.sendto(data, source)
    return source


async def heard(browser: socket.socket) -> bytes:
    return (await received(browser))[0]


async def received(sock: socket.socket) -> tuple[bytes, tuple[str, int]]:
    for _ in range(200):
        try:
            return sock.recvfrom(100)
        except BlockingIOError:
            await SystemClock().sleep(0.01)
    raise AssertionError("nothing came")
