"""The demonstration's outside world: other systems that take events, and an external alarm centre, all on loopback.

It is there with the demonstration's life (`NATTLJUS_DEMO_LIFE`), and nothing leans on it.
"""

from collections.abc import Sequence
from contextlib import AsyncExitStack

import alarms.forwarding.demo
import alarms.outward.demo
from clients.simulated.conformance.receiver import Receiver, endpoints
from kit.clock import Clock
from kit.log import get_logger
from kit.settings import Settings
from kit.store import Store

log = get_logger(__name__)

NETWORKS = "127.0.0.0/8"


def reaching(settings: Settings) -> Settings:
    """The settings with loopback among the networks that may be sent to, where none are named."""
    return settings.model_copy(update={"outward_networks": settings.outward_networks or NETWORKS})


class Outside:
    """From `start` to `close`."""

    def __init__(self, store: Store, keys: Sequence[str], clock: Clock) -> None:
        self._store = store
        self._keys = keys
        self._clock = clock
        self._open = AsyncExitStack()

    async def start(self, web: str) -> None:
        """Begin; `web` is the platform's own `host:port`."""
        async with self._store.read() as connection:
            before = await alarms.forwarding.demo.where(connection)
        address = await self._centre(before) or await self._centre(alarms.forwarding.demo.ANYWHERE)
        async with self._store.write() as connection:
            await alarms.outward.demo.fill(connection, f"http://{web}", self._keys, self._clock.now())
            await alarms.forwarding.demo.fill(connection, address)

    async def _centre(self, where: str) -> str:
        """An alarm centre that is heard there, where it was before if it can be; its address, empty for none."""
        try:
            centre = Receiver(endpoints(where), self._clock, tries=False)
            return (await self._open.enter_async_context(centre)).addresses[0]
        except OSError as error:
            log.warning("outside_not_started", reason=error.strerror)
            return ""

    async def close(self) -> None:
        """End it."""
        await self._open.aclose()
