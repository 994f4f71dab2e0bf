"""Whatever happens, in whatever order and at whatever time: what must hold of a mission and of its case."""

from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from alarms.core import case as cases
from alarms.core import shapes
from alarms.core.mission import decide, watched_until
from alarms.core.mission_shapes import (
    Accept,
    Arrive,
    Cancel,
    Decision,
    Decline,
    Event,
    Finish,
    GetIn,
    NoAnswer,
    SetOff,
    StepDue,
    Tick,
)
from kit.wire.mission_words import ArrivedHow, ArrivedReason, DeclineReason, DoorStep, MissionState, SkipReason
from kit.wire.words import Cause, Measure
from tests.unit.alarms.core import cases as some_cases
from tests.unit.alarms.core.missions import AT, sent

people = st.sampled_from(["anna", "amir", "petra"])
desk = st.booleans()
events = st.one_of(
    st.builds(Accept, people),
    st.builds(Decline, people, st.sampled_from(DeclineReason), st.integers(0, 2)),
    st.builds(SetOff, people, desk),
    st.builds(
        Arrive, people | st.none(), st.sampled_from(ArrivedHow), st.sampled_from([None, *ArrivedReason]), desk=desk
    ),
    st.builds(NoAnswer, people, desk),
    st.builds(Tick, people, st.sampled_from(DoorStep), st.sampled_from([None, *SkipReason]), desk),
    st.builds(GetIn, people, desk),
    st.builds(Finish, people, desk),
    st.builds(Cancel, people),
)
of_the_case = st.one_of(
    st.builds(shapes.Take, people),
    st.builds(shapes.TakeOver, people),
    st.builds(shapes.Release, people),
    st.builds(shapes.Read, people),
    st.builds(shapes.Hold, people, st.integers(1, 60)),
    st.builds(shapes.Note, people, st.just("text")),
    st.builds(shapes.Close, people, st.just(Cause.FALL), st.just(Measure.STAFF_SENT)),
    st.just(some_cases.press()),
)


class MissionMachine(RuleBasedStateMachine):
    """One case with one mission, and a clock that only moves forward."""

    @initialize(person=st.sampled_from([None, "anna"]), within=st.integers(1, 90))
    def begin(self, person: str | None, within: int) -> None:
        self.at = AT
        self.mission = sent(unit=None if person else "norr", person=person, within=within)
        self.case = some_cases.after(
            some_cases.queued(), shapes.Take("karin"), shapes.MissionSent(self.mission.id, "karin", {})
        )
        self.granted = False

    @rule(event=events)
    def something_is_said(self, event: Event) -> None:
        self._let(event)

    @rule(event=of_the_case)
    def something_happens_to_the_case(self, event: shapes.Event) -> None:
        decision = cases.decide(self.case, event, self.at)
        if isinstance(decision, shapes.Decision):
            self.case = decision.case

    @rule(stale=st.integers(0, 5))
    def a_stale_step_acts(self, stale: int) -> None:
        before = self.mission
        if stale < before.step:
            self._let(StepDue(stale))
            assert self.mission == before

    @rule(seconds=st.integers(0, 4000))
    def time_passes(self, seconds: int) -> None:
        """As the loops do: whatever falls due acts at its time, the mission's and the case's."""
        end = self.at + timedelta(seconds=seconds)
        for _ in range(200):
            dues = [due for due in (self.mission.next_step_at, self.case.next_step_at) if due is not None]
            if not dues or min(dues) > end:
                break
            self.at = max(self.at, min(dues))
            if self.mission.next_step_at is not None and self.mission.next_step_at <= self.at:
                before = self.mission
                self._let(StepDue(before.step))
                assert self.mission.state is before.state, "time decides nothing"
                assert self.mission.urgent == before.urgent + 1, "a deadline that passes is heard"
            else:
                step = self.case.step
                decision = cases.decide(self.case, shapes.StepDue(step), self.at)
                assert isinstance(decision, shapes.Decision)
                self.case = decision.case
                assert self.case.step > step
        self.at = end

    def _let(self, event: Event) -> None:
        before = self.mission
        decision = decide(before, event, self.at)
        if not isinstance(decision, Decision) or not decision.changed:
            return
        self.mission = decision.mission
        self.granted = {"give": True, "end": False}.get(decision.grants, self.granted)
        ended = before.open and not self.mission.open
        told = shapes.MissionTold(decision.entries, ended, decision.urgent, watched_until(self.mission))
        heard = cases.decide(self.case, told, self.at)
        assert isinstance(heard, shapes.Decision), "a case hears of every mission that is open"
        if decision.urgent:
            assert heard.case.unread > self.case.unread
            assert heard.case.escalation >= 1
            assert heard.case.held_until is None
        assert heard.entries, "each act is a line"
        self.case = heard.case

    @invariant()
    def an_open_mission_has_a_next_step_and_a_deadline_and_an_ended_one_has_none(self) -> None:
        assert (self.mission.next_step is not None) == self.mission.open
        assert (self.mission.next_step_at is not None) == self.mission.open

    @invariant()
    def the_case_counts_it_and_is_not_closed_while_it_is_open(self) -> None:
        assert self.case.missions == int(self.mission.open)
        assert not (self.mission.open and self.case.closed_at)
        assert (self.case.next_step_at is None) == (self.case.closed_at is not None)

    @invariant()
    def exactly_who_has_it_may_see_and_open(self) -> None:
        has = self.mission.open and self.mission.responder is not None
        assert self.granted == has
        assert (self.mission.state is MissionState.SENT) == (self.mission.open and self.mission.responder is None)

    @invariant()
    def nobody_is_done_without_having_arrived_nor_with_a_step_left(self) -> None:
        if self.mission.state is MissionState.DONE:
            assert self.mission.arrived_at is not None
            assert all(one.at is not None for one in self.mission.door)


MissionMachine.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestMissionMachine = MissionMachine.TestCase
