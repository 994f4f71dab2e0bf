"""Visits and alarms at once, and what each has of the other.

The platform with its relay has a core of its own where there are two; who visits, who presses and the desk have the
other. Rounds take turns (alarms alone, visits alone, both), so that a machine that others share is as slow for each;
the first round is thrown away and the others are taken together.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from deploy.bench.children import CannotMeasure
from deploy.bench.demonstration import demonstration, session_of
from deploy.bench.figures import Figure, middle, percentile
from deploy.bench.machine import cpu_seconds, on_cores, split_cores
from deploy.bench.pressing import Pressing
from deploy.bench.served import Served
from deploy.bench.visiting import visiting
from deploy.bench.visitors import WHO, Flowed
from deploy.bench.watching import open_desks
from kit.clock import Clock
from registry.demo_residents import KOMMUN, DemoResident

OPERATOR = "demo-operator-1"
PER_SECOND = 200  # presses
STEPS_EACH = 3  # of a round
PRESS_GOAL = 5_000.0  # milliseconds, in the worst storm
GAP_GOAL = 100.0  # milliseconds between sounds that come each twenty: a receiver's buffer bridges it
LOST_GOAL = 0.1  # % of packets


@dataclass(slots=True)
class _Side:
    """Rounds with alarms or without."""

    flows: list[Flowed] = field(default_factory=list)
    relay: list[float] = field(default_factory=list)
    took: list[list[float]] = field(default_factory=list)


async def measure_undisturbed(
    rounds: int, seconds: float, clock: Clock, tell: Callable[[str], None]
) -> tuple[Mapping[str, Figure], list[str]]:
    """The figures, and remarks on them. Raises CannotMeasure."""
    alone, both = _Side(), _Side()
    pressed_alone: list[list[float]] = []
    platform_cores, our_cores = split_cores()
    with on_cores(our_cores):
        async with (
            demonstration(clock, platform_cores) as platform,
            open_desks(platform, [await session_of(platform, OPERATOR)], clock) as desks,
            visiting(platform, our_cores) as visits,
        ):
            relay = relay_of(platform)
            pressing = Pressing(desks, platform, {one.account: one.id for one in _residents()}, clock)
            for number in range(rounds):
                where = f"round {number + 1} of {rounds}"
                tell(f"Alarms without visits, {where}")
                pressed_alone.append(await pressing.run(PER_SECOND, seconds))
                await visits.start()
                tell(f"Visits without alarms, {where}")
                await _flow(alone, relay, clock, visits.flow(seconds))
                tell(f"Visits and alarms, {where}")
                took, _ = await asyncio.gather(
                    pressing.run(PER_SECOND, seconds), _flow(both, relay, clock, visits.flow(seconds))
                )
                both.took.append(took)
                await visits.stop()
    remarks = []
    if pressing.again:
        remarks.append(
            f"Presses were sent another time, {pressing.again} in all: no answer that they are stored came soon."
        )
    figures = {
        **_pressed(pressed_alone, both.took),
        **_flowed("alone", alone, None),
        **_flowed("with_alarms", both, alone),
    }
    return figures, remarks


def relay_of(platform: Served) -> int:
    """The process id of the platform's relay. Raises CannotMeasure."""
    children = Path(f"/proc/{platform.pid}/task/{platform.pid}/children").read_text().split()
    for child in children:
        if b"\0media\0" in Path(f"/proc/{child}/cmdline").read_bytes():
            return int(child)
    raise CannotMeasure("The platform has no relay.")


def _residents() -> list[DemoResident]:
    """Those who live alone and are not visited."""
    visited = {KOMMUN[resident - 1].home for _, resident in WHO}
    homes = [one.home for one in KOMMUN]
    return [one for one in KOMMUN if homes.count(one.home) == 1 and one.home not in visited]


async def _flow(side: _Side, relay: int, clock: Clock, flow: Awaitable[Flowed]) -> None:
    used, began = cpu_seconds(relay), clock.monotonic()
    side.flows.append(await flow)
    side.relay.append((cpu_seconds(relay) - used) / (clock.monotonic() - began) * 100)


def _pressed(alone: list[list[float]], both: list[list[float]]) -> dict[str, Figure]:
    without, beside = _together(alone), _together(both)
    return {
        "press_to_desk_p50_alone": Figure(percentile(without, 0.50), "ms"),
        "press_to_desk_p99_alone": Figure(percentile(without, 0.99), "ms", goal_most=PRESS_GOAL),
        "press_to_desk_p50_with_visits": Figure(percentile(beside, 0.50), "ms"),
        "press_to_desk_p99_with_visits": Figure(
            percentile(beside, 0.99),
            "ms",
            peer="the same presses without visits",
            peer_value=percentile(without, 0.99),
            goal_most=PRESS_GOAL,
        ),
    }


def _flowed(suffix: str, side: _Side, other: _Side | None) -> dict[str, Figure]:
    kept = side.flows[1:] or side.flows
    before = (other.flows[1:] or other.flows) if other is not None else []
    sent, received = sum(one.sent for one in kept), sum(one.received for one in kept)
    peer = "the same visits without alarms" if other is not None else None
    return {
        f"visit_packets_sent_{suffix}": Figure(sent, "packets"),
        f"visit_packets_received_{suffix}": Figure(received, "packets"),
        f"visit_lost_{suffix}": Figure(100 * (sent - received) / max(1, sent), "%", goal_most=LOST_GOAL),
        f"visit_gap_p99_{suffix}": Figure(
            middle([one.gap_p99 for one in side.flows]),
            "ms",
            peer=peer,
            peer_value=middle([one.gap_p99 for one in other.flows]) if other is not None else None,
            goal_most=GAP_GOAL,
        ),
        f"visit_gap_longest_{suffix}": Figure(
            max(one.gap_longest for one in kept),
            "ms",
            peer=peer,
            peer_value=max(one.gap_longest for one in before) if before else None,
        ),
        f"visit_way_p99_{suffix}": Figure(middle([one.way_p99 for one in side.flows]), "ms"),
        f"relay_cpu_{suffix}": Figure(middle(side.relay), "% of a core"),
    }


def _together(rounds: list[list[float]]) -> list[float]:
    return [each for one in (rounds[1:] or rounds) for each in one]
