"""Devices from the shelf to a home and back, over HTTP: who may, in which order, and what is written down."""

import csv
import io
from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update

from registry.inventory.signs import note_tests
from registry.inventory.tables import device_fault, device_silence
from registry.sessions import device_token
from registry.tables import device, device_seen
from tests.integration.registry.test_routes import as_, cases, code, log

__all__ = ["as_", "cases", "log"]  # fixtures


async def row_of(store, device_id):
    async with store.read() as connection:
        return (await connection.execute(select(device).where(device.c.id == device_id))).mappings().one()


async def test_a_device_is_added_paired_tested_set_live_returned_and_stocked_again(as_, store, signer, clock, log):
    fitter = await as_("demo-installer")
    new = {"protocol": "scaip", "account": "777", "model": "Trygghetslarm 4G", "network": "Nätet Ett"}
    made = await fitter.post("/devices", json=new)
    assert made.status_code == 201
    assert (made.json()["id"], made.json()["state"], made.json()["home"]) == ("scaip-777", "stock", None)
    assert code(await fitter.post("/devices/scaip-777/live")) == (409, "not_tested")
    paired = (await fitter.post("/devices/scaip-777/pair", json={"resident": "demo-resident-2"})).json()
    assert (paired["state"], paired["resident"], paired["home"]) == ("paired", "demo-resident-2", "demo-home-2")
    assert code(await fitter.post("/devices/scaip-777/pair", json={"resident": "demo-resident-3"})) == (
        409,
        "not_in_stock",
    )
    assert code(await fitter.post("/devices/scaip-777/live")) == (409, "not_tested")
    async with store.write() as connection:
        await note_tests(connection, {"scaip-777": "signal-1", "demo-scaip-1": "signal-2"}, clock.now())
    live = (await fitter.post("/devices/scaip-777/live")).json()
    assert (live["state"], live["live_at"] is not None) == ("live", True)
    assert (await row_of(store, "demo-scaip-1"))["tested_at"] is None, "what is live needs no proof"
    returned = (await fitter.post("/devices/scaip-777/return")).json()
    assert (returned["state"], returned["resident"], returned["home"]) == ("returned", None, None)
    assert (await row_of(store, "scaip-777"))["token_serial"] == 1
    async with store.read() as connection:
        assert await device_token(connection, signer, "scaip-777", clock.now()) is None
    assert code(await fitter.post("/devices/scaip-777/pair", json={"resident": "demo-resident-2"})) == (
        409,
        "not_in_stock",
    )
    steps = (await fitter.post("/devices/scaip-777/restock")).json()["steps"]
    assert [(step["step"], step["by_name"]) for step in steps] == [
        ("add", "Mikael Frisk"),
        ("pair", "Mikael Frisk"),
        ("test", None),
        ("go_live", "Mikael Frisk"),
        ("return", "Mikael Frisk"),
        ("restock", "Mikael Frisk"),
    ]
    assert [step["resident"] for step in steps] == [None, *["demo-resident-2"] * 4, None]
    acts = [row["act"] for row in await log() if row["allowed"]]
    assert acts == [
        "device.add",
        "device.go_live",
        "device.pair",
        "device.pair",
        "device.go_live",
        "device.go_live",
        "device.return",
        "device.pair",
        "device.restock",
    ], "who was refused by the rules has tried"


async def test_only_who_installs_takes_steps_and_only_in_the_own_principal(as_, log):
    for person in ("demo-operator-1", "demo-planner", "demo-worker-1"):
        client = await as_(person)
        assert code(await client.post("/devices/demo-scaip-1/return")) == (403, "wrong_role")
    fitter = await as_("demo-installer")
    assert code(await fitter.post("/devices/demo-granne-scaip-1/return")) == (404, "not_found")
    assert code(await fitter.get("/devices/nobodys")) == (404, "not_found")
    assert code(await fitter.post("/devices/demo-stock-1/pair", json={"resident": "demo-granne-resident-1"})) == (
        409,
        "no_such_place",
    )
    assert (await log())[3]["principal"] == "demo-granne", "who tries another's is in that one's log"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"protocol": "scaip", "account": "letters"}, (422, "bad_account")),
        ({"protocol": "scaip"}, (422, "bad_account")),
        ({"protocol": "http", "id": "one", "account": "another"}, (422, "bad_account")),
        ({"protocol": "nuki", "account": "1"}, (422, "invalid")),
        ({"protocol": "scaip", "account": "100001"}, (409, "account_taken")),
        ({"protocol": "scaip", "account": "1", "id": "demo-scaip-1"}, (409, "exists")),
    ],
)
async def test_what_cannot_be_a_device_is_refused(as_, body, expected):
    assert code(await (await as_("demo-installer")).post("/devices", json=body)) == expected


@pytest.mark.parametrize("whom", [{}, {"resident": "demo-resident-1", "home": "demo-home-1"}])
async def test_a_device_is_paired_with_one_place(as_, whom):
    fitter = await as_("demo-installer")
    assert code(await fitter.post("/devices/demo-stock-1/pair", json=whom)) == (422, "one_place")


async def test_a_lock_is_not_returned_like_an_alarm(as_):
    assert code(await (await as_("demo-installer")).post("/devices/demo-lock-1/return")) == (409, "a_lock")


async def ids(client, **filters):
    return [one["id"] for one in (await client.get("/devices", params={"limit": 200, **filters})).json()["items"]]


async def test_devices_are_found_by_state_health_test_and_radio(as_, store, clock):
    at = clock.now()
    async with store.write() as connection:
        await connection.execute(
            device_seen.insert(),
            [
                {"device": "demo-scaip-1", "last_seen_at": at, "last_test_at": at - timedelta(days=40)},
                {"device": "demo-scaip-2", "last_seen_at": at, "last_test_at": at - timedelta(days=2)},
            ],
        )
        silence = {"device": "demo-scaip-14", "level": "lost", "heard_at": at, "noticed_at": at, "lost_at": at}
        await connection.execute(device_silence.insert().values(**silence))
        fault = {"device": "demo-scaip-14", "reason": "mains_failure", "since": at, "signal": "signal-1"}
        await connection.execute(device_fault.insert().values(**fault))
    client = await as_("demo-installer")
    assert await ids(client, state="stock") == ["demo-stock-1", "demo-stock-2"]
    assert await ids(client, health="lost") == ["demo-scaip-14"]
    assert len(await ids(client, health="ok")) == 7
    assert "demo-scaip-1" in await ids(client, health="unwatched")
    untested = await ids(client, untested_days=30)
    assert {"demo-scaip-1", "demo-scaip-3", "demo-stock-3"} <= set(untested)
    assert not {"demo-scaip-2", "demo-stock-1"} & set(untested), "what lies on a shelf is tested at no home"
    assert await ids(client, radio_ends_before="2028-01-01") == ["demo-scaip-4", "demo-scaip-5", "demo-scaip-6"]
    assert await ids(client, radio_ends_before="2027-12-31") == []
    [one] = (await client.get("/devices", params={"health": "lost"})).json()["items"]
    assert (one["radio"], one["heartbeat_s"], one["network"]) == ("4g", 300, "Nätet Ett")
    assert one["silent_since"] == "2026-01-15T03:10:00.000Z"
    assert [fault["reason"] for fault in one["faults"]] == ["mains_failure"]
    assert code(await client.get("/devices", params={"health": "fine"})) == (422, "invalid")
    async with store.write() as connection:
        await connection.execute(delete(device_silence))


async def test_the_list_as_csv_is_the_same_and_begins_no_formula(as_, store, log):
    async with store.write() as connection:
        await connection.execute(update(device).where(device.c.id == "demo-scaip-1").values(model="=1+1"))
    client = await as_("demo-installer")
    answer = await client.get("/devices.csv", params={"resident": "demo-resident-1"})
    assert answer.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [row["id"] for row in rows] == ["demo-app-1", "demo-lock-1", "demo-scaip-1"]
    assert rows[2]["model"] == "'=1+1"
    assert [row["act"] for row in await log()] == ["device.list"]
    assert code(await (await as_("demo-worker-1")).get("/devices.csv")) == (403, "wrong_role")
