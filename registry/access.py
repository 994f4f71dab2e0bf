"""Who may do what for whom: one pure decision, asked by every route.

A role never opens everything: an operator reaches the principals that the central has agreements with now, staff reach
their own unit or principal, a device reaches itself. What is out of reach does not exist for the one who asks (404),
and the attempt is logged.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from kit.wire.words import Role


class Act(StrEnum):
    """What a route does, in the access log's words."""

    SESSION_OPEN = "session.open"
    DESK_OPEN = "desk.open"
    CASE_LIST = "case.list"
    CASE_READ = "case.read"
    CASE_ACT = "case.act"
    CASE_TAKE_OVER = "case.take_over"
    RESIDENT_READ = "resident.read"
    DOOR_CODE_READ = "door_code.read"
    DEVICE_LIST = "device.list"
    ACCESS_LOG_READ = "access_log.read"
    DEVICE_EVENT = "device.event"
    HOME_OPEN = "home.open"
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
    """A session: a person in a role, held in a unit, a principal or a central; or a resident's device."""

    person: str
    name: str
    role: Role | None
    unit: str | None
    principal: str | None
    central: str | None
    span: Span
    agreements: tuple[Agreement, ...] = ()
    device: str | None = None
