"""The visit benchmark: how soon two see each other, a ring is heard, a cut line is mended; and what visits cost alarms.

The whole platform runs as a process of its own with its relay, people's pages in Chromium on the same machine. Every
page is ours as it is served: a worker's rings, at home a script answers as soon as it sounds.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import uvloop

from deploy.bench.demonstration import demonstration
from deploy.bench.desk import Pressing, desk_of
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
    frames_a_second,
    note_cut,
    pair,
)
from kit.clock import SystemClock
from registry.demo_residents import KOMMUN

FIRST_FRAME_GOAL = 1_500.0  # milliseconds
RING_GOAL = 500.0
RECONNECT_GOAL = 8_000.0
PER_SECOND = 50  # presses
MEETING = ((1, 1), (3, 11))  # demo-worker-N and demo-resident-N of a pair
MEETING_AT = {KOMMUN[resident - 1].home for _, resident in MEETING}
HOMES = Counter(one.home for one in KOMMUN)
PRESSING = [one for one in KOMMUN if HOMES[one.home] == 1 and one.home not in MEETING_AT]
CUT_AGAIN = 1.0  # seconds between a line that is mended and its next cut


@dataclass(frozen=True, slots=True)
class Plan:
    """How many visits are started one after another, how long alarms come, how many cuts. `tell` hears what is next."""

    visits: int
    seconds: float
    cuts: int
    tell: Callable[[str], None]

    @property
    def steps(self) -> int:
        """How often `tell` is called."""
        return 5 + self.visits + self.cuts


def measure_visit(plan: Plan) -> Findings:
    """Run it all. Raises CannotMeasure with a sentence."""
    return uvloop.run(_measure(plan))


async def _measure(plan: Plan) -> Findings:
    machine = {**described(), "visits": plan.visits, "presses_a_second": PER_SECOND}
    figures: dict[str, Figure] = {}
    remarks: list[str] = []
    plan.tell("Starting the platform")
    clock = SystemClock()
    async with demonstration(clock) as (platform, line), desk_of(platform, clock) as desk:
        pressing = Pressing(desk, platform, PRESSING, clock)
        plan.tell("Alarms without visits")
        alone = await pressing.run(PER_SECOND, plan.seconds)
        figures["press_to_desk_p99_alone"] = Figure(percentile(alone, 0.99), "ms")
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
                figures |= await _undisturbed(plan, pairs, pressing)
                figures |= await _cut(plan, pairs, line, remarks)
        except NoPages as error:
            remarks.append(str(error))
        if pressing.again:
            remarks.append(
                f"Presses were sent another time, {pressing.again} in all: no answer that they are stored came soon."
            )
    return Findings(figures, machine, remarks)


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


async def _undisturbed(plan: Plan, pairs: Sequence[Pair], pressing: Pressing) -> dict[str, Figure]:
    """Visits and alarms at once, and what each has of the other."""
    pages = [page for each in pairs for page in (each.worker, each.resident)]
    plan.tell("Visits without alarms")
    quiet = await frames_a_second(pages, plan.seconds)
    plan.tell("Visits and alarms")
    busy, took = await asyncio.gather(frames_a_second(pages, plan.seconds), pressing.run(PER_SECOND, plan.seconds))
    return {
        "press_to_desk_p99_with_visits": Figure(percentile(took, 0.99), "ms"),
        "visit_frames_alone": Figure(quiet, "frames/s"),
        "visit_frames_with_alarms": Figure(busy, "frames/s"),
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
