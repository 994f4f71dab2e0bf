"""Lanes gather what waits, answer each item, and leave nobody waiting."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Sequence
from typing import Any

import pytest

from kit.clock import FakeClock, yield_once
from kit.errors import StorageDown
from kit.lane import Lane
from kit.tasks import Tasks


@pytest.fixture
async def tasks(clock: FakeClock) -> AsyncIterator[Tasks]:
    tasks = Tasks(clock)
    yield tasks
    await tasks.close()


async def settle() -> None:
    for _ in range(20):
        await yield_once()


async def test_what_waits_while_a_batch_is_carried_out_goes_in_the_next(tasks: Tasks) -> None:
    batches: list[list[int]] = []
    gate = asyncio.Event()

    async def work(items: Sequence[int]) -> list[int]:
        batches.append(list(items))
        await gate.wait()
        return [item * 10 for item in items]

    lane: Lane[int, int] = Lane("test", work)
    lane.start(tasks)
    answers: list[int] = []

    async def put(item: int) -> None:
        answers.append(await lane.put(item))

    tasks.start("first", put(1))
    await settle()
    for item in (2, 3, 4):
        tasks.start("more", put(item))
    await settle()
    assert batches == [[1]]
    gate.set()
    await settle()
    assert batches == [[1], [2, 3, 4]]
    assert sorted(answers) == [10, 20, 30, 40]


async def test_a_batch_is_never_larger_than_it_may_be(tasks: Tasks) -> None:
    sizes: list[int] = []

    async def work(items: Sequence[int]) -> list[int]:
        sizes.append(len(items))
        return list(items)

    lane: Lane[int, int] = Lane("test", work, most=3)
    lane.start(tasks)
    assert await asyncio.gather(*(lane.put(item) for item in range(8))) == list(range(8))
    assert max(sizes) <= 3


async def test_an_item_whose_answer_is_an_error_raises_it_and_the_others_do_not(tasks: Tasks) -> None:
    async def work(items: Sequence[int]) -> list[int | Exception]:
        return [StorageDown("away") if item == 2 else item for item in items]

    lane: Lane[int, int] = Lane("test", work)
    lane.start(tasks)
    answers = await asyncio.gather(*(lane.put(item) for item in (1, 2, 3)), return_exceptions=True)
    assert answers[0::2] == [1, 3]
    assert isinstance(answers[1], StorageDown)


async def test_a_worker_that_breaks_fails_its_batch_and_works_on(tasks: Tasks, clock: FakeClock) -> None:
    async def work(items: Sequence[int]) -> list[int]:
        if 1 in items:
            raise RuntimeError("a bug of ours")
        return list(items)

    lane: Lane[int, int] = Lane("test", work)
    lane.start(tasks)
    with pytest.raises(RuntimeError):
        await lane.put(1)
    await clock.advance(1)
    assert await lane.put(2) == 2


async def test_when_the_lane_stops_nobody_waits_for_ever(clock: FakeClock) -> None:
    tasks = Tasks(clock)
    started = asyncio.Event()

    async def work(items: Sequence[int]) -> list[int]:
        started.set()
        await asyncio.Event().wait()
        return []

    lane: Lane[int, int] = Lane("test", work)
    lane.start(tasks)
    answers: list[str] = []

    async def put(item: int) -> None:
        try:
            await lane.put(item)
        except StorageDown:
            answers.append("told")

    waiting = Tasks(clock)
    waiting.start("in hand", put(1))
    await started.wait()
    waiting.start("in line", put(2))
    await settle()
    await tasks.close()
    await settle()
    assert answers == ["told", "told"]
    await waiting.close()


async def test_a_lane_that_is_full_says_so_at_once_and_takes_no_more(clock: FakeClock) -> None:
    lane: Lane[int, int] = Lane("test", _echo, longest=2)
    waiting = Tasks(clock)
    for item in (1, 2):
        waiting.start("waits", _drop(lane.put(item)))
    await settle()
    with pytest.raises(StorageDown):
        await lane.put(3)
    await waiting.close()


async def test_what_nobody_waits_for_any_more_is_carried_out_all_the_same(tasks: Tasks, clock: FakeClock) -> None:
    carried: list[int] = []

    async def work(items: Sequence[int]) -> list[int]:
        carried.extend(items)
        return list(items)

    lane: Lane[int, int] = Lane("test", work)
    impatient = Tasks(clock)
    impatient.start("left", _drop(lane.put(1)))
    await settle()
    await impatient.close()
    lane.start(tasks)
    assert await lane.put(2) == 2
    assert carried == [1, 2]


async def _echo(items: Sequence[int]) -> list[int]:
    return list(items)


async def _drop(answer: Coroutine[Any, Any, int]) -> None:
    await answer
