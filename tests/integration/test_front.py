"""What every answer carries, also the one to a bug of ours."""

import asyncio
from contextlib import suppress

import httpx
import pytest
from fastapi import FastAPI
from fastapi.responses import PlainTextResponse

from deploy.front import LONGEST, SECURITY, Guard
from kit.clock import yield_once
from tests.integration.running import Running
from tests.patience import PATIENCE


def guarded(answer: httpx.Response) -> bool:
    carried = {name: answer.headers.get(name) for name in SECURITY}
    return carried == SECURITY and answer.headers["cache-control"] == "no-store"


async def test_an_answer_to_a_bug_of_ours_is_guarded_like_any_other(
    platform: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken() -> bool:
        raise LookupError("Elsa")

    async with httpx.AsyncClient(base_url=platform.url, timeout=PATIENCE) as client:
        assert guarded(await client.get("/readyz"))
        monkeypatch.setattr(platform.platform.bus, "healthy", broken)
        answer = await client.get("/readyz")
        assert (answer.status_code, answer.json()["code"]) == (500, "internal")
        assert answer.headers["content-type"] == "application/problem+json"
        assert guarded(answer)
        assert guarded(await client.get("/api/v1/cases"))
        assert guarded(await client.get("/nowhere"))


async def test_a_request_without_end_is_refused_and_guarded(platform: Running) -> None:
    async with await platform.client("demo-operator-1") as client:
        answer = await client.post("/api/v1/cases/c/note", content=b" " * (LONGEST + 1))
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert guarded(answer)


@pytest.mark.parametrize("path", ["/api/v1/cases/c/note", "/api/v1/device/events", "/nowhere"])
@pytest.mark.parametrize("bearer", ["", "x"])
async def test_who_never_ends_a_request_is_answered_and_hung_up_on(platform: Running, path: str, bearer: str) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", int(platform.url.rpartition(":")[2]))
    head = f"POST {path} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {bearer}\r\nTransfer-Encoding: chunked\r\n\r\n"
    writer.write(head.encode() + b"7fffffff\r\n")
    sent = 0
    async with asyncio.timeout(PATIENCE):
        with suppress(ConnectionError):
            while not reader.at_eof() and sent < 100 * LONGEST:
                writer.write(b" " * 65_536)
                await writer.drain()
                await yield_once()
                sent += 65_536
    writer.transport.abort()
    assert sent < 100 * LONGEST


@pytest.mark.parametrize(("status", "kept"), [(200, True), (304, True), (404, False), (500, False)])
async def test_only_an_asset_that_is_there_is_kept_for_long(status: int, kept: bool) -> None:
    app = FastAPI()

    @app.get("/assets/page.js")
    async def asset() -> PlainTextResponse:
        return PlainTextResponse("", status)

    transport = httpx.ASGITransport(Guard(app))
    async with httpx.AsyncClient(transport=transport, base_url="http://front") as client:
        answer = await client.get("/assets/page.js")
    assert ("immutable" in answer.headers["cache-control"]) is kept
