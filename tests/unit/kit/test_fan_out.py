"""One reader a process: what waits for a page, when it looks, and when it is fresh."""

from collections.abc import AsyncIterator

import pytest

from kit.bus import LocalBus
from kit.clock import FakeClock, yield_once
from kit.errors import StorageDown
from kit.fan_out import POLL, FanOut, Inbox

FRESH_FOR = 2.5


class Reader(FanOut[Inbox[str, str]]):
    def __init__(self, bus: LocalBus, clock: FakeClock) -> None:
        super().__init__("reader", "news", bus, clock, fresh_for=FRESH_FOR)
        self.looks = 0
        self.away = False

    async def _look(self) -> None:
        if self.away:
            raise StorageDown
        self.looks += 1
        self._heard()


@pytest.fixture
async def bus() -> AsyncIterator[LocalBus]:
    bus = LocalBus()
    await bus.start()
    yield bus
    await bus.close()


async def some_time() -> None:
    for _ in range(10):
        await yield_once()


async def test_of_each_key_the_newest_waits_in_the_order_in_which_the_keys_came() -> None:
    inbox = Inbox[str, str]()
    inbox.keep("a", "a1")
    inbox.keep("b", "b1")
    inbox.keep("a", "a2")
    assert inbox.waiting == 2
    assert await inbox.take(1) == ["a2", "b1"]
    assert await inbox.take(0) == []


async def test_a_reader_looks_at_once_and_again_when_it_is_told_to(bus: LocalBus, clock: FakeClock) -> None:
    reader = Reader(bus, clock)
    await reader.start()
    await some_time()
    assert reader.looks == 1
    await bus.notify("news")
    await some_time()
    assert reader.looks == 2
    await reader.close()


async def test_a_reader_is_fresh_while_the_database_answered_lately_and_survives_one_that_is_away(
    bus: LocalBus, clock: FakeClock
) -> None:
    reader = Reader(bus, clock)
    assert not reader.fresh
    await reader.start()
    await some_time()
    assert reader.fresh
    reader.away = True
    await clock.advance(FRESH_FOR + POLL)
    await bus.notify("news")
    await some_time()
    assert (reader.fresh, reader.looks) == (False, 1)
    reader.away = False
    await bus.notify("news")
    await some_time()
    assert (reader.fresh, reader.looks) == (True, 2)
    await reader.close()
