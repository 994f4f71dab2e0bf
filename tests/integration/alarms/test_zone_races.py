"""Safe zones where several fixes come at once: one process or two, each crossing is told once."""

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from alarms import tables as alarm_tables
from alarms.core.signal import Signal
from alarms.hub import Hub
from alarms.position.tables import zone
from kit.bus import LocalBus
from kit.clock import SystemClock
from kit.errors import StorageDown
from kit.store import Store, open_store
from kit.wire.words import Reason, SignalKind
from registry.consent import positioning_consent
from tests.integration.alarms.homes import fill
from tests.integration.alarms.hubs import rows, signal

PEOPLE = 8
INSIDE, OUTSIDE = "58.3866", "58.4066"


def placed(person: int, number: int, latitude: str, taken_at: datetime) -> Signal:
    details = {"latitude": latitude, "longitude": "13.4391", "accuracy": "10"}
    return signal(
        str(person), f"{number}", SignalKind.INFORMATION, None, details=details, occurred_at=taken_at, priority=5
    )


async def watched(store: Store, at: datetime) -> None:
    """A consent and a zone around home for each."""
    centre = {"latitude": 58.3866, "longitude": 13.4391}
    async with store.write() as connection:
        for person in range(PEOPLE):
            one = {"principal": "kommun", "resident": f"resident-{person}"}
            consent = {"given_by": "resident", "giver": "", "given_at": at, "written_by": "me", "written_at": at}
            await connection.execute(
                positioning_consent.insert().values(id=f"c-{person}", open_key=one["resident"], **one, **consent)
            )
            area = {"shape": "circle", "centre": centre, "radius_m": 500}
            how = {"name": "Hemma", "area": area, "hours": [], "watch": "leave", "makes": "alarm"}
            await connection.execute(
                zone.insert().values(id=f"z-{person}", standing="unknown", at=at, by="me", **one, **how)
            )


@pytest.fixture
def now() -> datetime:
    return SystemClock().now()


async def test_two_processes_that_hear_of_one_crossing_tell_it_once(postgres_url: str, now: datetime) -> None:
    stores = [open_store(postgres_url) for _ in range(2)]
    async with stores[0].write() as connection:
        await fill(connection, PEOPLE)
    await watched(stores[0], now)
    hubs = [Hub(store, LocalBus(), SystemClock()) for store in stores]
    try:
        for hub in hubs:
            await hub.start()
        await asyncio.gather(
            *(hubs[0].receive(placed(n, 0, INSIDE, now - timedelta(minutes=9))) for n in range(PEOPLE))
        )
        # Each hub hears of everybody outside, again and again, in both orders of the people.
        walks = [
            hub.receive(placed(person, 10 * turn + which + 1, OUTSIDE, now - timedelta(seconds=300 - turn)))
            for turn in range(5)
            for which, hub in enumerate(hubs)
            for person in (range(PEOPLE) if which else reversed(range(PEOPLE)))
        ]
        async with asyncio.timeout(60):
            await asyncio.gather(*walks)
        cases = await rows(stores[0], alarm_tables.case)
        assert sorted(case["resident"] for case in cases) == sorted(f"resident-{n}" for n in range(PEOPLE))
        assert {(case["reason"], case["presses"]) for case in cases} == {(Reason.LEFT_ZONE, 1)}
        async with stores[0].read() as connection:
            query = select(alarm_tables.signal.c.id).where(alarm_tables.signal.c.kind == SignalKind.ALARM)
            assert len((await connection.execute(query)).all()) == PEOPLE
    finally:
        for hub in hubs:
            await hub.close()
        for store in stores:
            await store.close()


async def test_a_batch_that_fails_has_changed_no_zone(
    store_url: str, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_store(store_url)
    async with store.write() as connection:
        await fill(connection, PEOPLE)
    await watched(store, now)
    hub = Hub(store, LocalBus(), SystemClock())
    await hub.start()

    async def broken(*_: object) -> None:
        raise LookupError("a bug of ours")

    try:
        with monkeypatch.context() as patched:
            patched.setattr("alarms.batch.keep_positions", broken)
            with pytest.raises(StorageDown):
                await hub.receive(placed(0, 1, OUTSIDE, now))
        assert {row["standing"] for row in await rows(store, zone)} == {"unknown"}
        receipt = await hub.receive(placed(0, 1, OUTSIDE, now))
        assert receipt.case is not None
        [told] = [row for row in await rows(store, zone) if row["resident"] == "resident-0"]
        assert told["standing"] == "told"
    finally:
        await hub.close()
        await store.close()
