"""The hub on both databases: what a receipt promises, and what becomes of each kind of signal."""

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from alarms import tables
from alarms.batch import RECEIPT_WINDOW, RESENT_WITHIN
from alarms.core.signal import Outcome, Receipt, Signal
from alarms.hub import Hub
from deploy import schema
from kit.bus import LocalBus
from kit.clock import SystemClock
from kit.errors import StorageDown
from kit.store import Store, open_store
from kit.wire.words import CaseKind, Reason, SignalKind
from registry.tables import device, device_seen
from tests.integration.alarms.homes import fill
from tests.integration.alarms.hubs import rows, signal
from tests.patience import until
from tests.servers import PostgreSQL


async def test_a_press_is_stored_and_raises_a_case_before_the_receipt_is_given(hub: Hub, store: Store) -> None:
    receipt = await hub.receive(signal())
    [case] = await rows(store, tables.case)
    [stored] = await rows(store, tables.signal)
    assert (receipt.outcome, receipt.case, receipt.signal) == (Outcome.STORED, case["id"], stored["id"])
    assert (case["resident"], case["presses"], case["open_key"]) == ("resident-0", 1, "person:resident-0")
    assert bytes(stored["raw"]) == b"<mrq/>"
    assert [line["kind"] for line in await rows(store, tables.timeline)] == ["raised"]


async def test_a_second_press_joins_the_open_case(hub: Hub, store: Store) -> None:
    first = await hub.receive(signal(reference="1"))
    second = await hub.receive(signal(reference="2"))
    assert first.case == second.case
    [case] = await rows(store, tables.case)
    assert (case["presses"], case["unread"], case["priority"]) == (2, 2, 1)


async def test_a_signal_sent_again_is_the_same_signal(hub: Hub, store: Store) -> None:
    first = await hub.receive(signal())
    again = await hub.receive(signal())
    assert again == Receipt(first.signal, first.case, Outcome.REPEATED, known=True)
    assert len(await rows(store, tables.signal)) == 1
    assert (await rows(store, tables.case))[0]["presses"] == 1


async def test_the_same_signal_twice_in_one_batch_is_one(hub: Hub, store: Store) -> None:
    receipts = await asyncio.gather(*(hub.receive(signal()) for _ in range(20)))
    assert len({receipt.signal for receipt in receipts}) == 1
    assert [receipt.outcome for receipt in receipts].count(Outcome.STORED) == 1
    assert (await rows(store, tables.case))[0]["presses"] == 1


async def test_who_gives_up_and_asks_again_is_answered_with_what_was_stored_meanwhile(hub: Hub, store: Store) -> None:
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(hub.receive(signal()), 0.0001)
    again = await asyncio.wait_for(hub.receive(signal()), 5)
    assert again.case is not None
    assert (await rows(store, tables.case))[0]["presses"] == 1
    assert (await hub.receive(signal())).outcome is Outcome.REPEATED


async def test_a_counter_that_wraps_is_a_new_press(hub: Hub, store: Store) -> None:
    await hub.receive(signal())
    long_ago = SystemClock().now() - RECEIPT_WINDOW - timedelta(minutes=1)
    async with store.write() as connection:
        await connection.execute(tables.receipt.update().values(received_at=long_ago))
    receipt = await hub.receive(signal())
    assert receipt.outcome is Outcome.STORED
    assert (await rows(store, tables.case))[0]["presses"] == 2


async def test_many_presses_of_many_people_at_once_make_one_case_each(hub: Hub, store: Store) -> None:
    await asyncio.gather(*(hub.receive(signal(str(n % 5), str(n))) for n in range(250)))
    cases = await rows(store, tables.case)
    assert sorted(case["presses"] for case in cases) == [50] * 5
    positions = [row["position"] for row in await rows(store, tables.feed)]
    assert positions == list(range(1, len(positions) + 1))


async def test_an_unknown_account_is_stored_and_raises_nothing(hub: Hub, store: Store) -> None:
    receipt = await hub.receive(signal("999"))
    again = await hub.receive(signal("999"))
    assert (receipt.outcome, receipt.known, receipt.case) == (Outcome.UNKNOWN_ACCOUNT, False, None)
    assert again.known is False
    assert len(await rows(store, tables.signal)) == 1
    assert await rows(store, tables.case) == []


@pytest.mark.parametrize("kind", [SignalKind.CANCEL, SignalKind.RESET])
async def test_a_cancel_never_closes_and_alone_opens_nothing(hub: Hub, store: Store, kind: SignalKind) -> None:
    alone = await hub.receive(signal(reference="1", kind=kind, reason=None))
    assert alone.case is None
    raised = await hub.receive(signal(reference="2"))
    cancelled = await hub.receive(signal(reference="3", kind=kind, reason=None))
    assert cancelled.case == raised.case
    [case] = await rows(store, tables.case)
    assert (case["state"], case["unread"], case["presses"]) == ("queued", 2, 1)


async def test_a_press_and_its_cancel_in_one_batch_leave_an_open_case(hub: Hub, store: Store) -> None:
    await asyncio.gather(
        hub.receive(signal(reference="1")),
        hub.receive(signal(reference="2", kind=SignalKind.CANCEL, reason=None)),
    )
    [case] = await rows(store, tables.case)
    assert (case["state"], case["presses"]) == ("queued", 1)


async def test_a_test_proves_the_chain_and_reaches_no_queue(hub: Hub, store: Store) -> None:
    receipt = await hub.receive(signal(kind=SignalKind.TEST, reason=None))
    await hub._seen.flush()
    assert receipt.case is None
    [seen] = await rows(store, device_seen)
    assert seen["last_test_at"] is not None
    assert await rows(store, tables.case) == []
    assert await rows(store, tables.feed) == []


async def test_a_heartbeat_is_answered_after_it_is_written_and_leaves_no_row_in_the_feed(
    hub: Hub, store: Store
) -> None:
    receipts = await asyncio.gather(
        hub.receive(signal("0", kind=SignalKind.HEARTBEAT, reason=None)),
        hub.receive(signal("999", kind=SignalKind.HEARTBEAT, reason=None)),
    )
    [seen] = await rows(store, device_seen)
    assert (seen["device"], seen["last_test_at"]) == ("device-0", None)
    assert [receipt.known for receipt in receipts] == [True, False]
    assert await rows(store, tables.feed) == []


async def test_a_heartbeat_does_not_forget_the_last_test(hub: Hub, store: Store) -> None:
    await hub.receive(signal(kind=SignalKind.TEST, reason=None))
    await hub._seen.flush()
    await hub.receive(signal(reference="2", kind=SignalKind.HEARTBEAT, reason=None))
    assert (await rows(store, device_seen))[0]["last_test_at"] is not None


async def test_a_fault_opens_a_technical_case_and_its_flapping_is_only_counted(hub: Hub, store: Store) -> None:
    for reference in "123":
        await hub.receive(signal(reference=reference, kind=SignalKind.TECHNICAL, reason=Reason.BATTERY_LOW, priority=4))
    restored = await hub.receive(signal(reference="4", kind=SignalKind.RESTORE, reason=Reason.BATTERY_LOW, priority=5))
    [case] = await rows(store, tables.case)
    assert (case["kind"], case["presses"], case["id"]) == (CaseKind.TECHNICAL, 3, restored.case)
    assert [line["kind"] for line in await rows(store, tables.timeline)] == ["raised", "signal"]
    assert len(await rows(store, tables.signal)) == 4


async def test_a_shared_device_opens_a_case_of_the_home(hub: Hub, store: Store) -> None:
    await hub.receive(signal("shared"))
    [case] = await rows(store, tables.case)
    assert (case["open_key"], case["resident"], case["home"]) == ("person:home:home-shared", None, "home-shared")


async def test_a_signal_that_breaks_our_own_code_still_reaches_a_human(hub: Hub, store: Store) -> None:
    bad = signal(reference="bad", details={"place": object()})  # type: ignore[dict-item]
    good = [signal(str(n), "good") for n in range(3)]
    receipts = await asyncio.gather(*(hub.receive(one) for one in [*good, bad]))
    cases = {case["id"]: case for case in await rows(store, tables.case)}
    assert {cases[receipt.case or ""]["resident"] for receipt in receipts[:3]} == {f"resident-{n}" for n in range(3)}
    stored = {row["id"]: row for row in await rows(store, tables.signal)}[receipts[3].signal]
    assert (stored["reason"], stored["kind"], stored["case"]) == ("unreadable", "alarm", receipts[3].case)
    assert bytes(stored["raw"]) == b"<mrq/>"


async def test_a_device_that_was_never_told_is_noted_on_its_case(hub: Hub, store: Store) -> None:
    receipt = await hub.receive(signal())
    await hub.not_told(receipt)
    assert [line["kind"] for line in await rows(store, tables.timeline)] == ["raised", "device_not_told"]


async def test_the_same_press_long_after_its_case_was_closed_is_a_new_press(hub: Hub, store: Store) -> None:
    """A short counter wraps, a device counts anew after a restart: nobody may be told "received" and left alone."""
    first = await hub.receive(signal())
    now = SystemClock().now()
    async with store.write() as connection:
        await connection.execute(tables.case.update().values(open_key=None, state="closed", closed_at=now))
    soon = await hub.receive(signal())
    assert (soon.outcome, soon.case) == (Outcome.REPEATED, first.case)
    async with store.write() as connection:
        await connection.execute(tables.signal.update().values(received_at=now - RESENT_WITHIN - timedelta(minutes=1)))
    later = await hub.receive(signal())
    assert later.outcome is Outcome.STORED
    assert later.case not in {None, first.case}
    assert (await hub.receive(signal())).signal == later.signal


async def test_a_device_that_is_enrolled_after_its_press_is_heard_at_its_next_try(hub: Hub, store: Store) -> None:
    assert (await hub.receive(signal("26317"))).known is False
    async with store.write() as connection:
        await connection.execute(device.update().where(device.c.account == "0").values(account="26317"))
    again = await hub.receive(signal("26317"))
    assert (again.outcome, again.known) == (Outcome.STORED, True)
    assert again.case is not None


async def test_a_returned_device_raises_nobody_elses_case(hub: Hub, store: Store) -> None:
    async with store.write() as connection:
        await connection.execute(device.update().where(device.c.account == "0").values(state="returned"))
    receipt = await hub.receive(signal())
    assert (receipt.known, receipt.case) == (False, None)
    assert len(await rows(store, tables.signal)) == 1


async def test_hundreds_that_were_never_told_do_not_keep_a_press_waiting(hub: Hub, store: Store) -> None:
    receipts = [await hub.receive(signal(str(n % 5), f"old {n}")) for n in range(10)]
    burst = [asyncio.ensure_future(hub.not_told(receipt)) for receipt in receipts * 60]  # noqa: TID251 - a crowd
    pressed = await asyncio.wait_for(hub.receive(signal("1", "new")), 5)
    assert pressed.outcome is Outcome.STORED
    await asyncio.gather(*burst)
    lines = [line["kind"] for line in await rows(store, tables.timeline)]
    assert lines.count("device_not_told") == 600


async def test_with_the_database_away_nothing_is_acknowledged_and_afterwards_everything_is(
    mortal_postgres: PostgreSQL,
) -> None:
    store = open_store(mortal_postgres.create())
    await schema.migrate(store)
    async with store.write() as connection:
        await fill(connection)
    hub = Hub(store, LocalBus(), SystemClock())
    await hub.start()
    try:
        await hub.receive(signal(reference="1"))
        mortal_postgres.kill()
        for reference in ("2", "3"):
            with pytest.raises(StorageDown):
                await hub.receive(signal(reference=reference))
        with pytest.raises(StorageDown):
            await hub.receive(signal(reference="4", kind=SignalKind.HEARTBEAT, reason=None))
        mortal_postgres.start()
        receipt = await received_at_last(hub, signal(reference="2"))
        assert receipt.outcome is Outcome.STORED
        async with store.read() as connection:
            assert await connection.scalar(select(func.count()).select_from(tables.signal)) == 2
    finally:
        await hub.close()
        await store.close()


async def received_at_last(hub: Hub, pressed: Signal) -> Receipt:
    """As a device does: again, until it is told."""
    until = datetime.now(tz=pressed.received_at.tzinfo) + timedelta(seconds=20)  # noqa: TID251 - a test's patience
    while True:
        try:
            return await hub.receive(pressed)
        except StorageDown:
            assert datetime.now(tz=until.tzinfo) < until  # noqa: TID251 - a test's patience
            await SystemClock().sleep(0.2)


async def test_what_happened_long_before_it_came_is_marked_and_treated_like_any_other(hub: Hub, store: Store) -> None:
    """After an outage devices send what they have kept: none is dropped, and none is taken for a new one."""
    at = SystemClock().now()
    await hub.receive(signal("0", "old", occurred_at=at - timedelta(hours=2)))
    await hub.receive(signal("1", "new", occurred_at=at - timedelta(seconds=20)))
    await hub.receive(signal("2", "no clock", occurred_at=at - timedelta(days=9000)))
    cases = await rows(store, tables.case)
    assert [case["occurred_at"] for case in cases] == [at - timedelta(hours=2), None, None]
    assert all(case["next_step_at"] >= at for case in cases), "a human looks at once, however old it is"
    lines = await rows(store, tables.timeline)
    assert ["occurred_at" in line["data"] for line in lines] == [True, False, False]


@pytest.mark.parametrize(("kind", "ago"), [(SignalKind.TEST, 0), (SignalKind.ALARM, 1)])
async def test_storms_do_not_drown_a_press(sqlite_url: str, kind: SignalKind, ago: int) -> None:
    """Five thousand stand in line, tests or what an hour has piled up; a press and a fault pass them by."""
    store = open_store(sqlite_url)
    async with store.write() as connection:
        await fill(connection)
    hub = Hub(store, LocalBus(), SystemClock())
    await hub.start()
    stored = 0

    async def send(number: int) -> None:
        nonlocal stored
        happened = SystemClock().now() - timedelta(hours=ago)
        await hub.receive(signal(str(number % 5), f"of a storm {number}", kind=kind, occurred_at=happened))
        stored += 1

    storm = [asyncio.ensure_future(send(number)) for number in range(5000)]  # noqa: TID251 - a crowd
    try:
        await until(lambda: stored, "the storm is not under way")
        before = stored
        fault = hub.receive(signal("1", "fault", kind=SignalKind.TECHNICAL, reason=Reason.BATTERY_LOW, priority=4))
        receipts = await asyncio.gather(hub.receive(signal("0", "press")), fault)
        assert all(receipt.case for receipt in receipts)
        assert stored - before <= 500, "a handful of short batches, of five thousand"
        assert stored < 5000
    finally:
        for one in storm:
            one.cancel()
        await asyncio.gather(*storm, return_exceptions=True)
        await hub.close()
        await store.close()
