"""The reserve at work: what is new is drawn from the feed and sent, each signal beside the others."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from random import Random

from alarms.core.forwarding import Event, Unheard
from alarms.forwarding.drawing import draw
from alarms.forwarding.forgetting import forget
from alarms.forwarding.message import account_of, write_mrq
from alarms.forwarding.testing import LOOK_EVERY as TEST_EVERY
from alarms.forwarding.testing import Testing
from alarms.forwarding.trouble import end_trouble, raise_trouble
from alarms.forwarding.turns import Asked, Turn, conclude, due, give_back, lease
from alarms.forwarding.ways import Ways
from alarms.journal import FEED
from alarms.routing.reading import Reading
from kit.bus import Bus, Watch
from kit.clock import Clock
from kit.errors import Conflict, StorageDown
from kit.lane import Lane
from kit.log import get_logger
from kit.looking import look_on
from kit.metrics import counter
from kit.store import Store
from kit.tasks import Tasks
from kit.wire.forwarding_words import ForwardOutcome

log = get_logger(__name__)

outcomes_total = counter("forwarding_outcomes_total", "Signals sent to external alarm centres", ["outcome"])
failed_total = counter("forwarding_failures_total", "Sendings on which our own code broke; must stay zero")

FORWARDING = "forwarding"
"""The bus topic on which it is told that there is something to send."""

LOOK_EVERY = 0.5  # seconds
GATHER = 0.1  # seconds between two looks at a busy feed: storing alarms comes first
AT_ONCE = 256  # under way in one process
FORGET_EVERY = 600.0  # seconds


class ForwardingPart:
    """The loops, from `start` to `close`."""

    def __init__(self, store: Store, bus: Bus, clock: Clock, ways: Ways, reading: Reading) -> None:
        self._store = store
        self._bus = bus
        self._clock = clock
        self._ways = ways
        self._reading = reading
        self.testing = Testing(store, bus, clock, ways, reading)
        self._tasks = Tasks(clock)
        self._lane: Lane[Asked, None] = Lane("forwarding", self._conclude_all, most=50)
        self._under_way: set[str] = set()
        self._jitter = Random()  # noqa: S311 - to spread tries, nothing secret

    async def start(self) -> None:
        """Begin."""
        self._lane.start(self._tasks)
        self._tasks.forever("forwarding-drawing", self._draw)
        self._tasks.forever("forwarding-sending", self._send)
        self._tasks.every(TEST_EVERY, "forwarding-testing", self.testing.look)
        self._tasks.every(FORGET_EVERY, "forwarding-forgetting", self._forget)

    async def close(self) -> None:
        """Stop; what was under way is sent again by whoever comes next."""
        mine = sorted(self._under_way)
        await self._tasks.close()
        await self._ways.close()
        try:
            if mine:
                await give_back(self._store, mine, self._clock.now())
        except (StorageDown, Conflict):
            log.warning("forwarding_not_given_back")

    async def draw(self) -> None:
        """Draw everything there is. Raises StorageDown and Conflict."""
        while await draw(self._store, self._clock):
            await self._bus.notify(FORWARDING)

    async def send(self) -> int:
        """Send what is due, to its end; how many. Raises StorageDown and Conflict."""
        turns = await self._lease()
        try:
            if turns:
                await self._conclude(await asyncio.gather(*map(self._asked, turns)))
        finally:
            self._leave(turns)
        return len(turns)

    async def _draw(self) -> None:
        await look_on(
            self._bus,
            FEED,
            lambda _: self.draw(),
            clock=self._clock,
            task="forwarding-drawing",
            every=LOOK_EVERY,
            rest=GATHER,
        )

    async def _send(self) -> None:
        async def begin_turns(watch: Watch) -> None:
            for turn in await self._lease():
                work = self._tasks.start("forwarding-turn", self._turn(turn))
                work.add_done_callback(lambda _: watch.look())  # the next receiver's turn may have come

        await look_on(
            self._bus, FORWARDING, begin_turns, clock=self._clock, task="forwarding-sending", every=LOOK_EVERY
        )

    async def _lease(self) -> list[Turn]:
        room, at = AT_ONCE - len(self._under_way), self._clock.now()
        if room <= 0:
            return []
        async with self._store.read() as connection:
            signals = await due(connection, at, room)
        turns = await lease(self._store, signals, at) if signals else []
        self._under_way |= {turn.row["signal"] for turn in turns}
        return turns

    async def _turn(self, turn: Turn) -> None:
        """One sending, and what came of it. What breaks it leaves the lease to run out, and then again."""
        try:
            await self._lane.put(await self._asked(turn))
        except (StorageDown, Conflict):
            log.warning("task_waits_for_storage", task="forwarding-turn")
        except Exception:
            failed_total.inc()
            log.exception("forwarding_failed", signal=turn.row["signal"])
        finally:
            self._leave([turn])

    def _leave(self, turns: Sequence[Turn]) -> None:
        self._under_way -= {turn.row["signal"] for turn in turns}

    async def _asked(self, turn: Turn) -> Asked:
        return Asked(turn, turn.event or await self._ask(turn), self._jitter.random())

    async def _conclude_all(self, asked: Sequence[Asked]) -> Sequence[Exception | None]:
        """Each one's outcome: together, and where that breaks one by one, so that none breaks another."""
        try:
            await self._conclude(asked)
        except StorageDown as down:
            return [down] * len(asked)
        except Exception as error:
            if len(asked) == 1:
                return [error]
            return [failed for one in asked for failed in await self._conclude_all([one])]
        return [None] * len(asked)

    async def _conclude(self, asked: Sequence[Asked]) -> None:
        at = self._clock.now()
        concluded = await conclude(self._store, asked, at)
        changed = concluded.position is not None
        for principal, said in concluded.said.items():
            for word in said:
                outcomes_total.labels(outcome=word.value).inc()
            changed = await self._tell_trouble(principal, said, at) or changed
        if changed:
            await self._bus.notify(FEED)

    async def _tell_trouble(self, principal: str, said: Sequence[ForwardOutcome], at: datetime) -> bool:
        """The case that says that nobody takes them, or its end; whether there was either.

        What is concluded stays so, and one principal's trouble breaks no other's: the next round tells it again.
        """
        try:
            if ForwardOutcome.ALL_TRIED in said:
                log.warning("forwarding_all_tried", principal=principal, signals=said.count(ForwardOutcome.ALL_TRIED))
                return await raise_trouble(self._store, self._reading, principal, at) is not None
            if ForwardOutcome.TAKEN in said:
                return await end_trouble(self._store, principal, at) is not None
        except (StorageDown, Conflict):
            log.warning("task_waits_for_storage", task="forwarding-trouble")
        except Exception:
            failed_total.inc()
            log.exception("forwarding_failed", principal=principal)
        return False

    async def _ask(self, turn: Turn) -> Event:
        row, receiver = turn.row, turn.receiver
        assert receiver is not None
        account = account_of(turn.signal, receiver)
        body = write_mrq(turn.signal, row["ref"], account, reset=row["reset"])
        try:
            return await self._ways.send(receiver, account, row["ref"], body)
        except Exception:
            failed_total.inc()
            log.exception("forwarding_failed", signal=row["signal"], receiver=receiver["id"])
            return Unheard(ForwardOutcome.UNREACHABLE)  # what is wrong with this one must not keep the next from it

    async def _forget(self) -> None:
        await forget(self._store, self._clock)
