"""What came of a command to open: settled once, by the lock or by time, and then on the case's timeline, once.

Whoever notices first writes it: the request that waits, or, when that process died, any other's sweep.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from alarms import tables
from alarms.core.case import decide
from alarms.core.shapes import Decision, LockAnswered
from alarms.journal import Changed, lock_case, write
from alarms.missions.proof import arrive_by_lock
from kit.wire.words import LockOutcome, LockState

_own = tables.lock_command.alias("own")
_lead = tables.lock_command.alias("lead")


@dataclass(frozen=True, slots=True)
class Standing:
    """A command as it stands. Who asked while another's command was under way shares that one's fate: `lead`."""

    id: str
    lead: str
    lock: str
    case: str
    mission: str | None
    person: str
    asked_at: datetime
    expires_at: datetime
    sent_at: datetime | None
    settled_at: datetime | None
    outcome: LockOutcome | None
    state: LockState | None
    noted: bool


async def standing(connection: AsyncConnection, command_id: str) -> Standing:
    """How that command stands now."""
    lead_id = func.coalesce(_own.c.joins, _own.c.id)
    query = (
        select(_own, *(_lead.c[name].label(f"lead_{name}") for name in ("id", *_SHARED)))
        .join(_lead, _lead.c.id == lead_id)
        .where(_own.c.id == command_id)
    )
    row = (await connection.execute(query)).mappings().one()
    return Standing(
        id=row["id"],
        lead=row["lead_id"],
        lock=row["lock"],
        case=row["case"],
        mission=row["mission"],
        person=row["person"],
        asked_at=row["lead_asked_at"],
        expires_at=row["lead_expires_at"],
        sent_at=row["lead_sent_at"],
        settled_at=row["lead_settled_at"],
        outcome=LockOutcome(row["lead_outcome"]) if row["lead_outcome"] else None,
        state=LockState(row["lead_state"]) if row["lead_state"] else None,
        noted=row["noted_at"] is not None,
    )


_SHARED = ("asked_at", "expires_at", "sent_at", "settled_at", "outcome", "state")


async def settle(
    connection: AsyncConnection, command_id: str, outcome: LockOutcome, at: datetime, *, unsent: bool = False
) -> bool:
    """End a command that nothing has ended yet; says whether it was this. `unsent`: only if it was never sent."""
    command = tables.lock_command
    open_still = (command.c.id == command_id) & command.c.outcome.is_(None)
    if unsent:
        open_still &= command.c.sent_at.is_(None)
    values = {"waiting": None, "outcome": outcome, "settled_at": at}
    return (await connection.execute(update(command).where(open_still).values(values))).rowcount == 1


async def note(connection: AsyncConnection, command: Standing, at: datetime) -> bool:
    """Put a settled command's outcome on its case's timeline, once; says whether the feed has grown.

    A door opened for a mission proves that the responder has arrived.
    """
    assert command.outcome is not None
    case = await lock_case(connection, command.case)
    own = tables.lock_command
    unnoted = (own.c.id == command.id) & own.c.noted_at.is_(None)
    if (await connection.execute(update(own).where(unnoted).values(noted_at=at))).rowcount != 1:
        return False
    answered = LockAnswered(command.person, command.lock, command.outcome)
    decision = decide(case, answered, at) if case else None
    if not isinstance(decision, Decision):
        return False
    changed = Changed(decision.case, decision.entries)
    if command.mission is not None and command.outcome is LockOutcome.OPENED:
        proven = await arrive_by_lock(connection, decision.case, command.mission, command.lock, at)
        if proven is not None:
            changed = Changed(proven.case, (*decision.entries, *proven.entries))
    await write(connection, [changed], at)
    return True
