"""Mosquitto beside the platform, where it is installed and no other broker is named: MQTT for locks and devices.

It listens on loopback alone, behind a password made anew at each start, and keeps in the data folder what it has taken
in. It is started again when it ends, on the same port, and ends with us, however we go (deploy.leash).
"""

import asyncio
import base64
import hashlib
import os
import secrets
import shutil
import socket
import sys
from pathlib import Path

from deploy.beside import ended, environment
from kit.clock import Clock
from kit.log import get_logger
from kit.tasks import Tasks

log = get_logger(__name__)

USER = "nattljus"
STOP_WITHIN = 3.0  # seconds
PAUSE = 1.0  # seconds before it is started again
ROUNDS = 101  # of its password hash; the password has 128 bits of chance already

KEEPING = """persistence true
autosave_on_changes false
autosave_interval 1
max_queued_messages 500000
max_queued_bytes 1000000000
max_inflight_bytes 0
max_packet_size 70000
"""
"""How every broker of ours keeps what waits for us, and how much: deploy/mosquitto has the same lines, and says why."""


def find_mosquitto() -> str | None:
    """Where Mosquitto is; Debian keeps it out of people's PATH."""
    return shutil.which("mosquitto", path=os.pathsep.join((os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin")))


class Broker:
    """The process. `url` holds from the beginning, also while it is started again."""

    def __init__(self, program: str, data: Path, clock: Clock) -> None:
        """Raises OSError when no port can be had."""
        self._program = program
        self._folder = data.absolute() / "mosquitto"
        self._tasks = Tasks(clock)
        self._clock = clock
        self._process: asyncio.subprocess.Process | None = None
        self._password = secrets.token_urlsafe(16)
        self.port = _free_port()

    @property
    def url(self) -> str:
        """What NATTLJUS_MQTT_URL would hold."""
        return f"mqtt://{USER}:{self._password}@127.0.0.1:{self.port}"

    @property
    def told(self) -> Path:
        """The file that holds the URL, for whoever may read the data folder."""
        return self._folder / "url"

    @property
    def pid(self) -> int | None:
        """The process's id, none while there is none."""
        return self._process.pid if self._process is not None else None

    async def start(self) -> None:
        """Begin; returns when it has been started, and it is heard a moment later. Raises OSError."""
        self._write()
        await self._begin()
        self._tasks.forever("broker", self._run)

    async def close(self) -> None:
        """End it."""
        await self._tasks.close()
        process, self._process = self._process, None
        if process is not None and process.returncode is None:
            process.terminate()
        await ended(process, STOP_WITHIN)

    async def _run(self) -> None:
        while True:
            if self._process is not None:
                log.error("broker_away", code=await self._process.wait())
                self._process = None
            await self._clock.sleep(PAUSE)
            try:
                await self._begin()
            except OSError as error:
                log.error("broker_not_started", reason=error.strerror)

    async def _begin(self) -> None:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "deploy.leash", str(os.getpid()), self._program, "-c", str(self._folder / "conf"),
            stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL, env=environment(),
            start_new_session=True,  # Ctrl-C is for us, who then end it
        )  # fmt: skip

    def _write(self) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        salt = secrets.token_bytes(12)
        digest = hashlib.pbkdf2_hmac("sha512", self._password.encode(), salt, ROUNDS)
        hashed = f"$7${ROUNDS}${base64.b64encode(salt).decode()}${base64.b64encode(digest).decode()}"
        _private(self._folder / "passwords", f"{USER}:{hashed}\n")
        _private(self.told, f"{self.url}\n")
        _private(
            self._folder / "conf",
            f"listener {self.port} 127.0.0.1\n"
            "allow_anonymous false\n"
            f"password_file {self._folder}/passwords\n"
            f"{KEEPING}"
            f"persistence_location {self._folder}/\n"
            "log_dest stderr\n"
            "log_type error\n"
            "user root\n",  # heeded where we are root: it must reach the data folder as we do
        )


def _private(path: Path, text: str) -> None:
    """Write a file that only we can read, from its first byte."""
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port
