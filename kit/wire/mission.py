"""Missions as pages and API callers see them, and what they send about one.

Over HTTP: `POST /api/v1/cases/{id}/dispatch` takes `DispatchBody`, the routes under `/api/v1/missions/{id}` the others;
each answers `MissionView`. Over the socket `/api/v1/missions/live` the responder's page says nothing and is told
`missions`, all of them, when it opens and at each change, and a `beat` each second between: three seconds without
either means old data. A page that comes again is told everything again.
"""

from typing import Annotated, Literal

from pydantic import Field

from kit.wire.mission_words import (
    ArrivedHow,
    ArrivedReason,
    DeclineReason,
    DoorStep,
    MissionState,
    MissionStep,
    SkipReason,
)
from kit.wire.model import VERSION, At, CommandId, Id, Wire
from kit.wire.resident import ResidentCard
from kit.wire.words import Reason


class DeclinedView(Wire):
    """Somebody it was offered to cannot."""

    person: str
    name: str
    reason: DeclineReason
    at: At


class AtDoorView(Wire):
    """A step at the door where nobody answers; to be done while `at` is none, passed over when `skipped` says why."""

    step: DoorStep
    at: At | None
    by_name: str | None
    skipped: SkipReason | None


class MissionLock(Wire):
    """A lock that the responder may open for this mission."""

    id: str
    door: str


class MissionView(Wire):
    """A mission. `reason` and `priority` are its case's, `raised_at` is since when somebody waits.

    `unit` or `person` is whom it was offered to, `responder` who has accepted it. For staff `resident`, `name`, `note`
    and `locks` are there only for who has accepted it and while it lasts; `town` is none where a protected identity
    lives, until then. `arrive_by` is when the responder should be there, none before somebody has accepted.
    `urgent` counts how often it has become urgent. `mine` is whether the asker has it.
    """

    id: str
    version: int
    principal: str
    case: str
    state: MissionState
    reason: Reason
    priority: int
    raised_at: At
    town: str | None
    area: str
    age: int | None
    resident: str | None
    name: str | None
    unit: str | None
    unit_name: str | None
    person: str | None
    person_name: str | None
    responder: str | None
    responder_name: str | None
    mine: bool
    note: str
    sent_by_name: str | None
    sent_at: At
    accepted_at: At | None
    set_off_at: At | None
    arrive_by: At | None
    arrived_at: At | None
    arrived_how: ArrivedHow | None
    arrived_reason: ArrivedReason | None
    ended_at: At | None
    urgent: int
    next_step: MissionStep | None
    next_step_at: At | None
    declined: list[DeclinedView]
    door: list[AtDoorView]
    locks: list[MissionLock]


class MissionList(Wire):
    """One page of missions, newest first; `next` goes into `cursor` for the following page."""

    items: list[MissionView]
    next: str | None


class MissionCards(Wire):
    """The cards of who the mission is to: one, or everybody of the home while nobody knows who it is."""

    items: list[ResidentCard]


class TeamView(Wire):
    """A unit that can be sent. `workers` counts those who work there, `busy` its open missions."""

    id: str
    name: str
    workers: int
    busy: int
    own: bool
    arrive_within: int


class WorkerView(Wire):
    """A person who can be sent. `busy` counts the missions this one has or is offered; `unit` where they work."""

    id: str
    name: str
    unit: str | None
    unit_name: str | None
    busy: int


class ResponderList(Wire):
    """Whom a case's handler can send; the resident's own unit comes first (`own`)."""

    teams: list[TeamView]
    workers: list[WorkerView]


class DispatchBody(Wire):
    """Whom to send: a unit or a person."""

    command_id: CommandId = None
    unit: Id | None = None
    person: Id | None = None
    note: Annotated[str, Field(max_length=500)] = ""


class MissionAct(Wire):
    """Something a responder says. `command_id` makes it idempotent: a receipt that waited is sent with its own."""

    command_id: CommandId = None


class DeclineBody(MissionAct):
    """Why not."""

    reason: DeclineReason


class ArrivedBody(MissionAct):
    """Arrived: by the code of the tag at the door, or by a reason that is stated. A lock says so by itself."""

    tag: Annotated[str | None, Field(min_length=1, max_length=80)] = None
    reason: ArrivedReason | None = None


class DoorStepBody(MissionAct):
    """A step at the door is done, or passed over for a reason."""

    step: DoorStep
    skipped: SkipReason | None = None


class CancelBody(MissionAct):
    """Why it is called off, in a few words."""

    why: Annotated[str, Field(max_length=200)] = ""


class MissionsNow(Wire):
    """Every open mission of who has the page, and those lately over, newest first."""

    type: Literal["missions"] = "missions"
    version: Literal[1] = VERSION
    at: At
    items: list[MissionView]


class MissionsBeat(Wire):
    """All is well and nothing has changed."""

    type: Literal["beat"] = "beat"
    at: At
