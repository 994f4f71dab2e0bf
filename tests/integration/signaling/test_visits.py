"""Visits over the real socket and HTTP: ring, answer, meet, hang up, and every other way out."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import delete, select, update

from kit.legs import LegClaims, read_leg
from kit.wire.words import Direction
from registry.tables import access_log, device, grant, publication
from signaling import tables
from tests.integration.running import Running, running
from tests.integration.signaling.visiting import ORDER, Page, page, part, relay_there


@pytest.fixture
async def platform(store_url: str, tmp_path: Path) -> AsyncIterator[Running]:
    async with running(store_url, tmp_path) as platform:
        await relay_there(platform)
        yield platform


async def answered(worker: Page, resident: Page) -> str:
    visit = (await worker.done("", **ORDER))["id"]
    await resident.hear(id=visit, state="ringing")
    await resident.done(f"/{visit}/answer")
    await worker.hear(id=visit, state="answered")
    return str(visit)


async def acts(platform: Running, subject: str) -> list[tuple[str, str, bool]]:
    async with platform.platform.store.read() as connection:
        query = select(access_log).where(access_log.c.subject == subject).order_by(access_log.c.id)
        return [(row["person"], row["act"], row["allowed"]) for row in (await connection.execute(query)).mappings()]


async def test_a_visit_from_ring_to_hang_up_is_told_on_both_pages_and_recorded(platform: Running) -> None:
    async with page(platform, "demo-worker-1") as worker, page(platform, "demo-resident-1") as resident:
        assert worker.state["visits"] == []
        assert {one["state"] for one in resident.state["visits"]} == {"planned"}
        begun = await worker.done("", **ORDER)
        visit = begun["id"]
        assert (begun["state"], begun["devices"], begun["reached"]) == ("ringing", 1, 1)
        ring = await resident.hear(id=visit, state="ringing")
        assert (ring["caller_name"], ring["caller_place"], ring["me"]) == ("Anna Holm", "Hemtjänst Norr", None)
        assert ring["decision"] is None
        assert ring["legal_basis"] is None
        await resident.socket.say(type="seen", visit=visit)
        assert (await worker.hear(id=visit, state="ringing", version=ring["version"] + 1))["seen_at"] is not None
        mine = await resident.done(f"/{visit}/answer")
        theirs = await worker.hear(id=visit, state="answered")
        assert part(mine, "resident")["id"] == mine["me"]
        assert part(theirs, "caller")["id"] == theirs["me"]
        legs = [
            await worker.done(f"/{visit}/legs", direction="publish"),
            await resident.done(f"/{visit}/legs", direction="publish"),
            await worker.done(f"/{visit}/legs", direction="subscribe", of=mine["me"]),
        ]
        meeting = await resident.hear(id=visit, state="in_progress")
        assert all(one["publishing"] for one in meeting["participants"])
        now = platform.platform.clock.now()
        claims = [read_leg(platform.platform.signer, leg["token"], now) for leg in legs]
        assert claims == [
            LegClaims(legs[0]["leg"], "relay-1", visit, theirs["me"], Direction.PUBLISH, theirs["me"]),
            LegClaims(legs[1]["leg"], "relay-1", visit, mine["me"], Direction.PUBLISH, mine["me"]),
            LegClaims(legs[2]["leg"], "relay-1", visit, theirs["me"], Direction.SUBSCRIBE, mine["me"]),
        ]
        assert legs[0]["url"] == f"/media/relay-1/whip/{legs[0]['leg']}"
        assert legs[2]["url"] == f"/media/relay-1/whep/{legs[2]['leg']}"
        ended = await worker.done(f"/{visit}/end")
        assert (ended["outcome"], ended["ended_by"]) == ("completed", "caller")
        assert (await resident.hear(id=visit, state="ended"))["outcome"] == "completed"
        record = (await worker.http.get(f"/api/v1/visits/{visit}")).json()
        assert [line["kind"] for line in record["entries"]] == [
            "rang", "seen", "answered", "joined", "joined", "connected", "ended",
        ]  # fmt: skip
    assert await acts(platform, visit) == [
        ("demo-worker-1", "visit.start", True),
        ("demo-app-1", "visit.answer", True),
        ("demo-worker-1", "visit.join", True),
        ("demo-app-1", "visit.join", True),
        ("demo-worker-1", "visit.join", True),
        ("demo-worker-1", "visit.end", True),
        ("demo-worker-1", "visit.read", True),
    ]


async def test_the_first_of_two_devices_wins_and_the_other_hears_that_somebody_answered(platform: Running) -> None:
    async with platform.platform.store.write() as connection:
        row = (await connection.execute(select(device).where(device.c.id == "demo-app-2"))).mappings().one()
        moved = {**row, "home": "demo-home-1", "resident": "demo-resident-1"}
        home = await connection.scalar(select(device.c.home).where(device.c.id == "demo-app-1"))
        moved["home"] = home
        await connection.execute(update(device).where(device.c.id == "demo-app-2").values(moved))
    async with (
        page(platform, "demo-worker-1") as worker,
        page(platform, "demo-resident-1") as hall,
        page(platform, "demo-resident-2") as bedroom,
    ):
        for number in range(5):
            visit = (await worker.done("", **ORDER))["id"]
            for one in (hall, bedroom):
                assert (await one.hear(id=visit, state="ringing"))["reached"] == 2
            answers = await asyncio.gather(hall.ask(f"/{visit}/answer"), bedroom.ask(f"/{visit}/answer"))
            assert sorted(answer.status_code for answer in answers) == [200, 409], number
            [lost] = [answer for answer in answers if answer.status_code == 409]
            assert lost.json()["code"] == "answered_elsewhere"
            [won] = [answer.json() for answer in answers if answer.status_code == 200]
            for one in (hall, bedroom):
                told = await one.hear(id=visit, state="answered")
                assert told["device"] == won["device"]
            await worker.done(f"/{visit}/end")


async def test_two_who_ring_the_same_resident_at_once_ring_once(platform: Running) -> None:
    async with await platform.client("demo-worker-1") as anna, await platform.client("demo-worker-2") as amir:
        answers = await asyncio.gather(*(one.post("/api/v1/visits", json=ORDER) for one in (anna, amir)))
        assert sorted(answer.status_code for answer in answers) == [201, 409]
        [no] = [answer.json() for answer in answers if answer.status_code == 409]
        assert no["code"] == "busy"


async def test_the_same_command_again_gets_the_same_answer(platform: Running) -> None:
    async with page(platform, "demo-worker-1") as worker:
        first = await worker.done("", **ORDER, command_id="once")
        assert (await worker.done("", **ORDER, command_id="once"))["id"] == first["id"]
        assert await worker.refused("", **ORDER, command_id="twice") == "busy"
        await worker.done(f"/{first['id']}/end", command_id="end")
        assert await worker.refused("", **ORDER, command_id="twice") == "busy"
        assert (await worker.done(f"/{first['id']}/end", command_id="end"))["outcome"] == "cancelled"
        assert (await worker.done(f"/{first['id']}/end"))["outcome"] == "cancelled"


async def test_not_now_ends_it_and_says_so(platform: Running) -> None:
    async with page(platform, "demo-worker-1") as worker, page(platform, "demo-resident-1") as resident:
        visit = (await worker.done("", **ORDER))["id"]
        await resident.hear(id=visit, state="ringing")
        await resident.done(f"/{visit}/decline")
        assert (await worker.hear(id=visit, state="ended"))["outcome"] == "declined"
        assert await resident.refused(f"/{visit}/answer") == "ended"
        assert await resident.refused(f"/{visit}/legs", direction="publish") == "ended"


async def test_nobody_answers_for_45_seconds(platform: Running) -> None:
    async with page(platform, "demo-worker-1") as worker:
        begun = await worker.done("", **ORDER)
        async with platform.platform.store.write() as connection:
            past = begun["next_step_at"]
            assert past is not None
            await connection.execute(
                update(tables.visit).values(next_step_at=platform.platform.clock.now())
            )  # 45 s are over
        ended = await worker.hear(id=begun["id"], state="ended")
        assert (ended["outcome"], ended["ended_by"], ended["reached"]) == ("no_answer", None, 0)


async def test_a_refused_camera_is_said_on_both_pages_and_is_the_outcome(platform: Running) -> None:
    async with page(platform, "demo-worker-1") as worker, page(platform, "demo-resident-1") as resident:
        visit = await answered(worker, resident)
        await worker.done(f"/{visit}/legs", direction="publish")
        await resident.socket.say(type="trouble", visit=visit, trouble=["camera_refused"])
        for one in (worker, resident):
            while part(await one.hear(id=visit), "resident")["trouble"] != ["camera_refused"]:
                pass
        await resident.socket.say(type="leave", visit=visit)
        ended = await worker.hear(id=visit, state="ended")
        assert (ended["outcome"], ended["ended_by"]) == ("camera_refused", "resident")


async def test_a_page_that_comes_back_resumes_and_one_that_does_not_ends_the_visit(platform: Running) -> None:
    async with page(platform, "demo-worker-1") as worker:
        async with page(platform, "demo-resident-1") as resident:
            visit = await answered(worker, resident)
        gone = part(await worker.hear(id=visit, version=4), "resident")
        assert gone["away"] == "page_closed"
        async with page(platform, "demo-resident-1", resume=visit) as resident:
            [resumed] = [one for one in resident.state["visits"] if one["id"] == visit]
            assert part(resumed, "resident")["away"] is None
            assert part(await worker.hear(id=visit), "resident")["away"] is None
            resident.socket.connection.transport.abort()  # the line is cut without a word
            cut = await worker.hear(id=visit)
            assert part(cut, "resident")["away"] == "connection_lost"
            assert cut["next_step"] == "away_ends"
        async with platform.platform.store.write() as connection:
            await connection.execute(update(tables.visit).values(next_step_at=platform.platform.clock.now()))
        ended = await worker.hear(id=visit, state="ended")
        assert (ended["outcome"], ended["ended_by"]) == ("connection_lost", "resident")
        async with page(platform, "demo-resident-1", resume=visit) as resident:
            [over] = [one for one in resident.state["visits"] if one["id"] == visit]
            assert over["outcome"] == "connection_lost"


async def test_a_page_that_falls_silent_is_away(platform: Running) -> None:
    async with page(platform, "demo-worker-1") as worker, page(platform, "demo-resident-1") as resident:
        visit = await answered(worker, resident)
        began = time.monotonic()  # noqa: TID251 - a real socket lives in real time
        silent = await worker.hear(id=visit, version=4)  # the resident's page answers no beat
        assert part(silent, "resident")["away"] == "connection_lost"
        assert time.monotonic() - began < 9  # noqa: TID251


async def test_walls_and_roles(platform: Running) -> None:
    elsewhere = {**ORDER, "resident": "demo-granne-resident-1"}
    async with (
        page(platform, "demo-worker-1") as worker,
        page(platform, "demo-worker-3") as other_unit,
        page(platform, "demo-planner") as planner,
        page(platform, "demo-operator-1") as operator,
        page(platform, "demo-resident-3") as neighbour,
    ):
        assert await worker.refused("", **elsewhere) == "not_found"
        assert await other_unit.refused("", **ORDER) == "other_unit"
        assert await operator.refused("", **ORDER) == "no_purpose"
        assert await worker.refused("", **{**ORDER, "kind": "alarm"}) == "case_missing"
        visit = (await planner.done("", **ORDER))["id"]
        assert await neighbour.refused(f"/{visit}/answer") == "not_found"
        assert await worker.refused(f"/{visit}/end") == "not_caller"
        assert await worker.refused(f"/{visit}/legs", direction="publish") == "not_caller"
        assert await worker.refused(f"/{visit}/answer") == "wrong_role"
        assert await planner.refused(f"/{visit}/legs", direction="publish") == "not_answered"
        assert (await other_unit.http.get(f"/api/v1/visits/{visit}")).json()["code"] == "other_unit"
        assert (await neighbour.http.get(f"/api/v1/visits/{visit}")).json()["code"] == "not_found"
        assert (await worker.http.get(f"/api/v1/visits/{visit}")).status_code == 200
        await planner.done(f"/{visit}/end")


async def test_an_alarm_visit_needs_the_grant_of_a_taken_case_and_ends_with_it(platform: Running) -> None:
    [case] = (await platform.press(1, "1"))["cases"]
    order = {**ORDER, "kind": "alarm", "case": case}
    async with page(platform, "demo-operator-1") as operator, page(platform, "demo-resident-1") as resident:
        assert await operator.refused("", **order) == "no_grant"
        assert (await operator.http.post(f"/api/v1/cases/{case}/take")).status_code == 200
        visit = (await operator.done("", **order))["id"]
        assert (await resident.hear(id=visit, state="ringing"))["caller_place"] == "Larmcentralen Väst"
        await resident.done(f"/{visit}/answer")
        await operator.done(f"/{visit}/legs", direction="publish")
        async with platform.platform.store.write() as connection:
            await connection.execute(update(grant).values(ends_at=platform.platform.clock.now()))
        assert await operator.refused(f"/{visit}/legs", direction="publish") == "no_grant"
        assert (await resident.hear(id=visit, state="ended"))["outcome"] == "right_ended"


async def test_without_a_relay_nobody_is_rung(platform: Running) -> None:
    async with platform.platform.store.write() as connection:
        await connection.execute(delete(tables.relay_node))
    async with page(platform, "demo-worker-1") as worker:
        answer = await worker.ask("", **ORDER)
        assert (answer.status_code, answer.json()["code"]) == (503, "no_relay")


async def test_nothing_is_offered_before_the_principal_has_approved_it(platform: Running) -> None:
    async with platform.platform.store.write() as connection:
        await connection.execute(delete(publication))
    async with page(platform, "demo-worker-1") as worker:
        assert await worker.refused("", **ORDER) == "not_published"


async def test_today_has_the_planned_visits_and_one_of_them_is_rung(platform: Running) -> None:
    async with page(platform, "demo-worker-1") as worker, page(platform, "demo-worker-3") as other_unit:
        today = (await worker.http.get("/api/v1/visits")).json()["items"]
        mine = [one for one in today if one["caller"] == "demo-worker-1"]
        assert [one["state"] for one in mine] == ["planned"] * 3
        assert {one["caller"] for one in today} == {"demo-worker-1", "demo-worker-2"}
        pages, cursor = [], None
        while True:
            asked = {"limit": 4, **({"cursor": cursor} if cursor else {})}
            some = (await worker.http.get("/api/v1/visits", params=asked)).json()
            pages += some["items"]
            if (cursor := some["next"]) is None:
                break
        assert [one["id"] for one in pages] == [one["id"] for one in today]
        assert await other_unit.refused(f"/{mine[0]['id']}/ring") == "other_unit"
        async with page(platform, mine[0]["resident"]) as resident:
            [coming] = resident.state["visits"]
            assert (coming["id"], coming["state"], coming["caller_name"]) == (mine[0]["id"], "planned", "Anna Holm")
            rung = await worker.done(f"/{mine[0]['id']}/ring")
            assert rung["state"] == "ringing"
            await resident.hear(id=rung["id"], state="ringing")
            await worker.done(f"/{rung['id']}/end")
            assert await worker.refused(f"/{rung['id']}/ring") == "ended"


async def test_a_leg_is_for_who_is_in_the_visit_and_its_token_can_be_renewed(platform: Running) -> None:
    async with page(platform, "demo-worker-1") as worker, page(platform, "demo-resident-1") as resident:
        visit = await answered(worker, resident)
        leg = await worker.done(f"/{visit}/legs", direction="publish")
        again = await worker.done(f"/{visit}/legs", direction="publish", leg=leg["leg"])
        assert (again["leg"], again["url"]) == (leg["leg"], leg["url"])
        assert await resident.refused(f"/{visit}/legs", direction="publish", leg=leg["leg"]) == "not_found"
        assert await worker.refused(f"/{visit}/legs", direction="subscribe", of="participant-x") == "not_found"
        assert await worker.refused(f"/{visit}/legs", direction="subscribe") == "not_found"
        await worker.done(f"/{visit}/end")
        assert await worker.refused(f"/{visit}/legs", direction="publish", leg=leg["leg"]) == "ended"
