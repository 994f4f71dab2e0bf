"""What the watchdog keeps on disk in the data folder: it must know whom to tell when the database is what is away."""

import os
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Literal

from pydantic import TypeAdapter, ValidationError

from alarms.core.watch import Watch
from kit.log import get_logger
from kit.wire.watch import FindingCode

log = get_logger(__name__)

Means = Literal["page", "webhook", "email"]
Phase = Literal["begun", "over"]


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody in a municipality who is told of an outage."""

    id: str
    principal: str
    name: str
    email: str
    webhook: str


@dataclass(frozen=True, slots=True)
class Message:
    """Something that is to be told: `body` is what is sent, `key` names whom, for their signature and their order.

    `outage`, `phase` and `principal` are empty in a page.
    """

    id: str
    means: Means
    key: str
    address: str
    body: str
    made_at: datetime
    tries: int = 0
    next_at: datetime | None = None
    outage: str = ""
    phase: str = ""
    principal: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """What became of a message about an outage, until it stands in the database."""

    id: str
    outage: str
    contact: str
    principal: str
    phase: str
    means: str
    at: datetime
    tries: int
    outcome: str


@dataclass(frozen=True, slots=True)
class OutageRow:
    """An outage as it is to stand in the database."""

    id: str
    began_at: datetime
    told_at: datetime
    ended_at: datetime | None
    codes: tuple[FindingCode, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """Everything, from one round and one start to the next."""

    watch: Watch = field(default_factory=Watch)
    contacts: tuple[Contact, ...] = ()
    waiting: tuple[Message, ...] = ()
    told: tuple[Told, ...] = ()
    outages: tuple[OutageRow, ...] = ()
    heartbeat_at: datetime | None = None


_KEPT = TypeAdapter(Kept)


@dataclass(slots=True)
class Memory:
    """`kept`, and the file it is in. Changed through `change`, and written when `save` is called."""

    file: Path
    kept: Kept = field(default_factory=Kept)

    def load(self) -> None:
        """Take up what the file holds; begin anew where there is none, or none that can be read."""
        try:
            self.kept = _KEPT.validate_json(self.file.read_bytes())
        except FileNotFoundError:
            return
        except (OSError, ValidationError) as error:
            log.error("watchdog_memory_unreadable", reason=type(error).__name__)

    def change(self, **fields: object) -> None:
        """Replace some of it."""
        self.kept = replace(self.kept, **fields)  # type: ignore[arg-type]  # the fields' own types hold at load

    def save(self) -> None:
        """Write it whole, or not at all; a disk that is full costs what a restart would need, not the watch."""
        draft = self.file.with_suffix(f".{os.getpid()}")
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "wb") as output:
                output.write(_KEPT.dump_json(self.kept))
                output.flush()
                os.fsync(output.fileno())
            draft.replace(self.file)
        except OSError as error:
            log.error("watchdog_memory_unwritten", reason=error.strerror)
