"""Answer times and the board over HTTP, on both databases: what is counted, for whom, and what the log says of it."""

import csv
import io
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from alarms import tables
from kit.clock import SystemClock
from registry.tables import access_log, assignment
from registry.tables import principal as principal_table
from tests.integration.running import Running, running

AUTUMN = datetime(2026, 10, 25, tzinfo=UTC)
NIGHT = datetime(2026, 10, 25, 22, 30, tzinfo=UTC)  # half past eleven of the evening after the long night
ON_SUNDAY = {"from": "2026-10-25", "to": "2026-10-25"}


class Evening(SystemClock):
    """A clock whose seconds pass, in one moment that the test moves."""

    def __init__(self) -> None:
        self.at = NIGHT

    def now(self) -> datetime:
        """That moment."""
        return self.at


@pytest.fixture
def evening() -> Evening:
    return Evening()


@pytest.fixture
async def platform(store_url: str, tmp_path: Path, evening: Evening) -> AsyncIterator[Running]:
    async with running(store_url, tmp_path, clock=evening) as platform:
        yield platform


@pytest.fixture
async def embedded(sqlite_url: str, tmp_path: Path, evening: Evening) -> AsyncIterator[Running]:
    """A platform on one kind of database, for what is the same on both."""
    async with running(sqlite_url, tmp_path, clock=evening) as platform:
        yield platform


class Cases:
    """Writes cases as they would stand."""

    def __init__(self, platform: Running) -> None:
        self._store = platform.platform.store
        self._number = 0

    async def add(self, *, at: datetime, ms: int | None = None, closed: bool = True, **more: Any) -> None:
        """A person's case of demo-kommun, received `at`, taken after `ms`, closed or not."""
        self._number += 1
        row = {
            "id": f"case-{self._number}",
            "version": 1,
            "open_key": None if closed else f"person:{self._number}",
            "kind": "person",
            "state": "closed" if closed else "queued" if ms is None else "taken",
            "priority": 2,
            "principal": "demo-kommun",
            "reason": "pressed",
            "presses": 1,
            "unread": 0,
            "escalation": 0,
            "step": 1,
            "next_step": None if closed else "supervisor_again",
            "next_step_at": None if closed else NIGHT + timedelta(days=1),
            "raised_at": at,
            "answered_ms": ms,
            "taken_at": None if ms is None else at + timedelta(milliseconds=ms),
            "closed_at": at + timedelta(hours=1) if closed else None,
            **more,
        }
        async with self._store.write() as connection:
            await connection.execute(tables.case.insert(), row)


@pytest.fixture
def cases(platform: Running) -> Cases:
    return Cases(platform)


async def asked(platform: Running, whom: str, path: str = "statistics/answers", **what: str) -> Any:
    async with await platform.client(whom) as client:
        answer = await client.get(f"/api/v1/{path}", params=what)
        assert answer.status_code == 200, answer.text
        return answer.json()


async def refused(platform: Running, whom: str, path: str, **what: str) -> tuple[int, str]:
    async with await platform.client(whom) as client:
        answer = await client.get(f"/api/v1/{path}", params=what)
        return answer.status_code, answer.json()["code"]


async def looks(platform: Running, whom: str) -> list[tuple[str, str, bool, str | None]]:
    columns = (access_log.c.act, access_log.c.principal, access_log.c.allowed, access_log.c.subject)
    query = select(*columns).where(access_log.c.person == whom).order_by(access_log.c.at, access_log.c.id)
    async with platform.platform.store.read() as connection:
        return [(*row,) for row in await connection.execute(query)]


def counted(figures: dict[str, Any]) -> dict[str, Any]:
    """The figures that are not nought, and the shares as pairs."""
    counts = {name: figures[name] for name in ("cases", "answered", "unanswered", "undecided") if figures[name]}
    return {**counts, "within": [(one["in_time"], one["decided"]) for one in figures["within"]]}


async def test_answers_are_counted_from_receipt_and_with_the_unanswered(platform: Running, cases: Cases) -> None:
    for ms in (29_999, 30_000, 30_001, 60_000, 180_000, 180_001):
        await cases.add(at=AUTUMN, ms=ms)
    await cases.add(at=AUTUMN)  # closed, and nobody ever took it
    await cases.add(at=NIGHT - timedelta(seconds=181), closed=False)
    await cases.add(at=NIGHT - timedelta(seconds=45), closed=False)  # over 30 s, and neither for the others
    await cases.add(at=NIGHT - timedelta(seconds=5), closed=False)
    await cases.add(at=NIGHT - timedelta(seconds=5), ms=3_000, closed=False)
    report = await asked(platform, "demo-supervisor", **ON_SUNDAY)
    assert counted(report["total"]) == {
        "cases": 11,
        "answered": 7,
        "unanswered": 2,
        "undecided": 2,
        "within": [(3, 10), (5, 9), (6, 9)],
    }
    assert (report["total"]["p50"], report["total"]["p99"]) == (60, None)
    [day] = report["items"]
    assert (day["key"], day["starts_at"]) == ("2026-10-25", "2026-10-24T22:00:00.000Z")
    assert counted(day) == counted(report["total"])


async def test_technical_cases_are_apart_and_tests_are_not_there(platform: Running, cases: Cases) -> None:
    await cases.add(at=AUTUMN, ms=1_000)
    await cases.add(at=AUTUMN, ms=900_000, kind="technical", reason="battery_low")
    await platform.press(1, "1", "nattljus.test.pressed")
    people = await asked(platform, "demo-supervisor", by="reason", **ON_SUNDAY)
    things = await asked(platform, "demo-supervisor", by="reason", kind="technical", **ON_SUNDAY)
    assert [(line["key"], line["cases"]) for line in people["items"]] == [("pressed", 1)]
    assert [(line["key"], line["cases"]) for line in things["items"]] == [("battery_low", 1)]


async def test_a_real_press_is_undecided_and_then_answered_from_when_it_was_received(
    platform: Running, evening: Evening
) -> None:
    [case] = (await platform.press(1, "1"))["cases"]
    evening.at += timedelta(seconds=10)
    assert counted((await asked(platform, "demo-supervisor", **ON_SUNDAY))["total"])["undecided"] == 1
    evening.at += timedelta(seconds=31)
    async with await platform.client("demo-operator-1") as karin:
        assert (await karin.post(f"/api/v1/cases/{case}/take")).status_code == 200
    total = (await asked(platform, "demo-supervisor", **ON_SUNDAY))["total"]
    assert counted(total) == {"cases": 1, "answered": 1, "within": [(0, 1), (1, 1), (1, 1)]}
    assert total["p50"] == 41


async def test_the_long_night_has_25_hours_and_each_case_is_in_its_own(platform: Running, cases: Cases) -> None:
    for hour in range(-2, 23):  # every hour of that Sunday, in UTC
        await cases.add(at=AUTUMN + timedelta(hours=hour, minutes=20), ms=(hour + 3) * 1000)
    await cases.add(at=AUTUMN - timedelta(hours=2, microseconds=1), ms=1)  # on Saturday
    report = await asked(platform, "demo-supervisor", by="hour", **ON_SUNDAY)
    assert [line["cases"] for line in report["items"]] == [1] * 25
    assert [line["p50"] for line in report["items"]] == list(range(1, 26))
    assert len({line["key"] for line in report["items"]}) == 25
    assert [line["key"][11:] for line in report["items"]][2:4] == ["02:00+02:00", "02:00+01:00"]
    days = await asked(platform, "demo-supervisor", by="day", **{"from": "2026-10-24", "to": "2026-10-26"})
    # Monday has not begun: it has no line.
    assert [(line["key"], line["cases"]) for line in days["items"]] == [("2026-10-24", 1), ("2026-10-25", 25)]


async def test_another_principals_cases_are_not_counted(platform: Running, cases: Cases) -> None:
    await cases.add(at=AUTUMN, ms=1_000)
    await cases.add(at=AUTUMN, ms=1_000, principal="demo-granne")
    await cases.add(at=AUTUMN, ms=1_000, principal="demo-granne")
    both = await asked(platform, "demo-supervisor", by="principal", **ON_SUNDAY)
    assert [(line["key"], line["name"], line["cases"]) for line in both["items"]] == [
        ("demo-granne", "Granne kommun", 2),
        ("demo-kommun", "Demo kommun", 1),
    ]
    own = await asked(platform, "demo-administrator", by="principal", **ON_SUNDAY)
    assert [(line["key"], line["cases"]) for line in own["items"]] == [("demo-kommun", 1)]
    assert [one["id"] for one in own["principals"]] == ["demo-kommun"]
    chosen = await asked(platform, "demo-supervisor", principal="demo-granne", **ON_SUNDAY)
    assert (chosen["total"]["cases"], len(chosen["principals"])) == (2, 2)
    assert await refused(
        platform, "demo-administrator", "statistics/answers", principal="demo-granne", **ON_SUNDAY
    ) == (
        404,
        "not_found",
    )


async def test_who_has_no_business_there_is_refused_and_that_is_logged(embedded: Running) -> None:
    for whom, who, path, act in (
        ("demo-operator-1", "demo-operator-1", "statistics/answers", "statistics.read"),
        ("demo-operator-2", "demo-operator-2", "statistics/answers.csv", "statistics.read"),
        ("demo-worker-1", "demo-worker-1", "board", "board.read"),
        ("demo-administrator", "demo-administrator", "board", "board.read"),
        ("demo-resident-1", "demo-app-1", "board", "board.read"),
    ):
        assert await refused(embedded, whom, path, **ON_SUNDAY) == (403, "wrong_role")
        assert [(row[0], row[2]) for row in await looks(embedded, who)] == [(act, False)]
    async with embedded.platform.store.write() as connection:
        moved = update(assignment).where(assignment.c.id == "demo-supervisor").values(central=None, unit="demo-norr")
        await connection.execute(moved)
    assert await refused(embedded, "demo-supervisor", "board") == (403, "no_desk")


async def test_each_question_is_logged_for_each_principal_and_one_asked_in_vain_where_it_was_tried(
    platform: Running,
) -> None:
    await asked(platform, "demo-supervisor", **ON_SUNDAY)
    await asked(platform, "demo-supervisor", principal="demo-kommun", **ON_SUNDAY)
    assert await looks(platform, "demo-supervisor") == [
        ("statistics.read", "demo-granne", True, None),
        ("statistics.read", "demo-kommun", True, None),
        ("statistics.read", "demo-kommun", True, None),
    ]
    for name in ("demo-kommun", "nobody-is-called-so"):
        assert await refused(platform, "demo-granne-operator", "board", principal=name) == (404, "not_found")
    assert await looks(platform, "demo-granne-operator") == [
        ("board.read", "demo-kommun", False, "demo-kommun"),
        ("board.read", "", False, "nobody-is-called-so"),
    ]


async def test_a_board_that_stays_open_is_a_look_a_quarter_of_an_hour(embedded: Running, evening: Evening) -> None:
    for _ in range(3):
        await asked(embedded, "demo-granne-operator", "board")
    assert len(await looks(embedded, "demo-granne-operator")) == 1
    evening.at += timedelta(minutes=15)
    await asked(embedded, "demo-granne-operator", "board")
    assert await looks(embedded, "demo-granne-operator") == [("board.read", "demo-granne", True, None)] * 2
    await asked(embedded, "demo-operator-1", "board")
    await asked(embedded, "demo-operator-1", "board", principal="demo-kommun")
    assert [row[1] for row in await looks(embedded, "demo-operator-1")] == ["demo-granne", "demo-kommun", "demo-kommun"]


NO_PERIODS = (
    {"from": "2026-10-02", "to": "2026-10-01"},
    {"from": "2026-01-01", "to": "2026-12-31"},
    {"from": "2026-10-01", "to": "2026-11-02", "by": "hour"},
    {"from": "0001-01-01", "to": "0001-01-01"},
    {"from": "9999-12-31", "to": "9999-12-31"},
    {"from": "today", "to": "2026-10-01"},
    {"from": "2026-10-01"},
    {"from": "2026-10-01", "to": "2026-10-01", "by": "week"},
    {"from": "2026-10-01", "to": "2026-10-01", "principal": "%"},
)


async def test_what_is_no_period_is_refused(embedded: Running) -> None:
    for what in NO_PERIODS:
        status, code = await refused(embedded, "demo-supervisor", "statistics/answers", **what)
        assert (status, code in {"bad_period", "invalid"}) == (422, True), what


async def test_the_table_has_whole_numbers_and_opens_as_utf_8(embedded: Running) -> None:
    cases = Cases(embedded)
    for ms in (1_000, 61_000, 61_000):
        await cases.add(at=AUTUMN, ms=ms)
    async with embedded.platform.store.write() as connection:
        named = update(principal_table).where(principal_table.c.id == "demo-granne").values(name='=Härryda, "väst"')
        await connection.execute(named)
    async with await embedded.client("demo-supervisor") as client:
        what = {**ON_SUNDAY, "by": "principal"}
        answer = await client.get("/api/v1/statistics/answers.csv", params=what)
        semicolons = await client.get("/api/v1/statistics/answers.csv", params={**what, "separator": "semicolon"})
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert 'filename="answers-2026-10-25-2026-10-25-principal.csv"' in answer.headers["content-disposition"]
    assert answer.content.startswith(b"\xef\xbb\xbfprincipal,name,cases,")
    assert answer.content.count(b"\r\n") == answer.content.count(b"\n") == 3
    lines = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    assert lines[0]["name"] == '\'=Härryda, "väst"'  # shown, not calculated
    assert (lines[0]["cases"], lines[0]["permille_60"], lines[0]["p50_s"]) == ("0", "", "")
    assert (lines[1]["cases"], lines[1]["in_time_60"], lines[1]["permille_60"]) == ("3", "1", "333")
    assert all(
        cell.isdigit() or not cell for line in lines for name, cell in line.items() if name not in {"principal", "name"}
    )
    other = csv.DictReader(io.StringIO(semicolons.content.decode("utf-8-sig"), newline=""), delimiter=";")
    assert list(other) == lines


async def test_the_board_shows_what_waits_who_has_what_and_who_is_not_there(
    platform: Running, cases: Cases, evening: Evening
) -> None:
    ago = [evening.at - timedelta(seconds=one) for one in (300, 90, 20)]
    await cases.add(at=ago[0], closed=False)
    await cases.add(at=ago[1], closed=False, priority=1)
    await cases.add(at=ago[2], closed=False, principal="demo-granne")
    await cases.add(at=ago[0], closed=False, kind="technical", reason="battery_low", priority=4)
    await cases.add(at=ago[0], ms=9_000, closed=False, handler="demo-operator-1")
    held = evening.at + timedelta(minutes=5)
    await cases.add(at=ago[0], ms=9_000, closed=False, handler="demo-operator-2", held_until=held)
    await cases.add(at=evening.at - timedelta(hours=2), ms=9_000)
    await cases.add(at=evening.at - timedelta(hours=25), ms=9_000)
    async with platform.socket("demo-operator-1") as karin:
        await karin.say(type="hello")
        await karin.hear("snapshot")
        await platform.platform._seats.renew()
        shown = await asked(platform, "demo-supervisor", "board")
    assert shown["place"] == "Larmcentralen Väst"
    assert shown["waiting"] == {"cases": 3, "oldest_at": "2026-10-25T22:25:00.000Z"}
    assert [(one["priority"], one["cases"]) for one in shown["priorities"]] == [(1, 1), (2, 2)]
    assert (shown["taken"], shown["on_hold"], shown["technical"]["cases"]) == (2, 1, 1)
    assert [(one["name"], one["role"], one["taken"], one["on_hold"]) for one in shown["people"]] == [
        ("Karin Ekdahl", "operator", 1, 0),
        ("Jonas Wiberg", None, 1, 1),
    ]
    assert [(one["id"], one["waiting"]["cases"], one["taken"]) for one in shown["principals"]] == [
        ("demo-kommun", 2, 2),
        ("demo-granne", 1, 0),
    ]
    assert counted(shown["hour"]) == {
        "cases": 5,
        "answered": 2,
        "unanswered": 1,
        "undecided": 2,
        "within": [(2, 4), (2, 4), (2, 3)],
    }
    assert shown["day"]["cases"] == 6
    assert [one["cases"] for one in shown["hours"]] == [0] * 21 + [1, 0, 5]
    assert shown["hours"][-1]["starts_at"] == "2026-10-25T22:00:00.000Z"
    assert shown["hours"][0]["starts_at"] == "2026-10-24T23:00:00.000Z"
    alone = await asked(platform, "demo-granne-operator", "board")
    assert (alone["waiting"]["cases"], alone["people"], len(alone["principals"])) == (1, [], 1)
    chosen = await asked(platform, "demo-supervisor", "board", principal="demo-kommun")
    assert (chosen["waiting"]["cases"], sum(one["cases"] for one in chosen["hours"])) == (2, 5)


async def test_the_heaps_of_the_database_come_to_what_the_cases_come_to_one_by_one(
    platform: Running, cases: Cases
) -> None:
    times = [n * 1777 for n in range(120)]
    for number, ms in enumerate(times):
        await cases.add(at=AUTUMN + timedelta(minutes=number * 7), ms=ms if number % 11 else None)
    total = (await asked(platform, "demo-supervisor", by="hour", **ON_SUNDAY))["total"]
    taken = sorted(ms for number, ms in enumerate(times) if number % 11)
    unanswered = len(times) - len(taken)
    assert counted(total) == {
        "cases": 120,
        "answered": len(taken),
        "unanswered": unanswered,
        "within": [(sum(ms <= limit * 1000 for ms in taken), 120) for limit in (30, 60, 180)],
    }
    assert total["p50"] == -(-taken[59] // 1000)
