"""Subscriptions and events over HTTP as other systems meet them, the recipe of the README among them."""

import asyncio
import json
import os
import re
import shutil
import sqlite3
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from alarms import outward
from deploy.asyncapi import asyncapi
from deploy.cli import app
from kit.wire.words import Role
from registry.access import Scope
from registry.clients import add_client, client_token, end_client
from registry.enter import add_person
from registry.sessions import issue_person_token
from registry.tables import access_log
from tests.integration.alarms.receiving import AS_DESCRIBED, receiver
from tests.integration.running import Running, running
from tests.patience import PATIENCE, until

README = (Path(outward.__file__).parent / "README.md").read_text(encoding="utf-8")
YEAR = timedelta(days=365)


@pytest.fixture
async def platform(sqlite_url, tmp_path, monkeypatch) -> AsyncIterator[Running]:
    monkeypatch.setenv("NATTLJUS_OUTWARD_NETWORKS", "127.0.0.0/8")
    async with running(sqlite_url, tmp_path) as platform:
        yield platform


@asynccontextmanager
async def system(platform, *scopes, client="journal", principal="demo-kommun") -> AsyncIterator[httpx.AsyncClient]:
    """Another system, with a token of its own."""
    at = platform.platform.clock.now()
    async with platform.platform.store.write() as connection:
        await add_client(connection, client, principal, scopes, at)
        token = await client_token(connection, platform.platform.signer, client, at, YEAR, renew=False)
    async with httpx.AsyncClient(
        base_url=f"{platform.url}/api/v1", headers={"Authorization": f"Bearer {token}"}, timeout=PATIENCE
    ) as http:
        yield http


@asynccontextmanager
async def administrator(platform, principal="demo-kommun") -> AsyncIterator[httpx.AsyncClient]:
    """An administrator; of another principal, one that is entered for it."""
    if principal == "demo-kommun":
        token = await platform.token("demo-administrator")
    else:
        at = platform.platform.clock.now()
        async with platform.platform.store.write() as connection:
            await add_person(connection, "other", "Other", Role.ADMINISTRATOR, at, principal_id=principal)
        token = issue_person_token(platform.platform.signer, "other", "other", at)
    async with httpx.AsyncClient(
        base_url=f"{platform.url}/api/v1", headers={"Authorization": f"Bearer {token}"}, timeout=PATIENCE
    ) as http:
        yield http


def code(response):
    return response.status_code, response.json()["code"]


async def test_an_administrator_subscribes_hears_changes_and_ends_it(platform):
    async with administrator(platform) as admin, receiver() as receiving:
        made = await admin.post("/subscriptions", json={"url": receiving.url, "types": ["nattljus.case.raised"]})
        assert made.status_code == 201, made.text
        one, secret = made.json()["subscription"], made.json()["secret"]
        await platform.press(1, "press-1")
        [event] = await receiving.has("case.raised")
        assert event["source"] == "urn:nattljus:demo-kommun"
        assert event["data"]["resident"] is None
        assert receiving.got[0].signed_with(secret)

        async def settled():
            [shown] = (await admin.get("/subscriptions")).json()["items"]
            return shown if shown["sequence"] == shown["newest"] != "0" * 18 else None

        shown = await until(settled)
        assert (shown["state"], shown["waiting"], shown["dead"]) == ("on", 0, 0)
        assert "secret" not in shown
        path = f"/subscriptions/{one['id']}"
        inward = {"url": "https://10.0.0.1/"}
        assert code(await admin.post("/subscriptions", json=inward)) == (422, "subscription_url")
        assert code(await admin.put(path, json={**inward, "seen": one["tag"]})) == (422, "subscription_url")
        body = {"url": receiving.url, "types": [], "resident": True, "on": False}
        assert code(await admin.put(path, json={**body, "seen": "0" * 16})) == (409, "changed_meanwhile")
        changed = await admin.put(path, json={**body, "seen": one["tag"]})
        assert changed.json()["state"] == "off"
        assert (await admin.post(f"{path}/secret")).json()["secret"] != secret
        assert (await admin.post(f"{path}/replay", json={"from": "0"})).json() == {"events": 1}
        assert (await admin.post(f"{path}/replay", json={"since": "2026-01-01T00:00:00Z"})).json() == {"events": 1}
        assert (await admin.post(f"{path}/replay", json={"since": "2199-01-01T00:00:00Z"})).json() == {"events": 0}
        for neither in ({}, {"from": "0", "since": "2026-01-01T00:00:00Z"}):
            assert code(await admin.post(f"{path}/replay", json=neither)) == (422, "invalid")
        assert (await admin.get(f"{path}/dead")).json() == {"items": [], "next": None}
        assert (await admin.post(f"{path}/dead/retry")).json() == {"events": 0}
        assert code(await admin.post(f"{path}/dead/line-1/retry")) == (404, "not_found")
        assert (await admin.delete(path, params={"seen": changed.json()["tag"]})).status_code == 204
        assert (await admin.get("/subscriptions")).json()["items"] == []


async def test_another_principals_subscriptions_are_not_there_and_the_try_is_in_its_log(platform):
    async with administrator(platform) as admin, administrator(platform, "demo-granne") as stranger:
        made = await admin.post("/subscriptions", json={"url": "https://example.com/"})
        path = f"/subscriptions/{made.json()['subscription']['id']}"
        tries = [
            await stranger.put(path, json={"url": "https://example.com/", "seen": "0" * 16}),
            await stranger.delete(path, params={"seen": "0" * 16}),
            await stranger.post(f"{path}/secret"),
            await stranger.post(f"{path}/replay", json={"from": "0"}),
            await stranger.get(f"{path}/dead"),
            await stranger.post(f"{path}/dead/retry"),
            await stranger.post(f"{path}/dead/line-1/retry"),
        ]
        assert {code(response) for response in tries} == {(404, "not_found")}
        assert (await stranger.get("/subscriptions")).json()["items"] == []
    async with platform.platform.store.read() as connection:
        query = select(access_log.c.act).where(access_log.c.person == "other", access_log.c.principal == "demo-kommun")
        assert len((await connection.execute(query.where(~access_log.c.allowed))).all()) == len(tries)
    async with await platform.client("demo-planner") as planner:
        assert code(await planner.get("/api/v1/subscriptions")) == (403, "wrong_role")
        assert code(await planner.get("/api/v1/events")) == (403, "wrong_role")


async def test_another_system_fetches_events_with_a_cursor_and_waits_for_what_comes(platform):
    async with system(platform, Scope.EVENTS_READ) as journal:
        empty = (await journal.get("/events")).json()
        assert (empty["items"], empty["missed"]) == ([], 0)
        waiting = asyncio.gather(journal.get("/events", params={"after": empty["next"], "wait": 25}))
        await platform.press(1, "press-1")
        [answer] = await waiting
        [event] = answer.json()["items"]
        AS_DESCRIBED.validate(event)
        assert event["type"] == "nattljus.case.raised"
        assert event["data"]["resident"] is None
        await platform.press(1, "press-2")
        after = answer.json()["next"]
        more = (await journal.get("/events", params={"after": after, "wait": 25})).json()
        assert [one["type"] for one in more["items"]] == ["nattljus.case.signal"]
        raised = {"types": "nattljus.case.raised"}
        assert [one["id"] for one in (await journal.get("/events", params=raised)).json()["items"]] == [event["id"]]
        assert code(await journal.get("/events", params={"after": "999"})) == (409, "cursor_ahead")
        assert code(await journal.get("/events", params={"after": "x"})) == (422, "invalid")
        assert code(await journal.get("/events", params={"wait": 26})) == (422, "invalid")
    async with platform.platform.store.read() as connection:
        looks = select(access_log.c.person, access_log.c.role).where(access_log.c.act == "event.read")
        assert set((await connection.execute(looks)).all()) == {("journal", "client")}


async def test_a_token_without_the_scope_is_told_so_and_another_principals_case_is_not_there(platform):
    [case] = (await platform.press(1, "press-1"))["cases"]
    async with (
        system(platform, Scope.CASES_READ) as reads,
        system(platform, Scope.EVENTS_READ, Scope.EVENTS_RESIDENT, client="hub") as fetches,
        system(platform, *Scope, client="granne", principal="demo-granne") as stranger,
    ):
        assert code(await reads.get("/events")) == (403, "scope")
        assert code(await fetches.get(f"/cases/{case}")) == (403, "scope")
        assert code(await fetches.get("/residents/demo-resident-1")) == (403, "scope")
        assert code(await fetches.get("/subscriptions")) == (403, "scope")
        assert code(await fetches.post(f"/cases/{case}/take")) == (403, "forbidden")
        assert (await reads.get(f"/cases/{case}")).json()["id"] == case
        assert [one["id"] for one in (await reads.get("/cases")).json()["items"]] == [case]
        assert code(await stranger.get(f"/cases/{case}")) == (404, "not_found")
        assert (await stranger.get("/cases")).json()["items"] == []
        await fetches.get("/events")
        await platform.press(2, "press-2")
        [event] = (await fetches.get("/events", params={"wait": 25})).json()["items"]
        assert event["data"]["resident"] == "demo-resident-2"
        assert (await stranger.get("/events")).json()["items"] == []
        at = platform.platform.clock.now()
        async with platform.platform.store.write() as connection:
            await client_token(connection, platform.platform.signer, "journal", at, YEAR, renew=True)
            await end_client(connection, "hub", at)
        assert code(await reads.get("/cases")) == (401, "unauthenticated")
        assert code(await fetches.get("/events")) in {(403, "session_ended"), (401, "unauthenticated")}


async def fetched_with_curl(admin):
    """What the README's last line prints."""
    [line] = [line for line in README.splitlines() if line.startswith("curl") and "/api/v1/events" in line]
    here = line.replace("http://127.0.0.1:8080/api/v1", str(admin.base_url).rstrip("/"))
    asking = await asyncio.create_subprocess_exec(
        "bash",
        "-c",
        here,
        env={**os.environ, "AS": f"Authorization: {admin.headers['authorization']}"},
        stdout=asyncio.subprocess.PIPE,
    )
    said, _ = await asking.communicate()
    return said.decode()


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed (Debian: curl)")
async def test_the_readmes_receiver_takes_what_is_signed_and_nothing_else(platform, tmp_path):
    script = tmp_path / "receiver.py"
    script.write_text(re.search(r"```python\n(.*?)```", README, re.DOTALL)[1], encoding="utf-8")
    async with receiver() as free:
        port = free.port
    async with administrator(platform) as admin:
        said = json.loads(re.search(r"-d '(\{.*?\})'", README)[1].replace("9099", str(port)))
        made = await admin.post("/subscriptions", json=said)
        environment = {**os.environ, "SECRET": made.json()["secret"], "PORT": str(port)}
        process = await asyncio.create_subprocess_exec(
            sys.executable, script, env=environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
        )
        try:
            await platform.press(1, "press-1")
            assert "nattljus.case.raised" in await fetched_with_curl(admin)
            async with asyncio.timeout(PATIENCE):
                assert await process.stdout.readline() == b"nattljus.case.raised\n"
            forged = {"webhook-id": "x", "webhook-timestamp": "0", "webhook-signature": "v1,AAAA"}
            async with httpx.AsyncClient() as stranger:
                answer = await stranger.post(f"http://127.0.0.1:{port}/", headers=forged, content=b"{}")
            assert answer.status_code == 401
        finally:
            process.kill()
            await process.communicate()


def test_the_asyncapi_names_the_webhook_and_what_is_fetched():
    described = asyncapi()
    assert described["channels"]["webhook"]["address"] is None
    assert described["channels"]["events"]["address"] == "/api/v1/events"
    for name in ("webhook", "events"):
        [message] = described["operations"][f"{name}-send"]["messages"]
        assert message == {"$ref": f"#/channels/{name}/messages/OutwardEvent"}
    payload = described["components"]["messages"]["OutwardEvent"]["payload"]
    assert payload == {"$ref": "#/components/schemas/OutwardEvent"}
    assert "OutwardEvent" in described["components"]["schemas"]


def test_a_client_is_entered_and_removed_from_the_shell(tmp_path, monkeypatch):
    monkeypatch.setenv("NATTLJUS_SECRET_KEYS", "a-key-for-tests-that-is-long-enough-to-sign")
    monkeypatch.setenv("NATTLJUS_DATA", str(tmp_path))
    monkeypatch.delenv("NATTLJUS_DATABASE_URL", raising=False)
    shell = CliRunner()

    def run(*words):
        return shell.invoke(app, words)

    assert run("migrate").exit_code == 0
    adding = ("client", "add", "journal", "--principal", "kommun", "--scope", "events:read")
    missing = run(*adding)
    assert (missing.exit_code, "no kommun in the registry" in missing.output) == (1, True)
    with sqlite3.connect(tmp_path / "nattljus.db") as database:
        database.execute("INSERT INTO principal VALUES ('kommun', 'Kommun')")
    database.close()
    assert run(*adding).output == "journal may events:read at kommun.\n"
    assert "journal already" in run(*adding).output
    assert run("client", "list").output == "journal\tkommun\tevents:read\t\n"
    assert len(run("client", "token", "journal").output.split(".")) == 3
    assert run("client", "token", "nobody").exit_code == 1
    assert run("client", "remove", "journal").exit_code == 0
    assert run("client", "remove", "journal").exit_code == 1
    assert "removed" in run("client", "list").output
    assert run("client", "token", "journal").exit_code == 1
    assert run("client", "add", "journal", "--principal", "kommun", "--scope", "all").exit_code == 2
