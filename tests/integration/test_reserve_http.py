"""The reserve over HTTP as an administrator meets it, and an alarm of the running platform on its way out."""

import pytest
from sqlalchemy import select

from alarms.forwarding.tables import external_receiver
from registry.tables import access_log
from tests.integration.alarms.centres import centre
from tests.integration.running import running
from tests.patience import until

PASSWORD = "blå cykel"


@pytest.fixture
async def platform(sqlite_url, tmp_path, monkeypatch):
    monkeypatch.setenv("NATTLJUS_OUTWARD_NETWORKS", "127.0.0.0/8")
    async with running(sqlite_url, tmp_path) as platform:
        yield platform


def one(address="tls:larm.example.se:5061", **more):
    return {"name": "Larmcentralen", "address": address, "account": "77", **more}


async def test_an_administrator_sets_the_reserve_and_reads_it_without_the_password(platform):
    async with await platform.client("demo-administrator") as admin:
        seen = (await admin.get("/api/v1/reserve")).json()
        assert (seen["on"], seen["since"], seen["receivers"]) == (False, None, [])
        body = {
            "on": False,
            "receivers": [one("udp:127.0.0.1:9", user="nattljus", password=PASSWORD)],
            "seen": seen["tag"],
        }
        put = await admin.put("/api/v1/reserve", json=body)
        assert put.status_code == 200, put.text
        assert PASSWORD not in put.text
        (receiver,) = put.json()["receivers"]
        assert receiver["password"] is True
        again = await admin.put("/api/v1/reserve", json=body)
        assert (again.status_code, again.json()["code"]) == (409, "changed_meanwhile")
        shown = {"password", "tested_at", "outcome", "answered_at", "round_trip_ms"}
        kept = {**{name: value for name, value in receiver.items() if name not in shown}, "name": "Reserven"}
        put = await admin.put("/api/v1/reserve", json={**body, "receivers": [kept], "seen": put.json()["tag"]})
        (now,) = (await admin.get("/api/v1/reserve")).json()["receivers"]
        assert {name: now[name] for name in (*kept, "password")} == {**kept, "password": True}
    async with platform.platform.store.read() as connection:
        sealed = await connection.scalar(select(external_receiver.c.password))
        acts = set(await connection.scalars(select(access_log.c.act)))
    assert PASSWORD.encode() not in sealed
    assert {"reserve.read", "reserve.write"} <= acts


@pytest.mark.parametrize(
    ("on", "receivers", "code"),
    [
        (True, [], "reserve_without_receiver"),
        (True, [one(on=False)], "reserve_without_receiver"),
        (False, [one("larm.example.se")], "receiver_address"),
        (False, [one(password=PASSWORD)], "receiver_user"),
        (False, [one(id="receiver-of-somebody-else")], "not_found"),
        (False, [one(account="Elsa")], "invalid"),
        (False, [one(name="a\0b")], "invalid"),
    ],
)
async def test_what_cannot_work_is_refused_and_changes_nothing(platform, on, receivers, code):
    async with await platform.client("demo-administrator") as admin:
        before = (await admin.get("/api/v1/reserve")).json()
        body = {"on": on, "receivers": receivers, "seen": before["tag"]}
        refused = await admin.put("/api/v1/reserve", json=body)
        assert (refused.status_code >= 400, refused.json()["code"]) == (True, code)
        assert (await admin.get("/api/v1/reserve")).json() == before


async def test_nobody_else_sees_or_sets_it(platform):
    for whom in ("demo-operator-1", "demo-planner"):
        async with await platform.client(whom) as somebody:
            assert (await somebody.get("/api/v1/reserve")).status_code in {403, 404}


async def test_an_alarm_of_the_running_platform_goes_out_beside_its_case_and_the_desk_is_told(platform):
    async with centre("0") as there, await platform.client("demo-administrator") as admin:
        seen = (await admin.get("/api/v1/reserve")).json()["tag"]
        body = {"on": True, "receivers": [one(there.address)], "seen": seen}
        assert (await admin.put("/api/v1/reserve", json=body)).status_code == 200
        case = (await platform.press(1, "press-1"))["cases"][0]
        async with await platform.client("demo-operator-1") as operator:

            async def told():
                shown = (await operator.get(f"/api/v1/cases/{case}")).json()
                return [line["data"] for line in shown["timeline"] if line["kind"] == "sent_out"]

            (line,) = await until(told)
        assert (line["outcome"], line["name"], line["snu"]) == ("taken", "Larmcentralen", 0)
        assert [said["stc"] for said in there.heard if said["stc"] != "102"] == ["10"]

        async def tried():
            [tested] = (await admin.get("/api/v1/reserve")).json()["receivers"]
            return tested if tested["answered_at"] else None

        assert (await until(tried))["round_trip_ms"] >= 0
        assert (await admin.get("/api/v1/reserve")).json()["by"] == "Lena Roos"
