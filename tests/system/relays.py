"""The relay as the platform runs it: a process of its own, which ends when the pipe to it is closed."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from kit.clock import SystemClock
from kit.legs import LegClaims, issue_leg
from kit.tokens import Signer
from kit.wire.words import Direction
from tests.patience import PATIENCE

KEY = "a-key-for-tests-that-is-long-enough-to-sign"
ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class RelayProcess:
    """A relay that runs elsewhere."""

    pid: int
    url: str
    node: str
    udp: tuple[str, int]

    def leg(self, visit: str, participant: str, direction: Direction, of: str = "") -> dict[str, str]:
        """What signaling would hand to a page: where to post its offer, and the token for it."""
        claims = LegClaims(
            f"{participant}-{direction}-{of}", self.node, visit, participant, direction, of or participant
        )
        way = "whip" if direction is Direction.PUBLISH else "whep"
        token = issue_leg(Signer([KEY]), claims, SystemClock().now())
        return {"url": f"/media/{self.node}/{way}/{claims.leg}", "token": token}

    def status(self) -> dict[str, Any]:
        """What it says of itself."""
        said: dict[str, Any] = httpx.get(f"{self.url}/media/{self.node}/status", timeout=PATIENCE).json()
        return said

    def figures(self) -> tuple[float, int]:
        """Seconds of processor time it has used, and packets it has forwarded."""
        lines = httpx.get(f"{self.url}/metrics", timeout=PATIENCE).text.splitlines()
        found = dict(line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
        cpu, packets = found["nattljus_media_cpu_seconds"], found.get('nattljus_media_packets_total{way="out"}', "0")
        return float(cpu), int(float(packets))


@contextmanager
def relay_process() -> Iterator[RelayProcess]:
    """A relay on free ports, for as long as the block lasts; it must end by itself when its pipe is closed."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("NATTLJUS_")}
    env |= {"NATTLJUS_SECRET_KEYS": KEY, "NATTLJUS_LOG_LEVEL": "warning"}
    command = [sys.executable, "-m", "media", "--child"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT, env=env)
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        place = json.loads(process.stdout.readline())
        yield RelayProcess(process.pid, place["url"], place["node"], ("127.0.0.1", place["port"]))
        process.stdin.close()
        assert process.wait(timeout=10) == 0
    finally:
        process.stdin.close()
        process.kill()
        process.wait()
        process.stdout.close()
