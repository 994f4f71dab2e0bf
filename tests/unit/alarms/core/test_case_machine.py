"""Whatever happens, in whatever order and at whatever time: what must hold of every case at every moment."""

from datetime import timedelta

from hypothesis import assume, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from alarms.core.at_desk import (
    Accepted,
    AnotherUnknown,
    MergedFrom,
    MergedInto,
    Named,
    Offered,
    OfferEnded,
    SentOn,
    Ticked,
    Told112,
)
from alarms.core.case import decide
from alarms.core.plan import Frozen, freeze
from alarms.core.shapes import (
    Arrived,
    Came,
    Close,
    Counted,
    Decision,
    Ended,
    Event,
    GrantChange,
    Hold,
    Note,
    NotTold,
    Read,
    Release,
    Resume,
    SentOut,
    StepDue,
    Take,
    TakeOver,
    Unhoused,
)
from kit.wire.routing_words import RouteFailed, StepFailed
from kit.wire.words import CaseKind, CaseState, Cause, Measure, NobodyReason, Reason, SignalKind
from tests.unit.alarms.core.cases import AT, after, fault, press, raised
from tests.unit.alarms.core.plans import plans

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
    st.builds(SentOut, st.just({"outcome": "taken"})),
    st.builds(Unhoused, st.sampled_from(RouteFailed)),
    st.builds(Ended, st.sampled_from([Measure.CAME_BACK, Measure.PART_OF_INCIDENT])),
    st.builds(Counted, st.integers(1, 3000)),
    st.builds(Ticked, people, st.just("step-1"), st.booleans(), st.just("speak"), st.none()),
    st.builds(Told112, people),
    st.builds(Offered, people, people),
    st.builds(SentOn, people, st.sampled_from(["central", "east"])),
    st.builds(Accepted, people, st.sampled_from([None, 0]), st.sampled_from([None, "central", "east"])),
    st.builds(OfferEnded, people, st.sampled_from([None, "central", "east"])),
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
    st.builds(AnotherUnknown, st.just("signal-9")),
)


class CaseMachine(RuleBasedStateMachine):
    """One case and a clock that only moves forward."""

    @initialize(
        kind=st.sampled_from(CaseKind),
        resident=st.sampled_from([None, "resident-1"]),
        plan=st.one_of(st.none(), plans().map(freeze)),
    )
    def begin(self, kind: CaseKind, resident: str | None, plan: Frozen | None) -> None:
        first = press("signal-1") if kind is CaseKind.PERSON else fault("signal-1")
        self.case = after(raised(kind, resident=resident, plan=plan, desk="central"), first)
        self.plan = self.case.plan
        self.at = AT
        self.granted: str | None = None
        self.alarms = 1

    @rule(event=events)
    def happen(self, event: Event) -> None:
        if isinstance(event, Arrived) and event.kind is SignalKind.TECHNICAL:
            assume(self.case.kind is CaseKind.TECHNICAL)  # a fault has a case of its own (`core.opening`)
        self._let(event)

    @rule(stale=st.integers(0, 5))
    def a_stale_step_acts(self, stale: int) -> None:
        before = self.case
        if stale < before.step:
            self._let(StepDue(stale))
            assert self.case == before

    @rule(seconds=st.integers(0, 4000), came=st.sampled_from([None, Came("anna"), Came(failed=StepFailed.ROTA_GAP)]))
    def time_passes(self, seconds: int, came: Came | None) -> None:
        """As the escalation loop does: whatever falls due acts at its time or later."""
        end = self.at + timedelta(seconds=seconds)
        for _ in range(5000):
            due = self.case.next_step_at
            if due is None or due > end:
                break
            self.at = max(self.at, due)
            step = self.case.step
            self._let(StepDue(step, came))
            assert self.case.step > step, "a step that acted is no longer the next one"
        else:
            raise AssertionError("the plan spins")
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
        if isinstance(event, Arrived) and event.kind is SignalKind.TECHNICAL and before.kind is CaseKind.TECHNICAL:
            self.alarms += 1
        if isinstance(event, Counted):
            self.alarms = event.count
        if isinstance(event, AnotherUnknown):
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
        if isinstance(event, Ended):
            assert before.kind is CaseKind.TECHNICAL, "a person's case never ends by itself"
            assert before.state is not CaseState.TAKEN or self.case.state is CaseState.TAKEN, "who has it closes it"
        elif not isinstance(event, Close | MergedInto):
            assert self.case.state is not CaseState.CLOSED, "only a human closes"

    @invariant()
    def an_open_case_has_a_next_step_and_a_deadline_and_a_closed_one_has_none(self) -> None:
        is_open = self.case.state is not CaseState.CLOSED
        assert (self.case.next_step is not None) == is_open
        assert (self.case.next_step_at is not None) == is_open
        assert (self.case.open_key is not None) == is_open

    @invariant()
    def the_plan_is_the_one_it_was_raised_with(self) -> None:
        assert self.case.plan is self.plan

    @invariant()
    def exactly_a_taken_case_has_a_handler_and_the_handler_has_the_grant(self) -> None:
        if self.case.state is CaseState.CLOSED:
            assert self.granted is None
        else:
            assert (self.case.handler is not None) == (self.case.state is CaseState.TAKEN)
            assert self.granted == self.case.handler

    @invariant()
    def an_offer_stands_while_somebody_has_the_case_and_is_never_forgotten(self) -> None:
        offers = [one for one in (self.case.offered_to, self.case.offered_desk) if one is not None]
        assert len(offers) == (0 if self.case.offered_until is None else 1)
        if self.case.offered_until is not None:
            assert self.case.state is CaseState.TAKEN
            assert self.case.offered_to != self.case.handler
            assert self.case.offered_desk is None or self.case.offered_desk != self.case.desk
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
