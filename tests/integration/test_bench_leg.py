"""The benchmark's legs without codecs, through a real relay: they count what came, and what did not."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from deploy.bench.leg import Leg, NotUp
from deploy.bench.line import line_to
from deploy.bench.visitors import flowed
from kit.clock import SystemClock
from kit.wire.visit import LegView
from kit.wire.words import Direction
from tests.integration.media.whip import Place, leg_id, path, relaying, token


class Pair:
    """Somebody who is seen and heard, and somebody who sees and hears."""

    def __init__(self, speaking: Leg, hearing: Leg) -> None:
        self.speaking, self.hearing = [speaking], [hearing]


@asynccontextmanager
async def pair(place: Place) -> AsyncIterator[Pair]:
    clock = SystemClock()
    made = Pair(Leg(Direction.PUBLISH, clock), Leg(Direction.SUBSCRIBE, clock))
    try:
        await made.speaking[0].join(place.http, view(Direction.PUBLISH, "anna", ""))
        await made.hearing[0].join(place.http, view(Direction.SUBSCRIBE, "bo", "anna"))
        await made.speaking[0].speak()
        yield made
    finally:
        for leg in (*made.speaking, *made.hearing):
            await leg.close()


def view(direction: Direction, participant: str, of: str, *, bearer: str = "") -> LegView:
    return LegView(
        leg=leg_id(direction, participant, of),
        url=path(direction, participant, of),
        token=bearer or token(direction, participant, of),
        expires_at=SystemClock().now(),
        ice_servers=[],
    )


async def test_what_is_sent_comes_as_it_is_and_is_counted():
    async with relaying() as place, pair(place) as both:
        flow = await flowed([both], 0.5, SystemClock())
    assert flow.sent > 30
    assert flow.received == flow.sent
    assert 0 < flow.way_p99 <= flow.way_longest
    assert 0 < flow.gap_p99 <= flow.gap_longest


async def test_what_a_cut_line_swallows_is_lost():
    async with relaying() as place:
        with line_to(place.relay.addresses[0]) as line:
            place.relay.addresses[:] = [line.address]
            async with pair(place) as both:
                await flowed([both], 0.1, SystemClock())
                line.cut()
                flow = await flowed([both], 0.3, SystemClock())
    assert flow.sent > 0
    assert flow.received == 0


async def test_a_leg_without_a_right_is_said_so():
    async with relaying() as place:
        leg = Leg(Direction.PUBLISH, SystemClock())
        with pytest.raises(NotUp, match="401"):
            await leg.join(place.http, view(Direction.PUBLISH, "anna", "", bearer="forged"))
        await leg.close()
