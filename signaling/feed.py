"""What changes, handed to every page of this process that it concerns.

One reader a process: it follows the moment of each visit's last change, and looks back a little further each time than
it has read, so that a commit that took a while is not missed. The bus says *look*; without it the reader looks once a
second. A page is given whole visits, so one change more or less told is no harm.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select

from kit.bus import Bus
from kit.clock import Clock
from kit.errors import StorageDown
from kit.log import get_logger
from kit.store import Store
from kit.tasks import Tasks
from signaling import tables
from signaling.journal import VISITS, read_visits
from signaling.views import Told, told

log = get_logger(__name__)

POLL = 1.0  # seconds
FRESH = 2.5  # seconds after which a reader without an answer is no longer fresh
LOOK_BACK = timedelta(seconds=10)  # more than a write transaction or two clocks of ours may differ


@dataclass(slots=True, eq=False)
class Subscription:
    """One page's place in the fan-out; of each visit only the newest waits."""

    holder: str
    _waiting: dict[str, Told] = field(default_factory=dict)
    _arrived: asyncio.Event = field(default_factory=asyncio.Event)

    def put(self, found: Sequence[Told]) -> None:
        """Queue what concerns this page."""
        for one in found:
            if one.concerns(self.holder):
                self._waiting[one.visit.id] = one
                self._arrived.set()

    async def take(self, at_most: float) -> list[Told]:
        """What has come, waiting for the first that many seconds."""
        try:
            async with asyncio.timeout(at_most):
                await self._arrived.wait()
        except TimeoutError:
            return []
        self._arrived.clear()
        found = list(self._waiting.values())
        self._waiting.clear()
        return found


class VisitFeed:
    """The reader of this process and its subscribers."""

    def __init__(self, store: Store, bus: Bus, clock: Clock) -> None:
        self._store = store
        self._bus = bus
        self._clock = clock
        self._tasks = Tasks(clock)
        self._subscriptions: set[Subscription] = set()
        self._answered = float("-inf")
        self._since = clock.now() - LOOK_BACK
        self._known: dict[str, tuple[int, frozenset[str], datetime]] = {}

    async def start(self) -> None:
        """Begin to read; a database that is away is waited for."""
        self._tasks.forever("visit-feed", self._run)

    async def close(self) -> None:
        """Stop reading."""
        await self._tasks.close()

    @property
    def fresh(self) -> bool:
        """Whether the database answered lately, so that what was handed out is all there is."""
        return self._clock.monotonic() - self._answered < FRESH

    def subscribe(self, holder: str) -> Subscription:
        """From now on, hand over each change that concerns this person or device. End with `unsubscribe`."""
        subscription = Subscription(holder)
        self._subscriptions.add(subscription)
        return subscription

    def unsubscribe(self, subscription: Subscription) -> None:
        """Hand over nothing more."""
        self._subscriptions.discard(subscription)

    async def _run(self) -> None:
        async with self._bus.watch(VISITS) as watch:
            while True:
                try:
                    await self.read_on()
                except StorageDown:
                    log.warning("visit_feed_waits_for_storage")
                await watch.wait(POLL)

    async def read_on(self) -> int:
        """Read what has changed since, and the pages reached of what rings, and hand it out; how many visits."""
        at = self._clock.now()
        async with self._store.read() as connection:
            changed = tables.visit.c.changed_at > self._since - LOOK_BACK
            rings = tables.visit.c.live_key.is_not(None) & tables.visit.c.answered_at.is_(None)
            found = await told(connection, await read_visits(connection, select(tables.visit).where(changed | rings)))
        self._answered = self._clock.monotonic()
        self._since = at
        news = [one for one in found if self._is_news(one, at)]
        self._known = {visit: seen for visit, seen in self._known.items() if at - seen[2] < 3 * LOOK_BACK}
        if news:
            for subscription in self._subscriptions:
                subscription.put(news)
        return len(news)

    def _is_news(self, one: Told, at: datetime) -> bool:
        before = self._known.get(one.visit.id)
        self._known[one.visit.id] = (one.visit.version, one.reached, at)
        return before is None or before[:2] != (one.visit.version, one.reached)
