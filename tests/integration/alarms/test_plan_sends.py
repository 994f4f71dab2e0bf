"""Plans that send somebody: one after another, whoever is on call, and steps that cannot be carried out."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from alarms import tables
from registry.tables import assignment
from tests.integration.alarms.routed import AGAIN, HOLD, act, missions, put, route, timeline, two_centrals
from tests.integration.running import Running


@pytest.fixture
async def platform(store_url: str, tmp_path: Path) -> AsyncIterator[Running]:
    async with two_centrals(store_url, tmp_path) as platform:
        yield platform


async def test_a_plan_asks_one_person_after_another_until_somebody_goes(platform: Running) -> None:
    """[8]"""
    both = [{"person": f"demo-worker-{number}", "wait": 180} for number in (1, 2)]
    steps = [HOLD, {"id": "b", "act": "persons", "wait": 60, "persons": both}, AGAIN]
    assert (await put(platform, "plans/patrol", {"version": 0, "name": "P", "steps": steps})).status_code == 200
    await route(platform, "demo-larmcentral", plan="patrol")
    [case] = (await platform.press(1, "1"))["cases"]
    offered = []
    for seconds in (60, 120, 300):
        await act(platform, seconds)
        offered.append([await missions(platform, f"demo-worker-{number}") for number in (1, 2)])
    assert [[len(one) for one in both] for both in offered] == [[0, 0], [1, 0], [1, 1]], "nobody accepted: the next"
    async with await platform.client("demo-worker-2") as amir:
        assert (await amir.post(f"/api/v1/missions/{offered[-1][1][0]}/accept")).status_code == 200
    for seconds in (600, 660):
        await act(platform, seconds)
    lines = [
        (line["kind"], line["data"].get("name"), line["data"].get("code")) for line in await timeline(platform, case)
    ]
    planned = [line for line in lines if line[0] in {"escalated", "step_failed"}]
    assert planned == [
        ("escalated", None, None),
        ("escalated", "Anna Holm", None),
        ("escalated", "Amir Haddad", None),
        ("escalated", None, None),
        ("step_failed", "Anna Holm", "somebody_goes"),
    ]


async def test_whoever_declines_is_followed_by_the_next_at_once(office: Running) -> None:
    both = [{"person": f"demo-worker-{number}", "wait": 600} for number in (1, 2)]
    steps = [{"id": "b", "act": "persons", "wait": 60, "persons": both}, {**AGAIN, "again": "b"}]
    assert (await put(office, "plans/patrol", {"version": 0, "name": "P", "steps": steps})).status_code == 200
    await route(office, "demo-larmcentral", plan="patrol")
    await office.press(1, "1")
    await act(office, 60)
    [mission] = await missions(office, "demo-worker-1")
    async with await office.client("demo-worker-1") as anna:
        said = await anna.post(f"/api/v1/missions/{mission}/decline", json={"reason": "busy"})
        assert said.status_code == 200, said.text
    await act(office, 60)
    assert len(await missions(office, "demo-worker-2")) == 1


async def test_on_call_at_night_is_whom_the_rota_says_and_who_works_no_more_is_passed_over(office: Running) -> None:
    always = {"id": "l", "persons": ["demo-worker-3"], "starts": "2026-01-01", "handover": "00:00", "shift_hours": 24}
    assert (await put(office, "rotas/r", {"version": 0, "name": "R", "layers": [always]})).status_code == 200
    steps = [{"id": "a", "act": "on_call", "wait": 60, "rota": "r"}, AGAIN]
    assert (await put(office, "plans/p", {"version": 0, "name": "P", "steps": steps})).status_code == 200
    await route(office, "demo-larmcentral", plan="p")
    await office.press(1, "1")
    await act(office, 60)
    assert len(await missions(office, "demo-worker-3")) == 1
    parts = office.platform
    async with parts.store.write() as connection:
        ended = assignment.update().where(assignment.c.id == "demo-worker-3")
        await connection.execute(ended.values(ends_at=parts.clock.now()))
    [case] = (await office.press(2, "1"))["cases"]
    await act(office, 60)
    assert (await timeline(office, case))[-1]["data"]["code"] == "off_duty"


async def test_a_step_that_breaks_stops_neither_its_own_plan_nor_another_case(
    office: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """[6]"""
    steps = [{"id": "a", "act": "persons", "wait": 60, "persons": [{"person": "demo-worker-1", "wait": 60}]}, AGAIN]
    assert (await put(office, "plans/p", {"version": 0, "name": "P", "steps": steps})).status_code == 200
    await route(office, "demo-larmcentral", plan="p")
    [case] = (await office.press(1, "1"))["cases"]
    await route(office, "demo-larmcentral")
    [plain] = (await office.press(2, "1"))["cases"]

    async def breaks(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("alarms.routing.carry.send_mission", breaks)
    await act(office, 60)
    assert (await timeline(office, case))[-1]["data"]["code"] == "broke"
    assert (await timeline(office, plain))[-1]["data"]["step"] == "louder"
    async with office.platform.store.read() as connection:
        query = select(tables.case.c.next_step_at).where(tables.case.c.id == case)
        assert (await connection.scalar(query)) > office.platform.clock.now() + timedelta(seconds=60)
