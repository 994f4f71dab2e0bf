"""Opening a door for a case, with a lock at a real broker that answers, is silent, jams or refuses; and without one."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select, update

from alarms import tables
from alarms.locks.commands import ANSWER_WITHIN, LockCommands
from kit.bus import LocalBus
from kit.clock import FakeClock, SystemClock
from kit.wire.words import LockOutcome
from registry.sessions import device_token
from registry.tables import access_log, device
from tests.integration.locks import PlayedLock
from tests.integration.running import Running, running
from tests.patience import PATIENCE, until
from tests.servers import Mosquitto


@pytest.fixture
async def platform(sqlite_url: str, tmp_path: Path, mosquitto: Mosquitto) -> AsyncIterator[Running]:
    async with running(sqlite_url, tmp_path, mqtt_url=mosquitto.url) as platform:
        await until(lambda: platform.platform.mqtt is not None and platform.platform.mqtt.healthy)
        yield platform


@pytest.fixture
def locks() -> Iterator[ExitStack]:
    """Played locks that go away with the test."""
    with ExitStack() as stack:
        yield stack


def play(locks: ExitStack, mosquitto: Mosquitto, lock: str, **how: Any) -> PlayedLock:
    played = PlayedLock(mosquitto, lock, **how)
    locks.callback(played.stop)
    return played


async def taken(platform: Running, resident: int) -> str:
    """A case of that resident, taken by demo-operator-1."""
    [case] = (await platform.press(resident, "1"))["cases"]
    async with await platform.client("demo-operator-1") as client:
        assert (await client.post(f"/api/v1/cases/{case}/take")).status_code == 200
    return str(case)


async def open_door(
    platform: Running, lock: str, case: str, who: str = "demo-operator-1", **more: str
) -> httpx.Response:
    async with await platform.client(who) as client:
        client.timeout = httpx.Timeout(15)
        return await client.post(f"/api/v1/locks/{lock}/open", json={"purpose": {"case": case}, **more})


async def timeline(platform: Running, case: str) -> list[tuple[str, str | None]]:
    async with await platform.client("demo-operator-1") as client:
        lines = (await client.get(f"/api/v1/cases/{case}")).json()["timeline"]
    return [(line["kind"], line["by"]) for line in lines if line["kind"].startswith("lock")]


@pytest.mark.parametrize(
    ("resident", "how", "state"),
    [(1, {"nuki": (7, 5, 3)}, {"unlatched", "unlocked"}), (4, {"result": "unlatched"}, {"unlatched"})],
)
async def test_a_door_opens_for_who_has_the_case(
    platform: Running, mosquitto: Mosquitto, locks: ExitStack, resident: int, how: dict[str, Any], state: set[str]
) -> None:
    lock = f"demo-lock-{resident}"
    played = play(locks, mosquitto, lock, **how)
    case = await taken(platform, resident)
    clock = SystemClock()
    began = clock.monotonic()
    answer = await open_door(platform, lock, case)
    print(f"POST open → the lock has confirmed: {(clock.monotonic() - began) * 1000:.0f} ms")
    assert answer.status_code == 200, answer.text
    assert answer.json()["state"] in state
    assert len(played.commands) == 1
    assert await timeline(platform, case) == [("lock_asked", "demo-operator-1"), ("lock_opened", "demo-operator-1")]
    async with platform.platform.store.read() as connection:
        query = select(access_log).where(access_log.c.act == "lock.open")
        [row] = (await connection.execute(query)).mappings()
    assert (row["person"], row["subject"], row["purpose"], row["resident"], row["allowed"]) == (
        "demo-operator-1", lock, f"case:{case}", f"demo-resident-{resident}", True,
    )  # fmt: skip


async def test_a_responder_opens_the_door_for_the_mission_and_has_arrived_by_it(
    platform: Running, mosquitto: Mosquitto, locks: ExitStack
) -> None:
    """[8]"""
    play(locks, mosquitto, "demo-lock-4", result="unlatched")
    case = await taken(platform, 4)
    async with await platform.client("demo-operator-1") as karin, await platform.client("demo-worker-3") as petra:
        sent = await karin.post(f"/api/v1/cases/{case}/dispatch", json={"person": "demo-worker-3"})
        mission = sent.json()["id"]
        wish = {"purpose": {"mission": mission}}
        early = await petra.post("/api/v1/locks/demo-lock-4/open", json=wish)
        assert (early.status_code, early.json()["code"]) == (403, "no_grant")
        accepted = (await petra.post(f"/api/v1/missions/{mission}/accept")).json()
        assert [lock["id"] for lock in accepted["locks"]] == ["demo-lock-4"]
        for wrong in ("demo-lock-5", "demo-granne-lock"):
            answer = await petra.post(f"/api/v1/locks/{wrong}/open", json=wish)
            assert answer.status_code in {403, 404}
        opened = await petra.post("/api/v1/locks/demo-lock-4/open", json=wish, timeout=15)
        assert opened.status_code == 200, opened.text
        there = (await petra.get(f"/api/v1/missions/{mission}")).json()
        assert (there["state"], there["arrived_how"]) == ("arrived", "lock")
        await petra.post(f"/api/v1/missions/{mission}/done")
        late = await petra.post("/api/v1/locks/demo-lock-4/open", json=wish)
        assert (late.status_code, late.json()["code"]) == (403, "no_purpose")
        both = await petra.post("/api/v1/locks/demo-lock-4/open", json={"purpose": {"mission": mission, "case": case}})
        assert both.status_code == 422
    assert await timeline(platform, case) == [("lock_asked", "demo-worker-3"), ("lock_opened", "demo-worker-3")]


@pytest.mark.parametrize(
    ("resident", "how", "status", "code"),
    [
        (2, {"nuki": (7, 254)}, 409, "lock_jammed"),
        (4, {"result": "jammed"}, 409, "lock_jammed"),
        (5, {"result": "refused"}, 409, "lock_refused"),
    ],
)
async def test_a_lock_that_cannot_says_so(
    platform: Running,
    mosquitto: Mosquitto,
    locks: ExitStack,
    resident: int,
    how: dict[str, Any],
    status: int,
    code: str,
) -> None:
    play(locks, mosquitto, f"demo-lock-{resident}", **how)
    case = await taken(platform, resident)
    answer = await open_door(platform, f"demo-lock-{resident}", case)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert [kind for kind, _ in await timeline(platform, case)] == ["lock_asked", "lock_failed"]


async def test_a_silent_lock_is_a_clear_failure_within_ten_seconds_and_a_late_answer_opens_nothing_on_record(
    platform: Running, mosquitto: Mosquitto, locks: ExitStack
) -> None:
    played = play(locks, mosquitto, "demo-lock-4")
    case = await taken(platform, 4)
    clock = SystemClock()
    began = clock.monotonic()
    answer = await open_door(platform, "demo-lock-4", case)
    took = clock.monotonic() - began
    assert (answer.status_code, answer.json()["code"]) == (504, "lock_no_answer")
    assert timedelta(seconds=10) > ANSWER_WITHIN
    assert took < PATIENCE  # it is the deadline that ends it, and a busy machine acts on it later
    assert len(played.commands) == 1
    async with platform.platform.store.read() as connection:
        [row] = (await connection.execute(select(tables.lock_command))).mappings()
    assert (row["outcome"], row["waiting"]) == ("lock_no_answer", None)


async def test_two_at_once_open_once_and_both_hear_of_it(
    platform: Running, mosquitto: Mosquitto, locks: ExitStack
) -> None:
    played = play(locks, mosquitto, "demo-lock-1", nuki=(5,))
    case = await taken(platform, 1)
    answers = await asyncio.gather(*(open_door(platform, "demo-lock-1", case, command_id=str(n)) for n in range(2)))
    assert [answer.status_code for answer in answers] == [200, 200]
    assert len(played.commands) == 1
    assert [kind for kind, _ in await timeline(platform, case)].count("lock_opened") == 2


async def test_the_same_command_again_opens_nothing_and_gets_the_same_answer(
    platform: Running, mosquitto: Mosquitto, locks: ExitStack
) -> None:
    played = play(locks, mosquitto, "demo-lock-1", nuki=(5,))
    case = await taken(platform, 1)
    first = await open_door(platform, "demo-lock-1", case, command_id="once")
    again = await open_door(platform, "demo-lock-1", case, command_id="once")
    assert first.json() == again.json()
    assert len(played.commands) == 1
    assert [kind for kind, _ in await timeline(platform, case)] == ["lock_asked", "lock_opened"]


async def test_only_who_has_the_case_opens_and_each_try_is_logged(
    platform: Running, mosquitto: Mosquitto, locks: ExitStack
) -> None:
    played = play(locks, mosquitto, "demo-lock-1", nuki=(5,))
    case = await taken(platform, 1)
    other = await taken(platform, 2)
    tries = [
        (await open_door(platform, "demo-lock-1", case, "demo-operator-2"), 403, "no_grant"),
        (await open_door(platform, "demo-lock-1", other), 403, "no_purpose"),
        (await open_door(platform, "demo-lock-1", "case-that-never-was"), 403, "no_purpose"),
        (await open_door(platform, "demo-lock-1", case, "demo-worker-1"), 403, "no_grant"),
        (await open_door(platform, "demo-lock-1", case, "demo-granne-operator"), 404, "not_found"),
        (await open_door(platform, "demo-lock-99", case), 404, "not_found"),
        (await open_door(platform, "demo-lock-1", case, "demo-resident-1"), 403, "wrong_role"),
    ]
    assert [(answer.status_code, answer.json()["code"]) for answer, *_ in tries] == [
        (status, code) for _, status, code in tries
    ]
    assert played.commands == []
    async with platform.platform.store.read() as connection:
        query = select(access_log.c.allowed).where(access_log.c.act == "lock.open")
        assert (await connection.execute(query)).scalars().all() == [False] * len(tries)


async def test_another_process_hears_the_lock_and_takes_over_when_that_one_is_gone(
    postgres_url: str, tmp_path: Path, mosquitto: Mosquitto, locks: ExitStack
) -> None:
    played = play(locks, mosquitto, "demo-lock-1", nuki=(7, 5))
    async with (
        running(postgres_url, tmp_path, mqtt_url=mosquitto.url) as first,
        running(postgres_url, tmp_path, mqtt_url=mosquitto.url) as second,
    ):
        hearing = [await heard_by(one) for one in (first, second)]
        assert hearing == [True, False]
        case = await taken(second, 1)
        answer = await open_door(second, "demo-lock-1", case)
        assert (answer.status_code, answer.json()["state"]) == (200, "unlatched")
        assert len(played.commands) == 1
        assert first.platform.mqtt is not None
        await first.platform.mqtt.close()
        mosquitto.publish("nuki/demo-lock-1/lockActionEvent", "2,1,99,0,0")  # while nobody hears
        assert await heard_by(second)
        answer = await open_door(second, "demo-lock-1", case)
        assert answer.status_code == 200
        async with await second.client("demo-operator-1") as client:
            lines = (await client.get(f"/api/v1/cases/{case}")).json()["timeline"]
        doors = [line["data"] for line in lines if line["kind"] == "door"]
        assert [door["door"] for door in doors].count("locked") == 1


async def heard_by(platform: Running) -> bool:
    """Whether this process hears the broker, once it is decided who does."""
    receiver = platform.platform.mqtt
    assert receiver is not None
    await until(lambda: receiver.healthy)
    if receiver._elsewhere:  # until that other one has been seen to be gone
        await SystemClock().sleep(2.0)
    return receiver._up


async def test_closing_the_case_ends_the_right_to_open(platform: Running) -> None:
    case = await taken(platform, 1)
    async with await platform.client("demo-operator-1") as client:
        closing = {"cause": "mistake", "measure": "spoke"}
        assert (await client.post(f"/api/v1/cases/{case}/close", json=closing)).status_code == 200
    answer = await open_door(platform, "demo-lock-1", case)
    assert (answer.status_code, answer.json()["code"]) == (403, "no_purpose")


async def test_without_a_broker_the_lock_is_out_of_reach_and_stays_shut_when_one_comes(
    sqlite_url: str, tmp_path: Path, mosquitto: Mosquitto, locks: ExitStack
) -> None:
    mosquitto.kill()
    async with running(sqlite_url, tmp_path, mqtt_url=mosquitto.url) as platform:
        case = await taken(platform, 1)
        answer = await open_door(platform, "demo-lock-1", case)
        assert (answer.status_code, answer.json()["code"]) == (503, "lock_unreachable")
        mosquitto.start()
        played = play(locks, mosquitto, "demo-lock-1", nuki=(5,))
        assert await heard_by(platform)
        await SystemClock().sleep(2.0)  # for a command too late to come
        assert played.commands == []


async def test_a_lock_without_a_line_for_commands_is_not_asked(platform: Running) -> None:
    case = await taken(platform, 1)
    async with platform.platform.store.write() as connection:
        await connection.execute(update(device).where(device.c.id == "demo-lock-1").values(protocol="http"))
    answer = await open_door(platform, "demo-lock-1", case)
    assert (answer.status_code, answer.json()["code"]) == (409, "lock_not_remote")


async def test_what_an_asker_that_died_has_left_is_settled_and_noted_by_another(platform: Running) -> None:
    case = await taken(platform, 1)
    clock = FakeClock(SystemClock().now())
    async with platform.platform.store.write() as connection:
        at = clock.now()
        row = {
            "id": "open-1", "key": "demo-operator-1:1", "waiting": "demo-lock-1", "joins": None,
            "lock": "demo-lock-1", "case": case, "person": "demo-operator-1", "action": "unlatch",
            "asked_at": at, "sent_at": at, "expires_at": at,
        }  # fmt: skip
        await connection.execute(tables.lock_command.insert().values(row))
    await clock.advance(60)
    others = LockCommands(platform.platform.store, LocalBus(), clock)
    assert await others.sweep() == 1
    assert await others.sweep() == 0
    assert [kind for kind, _ in await timeline(platform, case)] == ["lock_failed"]
    async with platform.platform.store.read() as connection:
        [row] = (await connection.execute(select(tables.lock_command))).mappings()
    assert LockOutcome(row["outcome"]) is LockOutcome.NO_ANSWER


async def test_a_lock_over_http_stands_on_the_case_of_everybody_in_the_home(platform: Running) -> None:
    """A home of two, each with an open case: the door is heard on both."""
    async with platform.platform.store.write() as connection:
        moved = update(device).where(device.c.id == "demo-lock-5").values(home="demo-home-11")
        await connection.execute(moved)
    cases = [(await platform.press(resident, "1"))["cases"][0] for resident in (11, 12)]
    async with platform.platform.store.read() as connection:
        token = await device_token(connection, platform.platform.signer, "demo-lock-5", SystemClock().now())
    event = {
        "specversion": "1.0", "id": "1", "source": "lock", "type": "nattljus.lock.operated",
        "data": {"operation": "unlock", "source": "keypad", "user": 3, "pin": "2580"},
    }  # fmt: skip
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(base_url=platform.url, headers=headers, timeout=PATIENCE) as client:
        answer = await client.post("/api/v1/device/events", json=event)
        assert answer.status_code == 202, answer.text
    async with await platform.client("demo-operator-1") as client:
        for case in cases:
            shown = (await client.get(f"/api/v1/cases/{case}")).json()
            [door] = [line["data"] for line in shown["timeline"] if line["kind"] == "door"]
            assert (door["door"], door["how"], door["by"]) == ("unlocked", "keypad", "3")
    async with platform.platform.store.read() as connection:
        [raw] = (
            await connection.execute(select(tables.signal.c.raw).where(tables.signal.c.type.like("%lock%")))
        ).scalars()
    assert b"2580" not in raw
