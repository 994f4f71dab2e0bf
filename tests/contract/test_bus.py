"""What both bodies of the bus promise, and what the one over Redis does when Redis goes away."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from kit.bus import Bus, LocalBus, RedisBus, open_bus
from kit.clock import SystemClock
from tests.patience import PATIENCE, until
from tests.servers import Redis

NOT_YET = 0.3  # seconds in which something that must not happen would have happened

Pair = tuple[Bus, Bus]


@pytest.fixture(params=["local", "redis"])
async def pair(request: pytest.FixtureRequest) -> AsyncIterator[Pair]:
    """Two ends of one bus: over Redis two processes would hold them, within a process they are the same."""
    if request.param == "local":
        bus = LocalBus()
        await bus.start()
        yield bus, bus
        await bus.close()
        return
    redis: Redis = request.getfixturevalue("redis_server")
    here, there = RedisBus(redis.url), RedisBus(redis.url)
    await here.start()
    await there.start()
    await until(here.healthy)
    await until(there.healthy)
    yield here, there
    await here.close()
    await there.close()


@pytest.fixture
async def mortal_pair(mortal_redis: Redis) -> AsyncIterator[Pair]:
    here, there = RedisBus(mortal_redis.url), RedisBus(mortal_redis.url)
    await here.start()
    await there.start()
    await until(here.healthy)
    await until(there.healthy)
    yield here, there
    await here.close()
    await there.close()


async def test_a_look_reaches_a_watcher_at_the_other_end(pair: Pair) -> None:
    here, there = pair
    async with there.watch("desk") as watch:
        await watch.wait(NOT_YET)  # the look that says the bus stands
        await here.notify("desk")
        assert await watch.wait(PATIENCE)


async def test_a_look_reaches_every_watcher_of_its_topic_and_no_other(pair: Pair) -> None:
    here, there = pair
    async with here.watch("desk") as near, there.watch("desk") as far, there.watch("home") as other:
        await other.wait(NOT_YET)
        await here.notify("desk")
        assert await near.wait(PATIENCE)
        assert await far.wait(PATIENCE)
        assert not await other.wait(NOT_YET)


async def test_looks_that_come_while_a_watcher_is_busy_are_one(pair: Pair) -> None:
    here, _ = pair
    async with here.watch("desk") as watch:
        for _ in range(100):
            await here.notify("desk")
        assert await watch.wait(PATIENCE)
        assert not await watch.wait(NOT_YET)


async def test_a_look_between_two_waits_is_kept(pair: Pair) -> None:
    here, _ = pair
    async with here.watch("desk") as watch:
        await here.notify("desk")
        assert await watch.wait(0)
        assert not await watch.wait(0)


async def test_a_watcher_that_has_left_costs_nothing(pair: Pair) -> None:
    here, _ = pair
    async with here.watch("desk") as gone:
        pass
    await here.notify("desk")
    assert not await gone.wait(0)


async def test_a_wait_that_is_cancelled_loses_no_look(pair: Pair) -> None:
    here, _ = pair
    async with here.watch("desk") as watch:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.01):
                await watch.wait(PATIENCE)
        await here.notify("desk")
        assert await watch.wait(PATIENCE)


async def test_it_is_healthy_when_it_stands(pair: Pair) -> None:
    here, there = pair
    assert await here.healthy()
    assert await there.healthy()


async def test_without_an_address_the_bus_stays_within_the_process() -> None:
    assert isinstance(open_bus(""), LocalBus)


async def test_own_watchers_are_served_while_redis_is_away(mortal_pair: Pair, mortal_redis: Redis) -> None:
    here, _ = mortal_pair
    mortal_redis.kill()
    clock = SystemClock()
    async with here.watch("desk") as watch:
        await watch.wait(NOT_YET)
        began = clock.monotonic()
        await here.notify("desk")
        assert await watch.wait(0)
        assert clock.monotonic() - began < 0.1


async def test_nobody_waits_for_a_redis_that_hangs(mortal_pair: Pair, mortal_redis: Redis) -> None:
    here, there = mortal_pair
    clock = SystemClock()
    mortal_redis.pause()
    try:
        began = clock.monotonic()
        for _ in range(1000):
            await here.notify("desk")
        assert clock.monotonic() - began < 0.5
        await until(lambda: _not(here.healthy))
    finally:
        mortal_redis.resume()
    async with there.watch("desk") as watch:
        assert await watch.wait(PATIENCE)


async def test_a_killed_redis_is_noticed(mortal_pair: Pair, mortal_redis: Redis) -> None:
    here, _ = mortal_pair
    mortal_redis.kill()
    await until(lambda: _not(here.healthy))
    assert not await here.healthy()


async def test_after_a_cut_every_watcher_is_told_to_look(mortal_pair: Pair, mortal_redis: Redis) -> None:
    here, there = mortal_pair
    async with here.watch("desk") as desk, there.watch("home") as home:
        await desk.wait(NOT_YET)
        await home.wait(NOT_YET)
        mortal_redis.kill()
        await until(lambda: _not(here.healthy))
        await until(lambda: _not(there.healthy))
        mortal_redis.start()
        assert await desk.wait(PATIENCE)
        assert await home.wait(PATIENCE)
        assert await here.healthy()


async def test_both_ends_hear_each_other_again_when_redis_is_back(mortal_pair: Pair, mortal_redis: Redis) -> None:
    here, there = mortal_pair
    mortal_redis.kill()
    await until(lambda: _not(there.healthy))
    await here.notify("desk")
    mortal_redis.start()
    async with there.watch("desk") as watch:
        assert await watch.wait(PATIENCE)
    await until(there.healthy)
    async with there.watch("home") as watch:
        await watch.wait(NOT_YET)
        await here.notify("home")
        assert await watch.wait(PATIENCE)


async def test_a_bus_started_before_redis_finds_it_later(mortal_redis: Redis) -> None:
    mortal_redis.kill()
    bus = RedisBus(mortal_redis.url)
    await bus.start()
    try:
        async with bus.watch("desk") as watch:
            assert not await watch.wait(NOT_YET)
            assert not await bus.healthy()
            mortal_redis.start()
            assert await watch.wait(PATIENCE)
            assert await bus.healthy()
    finally:
        await bus.close()


async def _not(condition: Callable[[], Awaitable[bool]]) -> bool:
    return not await condition()
