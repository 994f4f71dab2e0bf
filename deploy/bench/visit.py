"""The visit benchmark: how soon two see each other, a ring is heard, a cut line is mended; and what visits cost alarms.

The whole platform runs as a process of its own with its relay, people's pages in Chromium on the same machine. Every
page is ours as it is served: a worker's rings, at home a script answers as soon as it sounds. What visits and alarms
cost each other is measured without browsers, which would fight for the same cores (deploy.bench.undisturbed).
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import uvloop

from deploy.bench.demonstration import behind_a_line
from deploy.bench.figures import Figure, Findings, percentile
from deploy.bench.line import Line
from deploy.bench.machine import described
from deploy.bench.pages import (
    SEEN_WITHIN,
    NoPages,
    Pair,
    Started,
    back_after,
    chromium,
    note_cut,
    pair,
)
from deploy.bench.undisturbed import PER_SECOND, STEPS_EACH, measure_undisturbed
from deploy.bench.visitors import WHO
from kit.clock import SystemClock
from registry.demo_residents import KOMMUN

FIRST_FRAME_GOAL = 1_500.0  # milliseconds
RING_GOAL = 500.0
RECONNECT_GOAL = 8_000.0
MEETING = ((1, 1), (3, 11))  # demo-worker-N and demo-resident-N of a pair
CUT_AGAIN = 1.0  # seconds between a line that is mended and its next cut


@dataclass(frozen=True, slots=True)
class Plan:
    """How many visits are started one after another, how many cuts, how often alarms come beside visits and how long.

    `tell` hears what is next.
    """

    visits: int
    cuts: int
    rounds: int
    seconds: float
    tell: Callable[[str], None]

    @property
    def steps(self) -> int:
        """How often `tell` is called."""
        return 3 + self.visits + self.cuts + STEPS_EACH * self.rounds


def measure_visit(plan: Plan) -> Findings:
    """Run it all. Raises CannotMeasure with a sentence."""
    return uvloop.run(_measure(plan))


async def _measure(plan: Plan) -> Findings:
    machine = {**described(), "visits": plan.visits, "presses_a_second": PER_SECOND, "visits_at_once": len(WHO)}
    figures: dict[str, Figure] = {}
    remarks: list[str] = []
    clock = SystemClock()
    plan.tell("Starting the platform")
    async with behind_a_line(clock) as (platform, line):
        try:
            async with chromium() as browser:
                plan.tell("Opening pages")
                url = f"http://{platform.http[0]}:{platform.http[1]}"
                pairs = [
                    await pair(browser, url, f"demo-worker-{w}", f"demo-resident-{r}", KOMMUN[r - 1].name)
                    for w, r in MEETING
                ]
                figures |= await _one_by_one(plan, pairs[0], remarks)
                await asyncio.gather(*(each.start() for each in pairs))
                figures |= await _cut(plan, pairs, line, remarks)
        except NoPages as error:
            remarks.append(str(error))
    plan.tell("Starting the platform anew")
    more, said = await measure_undisturbed(plan.rounds, plan.seconds, clock, plan.tell)
    return Findings({**figures, **more}, machine, [*remarks, *said])


async def _one_by_one(plan: Plan, who: Pair, remarks: list[str]) -> dict[str, Figure]:
    """Visit after visit; the first is thrown away, in which the browser still loads and compiles."""
    all_of_them: list[Started] = []
    for number in range(plan.visits):
        plan.tell(f"Visit {number + 1} of {plan.visits}")
        all_of_them.append(await who.start())
        await who.hang_up()
    kept = all_of_them[1:] or all_of_them
    rings = [one.shown if one.sounded is None else one.sounded for one in kept]
    frames = [one.first_frame for one in kept]
    remarks += _missed(frames, "visits came to no picture")
    remarks += _missed(rings, "rings were not shown")
    remarks += _missed([one.sounded for one in kept if one.shown is not None], "rings were shown and not heard")
    return {
        "first_frame_p50": Figure(percentile(_counted(frames), 0.50), "ms"),
        "first_frame_p95": Figure(percentile(_counted(frames), 0.95), "ms", goal_most=FIRST_FRAME_GOAL),
        "ring_p50": Figure(percentile(_counted(rings), 0.50), "ms"),
        "ring_p99": Figure(percentile(_counted(rings), 0.99), "ms", goal_most=RING_GOAL),
    }


async def _cut(plan: Plan, pairs: Sequence[Pair], line: Line, remarks: list[str]) -> dict[str, Figure]:
    """Cut the line to the relay under visits; every page must have pictures again by itself."""
    pages = [page for each in pairs for page in (each.worker, each.resident)]
    back: list[float | None] = []
    for number in range(plan.cuts):
        plan.tell(f"Cut {number + 1} of {plan.cuts}")
        at = [await note_cut(page) for page in pages]
        line.cut()
        back += await asyncio.gather(*(back_after(*each) for each in zip(pages, at, strict=True)))
        await SystemClock().sleep(CUT_AGAIN)
    remarks += _missed(back, "pages had no picture again after a cut")
    return {
        "reconnect_p50": Figure(percentile(_counted(back), 0.50), "ms"),
        "reconnect_p95": Figure(percentile(_counted(back), 0.95), "ms", goal_most=RECONNECT_GOAL),
    }


def _counted(took: Sequence[float | None]) -> list[float]:
    """What did not come in time counts as long as was waited for it."""
    return [SEEN_WITHIN * 1000 if each is None else each for each in took]


def _missed(took: Sequence[float | None], what: str) -> list[str]:
    missed = sum(each is None for each in took)
    return [f"Within {SEEN_WITHIN:g} s, {missed} of {len(took)} {what}."] if missed else []
