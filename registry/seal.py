"""The sealer: each second it chains the access log's committed rows, one chain for each principal (`registry.chain`).

Any number of processes may run it: whoever holds the head's row lock seals, the others find nothing left to do. A row
that commits late gets the next number: the chain's order is the order in which rows were found, and a number once
given is never given again.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.clock import Clock
from kit.metrics import counter
from kit.store import Store, for_update, insert
from kit.tasks import Tasks
from registry.chain import START, ChainReport, Head, Walk, seal, sealing_keys
from registry.tables import access_chain, access_log

BATCH = 500  # rows sealed in one transaction
PAUSE = 1.0  # seconds between looks

sealed = counter("access_rows_sealed_total", "Rows of the access log that were sealed")


class Sealer:
    """Seals for as long as its tasks run. `secrets` are the secret keys, newest first; the first one seals."""

    def __init__(self, store: Store, secrets: Sequence[str], clock: Clock) -> None:
        self._store = store
        self._key = sealing_keys(secrets[:1])[0]
        self._clock = clock

    def start(self, tasks: Tasks) -> None:
        """Seal each second until `tasks.close`; a database that is away is waited for, and the rows wait in it."""
        tasks.every(PAUSE, "sealer", self.seal_once)

    async def seal_once(self) -> int:
        """Seal every row that is committed now; answers how many."""
        total = 0
        async with self._store.read() as connection:
            principals = list(await connection.scalars(WAITING))
        for principal in principals:
            while some := await self._seal_some(principal):
                total += some
                if some < BATCH:
                    break
        sealed.inc(total)
        return total

    async def _seal_some(self, principal: str) -> int:
        async with self._store.write() as connection:
            head = await _lock_head(connection, principal)
            query = select(access_log).where(access_log.c.principal == principal, access_log.c.sealed_no.is_(None))
            rows = (await connection.execute(query.order_by(access_log.c.id).limit(BATCH))).mappings().all()
            if not rows:
                return 0
            number, last = head.sealed_no, head.seal
            seals = []
            for row in rows:
                number += 1
                last = seal(self._key, last, {**row, "sealed_no": number})
                seals.append({"row_id": row["id"], "number": number, "new_seal": last})
            await connection.execute(_ROW_UPDATE, seals)
            await connection.execute(_HEAD_UPDATE, {"whose": principal, "number": number, "new_seal": last})
            return len(rows)


# With the least id asked for too, SQLite walks the small index of what waits; for DISTINCT it would walk the whole log.
WAITING = (
    select(access_log.c.principal, func.min(access_log.c.id))
    .where(access_log.c.sealed_no.is_(None))
    .group_by(access_log.c.principal)
)
_ROW_UPDATE = (
    access_log.update()
    .where(access_log.c.id == bindparam("row_id"))
    .values(sealed_no=bindparam("number"), seal=bindparam("new_seal"))
)
_HEAD_UPDATE = (
    access_chain.update()
    .where(access_chain.c.principal == bindparam("whose"))
    .values(sealed_no=bindparam("number"), seal=bindparam("new_seal"))
)


async def _lock_head(connection: AsyncConnection, principal: str) -> Head:
    first = {"principal": principal, "sealed_no": 0, "seal": START}
    await connection.execute(insert(connection, access_chain).values(**first).on_conflict_do_nothing())
    query = select(access_chain.c.sealed_no, access_chain.c.seal).where(access_chain.c.principal == principal)
    number, last = (await connection.execute(for_update(connection, query))).one()
    return Head(number, last)


async def verify(connection: AsyncConnection, secrets: Sequence[str], at: datetime) -> list[ChainReport]:
    """Walk every chain; one report for each principal that has rows or a head, by id. A seal by any key is accepted.

    Rows are streamed, so the log may be of any size. To be asked in a `Store.snapshot`, so that a sealer at work is
    never taken for a forger.
    """
    keys = sealing_keys(secrets)
    heads = {row.principal: Head(row.sealed_no, row.seal) for row in await connection.execute(select(access_chain))}
    oldest = select(access_log.c.principal, func.min(access_log.c.at))
    oldest = oldest.where(access_log.c.sealed_no.is_(None)).group_by(access_log.c.principal)
    waiting = {row[0]: row[1] for row in await connection.execute(oldest)}
    known = set(heads) | set(waiting) | set(await connection.scalars(select(access_log.c.principal).distinct()))
    reports = []
    for principal in sorted(known):
        walk = Walk(principal, keys)
        query = select(access_log).where(access_log.c.principal == principal, access_log.c.sealed_no.is_not(None))
        async with connection.stream(query.order_by(access_log.c.sealed_no)) as rows:
            async for row in rows.mappings():
                walk.step(dict(row))
        reports.append(walk.end(heads.get(principal), waiting.get(principal), at))
    return reports
