"""A case as pages and API callers see it."""

from pydantic import Field

from kit.wire.handling import CallView, StepView
from kit.wire.model import At, Wire
from kit.wire.resident import HouseholdMember
from kit.wire.words import CaseKind, CaseState, Reason, Scope, SignalKind, Step, TimelineKind


class ResidentBrief(Wire):
    """What a row in the queue says of a resident. `age` in whole years."""

    id: str
    name: str
    age: int | None
    unit: str
    unit_name: str


class SignalView(Wire):
    """One signal on a case. `reference` is the device's own; `raw` is what it sent, undecodable bytes replaced.

    `details` holds what the device said besides: place, texts, position.
    """

    id: str
    protocol: str
    type: str
    kind: SignalKind
    reason: Reason | None
    reference: str
    received_at: At
    occurred_at: At | None
    unread: bool
    defects: list[str]
    details: dict[str, str]
    raw: str


class TimelineView(Wire):
    """One line of what happened. `by` is a person's id, `by_name` that person's name; none for the platform itself."""

    id: str
    at: At
    kind: TimelineKind
    by: str | None
    by_name: str | None
    data: dict[str, str | int | None]


class IncidentBrief(Wire):
    """What many silent devices have in common, and how many: `silent` now, of `watched` there; `counted` in all.

    `name` is the town's, network's, model's or unit's own name, or the principal's.
    """

    scope: Scope
    name: str
    silent: int
    counted: int
    watched: int


class CaseView(Wire):
    """A case as a row in a queue. Priority 1 comes first; `presses` counts the person's alarms on this case.

    `escalation` is 0 while it waits as it should, 1 when every desk is louder, 2 when the supervisor has been asked.
    `desk` is the central that has it in its queue, none where every one that serves the principal has.
    `missions` counts those under way: a case with one cannot be closed.
    `occurred_at` is when it happened, where it reached us minutes or hours later (after an outage); else none.
    `account` is there where nobody knows whose alarm it is: what the sender calls itself, empty where it is several.
    `merged_into` is the case that this one turned out to be a part of.
    """

    id: str
    version: int
    kind: CaseKind
    state: CaseState
    priority: int
    principal: str
    principal_name: str
    resident: str | None
    person: ResidentBrief | None
    home: str | None
    town: str | None
    household: int
    device: str | None
    reason: Reason
    presses: int
    unread: int
    handler: str | None
    handler_name: str | None
    escalation: int
    held_until: At | None
    next_step: Step | None
    next_step_at: At | None
    raised_at: At
    taken_at: At | None
    closed_at: At | None
    desk: str | None = None
    missions: int = 0
    occurred_at: At | None = None
    incident: IncidentBrief | None = None
    account: str | None = None
    offered_to: str | None = None
    offered_to_name: str | None = None
    offered_desk: str | None = None
    offered_desk_name: str | None = None
    offered_until: At | None = None
    merged_into: str | None = None


class CaseDetail(CaseView):
    """A case with everything on it, newest last.

    `maybe` is who lives in the home while nobody knows which of them it is: whom a closing may name.
    """

    signals: list[SignalView]
    timeline: list[TimelineView]
    maybe: list[HouseholdMember] = Field(default_factory=list)
    steps: list[StepView] = Field(default_factory=list)
    calls: list[CallView] = Field(default_factory=list)


class CaseList(Wire):
    """One page of cases; `next` goes into `cursor` for the following page."""

    items: list[CaseView]
    next: str | None


class IncidentDevice(Wire):
    """A device of an incident. `back_at` is when it was heard again, none while it is silent."""

    device: str
    model: str
    resident: str | None
    resident_name: str | None
    unit: str | None
    last_seen_at: At | None
    joined_at: At
    back_at: At | None


class IncidentDevices(Wire):
    """One page of an incident's devices, by id."""

    items: list[IncidentDevice]
    next: str | None
