"""What leaves the platform for a principal's other systems: events, and the subscriptions that send them.

An event is a CloudEvent 1.0 in structured JSON, the same in a webhook and in `GET /api/v1/events`. It holds ids and
codes, never a name, an address or what somebody has written.
"""

from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import AwareDatetime, Field, model_validator

from kit.wire.model import At, Wire
from kit.wire.words import CaseKind, Reason

SEQUENCE = r"^[0-9]{1,18}$"


class EventType(StrEnum):
    """What an event is about. `device.…` comes beside the `case.…` of the same technical case."""

    CASE_RAISED = "nattljus.case.raised"
    CASE_SIGNAL = "nattljus.case.signal"
    CASE_TAKEN = "nattljus.case.taken"
    CASE_RELEASED = "nattljus.case.released"
    CASE_ESCALATED = "nattljus.case.escalated"
    CASE_HANDED_OVER = "nattljus.case.handed_over"
    CASE_NAMED = "nattljus.case.named"
    CASE_MERGED = "nattljus.case.merged"
    CASE_CLOSED = "nattljus.case.closed"
    MISSION_SENT = "nattljus.mission.sent"
    MISSION_ACCEPTED = "nattljus.mission.accepted"
    MISSION_DECLINED = "nattljus.mission.declined"
    MISSION_ON_THE_WAY = "nattljus.mission.on_the_way"
    MISSION_ARRIVED = "nattljus.mission.arrived"
    MISSION_NO_ANSWER = "nattljus.mission.no_answer"
    MISSION_GOT_IN = "nattljus.mission.got_in"
    MISSION_DONE = "nattljus.mission.done"
    MISSION_CANCELLED = "nattljus.mission.cancelled"
    MISSION_URGENT = "nattljus.mission.urgent"
    DOOR_TOLD = "nattljus.door.told"
    DOOR_OPENED = "nattljus.door.opened"
    DOOR_FAILED = "nattljus.door.failed"
    DEVICE_SILENT = "nattljus.device.silent"
    DEVICE_HEARD = "nattljus.device.heard"


class EventData(Wire):
    """The case it is about, and what happened in codes and ids (`said`; which ones, by type, in alarms/outward/README).

    `resident` is there only where the subscription, or the client's scope, includes it. `by` is who did it, an id.
    `resident` and `device` are as they stood when the event was taken from the case's timeline, a moment later.
    """

    case: str
    kind: CaseKind
    reason: Reason
    device: str | None
    by: str | None
    said: dict[str, str | int]
    resident: str | None = None


class OutwardEvent(Wire):
    """One event (CloudEvents 1.0.2, JSON format). `id` is the same however often it is sent; `subject` is the case.

    `sequence` is its place among the principal's events, and the cursor that `GET /api/v1/events?after=` takes.
    `replayed` marks what was asked for once more, or comes out of the dead letters: its place may be behind what came.
    """

    specversion: Literal["1.0"] = "1.0"
    id: str
    source: str
    type: EventType
    subject: str
    time: At
    datacontenttype: Literal["application/json"] = "application/json"
    sequence: str
    replayed: bool = False
    data: EventData


class EventPage(Wire):
    """Events in their order. `next` is the cursor for what comes after them, and after what was not asked for.

    `missed` is how many places after the cursor are forgotten: events are kept for seven days.
    """

    items: list[OutwardEvent]
    next: str
    missed: int


class SubscriptionBody(Wire):
    """Where events are sent, which, and whether the resident's id is among what they say. No types: all of them."""

    url: Annotated[str, Field(min_length=1, max_length=500)]
    types: list[EventType] = Field(default_factory=list, max_length=len(EventType))
    resident: bool = False
    on: bool = True


class PutSubscription(SubscriptionBody):
    """A change over what was seen (`tag`)."""

    seen: Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]


class SubscriptionView(Wire):
    """A subscription and how it goes.

    `state`: `off` by choice; `paused` while its receiver takes nothing (since `paused_since`); else `on`. `sequence` is
    how far it has come, of `newest`; `waiting` events of earlier places are tried again, `dead` ones are not. The next
    try is at `asked_again_at`, none while nothing waits. `missed` counts what was forgotten before it could be sent.
    `outcome` is what the last failure was, in a word.
    """

    id: str
    tag: str
    url: str
    types: list[EventType]
    resident: bool
    state: Literal["on", "off", "paused"]
    sequence: str
    newest: str
    waiting: int
    dead: int
    missed: int
    heard_at: At | None
    paused_since: At | None
    asked_again_at: At | None
    outcome: str
    rotating_until: At | None


class SubscriptionSecret(Wire):
    """The key that its signatures are checked with: shown now and never again. `whsec_` and 32 bytes in base64."""

    subscription: SubscriptionView
    secret: str


class SubscriptionList(Wire):
    """A principal's subscriptions."""

    items: list[SubscriptionView]


class DeadLetter(Wire):
    """An event that was given up, and why; it can be sent once more."""

    event: OutwardEvent
    tries: int
    first_at: At
    dead_at: At
    outcome: str


class DeadLetters(Wire):
    """Dead letters, oldest first. `next` is the cursor for more, none at the end."""

    items: list[DeadLetter]
    next: str | None


class Replay(Wire):
    """Send again everything after a place in the order (`from`; `0`: all that is kept), or since a moment."""

    from_: Annotated[str | None, Field(alias="from", pattern=SEQUENCE)] = None
    since: AwareDatetime | None = None

    @model_validator(mode="after")
    def _either(self) -> Self:
        if (self.from_ is None) == (self.since is None):
            raise ValueError("either from or since")
        return self


class Again(Wire):
    """How many events will be sent once more."""

    events: int
