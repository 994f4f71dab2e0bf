"""Time that a test moves."""

from datetime import UTC, datetime, timedelta

from kit.clock import FakeClock, SystemClock, yield_once
from kit.tasks import Tasks

NIGHT = datetime(2026, 1, 15, 3, 10, tzinfo=UTC)


async def test_it_stands_still_until_advanced(clock: FakeClock) -> None:
    assert (clock.now(), clock.monotonic()) == (NIGHT, 0)
    await clock.advance(90.5)
    assert (clock.now(), clock.monotonic()) == (NIGHT + timedelta(seconds=90.5), 90.5)


async def test_sleepers_wake_in_the_order_of_their_moments_and_see_the_right_time(clock: FakeClock) -> None:
    woken: list[tuple[str, float]] = []

    async def sleep(name: str, seconds: float) -> None:
        await clock.sleep(seconds)
        woken.append((name, clock.monotonic()))

    tasks = Tasks(clock)
    for name, seconds in [("late", 3), ("early", 1), ("second early", 1), ("never", 60)]:
        tasks.start(name, sleep(name, seconds))
    await yield_once()
    await clock.advance(10)
    assert woken == [("early", 1), ("second early", 1), ("late", 3)]
    await tasks.close()


async def test_one_that_sleeps_again_and_again_wakes_each_time_within_one_advance(clock: FakeClock) -> None:
    beats: list[float] = []

    async def beat() -> None:
        while True:
            await clock.sleep(1)
            beats.append(clock.monotonic())

    tasks = Tasks(clock)
    tasks.forever("beat", beat)
    await yield_once()
    await clock.advance(3.5)
    assert beats == [1, 2, 3]
    await clock.advance(0.5)
    assert beats == [1, 2, 3, 4]
    await tasks.close()


async def test_seven_steps_of_a_tenth_are_seven_tenths(clock: FakeClock) -> None:
    woken = False

    async def sleep() -> None:
        nonlocal woken
        await clock.sleep(0.7)
        woken = True

    tasks = Tasks(clock)
    tasks.start("sleep", sleep())
    await yield_once()
    for _ in range(7):
        assert not woken
        await clock.advance(0.1)
    assert woken
    await tasks.close()


async def test_a_sleep_of_nothing_lets_others_run(clock: FakeClock) -> None:
    turns = 0

    async def spin() -> None:
        nonlocal turns
        while True:
            await clock.sleep(0)
            turns += 1

    tasks = Tasks(clock)
    tasks.start("spin", spin())
    for _ in range(5):
        await yield_once()
    await tasks.close()
    assert turns > 0


async def test_a_cancelled_sleeper_is_forgotten(clock: FakeClock) -> None:
    tasks = Tasks(clock)
    tasks.start("sleep", clock.sleep(5))
    await yield_once()
    await tasks.close()
    await clock.advance(10)
    assert clock.monotonic() == 10


def test_the_machines_time_is_aware_and_in_utc() -> None:
    clock = SystemClock()
    assert clock.now().utcoffset() == timedelta(0)
    assert clock.monotonic() <= clock.monotonic()
