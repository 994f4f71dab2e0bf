"""What a look at cases shows of where somebody is, and what it leaves in the access log."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select, update

from alarms.receivers.scaip.parse import parse
from alarms.receivers.scaip.signal import to_signal
from registry.tables import access_log, device, resident
from tests.integration.running import Running, running

HERE = {"latitude": "57.7089", "longitude": "11.9746", "accuracy": "8", "place": "Parkvägen 14"}
WEARER = """<mrq><ref>00000001</ref><cid>100010</cid><lco>42</lco><lte>Hallen</lte><lva>3</lva><dty>3</dty>
<ite>Svagt batteri</ite><lge><geo>57.7089,11.9746</geo><tim>2026-01-15T03:09:30+00:00</tim></lge></mrq>"""


@pytest.fixture
async def platform(store_url: str, tmp_path: Path) -> AsyncIterator[Running]:
    async with running(store_url, tmp_path) as platform:
        yield platform


async def press(platform: Running, number: int) -> str:
    """A press that says where it came from; the case."""
    event = {"specversion": "1.0", "id": "1", "source": "test", "type": "nattljus.alarm.pressed"}
    async with await platform.client(f"demo-resident-{number}") as client:
        answer = await client.post("/api/v1/device/events", json={**event, "data": {**HERE, "text": "Hjälp"}})
    [case] = answer.json()["cases"]
    return str(case)


async def signals(client: httpx.AsyncClient, case: str) -> list[dict[str, Any]]:
    shown: list[dict[str, Any]] = (await client.get(f"/api/v1/cases/{case}")).json()["signals"]
    return shown


def says_where(shown: list[dict[str, Any]]) -> bool:
    text = json.dumps(shown, ensure_ascii=False)
    said = [word in text for word in ("57.7", "11.97", "Parkvägen", "Hallen", "place", "position", "accuracy")]
    return any(said)


async def test_where_a_protected_resident_pressed_is_shown_to_the_handler_alone(platform: Running) -> None:
    case = await press(platform, 10)
    body = WEARER.encode()
    await platform.platform.hub.receive(to_signal(parse(body), body, platform.platform.clock.now()))
    async with (
        await platform.client("demo-operator-1") as karin,
        await platform.client("demo-operator-2") as sven,
    ):
        before = await signals(karin, case)
        assert len(before) == 2
        assert not says_where(before)
        assert [one["raw"] for one in before] == ["", ""]
        assert before[0]["details"] == {"text": "Hjälp"}
        assert before[1]["details"]["info_text"] == "Svagt batteri"
        await karin.post(f"/api/v1/cases/{case}/take")
        [app, wearer] = await signals(karin, case)
        assert app["details"] == {**HERE, "text": "Hjälp"}
        assert json.loads(app["raw"])["data"]["place"] == "Parkvägen 14"
        assert (wearer["details"]["place_text"], wearer["details"]["latitude"]) == ("Hallen", "57.7089")
        assert not says_where(await signals(sven, case))
        await karin.post(f"/api/v1/cases/{case}/read")
        await karin.post(f"/api/v1/cases/{case}/close", json={"cause": "mistake", "measure": "spoke"})
        assert not says_where(await signals(karin, case))


async def test_where_anybody_else_pressed_is_shown_to_every_desk_in_reach(platform: Running) -> None:
    case = await press(platform, 1)
    async with await platform.client("demo-operator-1") as karin:
        assert says_where(await signals(karin, case))


async def test_a_shared_home_hides_its_place_for_the_one_of_them_who_is_protected(platform: Running) -> None:
    async with platform.platform.store.write() as connection:
        await connection.execute(update(device).where(device.c.id == "demo-app-11").values(resident=None))
        await connection.execute(update(resident).where(resident.c.id == "demo-resident-12").values(protected=True))
    case = await press(platform, 11)
    async with await platform.client("demo-operator-1") as karin:
        assert (await karin.get(f"/api/v1/cases/{case}")).json()["resident"] is None
        assert not says_where(await signals(karin, case))
        await karin.post(f"/api/v1/cases/{case}/take")
        assert says_where(await signals(karin, case))


async def looks(platform: Running, person: str) -> list[tuple[str, str | None, str | None, bool]]:
    columns = (access_log.c.principal, access_log.c.resident, access_log.c.subject, access_log.c.allowed)
    query = select(*columns).where(access_log.c.person == person, access_log.c.act == "case.list")
    async with platform.platform.store.read() as connection:
        return [(*row,) for row in await connection.execute(query.order_by(access_log.c.at, access_log.c.id))]


async def test_asking_for_a_residents_cases_is_logged_although_there_are_none(platform: Running) -> None:
    async with await platform.client("demo-operator-1") as karin:
        answer = await karin.get("/api/v1/cases", params={"resident": "demo-resident-3"})
        assert answer.json()["items"] == []
    assert await looks(platform, "demo-operator-1") == [("demo-kommun", "demo-resident-3", "demo-resident-3", True)]


async def test_asking_for_another_principals_resident_is_not_found_and_in_that_principals_log(
    platform: Running,
) -> None:
    await press(platform, 3)
    async with await platform.client("demo-granne-operator") as neighbour:
        for asked in ("demo-resident-3", "demo-resident-99"):
            answer = await neighbour.get("/api/v1/cases", params={"resident": asked})
            assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
        own = await neighbour.get("/api/v1/cases", params={"resident": "demo-granne-resident-1"})
        assert own.status_code == 200
    assert await looks(platform, "demo-granne-operator") == [
        ("demo-kommun", "demo-resident-3", "demo-resident-3", False),
        ("", None, "demo-resident-99", False),
        ("demo-granne", "demo-granne-resident-1", "demo-granne-resident-1", True),
    ]


async def test_a_list_is_logged_for_each_principal_on_it_and_a_refused_one_where_it_was_tried(
    platform: Running,
) -> None:
    await press(platform, 3)
    for whom, status in (("demo-operator-1", 200), ("demo-planner", 403)):
        async with await platform.client(whom) as client:
            assert (await client.get("/api/v1/cases")).status_code == status
    assert await looks(platform, "demo-operator-1") == [("demo-kommun", None, None, True)]
    assert await looks(platform, "demo-planner") == [("demo-kommun", None, None, False)]
