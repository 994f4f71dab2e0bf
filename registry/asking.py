"""Who asks, what for, about whom, and what the answer is: the shapes that `access` decides with."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from kit.wire.client import ClientScope as Scope
from kit.wire.words import Role


class Act(StrEnum):
    """What a route does, in the access log's words."""

    SESSION_OPEN = "session.open"
    DESK_OPEN = "desk.open"
    CASE_LIST = "case.list"
    CASE_READ = "case.read"
    CASE_ACT = "case.act"
    CASE_TAKE_OVER = "case.take_over"
    HANDOVER_112 = "case.handover_112"
    NOTE_READ = "note.read"
    NOTE_WRITE = "note.write"
    SHIFT_NOTE_READ = "shift_note.read"
    SHIFT_NOTE_WRITE = "shift_note.write"
    RESIDENT_LIST = "resident.list"
    RESIDENT_READ = "resident.read"
    DOOR_CODE_READ = "door_code.read"
    DEVICE_LIST = "device.list"
    ACCESS_LOG_READ = "access_log.read"
    DEVICE_EVENT = "device.event"
    DEVICE_ADD = "device.add"
    DEVICE_READ = "device.read"
    DEVICE_PAIR = "device.pair"
    DEVICE_GO_LIVE = "device.go_live"
    DEVICE_RETURN = "device.return"
    DEVICE_RESTOCK = "device.restock"
    HOME_OPEN = "home.open"
    LOCK_LIST = "lock.list"
    LOCK_OPEN = "lock.open"
    VISIT_START = "visit.start"
    VISIT_LIST = "visit.list"
    VISIT_READ = "visit.read"
    VISIT_ANSWER = "visit.answer"
    VISIT_JOIN = "visit.join"
    VISIT_END = "visit.end"
    MEET_OPEN = "meet.open"
    BOARD_READ = "board.read"
    STATISTICS_READ = "statistics.read"
    WATCHDOG_READ = "watchdog.read"
    ROUTING_READ = "routing.read"
    ROUTING_WRITE = "routing.write"
    ROUTING_PREVIEW = "routing.preview"
    ACTION_STEPS_READ = "action_steps.read"
    ACTION_STEPS_WRITE = "action_steps.write"
    RESIDENT_STEPS_READ = "resident_steps.read"
    RESIDENT_STEPS_WRITE = "resident_steps.write"
    OUTAGE_CONTACT_READ = "outage_contact.read"
    OUTAGE_CONTACT_WRITE = "outage_contact.write"
    MISSION_LIST = "mission.list"
    MISSION_READ = "mission.read"
    MISSION_ACT = "mission.act"
    POSITION_READ = "position.read"
    POSITION_ASK = "position.ask"
    CONSENT_READ = "consent.read"
    CONSENT_WRITE = "consent.write"
    ZONE_READ = "zone.read"
    ZONE_WRITE = "zone.write"
    DEVICE_COMMANDS = "device.commands"
    EVENT_READ = "event.read"
    SUBSCRIPTION_READ = "subscription.read"
    SUBSCRIPTION_WRITE = "subscription.write"
    RESERVE_READ = "reserve.read"
    RESERVE_WRITE = "reserve.write"
    CLIENT_READ = "client.read"
    CLIENT_WRITE = "client.write"
    INTEGRATION_READ = "integration.read"
    INTEGRATION_WRITE = "integration.write"
    PUBLIC = "public"


@dataclass(frozen=True, slots=True)
class Span:
    """From when, until when; `ends_at` none is open-ended."""

    starts_at: datetime
    ends_at: datetime | None

    def holds(self, at: datetime) -> bool:
        """Whether the moment lies within."""
        return self.starts_at <= at and (self.ends_at is None or at < self.ends_at)


@dataclass(frozen=True, slots=True)
class Agreement:
    """A central serves this principal for this span."""

    principal: str
    span: Span


@dataclass(frozen=True, slots=True)
class Who:
    """A session: a person in a role, held in a unit, a principal or a central; a resident's device; or a client,
    another system of a principal's, with what its `scopes` say.
    """

    person: str
    name: str
    role: Role | None
    unit: str | None
    principal: str | None
    central: str | None
    span: Span
    agreements: tuple[Agreement, ...] = ()
    device: str | None = None
    client: str | None = None
    scopes: frozenset[Scope] = frozenset()


class Right(StrEnum):
    """What a grant gives, in the words of the grants table."""

    SEE = "see"
    SEE_CODE = "see_code"
    CALL = "call"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Grant:
    """`holder` may do what `rights` say for a resident, or for whoever lives in a home, for a purpose, for a span."""

    holder: str
    principal: str
    resident: str | None
    home: str | None
    rights: frozenset[Right]
    purpose: str
    span: Span


@dataclass(frozen=True, slots=True)
class Purpose:
    """Why somebody looks: `kind` and `id` of what they work on (a case), and whether that is still open."""

    kind: str
    id: str
    open: bool


@dataclass(frozen=True, slots=True)
class Whom:
    """What is asked about. Nothing filled in means that there is no such thing, or that a list is asked for.

    `handler` is the person who has the case in `purpose`. `device` is whose events, or whose page. `desk` is the
    central (or the principal's own desk) that has the case, none when every one that serves the principal has it, and
    `offered_desk` another that may take it over.
    """

    principal: str | None = None
    unit: str | None = None
    resident: str | None = None
    home: str | None = None
    handler: str | None = None
    purpose: Purpose | None = None
    device: str | None = None
    desk: str | None = None
    offered_desk: str | None = None


class Basis(StrEnum):
    """On what a yes rests; it goes into the access log."""

    ANYBODY = "anybody"
    SELF = "self"
    ROLE = "role"
    UNIT = "unit"
    PRINCIPAL = "principal"
    AGREEMENT = "agreement"
    OPEN_CASE = "open_case"
    GRANT = "grant"
    SCOPE = "scope"


@dataclass(frozen=True, slots=True)
class Allowed:
    """Yes."""

    basis: Basis


@dataclass(frozen=True, slots=True)
class Denied:
    """No. `hidden`: the asker learns only that there is no such thing (404); else that it may not be done (403)."""

    code: str
    hidden: bool = False
