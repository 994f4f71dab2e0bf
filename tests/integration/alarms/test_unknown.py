"""Alarms from accounts that nobody knows, on both databases: each in front of a human, and no flood of them."""

import asyncio
from dataclasses import replace
from typing import Any

from sqlalchemy import func, select, update

from alarms import tables
from alarms.core.signal import Outcome, Signal
from alarms.core.unknown import CASES_AT_MOST
from kit.clock import SystemClock
from kit.wire.words import Reason, SignalKind
from registry.tables import agreement, device
from tests.integration.running import Running

clock = SystemClock()


def press(account: str, reference: str = "1", kind: SignalKind = SignalKind.ALARM) -> Signal:
    at, key = clock.now(), f"{account}:{reference}"
    return Signal("scaip", account, None, key, kind, Reason.PRESSED, 2, "ME", reference, at, None, b"<mrq/>")


async def rows(platform: Running, table: Any) -> list[Any]:
    async with platform.platform.store.read() as connection:
        return list((await connection.execute(select(table).order_by(table.c.id))).mappings())


async def test_an_alarm_of_an_unknown_account_is_a_case_of_its_own_at_the_central_and_is_answered_as_not_treated(
    platform: Running,
) -> None:
    """[1] [6]"""
    hub = platform.platform.hub
    async with (
        await platform.client("demo-operator-1") as karin,
        await platform.client("demo-granne-operator") as neighbour,
        platform.socket("demo-operator-2") as desk,
    ):
        await desk.say(type="hello")
        await desk.hear("snapshot")
        first = await hub.receive(press("26317", "1"))
        assert (first.outcome, first.known) == (Outcome.UNKNOWN_ACCOUNT, False)
        [row] = (await desk.hear("change"))["cases"]
        assert (row["id"], row["account"], row["principal"], row["resident"]) == (first.case, "26317", "", None)
        assert row["next_step"] == "louder"
        again = await hub.receive(press("26317", "2"))
        resent = await hub.receive(press("26317", "2"))
        assert again.case == resent.case == first.case
        assert resent.known is False
        path = f"/api/v1/cases/{first.case}"
        assert (await neighbour.get(path)).status_code == 404
        assert (await neighbour.get("/api/v1/cases")).json()["items"] == []
        taken = (await karin.post(f"{path}/take")).json()
        assert (taken["handler"], taken["presses"]) == ("demo-operator-1", 2)
        assert "find_sender" in [step["code"] for step in (await karin.get(path)).json()["steps"]]
        told = (await karin.post(f"{path}/handover-112")).json()
        assert any("26317" in line for line in told["sv"])
        closing = {"cause": "other", "measure": "spoke"}
        assert (await karin.post(f"{path}/close", json=closing)).json()["code"] == "person_missing"
        closed = await karin.post(f"{path}/close", json={**closing, "nobody": "not_identified"})
        assert closed.json()["state"] == "closed"


async def test_where_an_unknown_account_says_it_is_is_shown_at_the_central_and_behind_the_wall_nowhere(
    either_platform: Running,
) -> None:
    """[15]"""
    platform = either_platform
    lost = replace(press("26318"), details={"latitude": "58.3862", "longitude": "13.441", "accuracy": "20"})
    case = (await platform.platform.hub.receive(lost)).case
    async with (
        await platform.client("demo-operator-1") as karin,
        await platform.client("demo-granne-operator") as neighbour,
    ):
        said = (await karin.get(f"/api/v1/cases/{case}/position")).json()
        where = said["position"]
        assert (where["latitude"], where["longitude"], where["accuracy_m"]) == (58.3862, 13.441, 20)
        assert (said["devices"], said["zones"], said["consent"]) == ([], [], None)
        assert (await neighbour.get(f"/api/v1/cases/{case}/position")).status_code == 404


async def test_a_flood_of_invented_accounts_is_a_few_rows_and_every_alarm_is_counted(
    either_platform: Running,
) -> None:
    """[12]"""
    platform = either_platform
    hub = platform.platform.hub
    many = 60
    receipts = await asyncio.gather(*(hub.receive(press(f"9{n:05}")) for n in range(many)))
    assert all(receipt.case for receipt in receipts)
    cases = await rows(platform, tables.case)
    assert len(cases) <= CASES_AT_MOST + 1
    assert sum(case["presses"] for case in cases) == many
    [rest] = [case for case in cases if case["open_key"] == "unknown:scaip"]
    assert rest["presses"] == many - CASES_AT_MOST
    assert (rest["unread"], rest["priority"]) == (1, 2)
    async with platform.platform.store.read() as connection:
        lines = await connection.scalar(select(func.count()).where(tables.timeline.c.case == rest["id"]))
    assert lines == 1
    [real] = (await platform.press(1, "1"))["cases"]
    assert real not in {case["id"] for case in cases}


async def test_an_unknown_test_or_fault_is_stored_only_and_a_cancel_joins_its_alarm(platform: Running) -> None:
    """[1] [4]"""
    hub = platform.platform.hub
    for kind in (SignalKind.TEST, SignalKind.TECHNICAL, SignalKind.CANCEL):
        assert (await hub.receive(press("26317", kind.value, kind))).case is None
    case = (await hub.receive(press("26317", "1"))).case
    assert (await hub.receive(press("26317", "2", SignalKind.CANCEL))).case == case
    [row] = await rows(platform, tables.case)
    assert (row["state"], row["unread"]) == ("queued", 2)


async def test_a_device_that_is_not_live_stays_nobodys_case(platform: Running) -> None:
    """[11]"""
    async with platform.platform.store.write() as connection:
        await connection.execute(update(device).where(device.c.account == "100001").values(state="returned"))
    assert (await platform.platform.hub.receive(press("100001"))).case is None


async def test_without_a_central_there_is_no_queue_for_it_and_it_is_stored(platform: Running) -> None:
    """[19]"""
    async with platform.platform.store.write() as connection:
        await connection.execute(update(agreement).values(ends_at=clock.now()))
    receipt = await platform.platform.hub.receive(press("26317"))
    assert (receipt.outcome, receipt.case) == (Outcome.UNKNOWN_ACCOUNT, None)
    assert len(await rows(platform, tables.signal)) == 1
