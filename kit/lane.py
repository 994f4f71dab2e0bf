"""A lane: work that waits is gathered into batches, each carried out by one call.

No timer holds anything back. While one batch is being committed the next one gathers, so batches grow with the load
and a lone press waits for nobody.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from kit.clock import yield_once
from kit.errors import StorageDown
from kit.metrics import gauge, histogram
from kit.tasks import Tasks

Item = TypeVar("Item")
Answer = TypeVar("Answer")

waiting = gauge("lane_waiting", "Signals waiting in a lane", ["lane"])
sizes = histogram("lane_batch_size", "Signals in a batch", (1, 2, 5, 10, 20, 50, 100, 200), ["lane"])


class Lane(Generic[Item, Answer]):
    """One lane with its own worker. `put` returns what `work` answered for that item, or raises what it answered.

    `most` go in a batch, `longest` may wait. What nobody waits for any more is carried out all the same.
    """

    def __init__(
        self,
        name: str,
        work: Callable[[Sequence[Item]], Awaitable[Sequence[Answer | Exception]]],
        *,
        most: int = 200,
        longest: int = 20_000,
    ) -> None:
        self.name = name
        self._work = work
        self._most = most
        self._longest = longest
        self._waiting: deque[tuple[Item, asyncio.Future[Answer]]] = deque()
        self._arrived = asyncio.Event()
        self._waiting_gauge = waiting.labels(lane=name)
        self._sizes = sizes.labels(lane=name)

    def start(self, tasks: Tasks) -> None:
        """Begin to work."""
        tasks.forever(f"lane-{self.name}", self._run)

    async def put(self, item: Item) -> Answer:
        """Hand in an item and wait for its answer. Raises StorageDown at once when `longest` wait already."""
        return await self.enqueue(item)

    def enqueue(self, item: Item) -> asyncio.Future[Answer]:
        """Hand in an item; the answer comes in the future. Raises StorageDown when `longest` wait already."""
        if len(self._waiting) >= self._longest:
            raise StorageDown("full")
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, answer))
        self._waiting_gauge.set(len(self._waiting))
        self._arrived.set()
        return answer

    async def _run(self) -> None:
        try:
            await self._work_on()
        except asyncio.CancelledError:
            for _, answer in self._waiting:  # stopped: nobody may wait for a worker that is gone
                _fail(answer, StorageDown("stopping"))
            raise

    async def _work_on(self) -> None:
        while True:
            await self._arrived.wait()
            await yield_once()  # what came in the same turn of the loop goes along
            batch = [self._waiting.popleft() for _ in range(min(self._most, len(self._waiting)))]
            if not self._waiting:
                self._arrived.clear()
            self._waiting_gauge.set(len(self._waiting))
            await self._carry_out(batch)

    async def _carry_out(self, batch: list[tuple[Item, asyncio.Future[Answer]]]) -> None:
        self._sizes.observe(len(batch))
        try:
            answers = await self._work([item for item, _ in batch])
        except BaseException as error:
            for _, future in batch:
                _fail(future, error if isinstance(error, Exception) else StorageDown("stopping"))
            raise
        for (_, future), answer in zip(batch, answers, strict=True):
            if isinstance(answer, Exception):
                _fail(future, answer)
            elif not future.done():
                future.set_result(answer)


def _fail(future: asyncio.Future[Answer], error: Exception) -> None:
    if not future.done():
        future.set_exception(error)
