"""Deadlines that act, on both databases, with time in the test's hand."""

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from alarms import tables
from alarms.core.signal import Signal
from alarms.escalation import Escalation
from alarms.hub import Hub
from kit.bus import LocalBus
from kit.clock import FakeClock, SystemClock
from kit.store import Store
from kit.wire.words import Reason, SignalKind


async def press(store: Store, clock: FakeClock, *accounts: str) -> None:
    hub = Hub(store, LocalBus(), clock)
    await hub.start()
    at = clock.now()
    for account in accounts:
        await hub.receive(
            Signal("scaip", account, None, f"k{account}", SignalKind.ALARM, Reason.PRESSED, 2, "ME", "1", at, None, b"")
        )
    await hub.close()


async def steps(store: Store) -> list[tuple[int, str, datetime]]:
    async with store.read() as connection:
        query = select(tables.case.c.escalation, tables.case.c.next_step, tables.case.c.next_step_at)
        return [tuple(row) for row in (await connection.execute(query.order_by(tables.case.c.id))).all()]


async def escalated(store: Store) -> int:
    async with store.read() as connection:
        lines = await connection.execute(select(tables.timeline.c.id).where(tables.timeline.c.kind == "escalated"))
        return len(lines.all())


async def test_nothing_acts_before_its_time_and_each_step_once(store: Store, clock: FakeClock) -> None:
    await press(store, clock, "0")
    escalation = Escalation(store, LocalBus(), clock)
    at = clock.now()
    assert await escalation.act_on_due(at + timedelta(seconds=59)) == 0
    assert await escalation.act_on_due(at + timedelta(seconds=60)) == 1
    assert await escalation.act_on_due(at + timedelta(seconds=60)) == 0
    assert await steps(store) == [(1, "supervisor", at + timedelta(seconds=180))]
    assert await escalation.act_on_due(at + timedelta(seconds=180)) == 1
    assert await steps(store) == [(2, "supervisor_again", at + timedelta(seconds=360))]


async def test_several_processes_share_the_deadlines_and_none_acts_twice(store: Store, clock: FakeClock) -> None:
    await press(store, clock, *map(str, range(5)))
    several = [Escalation(store, LocalBus(), SystemClock()) for _ in range(4)]
    due = clock.now() + timedelta(seconds=60)
    counts = await asyncio.gather(*(escalation.act_on_due(due) for escalation in several))
    assert sum(counts) == 5
    assert await escalated(store) == 5


async def test_what_fell_due_while_nobody_ran_acts_when_somebody_does(store: Store, clock: FakeClock) -> None:
    await press(store, clock, "0")
    await clock.advance(3600)
    escalation = Escalation(store, LocalBus(), clock)
    await escalation.start()
    try:
        await reached(store, clock, 2)
    finally:
        await escalation.close()
    assert await escalated(store) == 2


async def test_a_case_from_before_there_were_plans_or_from_a_newer_process_goes_on_by_default(
    store: Store, clock: FakeClock
) -> None:
    """[6]"""
    await press(store, clock, "0", "1")
    async with store.write() as connection:
        of = tables.case.update().where
        await connection.execute(of(tables.case.c.resident == "resident-0").values(plan=None))
        await connection.execute(of(tables.case.c.resident == "resident-1").values(plan='{"levitate":1}', plan_step=7))
    escalation = Escalation(store, LocalBus(), clock)
    for seconds in (60, 180, 360):
        await escalation.act_on_due(clock.now() + timedelta(seconds=seconds))
    later = clock.now() + timedelta(seconds=540)
    assert (2, "supervisor_again", later) in await steps(store)
    assert all(next_at > clock.now() + timedelta(seconds=360) for _, _, next_at in await steps(store))


async def reached(store: Store, clock: FakeClock, escalation: int) -> None:
    for _ in range(100):
        if (await steps(store))[0][0] == escalation:
            return
        await clock.advance(0.5)
        await SystemClock().sleep(0.02)
    pytest.fail("the deadline never acted")
