"""What changes, handed to every page of this process that it concerns.

One reader a process (kit/fan_out.py): it follows the moment of each visit's last change, and looks back a little
further each time than it has read, so that a commit that took a while is not missed. A page is given whole visits, so
one change more or less told is no harm.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from kit.bus import Bus
from kit.clock import Clock
from kit.fan_out import FanOut, Inbox
from kit.store import Store
from signaling import tables
from signaling.journal import VISITS, read_visits
from signaling.views import Told, told

FRESH = 2.5  # seconds after which a reader without an answer is no longer fresh
LOOK_BACK = timedelta(seconds=10)  # more than a write transaction or two clocks of ours may differ


class Subscription(Inbox[str, Told]):
    """One page's place in the fan-out; of each visit only the newest waits."""

    def __init__(self, holder: str) -> None:
        super().__init__()
        self.holder = holder

    def put(self, found: Sequence[Told]) -> None:
        """Queue what concerns this page."""
        for one in found:
            if one.concerns(self.holder):
                self.keep(one.visit.id, one)


class VisitFeed(FanOut[Subscription]):
    """The reader of this process and its subscribers."""

    def __init__(self, store: Store, bus: Bus, clock: Clock) -> None:
        super().__init__("visit-feed", VISITS, bus, clock, fresh_for=FRESH)
        self._store = store
        self._since = clock.now() - LOOK_BACK
        self._known: dict[str, tuple[int, frozenset[str], datetime]] = {}

    def subscribe(self, holder: str) -> Subscription:
        """From now on, hand over each change that concerns this person or device. End with `unsubscribe`."""
        subscription = Subscription(holder)
        self._subscriptions.add(subscription)
        return subscription

    async def _look(self) -> None:
        await self.read_on()

    async def read_on(self) -> int:
        """Read what has changed since, and the pages reached of what rings, and hand it out; how many visits."""
        at = self._clock.now()
        async with self._store.read() as connection:
            changed = tables.visit.c.changed_at > self._since - LOOK_BACK
            rings = tables.visit.c.live_key.is_not(None) & tables.visit.c.answered_at.is_(None)
            found = await told(connection, await read_visits(connection, select(tables.visit).where(changed | rings)))
        self._heard()
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
