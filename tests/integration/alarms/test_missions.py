"""Missions over HTTP and the responder's socket: sending, accepting, going, the door, and what each may see."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from alarms import tables as alarm_tables
from alarms.core.signal import Signal
from kit.wire.words import DoorEvent, SignalKind
from registry.tables import access_log, grant
from tests.integration.running import Running, running
from tests.patience import PATIENCE

CLOSING = {"cause": "fall", "measure": "staff_sent"}
ANNA, AMIR, PETRA = "demo-worker-1", "demo-worker-2", "demo-worker-3"
KARIN = "demo-operator-1"
NORR = {"unit": "demo-norr"}


@pytest.fixture
async def platform(store_url: str, tmp_path: Path) -> AsyncIterator[Running]:
    async with (
        running(store_url, tmp_path) as platform,
        httpx.AsyncClient(base_url=f"{platform.url}/api/v1", timeout=PATIENCE) as web,
    ):
        platform.web = web  # type: ignore[attr-defined]
        yield platform


async def ask(platform: Running, who: str, method: str, path: str, **body: Any) -> httpx.Response:
    web: httpx.AsyncClient = platform.web  # type: ignore[attr-defined]
    headers = {"Authorization": f"Bearer {await platform.token(who)}"}
    return await web.request(method, path, json=body or None, headers=headers)


async def say(platform: Running, who: str, mission: str, act: str, **body: Any) -> dict[str, Any]:
    answer = await ask(platform, who, "POST", f"/missions/{mission}/{act}", **(body or {"command_id": None}))
    shown: dict[str, Any] = {"status": answer.status_code, **answer.json()}
    return shown


async def sent(platform: Running, resident: int = 1, **to: str) -> tuple[str, str]:
    """A taken case of that resident, and a mission for it."""
    [case] = (await platform.press(resident, "1"))["cases"]
    await ask(platform, KARIN, "POST", f"/cases/{case}/take")
    answer = await ask(platform, KARIN, "POST", f"/cases/{case}/dispatch", **(to or NORR))
    assert answer.status_code == 200, answer.text
    return case, answer.json()["id"]


async def kinds(platform: Running, case: str) -> list[str]:
    timeline = (await ask(platform, KARIN, "GET", f"/cases/{case}")).json()["timeline"]
    return [line["kind"] for line in timeline if line["kind"].startswith("mission")]


async def test_a_mission_goes_all_the_way_and_its_case_is_closed_after_it(platform: Running) -> None:
    case, mission = await sent(platform)
    assert (await say(platform, ANNA, mission, "accept"))["state"] == "accepted"
    assert (await say(platform, ANNA, mission, "on-the-way"))["state"] == "on_the_way"
    refused = await ask(platform, KARIN, "POST", f"/cases/{case}/close", **CLOSING)
    assert (refused.status_code, refused.json()["code"]) == (409, "mission_open")
    there = await say(platform, ANNA, mission, "arrived", reason="let_in")
    assert (there["state"], there["arrived_how"], there["arrived_reason"]) == ("arrived", "stated", "let_in")
    assert (await say(platform, ANNA, mission, "done"))["state"] == "done"
    assert await kinds(platform, case) == [
        "mission_sent", "mission_accepted", "mission_on_the_way", "mission_arrived", "mission_done",
    ]  # fmt: skip
    assert (await ask(platform, KARIN, "POST", f"/cases/{case}/close", **CLOSING)).status_code == 200


async def test_the_same_command_again_does_nothing_twice(platform: Running) -> None:
    case, mission = await sent(platform, command_id="send", **NORR)
    again = await ask(platform, KARIN, "POST", f"/cases/{case}/dispatch", command_id="send", **NORR)
    assert again.json()["id"] == mission
    for _ in range(2):
        assert (await say(platform, ANNA, mission, "accept", command_id="a"))["state"] == "accepted"
        refused = await say(platform, AMIR, mission, "accept", command_id="b")
        assert (refused["status"], refused["code"], refused["detail"]["responder_name"]) == (
            409,
            "mission_taken",
            "Anna Holm",
        )
    assert await kinds(platform, case) == ["mission_sent", "mission_accepted"]
    assert (await say(platform, ANNA, "mission-none", "accept", command_id="a"))["status"] == 404
    other = (await sent(platform, 2))[1]
    assert (await say(platform, ANNA, other, "accept", command_id="a"))["code"] == "command_reused"


async def test_the_desks_socket_sends_through_the_same_handler(platform: Running) -> None:
    [case] = (await platform.press(1, "1"))["cases"]
    async with platform.socket(KARIN) as karin:
        await karin.say(type="hello")
        await karin.hear("snapshot")
        assert (await karin.command("d0", case, "dispatch", unit="demo-norr"))["code"] == "not_taken"
        await karin.command("t", case, "take")
        done = await karin.command("d1", case, "dispatch", unit="demo-norr", note="Ta med lyften")
        assert done["case"]["missions"] == 1
        assert (await karin.command("d2", case, "dispatch"))["code"] == "no_such_responder"
        assert (await karin.command("d3", case, "dispatch", unit="demo-granne-centrum"))["code"] == "no_such_responder"
    people = (await ask(platform, KARIN, "GET", f"/cases/{case}/responders")).json()
    assert [(one["id"], one["own"], one["busy"]) for one in people["teams"]] == [
        ("demo-norr", True, 1), ("demo-soder", False, 0),
    ]  # fmt: skip
    assert [one["id"] for one in people["workers"]] == ["demo-worker-2", "demo-worker-1", "demo-worker-4", PETRA]


async def test_before_accepting_only_what_is_needed_is_told_and_afterwards_the_card(platform: Running) -> None:
    """[14, 16] Resident 10 has a protected identity; petra is of another unit, and is sent all the same."""
    _case, mission = await sent(platform, 10, person=PETRA)
    offered = (await ask(platform, PETRA, "GET", f"/missions/{mission}")).json()
    assert (offered["reason"], offered["area"], offered["age"] > 80) == ("pressed", "Hemtjänst Norr", True)
    assert [offered[name] for name in ("town", "name", "resident", "note", "locks")] == [None, None, None, "", []]
    early = await ask(platform, PETRA, "GET", f"/missions/{mission}/cards")
    assert (early.status_code, "Parkvägen" in early.text) == (403, False)
    assert (await ask(platform, PETRA, "GET", f"/missions/{mission}/door-code")).status_code == 403
    accepted = await say(platform, PETRA, mission, "accept")
    assert (accepted["name"], accepted["resident"]) == ("Margareta Wallin", "demo-resident-10")
    [card] = (await ask(platform, PETRA, "GET", f"/missions/{mission}/cards")).json()["items"]
    assert (card["address"], card["town"]) == ("Parkvägen 14", "Skövde")
    assert (await ask(platform, PETRA, "GET", f"/missions/{mission}/door-code")).json()["door_code"] == "7777"
    await say(platform, PETRA, mission, "arrived", reason="let_in")
    over = await say(platform, PETRA, mission, "done")
    assert (over["name"], over["locks"]) == (None, [])
    assert (await ask(platform, PETRA, "GET", f"/missions/{mission}/cards")).status_code == 403
    assert (await ask(platform, PETRA, "GET", "/residents/demo-resident-10")).status_code == 403
    async with platform.platform.store.read() as connection:
        looks = access_log.c.act.in_(["resident.read", "door_code.read"]) & (access_log.c.subject == mission)
        rows = (await connection.execute(select(access_log).where(looks).order_by(access_log.c.id))).mappings().all()
    assert [(row["act"], row["allowed"]) for row in rows] == [
        ("resident.read", False), ("door_code.read", False),
        ("resident.read", True), ("door_code.read", True), ("resident.read", False),
    ]  # fmt: skip
    assert {row["purpose"] for row in rows} == {f"mission:{mission}"}


async def test_who_it_is_not_for_learns_nothing(platform: Running) -> None:
    _case, mission = await sent(platform, 1, person=ANNA)
    for who, status in ((AMIR, 403), (PETRA, 403), ("demo-granne-operator", 404)):
        assert (await ask(platform, who, "GET", f"/missions/{mission}")).status_code == status
        assert (await say(platform, who, mission, "accept"))["status"] == status
    assert (await ask(platform, AMIR, "GET", "/missions")).json()["items"] == []
    assert [one["id"] for one in (await ask(platform, ANNA, "GET", "/missions?mine=true")).json()["items"]] == [mission]
    assert (await ask(platform, "demo-planner", "GET", "/missions")).status_code == 403
    assert (await say(platform, "demo-operator-2", mission, "cancel"))["code"] == "not_yours"
    assert (await say(platform, KARIN, mission, "accept"))["code"] == "not_yours"
    assert (await say(platform, ANNA, mission, "cancel"))["code"] == "not_yours"


async def test_declining_makes_the_case_urgent_at_once(platform: Running) -> None:
    case, mission = await sent(platform)
    assert (await say(platform, ANNA, mission, "decline", reason="unsafe_alone"))["state"] == "sent"
    row = (await ask(platform, KARIN, "GET", f"/cases/{case}")).json()
    assert (row["unread"], row["priority"], row["escalation"], row["missions"]) == (1, 1, 1, 1)
    over = await say(platform, AMIR, mission, "decline", reason="too_far")
    assert [(one["name"], one["reason"]) for one in over["declined"]] == [
        ("Anna Holm", "unsafe_alone"), ("Amir Haddad", "too_far"),
    ]  # fmt: skip
    assert (over["state"], over["ended_at"] is None) == ("declined", False)
    assert (await say(platform, ANNA, mission, "decline", reason="tired"))["status"] == 422


async def test_no_answer_must_be_gone_through_before_the_mission_is_done(platform: Running) -> None:
    """[8]"""
    case, mission = await sent(platform)
    await say(platform, ANNA, mission, "accept")
    door = (await say(platform, ANNA, mission, "no-answer"))["door"]
    assert [one["step"] for one in door][:2] == ["ring_phone", "knock_and_look"]
    assert (await say(platform, ANNA, mission, "done"))["code"] == "steps_left"
    assert (await say(platform, KARIN, mission, "cancel"))["code"] == "arrived"
    await ask(platform, KARIN, "POST", f"/cases/{case}/read")
    assert (await ask(platform, KARIN, "POST", f"/cases/{case}/close", **CLOSING)).json()["code"] == "mission_open"
    for one in door[:-1]:
        await say(platform, ANNA, mission, "door-step", step=one["step"])
    by_desk = await say(platform, KARIN, mission, "door-step", step="emergency", skipped="not_needed")
    assert by_desk["door"][-1]["by_name"] == "Karin Ekdahl"
    assert (await say(platform, ANNA, mission, "done"))["state"] == "done"


async def test_a_tag_proves_an_arrival_at_its_own_door_only(platform: Running) -> None:
    """[8]"""
    _case, mission = await sent(platform)
    await say(platform, ANNA, mission, "accept")
    assert (await say(platform, ANNA, mission, "arrived", tag="demo-tag-2"))["code"] == "wrong_tag"
    assert (await say(platform, ANNA, mission, "arrived", tag="nothing"))["code"] == "wrong_tag"
    assert (await say(platform, ANNA, mission, "arrived", command_id="x"))["code"] == "reason_missing"
    assert (await say(platform, ANNA, mission, "arrived", tag="demo-tag-1"))["arrived_how"] == "tag"


async def opening(platform: Running, lock: str, event: DoorEvent, how: str, key: str) -> None:
    at = platform.platform.clock.now()
    details = {"door": event.value, "how": how}
    signal = Signal(
        "mqtt", lock, None, key, SignalKind.INFORMATION, None, 5, "lock", "1", at, None, b"", details=details
    )
    await platform.platform.hub.receive(signal)


async def test_a_lock_that_tells_of_an_opening_proves_the_arrival(platform: Running) -> None:
    """[8]"""
    case, mission = await sent(platform, 4)
    await opening(platform, "demo-lock-4", DoorEvent.UNLOCKED, "rfid", "before anybody accepted")
    await say(platform, ANNA, mission, "accept")
    await opening(platform, "demo-lock-4", DoorEvent.UNLOCKED, "manual", "the resident's own hand, from inside")
    await opening(platform, "demo-lock-5", DoorEvent.UNLOCKED, "rfid", "another home")
    assert (await ask(platform, ANNA, "GET", f"/missions/{mission}")).json()["state"] == "accepted"
    await opening(platform, "demo-lock-4", DoorEvent.UNLOCKED, "rfid", "the responder's tag")
    there = (await ask(platform, ANNA, "GET", f"/missions/{mission}")).json()
    assert (there["state"], there["arrived_how"], there["next_step"]) == ("arrived", "lock", "not_done")
    assert (await kinds(platform, case))[-1] == "mission_arrived"


async def test_a_door_that_the_desk_opened_proves_nothing(platform: Running) -> None:
    case, mission = await sent(platform, 4)
    await say(platform, ANNA, mission, "accept")
    at = platform.platform.clock.now()
    async with platform.platform.store.write() as connection:
        await connection.execute(
            alarm_tables.lock_command.insert().values(
                id="open-1", key="k", lock="demo-lock-4", case=case, person=KARIN, action="unlatch",
                asked_at=at, expires_at=at + timedelta(seconds=9), sent_at=at,
            )
        )  # fmt: skip
    await opening(platform, "demo-lock-4", DoorEvent.UNLOCKED, "remote", "what the desk asked for")
    assert (await ask(platform, ANNA, "GET", f"/missions/{mission}")).json()["state"] == "accepted"


async def test_a_case_taken_over_keeps_its_mission_and_the_new_handler_may_call_it_off(platform: Running) -> None:
    case, mission = await sent(platform)
    await say(platform, ANNA, mission, "accept")
    await ask(platform, "demo-supervisor", "POST", f"/cases/{case}/take-over")
    off = await say(platform, "demo-supervisor", mission, "cancel", why="Dottern är där")
    assert (off["state"], off["responder_name"]) == ("cancelled", "Anna Holm")
    async with platform.platform.store.read() as connection:
        rows = (await connection.execute(select(grant).where(grant.c.purpose == mission))).mappings().all()
    assert [(row["holder"], row["ends_at"] is None) for row in rows] == [(ANNA, False)]
    assert (await say(platform, ANNA, mission, "arrived", reason="let_in"))["code"] == "mission_over"


async def test_the_responders_page_is_told_of_each_change_and_begins_anew_with_everything(platform: Running) -> None:
    async with platform.socket(ANNA, "missions/live") as anna, platform.socket(PETRA, "missions/live") as petra:
        assert (await anna.hear("missions"))["items"] == []
        assert (await petra.hear("missions"))["items"] == []
        _case, mission = await sent(platform)
        [offered] = (await anna.hear("missions"))["items"]
        assert (offered["id"], offered["name"], offered["mine"]) == (mission, None, False)
        await say(platform, AMIR, mission, "accept")
        while (told := (await anna.hear("missions"))["items"][0])["responder"] is None:
            pass
        assert (told["responder_name"], told["name"], told["mine"]) == ("Amir Haddad", None, False)
        await petra.hear("beat")
        async with platform.socket(AMIR, "missions/live") as amir:
            [mine] = (await amir.hear("missions"))["items"]
            assert (mine["mine"], mine["name"]) == (True, "Elsa Lindqvist")
            await say(platform, AMIR, mission, "arrived", reason="key")
            await say(platform, AMIR, mission, "done")
            while (last := (await amir.hear("missions"))["items"][0])["state"] != "done":
                pass
            assert last["name"] is None
    async with platform.platform.store.read() as connection:
        query = select(access_log.c.person).where(access_log.c.act == "mission.list")
        assert {ANNA, PETRA, AMIR} <= set((await connection.execute(query)).scalars())
