"""Signals on their way to storage, by key: who sends one again meanwhile waits for the same answer.

A device that gives up waiting and asks again would otherwise stand at the end of the line each time, and under load
never be answered although its press is stored; and each try would make the line longer.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace

from alarms.core.signal import Outcome, Receipt, Signal
from kit.clock import Clock

KEPT = 60.0  # seconds that an answer nobody waited for is kept for the next try
MOST_KEPT = 50_000


class InHand:
    """The answers that are on their way, and those that came after their sender had left."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._coming: dict[str, asyncio.Future[Receipt]] = {}
        self._left: set[str] = set()
        self._late: OrderedDict[str, tuple[float, Receipt]] = OrderedDict()

    async def answer(self, signal: Signal, begin: Callable[[Signal], asyncio.Future[Receipt]]) -> Receipt:
        """The receipt for this signal; `begin` puts it on its way unless it is already. Raises what that raises."""
        key = signal.key
        if (late := self._late.pop(key, None)) is not None and self._clock.monotonic() - late[0] < KEPT:
            return _again(late[1])
        coming = self._coming.get(key)
        first = coming is None
        if coming is None:
            coming = self._coming[key] = begin(signal)
            coming.add_done_callback(lambda done: self._came(key, done))
        try:
            receipt = await asyncio.shield(coming)
        except asyncio.CancelledError:
            self._left.add(key)
            raise
        return receipt if first else _again(receipt)

    def _came(self, key: str, done: asyncio.Future[Receipt]) -> None:
        self._coming.pop(key, None)
        left = key in self._left
        self._left.discard(key)
        if done.cancelled() or done.exception() is not None or not left:
            return
        self._late[key] = (self._clock.monotonic(), done.result())
        while len(self._late) > MOST_KEPT:
            self._late.popitem(last=False)


def _again(receipt: Receipt) -> Receipt:
    return replace(receipt, outcome=Outcome.REPEATED) if receipt.known else receipt
