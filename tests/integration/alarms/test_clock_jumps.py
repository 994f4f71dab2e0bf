"""Semantics 6 and a machine's clock: whoever sets it, each step comes at its time, once."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from alarms import tables
from alarms.anchor import anchor
from alarms.core.signal import Signal
from alarms.escalation import Escalation
from alarms.hub import Hub
from kit.bus import LocalBus
from kit.clock import SystemClock
from kit.steady import FAST, SLOW, SteadyTime
from kit.store import Store
from kit.wire.words import Reason, SignalKind

START = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)  # half an hour before clocks in Sweden are set back
HOUR = 3600.0
LOOK = 10  # seconds between two looks at the deadlines
STEPS = (60, 180, 360, 540)  # seconds after the press


class Machine:
    """A machine whose clock can be set; a restart of a process on it begins with what the clock then says."""

    def __init__(self) -> None:
        self.wall = START.timestamp()
        self.elapsed = 0.0
        self.clock = self.restart()

    def restart(self) -> SystemClock:
        self.clock = SystemClock(SteadyTime(lambda: self.wall, lambda: self.elapsed))
        return self.clock

    def passes(self, seconds: float) -> None:
        self.wall += seconds
        self.elapsed += seconds


async def press(store: Store, clock: SystemClock) -> None:
    hub = Hub(store, LocalBus(), clock)
    await hub.start()
    at = clock.now()
    await hub.receive(
        Signal("scaip", "0", None, "k", SignalKind.ALARM, Reason.PRESSED, 2, "ME", "1", at, None, b"<mrq/>")
    )
    await hub.close()


async def acted(store: Store, machine: Machine, escalation: Escalation, seconds: int) -> list[float]:
    """When, in real seconds since the machine's start, steps acted while so many passed."""
    moments = []
    for _ in range(0, seconds, LOOK):
        machine.passes(LOOK)
        moments += [machine.elapsed] * await escalation.act_on_due(machine.clock.now())
    return moments


def expect_each_at_its_time(moments: list[float], late: float = 0) -> None:
    assert len(moments) == len(STEPS)
    for moment, right in zip(moments, STEPS, strict=True):
        assert right * (1 - FAST) - 1 <= moment <= right * (1 + SLOW) + 3 * LOOK + late


@pytest.mark.parametrize("jump", [HOUR, -HOUR])
async def test_semantics_6_an_hours_jump_of_the_clock_moves_no_step_and_fires_none_twice(
    store: Store, jump: float
) -> None:
    machine = Machine()
    escalation = Escalation(store, LocalBus(), machine.clock)
    await press(store, machine.clock)
    moments = await acted(store, machine, escalation, 30)
    machine.wall += jump
    moments += await acted(store, machine, escalation, 540)
    expect_each_at_its_time(moments)
    async with store.read() as connection:
        [due] = (await connection.scalars(select(tables.case.c.next_step_at))).all()
    assert due > machine.clock.now()


async def test_semantics_6_a_restart_after_the_clock_was_set_back_makes_no_step_late(store: Store) -> None:
    machine = Machine()
    await press(store, machine.clock)
    moments = await acted(store, machine, Escalation(store, LocalBus(), machine.clock), 60)
    assert moments == [60]
    machine.wall -= HOUR
    machine.passes(3.0)
    clock = machine.restart()
    await anchor(store, clock)
    escalation = Escalation(store, LocalBus(), clock)
    moments += await acted(store, machine, escalation, 545)
    # From the newest row on nobody counted: the steps to come are late by that, no more.
    expect_each_at_its_time(moments, late=8)


async def test_a_restart_on_a_right_clock_changes_nothing(store: Store) -> None:
    machine = Machine()
    await press(store, machine.clock)
    machine.passes(20)
    clock = machine.restart()
    await anchor(store, clock)
    assert clock.now() == START + timedelta(seconds=20)


async def test_the_night_in_which_clocks_are_set_back_is_like_any_other(store: Store) -> None:
    machine = Machine()
    machine.passes(29 * 60)  # one minute before 03:00 becomes 02:00 in Sweden
    pressed = machine.elapsed
    await press(store, machine.clock)
    moments = await acted(store, machine, Escalation(store, LocalBus(), machine.clock), 545)
    assert [moment - pressed for moment in moments] == pytest.approx(STEPS, abs=3 * LOOK)
