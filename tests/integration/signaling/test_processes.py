"""Several processes over one database: who answers first, whose deadline it is, who is there when one of them dies."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from kit.bus import LocalBus
from kit.clock import FakeClock, SystemClock
from kit.errors import Refusal
from kit.store import Store, open_store
from kit.tokens import Signer
from kit.wire.visit import VisitOrder, VisitView
from kit.wire.words import Away, LegalBasis, VisitKind
from registry import demo
from registry.access import Who
from registry.tables import device
from signaling import tables
from signaling.core.shapes import device as device_holder
from signaling.core.shapes import person
from signaling.feed import VisitFeed
from signaling.nodes import FRESH, Node, choose_node, forget_node, node_url, say_node
from signaling.presence import DEAD_AFTER, Presence
from signaling.timers import Timers
from signaling.visits import Visits
from tests.sessions import who_is

ORDER = VisitOrder(resident="demo-resident-1", kind=VisitKind.HOME, legal_basis=LegalBasis.SOL, decision="SOL-2026-17")
SIGNER = Signer(["a key for tests that is long enough to sign"])


@pytest.fixture
async def stores(store_url: str, clock: FakeClock) -> AsyncIterator[tuple[Store, Store]]:
    """One database, opened by two processes; the demonstration's people; a relay."""
    first, second = open_store(store_url), open_store(store_url)
    async with first.write() as connection:
        await demo.fill(connection)
        home = await connection.scalar(select(device.c.home).where(device.c.id == "demo-app-1"))
        shared = update(device).where(device.c.id == "demo-app-2").values(home=home, resident="demo-resident-1")
        await connection.execute(shared)
    await say_node(first, Node("relay-1", "http://127.0.0.1:9", 0.0), clock.now() + timedelta(hours=9))
    yield first, second
    await first.close()
    await second.close()


async def who(store: Store, clock: FakeClock, whom: str) -> Who:
    async with store.read() as connection:
        token = await demo.demo_token(connection, SIGNER, whom, clock.now())
        assert token is not None
        found = await who_is(connection, SIGNER, token, clock.now())
    assert found is not None
    return found


async def outcome(work: Awaitable[VisitView]) -> str:
    try:
        return (await work).state
    except Refusal as error:
        return error.code


async def state(store: Store, visit: str) -> tuple[str, str | None, list[str | None]]:
    """State, outcome, and why each participant is away."""
    async with store.read() as connection:
        row = (await connection.execute(select(tables.visit).where(tables.visit.c.id == visit))).mappings().one()
        query = select(tables.participant.c.away).where(tables.participant.c.visit == visit)
        away = list((await connection.execute(query.order_by(tables.participant.c.place))).scalars())
    return row["state"], row["outcome"], away


async def test_two_devices_on_two_processes_answer_in_the_same_moment(
    stores: tuple[Store, Store], clock: FakeClock
) -> None:
    sides = [Visits(store, LocalBus(), clock) for store in stores]
    worker = await who(stores[0], clock, "demo-worker-1")
    devices = [await who(stores[0], clock, f"demo-resident-{number}") for number in (1, 2)]
    for _ in range(10):
        visit = (await sides[0].start(worker, ORDER)).id
        answers = await asyncio.gather(
            *(outcome(side.answer(one, visit, None)) for side, one in zip(sides, devices, strict=True))
        )
        assert sorted(answers) == ["answered", "answered_elsewhere"]
        async with stores[0].read() as connection:
            query = select(func.count()).where(
                tables.participant.c.visit == visit, tables.participant.c.part == "resident"
            )
            assert await connection.scalar(query) == 1
        await sides[1].end(worker, visit, None)


async def test_two_processes_ring_one_resident_once(stores: tuple[Store, Store], clock: FakeClock) -> None:
    sides = [Visits(store, LocalBus(), clock) for store in stores]
    workers = [await who(stores[0], clock, f"demo-worker-{number}") for number in (1, 2)]
    for _ in range(10):
        answers = await asyncio.gather(
            *(outcome(side.start(one, ORDER)) for side, one in zip(sides, workers, strict=True))
        )
        assert sorted(answers) == ["busy", "ringing"]
        async with stores[0].read() as connection:
            live = select(tables.visit).where(tables.visit.c.live_key.is_not(None))
            [row] = (await connection.execute(live)).mappings().all()
        caller = next(one for one in workers if one.person == row["caller"])
        await sides[0].end(caller, row["id"], None)


async def test_several_processes_share_the_deadlines_and_what_fell_due_while_none_ran_acts_later(
    stores: tuple[Store, Store], clock: FakeClock
) -> None:
    worker = await who(stores[0], clock, "demo-worker-1")
    visit = (await Visits(stores[0], LocalBus(), clock).start(worker, ORDER)).id
    await clock.advance(44)
    several = [Timers(store, LocalBus(), SystemClock()) for store in (*stores, *stores)]
    assert await asyncio.gather(*(timers.act_on_due(clock.now()) for timers in several)) == [0] * 4
    await clock.advance(3600)
    assert sum(await asyncio.gather(*(timers.act_on_due(clock.now()) for timers in several))) == 1
    assert (await state(stores[0], visit))[:2] == ("ended", "no_answer")


async def test_who_sat_on_a_process_that_died_is_away_and_back_on_another(
    stores: tuple[Store, Store], clock: FakeClock
) -> None:
    dying, living = (Presence(store, LocalBus(), clock) for store in stores)
    worker = await who(stores[0], clock, "demo-worker-1")
    seats = [await dying.sit(person("demo-worker-1")), await dying.sit(person("demo-worker-1"))]
    visit = (await Visits(stores[0], LocalBus(), clock).start(worker, ORDER)).id
    await dying.leave(seats[0], Away.PAGE_CLOSED)
    assert (await state(stores[0], visit))[2] == [None], "another page of the same person is still open"
    await clock.advance(DEAD_AFTER.total_seconds() - 1)
    await living.renew()
    assert (await state(stores[0], visit))[2] == [None]
    await clock.advance(2)
    await living.renew()
    assert (await state(stores[0], visit))[2] == ["connection_lost"]
    await dying.renew()  # it was not dead: only the database was out of its reach
    assert (await state(stores[0], visit))[2] == [None]
    await dying.leave(seats[1], Away.PAGE_CLOSED)
    assert (await state(stores[0], visit))[2] == ["page_closed"]
    await living.sit(person("demo-worker-1"))
    assert (await state(stores[0], visit))[2] == [None]


async def test_a_page_that_moves_from_one_process_to_another_in_one_moment_is_never_away_after(
    stores: tuple[Store, Store], clock: FakeClock
) -> None:
    one, other = (Presence(store, LocalBus(), clock) for store in stores)
    worker = await who(stores[0], clock, "demo-worker-1")
    seat = await one.sit(person("demo-worker-1"))
    visit = (await Visits(stores[0], LocalBus(), clock).start(worker, ORDER)).id
    for _ in range(10):
        _, new = await asyncio.gather(one.leave(seat, Away.CONNECTION_LOST), other.sit(person("demo-worker-1")))
        assert (await state(stores[0], visit))[2] == [None]
        one, other, seat = other, one, new


async def test_every_process_tells_of_a_change_once(stores: tuple[Store, Store], clock: FakeClock) -> None:
    feeds = [VisitFeed(store, LocalBus(), clock) for store in stores]
    pages = [feed.subscribe(device_holder("demo-app-1")) for feed in feeds]
    namesake = feeds[0].subscribe(device_holder("demo-worker-1"))
    worker = await who(stores[0], clock, "demo-worker-1")
    visit = await Visits(stores[0], LocalBus(), clock).start(worker, ORDER)
    for feed, page in zip(feeds, pages, strict=True):
        assert await feed.read_on() == 1
        assert [told.visit.id for told in await page.take(0)] == [visit.id]
        assert await feed.read_on() == 0
    assert await namesake.take(0) == [], "a device that is called like the caller is not the caller"
    await clock.advance(3)
    await Presence(stores[1], LocalBus(), clock).sit(device_holder("demo-app-1"))
    assert await feeds[0].read_on() == 1, "the caller hears how many pages the ring reaches"
    await clock.advance(60)
    assert [await feed.read_on() for feed in feeds] == [0, 1]


async def test_a_visit_goes_to_the_least_loaded_node_that_is_there(
    stores: tuple[Store, Store], clock: FakeClock
) -> None:
    store = stores[0]
    await forget_node(store, "relay-1")
    async with store.read() as connection:
        assert await choose_node(connection, clock.now()) is None
    for name, load in (("busy", 9.0), ("idle", 1.0), ("late", 0.0)):
        early = FRESH + timedelta(seconds=1) if name == "late" else timedelta()
        await say_node(store, Node(name, f"http://{name}", load), clock.now() - early)
    async with store.read() as connection:
        assert await choose_node(connection, clock.now()) == "idle"
        assert await choose_node(connection, clock.now(), keep="busy") == "busy"
        assert await choose_node(connection, clock.now(), keep="late") == "idle"
        assert await node_url(connection, "idle", clock.now()) == "http://idle"
        assert await node_url(connection, "late", clock.now()) is None
