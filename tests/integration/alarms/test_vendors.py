"""Vendors' webhooks over HTTP: entered by an administrator, signed, stored before they are answered, no code kept."""

import json
from datetime import timedelta
from pathlib import Path

import httpx
from sqlalchemy import select

from alarms import tables
from alarms.receivers import vendors
from alarms.receivers.tables import vendor_integration
from alarms.watchdog.notes import SIGNATURE, signature
from kit.errors import StorageDown
from registry.enter import add_lock
from registry.tables import access_log
from tests.integration.running import Running
from tests.patience import PATIENCE

SAMPLES = Path(vendors.__file__).parent / "samples"
WRITE = "integration.write"


async def added(platform, vendor="generic", who="demo-administrator", **more):
    async with await platform.client(who) as client:
        said = {"vendor": vendor, "name": "Låsen", **more}
        return await client.post("/api/v1/vendor-integrations", json=said)


async def call(platform, path, body, **headers):
    async with httpx.AsyncClient(base_url=platform.url, timeout=PATIENCE) as vendor:
        return await vendor.post(path, content=body, headers={"content-type": "application/json", **headers})


async def signed_call(platform, entered, body, at=None):
    moment = at or platform.platform.clock.now()
    return await call(platform, entered["path"], body, **{SIGNATURE: signature(entered["secret"], "", moment, body)})


async def a_lock(platform, protocol, account, home="demo-home-1"):
    async with platform.platform.store.write() as connection:
        await add_lock(connection, f"door-{protocol}", home_id=home, protocol=protocol, account=account)


async def rows(platform, table):
    async with platform.platform.store.read() as connection:
        return list((await connection.execute(select(table).order_by(*table.primary_key.columns))).mappings())


def body_of(name, **changed):
    return json.dumps({**json.loads((SAMPLES / f"{name}.json").read_text()), **changed}).encode()


async def test_a_tedee_lock_told_for_two_users_is_one_line_on_the_case_and_how_it_stands(either_platform: Running):
    platform = either_platform
    await a_lock(platform, "tedee", "12345")
    entered = (await added(platform, "tedee")).json()
    assert entered["path"] == f"{entered['integration']['path']}?key={entered['secret']}"
    [case] = (await platform.press(1, "1"))["cases"]
    for name in ("tedee-unlocked", "tedee-unlocked-for-another-user", "tedee-unlocked", "tedee-door-opened"):
        answer = await call(platform, entered["path"], body_of(name))
        assert answer.status_code == 202, answer.text
    await call(platform, entered["path"], body_of("tedee-disconnected"))
    async with await platform.client("demo-operator-1") as client:
        timeline = (await client.get(f"/api/v1/cases/{case}")).json()["timeline"]
    doors = [line["data"]["door"] for line in timeline if line["kind"] == "door"]
    assert sorted(doors) == ["closed", "opened", "unlocked"]
    [stands] = await rows(platform, tables.lock_state)
    assert (stands["state"], stands["door"], stands["reachable"]) == ("unlocked", "open", False)
    assert all(b"userIdentity" not in row["raw"] for row in await rows(platform, tables.signal))


async def test_a_generic_vendors_forced_door_is_a_persons_case_and_its_code_is_nowhere(platform: Running):
    entered = (await added(platform)).json()
    await a_lock(platform, "webhook", f"{entered['integration']['id']}:front")
    body = body_of("generic-forced")
    answer = await signed_call(platform, entered, body)
    assert (answer.status_code, answer.json()) == (202, {"accepted": 1, "passed": 0, "refused": 0})
    assert (await signed_call(platform, entered, body)).status_code == 202  # replayed, and known
    [case] = await rows(platform, tables.case)
    assert (case["kind"], case["reason"], case["resident"]) == ("person", "door_forced", "demo-resident-1")
    [signal] = await rows(platform, tables.signal)
    assert b"2580" not in signal["raw"]
    assert "2580" not in json.dumps(signal["details"])


async def test_what_is_unsigned_stale_of_another_vendor_ended_or_of_nobody_is_refused_alike(platform: Running):
    entered = (await added(platform)).json()
    keyed = (await added(platform, "tedee")).json()
    body = body_of("generic-forced")
    path = entered["integration"]["path"]
    genuine = {SIGNATURE: signature(entered["secret"], "", platform.platform.clock.now(), body)}
    asked = [
        (path, {}),
        (path, {SIGNATURE: genuine[SIGNATURE] + "0"}),
        (path.replace("generic", "tedee"), genuine),
        ("/api/v1/device/webhooks/generic/nobody", genuine),
        (keyed["integration"]["path"], {}),
        (keyed["path"][:-1], {}),
    ]
    answers = [await call(platform, where, body, **headers) for where, headers in asked]
    assert {(one.status_code, one.json()["code"]) for one in answers} == {(401, "webhook_unsigned")}
    old = await signed_call(platform, entered, body, platform.platform.clock.now() - timedelta(minutes=6))
    assert (old.status_code, old.json()["code"]) == (401, "webhook_stale")
    async with await platform.client("demo-administrator") as client:
        gone = await client.delete(f"/api/v1/vendor-integrations/{entered['integration']['id']}")
        assert gone.status_code == 204
        assert [one["vendor"] for one in (await client.get("/api/v1/vendor-integrations")).json()["items"]] == ["tedee"]
    assert (await signed_call(platform, entered, body)).json()["code"] == "webhook_unsigned"
    assert await rows(platform, tables.signal) == []


async def test_another_principals_lock_is_not_this_integrations_to_speak_for(platform: Running):
    await a_lock(platform, "tedee", "12345", home="demo-granne-home-1")
    entered = (await added(platform, "tedee")).json()
    for name in ("tedee-unlocked", "tedee-disconnected", "tedee-battery"):
        assert (await call(platform, entered["path"], body_of(name))).status_code == 202
    assert await rows(platform, tables.lock_state) == []
    assert await rows(platform, tables.case) == []


async def test_an_integration_is_its_principals_administrators_alone_sealed_and_each_asking_is_logged(
    platform: Running,
):
    entered = (await added(platform)).json()
    [kept] = await rows(platform, vendor_integration)
    assert entered["secret"].encode() not in kept["secret"]
    for who in ("demo-planner", "demo-installer", "demo-worker-1"):
        assert (await added(platform, who=who)).status_code == 403
    assert (await added(platform, who="demo-operator-1")).status_code == 404  # a central is no principal
    async with await platform.client("demo-granne-operator") as client:
        away = await client.delete(f"/api/v1/vendor-integrations/{entered['integration']['id']}")
        assert away.status_code == 404
    asked = [(row["person"], row["allowed"]) for row in await rows(platform, access_log) if row["act"] == WRITE]
    assert asked == [
        ("demo-administrator", True),
        ("demo-planner", False),
        ("demo-installer", False),
        ("demo-worker-1", False),
        ("demo-operator-1", False),
        ("demo-granne-operator", False),
    ]
    assert (await added(platform, secret="too short")).status_code == 422
    mapped = json.loads((SAMPLES / "mapping.json").read_text())
    assert (await added(platform, **{**mapped, "secret": "x" * 20})).json()["code"] == "bad_secret"
    assert (await added(platform, **mapped)).status_code == 201
    assert (await added(platform, "tedee", mapping=mapped["mapping"])).status_code == 422


async def test_what_is_signed_and_no_event_is_refused_whole(platform: Running):
    entered = (await added(platform)).json()
    for body in (b"", b"{", b"[]", b"null", b"[7]", b'{"data":' + b"[" * 400 + b"]" * 400 + b"}"):
        answer = await signed_call(platform, entered, body)
        assert answer.status_code == 422, body
        assert answer.headers["content-type"] == "application/problem+json"


async def test_with_nothing_stored_the_vendor_hears_503_and_calls_again(platform: Running, monkeypatch):
    entered = (await added(platform)).json()
    body = body_of("generic-forced", subject="front", type="nattljus.alarm.pressed")

    async def away(signal):
        raise StorageDown("away")

    with monkeypatch.context() as patched:
        patched.setattr(platform.platform.hub, "receive", away)
        assert (await signed_call(platform, entered, body)).status_code == 503
    assert (await signed_call(platform, entered, body)).status_code == 202
