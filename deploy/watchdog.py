"""The watchdog beside the platform: a process of its own, so that what stops the platform does not stop who sees it.

It is started again when it ends, and ends when our end of its pipe closes, however we go.
"""

import asyncio
import sys
from collections.abc import Sequence

from alarms.receivers.scaip.addresses import Endpoint
from deploy.beside import ended, environment
from kit.clock import Clock
from kit.log import get_logger
from kit.settings import Settings
from kit.tasks import Tasks

log = get_logger(__name__)

STOP_WITHIN = 3.0  # seconds
PAUSE = 2.0  # seconds before it is started again


class WatchdogProcess:
    """The process."""

    def __init__(self, settings: Settings, keys: Sequence[str], clock: Clock) -> None:
        self._settings = settings
        self._keys = keys
        self._clock = clock
        self._tasks = Tasks(clock)
        self._process: asyncio.subprocess.Process | None = None
        self._leaving = False

    @property
    def pid(self) -> int | None:
        """The process's id, none while there is none."""
        return self._process.pid if self._process is not None else None

    async def start(self, web: str, sip: Sequence[Endpoint]) -> None:
        """Begin; returns at once. `web` is `host:port` of the pages, `sip` where devices are heard."""
        environment = self._environment(web, " ".join(map(str, sip)))
        self._tasks.forever("watchdog", lambda: self._run(environment))

    def let_go(self) -> None:
        """Tell it to end, and do not wait: so that it does not find that we are ending."""
        self._leaving = True
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()

    async def close(self) -> None:
        """End it."""
        await self._tasks.close()
        self.let_go()
        process, self._process = self._process, None
        await ended(process, STOP_WITHIN)

    async def _run(self, environment: dict[str, str]) -> None:
        while not self._leaving:
            try:
                self._process = await asyncio.create_subprocess_exec(
                    sys.executable, "-m", "deploy.cli", "serve", "watchdog", "--child",
                    stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.DEVNULL, env=environment,
                    start_new_session=True,  # Ctrl-C is for us, who then end it
                )  # fmt: skip
                log.info("watchdog_runs", pid=self._process.pid)
                code = await self._process.wait()
                if not self._leaving:
                    log.error("watchdog_ended", code=code)
            except OSError as error:
                log.error("watchdog_not_started", reason=error.strerror)
            await self._clock.sleep(PAUSE)

    def _environment(self, web: str, sip: str) -> dict[str, str]:
        ours = self._settings
        return environment(
            NATTLJUS_DATA=str(ours.data),
            NATTLJUS_DATABASE_URL=ours.database_url,
            NATTLJUS_MQTT_URL=ours.mqtt_url,
            NATTLJUS_SECRET_KEYS=" ".join(self._keys),
            NATTLJUS_LOG_LEVEL=ours.log_level,
            NATTLJUS_WATCHDOG_URL=f"http://{web}",
            NATTLJUS_WATCHDOG_SIP=sip,
        )
