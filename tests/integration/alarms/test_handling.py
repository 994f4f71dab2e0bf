"""What an operator does with a case, over HTTP: steps, calls, naming, handing over, 112. Numbers are domain.md's."""

from typing import Any

import httpx
from sqlalchemy import select, update

from alarms import tables
from registry.steps import resident_step
from registry.tables import access_log, device, grant
from tests.integration.running import Running
from tests.patience import until

CLOSING = {"cause": "mistake", "measure": "spoke"}


async def taken(platform: Running, karin: httpx.AsyncClient, resident: int, event: str = "alarm.pressed") -> str:
    [case] = (await platform.press(resident, "1", f"nattljus.{event}"))["cases"]
    assert (await karin.post(f"/api/v1/cases/{case}/take")).status_code == 200
    return f"/api/v1/cases/{case}"


async def detail(client: httpx.AsyncClient, path: str) -> dict[str, Any]:
    answer = await client.get(path)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def code(client: httpx.AsyncClient, path: str, **body: Any) -> str:
    answer = await client.post(path, json=body)
    return "done" if answer.status_code == 200 else str(answer.json()["code"])


async def kinds(client: httpx.AsyncClient, path: str) -> list[str]:
    return [line["kind"] for line in (await detail(client, path))["timeline"]]


async def test_the_steps_of_a_fall_stand_on_the_case_when_it_is_taken_with_the_residents_own(platform: Running) -> None:
    async with await platform.client("demo-operator-1") as karin:
        path = await taken(platform, karin, 3, "alarm.fall")
        steps = (await detail(karin, path))["steps"]
        assert [step["code"] for step in steps[:2]] == ["speak", "ask_hurt"]
        assert [step["origin"] for step in steps[-2:]] == ["resident", "resident"]
        assert "blodförtunnande" in steps[-2]["text"]


async def test_steps_are_frozen_into_the_case(platform: Running) -> None:
    """[7]"""
    async with await platform.client("demo-operator-1") as karin:
        path = await taken(platform, karin, 1)
        before = (await detail(karin, path))["steps"]
        async with platform.platform.store.write() as connection:
            await connection.execute(update(resident_step).values(text="Något annat."))
        assert await code(karin, f"{path}/release") == "done"
        assert await code(karin, f"{path}/take") == "done"
        assert (await detail(karin, path))["steps"] == before


async def test_a_step_is_ticked_and_unticked_by_who_has_the_case(platform: Running) -> None:
    async with await platform.client("demo-operator-1") as karin, await platform.client("demo-operator-2") as jonas:
        path = await taken(platform, karin, 1)
        step = (await detail(karin, path))["steps"][0]["id"]
        assert await code(jonas, f"{path}/tick", step=step, done=True) == "not_yours"
        assert await code(karin, f"{path}/tick", step="no-such-step", done=True) == "step_unknown"
        assert await code(karin, f"{path}/tick", step=step, done=True) == "done"
        shown = (await detail(jonas, path))["steps"][0]
        assert (shown["ticked_by"], shown["ticked_by_name"]) == ("demo-operator-1", "Karin Ekdahl")
        assert shown["ticked_at"] is not None
        assert await code(karin, f"{path}/tick", step=step, done=True) == "done"  # again is nothing new
        assert await code(karin, f"{path}/tick", step=step, done=False) == "done"
        assert (await detail(jonas, path))["steps"][0]["ticked_at"] is None
        assert (await kinds(karin, path))[-2:] == ["ticked", "unticked"]


async def test_a_principals_own_steps_stand_instead_of_ours(platform: Running) -> None:
    async with await platform.client("demo-granne-resident-1") as home:
        event = {"specversion": "1.0", "id": "1", "source": "test", "type": "nattljus.alarm.fall"}
        [case] = (await home.post("/api/v1/device/events", json=event)).json()["cases"]
    async with await platform.client("demo-granne-operator") as fredrik:
        assert await code(fredrik, f"/api/v1/cases/{case}/take") == "done"
        steps = (await detail(fredrik, f"/api/v1/cases/{case}"))["steps"]
    assert {step["origin"] for step in steps} == {"principal"}
    assert steps[2]["text"] == "Ring nattpatrullen i Svenljunga."


async def test_calls_are_written_down_with_their_results_and_an_open_one_keeps_the_case_open(platform: Running) -> None:
    """[9]"""
    async with await platform.client("demo-operator-1") as karin, await platform.client("demo-operator-2") as jonas:
        path = await taken(platform, karin, 1)
        assert await code(jonas, f"{path}/call", to="resident") == "not_yours"
        assert await code(karin, f"{path}/call", to="resident", result="no_answer") == "done"
        assert await code(karin, f"{path}/call", to="contact", contact="demo-resident-1-contact-1") == "done"
        assert await code(karin, f"{path}/call", to="resident") == "call_open"
        assert await code(karin, f"{path}/close", **CLOSING) == "call_open"
        assert await code(karin, f"{path}/call-connected") == "done"
        assert await code(karin, f"{path}/call-ended", result="no_answer") == "call_was_answered"
        assert await code(karin, f"{path}/call-ended", result="answered") == "done"
        assert await code(karin, f"{path}/call-ended", result="answered") == "no_call"
        calls = (await detail(karin, path))["calls"]
        assert [(call["to"], call["to_name"], call["result"]) for call in calls] == [
            ("resident", None, "no_answer"),
            ("contact", "Ingrid Lindqvist", "answered"),
        ]
        assert await code(karin, f"{path}/close", **CLOSING) == "done"


async def test_only_contacts_with_consent_and_of_this_person_are_called(platform: Running) -> None:
    async with await platform.client("demo-operator-1") as karin:
        path = await taken(platform, karin, 1)
        for wrong in ("demo-resident-1-contact-3", "demo-resident-2-contact-1", "nobody"):
            assert await code(karin, f"{path}/call", to="contact", contact=wrong) == "contact_unknown"
        assert await code(karin, f"{path}/call", to="contact") == "contact_unknown"
        assert (
            await code(karin, f"{path}/call", to="resident", contact="demo-resident-1-contact-1") == "contact_unknown"
        )


async def test_who_takes_over_says_what_came_of_a_call_that_was_left_open(platform: Running) -> None:
    async with await platform.client("demo-operator-1") as karin, await platform.client("demo-supervisor") as maria:
        path = await taken(platform, karin, 2)
        assert await code(karin, f"{path}/call", to="resident") == "done"
        assert await code(maria, f"{path}/take-over") == "done"
        assert await code(maria, f"{path}/close", **CLOSING) == "call_open"
        [left] = (await detail(maria, path))["calls"]
        assert await code(maria, f"{path}/call-ended", result="voicemail", call=left["id"]) == "done"
        assert await code(maria, f"{path}/close", **CLOSING) == "done"


async def test_a_case_is_handed_over_when_the_other_accepts_and_the_grant_goes_with_it(
    either_platform: Running,
) -> None:
    """[5]"""
    platform = either_platform
    async with (
        await platform.client("demo-operator-1") as karin,
        await platform.client("demo-operator-2") as jonas,
        platform.socket("demo-operator-2") as desk,
    ):
        path = await taken(platform, karin, 6)
        case = path.rpartition("/")[2]
        assert await code(karin, f"{path}/offer", to="demo-supervisor") == "not_on"
        await desk.say(type="hello")
        await desk.hear("snapshot")
        await seated(platform, karin, path)
        offered = await detail(jonas, path)
        assert (offered["handler"], offered["offered_to"], offered["offered_to_name"]) == (
            "demo-operator-1",
            "demo-operator-2",
            "Jonas Wiberg",
        )
        door = f"/api/v1/residents/demo-resident-6/door-code?case={case}"
        assert (await jonas.get(door)).status_code == 403
        answer = await desk.command("a", case, "accept_offer", seen=offered["version"])
        assert (answer["type"], answer["case"]["handler"], answer["case"]["offered_to"]) == (
            "done",
            "demo-operator-2",
            None,
        )
        assert (await jonas.get(door)).status_code == 200
        assert (await karin.get(door)).status_code == 403
        assert await code(karin, f"{path}/release") == "not_yours"
    async with platform.platform.store.read() as connection:
        rows = (await connection.execute(select(grant).where(grant.c.purpose == case))).mappings().all()
    assert {row["holder"]: row["ends_at"] is None for row in rows} == {
        "demo-operator-1": False,
        "demo-operator-2": True,
    }


async def seated(platform: Running, karin: httpx.AsyncClient, path: str) -> None:
    """Offer to demo-operator-2 until that desk is known to be open, a few seconds after it was opened."""
    await platform.platform._seats.renew()
    assert await code(karin, f"{path}/offer", to="demo-operator-2") == "done"


async def test_an_offer_that_nobody_answers_leaves_the_case_where_it_was(platform: Running) -> None:
    """[6]"""
    async with await platform.client("demo-operator-1") as karin, platform.socket("demo-operator-2") as desk:
        path = await taken(platform, karin, 6)
        await desk.say(type="hello")
        await desk.hear("snapshot")
        await seated(platform, karin, path)
        assert (await detail(karin, path))["next_step"] == "offer_ends"
        past = platform.platform.clock.now()
        async with platform.platform.store.write() as connection:
            await connection.execute(update(tables.case).values(next_step_at=past, offered_until=past))

        async def taken_back() -> dict[str, Any] | None:
            found = await detail(karin, path)
            return found if found["offered_to"] is None else None

        after = await until(taken_back, every=0.1)
        assert (after["handler"], after["offered_to"], after["next_step"]) == (
            "demo-operator-1",
            None,
            "remind_handler",
        )
        assert after["timeline"][-1]["data"] == {"to": "demo-operator-2", "how": "lapsed"}


async def shared_press(platform: Running, number: str) -> str:
    """A press of the device that two share; the case."""
    async with platform.platform.store.write() as connection:
        await connection.execute(update(device).where(device.c.id == "demo-app-11").values(resident=None))
    [case] = (await platform.press(11, number))["cases"]
    return str(case)


async def test_who_it_is_is_named_and_the_case_and_the_rights_are_that_persons(platform: Running) -> None:
    """[17]"""
    case = await shared_press(platform, "1")
    path = f"/api/v1/cases/{case}"
    async with await platform.client("demo-operator-1") as karin:
        assert await code(karin, f"{path}/name", resident="demo-resident-12") == "not_taken"
        assert await code(karin, f"{path}/take") == "done"
        assert await code(karin, f"{path}/name", resident="demo-resident-1") == "not_at_home"
        assert await code(karin, f"{path}/name", resident="demo-resident-12") == "done"
        assert await code(karin, f"{path}/name", resident="demo-resident-12") == "done"
        assert await code(karin, f"{path}/name", resident="demo-resident-11") == "already_named"
        named = await detail(karin, path)
        assert (named["resident"], named["maybe"]) == ("demo-resident-12", [])
        assert "Fråga efter Nils" in named["steps"][-1]["text"]
        shown = (await detail(karin, f"/api/v1/residents/demo-resident-12/door-code?case={case}"))["door_code"]
        assert shown == "3131"
        other = await karin.get(f"/api/v1/residents/demo-resident-11/door-code?case={case}")
        assert other.status_code == 403
        joined = (await platform.press(12, "2"))["cases"]
        assert joined == [case]
    async with platform.platform.store.read() as connection:
        [row] = (await connection.execute(select(grant).where(grant.c.ends_at.is_(None)))).mappings()
    assert (row["holder"], row["resident"], row["home"]) == ("demo-operator-1", "demo-resident-12", None)


async def test_what_112_is_told_is_on_the_timeline_and_in_the_log_and_for_the_handler_alone(platform: Running) -> None:
    """[15]"""
    async with await platform.client("demo-operator-1") as karin, await platform.client("demo-operator-2") as jonas:
        path = await taken(platform, karin, 1, "alarm.fall")
        refused = await jonas.post(f"{path}/handover-112")
        assert (refused.status_code, refused.json()["code"]) == (403, "not_handler")
        told = (await karin.post(f"{path}/handover-112")).json()
        assert any("Björkgatan 12, Alingsås" in line and "2580" in line for line in told["sv"])
        assert any("has fallen" in line for line in told["en"])
        assert (await kinds(karin, path))[-1] == "told_112"
    async with platform.platform.store.read() as connection:
        query = select(access_log.c.act, access_log.c.person, access_log.c.allowed).order_by(access_log.c.id)
        rows = list(map(tuple, (await connection.execute(query)).all()))
    assert ("case.handover_112", "demo-operator-2", False) in rows
    assert ("case.handover_112", "demo-operator-1", True) in rows
    assert ("door_code.read", "demo-operator-1", True) in rows


async def test_112_hears_where_a_protected_resident_lives_from_who_has_the_case(platform: Running) -> None:
    """[16]"""
    async with await platform.client("demo-operator-1") as karin:
        path = await taken(platform, karin, 10)
        assert "Parkvägen 14" in " ".join((await karin.post(f"{path}/handover-112")).json()["sv"])
        assert await code(karin, f"{path}/release") == "done"
        assert (await karin.post(f"{path}/handover-112")).status_code == 403


async def test_112_hears_of_a_household_while_nobody_knows_who_it_is(platform: Running) -> None:
    """[17]"""
    path = f"/api/v1/cases/{await shared_press(platform, '1')}"
    async with await platform.client("demo-operator-1") as karin:
        assert await code(karin, f"{path}/take") == "done"
        said = " ".join((await karin.post(f"{path}/handover-112")).json()["sv"])
    assert "Någon av Nils Hansson, Rut Hansson" in said
    assert "Strandvägen 31" in said
    assert "3131" in said


async def test_another_principals_operator_learns_of_nothing(platform: Running) -> None:
    """[15]"""
    async with (
        await platform.client("demo-operator-1") as karin,
        await platform.client("demo-granne-operator") as other,
    ):
        path = await taken(platform, karin, 1)
        step = (await detail(karin, path))["steps"][0]["id"]
        acts: list[tuple[str, dict[str, Any]]] = [
            ("tick", {"step": step, "done": True}),
            ("call", {"to": "resident"}),
            ("name", {"resident": "demo-resident-1"}),
            ("offer", {"to": "demo-granne-operator"}),
            ("offer/accept", {}),
            ("handover-112", {}),
        ]
        for act, body in acts:
            answer = await other.post(f"{path}/{act}", json=body)
            assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), act
        notes = await other.get("/api/v1/residents/demo-resident-1/notes")
        assert notes.status_code == 404


async def test_the_same_command_again_calls_once(platform: Running) -> None:
    async with await platform.client("demo-operator-1") as karin:
        path = await taken(platform, karin, 1)
        for _ in range(2):
            assert await code(karin, f"{path}/call", to="resident", result="busy", command_id="once") == "done"
        assert len((await detail(karin, path))["calls"]) == 1


async def test_a_page_that_two_share_still_says_who_helps_after_one_of_them_is_named(platform: Running) -> None:
    """[17]"""
    case = await shared_press(platform, "1")
    async with await platform.client("demo-operator-1") as karin, platform.socket("demo-resident-11", "home") as home:
        assert await code(karin, f"/api/v1/cases/{case}/take") == "done"
        assert await code(karin, f"/api/v1/cases/{case}/name", resident="demo-resident-12") == "done"
        while True:
            alarm = (await home.hear("status"))["alarm"]
            assert alarm is not None
            if alarm["handled_by"]:
                break
        assert (alarm["case"], alarm["handled_by"]) == (case, "Karin")
