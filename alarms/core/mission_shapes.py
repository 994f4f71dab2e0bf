"""What a mission is, what can happen to it, and what a decision says: shapes only; the rules are in `mission`."""

from dataclasses import dataclass
from datetime import datetime

from alarms.core.shapes import Entry, GrantChange
from kit.wire.mission_words import (
    ArrivedHow,
    ArrivedReason,
    DeclineReason,
    DoorStep,
    MissionState,
    MissionStep,
    SkipReason,
)


@dataclass(frozen=True, slots=True)
class Declined:
    """Somebody it was offered to cannot."""

    person: str
    reason: DeclineReason
    at: datetime


@dataclass(frozen=True, slots=True)
class AtDoor:
    """A step of the plan for when nobody answers: done, passed over for a reason, or (`at` none) still to be done."""

    step: DoorStep
    at: datetime | None = None
    by: str | None = None
    skipped: SkipReason | None = None


@dataclass(frozen=True, slots=True)
class Mission:
    """A mission as it stands; the columns of `mission`. `step` is the next step's id and only grows.

    It is offered to a `unit` or to one `person`; `responder` is who has accepted it. `arrive_within` is in minutes,
    as the unit had it when the mission was sent. `urgent` counts how often it has become urgent. `door` is the plan for
    when nobody answers, empty until then.
    """

    id: str
    version: int
    principal: str
    case: str
    resident: str | None
    home: str | None
    unit: str | None
    person: str | None
    state: MissionState
    responder: str | None
    note: str
    why: str
    sent_by: str | None
    sent_at: datetime
    arrive_within: int
    accepted_at: datetime | None = None
    set_off_at: datetime | None = None
    arrived_at: datetime | None = None
    arrived_how: ArrivedHow | None = None
    arrived_reason: ArrivedReason | None = None
    ended_at: datetime | None = None
    urgent: int = 0
    declined: tuple[Declined, ...] = ()
    door: tuple[AtDoor, ...] = ()
    step: int = 0
    next_step: MissionStep | None = None
    next_step_at: datetime | None = None

    @property
    def open(self) -> bool:
        """Whether somebody may still have to go."""
        return self.ended_at is None


@dataclass(frozen=True, slots=True)
class Accept:
    """Somebody it is offered to will go; the first has it."""

    by: str


@dataclass(frozen=True, slots=True)
class Decline:
    """Somebody cannot. `others` is how many more it is offered to who have not declined."""

    by: str
    reason: DeclineReason
    others: int = 0


@dataclass(frozen=True, slots=True)
class SetOff:
    """The responder is on the way. `desk`: who has the case says so, having been told."""

    by: str
    desk: bool = False


@dataclass(frozen=True, slots=True)
class Arrive:
    """The responder is there. `by` is none when the lock itself says so; `lock` is which."""

    by: str | None
    how: ArrivedHow
    reason: ArrivedReason | None = None
    lock: str | None = None
    desk: bool = False


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """The responder stands at the door and nobody answers: the forced plan begins."""

    by: str
    desk: bool = False


@dataclass(frozen=True, slots=True)
class Tick:
    """A step at the door is done, or passed over for a reason."""

    by: str
    step: DoorStep
    skipped: SkipReason | None = None
    desk: bool = False


@dataclass(frozen=True, slots=True)
class GetIn:
    """The door is open after all: what is left of the plan is not needed."""

    by: str
    desk: bool = False


@dataclass(frozen=True, slots=True)
class Finish:
    """The responder is done there."""

    by: str
    desk: bool = False


@dataclass(frozen=True, slots=True)
class Cancel:
    """Who has the case calls it off; none when a plan does."""

    by: str | None
    why: str = ""


@dataclass(frozen=True, slots=True)
class StepDue:
    """The deadline of step `step` has passed. A step that is no longer the next one does nothing."""

    step: int


Event = Accept | Decline | SetOff | Arrive | NoAnswer | Tick | GetIn | Finish | Cancel | StepDue


@dataclass(frozen=True, slots=True)
class Decision:
    """The mission after the event, and what its case's timeline says of it.

    `urgent`: the case must be looked at again. `changed` is false where the event was right but there was nothing
    to do.
    """

    mission: Mission
    entries: tuple[Entry, ...] = ()
    grants: GrantChange = GrantChange.KEEP
    urgent: bool = False
    changed: bool = True


@dataclass(frozen=True, slots=True)
class Refused:
    """The event may not happen now; the mission is as it was."""

    code: str
