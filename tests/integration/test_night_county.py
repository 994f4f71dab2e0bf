"""The night's county moves in once, on either store, beside whoever is there, and its tokens open what they should."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from clients.simulated.night.county import COUNTY, SUPERVISOR, Way, areas, operators, residents
from clients.simulated.night.plan import plan
from clients.simulated.schedule import Pace
from deploy.night import move_in, rest, sheet_of, tokens, watch
from kit.clock import FakeClock
from kit.store import open_store
from kit.tokens import Signer
from kit.wire.words import Role
from registry.access import reach
from registry.demo import fill
from registry.enter import check_sheet
from registry.inventory.tables import device_model
from registry.tables import agreement, assignment, device, device_seen, home, person, principal, resident, unit
from tests.sessions import who_is

TABLES = (principal, unit, home, resident, device, person, assignment, agreement)


@pytest.fixture
async def store(store_url):
    store = open_store(store_url)
    async with store.write() as connection:
        await fill(connection)
    yield store
    await store.close()


async def counted(store):
    async with store.read() as connection:
        return [await connection.scalar(select(func.count()).select_from(table)) for table in TABLES]


async def test_the_county_moves_in_once_and_grows_by_what_is_missing(store):
    clock, demo = FakeClock(), await counted(store)
    assert await move_in(store, residents(1200), 4, 2, clock) == 1200
    first = await counted(store)
    assert [now - before for now, before in zip(first, demo, strict=True)] == [6, 12, 1200, 1200, 1200, 29, 29, 6]
    async with store.write() as connection:
        await connection.execute(update(resident).where(resident.c.id == "night-resident-7").values(name="Elsa Ny"))
    assert await move_in(store, residents(1200), 4, 2, clock) == 0
    assert await counted(store) == first
    assert await move_in(store, residents(1210), 6, 2, clock) == 10
    grown = await counted(store)
    assert [now - before for now, before in zip(grown, first, strict=True)] == [0, 0, 10, 10, 10, 2, 2, 0]
    async with store.read() as connection:
        kept = await connection.scalar(select(resident.c.name).where(resident.c.id == "night-resident-7"))
    assert kept == "Elsa Ny"


async def test_the_countys_table_is_one_that_the_registry_takes_in(store):
    await move_in(store, [], 1, 2, FakeClock())
    async with store.read() as connection:
        assert await check_sheet(connection, sheet_of(residents(300))) == []


async def test_tokens_are_of_people_who_reach_the_county_and_nobody_else_and_of_its_http_devices(store):
    clock, signer, people = FakeClock(), Signer(["a-key-for-nights-that-is-long-enough-to-use"]), residents(60)
    await move_in(store, people, 3, 2, clock)
    staff, devices = await tokens(store, signer, people, 3, 1, clock, timedelta(hours=1))
    patrols = {f"{area.id}-worker-1": area for area in areas()}
    assert set(staff) == {*operators(3), SUPERVISOR, *patrols}
    assert set(devices) == {one.device for one in people if one.way is Way.HTTP}
    async with store.read() as connection:
        for whom, token in staff.items():
            who = await who_is(connection, signer, token, clock.now())
            assert who is not None
            if whom in patrols:
                assert (who.role, who.unit, who.principal) == (Role.WORKER, patrols[whom].id, patrols[whom].principal)
                continue
            assert who.role is (Role.SUPERVISOR if whom == SUPERVISOR else Role.OPERATOR)
            assert set(reach(who, clock.now())) == {one.id for one in COUNTY}
        for one, token in devices.items():
            who = await who_is(connection, signer, token, clock.now())
            assert who is not None
            assert who.device == one


async def test_only_who_takes_part_is_watched_as_if_just_heard_and_nobody_after_the_night(store):
    clock, people = FakeClock(), residents(60)
    every = plan(60, 60, Pace(1, 30)).beat_every
    await move_in(store, residents(90), 1, 1, clock)

    async def watched():
        query = (
            select(device.c.id, device_seen.c.last_seen_at, device_model.c.heartbeat_s)
            .join(device_model, device_model.c.name == device.c.model)
            .outerjoin(device_seen, device_seen.c.device == device.c.id)
            .where(device.c.id.like("night-%"))
        )
        async with store.read() as connection:
            return {row.id: (row.last_seen_at, row.heartbeat_s) for row in await connection.execute(query)}

    await watch(store, residents(90), every, clock)
    await clock.advance(3600)
    await watch(store, people, every, clock)
    assert await watched() == {one.device: (clock.now(), every[one.way]) for one in people}
    await rest(store)
    assert await watched() == {}
