"""Deadlines on a clock that stands still."""

import pytest

from alarms.receivers.timers import Timers
from kit.clock import FakeClock
from kit.tasks import Tasks


@pytest.fixture
async def running():
    clock = FakeClock()
    tasks, timers = Tasks(clock), Timers(clock)
    tasks.forever("timers", timers.run)
    await clock.advance(0)
    yield clock, timers
    await tasks.close()


async def test_what_is_due_is_called_in_order_and_once(running):
    clock, timers = running
    called = []
    timers.after(2, lambda: called.append("late"))
    timers.after(1, lambda: called.append("soon"))
    await clock.advance(0.9)
    assert called == []
    await clock.advance(0.15)
    assert called == ["soon"]
    await clock.advance(10)
    assert called == ["soon", "late"]


async def test_what_was_called_off_is_not_called(running):
    clock, timers = running
    called = []
    timers.after(1, lambda: called.append("no")).cancel()
    timers.after(2, lambda: called.append("yes"))
    await clock.advance(5)
    assert called == ["yes"]


async def test_an_action_may_set_the_next_deadline(running):
    clock, timers = running
    called = []
    timers.after(1, lambda: timers.after(1, lambda: called.append(clock.monotonic())))
    await clock.advance(0)
    await clock.advance(5)
    assert called == [pytest.approx(2, abs=0.11)]


async def test_an_action_that_fails_stops_no_other(running):
    clock, timers = running
    called = []
    timers.after(1, lambda: 1 / 0)
    timers.after(1, lambda: called.append("yes"))
    await clock.advance(2)
    assert called == ["yes"]
