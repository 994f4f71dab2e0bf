"""The bus within one process."""

from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from kit.bus.bus import Watch


class LocalBus:
    """Watchers in a dictionary; no network."""

    def __init__(self) -> None:
        self._watches: dict[str, set[Watch]] = defaultdict(set)

    async def notify(self, topic: str) -> None:
        """Tell every watcher of the topic to look."""
        self.look(topic)

    def look(self, topic: str) -> None:
        """The same, for code that cannot wait."""
        for watch in self._watches.get(topic, ()):
            watch.look()

    def look_everywhere(self) -> None:
        """Tell every watcher of every topic: something may have been missed."""
        for topic in list(self._watches):
            self.look(topic)

    @asynccontextmanager
    async def watch(self, topic: str) -> AsyncIterator[Watch]:
        """Watch a topic while the block lasts."""
        watch = Watch()
        self._watches[topic].add(watch)
        try:
            yield watch
        finally:
            self._watches[topic].discard(watch)
            if not self._watches[topic]:
                del self._watches[topic]

    async def start(self) -> None:
        """Nothing to begin."""

    async def close(self) -> None:
        """Forget the watchers."""
        self._watches.clear()

    async def healthy(self) -> bool:
        """Always."""
        return True
