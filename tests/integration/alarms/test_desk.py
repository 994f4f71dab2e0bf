"""The desk over its real socket and over HTTP: snapshot, changes, resume, commands, walls, and what is logged."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from websockets.exceptions import ConnectionClosed

from alarms.tables import case as case_table
from alarms.tables import feed, feed_head
from registry.tables import access_log, agreement, assignment, device, grant
from tests.integration.running import Running, running
from tests.patience import until

CLOSING = {"cause": "mistake", "measure": "spoke"}


@pytest.fixture
async def platform(store_url: str, tmp_path: Path) -> AsyncIterator[Running]:
    async with running(store_url, tmp_path) as platform:
        yield platform


async def test_a_press_reaches_every_desk_that_may_see_it_and_no_other(platform: Running) -> None:
    async with (
        platform.socket("demo-operator-1") as karin,
        platform.socket("demo-operator-2") as sven,
        platform.socket("demo-granne-operator") as neighbour,
    ):
        for desk in (karin, sven, neighbour):
            await desk.say(type="hello")
            assert (await desk.hear("snapshot"))["cases"] == []
        [case] = (await platform.press(3, "1"))["cases"]
        for desk in (karin, sven):
            change = await desk.hear("change")
            assert [(row["id"], row["resident"], row["presses"]) for row in change["cases"]] == [
                (case, "demo-resident-3", 1)
            ]
        await neighbour.hear("beat")
        await neighbour.hear("beat")  # two seconds of nothing but beats: `hear` passes changes over only unasked
        assert (await neighbour.hear("change", "beat"))["type"] == "beat"


async def test_two_take_one_wins_and_the_other_is_told_who(platform: Running) -> None:
    [case] = (await platform.press(1, "1"))["cases"]
    async with platform.socket("demo-operator-1") as karin, platform.socket("demo-operator-2") as sven:
        for desk in (karin, sven):
            await desk.say(type="hello")
            await desk.hear("snapshot")
        answers = await asyncio.gather(karin.command("k", case, "take"), sven.command("s", case, "take"))
        assert sorted(answer["type"] for answer in answers) == ["done", "refused"]
        [won] = [answer for answer in answers if answer["type"] == "done"]
        [lost] = [answer for answer in answers if answer["type"] == "refused"]
        assert (lost["code"], lost["handler_name"]) == ("taken", won["case"]["handler_name"])


async def test_the_same_command_again_gets_the_same_answer(platform: Running) -> None:
    [case] = (await platform.press(1, "1"))["cases"]
    async with platform.socket("demo-operator-1") as karin:
        await karin.say(type="hello")
        first = await karin.command("once", case, "note", text="Hon svarar inte.")
        again = await karin.command("once", case, "note", text="Hon svarar inte.")
        assert first["case"]["version"] == again["case"]["version"]
    async with await platform.client("demo-operator-1") as client:
        timeline = (await client.get(f"/api/v1/cases/{case}")).json()["timeline"]
    assert [line["kind"] for line in timeline] == ["raised", "noted"]


async def test_a_page_that_was_away_is_told_what_it_missed(platform: Running) -> None:
    async with platform.socket("demo-operator-1") as karin:
        await karin.say(type="hello")
        first = await karin.hear("snapshot")
        position, sight = first["position"], first["sight"]
    [missed] = (await platform.press(2, "1"))["cases"]
    async with platform.socket("demo-operator-1") as karin:
        await karin.say(type="hello", resume_from=position, sight=sight)
        change = await karin.hear("change", "snapshot")
        assert change["type"] == "change"
        assert [row["id"] for row in change["cases"]] == [missed]
        assert change["position"] > position


async def test_a_page_from_another_time_begins_with_a_snapshot(platform: Running) -> None:
    async with platform.socket("demo-operator-1") as karin:
        await karin.say(type="hello", resume_from=10_000)
        assert (await karin.hear("change", "snapshot"))["type"] == "snapshot"


async def test_a_case_goes_all_the_way_over_http(platform: Running) -> None:
    [case] = (await platform.press(4, "1"))["cases"]
    async with await platform.client("demo-operator-1") as client:
        path = f"/api/v1/cases/{case}"
        assert (await client.post(f"{path}/hold", json={"minutes": 5})).json()["code"] == "not_taken"
        taken = (await client.post(f"{path}/take")).json()
        assert (taken["state"], taken["handler"], taken["next_step"]) == ("taken", "demo-operator-1", "remind_handler")
        held = (await client.post(f"{path}/hold", json={"minutes": 5})).json()
        assert held["held_until"] is not None
        await platform.press(4, "2")
        woken = (await client.get(path)).json()
        assert (woken["held_until"], woken["unread"], woken["presses"]) == (None, 1, 2)
        refused = await client.post(f"{path}/close", json=CLOSING)
        assert (refused.status_code, refused.json()["code"]) == (409, "unread_signal")
        assert refused.headers["content-type"] == "application/problem+json"
        assert (await client.post(f"{path}/read")).json()["unread"] == 0
        closed = (await client.post(f"{path}/close", json=CLOSING)).json()
        assert (closed["state"], closed["next_step_at"]) == ("closed", None)
        assert (await client.post(f"{path}/take")).json()["code"] == "closed"
        shown = (await client.get(path)).json()
        assert all(not signal["unread"] for signal in shown["signals"])
        assert [line["kind"] for line in shown["timeline"]] == [
            "raised", "taken", "held", "signal", "woken", "read", "closed",
        ]  # fmt: skip
        listed = (await client.get("/api/v1/cases", params={"state": "closed"})).json()
        assert [row["id"] for row in listed["items"]] == [case]
        [again] = (await platform.press(4, "3"))["cases"]
        assert again != case


async def test_an_operator_of_another_principal_gets_404_and_a_row_in_the_log(platform: Running) -> None:
    [case] = (await platform.press(5, "1"))["cases"]
    async with await platform.client("demo-granne-operator") as neighbour:
        for answer in (
            await neighbour.get(f"/api/v1/cases/{case}"),
            await neighbour.post(f"/api/v1/cases/{case}/take"),
            await neighbour.get("/api/v1/residents/demo-resident-5", params={"case": case}),
            await neighbour.get("/api/v1/cases/case-that-never-was"),
        ):
            assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
        assert (await neighbour.get("/api/v1/cases")).json()["items"] == []
    async with platform.platform.store.read() as connection:
        query = select(access_log.c.act, access_log.c.principal).where(
            access_log.c.person == "demo-granne-operator", access_log.c.allowed.is_(False)
        )
        denied = set(map(tuple, (await connection.execute(query)).all()))
    assert {("case.read", "demo-kommun"), ("case.act", "demo-kommun"), ("resident.read", "demo-kommun")} <= denied


async def test_taking_gives_a_grant_and_closing_ends_it(platform: Running) -> None:
    [case] = (await platform.press(6, "1"))["cases"]
    async with await platform.client("demo-operator-1") as client:
        code = f"/api/v1/residents/demo-resident-6/door-code?case={case}"
        assert (await client.get(code)).status_code == 403
        await client.post(f"/api/v1/cases/{case}/take")
        assert (await client.get(code)).status_code == 200
        await client.post(f"/api/v1/cases/{case}/close", json=CLOSING)
        assert (await client.get(code)).status_code == 403
    async with platform.platform.store.read() as connection:
        [row] = (await connection.execute(select(grant).where(grant.c.purpose == case))).mappings()
    assert row["ends_at"] is not None


async def test_a_supervisor_takes_over_and_an_operator_may_not(platform: Running) -> None:
    [case] = (await platform.press(7, "1"))["cases"]
    async with (
        await platform.client("demo-operator-1") as karin,
        await platform.client("demo-operator-2") as sven,
        await platform.client("demo-supervisor") as supervisor,
    ):
        await karin.post(f"/api/v1/cases/{case}/take")
        assert (await sven.post(f"/api/v1/cases/{case}/take-over")).status_code == 403
        assert (await supervisor.post(f"/api/v1/cases/{case}/take-over")).json()["handler"] == "demo-supervisor"
        assert (await karin.post(f"/api/v1/cases/{case}/release")).json()["code"] == "not_yours"


async def test_a_shared_home_is_closed_by_naming_who_of_the_household_it_was(platform: Running) -> None:
    async with platform.platform.store.write() as connection:
        await connection.execute(device.update().where(device.c.id == "demo-app-11").values(resident=None))
    async with await platform.client("demo-resident-11") as pressing:
        event = {"specversion": "1.0", "id": "1", "source": "test", "type": "nattljus.alarm.pressed"}
        [case] = (await pressing.post("/api/v1/device/events", json=event)).json()["cases"]
    async with await platform.client("demo-operator-1") as client:
        row = (await client.post(f"/api/v1/cases/{case}/take")).json()
        assert (row["resident"], row["household"]) == (None, 2)
        maybe = (await client.get(f"/api/v1/cases/{case}")).json()["maybe"]
        assert [one["id"] for one in maybe] == ["demo-resident-11", "demo-resident-12"]
        for wrong in (CLOSING, {**CLOSING, "resident": "demo-resident-1"}):
            assert (await client.post(f"/api/v1/cases/{case}/close", json=wrong)).json()["code"] == "person_missing"
        closed = await client.post(f"/api/v1/cases/{case}/close", json={**CLOSING, "resident": "demo-resident-12"})
        assert closed.json()["resident"] == "demo-resident-12"


async def test_an_agreement_that_ends_closes_the_wall_on_an_open_desk(platform: Running) -> None:
    await platform.press(8, "1")
    async with platform.socket("demo-operator-1") as karin:
        await karin.say(type="hello")
        assert len((await karin.hear("snapshot"))["cases"]) == 1
        async with platform.platform.store.write() as connection:
            ended = agreement.update().where(agreement.c.principal == "demo-kommun")
            await connection.execute(ended.values(ends_at=platform.platform.clock.now()))
        assert (await karin.hear("snapshot"))["cases"] == []


@pytest.mark.parametrize(
    ("first", "code"),
    [
        ('{"type": "hello", "version": 2}', 4400),
        ('{"type": "command", "id": "1", "case": "c", "act": {"act": "take"}}', 4400),
        ("{not json", 4400),
        ("[" * 20_000, 4400),
    ],
)
async def test_what_is_no_hello_closes_the_socket_with_a_code(platform: Running, first: str, code: int) -> None:
    async with platform.socket("demo-operator-1") as karin:
        await karin.connection.send(first)
        with pytest.raises(ConnectionClosed) as closed:
            await karin.connection.recv()
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == code


async def test_a_command_that_is_wrong_is_refused_and_the_socket_stays(platform: Running) -> None:
    [case] = (await platform.press(1, "1"))["cases"]
    async with platform.socket("demo-operator-1") as karin:
        await karin.say(type="hello")
        assert (await karin.command("1", case, "hold", minutes=600))["code"] == "invalid"
        assert (await karin.command("2", case, "note", text="x" * 3000))["code"] == "invalid"
        assert (await karin.command("3", case, "take"))["type"] == "done"


@pytest.mark.parametrize(("whom", "path", "code"), [("demo-worker-1", "desk", 4403), ("demo-operator-1", "home", 4403)])
async def test_a_page_that_is_not_ones_own_is_closed(platform: Running, whom: str, path: str, code: int) -> None:
    async with platform.socket(whom, path) as opened:
        await opened.say(type="hello")
        with pytest.raises(ConnectionClosed) as closed:
            await opened.connection.recv()
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == code


async def test_a_resident_is_told_that_the_alarm_is_received_and_then_who_has_it(platform: Running) -> None:
    async with platform.socket("demo-resident-9", "home") as home:
        first = await home.hear("status")
        assert (first["alarm"], first["device"]) == (None, "demo-app-9")
        [case] = (await platform.press(9, "1"))["cases"]
        assert (await home.hear("status"))["alarm"]["handled_by"] is None
        async with await platform.client("demo-operator-1") as karin:
            await karin.post(f"/api/v1/cases/{case}/take")
            taken = await home.hear("status")
            assert taken["alarm"]["handled_by"]
            assert " " not in taken["alarm"]["handled_by"]
            await karin.post(f"/api/v1/cases/{case}/close", json=CLOSING)
        assert (await home.hear("status"))["alarm"] is None


async def test_the_foot_of_the_desk_says_who_is_on_and_how_the_hour_went(platform: Running) -> None:
    [case] = (await platform.press(10, "1"))["cases"]
    async with platform.socket("demo-operator-1") as karin, platform.socket("demo-operator-2") as sven:
        await karin.say(type="hello")
        await sven.say(type="hello")
        await karin.command("t", case, "take")
        for _ in range(12):
            beat = await karin.hear("beat")
            on = {one["id"] for one in beat["operators"]}
            if len(on) == 2 and beat["figures"]["answered_60s_last_hour"]:
                break
        assert on == {"demo-operator-1", "demo-operator-2"}
        assert beat["figures"] == {"raised_last_hour": 1, "answered_60s_last_hour": 1}


async def test_a_page_that_resumes_after_its_reach_grew_is_given_everything(platform: Running) -> None:
    """An agreement that begins while a desk is away must not leave its open alarms unseen."""
    store, clock = platform.platform.store, platform.platform.clock
    async with store.write() as connection:
        ended = agreement.update().where(agreement.c.principal == "demo-kommun")
        await connection.execute(ended.values(ends_at=clock.now()))
    async with platform.socket("demo-operator-1") as karin:
        await karin.say(type="hello")
        before = await karin.hear("snapshot")
        assert before["cases"] == []
    [case] = (await platform.press(8, "1"))["cases"]
    async with store.write() as connection:
        await connection.execute(agreement.update().values(ends_at=None))
    async with platform.socket("demo-operator-1") as karin:
        await karin.say(type="hello", resume_from=before["position"], sight=before["sight"])
        after = await karin.hear("change", "snapshot")
        assert after["type"] == "snapshot"
        assert [row["id"] for row in after["cases"]] == [case]


async def test_a_command_again_after_the_wall_has_closed_shows_nothing(platform: Running) -> None:
    [case] = (await platform.press(1, "1"))["cases"]
    async with await platform.client("demo-operator-1") as client:
        body = {"command_id": "once"}
        assert (await client.post(f"/api/v1/cases/{case}/take", json=body)).status_code == 200
        async with platform.platform.store.write() as connection:
            ended = agreement.update().where(agreement.c.principal == "demo-kommun")
            await connection.execute(ended.values(ends_at=platform.platform.clock.now()))
        answer = await client.post(f"/api/v1/cases/{case}/take", json=body)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_a_role_that_changed_counts_on_an_open_desk(platform: Running) -> None:
    [case] = (await platform.press(1, "1"))["cases"]
    async with await platform.client("demo-operator-1") as client:
        await client.post(f"/api/v1/cases/{case}/take")
    async with platform.socket("demo-supervisor") as supervisor:
        await supervisor.say(type="hello")
        await supervisor.hear("snapshot")
        async with platform.platform.store.write() as connection:
            changed = assignment.update().where(assignment.c.person == "demo-supervisor")
            await connection.execute(changed.values(role="operator"))
        assert (await supervisor.hear("snapshot"))["me"]["role"] == "operator"
        assert (await supervisor.command("1", case, "take_over"))["code"] == "forbidden"


async def test_what_came_after_what_was_on_the_screen_stays_unread(platform: Running) -> None:
    [case] = (await platform.press(1, "1"))["cases"]
    async with platform.socket("demo-operator-1") as karin:
        await karin.say(type="hello")
        seen = (await karin.hear("snapshot"))["cases"][0]["version"]
        await platform.press(1, "2")
        taken = await karin.command("1", case, "take", seen=seen)
        assert taken["case"]["unread"] == 2
        assert (await karin.command("2", case, "read", seen=seen))["code"] == "unread_signal"
        assert (await karin.command("3", case, "read", seen=taken["case"]["version"]))["case"]["unread"] == 0


async def test_a_database_that_went_back_gives_every_desk_a_new_beginning(platform: Running) -> None:
    """After a restore or a failover the head is behind us: silence would look like peace."""
    await platform.press(1, "1")
    async with platform.socket("demo-operator-1") as karin:
        await karin.say(type="hello")
        await karin.hear("snapshot")
        await platform.press(2, "1")
        await karin.hear("change")
        async with platform.platform.store.write() as connection:
            await connection.execute(feed_head.update().values(position=0))
            await connection.execute(feed.delete())
        with pytest.raises(ConnectionClosed):
            await karin.hear("what never comes")
    async with platform.socket("demo-operator-1") as karin:
        await karin.say(type="hello")
        assert len((await karin.hear("snapshot"))["cases"]) == 2
        await platform.press(3, "1")
        assert (await karin.hear("change"))["position"] == 1


async def test_a_word_from_a_newer_version_hides_no_case_and_stops_no_deadline(platform: Running) -> None:
    [strange] = (await platform.press(1, "1"))["cases"]
    [plain] = (await platform.press(2, "1"))["cases"]
    long_ago = platform.platform.clock.now() - timedelta(minutes=2)
    async with platform.platform.store.write() as connection:
        await connection.execute(case_table.update().where(case_table.c.id == strange).values(reason="levitating"))
        await connection.execute(case_table.update().values(next_step_at=long_ago))
    async with await platform.client("demo-operator-1") as client:

        async def escalated() -> list[dict[str, Any]] | None:
            rows: list[dict[str, Any]] = (await client.get("/api/v1/cases")).json()["items"]
            return rows if all(row["escalation"] for row in rows) else None

        rows = await until(escalated, every=0.1)
    assert {row["id"]: bool(row["escalation"]) for row in rows} == {strange: True, plain: True}
    assert {row["id"]: row["reason"] for row in rows}[strange] == "unknown_alarm"


async def test_a_residents_page_follows_the_home_when_a_closing_names_somebody(platform: Running) -> None:
    async with platform.platform.store.write() as connection:
        await connection.execute(device.update().where(device.c.id == "demo-app-11").values(resident=None))
    async with platform.socket("demo-resident-11", "home") as home:
        assert (await home.hear("status"))["alarm"] is None
        [case] = (await platform.press(11, "1"))["cases"]
        assert (await home.hear("status"))["alarm"]["case"] == case
        async with await platform.client("demo-operator-1") as client:
            await client.post(f"/api/v1/cases/{case}/take")
            assert (await home.hear("status"))["alarm"]["handled_by"]
            naming = {**CLOSING, "resident": "demo-resident-12"}
            assert (await client.post(f"/api/v1/cases/{case}/close", json=naming)).status_code == 200
        assert (await home.hear("status"))["alarm"] is None
