"""The residents to choose from over HTTP: one's own, page by page, and nothing of where the protected live."""

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select, update

from kit.problem import install_problems
from registry.demo import demo_token
from registry.listed import listed_router
from registry.session_web import TITLES, Sessions
from registry.tables import access_log, resident


@pytest.fixture
async def list_as(store, signer, clock):
    """The answer to the list, as somebody of the demonstration."""
    app = FastAPI()
    install_problems(app, TITLES)
    app.include_router(listed_router(store, clock, Sessions(store, signer, clock)), prefix="/api/v1")

    async def asked(person, **query):
        async with store.read() as connection:
            token = await demo_token(connection, signer, person, clock.now())
        headers = {"Authorization": f"Bearer {token}"}
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://test", headers=headers
        ) as client:
            return await client.get("/api/v1/residents", params=query)

    return asked


async def test_a_worker_sees_the_own_unit_and_it_is_logged(list_as, store):
    answer = (await list_as("demo-worker-1", limit=200)).json()
    assert {one["unit"] for one in answer["items"]} == {"demo-norr"}
    assert {one["id"] for one in answer["items"]} == {f"demo-resident-{n}" for n in range(1, 11)}
    assert answer["next"] is None
    async with store.read() as connection:
        [row] = (await connection.execute(select(access_log))).mappings()
    assert (row["person"], row["act"], row["principal"]) == ("demo-worker-1", "resident.list", "demo-kommun")


async def test_a_planner_sees_the_whole_principal_in_pages(list_as):
    seen = []
    cursor = None
    while True:
        page = (await list_as("demo-planner", limit=7, **({} if cursor is None else {"cursor": cursor}))).json()
        seen += [one["id"] for one in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert seen == sorted(seen)
    assert len(seen) == len(set(seen)) == 20


async def test_where_somebody_protected_lives_is_not_said_of_anybody_there(list_as, store):
    async with store.write() as connection:
        await connection.execute(update(resident).where(resident.c.id == "demo-resident-2").values(protected=True))
    listed = {one["id"]: one["town"] for one in (await list_as("demo-worker-1", limit=200)).json()["items"]}
    assert listed["demo-resident-2"] is None
    assert listed["demo-resident-1"]


@pytest.mark.parametrize("person", ["demo-operator-1", "demo-installer", "demo-reviewer", "demo-resident-1"])
async def test_nobody_else_gets_a_list(list_as, person):
    assert (await list_as(person)).status_code in {403, 404}
