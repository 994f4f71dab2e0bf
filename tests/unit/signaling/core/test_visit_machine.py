"""Whatever happens, in whatever order and at whatever time: what must hold of every visit at every moment."""

from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from kit.wire.words import Away, Direction, Trouble, VisitKind, VisitPart, VisitState
from signaling.core.shapes import (
    Answer,
    Decision,
    Decline,
    Event,
    HangUp,
    Join,
    Leave,
    Report,
    Return,
    RightEnded,
    Ring,
    Seen,
    StepDue,
)
from signaling.core.visit import decide
from tests.unit.signaling.core.visits import AT, BEDROOM, CALLER, HALL, a_plan

devices = st.sampled_from(["hall", "bedroom"])
holders = st.sampled_from([CALLER, HALL, BEDROOM, "stranger"])
away = st.sampled_from([None, *Away])
events = st.one_of(
    st.builds(Ring, st.just("participant-anna"), away),
    st.builds(Seen, devices),
    devices.flatmap(lambda one: st.builds(Answer, st.just(one), st.just(f"participant-{one}"), away)),
    st.builds(Decline, devices),
    st.builds(HangUp, holders),
    st.builds(Join, holders, st.sampled_from(Direction)),
    st.builds(Report, holders, st.lists(st.sampled_from(Trouble), max_size=3).map(tuple)),
    st.builds(Leave, holders, st.sampled_from(Away)),
    st.builds(Return, holders),
    st.builds(RightEnded),
)
LASTING = st.one_of(  # without what ends it, so that the later states are seen too
    st.builds(Ring, st.just("participant-anna"), st.none()),
    devices.flatmap(lambda one: st.builds(Answer, st.just(one), st.just(f"participant-{one}"), st.none())),
    st.builds(Join, holders, st.sampled_from(Direction)),
)


class VisitMachine(RuleBasedStateMachine):
    """One visit and a clock that only moves forward."""

    @initialize(kind=st.sampled_from(VisitKind))
    def begin(self, kind: VisitKind) -> None:
        self.at = AT
        self.visit = a_plan(kind)
        self.answered_by: str | None = None

    @rule(event=LASTING)
    def go_on(self, event: Event) -> None:
        self._let(event)

    @rule(event=events)
    def happen(self, event: Event) -> None:
        self._let(event)

    @rule(back=st.integers(1, 5))
    def a_stale_step_acts(self, back: int) -> None:
        before = self.visit
        decision = decide(before, StepDue(before.step - back), self.at)
        assert not isinstance(decision, Decision) or decision == Decision(before, changed=False)

    @rule(seconds=st.one_of(st.integers(0, 70), st.integers(0, 20_000)))
    def time_passes(self, seconds: int) -> None:
        """As the timers do: whatever falls due acts at its time."""
        end = self.at + timedelta(seconds=seconds)
        while (due := self.visit.next_step_at) is not None and due <= end:
            self.at = max(self.at, due)
            step = self.visit.step
            self._let(StepDue(step))
            assert self.visit.step > step, "a step that acted is no longer the next one"
        self.at = end

    def _let(self, event: Event) -> None:
        before = self.visit
        decision = decide(before, event, self.at)
        if not isinstance(decision, Decision):
            return
        self.visit = decision.visit
        assert self.visit.version == before.version + decision.changed
        assert self.visit.step >= before.step
        if not decision.changed:
            assert self.visit == before
        if before.state is VisitState.ENDED:
            assert self.visit == before, "what has ended stays as it ended"

    @invariant()
    def an_open_visit_has_a_next_step_and_a_deadline_to_come_and_an_ended_one_has_none(self) -> None:
        is_open = self.visit.state is not VisitState.ENDED
        assert (self.visit.next_step is not None) == (self.visit.next_step_at is not None) == is_open
        assert self.visit.next_step_at is None or self.visit.next_step_at >= self.at

    @invariant()
    def never_have_two_devices_answered(self) -> None:
        at_home = [one.holder for one in self.visit.participants if one.part is VisitPart.RESIDENT]
        assert len(at_home) <= 1
        if self.answered_by is not None:
            assert at_home == [self.answered_by]
        self.answered_by = at_home[0] if at_home else None
        assert (self.visit.answered_at is not None) == bool(at_home)

    @invariant()
    def exactly_what_rings_or_runs_keeps_others_from_ringing(self) -> None:
        live = self.visit.state in {VisitState.RINGING, VisitState.ANSWERED, VisitState.IN_PROGRESS}
        assert (self.visit.live_key is not None) == live

    @invariant()
    def an_ended_visit_says_when_and_how(self) -> None:
        ended = self.visit.state is VisitState.ENDED
        assert (self.visit.outcome is not None) == (self.visit.ended_at is not None) == ended

    @invariant()
    def the_moments_are_in_their_order(self) -> None:
        visit = self.visit
        moments = [visit.rang_at, visit.answered_at, visit.connected_at, visit.ended_at]
        known = [moment for moment in moments if moment is not None]
        assert known == sorted(known)


VisitMachine.TestCase.settings = settings(max_examples=80, stateful_step_count=40, deadline=None)
TestVisitMachine = VisitMachine.TestCase
