"""Locks: as pages see them, how one is told to open, and what travels to and from a lock that speaks our own topics.

`GET /api/v1/locks` gives `LockList`; `POST /api/v1/locks/{id}/open` takes `OpenLock` and answers `LockOpened`, or a
problem whose `code` is one of `LockOutcome`'s (409 `lock_jammed` and `lock_refused`, 503 `lock_unreachable`, 504
`lock_no_answer`), at the latest after 10 seconds.
"""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from kit.wire.model import At, Id, Wire
from kit.wire.words import DoorState, LockState

OPEN_COMMAND = "nattljus.lock.open"
COMMAND_ANSWERED = "nattljus.command.answered"


class LockView(Wire):
    """A lock of a home. `account` is what it calls itself in its protocol; `can_open` whether it takes commands.

    `reachable` is none until the lock has said either; `heard_at` is when it last told how it stands.
    """

    id: str
    principal: str
    home: str
    door: str
    protocol: str
    account: str
    can_open: bool
    state: LockState
    door_state: DoorState
    battery_low: bool
    reachable: bool | None
    heard_at: At | None


class LockList(Wire):
    """One page of locks; `next` goes into `cursor` for the following page."""

    items: list[LockView]
    next: str | None


class LockPurpose(Wire):
    """What a door is opened for: the case that an operator has, or the mission that a responder has accepted."""

    case: Id | None = None
    mission: Id | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.case is None) == (self.mission is None):
            raise ValueError("name one: case or mission")
        return self


class OpenLock(Wire):
    """Open this door. `command_id` makes it idempotent: the same person's same id gets the same answer."""

    purpose: LockPurpose
    command_id: Annotated[str | None, Field(min_length=1, max_length=80)] = None


class LockOpened(Wire):
    """The lock has confirmed. `state` is how it stands, `command` the command's id, `at` when it was confirmed."""

    lock: str
    command: str
    state: LockState
    door_state: DoorState
    at: At


class LockCommandData(Wire):
    """What a lock on our own topics is told; after `expires_at` it does nothing any more."""

    command: str
    action: Literal["unlock", "unlatch"]
    expires_at: At


class LockCommand(Wire):
    """A CloudEvent on `nattljus/v1/<principal>/<device>/command`."""

    specversion: Literal["1.0"] = "1.0"
    id: str
    source: Literal["/nattljus"] = "/nattljus"
    type: Literal["nattljus.lock.open"] = "nattljus.lock.open"
    time: At
    data: LockCommandData


class LockAnswerData(Wire):
    """What came of a command: `data` of a CloudEvent `nattljus.command.answered` on a lock's `ack` topic."""

    command: Annotated[str, Field(min_length=1, max_length=80)]
    result: Literal["unlocked", "unlatched", "opened", "jammed", "refused"]
