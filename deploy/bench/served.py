"""The platform under measurement: a process of its own, on free ports."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import deploy
from deploy.bench.children import CannotMeasure, end, start

Address = tuple[str, int]

_RUNS = re.compile(r"Pages http://(\S+):(\d+).*?udp:(\S+):(\d+)\s+tcp:(\S+):(\d+)")


@dataclass(frozen=True, slots=True)
class Served:
    """Where it is heard, and its process id."""

    pid: int
    http: Address
    udp: Address
    tcp: Address


@contextmanager
def served(database: str, keys: Sequence[str], folder: Path, cores: set[int]) -> Iterator[Served]:
    """`nattljus serve alarms` on the migrated database at that URL, while the block lasts. Raises CannotMeasure."""
    with started(("serve", "alarms"), {"NATTLJUS_DATABASE_URL": database}, keys, folder, cores) as platform:
        yield platform


@contextmanager
def started(
    words: Sequence[str], settings: Mapping[str, str], keys: Sequence[str], folder: Path, cores: set[int]
) -> Iterator[Served]:
    """`nattljus` with those words and settings, for as long as the block lasts. Raises CannotMeasure."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("NATTLJUS_")}
    env |= {
        "NATTLJUS_SIP_LISTEN": "udp:127.0.0.1:0 tcp:127.0.0.1:0",
        "NATTLJUS_SECRET_KEYS": " ".join(keys),
        "NATTLJUS_LOG_LEVEL": "warning",
        "PYTHONPATH": str(Path(deploy.__file__).parent.parent),
        **settings,
    }
    command = [sys.executable, "-m", "deploy.cli", *words, "--port", "0", "--data", str(folder)]
    log = folder / "platform.log"
    with log.open("ab") as errors:
        process = start(command, folder=folder, output=subprocess.PIPE, errors=errors, env=env)
    try:
        os.sched_setaffinity(process.pid, cores)
        yield _found(process, log)
    finally:
        end(process, signal.SIGTERM)
        assert process.stdout is not None
        process.stdout.close()


def _found(process: subprocess.Popen[bytes], log: Path) -> Served:
    """What it says of itself once it runs."""
    assert process.stdout is not None
    said = process.stdout.readline().decode(errors="replace")
    found = _RUNS.search(said)
    if found is None:
        raise CannotMeasure(f"The platform did not start: {said}{log.read_text(errors='replace')[-800:]}")
    host, port, *scaip = found.groups()
    return Served(process.pid, (host, int(port)), (scaip[0], int(scaip[1])), (scaip[2], int(scaip[3])))
