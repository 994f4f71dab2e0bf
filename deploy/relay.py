"""The relay beside the platform: a process of its own, so that pictures never slow an alarm.

It is started again when it ends, says where it is in one line, and ends when our end of its pipe closes, however we go.
Every few seconds it is asked how loaded it is, and the database told that the node is there.
"""

import asyncio
import json
import sys
from collections.abc import Sequence

import httpx

from deploy.beside import ended, environment
from kit.clock import Clock
from kit.errors import StorageDown
from kit.log import get_logger
from kit.settings import Settings
from kit.store import Store
from kit.tasks import Tasks
from signaling.nodes import SAY_EVERY, Node, forget_node, say_node

log = get_logger(__name__)

START_WITHIN = 20.0  # seconds; a loaded machine imports slowly
STOP_WITHIN = 3.0
ASK_WITHIN = 2.0
PAUSE = 1.0  # seconds before it is started again


class RelayAway(Exception):
    """The relay did not start, or does not answer; the text says which."""


class RelayProcess:
    """The relay process and its entry among the nodes."""

    def __init__(self, settings: Settings, keys: Sequence[str], store: Store, clock: Clock) -> None:
        self._settings = settings
        self._keys = keys
        self._store = store
        self._clock = clock
        self._tasks = Tasks(clock)
        self._process: asyncio.subprocess.Process | None = None
        self._node: Node | None = None

    @property
    def pid(self) -> int | None:
        """The process's id, none while there is none."""
        return self._process.pid if self._process is not None else None

    @property
    def up(self) -> bool:
        """Whether it answered when it was last asked."""
        return self._node is not None

    async def start(self) -> None:
        """Begin; returns at once, and the relay takes visits as soon as it has said where it is."""
        self._tasks.forever("relay", self._run)

    async def close(self) -> None:
        """Take no more visits, and end it."""
        await self._tasks.close()
        node, self._node = self._node, None
        await self._end()
        if node is not None:
            try:
                await forget_node(self._store, node.id)
            except StorageDown:
                log.warning("relay_not_forgotten", node=node.id)

    async def _run(self) -> None:
        while True:
            try:
                process, node = await self._begin()
                log.info("relay_runs", node=node.id, pid=process.pid)
                await self._tell(process, node)
            except RelayAway as error:
                log.error("relay_away", reason=str(error))
            self._node = None
            await self._end()
            await self._clock.sleep(PAUSE)

    async def _begin(self) -> tuple[asyncio.subprocess.Process, Node]:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "media", "--child",
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, env=self._environment(),
            start_new_session=True,  # Ctrl-C is for us, who then end it
        )  # fmt: skip
        self._process = process
        assert process.stdout is not None
        try:
            async with asyncio.timeout(START_WITHIN):
                said = json.loads(await process.stdout.readline())
            return process, Node(said["node"], said["url"], 0.0)
        except (TimeoutError, ValueError, KeyError, TypeError) as error:
            raise RelayAway("it did not say where it is") from error

    def _environment(self) -> dict[str, str]:
        ours = self._settings
        return environment(
            NATTLJUS_SECRET_KEYS=" ".join(self._keys),
            NATTLJUS_MEDIA_LISTEN=ours.media_listen,
            NATTLJUS_MEDIA_ANNOUNCE=ours.media_announce,
            NATTLJUS_MEDIA_HTTP=ours.media_http,
            NATTLJUS_MEDIA_NODE=ours.media_node,
            NATTLJUS_LOG_LEVEL=ours.log_level,
        )

    async def _tell(self, process: asyncio.subprocess.Process, node: Node) -> None:
        """Ask and tell until it has ended or answers no more."""
        async with httpx.AsyncClient(timeout=ASK_WITHIN, trust_env=False) as client:
            while True:
                if process.returncode is not None:
                    raise RelayAway(f"it ended with {process.returncode}")
                try:
                    answer = await client.get(f"{node.url}/media/{node.id}/status")
                    load = float(answer.json()["legs"])
                except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
                    raise RelayAway("it does not answer") from error
                self._node = Node(node.id, node.url, load)
                try:
                    await say_node(self._store, self._node, self._clock.now())
                except StorageDown:
                    log.warning("relay_waits_for_storage")
                await self._wait(process)

    async def _wait(self, process: asyncio.subprocess.Process) -> None:
        """Until it is to be asked again; a process that ends is noticed at once."""
        try:
            async with asyncio.timeout(SAY_EVERY):
                await process.wait()
        except TimeoutError:
            pass

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None and process.stdin is not None:
            process.stdin.close()
        await ended(process, STOP_WITHIN)
