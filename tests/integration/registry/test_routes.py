"""The registry over HTTP: what is shown, what is hidden, and that every look is in the log."""

from datetime import timedelta

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select, text, update

from kit.errors import StorageDown
from kit.problem import install_problems
from registry.access import Act, Purpose, Right, Whom
from registry.demo import demo_token
from registry.grants import end_grants, give_grant
from registry.inventory.fitting import TITLES as DEVICE_TITLES
from registry.routes import registry_router
from registry.session_web import COOKIE, TITLES, Sessions
from registry.tables import access_log, agreement

CASE = Purpose("case", "case-1", open=True)


class OneCase:
    """The cases there are: none, or one about a resident or a home."""

    def __init__(self):
        self.whom = None

    async def whom_for_case(self, connection, case_id):
        return self.whom if case_id == "case-1" else None

    def about(self, resident, *, principal="demo-kommun", home=None, handler=None, is_open=True):
        purpose = Purpose("case", "case-1", open=is_open)
        self.whom = Whom(principal, None, resident, home, handler, purpose)


@pytest.fixture
def cases():
    return OneCase()


@pytest.fixture
async def as_(store, signer, clock, cases):
    """A client as somebody of the demonstration: `await as_("demo-operator-1")`."""
    app = FastAPI()
    install_problems(app, {**TITLES, **DEVICE_TITLES})
    app.include_router(registry_router(store, clock, Sessions(store, signer, clock, "https://larm.example.se"), cases))
    clients = []

    async def pass_time(_):
        await clock.advance(1)

    async def client(person=None, **headers):
        if person is not None:
            async with store.read() as connection:
                token = await demo_token(connection, signer, person, clock.now())
            headers["Authorization"] = f"Bearer {token}"
        one = httpx.AsyncClient(
            transport=httpx.ASGITransport(app, raise_app_exceptions=False),
            base_url="http://127.0.0.1:8080/api/v1",
            headers=headers,
            event_hooks={"request": [pass_time]},
        )
        clients.append(one)
        return one

    yield client
    for one in clients:
        await one.aclose()


@pytest.fixture
def log(store):
    async def rows():
        async with store.read() as connection:
            return list((await connection.execute(select(access_log).order_by(access_log.c.id))).mappings())

    return rows


def code(response):
    assert response.headers["content-type"] == "application/problem+json"
    body = response.json()
    assert body["status"] == response.status_code
    assert body["type"] == f"urn:nattljus:problem:{body['code']}"
    assert body["title"].endswith(".")
    return response.status_code, body["code"]


async def test_nobody_is_let_in_without_a_session(as_):
    response = await (await as_()).get("/session")
    assert code(response) == (401, "unauthenticated")
    assert response.headers["www-authenticate"] == "Bearer"
    forged = await as_(Authorization="Bearer forged")
    assert code(await forged.get("/devices")) == (401, "unauthenticated")


async def test_a_session_says_who_i_am(as_):
    operator = (await (await as_("demo-operator-1")).get("/session")).json()
    assert (operator["person"], operator["role"], operator["device"]) == ("demo-operator-1", "operator", None)
    tablet = (await (await as_("demo-resident-3")).get("/session")).json()
    assert (tablet["person"], tablet["role"], tablet["device"]) == (None, None, "demo-app-3")


async def test_a_cookie_is_as_good_as_a_header(as_, store, signer, at):
    async with store.read() as connection:
        token = await demo_token(connection, signer, "demo-worker-1", at)
    client = await as_(Cookie=f"{COOKIE}={token}")
    assert (await client.get("/session")).json()["person"] == "demo-worker-1"


async def test_an_operator_reads_a_card_for_an_open_case_and_it_is_logged(as_, cases, log):
    cases.about("demo-resident-1")
    client = await as_("demo-operator-1")
    response = await client.get("/residents/demo-resident-1", params={"case": "case-1"})
    assert response.status_code == 200
    card = response.json()
    assert (card["name"], card["age"], card["address"]) == ("Elsa Lindqvist", 87, "Björkgatan 12")
    assert card["has_door_code"] is True
    assert "2580" not in response.text
    assert [one["name"] for one in card["contacts"]] == ["Ingrid Lindqvist", "Lars Lindqvist"]
    assert [one["id"] for one in card["devices"]] == ["demo-app-1", "demo-lock-1", "demo-scaip-1"]
    [row] = await log()
    assert (row["person"], row["role"], row["unit"]) == ("demo-operator-1", "operator", "demo-larmcentral")
    assert (row["act"], row["resident"], row["purpose"]) == ("resident.read", "demo-resident-1", "case:case-1")
    assert (row["allowed"], row["detail"], row["principal"]) == (True, {"basis": "open_case"}, "demo-kommun")


async def test_a_shared_home_shows_its_household_and_the_device_of_both(as_, cases):
    cases.about(None, home="demo-home-11")
    client = await as_("demo-operator-1")
    card = (await client.get("/residents/demo-resident-12", params={"case": "case-1"})).json()
    assert card["household"] == [{"id": "demo-resident-11", "name": "Nils Hansson", "age": 88}]
    assert [one["id"] for one in card["devices"]] == ["demo-app-12", "demo-scaip-12", "demo-scaip-home"]


@pytest.mark.parametrize("connected", ["no case", "another resident's", "closed", "unknown"])
async def test_a_card_without_an_open_case_about_it_is_refused_and_the_try_is_logged(as_, cases, log, connected):
    if connected != "no case":
        cases.about("demo-resident-1" if connected == "closed" else "demo-resident-2", is_open=connected != "closed")
    named = {"no case": {}, "unknown": {"case": "case-9"}}.get(connected, {"case": "case-1"})
    client = await as_("demo-operator-1")
    assert code(await client.get("/residents/demo-resident-1", params=named)) == (403, "no_purpose")
    [row] = await log()
    assert (row["allowed"], row["detail"], row["resident"]) == (False, {"code": "no_purpose"}, "demo-resident-1")


async def test_another_principals_resident_is_not_found_and_the_try_is_in_that_principals_log(as_, cases, log):
    cases.about("demo-resident-1")
    client = await as_("demo-granne-operator")
    there = await client.get("/residents/demo-resident-1", params={"case": "case-1"})
    nowhere = await client.get("/residents/demo-resident-99", params={"case": "case-1"})
    assert code(there) == code(nowhere) == (404, "not_found")
    assert there.content == nowhere.content
    assert [(row["principal"], row["resident"], row["subject"], row["allowed"]) for row in await log()] == [
        ("demo-kommun", "demo-resident-1", "demo-resident-1", False),
        ("", None, "demo-resident-99", False),
    ]


async def test_an_agreement_that_runs_out_closes_the_door_at_once(as_, cases, store, at):
    cases.about("demo-resident-1")
    client = await as_("demo-operator-1")
    assert (await client.get("/residents/demo-resident-1", params={"case": "case-1"})).status_code == 200
    async with store.write() as connection:
        await connection.execute(update(agreement).values(ends_at=at + timedelta(seconds=2)))
    assert code(await client.get("/residents/demo-resident-1", params={"case": "case-1"})) == (404, "not_found")


async def test_a_worker_reads_the_cards_of_the_own_unit(as_):
    client = await as_("demo-worker-1")
    assert (await client.get("/residents/demo-resident-10")).status_code == 200
    assert code(await client.get("/residents/demo-resident-11")) == (403, "other_unit")


async def give(store, at, *rights, resident="demo-resident-10"):
    async with store.write() as connection:
        await give_grant(
            connection,
            holder="demo-operator-1",
            principal="demo-kommun",
            purpose=CASE,
            rights=rights,
            at=at,
            resident=resident,
        )


async def test_a_protected_address_is_shown_to_who_has_the_case_and_to_nobody_else(as_, cases, store, at):
    cases.about("demo-resident-10")
    client = await as_("demo-operator-1")
    before = await client.get("/residents/demo-resident-10", params={"case": "case-1"})
    assert before.json()["protected"] is True
    assert (before.json()["address"], before.json()["town"], before.json()["floor"]) == (None, None, "")
    assert "Parkvägen" not in before.text
    assert "Skövde" not in before.text
    await give(store, at, Right.SEE)
    after = await client.get("/residents/demo-resident-10", params={"case": "case-1"})
    assert after.json()["address"] == "Parkvägen 14"


async def test_the_door_code_is_for_the_handler_while_the_grant_lasts(as_, cases, store, at, log):
    door = "/residents/demo-resident-10/door-code"
    client = await as_("demo-operator-1")
    cases.about("demo-resident-10", handler="demo-operator-2")
    assert code(await client.get(door, params={"case": "case-1"})) == (403, "not_handler")
    cases.about("demo-resident-10", handler="demo-operator-1")
    assert code(await client.get(door, params={"case": "case-1"})) == (403, "no_grant")
    await give(store, at, Right.SEE, Right.OPEN)
    shown = await client.get(door, params={"case": "case-1"})
    assert shown.json() == {"resident": "demo-resident-10", "door_code": "7777"}
    async with store.write() as connection:
        assert await end_grants(connection, CASE, at + timedelta(seconds=3)) == 1
    assert code(await client.get(door, params={"case": "case-1"})) == (403, "no_grant")
    assert [row["allowed"] for row in await log() if row["act"] == "door_code.read"] == [False, False, True, False]


async def test_nothing_is_shown_when_the_look_cannot_be_logged(as_, cases, store):
    cases.about("demo-resident-1")
    client = await as_("demo-operator-1")
    async with store.write() as connection:
        await connection.execute(text("DROP TABLE access_log"))
    response = await client.get("/residents/demo-resident-1", params={"case": "case-1"})
    assert code(response) in {(503, "storage_down"), (500, "internal")}
    assert "Elsa" not in response.text


async def test_devices_come_in_pages_and_only_those_in_reach(as_, log):
    client = await as_("demo-operator-1")
    seen, cursor = [], None
    while True:
        page = (await client.get("/devices", params={"limit": 20, **({"cursor": cursor} if cursor else {})})).json()
        seen += [one["id"] for one in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert seen == sorted(seen)
    assert len(seen) == len(set(seen)) == 52
    assert {row["principal"] for row in await log()} == {"demo-kommun", "demo-granne"}
    granne = await (await as_("demo-granne-operator")).get("/devices")
    assert [one["id"] for one in granne.json()["items"]] == ["demo-granne-app-1", "demo-granne-scaip-1"]


async def test_devices_of_one_resident(as_):
    client = await as_("demo-installer")
    page = (await client.get("/devices", params={"resident": "demo-resident-11"})).json()
    assert [one["id"] for one in page["items"]] == ["demo-app-11", "demo-scaip-11", "demo-scaip-home"]
    for hidden in ("demo-granne-resident-1", "demo-resident-99"):
        assert code(await client.get("/devices", params={"resident": hidden})) == (404, "not_found")


async def test_the_access_log_is_for_the_own_reviewers_newest_first(as_, cases):
    cases.about("demo-resident-1")
    operator = await as_("demo-operator-1")
    for _ in range(3):
        await operator.get("/residents/demo-resident-1", params={"case": "case-1"})
    assert code(await operator.get("/access-log")) == (403, "wrong_role")
    reviewer = await as_("demo-reviewer")
    first = (await reviewer.get("/access-log", params={"limit": 2})).json()
    assert [one["at"] for one in first["items"]] == ["2026-01-15T03:10:03.000Z", "2026-01-15T03:10:02.000Z"]
    second = (await reviewer.get("/access-log", params={"resident": "demo-resident-1", "cursor": first["next"]})).json()
    assert [one["act"] for one in second["items"]] == ["resident.read"]
    assert second["next"] is None
    assert all(one["sealed"] is False for one in second["items"])


async def test_the_neighbours_log_is_not_in_ours(as_, log):
    operator = await as_("demo-granne-operator")
    await operator.get("/devices")
    items = (await (await as_("demo-administrator")).get("/access-log")).json()["items"]
    assert items == []
    assert {row["principal"] for row in await log()} == {"demo-granne", "demo-kommun"}


async def test_bad_questions_are_answered_without_repeating_them(as_):
    client = await as_("demo-operator-1")
    for url, fault in (
        ("/devices?limit=Elsa", {"query.limit": "int_parsing"}),
        ("/devices?limit=0", {"query.limit": "greater_than_equal"}),
        ("/residents/Elsa%20Lindqvist", {"path.resident": "string_pattern_mismatch"}),
        ("/residents/x%00", {"path.resident": "string_pattern_mismatch"}),
    ):
        response = await client.get(url)
        assert code(response) == (422, "invalid")
        assert response.json()["detail"] == fault
        assert "Elsa" not in response.text
    assert code(await client.get("/nothing/here")) == (404, "not_found")
    assert code(await client.post("/session")) == (405, "method_not_allowed")


async def test_a_database_that_is_away_is_said_so(as_, store, monkeypatch):
    client = await as_("demo-operator-1")

    def away():
        raise StorageDown("away")

    monkeypatch.setattr(store, "read", away)
    response = await client.get("/session")
    assert code(response) == (503, "storage_down")
    assert response.headers["retry-after"] == "2"


async def test_every_route_states_its_act(as_):
    app = FastAPI()
    app.include_router(registry_router(None, None, lambda: None, None))
    for path, operations in app.openapi()["paths"].items():
        for operation in operations.values():
            assert Act(operation["x-access"]), path
            assert set(operation["responses"]) - {"201"} | {"200"} == {"200", "default"}
            assert list(operation["responses"]["default"]["content"]) == ["application/problem+json"]
