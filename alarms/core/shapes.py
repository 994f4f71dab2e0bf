"""What a case is, what can happen to it, and what a decision says: shapes only; the rules are in `case`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from alarms.core.at_desk import DeskEvent
from alarms.core.at_position import PositionEvent
from alarms.core.plan import Frozen
from kit.wire.routing_words import RouteFailed, StepFailed
from kit.wire.words import (
    CaseKind,
    CaseState,
    Cause,
    LockOutcome,
    Measure,
    NobodyReason,
    Reason,
    SignalKind,
    Step,
    TimelineKind,
)


@dataclass(frozen=True, slots=True)
class Case:
    """A case as it stands; the columns of `alarm_case`. `step` is the next step's id and only grows.

    `plan` is frozen when the case is raised; `plan_step` is the place in it before which a waiting case stands. `desk`
    is the central (or the principal's own desk) that has it in its queue, none for every one that serves the principal.
    `answered_ms` is how long it waited until first taken, in milliseconds. `missions` is how many are open; until
    `watched_until` one of them is on time, and its own deadline stands for the handler's. `offered_to`, or
    whoever sits at `offered_desk`, may accept it until `offered_until`. `merged_into` is the case that this one turned
    out to be a part of.
    """

    id: str
    version: int
    open_key: str | None
    kind: CaseKind
    state: CaseState
    priority: int
    principal: str
    resident: str | None
    home: str | None
    device: str | None
    reason: Reason
    presses: int
    unread: int
    handler: str | None
    escalation: int
    held_until: datetime | None
    step: int
    next_step: Step | None
    next_step_at: datetime | None
    raised_at: datetime
    taken_at: datetime | None
    answered_ms: int | None
    closed_at: datetime | None
    cause: Cause | None
    measure: Measure | None
    nobody: NobodyReason | None
    plan: Frozen
    plan_step: int
    desk: str | None
    missions: int = 0
    watched_until: datetime | None = None
    occurred_at: datetime | None = None
    """When it happened, where it reached us much later than that (`core.stale`); none normally."""
    offered_to: str | None = None
    offered_desk: str | None = None
    offered_until: datetime | None = None
    merged_into: str | None = None


@dataclass(frozen=True, slots=True)
class Arrived:
    """A signal of the case's own need has come. `door` is what a door or lock said (`core.door.Door.told`).

    `occurred_at` is when it happened, where that is much earlier (`core.stale`); none where it came at once.
    `zone` names the safe zone whose border was crossed. `placed`: it tells where the person is, and nothing more.
    """

    signal: str
    kind: SignalKind
    reason: Reason | None
    priority: int
    door: Mapping[str, str] | None = None
    occurred_at: datetime | None = None
    zone: str | None = None
    placed: bool = False


@dataclass(frozen=True, slots=True)
class Ended:
    """What a technical case was about is over by itself, or goes on in another case: `measure` says which.

    `said` goes on the timeline. For the platform's own cases only (`core.supervision`).
    """

    measure: Measure
    said: Mapping[str, str | int | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Counted:
    """How many things an incident is about now."""

    count: int


@dataclass(frozen=True, slots=True)
class Take:
    """Somebody wants to become the handler. What came after version `seen` of the case stays unread."""

    by: str
    seen: int | None = None


@dataclass(frozen=True, slots=True)
class TakeOver:
    """A supervisor becomes the handler of what another has; that it is a supervisor was decided before."""

    by: str


@dataclass(frozen=True, slots=True)
class Release:
    """The handler gives the case back to the queue."""

    by: str


@dataclass(frozen=True, slots=True)
class Note:
    """Somebody writes something down."""

    by: str
    text: str


@dataclass(frozen=True, slots=True)
class Hold:
    """The handler sets the case aside for a while."""

    by: str
    minutes: int


@dataclass(frozen=True, slots=True)
class Resume:
    """The handler takes the case up from hold."""

    by: str


@dataclass(frozen=True, slots=True)
class Read:
    """The handler has seen every signal up to version `seen` of the case, none for all there are."""

    by: str
    seen: int | None = None


@dataclass(frozen=True, slots=True)
class Close:
    """The handler ends the case. `resident` names whom it concerned, `nobody` why there is no one to name.

    `call_open` says that a call on the case has no result yet.
    """

    by: str
    cause: Cause
    measure: Measure
    note: str = ""
    resident: str | None = None
    nobody: NobodyReason | None = None
    call_open: bool = False


@dataclass(frozen=True, slots=True)
class Came:
    """What came of carrying a step out: whom or which desk it reached; or, with `failed`, why it did not."""

    reached: str | None = None
    failed: StepFailed | None = None


@dataclass(frozen=True, slots=True)
class StepDue:
    """The deadline of step `step` has passed. A step that is no longer the next one does nothing."""

    step: int
    came: Came | None = None


@dataclass(frozen=True, slots=True)
class Unhoused:
    """The desk that has the case serves its principal no more: from now on every desk that does has it."""

    why: RouteFailed


@dataclass(frozen=True, slots=True)
class NotTold:
    """The device never confirmed our answer to this signal."""

    signal: str


@dataclass(frozen=True, slots=True)
class LockAsked:
    """Somebody has told a lock of the home to open."""

    by: str
    lock: str


@dataclass(frozen=True, slots=True)
class LockAnswered:
    """What came of it."""

    by: str
    lock: str
    outcome: LockOutcome


@dataclass(frozen=True, slots=True)
class MissionSent:
    """Somebody is sent. `by` is the handler, none when a plan sends."""

    mission: str
    by: str | None
    said: "Mapping[str, str | int | None]"


@dataclass(frozen=True, slots=True)
class MissionTold:
    """Something has become of a mission of the case (`core.mission`), already decided there."""

    entries: "tuple[Entry, ...]"
    ended: bool = False
    urgent: bool = False
    watched_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class SentOut:
    """What came of sending one of its signals on to an external alarm centre (`core.forwarding`)."""

    said: "Mapping[str, str | int | None]"


Lock = LockAsked | LockAnswered
OfMission = MissionSent | MissionTold
Watched = Ended | Counted
OfPlan = StepDue | Unhoused
Handled = Take | TakeOver | Release | Note | Hold | Resume | Read | Close
Event = Arrived | Handled | OfPlan | NotTold | SentOut | Lock | OfMission | Watched | DeskEvent | PositionEvent


@dataclass(frozen=True, slots=True)
class Entry:
    """A line for the timeline."""

    kind: TimelineKind
    at: datetime
    by: str | None = None
    data: Mapping[str, str | int | None] | None = None


class GrantChange(StrEnum):
    """What the case's new handler means for who may see, call and open."""

    KEEP = "keep"
    GIVE = "give"
    HAND_OVER = "hand_over"
    END = "end"


@dataclass(frozen=True, slots=True)
class Decision:
    """The case after the event. `changed` is false where the event was right but there was nothing to do."""

    case: Case
    entries: tuple[Entry, ...] = ()
    grants: GrantChange = GrantChange.KEEP
    changed: bool = True


@dataclass(frozen=True, slots=True)
class Refused:
    """The event may not happen now; the case is as it was."""

    code: str
