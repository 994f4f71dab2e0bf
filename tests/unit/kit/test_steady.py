"""A machine's clock is set, forward and back; our time goes on as time does."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.clock_told import off_seconds, steps_total
from kit.steady import FAST, MOST_BEHIND, SLOW, SteadyTime

START = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
HOUR = 3600.0


class Machine:
    """A wall clock that can be set, and a clock that cannot."""

    def __init__(self) -> None:
        self.wall = START.timestamp()
        self.elapsed = 1000.0
        self.time = SteadyTime(lambda: self.wall, lambda: self.elapsed)

    def passes(self, seconds: float) -> None:
        self.wall += seconds
        self.elapsed += seconds

    def set_by(self, seconds: float) -> None:
        self.wall += seconds

    def real(self) -> float:
        return self.elapsed - 1000.0

    def shown(self) -> float:
        return (self.time.now() - START).total_seconds()


@pytest.fixture
def machine() -> Machine:
    return Machine()


def test_an_undisturbed_clock_is_the_wall_clock(machine: Machine) -> None:
    for seconds in (0, 0.001, 1, 59.5, 86_400):
        machine.passes(seconds)
        assert machine.time.now() == datetime.fromtimestamp(machine.wall, UTC)
    assert not machine.time.stepped


@pytest.mark.parametrize("jump", [HOUR, -HOUR])
def test_an_hours_jump_changes_a_deadline_of_minutes_by_seconds(machine: Machine, jump: float) -> None:
    machine.time.now()
    machine.set_by(jump)
    assert machine.shown() == pytest.approx(0, abs=1e-3)
    machine.passes(180)
    assert 180 * (1 - SLOW) - 0.001 <= machine.shown() <= 180 * (1 + FAST) + 0.001


def test_after_a_day_or_four_the_hour_is_absorbed(machine: Machine) -> None:
    for jump, rate in ((HOUR, FAST), (-HOUR, SLOW)):
        machine.set_by(jump)
        machine.time.now()
        machine.passes(HOUR / rate + 1)
        assert machine.time.off == pytest.approx(0, abs=1e-3)


def test_a_small_correction_is_followed_within_minutes_and_is_no_step(machine: Machine) -> None:
    before = steps_total._value.get()
    machine.set_by(1.5)
    machine.passes(31)
    assert machine.time.off == pytest.approx(0, abs=1e-3)
    machine.set_by(-1.5)
    machine.passes(151)
    assert machine.time.off == pytest.approx(0, abs=1e-3)
    assert not machine.time.stepped
    assert steps_total._value.get() == before


def test_a_step_is_counted_once_shown_while_it_lasts_and_then_over(machine: Machine) -> None:
    before = steps_total._value.get()
    machine.set_by(-60)
    assert machine.time.stepped
    assert machine.time.stepped
    assert steps_total._value.get() == before + 1
    assert off_seconds._value.get() == pytest.approx(-60)
    machine.passes(3000)
    assert machine.time.stepped
    assert off_seconds._value.get() == pytest.approx(-30, abs=0.1)
    machine.passes(3000)
    assert not machine.time.stepped
    assert off_seconds._value.get() == 0


def test_a_suspended_machine_has_lived_through_the_night(machine: Machine) -> None:
    machine.time.now()
    machine.passes(8 * HOUR)  # both clocks count it, and nobody asked meanwhile
    assert machine.shown() == 8 * HOUR
    assert not machine.time.stepped


def test_a_clock_that_is_behind_the_journal_goes_on_from_there(machine: Machine) -> None:
    newest = START + timedelta(minutes=59)
    assert machine.time.not_before(newest)
    assert machine.time.now() == newest
    machine.passes(100)
    assert machine.time.now() == newest + timedelta(seconds=100 * (1 - SLOW))
    assert machine.time.stepped


def test_a_journal_from_before_or_from_a_far_future_moves_nothing(machine: Machine) -> None:
    assert not machine.time.not_before(START - timedelta(days=1))
    assert not machine.time.not_before(START + MOST_BEHIND + timedelta(seconds=1))
    assert machine.time.now() == START


@given(st.lists(st.tuples(st.floats(0, 7200), st.floats(-90_000, 90_000)), max_size=30))
def test_however_the_clock_is_set_time_never_goes_back_and_never_runs_far_from_real_time(
    story: Iterable[tuple[float, float]],
) -> None:
    machine = Machine()
    before, real = machine.shown(), machine.real()
    for seconds, jump in story:
        machine.set_by(jump)
        machine.passes(seconds)
        passed, shown = machine.real() - real, machine.shown()
        assert passed * (1 - SLOW) - 0.001 <= shown - before <= passed * (1 + FAST) + 0.001
        before, real = shown, machine.real()
