"""Routes, escalation plans and rotas as planners read and write them, and what a preview answers.

Whoever writes says which `version` was on the screen, 0 for what is new: who was late is told so.
"""

from datetime import UTC, date, datetime
from typing import Annotated

from pydantic import Field

from kit.wire.model import At, Id, Wire
from kit.wire.routing_words import Day, PlanAct, RouteFailed, StepFailed, SwedishDay
from kit.wire.words import CaseKind, Reason, Role, Step

Word = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,40}$")]
Name = Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[^\x00-\x1f\x7f]+$")]
Clock = Annotated[str, Field(pattern=r"^(([01]\d|2[0-3]):[0-5]\d|24:00)$")]
Seconds = Annotated[int, Field(ge=0, le=604_800)]
Seen = Annotated[int, Field(ge=0, le=2_000_000_000)]
When = Annotated[At, Field(ge=datetime(2000, 1, 1, tzinfo=UTC), lt=datetime(2100, 1, 1, tzinfo=UTC))]
FirstDay = Annotated[date, Field(ge=date(2000, 1, 1), lt=date(2100, 1, 1))]


class HoursBody(Wire):
    """Hours in Swedish wall time on these days, none for all. Until an earlier or the same time: past midnight."""

    days: Annotated[list[Day], Field(max_length=8)] = Field(default_factory=list)
    starts: Clock = "00:00"
    ends: Clock = "24:00"


class RuleBody(Wire):
    """Who answers what, when. An empty list means all; no plan means the default one."""

    id: Word
    kinds: list[CaseKind] = Field(default_factory=list, max_length=5)
    reasons: list[Reason] = Field(default_factory=list, max_length=50)
    hours: list[HoursBody] = Field(default_factory=list, max_length=20)
    desks: list[Id] = Field(default_factory=list, max_length=10)
    plan: Id | None = None


class OverflowBody(Wire):
    """A rule before all others, for a while."""

    id: Word
    starts_at: When
    ends_at: When
    kinds: list[CaseKind] = Field(default_factory=list, max_length=5)
    reasons: list[Reason] = Field(default_factory=list, max_length=50)
    desks: list[Id] = Field(default_factory=list, max_length=10)
    plan: Id | None = None


class RoutingBody(Wire):
    """A principal's routes: the first rule that is meant for a case decides. `holidays` none: the usual ones."""

    rules: list[RuleBody] = Field(default_factory=list, max_length=50)
    overflows: list[OverflowBody] = Field(default_factory=list, max_length=20)
    holidays: list[SwedishDay] | None = None


class PutRouting(RoutingBody):
    """Routes to store, over the version that was seen."""

    version: Seen


class RoutingView(RoutingBody):
    """Routes as they are stored; version 0 where nobody has stored any."""

    principal: str
    version: int
    changed_at: At | None
    changed_by: str | None


class PersonAsked(Wire):
    """One of several persons, and the seconds that one is given before the next is asked."""

    person: Id
    wait: Seconds


class PlanStepBody(Wire):
    """One step of a plan. `wait` is seconds from the step before; `urgent_wait` instead for what is urgent."""

    id: Word
    act: PlanAct
    wait: Seconds = 0
    urgent_wait: Seconds | None = None
    role: Role | None = None
    unit: Id | None = None
    rota: Id | None = None
    persons: list[PersonAsked] = Field(default_factory=list, max_length=20)
    desk: Id | None = None
    again: Word | None = None
    times: Annotated[int, Field(ge=1, le=100)] | None = None


class PlanBody(Wire):
    """An escalation plan; its last step repeats for ever."""

    name: Name
    steps: list[PlanStepBody] = Field(max_length=100)


class PutPlan(PlanBody):
    """A plan to store, over the version that was seen."""

    version: Seen


class PlanView(PlanBody):
    """A plan as it is stored."""

    id: str
    principal: str
    version: int
    changed_at: At
    changed_by: str


class PlanList(Wire):
    """A principal's plans."""

    items: list[PlanView]
    next: str | None = None


class LayerBody(Wire):
    """Persons who take turns of `shift_hours`, the first from `starts` at `handover` on, within `hours`."""

    id: Word
    persons: Annotated[list[Id], Field(max_length=100)]
    starts: FirstDay
    handover: Clock
    shift_hours: Annotated[int, Field(ge=1, le=672)]
    hours: list[HoursBody] = Field(default_factory=list, max_length=20)


class OverrideBody(Wire):
    """This person and nobody else, for a while."""

    id: Word
    person: Id
    starts_at: When
    ends_at: When


class SwapBody(Wire):
    """Two persons who take each other's turns, for a while."""

    id: Word
    persons: Annotated[list[Id], Field(min_length=2, max_length=2)]
    starts_at: When
    ends_at: When


class RotaBody(Wire):
    """A rota: the topmost layer that covers a moment decides."""

    name: Name
    layers: Annotated[list[LayerBody], Field(max_length=10)]
    overrides: list[OverrideBody] = Field(default_factory=list, max_length=200)
    swaps: list[SwapBody] = Field(default_factory=list, max_length=200)
    holidays: list[SwedishDay] | None = None


class PutRota(RotaBody):
    """A rota to store, over the version that was seen."""

    version: Seen


class RotaView(RotaBody):
    """A rota as it is stored, with who is on now."""

    id: str
    principal: str
    version: int
    changed_at: At
    changed_by: str
    on_now: str | None


class RotaList(Wire):
    """A principal's rotas."""

    items: list[RotaView]
    next: str | None = None


class RotaGap(Wire):
    """When nobody can be reached: nobody is on, or `person` is but holds no role here then."""

    starts_at: At
    ends_at: At
    person: str | None


class RotaGaps(Wire):
    """The gaps of a rota within the coming `days`."""

    rota: str
    days: int
    items: list[RotaGap]


class Named(Wire):
    """An id with the name that goes with it."""

    id: str
    name: str


class PreviewStep(Wire):
    """A step of the plan as it would act. `reached` is a person, unit or desk; `failed` why it would reach nobody."""

    id: str
    step: Step
    at: At
    reached: Named | None
    failed: StepFailed | None


class PreviewView(Wire):
    """What would happen to a case raised at `at`. No `desks`: every desk that serves the principal has it.

    The `steps` go round once; from step number `again` on they go round for ever.
    """

    principal: str
    kind: CaseKind
    reason: Reason
    at: At
    desks: list[Named]
    rule: str | None
    failed: list[RouteFailed]
    plan: str
    plan_version: int
    steps: list[PreviewStep]
    again: int
