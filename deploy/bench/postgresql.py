"""A PostgreSQL of the benchmark's own, from Debian's programs, as it comes: every commit reaches the disk."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from deploy.bench.children import CannotMeasure, end, start
from kit.clock import SystemClock

START_WITHIN = 30.0  # seconds
USER = "nattljus"


@dataclass(frozen=True, slots=True)
class Cluster:
    """A running PostgreSQL on 127.0.0.1."""

    programs: Path
    folder: Path
    port: int

    @property
    def url(self) -> str:
        """What `NATTLJUS_DATABASE_URL` would hold."""
        return f"postgresql+asyncpg://{USER}@127.0.0.1:{self.port}/postgres"

    @property
    def version(self) -> str:
        """Its version, as it says itself."""
        return self.run("psql", "-X", "-A", "-t", "-d", "postgres", "-c", "SHOW server_version").strip()

    @property
    def where(self) -> list[str]:
        """How PostgreSQL's own programs are told where it is."""
        return ["-h", "127.0.0.1", "-p", str(self.port), "-U", USER]

    def run(self, program: str, *words: str, given: str | None = None) -> str:
        """Run one of PostgreSQL's programs against it; what it wrote. Raises CannotMeasure."""
        result = subprocess.run(  # noqa: S603 - Debian's programs, no shell
            [self.programs / program, *self.where, *words],
            input=given,
            capture_output=True,
            text=True,
            check=False,
            cwd=self.folder,
        )
        if result.returncode != 0:
            raise CannotMeasure(f"{program} failed: {result.stderr.strip()[-500:]}")
        return result.stdout


def find_programs() -> Path | None:
    """The folder of the newest PostgreSQL installed, none where there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda file: int(file.parts[4]))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).parent if on_path else None


@contextmanager
def temporary_cluster(programs: Path) -> Iterator[Cluster]:
    """A new cluster, running for as long as the block lasts. Raises CannotMeasure when it does not start."""
    folder = Path(tempfile.mkdtemp(prefix="nattljus-bench-"))
    user = "postgres" if os.geteuid() == 0 else None  # PostgreSQL refuses to run as root
    try:
        if user:
            shutil.chown(folder, user, user)
        data = folder / "data"
        subprocess.run(  # noqa: S603 - Debian's program, no shell
            [programs / "initdb", "--auth=trust", f"--username={USER}", "--encoding=UTF8", "--locale=C.UTF-8",
             "-D", data],
            check=True, capture_output=True, cwd=folder,
            user=user, group=user, extra_groups=[] if user else None,
        )  # fmt: skip
        cluster = Cluster(programs, folder, _free_port())
        settings = ("-c", "listen_addresses=127.0.0.1", "-c", f"unix_socket_directories={folder}")
        with (folder / "server.log").open("ab") as log:
            server = start(
                [programs / "postgres", "-D", data, "-p", str(cluster.port), *settings],
                folder=folder, output=log, errors=log, user=user,
            )  # fmt: skip
        try:
            _wait(cluster, server)
            yield cluster
        finally:
            end(server, signal.SIGINT)  # "fast shutdown"
    except (OSError, subprocess.CalledProcessError) as error:
        raise CannotMeasure(f"A PostgreSQL for the measurement cannot be made: {error}") from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _wait(cluster: Cluster, server: subprocess.Popen[bytes]) -> None:
    clock = SystemClock()
    deadline = clock.monotonic() + START_WITHIN
    while True:
        try:
            cluster.run("pg_isready", "-q", "-t", "1")
            return
        except CannotMeasure:
            if server.poll() is not None or clock.monotonic() > deadline:
                said = (cluster.folder / "server.log").read_text(errors="replace")[-500:]
                raise CannotMeasure(f"PostgreSQL did not start: {said}") from None
        try:
            server.wait(0.05)
        except subprocess.TimeoutExpired:
            continue


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port
