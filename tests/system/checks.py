"""What must hold in the database at every moment, whatever was killed: asked in one snapshot, from beside."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import TypeVar

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from alarms import tables
from kit.clock import SystemClock
from kit.errors import StorageDown
from kit.store import Store

T = TypeVar("T")

clock = SystemClock()

BROKEN: Mapping[str, str] = {
    "two open cases for one key": """
        SELECT open_key FROM alarm_case WHERE open_key IS NOT NULL GROUP BY open_key HAVING count(*) > 1""",
    "two open cases for one resident": """
        SELECT resident FROM alarm_case WHERE closed_at IS NULL AND kind = 'person' AND resident IS NOT NULL
        GROUP BY resident HAVING count(*) > 1""",
    "an open case without a next step, a deadline or a key": """
        SELECT id FROM alarm_case
        WHERE closed_at IS NULL AND (next_step IS NULL OR next_step_at IS NULL OR open_key IS NULL)""",
    "a closed case with a key, a step or something unread, or without a cause": """
        SELECT id FROM alarm_case
        WHERE closed_at IS NOT NULL AND (open_key IS NOT NULL OR next_step_at IS NOT NULL OR unread > 0
              OR state <> 'closed' OR (merged_into IS NULL AND (cause IS NULL OR measure IS NULL)))""",
    "a case that was not raised exactly once": """
        SELECT c.id FROM alarm_case c LEFT JOIN timeline t ON t."case" = c.id AND t.kind = 'raised'
        LEFT JOIN (SELECT merged_into, count(*) AS parts FROM alarm_case GROUP BY merged_into) m ON m.merged_into = c.id
        GROUP BY c.id, c.merged_into, m.parts
        HAVING count(t.id) <> CASE WHEN c.merged_into IS NULL THEN 1 ELSE 0 END + coalesce(m.parts, 0)""",
    "a case that was not closed as often as it is": """
        SELECT c.id FROM alarm_case c LEFT JOIN timeline t ON t."case" = c.id AND t.kind = 'closed'
        GROUP BY c.id, c.closed_at, c.merged_into
        HAVING count(t.id) <> CASE WHEN c.closed_at IS NULL OR c.merged_into IS NOT NULL THEN 0 ELSE 1 END""",
    "an open mission without a next step or a deadline, or an ended one with": """
        SELECT id FROM mission WHERE (ended_at IS NULL) <> (next_step IS NOT NULL AND next_step_at IS NOT NULL)""",
    "a case that counts other missions than are open": """
        SELECT c.id FROM alarm_case c LEFT JOIN mission m ON m."case" = c.id AND m.ended_at IS NULL
        GROUP BY c.id, c.missions HAVING count(m.id) <> c.missions""",
    "a case that counts other presses than it has": """
        SELECT c.id FROM alarm_case c LEFT JOIN signal s ON s."case" = c.id AND s.kind = 'alarm'
        WHERE c.kind = 'person' GROUP BY c.id, c.presses HAVING count(s.id) <> c.presses""",
    "an alarm from a known device on no case": """
        SELECT s.id FROM signal s LEFT JOIN alarm_case c ON c.id = s."case"
        WHERE s.kind = 'alarm' AND s.device IS NOT NULL AND c.id IS NULL""",
    "a signal on another resident's case": """
        SELECT s.id FROM signal s JOIN alarm_case c ON c.id = s."case" WHERE s.resident <> c.resident""",
    "a signal without its receipt": """
        SELECT s.id FROM signal s LEFT JOIN receipt r ON r.signal = s.id WHERE r.key IS NULL""",
    "a receipt without its signal": """
        SELECT r.key FROM receipt r LEFT JOIN signal s ON s.id = r.signal WHERE s.id IS NULL""",
    "a signal stored twice": """
        SELECT reference FROM signal GROUP BY protocol, account, reference, type HAVING count(*) > 1""",
    "a case that the feed never told of": """
        SELECT c.id FROM alarm_case c LEFT JOIN feed f ON f."case" = c.id WHERE f.position IS NULL""",
    "a gap in the feed": """
        SELECT h.position FROM feed_head h
        WHERE h.position <> (SELECT count(*) FROM feed)
           OR h.position <> (SELECT coalesce(max(position), 0) FROM feed)
           OR (SELECT coalesce(min(position), 1) FROM feed) <> 1""",
}


async def broken(store: Store) -> list[str]:
    """Which of the rules do not hold, each with some ids; none when all is well."""
    return await patiently(store, _broken)


async def _broken(connection: AsyncConnection) -> list[str]:
    found = []
    for rule, query in BROKEN.items():
        ids = list((await connection.execute(text(query))).scalars())
        if ids:
            found.append(f"{rule}: {len(ids)}, such as {ids[:3]}")
    return found


async def wait_until_nothing_is_overdue(store: Store, at_most: float = 30.0) -> None:
    """Every deadline that passed has acted; fails when one is forgotten."""
    async with asyncio.timeout(at_most):
        while await patiently(store, _overdue):
            await clock.sleep(0.2)


async def _overdue(connection: AsyncConnection) -> int:
    late = tables.case.c.next_step_at < clock.now() - timedelta(seconds=2)
    return int(await connection.scalar(select(func.count()).where(late)) or 0)


async def patiently(store: Store, look: Callable[[AsyncConnection], Awaitable[T]], at_most: float = 60.0) -> T:
    """`look(connection)`, again while the database is away: its lines break when it is killed."""
    async with asyncio.timeout(at_most):
        while True:
            try:
                async with store.snapshot() as connection:
                    return await look(connection)
            except StorageDown:
                await clock.sleep(0.1)
