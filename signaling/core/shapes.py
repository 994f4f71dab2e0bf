"""What a visit is, what can happen to it, and what a decision says: shapes only; the rules are in `visit`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from kit.wire.words import (
    Away,
    Direction,
    LegalBasis,
    Trouble,
    VisitEntryKind,
    VisitKind,
    VisitOutcome,
    VisitPart,
    VisitState,
    VisitStep,
)


def person(person_id: str) -> str:
    """A person as a holder. A device may have the same id, and is somebody else."""
    return f"person:{person_id}"


def device(device_id: str) -> str:
    """A device as a holder."""
    return f"device:{device_id}"


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody in a visit: a row of `visit_participant`. `holder` says which person or device it is.

    `joined_at` is the first leg of either direction, `publishes` how many legs into the relay were given out.
    """

    id: str
    part: VisitPart
    holder: str
    joined_at: datetime | None = None
    publishes: int = 0
    away: Away | None = None
    away_since: datetime | None = None
    trouble: tuple[Trouble, ...] = ()

    @property
    def id_of_holder(self) -> str:
        """The person's or the device's own id."""
        return self.holder.partition(":")[2]


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit as it stands: a row of `visit` and its participants, the caller first.

    `live_key` is unique while the visit rings or runs, so that nobody is rung twice at once. `step` is the next step's
    id and only grows.
    """

    id: str
    version: int
    live_key: str | None
    kind: VisitKind
    state: VisitState
    principal: str
    unit: str
    resident: str
    home: str
    caller: str
    caller_place: str
    legal_basis: LegalBasis
    decision: str
    case: str | None
    node: str | None
    planned_at: datetime
    rang_at: datetime | None
    seen_at: datetime | None
    answered_at: datetime | None
    connected_at: datetime | None
    ended_at: datetime | None
    outcome: VisitOutcome | None
    ended_by: VisitPart | None
    step: int
    next_step: VisitStep | None
    next_step_at: datetime | None
    participants: tuple[Participant, ...] = ()

    def of_part(self, part: VisitPart) -> Participant | None:
        """The participant in that part, none when nobody has it yet."""
        return next((one for one in self.participants if one.part is part), None)

    def held_by(self, holder: str) -> Participant | None:
        """The participant that this holder is, none when it is not in the visit."""
        return next((one for one in self.participants if one.holder == holder), None)


@dataclass(frozen=True, slots=True)
class Ring:
    """The caller wants the resident's devices to ring. `away` says that the caller's own page is not there."""

    participant: str
    away: Away | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """A device shows the ring."""

    device: str


@dataclass(frozen=True, slots=True)
class Answer:
    """A device answers and becomes this participant. `away` says that its socket is not there."""

    device: str
    participant: str
    away: Away | None = None


@dataclass(frozen=True, slots=True)
class Decline:
    """Somebody at home says "not now"."""

    device: str


@dataclass(frozen=True, slots=True)
class HangUp:
    """The caller or the resident ends it."""

    holder: str


@dataclass(frozen=True, slots=True)
class Join:
    """A participant is given a leg."""

    holder: str
    direction: Direction


@dataclass(frozen=True, slots=True)
class Report:
    """A participant's page says what is wrong with it now; empty when all is well."""

    holder: str
    trouble: tuple[Trouble, ...]


@dataclass(frozen=True, slots=True)
class Leave:
    """A participant's last socket is gone."""

    holder: str
    away: Away


@dataclass(frozen=True, slots=True)
class Return:
    """A participant has a socket again."""

    holder: str


@dataclass(frozen=True, slots=True)
class RightEnded:
    """What the caller's right to call rested on is no more."""


@dataclass(frozen=True, slots=True)
class StepDue:
    """The deadline of step `step` has passed. A step that is no longer the next one does nothing."""

    step: int


Event = Ring | Seen | Answer | Decline | HangUp | Join | Report | Leave | Return | RightEnded | StepDue


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of what happened. `part` is none for time itself."""

    kind: VisitEntryKind
    at: datetime
    part: VisitPart | None = None
    data: Mapping[str, str | int | None] | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """The visit after the event. `changed` is false where the event was right but there was nothing to do."""

    visit: Visit
    entries: tuple[Entry, ...] = ()
    changed: bool = True


@dataclass(frozen=True, slots=True)
class Refused:
    """The event may not happen now; the visit is as it was."""

    code: str
