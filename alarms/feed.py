"""The feed: what changed, in the order of the commits, handed to every page of this process that may see it.

One reader a process. The bus says *look*; without it the reader looks once a second. The database is the truth: when it
does not answer, no beat goes out, and pages say that their data may be old.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from alarms import tables
from alarms.journal import FEED, head_position
from alarms.views import views_of
from kit.bus import Bus
from kit.clock import Clock
from kit.errors import StorageDown
from kit.log import get_logger
from kit.metrics import counter, gauge
from kit.store import Store
from kit.tasks import Tasks
from kit.wire.case import CaseView
from registry import synthetic

log = get_logger(__name__)

gaps_total = counter("feed_gaps_total", "Positions missing in the feed; must stay zero")
position_gauge = gauge("feed_position", "The last feed position this process has handed out")

POLL = 1.0  # seconds
GATHER = 0.02  # seconds between two looks when one follows the other; the first after a silence waits for nothing
FRESH = 2.0  # seconds after which a reader without an answer is no longer fresh
AT_ONCE = 500
BACKLOG = 500  # batches a page may be behind before it must come again
HEAD_EVERY = 4  # looks, of which one also asks whether the head is where we think


@dataclass(slots=True)
class FeedBatch:
    """Cases as they stood after `position`. `texts` are the messages that pages have made of it, to share.

    `marked` says that a signal of the watchdog is among what came.
    """

    position: int
    at: datetime
    cases: Sequence[CaseView]
    marked: bool = False
    texts: dict[tuple[tuple[str, ...], ...], str] = field(default_factory=dict, compare=False)


@dataclass(slots=True, eq=False)
class Subscription:
    """One page's place in the fan-out. `overrun` means it fell too far behind and must begin again.

    `marks`: this page is the watchdog's, and hears of its signals.
    """

    wants: Callable[[CaseView], bool]
    marks: bool = False
    overrun: bool = False
    _batches: deque[FeedBatch] = field(default_factory=deque)
    _arrived: asyncio.Event = field(default_factory=asyncio.Event)

    def put(self, batch: FeedBatch, parts: "Parts") -> None:
        """Queue what this page wants of a batch. Pages that want the same of it share one part in `parts`."""
        wanted = tuple(place for place, case in enumerate(batch.cases) if self.wants(case))
        if not wanted and not self.overrun and not (self.marks and batch.marked):
            return
        if len(self._batches) >= BACKLOG:
            self.overrun = True
        else:
            part = parts.get(wanted)
            if part is None:
                cases = [batch.cases[place] for place in wanted]
                part = parts[wanted] = FeedBatch(batch.position, batch.at, cases, batch.marked)
            self._batches.append(part)
        self._arrived.set()

    async def take(self, at_most: float) -> list[FeedBatch]:
        """What has come, waiting for the first that many seconds."""
        try:
            async with asyncio.timeout(at_most):
                await self._arrived.wait()
        except TimeoutError:
            return []
        self._arrived.clear()
        batches = list(self._batches)
        self._batches.clear()
        return batches


Parts = dict[tuple[int, ...], FeedBatch]
"""The parts of one batch that pages want, by the places of their cases in it."""


class Feed:
    """The reader of this process and its subscribers."""

    def __init__(self, store: Store, bus: Bus, clock: Clock) -> None:
        self._store = store
        self._bus = bus
        self._clock = clock
        self._tasks = Tasks(clock)
        self._subscriptions: set[Subscription] = set()
        self._answered = float("-inf")
        self._looks = 0
        self.position: int | None = None

    async def start(self) -> None:
        """Begin to read; a database that is away is waited for."""
        self._tasks.forever("feed", self._run)

    async def close(self) -> None:
        """Stop reading."""
        await self._tasks.close()

    @property
    def fresh(self) -> bool:
        """Whether the database answered lately, so that what was handed out is all there is."""
        return self._clock.monotonic() - self._answered < FRESH

    def subscribe(self, wants: Callable[[CaseView], bool], *, marks: bool = False) -> Subscription:
        """From now on, hand over each change of a case that `wants` says yes to. End with `unsubscribe`."""
        subscription = Subscription(wants, marks)
        self._subscriptions.add(subscription)
        return subscription

    def unsubscribe(self, subscription: Subscription) -> None:
        """Hand over nothing more."""
        self._subscriptions.discard(subscription)

    async def _run(self) -> None:
        async with self._bus.watch(FEED) as watch:
            while True:
                try:
                    while await self.read_on() == AT_ONCE:
                        pass
                except StorageDown:
                    log.warning("feed_waits_for_storage")
                looked = self._clock.monotonic()
                await watch.wait(POLL)
                if (early := looked + GATHER - self._clock.monotonic()) > 0:
                    await self._clock.sleep(early)

    async def read_on(self) -> int:
        """Read what has come since the last position and hand it out; how many positions were read."""
        async with self._store.read() as connection:
            if self.position is None or self._looks == 0:
                self._find_place(await head_position(connection))
            self._looks = (self._looks + 1) % HEAD_EVERY
            assert self.position is not None
            query = (
                select(tables.feed.c.position, tables.feed.c.case, tables.feed.c.principal)
                .where(tables.feed.c.position > self.position)
                .order_by(tables.feed.c.position)
                .limit(AT_ONCE)
            )
            rows = (await connection.execute(query)).all()
            # Who subscribes while this is read takes a snapshot after it, in which what is skipped here stands.
            marked = any(row.principal == synthetic.PRINCIPAL for row in rows)
            changed = {row.case for row in rows if row.principal != synthetic.PRINCIPAL}
            wanted = changed if self._subscriptions else set()
            cases = await views_of(connection, wanted, self._clock.now()) if wanted else []
        self._answered = self._clock.monotonic()
        if rows:
            if [row.position for row in rows] != list(range(self.position + 1, self.position + 1 + len(rows))):
                gaps_total.inc()
                log.error("feed_gap", after=self.position, rows=len(rows), last=rows[-1].position)
            self.position = rows[-1].position
            position_gauge.set(self.position)
            self._hand_out(FeedBatch(self.position, self._clock.now(), cases, marked))
        return len(rows)

    def _hand_out(self, batch: FeedBatch) -> None:
        parts: Parts = {}
        for subscription in self._subscriptions:
            subscription.put(batch, parts)

    def _find_place(self, head: int) -> None:
        """Begin at the head. A head behind us is another database's (a restore, a failover): every page begins anew."""
        if self.position is not None and head < self.position:
            log.error("feed_went_back", position=self.position, head=head)
            for subscription in self._subscriptions:
                subscription.overrun = True
            self._hand_out(FeedBatch(head, self._clock.now(), ()))
        elif self.position is not None:
            return
        self.position = head

    async def changes_since(self, position: int) -> FeedBatch | None:
        """The cases changed after a position, as they stand; none when the feed no longer reaches that far back."""
        async with self._store.read() as connection:
            head = await head_position(connection)
            if position > head:
                return None
            query = (
                select(tables.feed.c.position, tables.feed.c.case)
                .where(tables.feed.c.position > position)
                .order_by(tables.feed.c.position)
                .limit(10 * AT_ONCE)
            )
            rows = (await connection.execute(query)).all()
            if (
                len(rows) == 10 * AT_ONCE
                or (rows and rows[-1].position - position != len(rows))
                or (not rows and head > position)
            ):
                return None
            cases = await views_of(connection, {row.case for row in rows}, self._clock.now())
        return FeedBatch(max([position, *(row.position for row in rows)]), self._clock.now(), cases)
