"""Where somebody is, over HTTP and SCAIP, on both stores: shown, asked for, watched, and on what ground."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select, update

from alarms import tables as alarm_tables
from alarms.core.locate import ANSWERED_WITHIN, FETCHED_WITHIN
from alarms.position import tables
from alarms.position.demo import HOME
from alarms.position.timers import LocateTimers
from kit.clock import FakeClock
from registry.demo import TRACKER
from registry.sessions import device_token
from registry.tables import access_log, resident
from tests.integration.running import Running, running

AKE = "demo-resident-8"
HERE = {"latitude": HOME.latitude, "longitude": HOME.longitude, "accuracy": 12}
AWAY = {"latitude": HOME.latitude + 0.02, "longitude": HOME.longitude, "accuracy": 12}
ZONE = {
    "name": "Hemma",
    "area": {"shape": "circle", "centre": {"latitude": HOME.latitude, "longitude": HOME.longitude}, "radius_m": 500},
}


@pytest.fixture
async def platform(store_url: str, tmp_path: Path) -> AsyncIterator[Running]:
    async with running(store_url, tmp_path) as platform:
        async with await platform.client("demo-planner") as eva:  # whatever the hour, his night's zone is out of it
            await ok(await eva.delete(f"/api/v1/residents/{AKE}/zones/demo-zone-8"))
        yield platform


async def phone(platform: Running, device: str = TRACKER) -> httpx.AsyncClient:
    """The mobile alarm that Åke Persson carries."""
    now = platform.platform.clock.now()
    async with platform.platform.store.read() as connection:
        token = await device_token(connection, platform.platform.signer, device, now)
    return httpx.AsyncClient(base_url=platform.url, headers={"Authorization": f"Bearer {token}"})


async def tell(
    client: httpx.AsyncClient,
    platform: Running,
    event_id: str,
    what: str = "position",
    *,
    minutes: float = 0,
    **data: Any,
) -> httpx.Response:
    """An event of the phone's, taken so many minutes ago."""
    at = platform.platform.clock.now() - timedelta(minutes=minutes)
    event = {"specversion": "1.0", "id": event_id, "source": "phone", "type": f"nattljus.{what}", "data": data}
    return await client.post("/api/v1/device/events", json={**event, "time": at.isoformat()})


async def ok(answer: httpx.Response) -> Any:
    assert answer.status_code in {200, 202}, answer.text
    return answer.json()


async def lines(client: httpx.AsyncClient, case: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await ok(await client.get(f"/api/v1/cases/{case}")))["timeline"]
    return found


async def test_a_press_shows_where_it_came_from_and_an_older_position_never_takes_its_place(platform: Running) -> None:
    async with await phone(platform) as ake, await platform.client("demo-operator-1") as karin:
        [case] = (await ok(await tell(ake, platform, "1", "alarm.pressed", **AWAY)))["cases"]
        shown = (await ok(await karin.get(f"/api/v1/cases/{case}/position")))["position"]
        assert (shown["latitude"], shown["longitude"], shown["accuracy_m"]) == (
            pytest.approx(AWAY["latitude"]), AWAY["longitude"], 12,
        )  # fmt: skip
        assert (shown["north"], shown["east"]) == (pytest.approx(6_474_000, abs=3000), pytest.approx(408_800, abs=500))
        await tell(ake, platform, "2", minutes=60, **HERE)
        again = (await ok(await karin.get(f"/api/v1/cases/{case}/position")))["position"]
        assert again == shown
        await tell(ake, platform, "3", **HERE)
        moved = (await ok(await karin.get(f"/api/v1/cases/{case}/position")))["position"]
        assert (moved["latitude"], moved["taken_at"] > shown["taken_at"]) == (HERE["latitude"], True)
        assert [line["kind"] for line in await lines(karin, case)] == ["raised"]
    async with platform.platform.store.read() as connection:
        query = select(access_log.c.allowed, access_log.c.resident).where(access_log.c.act == "position.read")
        assert list(map(tuple, await connection.execute(query))) == [(True, AKE)] * 3


async def test_a_position_that_is_none_is_refused_in_words_and_a_press_with_one_is_still_a_press(
    platform: Running,
) -> None:
    async with await phone(platform) as ake, await platform.client("demo-operator-1") as karin:
        wrong = await tell(ake, platform, "1", latitude=958.4, longitude=13.4)
        assert (wrong.status_code, wrong.json()["code"]) == (422, "position_invalid")
        assert "latitude" in wrong.json()["title"]
        assert (await tell(ake, platform, "2", text="nowhere")).json()["code"] == "position_invalid"
        [case] = (await ok(await tell(ake, platform, "3", "alarm.pressed", latitude="x", longitude=13)))["cases"]
        [signal] = (await ok(await karin.get(f"/api/v1/cases/{case}")))["signals"]
        assert (signal["defects"], '"latitude":"x"' in signal["raw"]) == (["latitude"], True)
        assert "latitude" not in signal["details"]


async def test_without_a_case_or_a_consent_nobody_is_followed(platform: Running) -> None:
    async with await phone(platform) as ake, await platform.client("demo-planner") as eva:
        await ok(await tell(ake, platform, "1", **AWAY))
        assert await kept(platform) == pytest.approx(AWAY["latitude"])
        taken_back = await ok(await eva.post(f"/api/v1/residents/{AKE}/consents/withdraw"))
        assert taken_back["items"][0]["withdrawn_by_name"] == "Eva Strand"
        assert await kept(platform) is None
        await ok(await tell(ake, platform, "2", **AWAY))
        assert await kept(platform) is None
        assert (await eva.post(f"/api/v1/residents/{AKE}/consents/withdraw")).json()["code"] == "no_consent"
        refused = await eva.post(f"/api/v1/residents/{AKE}/zones", json=ZONE)
        assert (refused.status_code, refused.json()["code"]) == (409, "zone_needs_consent")
        nameless = await eva.post(f"/api/v1/residents/{AKE}/consents", json={"given_by": "trustee"})
        assert nameless.status_code == 422
        given = {"given_by": "trustee", "giver": "Gun Persson, god man"}
        [_, stands] = (await ok(await eva.post(f"/api/v1/residents/{AKE}/consents", json=given)))["items"]
        assert (stands["giver"], stands["written_by_name"]) == ("Gun Persson, god man", "Eva Strand")
        second = await eva.post(f"/api/v1/residents/{AKE}/consents", json=given)
        assert second.json()["code"] == "consent_stands"
        await ok(await tell(ake, platform, "3", **AWAY))
        assert await kept(platform) is not None


async def kept(platform: Running) -> float | None:
    async with platform.platform.store.read() as connection:
        query = select(tables.resident_position.c.latitude).where(tables.resident_position.c.resident == AKE)
        found: float | None = await connection.scalar(query)
    return found


async def test_a_device_is_asked_and_its_answer_is_on_the_case(platform: Running) -> None:
    async with await phone(platform) as ake, await platform.client("demo-operator-1") as karin:
        [case] = (await ok(await tell(ake, platform, "1", "alarm.pressed")))["cases"]
        early = await karin.post(f"/api/v1/cases/{case}/locate")
        assert (early.status_code, early.json()["code"]) == (403, "not_handler")
        await ok(await karin.post(f"/api/v1/cases/{case}/take"))
        asked = await ok(await karin.post(f"/api/v1/cases/{case}/locate", json={"command_id": "once"}))
        assert (asked["state"], asked["device"], asked["by_name"]) == ("asked", TRACKER, "Karin Ekdahl")
        again = await ok(await karin.post(f"/api/v1/cases/{case}/locate", json={"command_id": "once"}))
        another = await ok(await karin.post(f"/api/v1/cases/{case}/locate"))
        assert (again["id"], another["id"]) == (asked["id"], asked["id"])
        [command] = (await ok(await ake.get("/api/v1/device/commands")))["items"]
        assert (command["type"], command["data"]["command"]) == ("nattljus.position.ask", asked["id"])
        assert (await ok(await ake.get("/api/v1/device/commands")))["items"] == []
        await tell(ake, platform, "2", minutes=30, **HERE)  # what it had kept is no answer
        shown = await ok(await karin.get(f"/api/v1/cases/{case}/position"))
        assert (shown["ask"]["state"], shown["devices"], shown["consent"]["given_by"]) == (
            "sent",
            [TRACKER],
            "resident",
        )
        await ok(await tell(ake, platform, "3", command=asked["id"], **HERE))
        shown = await ok(await karin.get(f"/api/v1/cases/{case}/position"))
        assert (shown["ask"]["state"], shown["position"]["latitude"]) == ("found", HERE["latitude"])
        told = [(line["kind"], line["by"]) for line in await lines(karin, case)]
        assert told == [
            ("raised", None),
            ("taken", "demo-operator-1"),
            ("locate_asked", "demo-operator-1"),
            ("located", None),
        ]
    async with platform.platform.store.read() as connection:
        query = select(access_log).where(access_log.c.act == "position.ask").order_by(access_log.c.id)
        logged = (await connection.execute(query)).mappings().all()
    assert [(row["allowed"], row["purpose"]) for row in logged] == [
        (False, f"case:{case}"),
        *[(True, f"case:{case}")] * 3,
    ]
    assert logged[1]["detail"]["consent"] == "demo-consent-8"


async def test_without_consent_somebody_is_looked_for_only_in_an_emergency_that_is_stated(platform: Running) -> None:
    why = "Svarar inte, minus tolv grader."
    async with (
        await phone(platform) as ake,
        await platform.client("demo-planner") as eva,
        await platform.client("demo-operator-1") as karin,
    ):
        await ok(await eva.post(f"/api/v1/residents/{AKE}/consents/withdraw"))
        [case] = (await ok(await tell(ake, platform, "1", "alarm.pressed")))["cases"]
        await ok(await karin.post(f"/api/v1/cases/{case}/take"))
        refused = await karin.post(f"/api/v1/cases/{case}/locate")
        assert (refused.status_code, refused.json()["code"]) == (409, "consent_missing")
        assert (await karin.post(f"/api/v1/cases/{case}/locate", json={"urgent": "  "})).status_code == 422
        asked = await ok(await karin.post(f"/api/v1/cases/{case}/locate", json={"urgent": why}))
        assert asked["urgent"] == why
        [line] = [line for line in await lines(karin, case) if line["kind"] == "locate_asked"]
        assert line["data"] == {"device": TRACKER, "text": why}
        await ok(await tell(ake, platform, "2", "position.unknown", command=asked["id"]))
        assert [line["data"]["outcome"] for line in await lines(karin, case) if line["kind"] == "locate_failed"] == [
            "cannot_tell"
        ]
    async with platform.platform.store.read() as connection:
        query = select(access_log).where(access_log.c.act == "position.ask").order_by(access_log.c.id)
        logged = [(row["allowed"], row["detail"].get("urgent")) for row in (await connection.execute(query)).mappings()]
    assert logged == [(False, None), (True, True)]


async def test_a_device_that_never_fetches_and_one_that_never_answers_are_told_apart(
    store_url: str, tmp_path: Path
) -> None:
    clock = FakeClock()
    async with (
        running(store_url, tmp_path, clock=clock) as platform,
        await phone(platform) as ake,
        await platform.client("demo-operator-1") as karin,
    ):
        [case] = (await ok(await tell(ake, platform, "1", "alarm.pressed")))["cases"]
        await ok(await karin.post(f"/api/v1/cases/{case}/take"))
        timers = LocateTimers(platform.platform.store, platform.platform.bus, clock)
        await ok(await karin.post(f"/api/v1/cases/{case}/locate"))
        assert await timers.act_on_due(clock.now() + FETCHED_WITHIN - timedelta(seconds=1)) == 0
        assert await timers.act_on_due(clock.now() + FETCHED_WITHIN) == 1
        assert await timers.act_on_due(clock.now() + FETCHED_WITHIN) == 0
        assert (await ok(await ake.get("/api/v1/device/commands")))["items"] == []
        await ok(await karin.post(f"/api/v1/cases/{case}/locate"))
        assert len((await ok(await ake.get("/api/v1/device/commands")))["items"]) == 1
        assert await timers.act_on_due(clock.now() + ANSWERED_WITHIN) == 1
        failed = [line["data"]["outcome"] for line in await lines(karin, case) if line["kind"] == "locate_failed"]
        assert failed == ["unreachable", "no_answer"]


async def test_leaving_a_safe_zone_raises_one_case_and_coming_back_is_a_line_on_it(platform: Running) -> None:
    async with (
        await phone(platform) as ake,
        await platform.client("demo-administrator") as lena,
        await platform.client("demo-operator-1") as karin,
    ):
        [zone] = (await ok(await lena.post(f"/api/v1/residents/{AKE}/zones", json=ZONE)))["items"]
        assert (zone["standing"], zone["makes"], zone["watch"]) == ("unknown", "alarm", "leave")
        assert (await ok(await tell(ake, platform, "1", minutes=9, **HERE)))["cases"] == []
        at_the_border = {**HERE, "latitude": HOME.latitude + 0.0045, "accuracy": 80}
        assert (await ok(await tell(ake, platform, "2", minutes=8, **at_the_border)))["cases"] == []
        [case] = (await ok(await tell(ake, platform, "3", minutes=7, **AWAY)))["cases"]
        again = await ok(await tell(ake, platform, "3", minutes=7, **AWAY))
        assert again["cases"] == [case]
        await ok(await tell(ake, platform, "4", minutes=6, **AWAY))
        await ok(await tell(ake, platform, "5", minutes=5, **HERE))
        shown = await ok(await karin.get(f"/api/v1/cases/{case}"))
        assert (shown["reason"], shown["kind"], shown["presses"], shown["resident"]) == ("left_zone", "person", 1, AKE)
        told = [(line["kind"], line["data"].get("reason"), line["data"].get("zone")) for line in shown["timeline"]]
        assert told == [("raised", "left_zone", "Hemma"), ("signal", "back_in_zone", "Hemma")]
        zones = (await ok(await karin.get(f"/api/v1/residents/{AKE}/zones?case={case}")))["items"]
        assert [one["standing"] for one in zones] == ["right"]
        assert (await karin.post(f"/api/v1/residents/{AKE}/zones", json=ZONE)).status_code == 403


async def test_a_zone_that_makes_information_raises_nothing(platform: Running) -> None:
    async with await phone(platform) as ake, await platform.client("demo-planner") as eva:
        await ok(await eva.post(f"/api/v1/residents/{AKE}/zones", json={**ZONE, "makes": "information"}))
        assert (await ok(await tell(ake, platform, "1", **AWAY)))["cases"] == []
    async with platform.platform.store.read() as connection:
        query = select(alarm_tables.signal.c.kind, alarm_tables.signal.c.reason)
        rows = list(map(tuple, await connection.execute(query.where(alarm_tables.signal.c.device == TRACKER))))
    assert rows == [("information", "left_zone")]


@pytest.mark.parametrize(
    ("area", "status"),
    [
        ({"shape": "circle", "centre": {"latitude": 95, "longitude": 13}, "radius_m": 500}, 422),
        ({"shape": "circle", "centre": {"latitude": 58, "longitude": 13}, "radius_m": 1}, 422),
        ({"shape": "polygon", "corners": [{"latitude": 58, "longitude": 13}] * 2}, 422),
        ({"shape": "polygon", "corners": [{"latitude": 58, "longitude": 13}] * 3}, 409),
        ({"shape": "polygon", "corners": [
            {"latitude": 58, "longitude": 13}, {"latitude": 58.1, "longitude": 13.1},
            {"latitude": 58, "longitude": 13.1}, {"latitude": 58.1, "longitude": 13},
        ]}, 409),
        ({"shape": "triangle"}, 422),
    ],
)  # fmt: skip
async def test_what_is_no_area_is_refused(sqlite_url: str, tmp_path: Path, area: dict[str, Any], status: int) -> None:
    async with running(sqlite_url, tmp_path) as platform, await platform.client("demo-planner") as eva:
        refused = await eva.post(f"/api/v1/residents/{AKE}/zones", json={**ZONE, "area": area})
        assert (refused.status_code, refused.json()["code"]) == (status, {422: "invalid", 409: "zone_shape"}[status])


async def test_a_neighbours_operator_sees_asks_and_writes_nothing(platform: Running) -> None:
    async with await phone(platform) as ake, await platform.client("demo-granne-operator") as fredrik:
        [case] = (await ok(await tell(ake, platform, "1", "alarm.pressed", **HERE)))["cases"]
        answers = [
            await fredrik.get(f"/api/v1/cases/{case}/position"),
            await fredrik.post(f"/api/v1/cases/{case}/locate"),
            await fredrik.get(f"/api/v1/residents/{AKE}/consents"),
            await fredrik.get(f"/api/v1/residents/{AKE}/zones?case={case}"),
        ]
        assert [answer.status_code for answer in answers] == [404] * 4


async def test_a_responder_sees_where_somebody_is_after_accepting_and_not_before(platform: Running) -> None:
    async with (
        await phone(platform) as ake,
        await platform.client("demo-operator-1") as karin,
        await platform.client("demo-worker-3") as petra,
    ):
        [case] = (await ok(await tell(ake, platform, "1", "alarm.pressed", **AWAY)))["cases"]
        await ok(await karin.post(f"/api/v1/cases/{case}/take"))
        mission = (await ok(await karin.post(f"/api/v1/cases/{case}/dispatch", json={"person": "demo-worker-3"})))["id"]
        assert (await petra.get(f"/api/v1/cases/{case}/position")).status_code == 403
        await ok(await petra.post(f"/api/v1/missions/{mission}/accept"))
        shown = await ok(await petra.get(f"/api/v1/cases/{case}/position"))
        assert shown["position"]["latitude"] == pytest.approx(AWAY["latitude"])
        assert (await ok(await petra.post(f"/api/v1/cases/{case}/locate")))["by_name"] == "Petra Lindahl"


async def test_where_a_protected_identity_is_only_who_has_the_case_is_told(platform: Running) -> None:
    """[16]"""
    async with (
        await phone(platform) as ake,
        await platform.client("demo-planner") as eva,
        await platform.client("demo-operator-1") as karin,
        await platform.client("demo-operator-2") as jonas,
    ):
        await ok(await eva.post(f"/api/v1/residents/{AKE}/zones", json=ZONE))
        async with platform.platform.store.write() as connection:
            await connection.execute(update(resident).where(resident.c.id == AKE).values(protected=True))
        [case] = (await ok(await tell(ake, platform, "1", **AWAY)))["cases"]
        await ok(await karin.post(f"/api/v1/cases/{case}/take"))
        hidden = await ok(await jonas.get(f"/api/v1/cases/{case}/position"))
        assert (hidden["hidden"], hidden["position"], hidden["zones"]) == (True, None, [])
        assert "Hemma" not in (await jonas.get(f"/api/v1/cases/{case}")).text
        shown = await ok(await karin.get(f"/api/v1/cases/{case}/position"))
        assert (shown["hidden"], shown["position"]["latitude"]) == (False, pytest.approx(AWAY["latitude"]))
        assert "Hemma" in (await karin.get(f"/api/v1/cases/{case}")).text
