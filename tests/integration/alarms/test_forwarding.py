"""A principal's reserve: its alarms go to external alarm centres too, whatever those answer and whoever dies."""

import asyncio
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import select

from alarms import tables as alarm_tables
from alarms.core import forwarding as core
from alarms.forwarding import asking
from alarms.forwarding.trouble import trouble_key
from alarms.receivers.scaip.door import sealed_password
from alarms.receivers.scaip.listen import ScaipReceiver, parse_listen
from alarms.receivers.scaip.policy import Asks, Policy
from alarms.receivers.scaip.tls import Files
from kit.clock import SystemClock
from kit.errors import Refusal
from kit.tasks import Tasks
from kit.wire import desk
from kit.wire.words import Cause, Measure, Reason, SignalKind
from tests.certificates import certify
from tests.integration.alarms.centres import NOWHERE, Reserve, centre, on_sqlite, outcomes, receiver
from tests.integration.alarms.outgoing import Sender
from tests.patience import until
from tests.unit.alarms.scaip.device import MemoryIntake
from tests.unit.alarms.scaip.test_door import Some

KEYS = ("k" * 32,)


class Intake(MemoryIntake):
    """Counts what it is asked to store."""

    asked = 0

    async def receive(self, signal):
        self.asked += 1
        return await super().receive(signal)


@asynccontextmanager
async def alarm_centre(listen, **more):
    """Our own receiver, as somebody else's alarm centre."""
    clock = SystemClock()
    tasks, intake = Tasks(clock), Intake()
    made = ScaipReceiver(intake, clock, tasks, listen=parse_listen(listen), call_number="sip:larm@127.0.0.1", **more)
    await made.start()
    try:
        yield str(made.addresses[0]), intake
    finally:
        await made.close()
        await tasks.close()


async def sent(reserve):
    await reserve.part.send()


async def test_while_the_reserve_is_on_each_press_is_taken_outside_beside_our_own_case(reserve):
    async with centre("0") as there:
        before = await reserve.press("before")
        reserve.clock.later += core.SENT_FOR
        await reserve.lead_to(there)
        case = await reserve.press("1", "1", received_at=reserve.clock.now())
        await reserve.press("2", "1", received_at=reserve.clock.now())
        await reserve.goes()
        assert len(there.refs) == 2
        lines = await reserve.lines(case)
        assert outcomes(lines) == ["taken", "taken"]
        assert {(line["name"], line["snu"]) for line in lines} == {("0", 0)}
        assert await reserve.lines(before) == []
        async with reserve.store.read() as connection:
            row = (await connection.execute(select(alarm_tables.case).where(alarm_tables.case.c.id == case))).one()
        assert (row.state, row.next_step is not None) == ("queued", True)
        await reserve.set(receiver("0", there.address), on=False)
        await reserve.press("3", "1", received_at=reserve.clock.now())
        await reserve.goes()
        assert len(there.refs) == 2


@on_sqlite
@pytest.mark.parametrize("kind", [SignalKind.CANCEL, SignalKind.RESET])
async def test_what_withdraws_a_press_follows_it_and_never_overtakes_it(reserve, kind):
    async with centre("4", "0") as there:
        await reserve.lead_to(there)
        await reserve.press("1")
        await reserve.press("2", kind=kind, reason=None)
        await reserve.goes()
        assert [one["mty"] for one in there.heard] == ["ME"]
        await reserve.goes(2, seconds=20)
        assert [one["mty"] for one in there.heard] == ["ME", "RE"]


@on_sqlite
async def test_technical_signals_and_other_principals_stay_inside(reserve):
    async with centre("0") as there:
        await reserve.lead_to(there)
        await reserve.press("1", kind=SignalKind.TECHNICAL, reason=Reason.BATTERY_LOW)
        await reserve.goes()
        assert await reserve.rows() == []
        assert there.heard == []


async def test_a_no_a_refusal_and_a_hold_that_never_ends_lead_to_the_next_receiver(reserve):
    async with centre("5") as no, centre("503") as ill, centre("4") as busy, centre("0") as yes:
        await reserve.lead_to(no, ill, busy, yes)
        case = await reserve.press()
        await reserve.goes(times=40, seconds=10)
        assert outcomes(await reserve.lines(case)) == ["refused", "sip_refused", "held", "held", "taken"]
        assert no.refs == ill.refs == busy.refs == yes.refs
        (row,) = await reserve.rows()
        assert (row["state"], row["snu"], row["next_at"]) == ("done", 0, None)


@on_sqlite
async def test_silence_leads_to_the_next_receiver(reserve, monkeypatch):
    monkeypatch.setattr(asking, "ANSWER_WITHIN", core.ANSWER_WITHIN / 40)
    async with centre("") as silent, centre("0") as yes:
        await reserve.lead_to(silent, yes)
        case = await reserve.press()
        await reserve.goes()
        assert outcomes(await reserve.lines(case)) == ["silent", "taken"]


async def test_when_nobody_takes_it_a_human_knows_and_all_are_asked_again_until_one_does(reserve):
    async def trouble():
        async with reserve.store.read() as connection:
            query = select(alarm_tables.case.c.id).where(alarm_tables.case.c.open_key == trouble_key("kommun"))
            return await connection.scalar(query)

    async with centre("5", "5", "0") as there:
        await reserve.lead_to(there)
        case = await reserve.press()
        await reserve.goes()
        assert outcomes(await reserve.lines(case)) == ["refused", "all_tried"]
        assert await trouble()
        await reserve.goes(times=3, seconds=60)
        lines = outcomes(await reserve.lines(case))
        assert lines == ["refused", "all_tried", "refused", "all_tried", "taken"]
        assert len(there.refs) == 1
        assert await trouble() is None


@on_sqlite
async def test_once_somebody_has_the_case_nobody_else_is_asked_again(reserve):
    async with centre("5") as there:
        await reserve.lead_to(there)
        case = await reserve.press()
        await reserve.goes()
        sender = Sender(reserve.store, reserve.hub, reserve.clock, None, None)
        await sender.do(case, desk.Take())
        await reserve.goes(times=2, seconds=60)
        assert outcomes(await reserve.lines(case)) == ["refused", "all_tried", "ended"]
        (row,) = await reserve.rows()
        assert (row["state"], row["next_at"]) == ("failed", None)


async def test_a_process_that_dies_between_sending_and_the_answer_sends_again_with_the_same_reference(reserve):
    async with alarm_centre("udp:127.0.0.1:0") as (address, intake):
        gate = intake.hold_up()
        await reserve.set(receiver("0", address))
        case = await reserve.press()
        await reserve.part.draw()
        first = Tasks(reserve.clock).start("dying", sent(reserve))
        await until(lambda: intake.asked)
        first.cancel()  # it dies, and writes nothing
        await asyncio.gather(first, return_exceptions=True)
        (row,) = await reserve.rows()
        assert (row["state"], row["tries"]) == ("sent", 1)
        gate.set()
        other = Reserve(reserve.store, reserve.hub)
        await other.goes()
        assert (await reserve.rows())[0]["tries"] == 1  # it is leased
        other.clock.later += core.SENT_FOR
        await other.goes()
        (row,) = await reserve.rows()
        assert (row["state"], row["tries"]) == ("done", 2)
        assert [one.reference for one in intake.signals] == [row["ref"]]
        assert outcomes(await reserve.lines(case)) == ["taken"]
        await other.part.close()


async def test_two_processes_send_each_signal_once(reserve):
    other = Reserve(reserve.store, reserve.hub)
    async with centre("0") as there:
        await reserve.lead_to(there)
        case = await reserve.press("0")
        for number in range(1, 12):
            await reserve.press(str(number))
        await asyncio.gather(reserve.goes(times=3), other.goes(times=3))
        await reserve.goes()
        assert len(there.heard) == 12
        assert outcomes(await reserve.lines(case)) == ["taken"] * 12
        assert {row["tries"] for row in await reserve.rows()} == {1}
    await other.part.close()


@on_sqlite
@pytest.mark.parametrize("transport", ["udp", "tcp"])
async def test_our_own_receiver_takes_it_with_the_password_it_asks_for(reserve, transport):
    known = Some(a77=Policy("d", Asks.DIGEST, sealed_password(KEYS, "d", "77", "blå cykel")))
    async with alarm_centre(f"{transport}:127.0.0.1:0", known=known, keys=KEYS) as (address, intake):
        await reserve.set(receiver("0", address, user="77", password="blå cykel"))
        case = await reserve.press(details={"callers": "tel:+46313900600"})
        await reserve.goes()
        (taken,) = intake.signals
        assert (taken.account, taken.kind, taken.type) == ("77", SignalKind.ALARM, "ME/3/10")
        (line,) = await reserve.lines(case)
        assert (line["outcome"], line["mre"], line["tnu"]) == ("taken", "1", "sip:larm@127.0.0.1")
        await reserve.set(receiver("0", address, user="77", password="röd cykel"))
        await reserve.press("2")
        await reserve.goes()
        assert outcomes(await reserve.lines(case)) == ["taken", "not_let_in", "all_tried"]


@on_sqlite
async def test_over_tls_only_who_we_trust_is_told(store, hub, tmp_path):
    mine = certify(tmp_path, "centre")
    trusting, other = Reserve(store, hub, str(mine.certificate)), Reserve(store, hub)
    files = Files(str(mine.certificate), str(mine.key))
    async with alarm_centre("tls:127.0.0.1:0", tls=files) as (address, intake):
        await trusting.set(receiver("0", address))
        case = await trusting.press()
        await other.goes()
        assert intake.signals == []
        trusting.clock.later += core.SENT_FOR
        await trusting.goes()
        assert len(intake.signals) == 1
        assert outcomes(await trusting.lines(case)) == ["unreachable", "all_tried", "taken"]
    await trusting.part.close()
    await other.part.close()


@on_sqlite
async def test_nothing_is_sent_into_networks_that_the_platforms_operator_has_not_opened(store, hub):
    outside = Reserve(store, hub, networks=NOWHERE)
    async with centre("0") as there:
        await outside.lead_to(there)
        case = await outside.press()
        await outside.goes()
        assert there.heard == []
        assert outcomes(await outside.lines(case)) == ["unreachable", "all_tried"]
    await outside.part.close()


@on_sqlite
@pytest.mark.parametrize(
    "address",
    ["udp:127.0.0.1:0", "sip:127.0.0.1:5060", "udp:a:1 udp:b:2", "", "udp:127.0.0.1:99999", "UDP:a:1", "udp:a\0b:1"],
)
async def test_an_address_that_is_none_is_refused(reserve, address):
    with pytest.raises(Refusal) as refused:
        await reserve.set(receiver("0", address))
    assert (refused.value.code, refused.value.status) == ("receiver_address", 422)


@on_sqlite
async def test_what_is_answered_after_the_case_was_closed_is_settled_in_silence(reserve):
    async with centre("0") as there:
        await reserve.lead_to(there)
        case = await reserve.press()
        sender = Sender(reserve.store, reserve.hub, reserve.clock, None, None)
        await sender.do(case, desk.Take())
        await sender.do(case, desk.Close(cause=Cause.MISTAKE, measure=Measure.SPOKE))
        await reserve.goes()
        assert len(there.refs) == 1
        assert (await reserve.rows())[0]["state"] == "done"
        assert await reserve.lines(case) == []


@on_sqlite
async def test_started_it_sends_by_itself_and_stopped_it_lets_others_send_at_once(reserve):
    async with centre("") as silent:
        await reserve.lead_to(silent)
        await reserve.part.start()
        await reserve.press()
        await until(lambda: any(said["stc"] == "10" for said in silent.heard))
        await reserve.part.close()
        (row,) = await reserve.rows()
        assert (row["state"], row["next_at"] <= reserve.clock.now()) == ("sent", True)
