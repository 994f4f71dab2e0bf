"""The demonstration's life: `nattljus simulate demo --gentle` as a process beside the platform, over its public doors.

It ends when our end of its pipe closes, however we go. Nothing leans on it: when it has ended by itself, the pages are
quiet.
"""

import asyncio
import sys

from deploy.beside import ended, environment
from kit.log import get_logger

log = get_logger(__name__)

STOP_WITHIN = 1.0  # seconds; it has nothing to lose
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}  # noqa: S104 - what is listened on, not by us


def reached(host: str, port: int) -> str:
    """`host:port` as somebody on this machine reaches what listens there."""
    name = EVERYWHERE.get(host, host)
    return f"[{name}]:{port}" if ":" in name else f"{name}:{port}"


class Life:
    """The process."""

    def __init__(self) -> None:
        self._process: asyncio.subprocess.Process | None = None

    async def start(self, web: str, sip: str, mqtt: str) -> None:
        """Begin; `web` and `sip` are `host:port`, `sip` empty when no SCAIP is heard over UDP; `mqtt` is a URL."""
        words = ("-m", "deploy.cli", "simulate", "demo", "--gentle", "--url", f"http://{web}", "--sip", sip)
        try:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, *words,
                stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.DEVNULL,
                env=environment(NATTLJUS_MQTT_URL=mqtt),
                start_new_session=True,  # Ctrl-C is for us, who then end it
            )  # fmt: skip
        except OSError as error:
            log.warning("life_not_started", reason=error.strerror)

    def let_go(self) -> None:
        """Tell it to end, and do not wait: so that it leaves while somebody still hears it go."""
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()

    async def close(self) -> None:
        """End it."""
        self.let_go()
        process, self._process = self._process, None
        await ended(process, STOP_WITHIN)
