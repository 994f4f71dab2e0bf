"""What planners choose from, what a draft would come to, steps for each kind of alarm, and whom to tell of an outage.

What has no version of its own is told apart by a `tag` of what it says: who writes names the one that was `seen`.
"""

from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from kit.wire.handling import StepCode, Text
from kit.wire.model import At, Id, Wire
from kit.wire.routing import Name, Named, PlanBody, PreviewView, RotaBody, RotaGap, RoutingBody
from kit.wire.routing_words import RouteFailed, SwedishDay
from kit.wire.words import CaseKind, Reason

StepText = Annotated[Text, Field(max_length=300)]
Tag = Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]
Address = Annotated[str, Field(max_length=300, pattern=r"^[^\s\x00-\x1f\x7f]*$")]


class WorkerNamed(Named):
    """Somebody who can be on call or be asked to go. `units` are the names of where they work."""

    units: list[str]


class PlanRunning(Wire):
    """How many open cases carry a plan as it was when they were raised."""

    plan: str
    version: int
    cases: int


class PlanningChoices(Wire):
    """What a principal's plans, routes and rotas may name. `desks`: its own, and each central it has an agreement with.

    `office` are those who may have changed something; `holidays` the days that count as such until others are chosen.
    """

    principal: Named
    now: At
    desks: list[Named]
    units: list[Named]
    workers: list[WorkerNamed]
    office: list[Named]
    plans: list[Named]
    rotas: list[Named]
    holidays: list[SwedishDay]
    running: list[PlanRunning]


class DraftPlan(PlanBody):
    """A plan that is not stored."""

    id: Id


class DraftRota(RotaBody):
    """A rota that is not stored."""

    id: Id


class Draft(Wire):
    """What somebody is about to store, and the alarm to try it with. `at` without a zone is Swedish wall time."""

    at: datetime
    kind: CaseKind
    reason: Reason
    plan: DraftPlan | None = None
    routing: RoutingBody | None = None
    rota: DraftRota | None = None


class DraftFault(Wire):
    """Why it could not be stored; `about` is the id of the step, rule, layer, change or person."""

    code: str
    about: str | None


class WeekStretch(Wire):
    """From one minute of a Swedish day until another where the alarm would go. No `desks`: all that serve."""

    starts: int
    ends: int
    desks: list[Named]
    rule: str | None
    plan: str
    failed: list[RouteFailed]


class WeekDay(Wire):
    """One day of the week that was asked about."""

    day: date
    holiday: bool
    stretches: list[WeekStretch]


class TurnView(Wire):
    """Who is on call from when until when; nobody where there is a gap."""

    starts_at: At
    ends_at: At
    person: Named | None


class LayerTurns(Wire):
    """The turns that one layer alone would give."""

    layer: str
    turns: list[TurnView]


class RotaSeen(Wire):
    """Two weeks of a rota: who is on in the end, what each layer gives, and when nobody can be reached."""

    starts_at: At
    ends_at: At
    on_now: Named | None
    turns: list[TurnView]
    layers: list[LayerTurns]
    gaps: list[RotaGap]


class DraftSeen(Wire):
    """What a draft would come to. A plan is gone through wherever routes lead; `led_to` says whether one leads to it.

    `preview` is none while the plan cannot be stored, `rota` while the rota cannot or is not asked about.
    """

    faults: list[DraftFault]
    led_to: bool
    preview: PreviewView | None
    week: list[WeekDay]
    rota: RotaSeen | None


class OwnSteps(Wire):
    """A principal's own steps for a reason, or for every alarm; no texts where it has none."""

    reason: Reason | None
    texts: list[str]
    tag: str


class UsualSteps(Wire):
    """What everybody has who has no list of their own for that reason."""

    kind: CaseKind
    reason: Reason | None
    codes: list[StepCode]


class ActionSteps(Wire):
    """Every list that a principal has, and ours; the list for no reason is for every alarm that has none."""

    items: list[OwnSteps]
    usual: list[UsualSteps]


class PutSteps(Wire):
    """A principal's list for a reason; without texts it has none any more."""

    texts: Annotated[list[StepText], Field(max_length=20)]
    seen: Tag


class ResidentStep(Wire):
    """What is to be done for a resident besides; no reason: at every alarm."""

    reason: Reason | None
    text: StepText


class ResidentSteps(Wire):
    """All that is to be done for one resident besides."""

    resident: str
    name: str
    items: list[ResidentStep]
    tag: str


class PutResidentSteps(Wire):
    """The same to store."""

    items: Annotated[list[ResidentStep], Field(max_length=20)]
    seen: Tag


class OutageContactBody(Wire):
    """Whom to tell of an outage; by e-mail, by a POST to a webhook, or both."""

    name: Name
    email: Address = ""
    webhook: Address = ""


class PutOutageContact(OutageContactBody):
    """The same to store, over what was seen."""

    seen: Tag


class OutageContact(OutageContactBody):
    """A contact as it is stored."""

    id: str
    tag: str


class OutageContacts(Wire):
    """A principal's contacts. `may_change` is whether the asker may write them."""

    items: list[OutageContact]
    may_change: bool
