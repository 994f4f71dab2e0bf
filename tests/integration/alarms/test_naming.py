"""Who is it? Naming the person of a shared home, on both databases: merged, renamed, and raced by presses."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from alarms import tables
from alarms.core.signal import Signal
from alarms.desk.commands import Answer, Commands
from alarms.handling.naming import lock_pair, name
from alarms.handling.tables import call, step
from alarms.hub import Hub
from alarms.journal import LostRace
from kit.bus import LocalBus
from kit.clock import SystemClock
from kit.store import Store, open_store
from kit.wire import desk, handling
from kit.wire.handling import CallResult, CallTo
from kit.wire.words import Cause, Measure, Reason, Role, SignalKind
from registry.access import Span, Who
from registry.tables import device, grant
from tests.integration.alarms.homes import fill
from tests.system.checks import broken

clock = SystemClock()
SHARED, ASTRID = "shared", "astrid"
CLOSE = desk.Close(cause=Cause.MISTAKE, measure=Measure.SPOKE)
NAME = handling.Name(resident="resident-Astrid")
ROUNDS = 6


def operator(person: str) -> Who:
    span = Span(clock.now() - timedelta(hours=1), None)
    return Who(person, person.title(), Role.OPERATOR, None, "kommun", None, span)


KARIN, SVEN = operator("karin"), operator("sven")


@dataclass
class Centre:
    """Two processes' worth of hub and commands over one database."""

    hubs: tuple[Hub, Hub]
    stores: tuple[Store, Store]
    commands: tuple[Commands, Commands]
    sent: int = 0

    async def press(self, account: str, process: int = 0, kind: SignalKind = SignalKind.ALARM) -> str:
        self.sent += 1
        reference, at = str(self.sent), clock.now()
        raw = b"<mrq/>"
        made = Signal("scaip", account, None, reference, kind, Reason.PRESSED, 2, "ME", reference, at, None, raw)
        receipt = await self.hubs[process].receive(made)
        assert receipt.case is not None
        return receipt.case

    async def act(self, who: Who, case: str, act: desk.Act, process: int = 0) -> Answer:
        self.sent += 1
        return await self.commands[process].carry_out(who, f"command-{self.sent}", case, act)

    async def done(self, who: Who, case: str, act: desk.Act) -> None:
        answer = await self.act(who, case, act)
        assert answer.code is None, answer.code

    async def rows(self, table: Any, *where: Any) -> list[Any]:
        async with self.stores[0].read() as connection:
            query = select(table).where(*where).order_by(*table.primary_key.columns)
            return list((await connection.execute(query)).mappings())

    async def case(self, case: str) -> Any:
        [row] = await self.rows(tables.case, tables.case.c.id == case)
        return row

    async def told(self, case: str) -> list[str]:
        lines = await self.rows(tables.timeline, tables.timeline.c.case == case)
        return [line["kind"] for line in lines]


@pytest.fixture
async def centre(store_url: str) -> AsyncIterator[Centre]:
    async with working(store_url) as centre:
        yield centre


@pytest.fixture
async def embedded(sqlite_url: str) -> AsyncIterator[Centre]:
    async with working(sqlite_url) as centre:
        yield centre


@asynccontextmanager
async def working(store_url: str) -> AsyncIterator[Centre]:
    """A centre at work as long as the block lasts."""
    first = open_store(store_url)
    second = first if first.embedded else open_store(store_url)  # an embedded database has one process
    async with first.write() as connection:
        await fill(connection)
        astrids = {"id": "device-astrid", "resident": "resident-Astrid", "account": ASTRID}
        home = {"principal": "kommun", "home": "home-shared", "kind": "alarm", "protocol": "scaip"}
        await connection.execute(device.insert().values({**astrids, **home}))
    bus = LocalBus()
    stores = (first, second)
    hubs = (Hub(first, bus, clock), Hub(second, bus, clock))
    for hub in hubs:
        await hub.start()
    yield Centre(hubs, stores, (Commands(first, bus, clock), Commands(second, bus, clock)))
    for hub in hubs:
        await hub.close()
    for store in {id(store): store for store in stores}.values():
        await store.close()


async def test_naming_merges_into_the_persons_open_case_with_all_that_is_on_it(centre: Centre) -> None:
    """[3] [17]"""
    theirs = await centre.press(ASTRID)
    case = await centre.press(SHARED)
    await centre.done(KARIN, case, desk.Take())
    await centre.done(KARIN, case, desk.Note(text="Låter som Astrid."))
    [first, *_] = await centre.rows(step, step.c.case == case)
    await centre.done(KARIN, case, handling.Tick(step=first["id"], done=True))
    await centre.done(KARIN, case, handling.Call(to=CallTo.OTHER, result=CallResult.BUSY))
    await centre.press(SHARED)
    await centre.done(KARIN, case, NAME)
    ended, grown = await centre.case(case), await centre.case(theirs)
    assert (ended["state"], ended["merged_into"], ended["open_key"], ended["presses"], ended["unread"]) == (
        "closed",
        theirs,
        None,
        0,
        0,
    )
    assert (grown["state"], grown["handler"], grown["presses"]) == ("taken", "karin", 3)
    # The press that came while the other case was taken, and the person's own that nobody had looked at yet.
    assert grown["unread"] == 2
    assert grown["raised_at"] <= ended["raised_at"]
    moved = await centre.rows(tables.signal)
    assert {(row["case"], row["resident"]) for row in moved} == {(theirs, "resident-Astrid")}
    assert await centre.told(case) == ["merged"]
    assert {"raised", "noted", "ticked", "call_ended", "signal", "merged", "taken"} <= set(await centre.told(theirs))
    assert [row["case"] for row in await centre.rows(call)] == [theirs]
    steps = await centre.rows(step, step.c.case == theirs)
    assert [row["ticked_by"] for row in steps if row["code"] == first["code"]] == ["karin"]
    held = await centre.rows(grant, grant.c.ends_at.is_(None))
    assert [(row["holder"], row["purpose"], row["resident"]) for row in held] == [("karin", theirs, "resident-Astrid")]
    fed = {row["case"] for row in (await centre.rows(tables.feed))[-2:]}
    assert fed == {case, theirs}


async def test_a_merge_takes_no_case_out_of_anothers_hands(embedded: Centre) -> None:
    """[5]"""
    theirs = await embedded.press(ASTRID)
    case = await embedded.press(SHARED)
    await embedded.done(SVEN, theirs, desk.Take())
    await embedded.done(KARIN, case, desk.Take())
    assert (await embedded.act(KARIN, case, NAME)).code == "merge_taken"
    assert ((await embedded.case(theirs))["handler"], (await embedded.case(case))["handler"]) == ("sven", "karin")
    assert (await embedded.act(SVEN, case, NAME)).code == "not_yours"


async def test_a_case_with_an_open_call_ends_in_no_other(embedded: Centre) -> None:
    """[9]"""
    await embedded.press(ASTRID)
    case = await embedded.press(SHARED)
    await embedded.done(KARIN, case, desk.Take())
    await embedded.done(KARIN, case, handling.Call(to=CallTo.OTHER))
    assert (await embedded.act(KARIN, case, NAME)).code == "call_open"


async def test_after_naming_the_persons_presses_come_here_and_the_homes_to_a_new_case(embedded: Centre) -> None:
    """[3] [17]"""
    case = await embedded.press(SHARED)
    await embedded.done(KARIN, case, desk.Take())
    await embedded.done(KARIN, case, NAME)
    assert await embedded.press(ASTRID) == case
    again = await embedded.press(SHARED)
    assert again != case
    await embedded.done(KARIN, again, desk.Take())
    await embedded.done(KARIN, again, NAME)
    assert (await embedded.case(again))["merged_into"] == case
    assert (await embedded.case(case))["presses"] == 3


async def test_a_cancel_of_the_homes_button_is_a_note_on_the_case_that_was_named(embedded: Centre) -> None:
    """[4] [17]"""
    case = await embedded.press(SHARED)
    await embedded.done(KARIN, case, desk.Take())
    await embedded.done(KARIN, case, NAME)
    assert await embedded.press(SHARED, kind=SignalKind.CANCEL) == case
    row = await embedded.case(case)
    assert (row["state"], row["unread"]) == ("taken", 1)
    assert (await embedded.act(KARIN, case, CLOSE)).code == "unread_signal"


async def test_a_persons_case_that_is_opened_while_one_names_is_found_and_never_doubled(centre: Centre) -> None:
    """[3]"""
    case = await centre.press(SHARED)
    await centre.done(KARIN, case, desk.Take())
    if centre.stores[0].embedded:  # one writer: nothing comes between, which is what this says
        async with centre.stores[0].write() as connection:
            mine, other = await lock_pair(connection, case, "resident-Astrid")
            pressing = asyncio.ensure_future(centre.press(ASTRID, 1))  # noqa: TID251 - at the same moment
            assert mine is not None
            assert await name(connection, KARIN, mine, other, "resident-Astrid", clock.now()) == (None, True)
        assert await pressing == case
        return
    with pytest.raises(LostRace):
        await name_too_late(centre, case)
    await centre.done(KARIN, case, NAME)
    [opened] = await centre.rows(tables.case, tables.case.c.open_key == "person:resident-Astrid")
    assert (await centre.case(case))["merged_into"] == opened["id"]


async def name_too_late(centre: Centre, case: str) -> None:
    """Look for the person's case, find none, and name only after a press of theirs has opened one."""
    async with centre.stores[0].write() as connection:
        mine, other = await lock_pair(connection, case, "resident-Astrid")
        assert mine is not None
        assert other is None
        await centre.press(ASTRID, 1)
        await name(connection, KARIN, mine, other, "resident-Astrid", clock.now())


async def test_presses_that_race_a_naming_are_each_on_one_case_and_the_person_has_one(centre: Centre) -> None:
    """[3] [17]"""
    for _ in range(ROUNDS):
        case = await centre.press(SHARED)
        await centre.done(KARIN, case, desk.Take())
        answers = await asyncio.gather(
            centre.act(KARIN, case, NAME, 0),
            centre.press(ASTRID, 1),
            centre.press(SHARED, 1),
            centre.press(ASTRID, 0),
        )
        assert isinstance(answers[0], Answer)
        assert answers[0].code is None
        opened = await centre.rows(tables.case, tables.case.c.open_key.is_not(None))
        assert [row["open_key"] for row in opened].count("person:resident-Astrid") == 1
        async with centre.stores[0].read() as connection:
            query = select(tables.signal.c.case, func.count()).group_by(tables.signal.c.case)
            stored = {row[0]: row[1] for row in await connection.execute(query)}
        counted = {row["id"]: row["presses"] for row in await centre.rows(tables.case) if row["presses"]}
        assert counted == stored
        for row in opened:
            await centre.act(KARIN, row["id"], desk.Take())
            if row["resident"] is None:
                await centre.done(KARIN, row["id"], NAME)
        [last] = await centre.rows(tables.case, tables.case.c.open_key.is_not(None))
        await centre.done(KARIN, last["id"], desk.Read())
        await centre.done(KARIN, last["id"], CLOSE)
    assert await centre.rows(grant, grant.c.ends_at.is_(None)) == []


async def test_after_it_all_every_rule_of_the_database_holds(centre: Centre) -> None:
    theirs = await centre.press(ASTRID)
    case = await centre.press(SHARED)
    await centre.done(KARIN, case, desk.Take())
    await centre.done(KARIN, case, NAME)
    assert await broken(centre.stores[0]) == []
    await centre.done(KARIN, theirs, desk.Read())
    await centre.done(KARIN, theirs, CLOSE)
    assert await broken(centre.stores[0]) == []
