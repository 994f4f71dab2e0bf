"""A principal's other systems and the receivers over HTTP, as its administrator meets them."""

from datetime import timedelta

import httpx
import pytest
from sqlalchemy import insert, select

import alarms.forwarding.demo
import alarms.outward.demo
from alarms.receivers.routes import heard_of
from registry.tables import access_log, device_seen
from tests.integration.running import KEY, running

HERE = "udp:127.0.0.1:5072"
BODY = {"name": "Journalen", "scopes": ["events:read"], "days": 30}


@pytest.fixture
async def platform(sqlite_url, tmp_path):
    async with running(sqlite_url, tmp_path) as platform:
        yield platform


def code(response):
    return response.status_code, response.json()["code"]


def bearer(platform, token):
    return httpx.AsyncClient(base_url=f"{platform.url}/api/v1", headers={"Authorization": f"Bearer {token}"})


async def test_an_administrator_enters_a_system_renews_its_token_and_ends_it(platform):
    async with await platform.client("demo-administrator") as admin:
        made = await admin.post("/api/v1/clients", json=BODY)
        assert made.status_code == 201, made.text
        one, token = made.json()["client"], made.json()["token"]
        assert (one["name"], one["scopes"]) == ("Journalen", ["events:read"])
        listed = (await admin.get("/api/v1/clients")).json()["items"]
        assert [each["name"] for each in listed] == ["Uppföljningssystemet", "Journalen"]
        assert (listed[0]["token_ends_at"], listed[1]) == (None, one)
        async with bearer(platform, token) as journal:
            assert (await journal.get("/events")).status_code == 200
            assert code(await journal.get("/clients")) == (403, "scope")
            renewed = await admin.post(f"/api/v1/clients/{one['id']}/token", json={"days": 1})
            assert renewed.json()["client"]["token_ends_at"] < one["token_ends_at"]
            assert code(await journal.get("/events")) == (401, "unauthenticated")
        async with bearer(platform, renewed.json()["token"]) as journal:
            assert (await journal.get("/events")).status_code == 200
            assert (await admin.delete(f"/api/v1/clients/{one['id']}")).status_code == 204
            assert (await journal.get("/events")).status_code in {401, 403}
        assert code(await admin.delete(f"/api/v1/clients/{one['id']}")) == (404, "not_found")
        for wrong in ({**BODY, "name": "  "}, {**BODY, "scopes": []}, {**BODY, "days": 0}, {**BODY, "scopes": ["all"]}):
            assert code(await admin.post("/api/v1/clients", json=wrong)) == (422, "invalid")
    async with platform.platform.store.read() as connection:
        query = select(access_log.c.act).where(access_log.c.person == "demo-administrator", access_log.c.allowed)
        assert {"client.read", "client.write"} <= set(await connection.scalars(query))


async def test_nobody_else_sees_or_enters_them(platform):
    for whom in ("demo-planner", "demo-operator-1", "demo-granne-operator"):
        async with await platform.client(whom) as somebody:
            assert (await somebody.get("/api/v1/clients")).status_code in {403, 404}
            assert (await somebody.post("/api/v1/clients", json=BODY)).status_code in {403, 404}
            assert (await somebody.delete("/api/v1/clients/demo-system")).status_code in {403, 404}
            assert (await somebody.get("/api/v1/receivers")).status_code in {403, 404}


async def test_the_receivers_say_where_they_listen_and_how_many_devices_they_heard(platform):
    at = platform.platform.clock.now()
    seen = [
        {"device": "demo-scaip-1", "last_seen_at": at - timedelta(minutes=5)},
        {"device": "demo-scaip-2", "last_seen_at": at - timedelta(hours=2)},
        {"device": "demo-lock-1", "last_seen_at": at},
    ]
    async with platform.platform.store.write() as connection:
        await connection.execute(insert(device_seen), seen)
    async with await platform.client("demo-administrator") as admin:
        found = {one["protocol"]: one for one in (await admin.get("/api/v1/receivers")).json()["items"]}
    scaip = found["scaip"]
    assert scaip["addresses"] == [str(one) for one in platform.platform.scaip.addresses]
    assert (scaip["up"], scaip["heard"], scaip["last_heard_at"] is None) == (True, 1, False)
    assert scaip["devices"] > 20
    assert (found["dc09"]["up"], found["dc09"]["addresses"], found["dc09"]["devices"]) == (False, [], 0)
    assert (found["mqtt"]["up"], found["mqtt"]["heard"]) == (False, 1)
    async with platform.platform.store.read() as connection:
        assert "mqtt" not in await heard_of(connection, "demo-granne", at)


async def test_the_demonstrations_outside_world_is_entered_once_and_follows_the_platform(platform):
    store, clock = platform.platform.store, platform.platform.clock
    for web, address in ((platform.url, "udp:127.0.0.1:5071"), ("http://127.0.0.1:1", ""), (platform.url, HERE)):
        async with store.write() as connection:
            await alarms.outward.demo.fill(connection, web, [KEY], clock.now())
            await alarms.forwarding.demo.fill(connection, address)
    async with store.read() as connection:
        assert await alarms.forwarding.demo.where(connection) == HERE
    async with await platform.client("demo-administrator") as admin:
        working, left = (await admin.get("/api/v1/subscriptions")).json()["items"]
        assert (working["dead"], left["dead"]) == (0, 2)
        assert working["url"].startswith(platform.url)
        letters = (await admin.get(f"/api/v1/subscriptions/{left['id']}/dead")).json()["items"]
        assert {one["outcome"] for one in letters} == {"http 410"}
        here, away = (await admin.get("/api/v1/reserve")).json()["receivers"]
        assert (here["address"], here["on"], away["on"]) == (HERE, False, False)  # nobody was there, and it stays off
        assert (await admin.post(working["url"], content=b"{}")).status_code == 204
