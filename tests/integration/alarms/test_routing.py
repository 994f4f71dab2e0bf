"""Routes, plans and rotas on the running platform: what planners store, what desks then see, and the walls."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from alarms import tables
from alarms.escalation import Escalation
from kit.bus import LocalBus
from registry.tables import access_log, agreement, assignment
from tests.integration.alarms.routed import AGAIN, EAST, HOLD, act, listed, put, route, timeline, two_centrals
from tests.integration.running import Running


@pytest.fixture
async def platform(store_url: str, tmp_path: Path) -> AsyncIterator[Running]:
    async with two_centrals(store_url, tmp_path) as platform:
        yield platform


async def test_a_case_is_before_the_desk_it_is_routed_to_and_no_other(platform: Running) -> None:
    """[19]"""
    await route(platform, EAST)
    async with platform.socket("demo-operator-1") as west, platform.socket("demo-operator-2") as east:
        for desk in (west, east):
            await desk.say(type="hello")
            await desk.hear("snapshot")
        [case] = (await platform.press(1, "1"))["cases"]
        assert [row["id"] for row in (await east.hear("change"))["cases"]] == [case]
        assert (await west.hear("change", "beat"))["type"] == "beat"
        refused = await west.command("w", case, "take")
        assert refused["code"] == "not_found"
    async with await platform.client("demo-operator-1") as client:
        assert (await client.get(f"/api/v1/cases/{case}")).status_code == 404
        assert (await client.get(f"/api/v1/residents/demo-resident-1?case={case}")).status_code == 404
        assert (await client.post(f"/api/v1/cases/{case}/take")).status_code == 404
    assert await listed(platform, "demo-operator-1") == []
    assert await listed(platform, "demo-operator-2") == [case]
    assert await listed(platform, "demo-supervisor") == [case]
    async with platform.platform.store.read() as connection:
        query = select(access_log.c.act, access_log.c.principal).where(
            access_log.c.person == "demo-operator-1", access_log.c.allowed.is_(False)
        )
        tried = (await connection.execute(query.order_by(access_log.c.id))).all()
    assert ("case.read", "demo-kommun") in tried
    assert ("case.act", "demo-kommun") in tried


async def test_a_forwarded_case_leaves_one_desk_and_comes_to_the_next(platform: Running) -> None:
    """[19]"""
    plan = {"version": 0, "name": "Vidare", "steps": [HOLD, {"id": "b", "act": "forward", "wait": 60}, AGAIN]}
    assert (await put(platform, "plans/vidare", plan)).status_code == 200
    await route(platform, "demo-larmcentral", EAST, plan="vidare")
    async with platform.socket("demo-operator-1") as west, platform.socket("demo-operator-2") as east:
        for desk in (west, east):
            await desk.say(type="hello")
            await desk.hear("snapshot")
        [case] = (await platform.press(1, "1"))["cases"]
        assert [row["desk"] for row in (await west.hear("change"))["cases"]] == ["demo-larmcentral"]
        await act(platform, 60)
        assert (await west.hear("change"))["cases"][0]["next_step"] == "forward"
        await act(platform, 120)
        left = await west.hear("change")
        assert (left["cases"], left["gone"]) == ([], [case])
        [row] = (await east.hear("change"))["cases"]
        assert (row["id"], row["desk"], row["escalation"]) == (case, EAST, 1)
    lines = await timeline(platform, case, "demo-operator-2")
    assert [line["kind"] for line in lines] == ["raised", "escalated", "forwarded"]
    assert lines[-1]["data"] == {
        "no": 2,
        "from": "demo-larmcentral",
        "to": EAST,
        "id": "b",
        "name": "Larmcentralen Öst",
    }
    async with platform.socket("demo-operator-1") as west:
        await west.say(type="hello")
        assert (await west.hear("snapshot"))["cases"] == []


async def test_a_page_that_was_away_is_told_what_has_gone_to_another_desk(office: Running) -> None:
    plan = {"version": 0, "name": "Vidare", "steps": [{"id": "a", "act": "forward", "wait": 60}, AGAIN]}
    assert (await put(office, "plans/vidare", plan)).status_code == 200
    await route(office, "demo-larmcentral", EAST, plan="vidare")
    [case] = (await office.press(1, "1"))["cases"]
    async with office.socket("demo-operator-1") as west:
        await west.say(type="hello")
        first = await west.hear("snapshot")
    await act(office, 60)
    async with office.socket("demo-operator-1") as west:
        await west.say(type="hello", resume_from=first["position"], sight=first["sight"])
        change = await west.hear("change", "snapshot")
        assert (change["type"], change["cases"], change["gone"]) == ("change", [], [case])


async def test_changing_a_plan_changes_no_running_case(office: Running) -> None:
    """[7]"""
    plan = {"version": 0, "name": "P", "steps": [HOLD, AGAIN]}
    assert (await put(office, "plans/p", plan)).json()["version"] == 1
    await route(office, "demo-larmcentral", plan="p")
    [before] = (await office.press(1, "1"))["cases"]
    slower = {"version": 1, "name": "P", "steps": [{**HOLD, "wait": 300}, AGAIN]}
    assert (await put(office, "plans/p", slower)).json()["version"] == 2
    [after] = (await office.press(2, "1"))["cases"]
    await act(office, 60)
    async with office.platform.store.read() as connection:
        columns = (tables.case.c.id, tables.case.c.escalation, tables.case.c.plan)
        rows = {row.id: row for row in await connection.execute(select(*columns))}
    assert (rows[before].escalation, rows[after].escalation) == (1, 0)
    assert '"version":1' in rows[before].plan
    assert '"version":2' in rows[after].plan


async def test_a_route_that_leads_nowhere_hides_nothing_and_says_so(office: Running) -> None:
    await route(office, EAST)
    async with office.platform.store.write() as connection:
        ended = office.platform.clock.now() - timedelta(seconds=1)
        await connection.execute(agreement.update().where(agreement.c.id == EAST).values(ends_at=ended))
    async with office.platform.store.read() as connection:
        await office.platform.hub._reading.renew(connection)
    [case] = (await office.press(1, "1"))["cases"]
    assert await listed(office, "demo-operator-1") == [case]
    assert [(line["kind"], line["data"]) for line in await timeline(office, case)][-1] == (
        "route_failed", {"rule": "all", "code": "no_agreement"},
    )  # fmt: skip


async def test_a_case_whose_desk_loses_its_agreement_comes_before_everybody_else(platform: Running) -> None:
    """[6] [19]"""
    await route(platform, EAST)
    [case] = (await platform.press(1, "1"))["cases"]
    assert await listed(platform, "demo-operator-1") == []
    parts = platform.platform
    async with parts.store.write() as connection:
        await connection.execute(agreement.update().where(agreement.c.id == EAST).values(ends_at=parts.clock.now()))
    escalation = Escalation(parts.store, LocalBus(), parts.clock)
    assert await escalation.house(parts.clock.now()) == 1
    assert await escalation.house(parts.clock.now()) == 0
    assert await listed(platform, "demo-operator-1") == [case]
    assert (await timeline(platform, case))[-1]["data"]["code"] == "agreement_ended"


async def test_a_plan_that_would_end_is_refused_in_a_clear_sentence(office: Running) -> None:
    """[6]"""
    answer = await put(office, "plans/ends", {"version": 0, "name": "Slut", "steps": [HOLD]})
    said = answer.json()
    assert (answer.status_code, said["code"], said["detail"]) == (422, "plan_ends", {"step": "a"})
    assert said["title"].startswith("The plan would end")
    assert answer.headers["content-type"] == "application/problem+json"


NOT_THERE: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("plans/x", {"steps": [{"id": "a", "act": "on_call", "wait": 60, "rota": "gone"}, AGAIN]}, "step_rota"),
    ("plans/x", {"steps": [{"id": "a", "act": "forward", "wait": 60, "desk": "gone"}, AGAIN]}, "step_desk"),
    (
        "plans/x",
        {"steps": [{"id": "a", "act": "notify_role", "wait": 60, "role": "worker", "unit": "gone"}, AGAIN]},
        "step_unit",
    ),
    (
        "plans/x",
        {"steps": [{"id": "a", "act": "persons", "wait": 60, "persons": [{"person": "chef", "wait": 60}]}, AGAIN]},
        "step_persons",
    ),
    ("routing", {"version": 1, "rules": [{"id": "a", "desks": ["gone"]}]}, "desk_unknown"),
    ("routing", {"version": 1, "rules": [{"id": "a", "plan": "gone"}]}, "plan_unknown"),
    ("routing", {"version": 0}, "changed_meanwhile"),
    (
        "rotas/x",
        {"layers": [{"id": "l", "persons": ["chef"], "starts": "2026-01-01", "handover": "08:00", "shift_hours": 24}]},
        "person_unknown",
    ),
)


async def test_what_names_something_that_is_not_there_is_not_stored(office: Running) -> None:
    for path, body, code in NOT_THERE:
        more = {} if path == "routing" else {"version": 0, "name": "X"}
        assert (await put(office, path, {**more, **body})).json()["code"] == code


async def test_who_was_late_overwrites_nothing(platform: Running) -> None:
    plan = {"version": 0, "name": "P", "steps": [HOLD, AGAIN]}
    assert (await put(platform, "plans/p", plan)).status_code == 200
    late = await put(platform, "plans/p", {**plan, "name": "Sen"})
    assert (late.status_code, late.json()["code"]) == (409, "changed_meanwhile")
    async with await platform.client("demo-administrator") as client:
        assert (await client.get("/api/v1/plans/p")).json()["name"] == "P"
        assert [row["id"] for row in (await client.get("/api/v1/plans")).json()["items"]] == ["demo-plan-natt", "p"]


async def test_only_who_plans_for_the_whole_municipality_reads_and_writes(office: Running) -> None:
    plan = {"version": 0, "name": "P", "steps": [HOLD, AGAIN]}
    for whom in ("demo-operator-1", "demo-worker-1", "demo-supervisor", "demo-granne-operator"):
        assert (await put(office, "plans/p", plan, whom)).status_code in {403, 404}
        async with await office.client(whom) as client:
            assert (await client.get("/api/v1/routing")).status_code in {403, 404}


async def test_another_principals_plan_is_not_there_and_the_try_is_in_its_log(platform: Running) -> None:
    async with platform.platform.store.write() as connection:
        role = {"person": "chef", "role": "planner", "principal": "demo-granne"}
        since = platform.platform.clock.now() - timedelta(days=1)
        await connection.execute(assignment.insert().values(id="chef", **role, starts_at=since))
        moved = assignment.update().where(assignment.c.id == "demo-planner")
        await connection.execute(moved.values(principal="demo-granne"))
    for answer in (
        await put(platform, "plans/demo-plan-natt", {"version": 1, "name": "Vår", "steps": [HOLD, AGAIN]}),
        await put(platform, "rotas/demo-rota-natt", {"version": 1, "name": "Vår", "layers": []}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    async with platform.platform.store.read() as connection:
        query = select(access_log.c.principal, access_log.c.subject).where(
            access_log.c.person == "demo-planner", access_log.c.allowed.is_(False)
        )
        assert set((await connection.execute(query)).all()) == {
            ("demo-kommun", "demo-plan-natt"), ("demo-kommun", "demo-rota-natt"),
        }  # fmt: skip


async def test_the_preview_says_what_would_happen_on_christmas_eve_at_ten_past_three(office: Running) -> None:
    for whom in ("demo-planner", "demo-supervisor"):
        async with await office.client(whom) as client:
            answer = await client.get("/api/v1/routing/preview?principal=demo-kommun&at=2026-12-24T03:10")
        said = answer.json()
        assert (said["at"], said["rule"], said["plan"]) == ("2026-12-24T02:10:00.000Z", "natt", "demo-plan-natt")
        assert said["desks"] == [{"id": "demo-larmcentral", "name": "Larmcentralen Väst"}]
        steps = [(one["step"], one["at"][11:19], one["reached"] and one["reached"]["id"]) for one in said["steps"]]
        assert steps[:3] == [
            ("louder", "02:11:00", None),
            ("supervisor", "02:13:00", None),
            ("on_call", "02:15:00", "demo-worker-1"),
        ]
        assert said["again"] == 3
    async with await office.client("demo-granne-operator") as client:
        assert (await client.get("/api/v1/routing/preview?principal=demo-kommun&at=2026-12-24")).status_code == 404
    async with await office.client("demo-administrator") as client:
        for asked in ("at=1776-07-04T12:00", "at=9999-12-31T23:59:59%2B00:00", "at=soon", "kind=person"):
            answer = await client.get(f"/api/v1/routing/preview?{asked}")
            assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
        missing = (await client.get("/api/v1/routing/preview?at=2026-03-29T02:30&kind=technical")).json()
        assert (missing["at"], missing["principal"]) == ("2026-03-29T01:00:00.000Z", "demo-kommun")


async def test_a_rota_tells_its_gaps_and_is_a_calendar(office: Running) -> None:
    async with await office.client("demo-planner") as client:
        gaps = (await client.get("/api/v1/rotas/demo-rota-natt/gaps?days=7")).json()
        assert 6 <= len(gaps["items"]) <= 8
        assert all(gap["person"] is None for gap in gaps["items"])
        calendar = await client.get("/api/v1/rotas/demo-rota-natt.ics")
        assert calendar.headers["content-type"] == "text/calendar; charset=utf-8"
        assert calendar.content.count(b"BEGIN:VEVENT\r\n") >= 59
        assert "SUMMARY:Nattberedskap: Amir Haddad\r\n" in calendar.text
        [rota] = (await client.get("/api/v1/rotas")).json()["items"]
        assert rota["on_now"] in {None, *(f"demo-worker-{n}" for n in range(1, 5))}


async def test_a_person_without_a_role_is_a_gap(office: Running) -> None:
    ends = office.platform.clock.now() + timedelta(days=1)
    async with office.platform.store.write() as connection:
        await connection.execute(assignment.update().where(assignment.c.id == "demo-worker-2").values(ends_at=ends))
    async with await office.client("demo-planner") as client:
        gaps = (await client.get("/api/v1/rotas/demo-rota-natt/gaps?days=14")).json()["items"]
    assert {gap["person"] for gap in gaps} == {None, "demo-worker-2"}
