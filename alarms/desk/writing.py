"""What a decision on a case means beside the case: who may see, call and open, what is read, which steps there are."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncConnection

from alarms import tables
from alarms.core.shapes import Case, Decision, GrantChange
from alarms.handling.steps import freeze
from alarms.journal import Changed, write
from kit.wire.words import CaseState
from registry.access import Purpose, Right
from registry.grants import end_grants, give_grant

HANDLER_RIGHTS = (Right.SEE, Right.SEE_CODE, Right.CALL, Right.OPEN)


async def write_decision(connection: AsyncConnection, before: Case, decision: Decision, at: datetime) -> None:
    """Write one decision and all that follows from it, the feed last."""
    await settle(connection, before, decision, at)
    await write(connection, [Changed(decision.case, decision.entries)], at)


async def settle(connection: AsyncConnection, before: Case, decision: Decision, at: datetime) -> None:
    """Write what follows from a decision, all but the case itself; the case is locked."""
    after = decision.case
    purpose = Purpose("case", after.id, open=after.closed_at is None)
    if decision.grants in {GrantChange.END, GrantChange.HAND_OVER}:
        await end_grants(connection, purpose, at)
    if (
        decision.grants in {GrantChange.GIVE, GrantChange.HAND_OVER}
        and after.handler
        and (after.resident or after.home)
    ):
        await give_grant(
            connection,
            holder=after.handler,
            principal=after.principal,
            purpose=purpose,
            rights=HANDLER_RIGHTS,
            at=at,
            resident=after.resident,
            home=None if after.resident else after.home,
        )
    if before.unread and not after.unread and after.merged_into is None:
        unread = (tables.signal.c.case == after.id) & tables.signal.c.read_at.is_(None)
        await connection.execute(update(tables.signal).where(unread).values(read_at=at))
    if after.state is CaseState.TAKEN and (before.handler, before.resident) != (after.handler, after.resident):
        await freeze(connection, after, at)
