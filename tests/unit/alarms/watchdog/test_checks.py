"""Nobody is woken by one slow moment: what does not answer well is asked again before it is said."""

import asyncio
from collections.abc import Sequence
from typing import Any, cast

import httpx
import pytest

from alarms.core.rounds import DeskHeard, Journal
from alarms.watchdog.checks import READY_AGAIN, READY_PATIENCE, Checks
from alarms.watchdog.look import Look
from kit.clock import FakeClock, yield_once

WELL = {"database": True, "feed": True}
SLOW = {"database": False, "feed": True}


class Quiet:
    """A desk and a journal on which nothing is amiss."""

    async def opened(self, within: float) -> None:
        return

    async def heard_since(self, moment: float, within: float) -> DeskHeard:
        return DeskHeard.MARK

    async def journal(self) -> Journal | None:
        return None


async def observed_ready(answers: Sequence[dict[str, bool] | None]) -> tuple[dict[str, bool] | None, int]:
    """What a round says of `/readyz` that answers so, and how many times it asked."""
    asked = 0

    def readyz(_: httpx.Request) -> httpx.Response:
        nonlocal asked
        asked += 1
        said = answers[min(asked, len(answers)) - 1]
        if said is None:
            raise httpx.ConnectError("nobody there")
        return httpx.Response(200, json=said)

    clock = FakeClock()
    async with httpx.AsyncClient(base_url="http://platform", transport=httpx.MockTransport(readyz)) as web:
        quiet: Any = Quiet()
        checks = Checks([], cast(Look, quiet), quiet, web, clock, lambda: 0.0)
        async with asyncio.TaskGroup() as group:
            round_ = group.create_task(checks.observe(frozenset({"visits"})))
            while not round_.done():
                await yield_once()
                await clock.advance(READY_AGAIN)
        return round_.result().ready, asked


@pytest.mark.parametrize("first", [SLOW, None])
async def test_one_slow_moment_is_asked_about_again_and_is_no_finding(first: dict[str, bool] | None) -> None:
    assert await observed_ready([first, WELL]) == (WELL, 2)


@pytest.mark.parametrize("still", [SLOW, None])
async def test_what_stays_amiss_for_a_while_is_said(still: dict[str, bool] | None) -> None:
    said, asked = await observed_ready([still])
    assert (said, asked) == (still, 1 + READY_PATIENCE // READY_AGAIN)


@pytest.mark.parametrize("well", [WELL, {**WELL, "relay": False}])
async def test_what_is_well_or_never_was_there_is_asked_about_once(well: dict[str, bool]) -> None:
    assert await observed_ready([well]) == (well, 1)


async def test_a_part_that_has_been_there_is_asked_about_again() -> None:
    assert await observed_ready([{**WELL, "visits": False}, WELL]) == (WELL, 2)
