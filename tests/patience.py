"""How long a test waits for what must come: a busy machine may stand still for seconds, and that is no fault."""

import asyncio
from collections.abc import Awaitable, Callable
from inspect import isawaitable
from typing import TypeVar, cast

import pytest

from kit.clock import SystemClock

PATIENCE = 20.0  # seconds
LOOK_EVERY = 0.02  # seconds

T = TypeVar("T")


async def until(
    look: Callable[[], T | Awaitable[T]],
    what: str = "it did not come",
    *,
    patience: float = PATIENCE,
    every: float = LOOK_EVERY,
) -> T:
    """Look until there is something, and answer it; the test fails, saying what did not come, when nothing ever is."""
    try:
        async with asyncio.timeout(patience):
            while True:
                seen = look()
                seen = cast(T, await seen if isawaitable(seen) else seen)
                if seen:
                    return seen
                await SystemClock().sleep(every)
    except TimeoutError:
        pytest.fail(what)
