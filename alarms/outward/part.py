"""Everything that leaves the platform, at work: events are drawn, subscriptions served, what is old is forgotten."""

import asyncio
from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

from alarms.core.outward import Heard
from alarms.journal import FEED
from alarms.outward.drawing import OUTWARD, Drawing
from alarms.outward.forgetting import forget
from alarms.outward.notice import Notices
from alarms.outward.rounds import conclude, due, give_back, lease, load
from alarms.outward.sending import Sending
from alarms.outward.subscriptions import keys_of
from kit.bus import Bus, Watch
from kit.clock import Clock
from kit.errors import Conflict, StorageDown
from kit.ids import new_id
from kit.log import get_logger
from kit.looking import look_on
from kit.metrics import counter
from kit.seal import SealError
from kit.store import Store
from kit.tasks import Tasks

log = get_logger(__name__)

failed_total = counter("outward_failures_total", "Rounds on which our own code broke; must stay zero")

LOOK_EVERY = 0.5  # seconds
GATHER = 0.2  # seconds between two looks at a busy feed: storing alarms comes first
SUBSCRIPTIONS_AT_ONCE = 8  # under way in one process
FORGET_EVERY = 600.0  # seconds


class Outward:
    """The loops, from `start` to `close`. `secrets` are the platform's keys, newest first."""

    def __init__(
        self, store: Store, bus: Bus, clock: Clock, secrets: Sequence[str], sending: Sending, notices: Notices
    ) -> None:
        self._store = store
        self._bus = bus
        self._clock = clock
        self._secrets = secrets
        self._sending = sending
        self._notices = notices
        self._drawing = Drawing(store, bus, clock)
        self._me = new_id("outward", clock.now())
        self._tasks = Tasks(clock)
        self._under_way = 0
        self._jitter = Random()  # noqa: S311 - to spread tries, nothing secret

    async def start(self) -> None:
        """Begin."""
        self._tasks.forever("outward-drawing", self._draw)
        self._tasks.forever("outward-serving", self._serve)
        self._tasks.every(FORGET_EVERY, "outward-forgetting", self._forget)

    async def close(self) -> None:
        """Stop; what was under way is sent again by whoever comes next."""
        await self._tasks.close()
        try:
            await give_back(self._store, self._me)
        except (StorageDown, Conflict):
            log.warning("outward_not_given_back")

    async def draw(self) -> None:
        """Draw everything there is. Raises StorageDown and Conflict."""
        while await self._drawing.draw():
            pass

    async def serve(self) -> int:
        """A round of each subscription that has something to do, to its end; how many. Raises StorageDown, Conflict."""
        rows = await self._lease()
        await asyncio.gather(*map(self._round, rows))
        return len(rows)

    async def _lease(self) -> list[Mapping[str, Any]]:
        room, at = SUBSCRIPTIONS_AT_ONCE - self._under_way, self._clock.now()
        if room <= 0:
            return []
        async with self._store.read() as connection:
            ids = await due(connection, at, room)
        rows = await lease(self._store, ids, self._me, at) if ids else []
        self._under_way += len(rows)
        return rows

    async def _draw(self) -> None:
        await look_on(
            self._bus,
            FEED,
            lambda _: self.draw(),
            clock=self._clock,
            task="outward-drawing",
            every=LOOK_EVERY,
            rest=GATHER,
        )

    async def _serve(self) -> None:
        """Rounds beside each other, so that a receiver that is slow keeps no other waiting."""

        async def begin_rounds(watch: Watch) -> None:
            for row in await self._lease():
                work = self._tasks.start("outward-round", self._round(row))
                work.add_done_callback(lambda _: watch.look())  # there may be more of it

        await look_on(self._bus, OUTWARD, begin_rounds, clock=self._clock, task="outward-serving", every=LOOK_EVERY)

    async def _round(self, row: Mapping[str, Any]) -> None:
        """One round of a subscription that is leased. What breaks it leaves the lease to run out, and then again."""
        try:
            at = self._clock.now()
            async with self._store.read() as connection:
                loaded = await load(connection, row, at)
            try:
                keys = keys_of(row, self._secrets, at)
            except SealError:
                log.error("subscription_secret_unreadable", subscription=row["id"])
                answers = {lane[0].position: (Heard.UNWELL, "secret_unreadable") for lane in loaded.round.lanes}
            else:
                answers = await self._sending.send(loaded, keys)
            at = self._clock.now()
            settled = await conclude(self._store, loaded, answers, at, self._jitter.random())
            if settled is not None:
                await self._notices.tell(
                    row["id"], row["principal"], settled.receiver, row["notice_at"] is not None, at
                )
        except (StorageDown, Conflict):
            log.warning("task_waits_for_storage", task="outward-round")
        except Exception:
            failed_total.inc()
            log.exception("outward_round_failed", subscription=row["id"])
        finally:
            self._under_way -= 1

    async def _forget(self) -> None:
        await forget(self._store, self._clock)
