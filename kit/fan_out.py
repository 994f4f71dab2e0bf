"""The fan-out: one reader of the database a process, and what it read, handed to every page that has a place in it.

The bus says *look*; without it the reader looks once a second. While the database does not answer the reader is not
fresh: then no beat goes out, and pages say that their data may be old.
"""

import asyncio
from abc import ABC, abstractmethod
from typing import Generic, TypeVar

from kit.bus import Bus
from kit.clock import Clock
from kit.errors import StorageDown
from kit.log import get_logger
from kit.tasks import Tasks

log = get_logger(__name__)

POLL = 1.0  # seconds

S = TypeVar("S")
K = TypeVar("K")
T = TypeVar("T")


class Inbox(Generic[K, T]):
    """What waits for one page: of each key only the newest, in the order in which the keys came."""

    def __init__(self) -> None:
        self._waiting: dict[K, T] = {}
        self._arrived = asyncio.Event()

    @property
    def waiting(self) -> int:
        """How many wait."""
        return len(self._waiting)

    def keep(self, key: K, one: T) -> None:
        """Let it wait for the page."""
        self._waiting[key] = one
        self._arrived.set()

    async def take(self, at_most: float) -> list[T]:
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


class FanOut(ABC, Generic[S]):
    """The reader of this process and its subscribers. What is read, and who wants what of it, the feeds know.

    `fresh_for` is how many seconds an answer of the database keeps the reader fresh; `gather` how many lie at least
    between two looks when one follows the other (the first after a silence waits for nothing).
    """

    def __init__(self, name: str, topic: str, bus: Bus, clock: Clock, *, fresh_for: float, gather: float = 0.0) -> None:
        self._name = name
        self._topic = topic
        self._bus = bus
        self._clock = clock
        self._fresh_for = fresh_for
        self._gather = gather
        self._tasks = Tasks(clock)
        self._answered = float("-inf")
        self._subscriptions: set[S] = set()

    async def start(self) -> None:
        """Begin to read; a database that is away is waited for."""
        self._tasks.forever(self._name, self._run)

    async def close(self) -> None:
        """Stop reading."""
        await self._tasks.close()

    @property
    def fresh(self) -> bool:
        """Whether the database answered lately, so that what was handed out is all there is."""
        return self._clock.monotonic() - self._answered < self._fresh_for

    def unsubscribe(self, subscription: S) -> None:
        """Hand over nothing more."""
        self._subscriptions.discard(subscription)

    @abstractmethod
    async def _look(self) -> None:
        """Read all that has come and hand it out; `_heard` when the database has answered. Raises StorageDown."""

    def _heard(self) -> None:
        self._answered = self._clock.monotonic()

    async def _run(self) -> None:
        async with self._bus.watch(self._topic) as watch:
            while True:
                try:
                    await self._look()
                except StorageDown:
                    log.warning("feed_waits_for_storage", feed=self._name)
                looked = self._clock.monotonic()
                await watch.wait(POLL)
                if (early := looked + self._gather - self._clock.monotonic()) > 0:
                    await self._clock.sleep(early)
