"""The feed: what changed, in the order of the commits, handed to every page of this process that may see it.

One reader a process (kit/fan_out.py). The database is the truth.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from alarms import tables
from alarms.journal import FEED, head_position
from alarms.views import views_of
from kit.bus import Bus
from kit.clock import Clock
from kit.fan_out import FanOut, Inbox
from kit.log import get_logger
from kit.metrics import counter, gauge
from kit.store import Store
from kit.wire.case import CaseView
from registry import synthetic

log = get_logger(__name__)

gaps_total = counter("feed_gaps_total", "Positions missing in the feed; must stay zero")
position_gauge = gauge("feed_position", "The last feed position this process has handed out")

GATHER = 0.02  # seconds between two looks when one follows the other
FRESH = 2.0  # seconds after which a reader without an answer is no longer fresh
AT_ONCE = 500
BACKLOG = 500  # batches a page may be behind before it must come again
HEAD_EVERY = 4  # looks, of which one also asks whether the head is where we think


def went_back(position: int, head: int) -> bool:
    """Whether the head is behind what was read already: then it is another database's (a restore, a failover).

    Who reads goes on from that head, and what was lost there is lost here; so whoever runs the platform is told.
    """
    if head >= position:
        return False
    log.error("feed_went_back", position=position, head=head)
    return True


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


class Subscription(Inbox[int, FeedBatch]):
    """One page's place in the fan-out. `overrun` means it fell too far behind and must begin again.

    `marks`: this page is the watchdog's, and hears of its signals.
    """

    def __init__(self, wants: Callable[[CaseView], bool], *, marks: bool = False) -> None:
        super().__init__()
        self.wants = wants
        self.marks = marks
        self.overrun = False

    def put(self, batch: FeedBatch, parts: "Parts") -> None:
        """Queue what this page wants of a batch. Pages that want the same of it share one part in `parts`."""
        wanted = tuple(place for place, case in enumerate(batch.cases) if self.wants(case))
        if not wanted and not self.overrun and not (self.marks and batch.marked):
            return
        if self.waiting >= BACKLOG:
            self.overrun = True
            return
        part = parts.get(wanted)
        if part is None:
            cases = [batch.cases[place] for place in wanted]
            part = parts[wanted] = FeedBatch(batch.position, batch.at, cases, batch.marked)
        self.keep(batch.position, part)


Parts = dict[tuple[int, ...], FeedBatch]
"""The parts of one batch that pages want, by the places of their cases in it."""


class Feed(FanOut[Subscription]):
    """The reader of this process and its subscribers.

    Whoever comes back asks `coming_back` what was missed, so that no crowd of pages keeps the reader waiting.
    """

    def __init__(self, store: Store, bus: Bus, clock: Clock, *, coming_back: Store | None = None) -> None:
        super().__init__("feed", FEED, bus, clock, fresh_for=FRESH, gather=GATHER)
        self._store = store
        self._coming_back = coming_back or store
        self._looks = 0
        self.position: int | None = None

    def subscribe(self, wants: Callable[[CaseView], bool], *, marks: bool = False) -> Subscription:
        """From now on, hand over each change of a case that `wants` says yes to. End with `unsubscribe`."""
        subscription = Subscription(wants, marks=marks)
        self._subscriptions.add(subscription)
        return subscription

    async def _look(self) -> None:
        while await self.read_on() == AT_ONCE:
            pass

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
        self._heard()
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
        """Begin at the head. When it went back, every page begins anew."""
        if self.position is not None and went_back(self.position, head):
            for subscription in self._subscriptions:
                subscription.overrun = True
            self._hand_out(FeedBatch(head, self._clock.now(), ()))
        elif self.position is not None:
            return
        self.position = head

    async def changes_since(self, position: int) -> FeedBatch | None:
        """The cases changed after a position, as they stand; none when the feed no longer reaches that far back."""
        async with self._coming_back.read() as connection:
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
