"""The loop that watches: every few seconds, who has crossed a limit, and what that asks of us.

Any number of processes run it and one of them acts. Quiet costs a look; only when something has changed is it looked at
again in a transaction of its own, and written.
"""

from datetime import datetime

from alarms.core.supervision import DEAF_AFTER
from alarms.journal import FEED
from alarms.routing.reading import Reading
from alarms.supervision.crossings import find_crossings
from alarms.supervision.incidents import incidents_to_see
from alarms.supervision.reckoning import reckon
from alarms.supervision.turn import give_back, take_turn
from kit.bus import Bus
from kit.clock import Clock
from kit.errors import Conflict, StorageDown
from kit.ids import new_id
from kit.log import get_logger
from kit.metrics import gauge
from kit.store import Store
from kit.tasks import Tasks

log = get_logger(__name__)

silent_devices = gauge("silent_devices", "Devices that are late or lost, as the watching process last saw", ["level"])

LOOK_EVERY = 10.0  # seconds; what a limit is noticed late by
assert DEAF_AFTER.total_seconds() > 4 * LOOK_EVERY


class Supervision:
    """The watch over devices."""

    def __init__(self, store: Store, bus: Bus, clock: Clock, reading: Reading | None = None) -> None:
        self._store = store
        self._reading = reading or Reading(store, bus, clock)
        self._bus = bus
        self._clock = clock
        self._me = new_id("watch", clock.now())
        self._tasks = Tasks(clock)

    async def start(self) -> None:
        """Begin to watch."""
        self._tasks.every(LOOK_EVERY, "supervision", self.look)

    async def close(self) -> None:
        """Stop, and let another process begin at once."""
        await self._tasks.close()
        try:
            async with self._store.write() as connection:
                await give_back(connection, self._me, self._clock.now())
        except (StorageDown, Conflict):
            log.warning("supervision_turn_not_given_back")

    async def look(self) -> bool:
        """Look once, and act on what has changed; says whether anything had. Raises StorageDown and Conflict."""
        at = self._clock.now()
        async with self._store.write() as connection:
            listening = await take_turn(connection, self._me, at)
        if listening is None or not await self._anything(listening, at):
            return False
        async with self._store.write() as connection:
            if await take_turn(connection, self._me, at) is None:
                return False
            known = await self._reading.known(connection)
            done = await reckon(connection, await find_crossings(connection, listening, at), known, at)
        for level, count in done.silent.items():
            silent_devices.labels(level=level).set(count)
        if done.position is not None:
            await self._bus.notify(FEED)
        return True

    async def _anything(self, listening: datetime, at: datetime) -> bool:
        async with self._store.read() as connection:
            return bool(await find_crossings(connection, listening, at)) or await incidents_to_see(connection)
