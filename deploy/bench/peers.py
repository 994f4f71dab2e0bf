"""What the platform is measured beside: the database alone, one row a commit, every commit on the disk."""

import re
import sqlite3
from pathlib import Path

from deploy.bench.children import CannotMeasure
from deploy.bench.postgresql import Cluster
from kit.clock import SystemClock

PGBENCH = "pgbench -c 8 -n, one INSERT a commit"
SQLITE = "sqlite3, one INSERT a commit"

_TABLE = (
    "CREATE TABLE IF NOT EXISTS bench_row ("
    "id bigint NOT NULL, account text NOT NULL, at timestamptz NOT NULL, raw text NOT NULL)"
)
_RAW = "x" * 200  # bytes, about what a device sends
_SCRIPT = (
    "\\set id random(1, 9000000000000000)\n"
    "INSERT INTO bench_row (id, account, at, raw) "
    f"VALUES (:id, '100001', clock_timestamp(), '{_RAW}');\n"
)


def pgbench_per_second(cluster: Cluster, seconds: int) -> float:
    """Rows a second of pgbench with 8 clients, synchronous commit on. Raises CannotMeasure."""
    cluster.run("psql", "-X", "-q", "-d", "postgres", "-c", f"SET client_min_messages = error; {_TABLE}")
    said = cluster.run(
        "pgbench", "-c", "8", "-j", "2", "-n", "-T", str(seconds), "-f", "/dev/stdin", "postgres", given=_SCRIPT
    )
    found = re.search(r"^tps = ([0-9.]+)", said, re.MULTILINE)
    if found is None:
        raise CannotMeasure("pgbench said nothing that could be read as a figure.")
    return float(found[1])


def sqlite_per_second(folder: Path, seconds: float) -> float:
    """Rows a second of one writer on one SQLite file, WAL and `synchronous=FULL` as the platform has it."""
    clock = SystemClock()
    connection = sqlite3.connect(folder / "peer.db", isolation_level=None)
    try:
        for statement in ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", _TABLE):
            connection.execute(statement)
        began = clock.monotonic()
        rows = 0
        while clock.monotonic() - began < seconds:
            connection.execute("INSERT INTO bench_row VALUES (?, '100001', ?, ?)", (rows, "2026-01-15", _RAW))
            rows += 1
        return rows / (clock.monotonic() - began)
    finally:
        connection.close()
