"""The reserve's upkeep: its receivers are tried, what breaks breaks alone, what was sent is forgotten one day."""

import asyncio
from datetime import timedelta

from sqlalchemy import select, update

from alarms import tables as alarm_tables
from alarms.core import forwarding as core
from alarms.forwarding import forgetting, part, tables
from alarms.forwarding.forgetting import KEPT, forget
from alarms.forwarding.receivers import view
from alarms.forwarding.testing import EVERY
from alarms.forwarding.trouble import trouble_key
from kit.errors import StorageDown
from kit.wire import desk
from kit.wire.words import Cause, Measure
from tests.integration.alarms.centres import Reserve, centre, on_sqlite, outcomes, receiver
from tests.integration.alarms.outgoing import Sender
from tests.patience import until


async def test_the_way_to_each_receiver_is_tried_each_minute_and_two_failures_in_a_row_are_a_case(reserve):
    async def trouble(receiver):
        async with reserve.store.read() as connection:
            query = select(alarm_tables.case.c.id).where(
                alarm_tables.case.c.open_key == trouble_key("kommun", receiver)
            )
            return await connection.scalar(query) is not None

    async def shown():
        async with reserve.store.read() as connection:
            (one,) = (await view(connection, "kommun")).receivers
            return one

    async with centre("0", "5", "0", "5", "5", "5", "0") as there:
        await reserve.set(receiver("0", there.address), on=False)
        troubles = []
        one = (await shown()).id
        for _ in range(7):
            await asyncio.gather(reserve.part.testing.look(), Reserve(reserve.store, reserve.hub).part.testing.look())
            reserve.clock.later += EVERY
            troubles.append(await trouble(one))
        assert troubles == [False, False, False, False, True, True, False]
        assert [said["stc"] for said in there.heard] == ["102"] * 7
        assert len(there.refs) == 7
        assert ((await shown()).outcome, (await shown()).answered_at is not None) == ("taken", True)


@on_sqlite
async def test_a_receiver_that_is_removed_is_no_trouble_any_more(reserve):
    async with centre("5") as there:
        await reserve.set(receiver("0", there.address), on=False)
        for _ in range(2):
            await reserve.part.testing.look()
            reserve.clock.later += EVERY
        query = select(alarm_tables.case.c.open_key).where(alarm_tables.case.c.open_key.is_not(None))
        async with reserve.store.read() as connection:
            assert len((await connection.scalars(query)).all()) == 1
        await reserve.set(on=False)
        await reserve.part.testing.look()
        async with reserve.store.read() as connection:
            assert (await connection.scalars(query)).all() == []


@on_sqlite
async def test_after_a_restore_the_feed_is_read_on_from_where_it_is(reserve):
    async with centre("0") as there:
        await reserve.lead_to(there)
        async with reserve.store.write() as connection:
            await connection.execute(update(tables.reserve).values(position=1_000))
        await reserve.goes()
        await reserve.press()
        await reserve.goes()
        assert len(there.refs) == 1


@on_sqlite
async def test_a_receiver_on_which_our_own_code_breaks_keeps_the_next_from_nothing(reserve):
    async with centre("0") as there:
        await reserve.lead_to(there, there)
        async with reserve.store.write() as connection:
            first = tables.external_receiver.c.order == 0
            await connection.execute(update(tables.external_receiver).where(first).values(address="nonsense"))
        case = await reserve.press()
        await reserve.goes()
        assert outcomes(await reserve.lines(case)) == ["unreachable", "taken"]


@on_sqlite
async def test_an_answer_that_cannot_be_written_down_keeps_no_other_from_it(reserve, monkeypatch):
    """They are written down together, and where that breaks one by one."""
    asked_at_once, conclude = [], part.conclude

    async def one_breaks(store, asked, at):
        if not asked_at_once:  # what comes while the first are written down gathers
            await until(lambda: len(reserve.part._lane._waiting) + len(asked) == len(cases))
        asked_at_once.append(len(asked))
        if any(each.turn.row["signal"] == broken for each in asked):
            raise ValueError("a bug of ours")
        return await conclude(store, asked, at)

    monkeypatch.setattr(part, "conclude", one_breaks)
    async with centre("0") as there:
        await reserve.lead_to(there)
        cases = [await reserve.press(str(n), str(n), received_at=reserve.clock.now()) for n in range(4)]
        await reserve.part.draw()
        broken = (await reserve.rows())[1]["signal"]
        await reserve.part.start()

        async def rest_is_taken():
            states = {row["signal"]: row["state"] for row in await reserve.rows()}
            return {state for signal, state in states.items() if signal != broken} == {"done"}

        await until(rest_is_taken)
        assert [outcomes(await reserve.lines(case)) for case in cases].count(["taken"]) == 3
    assert (await reserve.rows())[1]["state"] == "sent"  # its lease runs out, and it is sent again
    assert max(asked_at_once) > 1


@on_sqlite
async def test_trouble_that_cannot_be_told_is_told_in_the_next_round_and_what_came_of_the_sending_stands(
    reserve, monkeypatch
):
    raise_trouble, told = part.raise_trouble, []

    async def away_at_first(*words):
        told.append(words)
        if len(told) == 1:
            raise StorageDown("away")
        return await raise_trouble(*words)

    monkeypatch.setattr(part, "raise_trouble", away_at_first)
    query = select(alarm_tables.case.c.id).where(alarm_tables.case.c.open_key == trouble_key("kommun"))
    async with centre("1") as there:
        await reserve.lead_to(there)
        case = await reserve.press()
        found = []
        for _ in range(2):
            await reserve.goes(seconds=core.PAUSE_FIRST.total_seconds())
            async with reserve.store.read() as connection:
                found.append(await connection.scalar(query) is not None)
        assert outcomes(await reserve.lines(case))[:2] == ["refused", "all_tried"]
    assert found == [False, True]


async def test_what_was_sent_out_is_forgotten_a_month_after_its_case_was_closed_and_not_sent_again(
    reserve, monkeypatch
):
    monkeypatch.setattr(forgetting, "AT_ONCE", 2)

    async def close(case):
        sender = Sender(reserve.store, reserve.hub, reserve.clock, None, None)
        await sender.do(case, desk.Take())
        await sender.do(case, desk.Close(cause=Cause.MISTAKE, measure=Measure.SPOKE))

    async def left():
        await forget(reserve.store, reserve.clock)
        return {row["case"] for row in await reserve.rows()}

    async with centre("0") as there:
        await reserve.lead_to(there)
        old = {await reserve.press(str(n)) for n in range(3)}.pop()
        still_open = await reserve.press("3", "1")
        await reserve.goes()
        await close(old)  # which nobody has drawn from the feed yet
        reserve.clock.later = KEPT - timedelta(minutes=1)
        assert await left() == {old, still_open}
        reserve.clock.later = KEPT + timedelta(minutes=1)
        assert await left() == {still_open}
        await reserve.press("4", "1", received_at=reserve.clock.now())
        await reserve.goes()
        assert [row["case"] for row in await reserve.rows()] == [still_open] * 2
        assert len(there.refs) == 5
