"""The way to each receiver is tried each minute, whether the reserve is on or not: a test, to be answered `snu` 0.

Two failures in a row are a technical case of that receiver; it ends when that one answers again, is turned off or
removed. One process tries a receiver in its minute: whoever moves `next_at` on. What is told is told before it is
written down, so that one that dies in between tells it again.
"""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, or_, select, update

from alarms.core.forwarding import OK, Told, Unheard, after_test
from alarms.forwarding.drawing import new_ref
from alarms.forwarding.message import write_test
from alarms.forwarding.tables import external_receiver, receiver_test
from alarms.forwarding.trouble import end_trouble, raise_trouble
from alarms.forwarding.ways import Ways
from alarms.journal import FEED
from alarms.routing.reading import Reading
from kit.bus import Bus
from kit.clock import Clock
from kit.log import get_logger
from kit.store import Store, insert
from kit.wire.forwarding_words import ForwardOutcome

log = get_logger(__name__)

EVERY = timedelta(seconds=60)
LOOK_EVERY = 5.0  # seconds
AT_ONCE = 20


class Testing:
    """Tries what is due."""

    def __init__(self, store: Store, bus: Bus, clock: Clock, ways: Ways, reading: Reading) -> None:
        self._store = store
        self._bus = bus
        self._clock = clock
        self._ways = ways
        self._reading = reading

    async def look(self) -> int:
        """Try every receiver whose minute has come; how many. Raises StorageDown and Conflict."""
        await self._forget()
        due = await self._claim()
        await asyncio.gather(*map(self._try, due))
        return len(due)

    async def _claim(self) -> list[Mapping[str, Any]]:
        at, one, test = self._clock.now(), external_receiver, receiver_test
        query = (
            select(one)
            .outerjoin(test, test.c.receiver == one.c.id)
            .where(one.c.on, or_(test.c.next_at.is_(None), test.c.next_at <= at))
            .order_by(test.c.next_at, one.c.id)
            .limit(AT_ONCE)
        )
        async with self._store.read() as connection:
            due = [dict(row) for row in (await connection.execute(query)).mappings()]
        mine: list[Mapping[str, Any]] = []
        for row in due:
            async with self._store.write() as connection:
                made = insert(connection, test).values(
                    receiver=row["id"], principal=row["principal"], next_at=at, failures=0
                )
                await connection.execute(made.on_conflict_do_nothing(index_elements=["receiver"]))
                free = update(test).where(test.c.receiver == row["id"], test.c.next_at <= at)
                if (await connection.execute(free.values(next_at=at + EVERY))).rowcount == 1:
                    mine.append(row)
        return mine

    async def _try(self, row: Mapping[str, Any]) -> None:
        began = self._clock.monotonic()
        ref = new_ref()
        heard = await self._ways.send(row, row["account"], ref, write_test(ref, row["account"]))
        took = round(1000 * (self._clock.monotonic() - began))
        test, at = receiver_test, self._clock.now()
        taken = isinstance(heard, Told) and heard.snu == OK
        refused = ForwardOutcome.TAKEN if taken else ForwardOutcome.REFUSED
        outcome = heard.why if isinstance(heard, Unheard) else refused
        async with self._store.read() as connection:
            before = await connection.scalar(select(test.c.failures).where(test.c.receiver == row["id"]))
        failures, trouble = after_test(before or 0, heard)
        if trouble is not None:
            log.warning("receiver_test", receiver=row["id"], outcome=outcome.value, trouble=trouble)
            if trouble:
                await raise_trouble(self._store, self._reading, row["principal"], at, row["id"])
            else:
                await end_trouble(self._store, row["principal"], at, row["id"])
            await self._bus.notify(FEED)
        values: dict[str, Any] = {
            "failures": failures,
            "outcome": outcome.value,
            "tested_at": at,
            "round_trip_ms": took if isinstance(heard, Told) else None,
        }
        if taken:
            values["answered_at"] = at
        async with self._store.write() as connection:
            await connection.execute(update(test).where(test.c.receiver == row["id"]).values(values))

    async def _forget(self) -> None:
        """What is tested no more is no trouble any more."""
        test, one = receiver_test, external_receiver
        on = select(one.c.id).where(one.c.id == test.c.receiver, one.c.on).exists()
        async with self._store.read() as connection:
            gone = (await connection.execute(select(test.c.receiver, test.c.principal).where(~on))).all()
        for receiver, principal in gone:
            if await end_trouble(self._store, principal, self._clock.now(), receiver) is not None:
                await self._bus.notify(FEED)
            async with self._store.write() as connection:
                await connection.execute(delete(test).where(test.c.receiver == receiver))
