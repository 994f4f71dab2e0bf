"""What leaves the platform: real receivers on loopback that fail, hang, redirect, die and come back."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from alarms import tables as alarm_tables
from alarms.outward import forgetting, rounds, sending, tables
from alarms.outward.notice import Notices
from alarms.outward.part import Outward
from alarms.outward.sending import Sending
from alarms.outward.subscriptions import add, change, new_secret, replay, retry, subscription_row
from alarms.pruning import Pruning
from alarms.watchdog.contacts import put_contact
from kit.bus import LocalBus
from kit.clock import SystemClock
from kit.store import open_store
from kit.wire import desk
from kit.wire.outward import SubscriptionBody
from kit.wire.words import Cause, Measure, Reason, SignalKind
from tests.integration.alarms.outgoing import LOOPBACK, SECRETS, LateClock, Sender, outward_of, sender
from tests.integration.alarms.receiving import CUT, HANG, receiver
from tests.integration.pagers import mailbox


class Died(BaseException):
    """What nothing of ours catches."""


@pytest.fixture
async def out(store, hub) -> AsyncIterator[Sender]:
    async with sender(store, hub) as made:
        await made.subscribe()
        yield made


on_sqlite = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
"""For what is the same on both databases."""


def types(events):
    return [event["type"].removeprefix("nattljus.") for event in events]


async def test_a_case_is_told_in_the_order_of_the_feed_signed_and_without_names(out):
    case = await out.press()
    await out.do(case, desk.Take())
    await out.do(case, desk.Note(text="Elsa 0 bor på Storgatan 1"))
    await out.do(case, desk.Close(cause=Cause.FALL, measure=Measure.SPOKE, note="Elsa mår bra"))
    await out.goes()
    assert types(out.receiver.taken) == ["case.raised", "case.taken", "case.closed"]
    first, _, last = out.receiver.taken
    assert first["specversion"] == "1.0"
    assert first["subject"] == first["data"]["case"] == case
    assert last["data"]["said"] == {"cause": "fall", "measure": "spoke"}
    assert [event["sequence"] for event in out.receiver.taken] == [f"{n:018d}" for n in (1, 2, 3)]
    said = b"".join(one.body for one in out.receiver.got)
    assert b"Elsa" not in said
    assert b"Storgatan" not in said
    assert b"resident-0" not in said
    for one in out.receiver.got:
        assert one.signed_with(out.secret)
        assert one.headers["webhook-id"] == one.event["id"]
        assert one.headers["content-type"].startswith("application/cloudevents+json")


@on_sqlite
async def test_the_residents_id_goes_along_only_where_the_subscription_includes_it(out):
    async with out.store.write() as connection:
        await change(connection, out.subscription, SubscriptionBody(url=out.receiver.url, resident=True))
    await out.press()
    await out.goes()
    assert out.receiver.taken[0]["data"]["resident"] == "resident-0"


@on_sqlite
async def test_only_the_types_that_were_asked_for_are_sent_and_the_cursor_passes_the_others(out):
    async with out.store.write() as connection:
        await change(
            connection, out.subscription, SubscriptionBody(url=out.receiver.url, types=["nattljus.case.taken"])
        )
    case = await out.press()
    await out.do(case, desk.Take())
    await out.press("1")
    await out.goes()
    assert types(out.receiver.taken) == ["case.taken"]
    assert (await out.row())["position"] == 3


@on_sqlite
async def test_what_happened_before_the_subscription_is_not_sent(store, hub):
    async with sender(store, hub) as out:
        case = await out.press()
        await out.subscribe()
        await out.do(case, desk.Take())
        await out.goes()
        assert types(out.receiver.taken) == ["case.taken"]


FAULTS = (500, 302, HANG, CUT, 400)


async def test_broken_events_stop_no_other_case_and_are_not_overtaken_in_their_own(out, monkeypatch):
    monkeypatch.setattr(sending, "SEND_WITHIN", 0.3)
    faults = {await out.press(str(n) if n < 5 else "shared"): fault for n, fault in enumerate([0, *FAULTS])}
    for case in faults:
        await out.do(case, desk.Take())
    out.receiver.answer = lambda event: faults[event["subject"]] or 204
    await out.goes()
    assert types(out.receiver.taken) == ["case.raised", "case.taken"]
    assert {one.answered for one in out.receiver.got} == {204, *FAULTS}
    out.receiver.answer = lambda event: 204
    await out.goes(3, seconds=10)
    for case in faults:
        mine = [event for event in out.receiver.taken if event["subject"] == case]
        assert types(mine) == ["case.raised", "case.taken"]
        assert len({one.event["id"] for one in out.receiver.got if one.event["subject"] == case}) == 2
    assert await out.deliveries() == []


@on_sqlite
async def test_a_receiver_that_died_is_paused_and_takes_everything_when_it_is_back(store, hub):
    clock = LateClock()
    async with receiver() as receiving, mailbox() as box:
        out = Sender(store, hub, clock, outward_of(store, clock, box.url), receiving)
        await out.subscribe()
        async with store.write() as connection:
            row = {"id": "c", "principal": "kommun", "name": "Drift", "email": "drift@kommun.test", "webhook": ""}
            await put_contact(connection, row)
        for account in range(4):
            await out.press(str(account))
        receiving.answer = lambda event: CUT
        await out.goes(15, seconds=600)
        row = await out.row()
        assert row["position"] == 0
        assert row["down_since"] is not None
        assert await out.deliveries() == []
        [mail] = await box.has(1)
        assert mail["To"] == "drift@kommun.test"
        assert "resident" not in str(mail)
        receiving.answer = lambda event: 204
        await out.goes(4, seconds=4000)
        assert sorted(event["sequence"] for event in receiving.taken) == [f"{n:018d}" for n in (1, 2, 3, 4)]
        assert (await out.row())["down_since"] is None
        assert len(await box.has(2)) == 2


async def test_gone_is_a_dead_letter_that_can_be_sent_once_more_and_is_marked(out):
    broken = await out.press("0")
    await out.press("1")
    out.receiver.answer = lambda event: 410 if event["subject"] == broken else 204
    await out.goes()
    [letter] = await out.deliveries()
    assert letter["dead_at"] is not None
    assert letter["outcome"] == "http 410"
    out.receiver.answer = lambda event: 204
    await out.goes(2, seconds=4000)
    assert len(out.receiver.taken) == 1
    async with out.store.write() as connection:
        row = await subscription_row(connection, out.subscription)
        assert await retry(connection, row, out.clock.now(), "line-none") == 0
        assert await retry(connection, row, out.clock.now()) == 1
    await out.goes()
    again = out.receiver.taken[-1]
    assert again["subject"] == broken
    assert again["replayed"] is True
    assert await out.deliveries() == []


async def test_a_replay_sends_from_a_place_on_marked_and_what_is_new_after_it_unmarked(out):
    for account in range(3):
        await out.press(str(account))
    await out.goes()
    before = out.receiver.taken
    async with out.store.write() as connection:
        row = await subscription_row(connection, out.subscription)
        assert await replay(connection, row, 1) == 2
    await out.press("3")
    await out.goes()
    came = out.receiver.taken[len(before) :]
    told = {(event["sequence"], event.get("replayed")) for event in came}
    assert told == {("0" * 17 + "2", True), ("0" * 17 + "3", True), ("0" * 17 + "4", False)}
    assert {event["id"] for event in came} >= {event["id"] for event in before[1:]}


async def test_killed_between_sending_and_writing_the_same_event_is_sent_again_with_the_same_id(out, monkeypatch):
    await out.press()
    await out.outward.draw()
    died = asyncio.Event()

    async def die(*_):
        died.set()
        raise Died

    with monkeypatch.context() as patch:
        patch.setattr("alarms.outward.part.conclude", die)
        with pytest.raises(Died):
            await out.outward.serve()
    assert died.is_set()
    other = out.another()
    assert await other.serve() == 0  # the dead process's lease still runs
    out.clock.later += rounds.HELD_FOR
    assert await other.serve() == 1
    sent = [one.event["id"] for one in out.receiver.got]
    assert len(sent) == 2
    assert len(set(sent)) == 1
    assert (await out.row())["position"] == 1


async def test_two_processes_never_send_the_same_at_once(out):
    for account in range(5):
        await out.press(str(account))
    processes = [out.outward, *(out.another() for _ in range(3))]
    await asyncio.gather(*(process.draw() for process in processes))
    for _ in range(5):
        await asyncio.gather(*(process.serve() for process in processes))
    assert sorted(event["sequence"] for event in out.receiver.taken) == [f"{n:018d}" for n in range(1, 6)]
    assert out.receiver.most_at_once <= sending.LANES_AT_ONCE


@on_sqlite
async def test_a_subscription_that_is_changed_while_a_round_is_under_way_is_not_written_over(out, monkeypatch):
    await out.press()
    await out.press("1")
    await out.goes()
    await out.press("2")

    def replays(event):
        out.receiver.answer = lambda event: 204
        return HANG

    out.receiver.answer = replays
    monkeypatch.setattr(sending, "SEND_WITHIN", 1.0)
    await out.outward.draw()

    async def go_back():
        while not any(one.answered == HANG for one in out.receiver.got):
            await SystemClock().sleep(0.02)
        async with out.store.write() as connection:
            await replay(connection, await subscription_row(connection, out.subscription), 0)

    await asyncio.gather(out.outward.serve(), go_back())
    await out.goes(2)
    assert {event["sequence"] for event in out.receiver.taken if event["replayed"]} >= {f"{n:018d}" for n in (1, 2)}
    assert len({event["id"] for event in out.receiver.taken}) == 3


@on_sqlite
async def test_while_keys_change_both_sign_and_afterwards_the_new_one_alone(out):
    await out.press()
    async with out.store.write() as connection:
        row = await subscription_row(connection, out.subscription)
        renewed = await new_secret(connection, row, SECRETS, out.clock.now())
    await out.goes()
    [both] = out.receiver.got
    assert both.signed_with(out.secret)
    assert both.signed_with(renewed)
    out.clock.later += timedelta(hours=25)
    await out.press("1")
    await out.goes()
    assert out.receiver.got[-1].signed_with(renewed)
    assert not out.receiver.got[-1].signed_with(out.secret)


@on_sqlite
async def test_a_name_that_leads_to_a_private_network_is_sent_nothing(store, hub):
    async with sender(store, hub) as out:
        out.outward = Outward(
            store, LocalBus(), out.clock, SECRETS, Sending(out.clock, ()), Notices(store, "", "larm@kommun.test")
        )
        await out.subscribe(f"https://localhost.localdomain:{out.receiver.port}/")
        async with store.write() as connection:
            inward = f"https://localhost:{out.receiver.port}/"
            await connection.execute(update(tables.subscription).values(url=inward))
        await out.press()
        await out.goes()
        assert out.receiver.got == []
        assert (await out.row())["outcome"] == "address_refused"
        assert (await out.row())["position"] == 0


@on_sqlite
async def test_a_slow_receiver_keeps_no_alarm_and_no_other_receiver_waiting(out, monkeypatch):
    monkeypatch.setattr(sending, "SEND_WITHIN", 5.0)
    out.receiver.answer = lambda event: HANG
    async with receiver() as quick:
        async with out.store.write() as connection:
            await add(connection, "kommun", SubscriptionBody(url=quick.url), SECRETS, out.clock.now())
        await out.outward.start()
        try:
            await out.press("0")
            await out.press("1")
            await quick.has("case.raised")
            assert out.receiver.taken == []
        finally:
            await out.outward.close()


async def test_events_are_drawn_once_by_however_many_processes_and_with_no_gap(out):
    cases = [await out.press(str(n)) for n in range(5)]
    for case in cases:
        await out.do(case, desk.Take())
    others = [out.another() for _ in range(3)]
    await asyncio.gather(out.outward.draw(), *(other.draw() for other in others))
    await out.outward.draw()
    async with out.store.read() as connection:
        rows = (await connection.execute(select(tables.outward_event).order_by(tables.outward_event.c.position))).all()
        lines = await connection.scalar(select(func.count()).select_from(alarm_tables.timeline))
    assert [row.position for row in rows] == list(range(1, 11))
    assert len({row.id for row in rows}) == 10 == lines


@on_sqlite
async def test_what_was_not_drawn_yet_is_not_pruned_from_the_feed(out):
    case = await out.press()
    out.clock.later += timedelta(days=2)
    await Pruning(out.store, out.clock).prune()
    await out.goes()
    assert [event["subject"] for event in out.receiver.taken] == [case]
    out.clock.later += timedelta(days=2)
    await Pruning(out.store, out.clock).prune()
    async with out.store.read() as connection:
        assert (await connection.execute(select(alarm_tables.feed))).all() == []


@on_sqlite
async def test_a_device_that_falls_silent_is_told_beside_its_case(out):
    silent = await out.press("0", kind=SignalKind.TECHNICAL, reason=Reason.SILENT)
    await out.goes()
    assert types(out.receiver.taken) == ["case.raised", "device.silent"]
    assert {event["subject"] for event in out.receiver.taken} == {silent}
    first, second = out.receiver.taken
    assert second["id"] == f"{first['id']}.device"
    assert second["data"]["device"] == "device-0"


async def test_what_is_old_is_forgotten_and_who_missed_it_is_told_how_much(out):
    out.receiver.answer = lambda event: 503
    await out.press("0")
    await out.press("1")
    await out.goes()
    await out.press("2")
    out.clock.later += forgetting.EVENTS_KEPT + timedelta(hours=1)
    await out.outward.draw()
    await forgetting.forget(out.store, out.clock)
    row = await out.row()
    assert (row["missed"], row["position"]) == (2, 2)
    out.receiver.answer = lambda event: 204
    await out.goes(3, seconds=4000)
    assert [event["sequence"] for event in out.receiver.taken] == [f"{3:018d}"]


@on_sqlite
async def test_a_kept_secret_is_of_no_use_without_the_platforms_keys(store, hub):
    async with sender(store, hub) as out:
        await out.subscribe()
        assert out.secret.encode() not in (await out.row())["secret"]
        clock = out.clock
        notices = Notices(store, "", "larm@kommun.test")
        keyless = Outward(
            store, LocalBus(), clock, ["another-key-that-is-long-enough-to-seal-"], Sending(clock, LOOPBACK), notices
        )
        await out.press()
        await keyless.draw()
        await keyless.serve()
        assert out.receiver.got == []
        assert (await out.row())["outcome"] == "secret_unreadable"


@on_sqlite
async def test_another_store_on_the_same_database_goes_on_where_the_first_stopped(out, store_url):
    await out.press("0")
    await out.goes()
    await out.outward.close()
    again = open_store(store_url)
    try:
        await out.press("1")
        restarted = outward_of(again, out.clock)
        await restarted.draw()
        await restarted.serve()
    finally:
        await again.close()
    assert [event["sequence"] for event in out.receiver.taken] == [f"{n:018d}" for n in (1, 2)]
