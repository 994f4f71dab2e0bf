"""Whatever happens, in whatever order and at whatever time: what must hold of every case at every moment."""

from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from alarms.core.at_desk import (
    Accepted,
    Counted,
    MergedFrom,
    MergedInto,
    Named,
    Offered,
    OfferEnded,
    Ticked,
    Told112,
)
from alarms.core.case import decide
from alarms.core.shapes import (
    Arrived,
    Close,
    Decision,
    Event,
    GrantChange,
    Hold,
    Note,
    NotTold,
    Read,
    Release,
    Resume,
    StepDue,
    Take,
    TakeOver,
)
from kit.wire.words import CaseKind, CaseState, Cause, Measure, NobodyReason, Reason, SignalKind
from tests.unit.alarms.core.cases import AT, after, fault, press, raised

people = st.sampled_from(["karin", "sven", "aino"])
minutes = st.integers(1, 60)
events = st.one_of(
    st.builds(
        Arrived,
        st.just("signal-9"),
        st.sampled_from([kind for kind in SignalKind if kind not in {SignalKind.TEST, SignalKind.HEARTBEAT}]),
        st.sampled_from([None, *Reason]),
        st.integers(1, 5),
    ),
    st.builds(Take, people),
    st.builds(TakeOver, people),
    st.builds(Release, people),
    st.builds(Note, people, st.text(max_size=10)),
    st.builds(Hold, people, minutes),
    st.builds(Resume, people),
    st.builds(Read, people),
    st.builds(
        Close,
        people,
        st.sampled_from(Cause),
        st.sampled_from(Measure),
        resident=st.sampled_from([None, "resident-2"]),
        nobody=st.sampled_from([None, *NobodyReason]),
    ),
    st.builds(NotTold, st.just("signal-1")),
    st.builds(Ticked, people, st.just("step-1"), st.booleans(), st.just("speak"), st.none()),
    st.builds(Told112, people),
    st.builds(Offered, people, people),
    st.builds(Accepted, people, st.sampled_from([None, 0])),
    st.builds(OfferEnded, people),
    st.builds(Named, people, st.just("resident-2")),
    st.builds(MergedInto, people, st.just("case-2"), st.just("resident-2")),
    st.builds(
        MergedFrom,
        people,
        st.just("case-2"),
        st.integers(0, 3),
        st.integers(0, 3),
        st.integers(1, 5),
        st.sampled_from(Reason),
        st.just(AT),
    ),
    st.builds(Counted, st.just("signal-9")),
)


class CaseMachine(RuleBasedStateMachine):
    """One case and a clock that only moves forward."""

    @initialize(kind=st.sampled_from(CaseKind), resident=st.sampled_from([None, "resident-1"]))
    def begin(self, kind: CaseKind, resident: str | None) -> None:
        first = press("signal-1") if kind is CaseKind.PERSON else fault("signal-1")
        self.case = after(raised(kind, resident=resident), first)
        self.at = AT
        self.granted: str | None = None
        self.alarms = 1

    @rule(event=events)
    def happen(self, event: Event) -> None:
        self._let(event)

    @rule(stale=st.integers(0, 5))
    def a_stale_step_acts(self, stale: int) -> None:
        before = self.case
        if stale < before.step:
            self._let(StepDue(stale))
            assert self.case == before

    @rule(seconds=st.integers(0, 4000))
    def time_passes(self, seconds: int) -> None:
        """As the escalation loop does: whatever falls due acts at its time or later."""
        end = self.at + timedelta(seconds=seconds)
        for _ in range(200):
            due = self.case.next_step_at
            if due is None or due > end:
                break
            self.at = max(self.at, due)
            step = self.case.step
            self._let(StepDue(step))
            assert self.case.step > step, "a step that acted is no longer the next one"
        self.at = end

    def _let(self, event: Event) -> None:
        before = self.case
        decision = decide(before, event, self.at)
        if not isinstance(decision, Decision):
            return
        self.case = decision.case
        if isinstance(event, Arrived) and event.kind is SignalKind.ALARM:
            self.alarms += 1
            assert self.case.unread > before.unread, "every press is there to be seen"
            assert decision.entries, "every press is on the timeline"
        if isinstance(event, Arrived) and event.kind is SignalKind.TECHNICAL:
            self.alarms += 1
        if isinstance(event, Counted):
            self.alarms += 1
            assert self.case.unread, "what is only counted is there to be seen"
        if isinstance(event, MergedFrom):
            self.alarms += event.presses
        if decision.grants is GrantChange.GIVE:
            assert self.granted is None
            self.granted = self.case.handler
        elif decision.grants is GrantChange.HAND_OVER:
            assert self.granted is not None
            self.granted = self.case.handler
        elif decision.grants is GrantChange.END:
            self.granted = None
        if not isinstance(event, Close | MergedInto):
            assert self.case.state is not CaseState.CLOSED, "only a human closes"

    @invariant()
    def an_open_case_has_a_next_step_and_a_deadline_and_a_closed_one_has_none(self) -> None:
        is_open = self.case.state is not CaseState.CLOSED
        assert (self.case.next_step is not None) == is_open
        assert (self.case.next_step_at is not None) == is_open
        assert (self.case.open_key is not None) == is_open

    @invariant()
    def exactly_a_taken_case_has_a_handler_and_the_handler_has_the_grant(self) -> None:
        if self.case.state is CaseState.CLOSED:
            assert self.granted is None
        else:
            assert (self.case.handler is not None) == (self.case.state is CaseState.TAKEN)
            assert self.granted == self.case.handler

    @invariant()
    def an_offer_stands_while_somebody_has_the_case_and_is_never_forgotten(self) -> None:
        assert (self.case.offered_to is None) == (self.case.offered_until is None)
        if self.case.offered_until is not None:
            assert self.case.state is CaseState.TAKEN
            assert self.case.offered_to != self.case.handler
            assert self.case.next_step_at is not None
            assert self.case.next_step_at <= self.case.offered_until

    @invariant()
    def numbers_stay_in_their_bounds(self) -> None:
        assert 1 <= self.case.priority <= 5
        assert 0 <= self.case.escalation <= 2
        assert self.case.unread >= 0
        if self.case.kind is CaseKind.PERSON and self.alarms > 1 and self.case.merged_into is None:
            assert self.case.presses == self.alarms

    @invariant()
    def a_closed_case_says_why_and_about_whom(self) -> None:
        if self.case.state is CaseState.CLOSED and self.case.merged_into is None:
            assert self.case.cause is not None
            assert self.case.measure is not None
            assert (self.case.resident is None) != (self.case.nobody is None)


CaseMachine.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestCaseMachine = CaseMachine.TestCase
