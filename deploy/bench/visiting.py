"""Visits beside a benchmark: the process of deploy.bench.visitors, given its orders over pipes."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from deploy.bench.children import END_WITHIN, CannotMeasure
from deploy.bench.served import Served
from deploy.bench.visitors import Flowed
from deploy.beside import ended, environment

OBEYED_WITHIN = 60.0  # seconds beside what an order itself takes


class Visiting:
    """Visits, begun, measured and ended. Each order raises CannotMeasure when it cannot be done."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def start(self) -> None:
        """Begin a visit for each pair; they see and hear each other when this is back."""
        await self._order("start", OBEYED_WITHIN)

    async def flow(self, seconds: float) -> Flowed:
        """What flows in that time."""
        return Flowed(**await self._order(f"measure {seconds}", seconds + OBEYED_WITHIN))

    async def stop(self) -> None:
        """Hang all of them up."""
        await self._order("stop", OBEYED_WITHIN)

    async def _order(self, words: str, within: float) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{words}\n".encode())
        try:
            async with asyncio.timeout(within):
                said: dict[str, Any] = json.loads(await self._process.stdout.readline())
        except (TimeoutError, ValueError) as error:
            raise CannotMeasure(f"Nobody visits: no answer to {words}.") from error
        if "error" in said:
            raise CannotMeasure(f"The visits cannot be had: {said['error']}.")
        return said


@asynccontextmanager
async def visiting(platform: Served, cores: set[int]) -> AsyncIterator[Visiting]:
    """Everybody who visits, in a process on these cores, for as long as the block lasts."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "deploy.bench.visitors", f"http://{platform.http[0]}:{platform.http[1]}",
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, env=environment(),
    )  # fmt: skip
    try:
        os.sched_setaffinity(process.pid, cores)
        yield Visiting(process)
    finally:
        assert process.stdin is not None
        process.stdin.close()
        await ended(process, END_WITHIN)
