"""The hub: every signal from every receiver goes through here, and returns as a receipt once it is committed.

Lanes with a worker each: persons' alarms, those that happened long ago, technical signals, tests, everything else,
heartbeats. A batch that fails is replayed one by one; a signal that still cannot be handled becomes a person case that
says so. Nothing is answered before the commit.
"""

from collections.abc import Sequence

from alarms.batch import Stored, store_batch
from alarms.core.case import decide
from alarms.core.opening import LaneName, lane_of
from alarms.core.shapes import Decision, Entry, NotTold
from alarms.core.signal import Outcome, Receipt, Signal, last_resort
from alarms.inhand import InHand
from alarms.journal import FEED, Changed, lock_cases, write
from alarms.locks.heard import LOCKS
from alarms.routing.reading import Reading
from alarms.seen import Seen
from kit.bus import Bus
from kit.clock import Clock
from kit.errors import Conflict, StorageDown
from kit.lane import Lane
from kit.log import get_logger
from kit.metrics import counter, histogram
from kit.store import Store
from kit.tasks import Tasks

log = get_logger(__name__)

signals_total = counter("signals_total", "Signals committed", ["protocol", "kind", "outcome"])
unreadable_total = counter("signals_unreadable_total", "Signals that became a case because they could not be handled")
commit_seconds = histogram(
    "signal_commit_seconds",
    "From a signal's receipt to its commit",
    (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5),
)

RACES = 20
"""How often a batch is begun again because another process opened one of its cases first."""


class Hub:
    """What receivers hand their signals to (`core.signal.Intake`)."""

    def __init__(self, store: Store, bus: Bus, clock: Clock, reading: Reading | None = None) -> None:
        self._store = store
        self._bus = bus
        self._clock = clock
        self._reading = reading or Reading(store, bus, clock)
        self._seen = Seen(store, clock)
        self._tasks = Tasks(clock)
        self._in_hand = InHand(clock)
        self._lanes: dict[LaneName, Lane[Signal, Receipt]] = {
            LaneName.PERSON: Lane("person", self._store_all),
            LaneName.TECHNICAL: Lane("technical", self._store_all),
            # Short batches: each holds the writer's place while a press may be waiting for it.
            LaneName.STALE: Lane("stale", self._store_all, most=50),
            LaneName.TEST: Lane("test", self._store_all, most=50),
            LaneName.OTHER: Lane("other", self._store_all),
        }
        # A cut line can leave hundreds untold at once; in a lane of their own they cannot keep a press waiting.
        self._untold: Lane[Receipt, None] = Lane("untold", self._note_untold)

    async def start(self) -> None:
        """Begin to work."""
        for each in self._lanes.values():
            each.start(self._tasks)
        self._untold.start(self._tasks)
        self._seen.start(self._tasks)

    async def close(self) -> None:
        """Stop; what is not committed by now is not acknowledged either."""
        await self._tasks.close()

    async def receive(self, signal: Signal) -> Receipt:
        """Return once the signal is committed. Raises StorageDown when it could not be."""
        which = lane_of(signal)
        if which is LaneName.HEARTBEAT:
            receipt = await self._seen.heard(signal)
        else:
            receipt = await self._in_hand.answer(signal, self._lanes[which].enqueue)
            self._seen.note(signal, receipt)
        took = (self._clock.now() - signal.received_at).total_seconds()
        commit_seconds.observe(max(0.0, took))
        signals_total.labels(protocol=signal.protocol, kind=signal.kind, outcome=receipt.outcome).inc()
        return receipt

    async def not_told(self, receipt: Receipt) -> None:
        """Note on the case that the device never confirmed our answer. A store that is away costs the note only."""
        if receipt.case is None or receipt.outcome is not Outcome.STORED:
            return
        try:
            await self._untold.put(receipt)
        except StorageDown:
            log.warning("not_told_unnoted", case=receipt.case)

    async def _note_untold(self, receipts: Sequence[Receipt]) -> list[Exception | None]:
        try:
            await self._write_untold(receipts)
        except (StorageDown, Conflict):
            return [StorageDown("untold")] * len(receipts)
        return [None] * len(receipts)

    async def _write_untold(self, receipts: Sequence[Receipt]) -> None:
        at = self._clock.now()
        async with self._store.write() as connection:
            cases = await lock_cases(connection, {receipt.case for receipt in receipts if receipt.case})
            entries: dict[str, list[Entry]] = {}
            for receipt in receipts:
                case = cases.get(receipt.case or "")
                decision = decide(case, NotTold(receipt.signal), at) if case else None
                if isinstance(decision, Decision):
                    cases[decision.case.id] = decision.case
                    entries.setdefault(decision.case.id, []).extend(decision.entries)
            changes = [Changed(cases[case], tuple(lines)) for case, lines in sorted(entries.items())]
            position = await write(connection, changes, at)
        if position is not None:
            await self._bus.notify(FEED)

    async def _store_all(self, signals: Sequence[Signal]) -> list[Receipt | Exception]:
        try:
            stored = await self._store_once(signals)
        except StorageDown as down:
            return [down] * len(signals)
        except Exception:
            if len(signals) == 1:
                return [await self._store_at_last(signals[0])]
            log.exception("batch_failed", signals=len(signals))
            return [await self._store_alone(signal) for signal in signals]
        return list(stored.receipts)

    async def _store_once(self, signals: Sequence[Signal]) -> Stored:
        for _ in range(RACES):
            try:
                async with self._store.write() as connection:
                    known = await self._reading.known(connection)
                    stored = await store_batch(connection, signals, self._clock.now(), known)
            except Conflict:
                continue
            if stored.position is not None:
                await self._bus.notify(FEED)
            if stored.locks:
                await self._bus.notify(LOCKS)
            return stored
        raise StorageDown("races")

    async def _store_alone(self, signal: Signal) -> Receipt | Exception:
        try:
            return (await self._store_once([signal])).receipts[0]
        except StorageDown as down:
            return down
        except Exception:
            return await self._store_at_last(signal)

    async def _store_at_last(self, signal: Signal) -> Receipt | Exception:
        """A signal that broke our own code still reaches a human."""
        log.exception("signal_failed", protocol=signal.protocol, kind=signal.kind)
        unreadable_total.inc()
        try:
            return (await self._store_once([last_resort(signal)])).receipts[0]
        except Exception as error:
            log.exception("signal_lost_hold", protocol=signal.protocol)
            return StorageDown(type(error).__name__)
