"""A visit as pages and API callers see it, and what they send about one over HTTP."""

from typing import Annotated

from pydantic import Field

from kit.wire.model import At, CommandId, Id, Wire
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


class ParticipantView(Wire):
    """Somebody in a visit. `person` is staff's id, `device` the resident's device that answered.

    `publishing` is whether a leg into the relay has been given out, so that the others may subscribe to it: each time
    `publishes` grows there is a new one. `away` says why this one is not there now; `away_ends_at` is when the visit
    ends for it. `trouble` is what this one's own page has reported, empty when all is well.
    """

    id: str
    part: VisitPart
    name: str
    person: str | None
    device: str | None
    joined_at: At | None
    publishing: bool
    publishes: int
    away: Away | None
    away_since: At | None
    away_ends_at: At | None
    trouble: list[Trouble]


class VisitView(Wire):
    """A visit. The caller is there from the first ring, the resident from the answer.

    `me` is the asker's own participant id, none when the asker is not in the visit. `caller_place` is where the caller
    works, in words ("Hemtjänst Norr"). `devices` counts the resident's devices that can ring, `reached` those whose
    page is open now; `seen_at` is when one of them first showed the ring. `legal_basis`, `decision` and `case` are none
    for a resident's device. `ended_by` is whose doing the end was (hung up, declined, went away), none for time itself.
    `seconds` is how long both were in it.
    """

    id: str
    version: int
    kind: VisitKind
    state: VisitState
    principal: str
    resident: str
    resident_name: str
    caller: str
    caller_name: str
    caller_place: str
    legal_basis: LegalBasis | None
    decision: str | None
    case: str | None
    device: str | None
    devices: int
    reached: int
    planned_at: At | None
    rang_at: At | None
    seen_at: At | None
    answered_at: At | None
    connected_at: At | None
    ended_at: At | None
    outcome: VisitOutcome | None
    ended_by: VisitPart | None
    seconds: int
    next_step: VisitStep | None
    next_step_at: At | None
    me: str | None
    participants: list[ParticipantView]


class VisitEntry(Wire):
    """One line of what happened. `part` is who did it, none for time itself."""

    id: str
    at: At
    kind: VisitEntryKind
    part: VisitPart | None
    data: dict[str, str | int | None]


class VisitDetail(VisitView):
    """A visit with everything that happened to it, oldest first."""

    entries: list[VisitEntry]


class VisitList(Wire):
    """One page of visits, by time; `next` goes into `cursor` for the following page."""

    items: list[VisitView]
    next: str | None


class VisitOrder(Wire):
    """`POST /api/v1/visits`: ring the resident now, or, with `planned_at`, plan a visit to be rung later.

    `case` is the taken case that an alarm visit is for. `command_id` makes it idempotent.
    """

    resident: Id
    kind: VisitKind
    legal_basis: LegalBasis
    decision: Annotated[str, Field(min_length=1, max_length=200)]
    case: Id | None = None
    planned_at: At | None = None
    command_id: CommandId = None


class VisitCommand(Wire):
    """`POST /api/v1/visits/{id}/ring | answer | decline | end`. `command_id` makes it idempotent."""

    command_id: CommandId = None


class LegOrder(Wire):
    """`POST /api/v1/visits/{id}/legs`. `of` is the participant to subscribe to; none for the asker's own publishing.

    `leg` renews the token of a leg given before, for its PATCH and DELETE; the rest must be as it was then.
    """

    direction: Direction
    of: Id | None = None
    leg: Id | None = None


class IceServer(Wire):
    """A server for the browser's RTCConfiguration."""

    urls: list[str]
    username: str | None = None
    credential: str | None = None


class LegView(Wire):
    """A place at the relay: POST the SDP offer to `url` (WHIP or WHEP, same origin) with `token` as Bearer."""

    leg: str
    url: str
    token: str
    expires_at: At
    ice_servers: list[IceServer]
