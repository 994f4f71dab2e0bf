"""What both bodies of the bus promise; tests/contract/test_bus.py holds them to it."""

import asyncio
from contextlib import AbstractAsyncContextManager
from typing import Protocol


class Watch:
    """One watcher of one topic."""

    def __init__(self) -> None:
        self._seen = asyncio.Event()

    def look(self) -> None:
        """Say that something is there to see."""
        self._seen.set()

    async def wait(self, at_most: float) -> bool:
        """Wait for a look, `at_most` that many seconds; says whether one came. Looks since the last wait count."""
        try:
            async with asyncio.timeout(at_most):
                await self._seen.wait()
        except TimeoutError:
            return False
        self._seen.clear()
        return True


class Bus(Protocol):
    """Publish a look, watch a topic."""

    async def notify(self, topic: str) -> None:
        """Tell every watcher of the topic, in every process, to look. Never raises: a lost look costs a poll's wait."""
        ...

    def watch(self, topic: str) -> AbstractAsyncContextManager[Watch]:
        """Watch a topic while the block lasts."""
        ...

    async def start(self) -> None:
        """Begin to listen to other processes."""
        ...

    async def close(self) -> None:
        """Let go of everything."""
        ...

    async def healthy(self) -> bool:
        """Whether looks from other processes arrive now."""
        ...
