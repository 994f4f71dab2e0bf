"""Errors over HTTP: one shape, a stable code, nothing personal."""

import httpx
import pytest
from fastapi import FastAPI
from pydantic import BaseModel, ConfigDict

from kit.errors import Conflict, Refusal, StorageDown
from kit.problem import faults, install_problems, problem


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: int


@pytest.fixture
async def client():
    app = FastAPI()
    install_problems(app, {"taken": "Another has it."})

    @app.post("/body")
    async def body(body: Body) -> None:
        """Takes a body."""

    @app.get("/raise/{what}")
    async def raises(what: str) -> None:
        """Fails as told."""
        raise {
            "taken": Refusal("taken", handler="demo-operator-1"),
            "untold": Refusal("untold", 410),
            "nobody": Refusal("unauthenticated", 401),
            "away": StorageDown("gone"),
            "met": Conflict("deadlock"),
            "bug": RuntimeError("Elsa"),
        }[what]

    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


async def test_a_refusal_has_its_code_its_sentence_and_its_detail(client):
    response = await client.get("/raise/taken")
    assert response.status_code == 409
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json() == {
        "type": "urn:nattljus:problem:taken",
        "title": "Another has it.",
        "status": 409,
        "code": "taken",
        "detail": {"handler": "demo-operator-1"},
    }


async def test_a_code_without_a_sentence_gets_that_of_its_status(client):
    assert (await client.get("/raise/untold")).json()["title"] == "Gone"


async def test_who_is_not_logged_in_is_told_how(client):
    assert (await client.get("/raise/nobody")).headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("what", ["away", "met"])
async def test_a_database_that_could_not_store_asks_for_patience(client, what):
    response = await client.get(f"/raise/{what}")
    assert (response.status_code, response.headers["retry-after"]) == (503, "2")
    assert response.json()["code"] == "storage_down"


async def test_a_bug_says_nothing_of_itself(client):
    response = await client.get("/raise/bug")
    assert (response.status_code, response.json()["code"]) == (500, "internal")
    assert "Elsa" not in response.text


@pytest.mark.parametrize("body", [{"name": "Elsa"}, {"name": 1, "Elsa": 1}, {"name": 1, "elsa": 1}, ["Elsa"], "Elsa"])
async def test_a_bad_body_is_never_repeated(client, body):
    response = await client.post("/body", json=body)
    assert (response.status_code, response.json()["code"]) == (422, "invalid")
    assert "elsa" not in response.text.lower()


async def test_broken_json_and_wrong_methods_are_problems_too(client):
    assert (await client.post("/body", content=b"{")).json()["code"] == "invalid"
    assert (await client.get("/body")).json()["code"] == "method_not_allowed"
    assert (await client.get("/elsewhere")).json()["code"] == "not_found"


def test_a_long_list_of_faults_is_cut():
    assert len(faults([{"loc": ("body", number), "type": "x"} for number in range(100)])) == 20


def test_a_problem_without_detail_has_none():
    assert b"detail" not in bytes(problem("not_found", 404).body)
