"""What planners choose from, drafts that store nothing, steps, contacts: on the running platform, with the walls."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from registry.tables import access_log, assignment
from tests.integration.alarms.routed import AGAIN, EAST, HOLD, put, two_centrals
from tests.integration.running import Running

EVE = "2026-12-24T03:10"


@pytest.fixture
async def platform(store_url: str, tmp_path: Path) -> AsyncIterator[Running]:
    async with two_centrals(store_url, tmp_path) as platform:
        yield platform


async def asked(
    platform: Running, method: str, path: str, body: Any = None, whom: str = "demo-planner"
) -> httpx.Response:
    async with await platform.client(whom) as client:
        return await client.request(method, f"/api/v1/{path}", json=body)


async def tried(platform: Running, **draft: Any) -> dict[str, Any]:
    answer = await asked(platform, "POST", "routing/draft", {"at": EVE, "kind": "person", "reason": "pressed", **draft})
    assert answer.status_code == 200, answer.text
    said: dict[str, Any] = answer.json()
    return said


async def test_choices_name_what_the_municipality_has_and_which_plans_open_cases_carry(platform: Running) -> None:
    """[7]"""
    await platform.press(1, "1")
    said = (await asked(platform, "GET", "routing/choices")).json()
    assert said["principal"] == {"id": "demo-kommun", "name": "Demo kommun"}
    assert [one["id"] for one in said["desks"]] == ["demo-larmcentral", EAST, "demo-kommun"]
    assert {one["name"] for one in said["units"]} == {"Hemtjänst Norr", "Hemtjänst Söder"}
    assert {one["id"] for one in said["workers"]} == {f"demo-worker-{number}" for number in range(1, 5)}
    assert {one["name"] for one in said["office"]} == {"Eva Strand", "Lena Roos"}
    assert said["plans"] == [{"id": "demo-plan-natt", "name": "Natt och helg"}]
    assert [one["name"] for one in said["rotas"]] == ["Nattberedskap"]
    assert sum(one["cases"] for one in said["running"]) == 1


async def test_a_draft_says_where_an_alarm_would_go_and_stores_nothing(platform: Running) -> None:
    plan = {"id": "demo-plan-natt", "name": "P", "steps": [HOLD, {"id": "b", "act": "forward", "wait": 60}, AGAIN]}
    seen = await tried(platform, plan=plan)
    assert seen["faults"] == []
    assert seen["led_to"] is True
    assert [one["step"] for one in seen["preview"]["steps"]] == ["louder", "forward", "louder", "forward"]
    routing = {"rules": [{"id": "natt", "hours": [{"starts": "21:00", "ends": "07:00"}], "desks": [EAST]}]}
    seen = await tried(platform, routing=routing)
    assert [one["name"] for one in seen["preview"]["desks"]] == ["Larmcentralen Öst"]
    thursday = seen["week"][3]
    assert (thursday["day"], thursday["holiday"]) == ("2026-12-24", True)
    assert [(one["starts"], one["rule"]) for one in thursday["stretches"]] == [(0, "natt"), (420, None), (1260, "natt")]
    async with await platform.client("demo-planner") as client:
        assert (await client.get("/api/v1/plans/demo-plan-natt")).json()["name"] == "Natt och helg"
        assert (await client.get("/api/v1/routing")).json()["version"] == 1


async def test_a_draft_with_faults_names_every_one_and_still_draws_what_it_can(office: Running) -> None:
    steps = [{"id": "a", "act": "on_call"}, {"id": "b", "act": "persons"}]
    seen = await tried(office, plan={"id": "ny", "name": "P", "steps": steps})
    assert [(one["code"], one["about"]) for one in seen["faults"]] == [
        ("step_rota", "a"), ("step_persons", "b"), ("plan_ends", "b"),
    ]  # fmt: skip
    assert seen["preview"] is None
    steps = [{"id": "a", "act": "on_call", "rota": "ingen", "wait": 60}, AGAIN]
    seen = await tried(office, plan={"id": "ny", "name": "P", "steps": steps})
    assert seen["faults"] == [{"code": "step_rota", "about": "a"}]
    seen = await tried(office, routing={"rules": [{"id": "x", "desks": ["nowhere"]}]})
    assert seen["faults"] == [{"code": "desk_unknown", "about": "x"}]
    assert seen["preview"]["failed"] == ["no_agreement"]


async def test_a_draft_of_a_rota_shows_two_weeks_by_layer_with_its_gaps(office: Running) -> None:
    layer = {"persons": ["demo-worker-1", "demo-worker-2"], "starts": "2026-01-01", "handover": "08:00"}
    night = {**layer, "id": "natt", "shift_hours": 24, "hours": [{"starts": "21:00", "ends": "07:00"}]}
    rota = {"id": "ny", "name": "R", "layers": [night]}
    seen = (await tried(office, rota=rota))["rota"]
    assert (seen["starts_at"], seen["ends_at"]) == ("2026-12-23T23:00:00.000Z", "2027-01-06T23:00:00.000Z")
    assert len(seen["gaps"]) == 14
    assert {one["person"]["name"] for one in seen["turns"] if one["person"]} == {"Anna Holm", "Amir Haddad"}
    assert seen["layers"][0]["turns"] == seen["turns"]
    swap = {
        "id": "s",
        "persons": ["demo-worker-1", "demo-worker-1"],
        "starts_at": f"{EVE}:00Z",
        "ends_at": f"{EVE}:00Z",
    }
    bad = await tried(office, rota={**rota, "swaps": [swap]})
    assert {(one["code"], one["about"]) for one in bad["faults"]} == {("change_ends", "s"), ("swap_alone", "s")}
    assert bad["rota"] is None
    stranger = await tried(office, rota={**rota, "layers": [{**night, "persons": ["nobody"]}]})
    assert stranger["faults"] == [{"code": "person_unknown", "about": "nobody"}]
    assert stranger["rota"]["turns"]


async def test_what_something_names_is_not_removed_and_what_was_changed_meanwhile_neither(platform: Running) -> None:
    used = await asked(platform, "DELETE", "plans/demo-plan-natt?version=1")
    assert (used.status_code, used.json()["code"], used.json()["detail"]) == (409, "in_use", {"rule": "natt"})
    named = await asked(platform, "DELETE", "rotas/demo-rota-natt?version=1")
    assert (named.json()["code"], named.json()["detail"]) == ("in_use", {"plan": "demo-plan-natt"})
    assert (await put(platform, "plans/p", {"version": 0, "name": "P", "steps": [HOLD, AGAIN]})).status_code == 200
    late = await asked(platform, "DELETE", "plans/p?version=2")
    assert (late.status_code, late.json()["code"]) == (409, "changed_meanwhile")
    assert (await asked(platform, "DELETE", "plans/p?version=1", whom="demo-supervisor")).status_code == 403
    assert (await asked(platform, "DELETE", "plans/p?version=1")).status_code == 204
    assert (await asked(platform, "GET", "plans/p")).status_code == 404
    assert (await put(platform, "routing", {"version": 1, "rules": [{"id": "x", "plan": "p"}]})).status_code == 422


async def steps_of(platform: Running, reason: str | None) -> dict[str, Any]:
    items = (await asked(platform, "GET", "action-steps")).json()["items"]
    [one] = [one for one in items if one["reason"] == reason]
    return dict(one)


async def test_a_principals_steps_are_stored_once_and_stand_on_the_next_case(platform: Running) -> None:
    seen = await steps_of(platform, "pressed")
    body = {"texts": ["Tala med personen.", "Ring dottern."], "seen": seen["tag"]}
    assert (await put(platform, "action-steps/pressed", body)).status_code == 200
    late = await put(platform, "action-steps/pressed", {**body, "texts": ["Sen."]}, "demo-administrator")
    assert (late.status_code, late.json()["code"]) == (409, "changed_meanwhile")
    [case] = (await platform.press(2, "1"))["cases"]
    async with await platform.client("demo-supervisor") as client:
        assert (await client.post(f"/api/v1/cases/{case}/take")).status_code == 200
        shown = (await client.get(f"/api/v1/cases/{case}")).json()["steps"]
    assert [one["text"] for one in shown] == ["Tala med personen.", "Ring dottern."]
    fresh = await steps_of(platform, "pressed")
    assert (await put(platform, "action-steps/pressed", {"texts": [], "seen": fresh["tag"]})).status_code == 200
    assert (await steps_of(platform, "pressed"))["texts"] == []


async def test_a_list_for_every_alarm_is_its_own_and_bad_input_is_refused(office: Running) -> None:
    every = await steps_of(office, None)
    assert (await put(office, "action-steps/every", {"texts": ["Tala."], "seen": every["tag"]})).status_code == 200
    assert (await steps_of(office, None))["texts"] == ["Tala."]
    assert (await steps_of(office, "fell"))["texts"] == []
    for which, texts in (("nonsense", ["x"]), ("fell", [" "]), ("fell", ["x" * 301]), ("fell", ["x"] * 21)):
        seen = await steps_of(office, "fell")
        answer = await put(office, f"action-steps/{which}", {"texts": texts, "seen": seen["tag"]})
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    for whom in ("demo-operator-1", "demo-worker-1", "demo-supervisor"):
        answer = await put(office, "action-steps/every", {"texts": [], "seen": every["tag"]}, whom)
        assert answer.status_code in {403, 404}


async def test_a_residents_additions_are_the_planners_to_change_and_each_look_is_logged(platform: Running) -> None:
    """[15]"""
    path = "residents/demo-resident-3/action-steps"
    seen = (await asked(platform, "GET", path)).json()
    assert seen["items"][0]["reason"] == "fell"
    items = [*seen["items"], {"reason": None, "text": "Nyckeln hänger hos grannen."}]
    stored = await put(platform, path, {"items": items, "seen": seen["tag"]})
    assert [one["text"] for one in stored.json()["items"]][-1] == "Nyckeln hänger hos grannen."
    late = await put(platform, path, {"items": [], "seen": seen["tag"]})
    assert (late.status_code, late.json()["code"]) == (409, "changed_meanwhile")
    refused = await put(platform, path, {"items": [], "seen": stored.json()["tag"]}, "demo-administrator")
    assert (refused.status_code, refused.json()["code"]) == (403, "wrong_role")
    assert (await asked(platform, "GET", "residents/nobody/action-steps")).status_code == 404
    async with platform.platform.store.read() as connection:
        query = select(access_log.c.act).where(access_log.c.resident == "demo-resident-3")
        acts = list((await connection.scalars(query.where(access_log.c.allowed))).all())
    assert (acts.count("resident_steps.read"), acts.count("resident_steps.write")) == (1, 2)


async def test_another_principals_planner_finds_no_resident_and_no_contact(platform: Running) -> None:
    added = await asked(platform, "POST", "outage-contacts", CONTACT, "demo-administrator")
    async with platform.platform.store.write() as connection:
        since = platform.platform.clock.now() - timedelta(days=1)
        role = {"person": "chef", "role": "planner", "principal": "demo-granne", "starts_at": since}
        await connection.execute(assignment.insert().values(id="chef", **role))
        for key in ("demo-planner", "demo-administrator"):
            moved = assignment.update().where(assignment.c.id == key)
            await connection.execute(moved.values(principal="demo-granne"))
    assert (await asked(platform, "GET", "residents/demo-resident-3/action-steps")).status_code == 404
    contact, tag = added.json()["id"], added.json()["tag"]
    for method, path, body in (
        ("PUT", f"outage-contacts/{contact}", {**CONTACT, "seen": tag}),
        ("DELETE", f"outage-contacts/{contact}?seen={tag}", None),
    ):
        assert (await asked(platform, method, path, body, "demo-administrator")).status_code == 404
    assert (await asked(platform, "GET", "outage-contacts")).json()["items"] == []


CONTACT = {"name": "Larmansvarig", "email": "larm@kommun.test", "webhook": ""}


async def test_contacts_are_the_administrators_to_change_and_the_planners_to_read(platform: Running) -> None:
    added = await asked(platform, "POST", "outage-contacts", CONTACT, "demo-administrator")
    assert added.status_code == 201, added.text
    path, tag = f"outage-contacts/{added.json()['id']}", added.json()["tag"]
    seen = (await asked(platform, "GET", "outage-contacts")).json()
    assert (seen["items"], seen["may_change"]) == ([added.json()], False)
    assert (await asked(platform, "PUT", path, {**CONTACT, "seen": tag})).status_code == 403
    hook = {**CONTACT, "webhook": "https://drift.kommun.test/larm", "seen": tag}
    changed = await asked(platform, "PUT", path, hook, "demo-administrator")
    assert changed.json()["webhook"] == "https://drift.kommun.test/larm"
    late = await asked(platform, "DELETE", f"{path}?seen={tag}", whom="demo-administrator")
    assert (late.status_code, late.json()["code"]) == (409, "changed_meanwhile")
    gone = await asked(platform, "DELETE", f"{path}?seen={changed.json()['tag']}", whom="demo-administrator")
    assert gone.status_code == 204
    assert (await asked(platform, "GET", "outage-contacts", whom="demo-administrator")).json()["items"] == []


UNTOLD = [
    ("", "", "contact_means"),
    ("larm", "", "contact_email"),
    ("a@b@c", "", "contact_email"),
    ("", "http://kommun.test/hook", "contact_webhook"),
    ("", "https://127.0.0.1/hook", "contact_webhook"),
    ("", "https://[::1]/hook", "contact_webhook"),
    ("", "https://localhost/hook", "contact_webhook"),
    ("", "https://redis.internal/hook", "contact_webhook"),
    ("", "https://[", "contact_webhook"),
]


async def test_a_contact_that_cannot_be_told_is_refused(office: Running) -> None:
    async with await office.client("demo-administrator") as client:
        for email, webhook, code in UNTOLD:
            body = {"name": "Larmansvarig", "email": email, "webhook": webhook}
            answer = await client.post("/api/v1/outage-contacts", json=body)
            assert (answer.status_code, answer.json()["code"]) == (422, code), (email, webhook)
