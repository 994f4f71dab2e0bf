"""Tasks are named and owned; their failures are counted, their end is awaited."""

import asyncio
from contextlib import suppress
from itertools import count

import pytest

from kit.clock import FakeClock, yield_once
from kit.errors import Conflict, StorageDown
from kit.metrics import REGISTRY
from kit.tasks import RESTART_PAUSE, Tasks


def failures(name: str) -> float:
    return REGISTRY.get_sample_value("nattljus_task_failures_total", {"task": name}) or 0


async def test_a_task_runs_under_its_name(clock: FakeClock) -> None:
    names: list[str] = []

    async def say() -> None:
        task = asyncio.current_task()
        assert task is not None
        names.append(task.get_name())

    tasks = Tasks(clock)
    await tasks.start("feed", say())
    assert names == ["feed"]


async def test_a_failing_task_is_counted_and_harms_nobody(clock: FakeClock) -> None:
    async def fail() -> None:
        raise ValueError("a bug")

    tasks = Tasks(clock)
    await tasks.start("failing-once", fail())
    assert failures("failing-once") == 1
    await tasks.close()


async def test_a_limb_that_fails_is_started_again_after_a_pause(clock: FakeClock) -> None:
    tries = count(1)
    done: list[int] = []

    async def third_time_lucky() -> None:
        number = next(tries)
        if number < 3:
            raise ConnectionError
        done.append(number)

    tasks = Tasks(clock)
    task = tasks.forever("limb", third_time_lucky)
    await yield_once()
    await clock.advance(RESTART_PAUSE * 0.9)
    assert failures("limb") == 1
    await clock.advance(RESTART_PAUSE * 1.1)
    assert (failures("limb"), done) == (2, [3])
    assert task.done()


async def test_what_is_done_every_second_waits_for_a_store_that_cannot_answer(clock: FakeClock) -> None:
    answers = iter([None, StorageDown(), Conflict(), None, None])
    done: list[float] = []

    async def look() -> None:
        if (answer := next(answers)) is not None:
            raise answer
        done.append(clock.monotonic())

    tasks = Tasks(clock)
    tasks.every(1.0, "looking", look)
    await yield_once()
    await clock.advance(4)
    assert done == [0, 3, 4]
    assert failures("looking") == 0
    await tasks.close()


async def test_closing_cancels_what_runs_and_waits_for_its_last_words(clock: FakeClock) -> None:
    said: list[str] = []

    async def wait() -> None:
        try:
            await clock.sleep(60)
        finally:
            await yield_once()
            said.append("good night")

    tasks = Tasks(clock)
    task = tasks.start("waiting", wait())
    await yield_once()
    await tasks.close()
    assert task.cancelled()
    assert said == ["good night"]
    assert failures("waiting") == 0


async def test_closing_ends_also_one_that_swallowed_the_first_cancellation(clock: FakeClock) -> None:
    async def stubborn() -> None:
        with suppress(asyncio.CancelledError):
            await clock.sleep(60)
        await clock.sleep(60)

    tasks = Tasks(clock)
    task = tasks.start("stubborn", stubborn())
    await yield_once()
    await tasks.close()
    assert task.done()


async def test_one_closed_before_it_began_leaves_nothing_behind(
    clock: FakeClock, recwarn: pytest.WarningsRecorder
) -> None:
    async def never() -> None:
        raise AssertionError

    tasks = Tasks(clock)
    tasks.start("never", never())
    await tasks.close()
    assert not recwarn.list
    assert failures("never") == 0
