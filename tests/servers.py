"""Real PostgreSQL, Redis and Mosquitto for the tests, on free ports, killed as by a power cut, started again.

Each server is a process of ours: it is ended by its id, and ends by itself when the test process dies.
"""

import os
import random
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NoReturn, TypeVar

import pytest

from deploy.broker import KEEPING

START_WITHIN = 60.0  # seconds; recovery after a kill under load takes a while
PORTS = range(20_000, 32_000)  # below those that outgoing connections take, so that a killed server's stays free
# Of which the processes of one run that are beside each other (gw0, gw1, …) have their own each, and no race for one.
_WORKER = os.environ.get("PYTEST_XDIST_WORKER")
_OWN = PORTS[int(_WORKER[2:]) % 8 :: 8] if _WORKER else PORTS

_MEMORY = Path("/dev/shm")
_ROOM = 2 * 1024**3  # bytes; containers often have none to speak of


S = TypeVar("S", bound="Server")


class Server:
    """A program that serves on one port of 127.0.0.1 and keeps its data over a kill."""

    user: str | None = None
    last_words = signal.SIGTERM

    def __init__(self, *, lasting: bool = True) -> None:
        self.port = free_port()
        self.folder = temporary_folder(lasting=lasting)
        if self.user is not None:
            shutil.chown(self.folder, self.user, self.user)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def process(self) -> subprocess.Popen[bytes]:
        assert self._process is not None
        return self._process

    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def command(self) -> list[str]:
        raise NotImplementedError

    def answers(self) -> bool:
        raise NotImplementedError

    def start(self) -> None:
        """Start on the same data and port, and wait until it answers."""
        assert not self.running()
        log = (self.folder / "server.log").open("ab")
        with log:
            self._process = subprocess.Popen(
                ["setpriv", "--pdeathsig", "KILL", *self.command()],
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for the test runner, which then ends us
                user=self.user,
                group=self.user,
                extra_groups=[] if self.user else None,
            )
        deadline = time.monotonic() + START_WITHIN  # noqa: TID251 - real processes live in real time
        while not self.answers():
            if not self.running() or time.monotonic() > deadline:  # noqa: TID251
                self.stop()
                pytest.fail(f"{type(self).__name__} did not start:\n{self.log_tail()}")
            time.sleep(0.02)

    def kill(self) -> None:
        """End it and all its children at once, without a chance to write anything."""
        assert self.running()
        os.kill(self.pid, signal.SIGSTOP)  # so that it starts no child while we look
        family = [self.pid, *children(self.pid)]
        for pid in family:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        assert self._process is not None
        self._process.wait(10)
        for pid in family:
            wait_for_end(pid)

    def pause(self) -> None:
        """Let it stand still with its connections open, as a machine that hangs does."""
        for pid in [self.pid, *children(self.pid)]:
            with suppress(ProcessLookupError):  # a child that was about to end
                os.kill(pid, signal.SIGSTOP)

    def resume(self) -> None:
        """Let it go on."""
        for pid in [self.pid, *children(self.pid)]:
            with suppress(ProcessLookupError):  # a child that was about to end
                os.kill(pid, signal.SIGCONT)

    def stop(self) -> None:
        """End it in order, or by force when it does not."""
        if self._process is None or not self.running():
            return
        self.resume()
        self._process.send_signal(self.last_words)
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self.kill()

    def remove(self) -> None:
        """Stop it and delete its data."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def log_tail(self) -> str:
        """What it said last."""
        return "\n".join((self.folder / "server.log").read_text(errors="replace").splitlines()[-20:])


class PostgreSQL(Server):
    """A PostgreSQL cluster of its own, with `fsync` on: durability is what the tests are about.

    Unless it need not be `lasting`, for tests to which a database is only a place: then nobody waits for a disk.
    """

    last_words = signal.SIGINT  # "fast shutdown"

    def __init__(self, *, lasting: bool = True) -> None:
        self._programs = postgresql_programs()
        self.user = "postgres" if os.geteuid() == 0 else None
        super().__init__(lasting=lasting)
        self._settings = {"listen_addresses": "127.0.0.1", "unix_socket_directories": str(self.folder), "fsync": "on"}
        if not lasting:
            self._settings |= {"fsync": "off", "max_wal_size": "64MB"}
        self._data = self.folder / "data"
        self._number = 0
        subprocess.run(
            [self._programs / "initdb", "--no-sync", "--auth=trust", "--username=nattljus", "--encoding=UTF8",
             "--locale=C.UTF-8", "-D", self._data],
            check=True, stdout=subprocess.DEVNULL, cwd=self.folder,
            user=self.user, group=self.user, extra_groups=[] if self.user else None,
        )  # fmt: skip

    def command(self) -> list[str]:
        words = [word for name, value in self._settings.items() for word in ("-c", f"{name}={value}")]
        return [str(self._programs / "postgres"), "-D", str(self._data), "-p", str(self.port), *words]

    def answers(self) -> bool:
        return self._run("pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port), "-U", "nattljus").returncode == 0

    def create(self, template: str = "template0") -> str:
        """A new database, a copy of `template` (a name; nobody may be connected to it); its SQLAlchemy URL."""
        self._number += 1
        name = f"test_{self._number}"
        self.sql(f'CREATE DATABASE {name} TEMPLATE "{template}"')
        return self.url(name)

    def drop(self, url: str) -> None:
        """Delete the database at that URL, whoever is connected."""
        self.sql(f"DROP DATABASE IF EXISTS {url.rpartition('/')[2]} WITH (FORCE)")

    def url(self, database: str) -> str:
        """The SQLAlchemy URL of one of its databases."""
        return f"postgresql+asyncpg://nattljus@127.0.0.1:{self.port}/{database}"

    def sql(self, statement: str, database: str = "postgres") -> str:
        """Run a statement through psql, beside everything under test; the rows as plain text."""
        where = ["-h", "127.0.0.1", "-p", str(self.port), "-U", "nattljus", "-d", database]
        result = self._run("psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", *where, "-c", statement)
        assert result.returncode == 0, result.stderr.decode()
        return result.stdout.decode().strip()

    def _run(self, program: str, *words: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run([self._programs / program, *words], capture_output=True, check=False, cwd=self.folder)


class Redis(Server):
    """A Redis that keeps nothing, as the bus needs none of it kept."""

    def __init__(self) -> None:
        self._program = program("redis-server", "redis-server")
        super().__init__()

    @property
    def url(self) -> str:
        """What `NATTLJUS_REDIS_URL` would hold."""
        return f"redis://127.0.0.1:{self.port}/0"

    def command(self) -> list[str]:
        return [self._program, "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]

    def answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as line:
                line.sendall(b"PING\r\n")
                return line.recv(16).startswith(b"+PONG")
        except OSError:
            return False


class Mosquitto(Server):
    """An MQTT broker that keeps what it has taken in as those of deploy do: it is on disk two seconds later."""

    def __init__(self) -> None:
        self._program = program("mosquitto", "mosquitto")
        super().__init__()
        (self.folder / "mosquitto.conf").write_text(
            f"""listener {self.port} 127.0.0.1
allow_anonymous true
persistence_location {self.folder}/
{KEEPING}"""
        )
        if os.geteuid() == 0:  # it gives up root by itself, and must still reach its file
            shutil.chown(self.folder, "mosquitto", "mosquitto")

    @property
    def url(self) -> str:
        """What `NATTLJUS_MQTT_URL` would hold."""
        return f"mqtt://127.0.0.1:{self.port}"

    def command(self) -> list[str]:
        return [self._program, "-c", str(self.folder / "mosquitto.conf")]

    def answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1):
                return True
        except OSError:
            return False

    def has_written(self, payload: str) -> bool:
        """Whether a message is on the broker's disk, which is a moment after it has said that it has it."""
        kept = self.folder / "mosquitto.db"
        return kept.exists() and payload.encode() in kept.read_bytes()

    def publish(self, topic: str, payload: str, *more: str) -> None:
        """Send one message with mosquitto_pub, at QoS 1, and wait until the broker has it."""
        pub = program("mosquitto_pub", "mosquitto-clients")
        words = ["-h", "127.0.0.1", "-p", str(self.port), "-q", "1", "-t", topic, "-m", payload, *more]
        subprocess.run([pub, *words], check=True, timeout=10)


@contextmanager
def serving(server: S) -> Iterator[S]:
    """The server, started, for as long as the block lasts."""
    try:
        server.start()
        yield server
    finally:
        server.remove()


def program(name: str, package: str) -> str:
    """Where a program is. Without it the test fails in CI and as root, and is skipped elsewhere."""
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if found is None:
        missing(package)
    return found


def postgresql_programs() -> Path:
    """The folder of the newest PostgreSQL that Debian has installed, or of the one on the path."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda file: int(file.parts[4]))
    if found:
        return found[-1].parent
    return Path(program("initdb", "postgresql")).parent


def missing(package: str) -> NoReturn:
    """End the test for want of a package."""
    sentence = f"{package} is not installed: `make test` as root installs it, or `sudo apt-get install {package}`."
    if os.environ.get("CI") or os.geteuid() == 0:
        pytest.fail(sentence, pytrace=False)
    pytest.skip(sentence)


def temporary_folder(*, lasting: bool = True) -> Path:
    """An empty folder, to be deleted by who asked; in memory where there is room and nothing in it need be lasting."""
    memory = not lasting and _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _ROOM
    return Path(tempfile.mkdtemp(prefix="nattljus-test-", dir=_MEMORY if memory else None))


def free_port() -> int:
    """A port of 127.0.0.1 on which nobody listens, for UDP and TCP both."""
    for port in random.sample(_OWN, 200):
        with socket.socket() as stream, socket.socket(type=socket.SOCK_DGRAM) as datagram, suppress(OSError):
            stream.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            stream.bind(("127.0.0.1", port))
            datagram.bind(("127.0.0.1", port))
            return port
    pytest.fail("no port is free")


def children(pid: int) -> list[int]:
    """All processes below that one."""
    try:
        below = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except FileNotFoundError:
        return []
    return [found for child in map(int, below) for found in (child, *children(child))]


def wait_for_end(pid: int, at_most: float = 10.0) -> None:
    """Wait until a process is gone, or is a dead one that its new parent has not yet buried."""
    deadline = time.monotonic() + at_most  # noqa: TID251 - real processes live in real time
    while time.monotonic() < deadline:  # noqa: TID251
        try:
            state = re.search(r"^State:\s+(\w)", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE)
        except (FileNotFoundError, ProcessLookupError):
            return
        if state is not None and state[1] in "ZX":
            return
        time.sleep(0.01)
    pytest.fail(f"process {pid} does not end")
