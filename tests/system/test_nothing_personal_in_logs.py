"""With the log at its most talkative: who presses, who answers and who sends nonsense is in it by id only."""

import asyncio
import json
import re
from collections.abc import Iterable
from dataclasses import fields

import httpx
import pytest
from websockets.asyncio.client import connect

from kit.clock import SystemClock
from registry.demo import STAFF
from registry.demo_residents import GRANNE, KOMMUN, DemoResident
from tests.system.platforms import device_bearer, operator_bearer, platform_of
from tests.system.pressers import STORED, Ledger, TcpDevice, UdpDevice

NOTE = "Svarar inte, grannen Berit hörde ett rop"
STRANGER = "77889900112233"
OPERATOR = "demo-operator-1"
# Of a resident's row: what says nothing of a person, being an id or the name of a language or of a unit.
IDS = {"id", "principal", "unit", "home", "scaip", "app", "language", "protected", "do_not_enter_alone", "contacts"}

clock = SystemClock()


@pytest.fixture
def platform(monkeypatch):
    monkeypatch.setenv("NATTLJUS_LOG_LEVEL", "debug")
    with platform_of("run", "--demo", call_number="tel:+46313900649") as running:
        running.start()
        yield running


def of_residents() -> Iterable[str]:
    """Every text of the demonstration that says something of a person."""
    for one in (*KOMMUN, *GRANNE):
        yield from (getattr(one, field.name) for field in fields(DemoResident) if field.name not in IDS)
        yield one.name.split()[-1]
        for contact in one.contacts:
            yield contact.name
            yield contact.phone
    yield from (name for _, name, *_ in STAFF)


def tokens() -> list[str]:
    """The signatures of all tokens in use, which are the part that must not be known."""
    whole = [device_bearer("demo-app-1"), device_bearer("demo-app-2"), operator_bearer(OPERATOR)]
    return [token.rpartition(".")[2] for token in whole]


async def press_over_sip(platform):
    for number, kind in enumerate((UdpDevice, TcpDevice), 1):
        device = kind(KOMMUN[number].account, platform.sip_port, Ledger())
        assert await device.ask(f"press{number}") == STORED
        await device.close()
    stranger = UdpDevice(STRANGER, platform.sip_port, Ledger())
    assert await stranger.ask("who") not in {STORED, None}
    for body in (b"<mrq><cid>100003</cid>", b"<!DOCTYPE a><mrq><ref>1</ref><cid>100004</cid></mrq>", b"\xff" * 40):
        head = (
            f"MESSAGE sip:larm@a SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1;rport;branch=z9hG4bK{len(body)}\r\n"
            f"From: <sip:100005@a>;tag=1\r\nTo: <sip:b@a>\r\nCall-ID: {len(body)}\r\nCSeq: 1 MESSAGE\r\n"
            f"Content-Type: application/scaip+xml\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        await stranger.send(head.encode() + body)
    await clock.sleep(0.3)
    await stranger.close()


async def press_over_http(client):
    headers = {"Authorization": f"Bearer {device_bearer('demo-app-1')}"}
    event = {"specversion": "1.0", "id": "1", "source": "app", "type": "nattljus.alarm.pressed"}
    text = {"text": KOMMUN[0].name, "place": KOMMUN[0].address}
    answer = await client.post("/api/v1/device/events", json={**event, "data": text}, headers=headers)
    assert answer.status_code == 202
    bad = [{**event, "time": KOMMUN[1].name}, {**event, "type": KOMMUN[2].phone}, {KOMMUN[3].name: 1}, [], "x"]
    for said in bad:
        await client.post("/api/v1/device/events", json=said, headers=headers)
    await client.post("/api/v1/device/events", content=KOMMUN[4].address.encode(), headers=headers)
    await client.post("/api/v1/device/events", json=event, headers={"Authorization": "Bearer forged"})
    return answer.json()["cases"][0]


async def answer_it(platform, client, case):
    headers = {"Authorization": f"Bearer {operator_bearer(OPERATOR)}"}
    url = f"ws://127.0.0.1:{platform.port}/api/v1/desk"
    async with connect(url, additional_headers=headers) as desk:
        await desk.send(json.dumps({"type": "hello", "version": 1}))
        assert KOMMUN[0].name in await desk.recv()
        await client.get("/api/v1/residents/demo-resident-1", headers=headers)
        await client.get(f"/api/v1/residents/{KOMMUN[5].name}", headers=headers)
        await client.get("/api/v1/cases", params={"resident": KOMMUN[6].name}, headers=headers)
        for act, said in (("take", {}), ("note", {"text": NOTE}), ("read", {}), ("close", {"cause": NOTE})):
            await client.post(f"/api/v1/cases/{case}/{act}", json=said, headers=headers)
        act = {"act": "close", "cause": "fall", "measure": "staff_sent", "note": NOTE}
        await desk.send(json.dumps({"type": "command", "id": "c", "case": case, "act": act}))
        async with asyncio.timeout(5):
            while json.loads(said := await desk.recv())["type"] != "done":
                pass
        assert json.loads(said)["case"]["state"] == "closed"
        await desk.send(json.dumps({"type": KOMMUN[7].name}))
    home = {"Authorization": f"Bearer {device_bearer('demo-app-2')}"}
    async with connect(f"ws://127.0.0.1:{platform.port}/api/v1/home", additional_headers=home) as page:
        assert KOMMUN[1].name in await page.recv()


async def test_no_log_line_says_anything_of_a_person(platform):
    async with httpx.AsyncClient(base_url=platform.url, timeout=10) as client:
        await press_over_sip(platform)
        case = await press_over_http(client)
        await answer_it(platform, client, case)
    platform.stop()
    log = (platform.folder / "server.log").read_text()
    assert '"event"' in log  # it did log
    texts = {*of_residents(), NOTE, "Berit", STRANGER, *tokens()}
    # Whole words: a door code of four digits is in any long enough number.
    found = {text for text in texts if len(text) > 3 and re.search(rf"(?<!\w){re.escape(text)}(?!\w)", log)}
    assert found == set()
