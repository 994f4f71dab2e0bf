"""Silent devices, on both databases, with time in the test's hand."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import func, select, update

from alarms import tables
from alarms.core.case import decide
from alarms.core.shapes import Decision, Take
from alarms.journal import Changed, lock_open, write
from alarms.routing.reading import tell_all
from alarms.routing.tables import routing
from alarms.supervision.tables import incident, incident_device
from alarms.supervision.watch import Supervision
from kit.bus import LocalBus
from kit.clock import FakeClock
from kit.store import Store, open_store
from registry.inventory.tables import device_model, device_silence
from registry.tables import device, device_seen, resident
from tests.integration.alarms.fleets import INTERVAL, fill_fleet, hear, hear_only, open_cases

STEP = 30.0  # seconds between two looks: fewer than really, and never so few that nobody listened


@pytest.fixture
async def store(store_url: str) -> AsyncIterator[Store]:
    store = open_store(store_url)
    yield store
    await store.close()


async def watching(store: Store, clock: FakeClock) -> Supervision:
    """A watch that has begun to listen."""
    watch = Supervision(store, LocalBus(), clock)
    await watch.look()
    return watch


async def passing(watch: Supervision, store: Store, clock: FakeClock, seconds: float, *silent: str) -> None:
    """Time goes by: all are heard but these, and somebody looks now and then."""
    for _ in range(int(seconds / STEP)):
        await clock.advance(STEP)
        await hear(store, clock.now(), *silent)
        await watch.look()


async def timeline(store: Store, case: object) -> list[tuple[str, dict[str, object]]]:
    async with store.read() as connection:
        query = select(tables.timeline.c.kind, tables.timeline.c.data).where(tables.timeline.c.case == case)
        return [tuple(row) for row in (await connection.execute(query.order_by(tables.timeline.c.id))).all()]


async def closed(store: Store) -> list[tuple[str, str | None, str | None]]:
    async with store.read() as connection:
        query = select(tables.case.c.reason, tables.case.c.measure, tables.case.c.handler)
        query = query.where(tables.case.c.closed_at.is_not(None)).order_by(tables.case.c.id)
        return [tuple(row) for row in (await connection.execute(query)).all()]


async def take(store: Store, key: str, clock: FakeClock) -> None:
    async with store.write() as connection:
        [case] = (await lock_open(connection, [key])).values()
        decision = decide(case, Take("karin"), clock.now())
        assert isinstance(decision, Decision)
        await write(connection, [Changed(decision.case, decision.entries)], clock.now())


async def test_a_silent_device_is_an_alarm_about_the_device(store: Store, clock: FakeClock) -> None:
    await fill_fleet(store, clock.now(), {"hjo": 3, "skara": 20})
    watch = await watching(store, clock)
    await passing(watch, store, clock, 2 * INTERVAL, "hjo-0")
    async with store.read() as connection:
        assert list(await connection.scalars(select(device_silence.c.level))) == ["late"]
    assert await open_cases(store) == {}
    await passing(watch, store, clock, INTERVAL, "hjo-0")
    [(key, case)] = (await open_cases(store)).items()
    assert key == "technical:hjo-0:silent"
    assert (case["kind"], case["reason"], case["priority"]) == ("technical", "silent", 4)
    assert (case["resident"], case["device"], case["next_step"] is not None) == ("resident-hjo-0", "hjo-0", True)
    async with store.read() as connection:
        row = (await connection.execute(select(tables.signal))).mappings().one()
    assert (row["device"], row["case"], row["protocol"]) == ("hjo-0", case["id"], "supervision")


async def test_a_silent_device_is_before_the_desk_that_answers_for_things(store: Store, clock: FakeClock) -> None:
    """[19]"""
    await fill_fleet(store, clock.now(), {"hjo": 3})
    rules = {"rules": [{"id": "things", "kinds": ["technical"], "reasons": ["silent"], "desks": ["kommun"]}]}
    row = {"principal": "kommun", "version": 1, "body": rules, "changed_at": clock.now(), "changed_by": "aino"}
    async with store.write() as connection:
        await connection.execute(routing.insert().values(row))
        await tell_all(connection)
    watch = await watching(store, clock)
    await passing(watch, store, clock, 4 * INTERVAL, "hjo-0")
    [case] = (await open_cases(store)).values()
    assert (case["desk"], case["next_step"]) == ("kommun", "supervisor")


async def test_a_dead_mast_is_one_incident_however_often_its_models_are_heard(store: Store, clock: FakeClock) -> None:
    """[10]"""
    await fill_fleet(store, clock.now(), {"hjo": 16, "skara": 30})
    async with store.write() as connection:
        await connection.execute(device_model.insert().values(name="slow", heartbeat_s=5 * INTERVAL, radio="2g"))
        slow = device.c.id.like("skara-%") | device.c.id.in_([f"hjo-{number}" for number in range(8)])
        await connection.execute(update(device).where(slow).values(model="slow"))
    watch = await watching(store, clock)
    await passing(watch, store, clock, 4 * INTERVAL, "hjo")
    [(key, case)] = (await open_cases(store)).items()
    assert key == "incident:kommun:town:hjo", "the eight of the quick model, which is nowhere else, are of one town"
    await passing(watch, store, clock, 14 * INTERVAL, "hjo")
    assert list(await open_cases(store)) == [key]
    async with store.read() as connection:
        assert await connection.scalar(select(func.count()).where(device_silence.c.incident == case["id"])) == 16


async def test_a_silent_device_that_nobody_took_closes_itself_when_it_is_heard(store: Store, clock: FakeClock) -> None:
    await fill_fleet(store, clock.now(), {"hjo": 3})
    watch = await watching(store, clock)
    await passing(watch, store, clock, 4 * INTERVAL, "hjo-0")
    [case] = (await open_cases(store)).values()
    await passing(watch, store, clock, STEP)
    assert await open_cases(store) == {}
    assert await closed(store) == [("silent", "came_back", None)]
    assert [kind for kind, _ in await timeline(store, case["id"])] == ["raised", "closed"]
    async with store.read() as connection:
        assert list(await connection.scalars(select(device_silence.c.device))) == []


async def test_a_silent_device_that_somebody_took_is_noted_and_stays_with_that_one(
    store: Store, clock: FakeClock
) -> None:
    await fill_fleet(store, clock.now(), {"hjo": 3})
    watch = await watching(store, clock)
    await passing(watch, store, clock, 4 * INTERVAL, "hjo-0")
    await take(store, "technical:hjo-0:silent", clock)
    await passing(watch, store, clock, STEP)
    [case] = (await open_cases(store)).values()
    assert (case["state"], case["handler"]) == ("taken", "karin")
    assert [kind for kind, _ in await timeline(store, case["id"])] == ["raised", "taken", "ended"]


async def test_many_lost_at_once_are_one_incident(store: Store, clock: FakeClock) -> None:
    await fill_fleet(store, clock.now(), {"hjo": 40, "skara": 200})
    watch = await watching(store, clock)
    await passing(watch, store, clock, 4 * INTERVAL, "hjo")
    [(key, case)] = (await open_cases(store)).items()
    assert key == "incident:kommun:town:hjo"
    assert (case["reason"], case["priority"], case["presses"]) == ("many_silent", 3, 40)
    async with store.read() as connection:
        row = (await connection.execute(select(incident))).mappings().one()
        members = await connection.scalar(select(func.count()).select_from(incident_device))
        assert await connection.scalar(select(func.count()).select_from(tables.case)) == 1
    assert (row["scope"], row["name"], row["counted"], row["watched"], members) == ("town", "hjo", 40, 40, 40)


async def test_a_mast_failure_costs_one_case_though_its_devices_fall_silent_one_after_another(
    store: Store, clock: FakeClock
) -> None:
    await fill_fleet(store, clock.now(), {"hjo": 60, "skara": 200})
    watch = await watching(store, clock)
    gone: list[str] = []
    for ten in range(6):  # heartbeats are spread over their interval, and so are the last ones
        gone += [f"hjo-{number}" for number in range(60) if number % 6 == ten]
        await clock.advance(STEP)
        async with store.write() as connection:
            await connection.execute(
                update(device_seen).where(device_seen.c.device.not_in(gone)).values(last_seen_at=clock.now())
            )
        await watch.look()
    await passing(watch, store, clock, 4 * INTERVAL, "hjo")
    async with store.read() as connection:
        cases = (await connection.execute(select(tables.case.c.reason, tables.case.c.presses))).all()
    assert [tuple(case) for case in cases] == [("many_silent", 60)]


async def test_an_incident_counts_late_joiners_folds_in_what_was_single_and_closes_when_they_are_back(
    store: Store, clock: FakeClock
) -> None:
    await fill_fleet(store, clock.now(), {"hjo": 40, "skara": 200})
    watch = await watching(store, clock)
    await passing(watch, store, clock, 4 * INTERVAL, "hjo-0")
    assert list(await open_cases(store)) == ["technical:hjo-0:silent"]
    await passing(watch, store, clock, 4 * INTERVAL, "hjo-0", "hjo-1")
    [(key, case)] = (await open_cases(store)).items()
    assert (key, case["presses"]) == ("incident:kommun:town:hjo", 12)  # hjo-0, hjo-1, hjo-10 … hjo-19
    assert ("silent", "part_of_incident", None) in await closed(store)
    await passing(watch, store, clock, 4 * INTERVAL, "hjo")
    [case] = (await open_cases(store)).values()
    assert case["presses"] == 40
    await clock.advance(STEP)
    await hear_only(store, clock.now(), "hjo-1", "hjo-2", "skara")
    await watch.look()
    [case] = (await open_cases(store)).values()
    assert case["presses"] == 18
    await passing(watch, store, clock, STEP, "hjo-30")
    [(key, _)] = (await open_cases(store)).items()
    assert key == "technical:hjo-30:silent", "what has something else is a case of its own"
    assert ("many_silent", "came_back", None) in await closed(store)
    async with store.read() as connection:
        assert await connection.scalar(select(incident.c.closed_at)) is not None
        back = select(func.count()).where(incident_device.c.back_at.is_not(None))
        assert await connection.scalar(back) == 39


async def test_an_incident_that_somebody_closed_is_not_raised_again_by_the_same_devices(
    store: Store, clock: FakeClock
) -> None:
    await fill_fleet(store, clock.now(), {"hjo": 20, "skara": 100})
    watch = await watching(store, clock)
    await passing(watch, store, clock, 4 * INTERVAL, "hjo")
    async with store.write() as connection:
        await connection.execute(
            tables.case.update().values(
                state="closed", open_key=None, closed_at=clock.now(), next_step=None, next_step_at=None
            )
        )
    await passing(watch, store, clock, 4 * INTERVAL, "hjo")
    assert await open_cases(store) == {}
    async with store.read() as connection:
        assert await connection.scalar(select(incident.c.closed_at)) is not None
    await passing(watch, store, clock, STEP)
    await passing(watch, store, clock, 4 * INTERVAL, "hjo")
    assert list(await open_cases(store)) == ["incident:kommun:town:hjo"], "silent anew is new"


async def test_an_incident_that_comes_again_while_somebody_has_it_is_the_same_case(
    store: Store, clock: FakeClock
) -> None:
    await fill_fleet(store, clock.now(), {"hjo": 20, "skara": 100})
    watch = await watching(store, clock)
    await passing(watch, store, clock, 4 * INTERVAL, "hjo")
    await take(store, "incident:kommun:town:hjo", clock)
    await passing(watch, store, clock, STEP)
    await passing(watch, store, clock, 4 * INTERVAL, "hjo")
    [case] = (await open_cases(store)).values()
    assert (case["handler"], case["presses"]) == ("karin", 20)


async def test_a_restart_after_an_hour_calls_nobody_lost_until_there_was_time_to_be_heard(
    store: Store, clock: FakeClock
) -> None:
    await fill_fleet(store, clock.now(), {"hjo": 20})
    first = Supervision(store, LocalBus(), clock)
    await first.look()
    await clock.advance(3600)
    second = Supervision(store, LocalBus(), clock)
    await passing(second, store, clock, 3 * INTERVAL - STEP, "hjo-1")
    assert await open_cases(store) == {}
    await passing(second, store, clock, 2 * STEP, "hjo-1")
    assert len(await open_cases(store)) == 1


async def test_a_device_that_was_entered_and_never_heard_is_lost_too(store: Store, clock: FakeClock) -> None:
    await fill_fleet(store, clock.now(), {"hjo": 20})
    async with store.write() as connection:
        await connection.execute(device_seen.delete().where(device_seen.c.device == "hjo-7"))
    watch = await watching(store, clock)
    await passing(watch, store, clock, 4 * INTERVAL)
    assert list(await open_cases(store)) == ["technical:hjo-7:silent"]


async def test_a_device_that_is_not_live_or_has_no_interval_is_not_watched(store: Store, clock: FakeClock) -> None:
    await fill_fleet(store, clock.now(), {"hjo": 20})
    watch = await watching(store, clock)
    async with store.write() as connection:
        await connection.execute(device.update().where(device.c.id == "hjo-0").values(state="tested"))
        await connection.execute(device.update().where(device.c.id == "hjo-1").values(model="Unheard of"))
    await passing(watch, store, clock, 4 * INTERVAL, "hjo-0", "hjo-1")
    assert not set(await open_cases(store)) & {"technical:hjo-0:silent", "technical:hjo-1:silent"}
    await passing(watch, store, clock, 4 * INTERVAL, "hjo-3")
    assert list(await open_cases(store)) == ["technical:hjo-3:silent"]
    async with store.write() as connection:
        await connection.execute(device.update().where(device.c.id == "hjo-3").values(state="returned"))
    await passing(watch, store, clock, STEP, "hjo-3")
    assert await open_cases(store) == {}


async def test_a_protected_identity_is_not_placed_in_a_town(store: Store, clock: FakeClock) -> None:
    await fill_fleet(store, clock.now(), {"hjo": 6, "skara": 400})
    async with store.write() as connection:
        await connection.execute(resident.update().where(resident.c.id == "resident-hjo-0").values(protected=True))
    watch = await watching(store, clock)
    await passing(watch, store, clock, 4 * INTERVAL, "hjo")
    assert set(await open_cases(store)) == {"incident:kommun:town:hjo", "technical:hjo-0:silent"}


async def test_of_several_processes_one_watches_and_another_follows_when_it_is_gone(
    store: Store, clock: FakeClock
) -> None:
    await fill_fleet(store, clock.now(), {"hjo": 20})
    several = [Supervision(store, LocalBus(), clock) for _ in range(3)]
    for _ in range(int(4 * INTERVAL / STEP)):
        await clock.advance(STEP)
        await hear(store, clock.now(), "hjo-3")
        await asyncio.gather(*(watch.look() for watch in several))
    async with store.read() as connection:
        assert await connection.scalar(select(func.count()).select_from(tables.case)) == 1
    await several[0].close()
    await several[1].close()
    await clock.advance(STEP)
    await hear(store, clock.now())
    for _ in range(4):  # whoever had the turn, the last one has it now or when the turn has run out
        await clock.advance(STEP)
        await several[2].look()
    assert await open_cases(store) == {}
