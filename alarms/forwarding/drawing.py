"""What goes out is drawn from the feed: each new signal of a person, of a principal whose reserve is on, gets a row.

A task of its own, so that storing an alarm costs nothing more for being sent on. How far a principal's feed is read and
what was found there are one transaction, and one process at a time has it: a signal is out once, whoever dies when.
Order of locks: the reserve's row, then nothing; nobody who has a case, or the feed's head, waits for it.
"""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from alarms import tables as alarm_tables
from alarms.feed import went_back
from alarms.forwarding.forgetting import KEPT
from alarms.forwarding.tables import forwarding, reserve
from alarms.journal import head_position
from kit.clock import Clock
from kit.store import Store, skip_locked
from kit.wire.forwarding_words import ForwardState
from kit.wire.words import CaseKind, SignalKind

AT_ONCE = 200  # positions of the feed in one transaction
SKEW = timedelta(seconds=5)  # by which two processes' clocks may differ
WITHDRAWN = frozenset({SignalKind.RESET.value, SignalKind.CANCEL.value})
SENT_ON = frozenset({SignalKind.ALARM.value}) | WITHDRAWN
_REF = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_ref() -> str:
    """A reference that no other forwarding has, in the form that `mrq` gives it."""
    return "".join(secrets.choice(_REF) for _ in range(16))


async def draw(store: Store, clock: Clock) -> int:
    """Draw what is new; how many places of the feed were read. Raises StorageDown and Conflict."""
    async with store.read() as connection:
        head = await head_position(connection)
        behind = select(reserve.c.principal).where(reserve.c.on, reserve.c.position != head)
        principals = (await connection.scalars(behind)).all()
    read = 0
    for principal in principals:
        async with store.write() as connection:
            read += await _draw(connection, principal, clock.now())
    return read


async def _draw(connection: AsyncConnection, principal: str, at: datetime) -> int:
    query = select(reserve).where(reserve.c.principal == principal, reserve.c.on)
    row = (await connection.execute(skip_locked(connection, query))).mappings().first()
    if row is None:
        return 0  # another process draws, or it was switched off
    feed, after = alarm_tables.feed, row["position"]
    some = select(feed.c.position, feed.c.case, feed.c.principal).where(feed.c.position > after)
    changes = (await connection.execute(some.order_by(feed.c.position).limit(AT_ONCE))).all()
    if not changes:
        return await _went_back(connection, principal, after)
    last = changes[-1].position
    cases = sorted({change.case for change in changes if change.principal == principal})
    since = max(row["since"] - SKEW, at - KEPT)
    rows = [_row(signal, at) for signal in await _signals(connection, cases, since)] if cases else []
    if rows:
        await connection.execute(forwarding.insert(), rows)
    await connection.execute(update(reserve).where(reserve.c.principal == principal).values(position=last))
    return int(last - after)


async def _went_back(connection: AsyncConnection, principal: str, after: int) -> int:
    """Read on from the head where a restore has taken it back; otherwise somebody else has read meanwhile.

    The head may be beyond what was just looked for: only what was looked at is passed.
    """
    head = await head_position(connection)
    if went_back(after, head):
        await connection.execute(update(reserve).where(reserve.c.principal == principal).values(position=head))
    return 0


async def _signals(connection: AsyncConnection, cases: list[str], since: datetime) -> list[Mapping[str, Any]]:
    """The signals of these persons' cases that have no row yet, nor had one that is forgotten."""
    signal, case = alarm_tables.signal, alarm_tables.case
    drawn = select(forwarding.c.signal).where(forwarding.c.signal == signal.c.id).exists()
    query = (
        select(signal.c.id, signal.c.principal, signal.c.case, signal.c.kind)
        .join(case, case.c.id == signal.c.case)
        .where(
            signal.c.case.in_(cases),
            case.c.kind == CaseKind.PERSON.value,
            signal.c.kind.in_(sorted(SENT_ON)),
            signal.c.received_at >= since,
            ~drawn,
        )
        .order_by(signal.c.id)
    )
    return [dict(row) for row in (await connection.execute(query)).mappings()]


def _row(signal: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    return {
        "signal": signal["id"],
        "principal": signal["principal"],
        "case": signal["case"],
        "ref": new_ref(),
        "reset": signal["kind"] in WITHDRAWN,
        "state": ForwardState.PENDING.value,
        "tries": 0,
        "rounds": 0,
        "next_at": at,
    }
