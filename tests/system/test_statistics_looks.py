"""The supervisor's board and the answer times in each state, as test_pages does for the rest: axe, and the sheet."""

import asyncio
import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from alarms import tables
from kit.clock import SystemClock
from tests.system.browser import chromium, window
from tests.system.platforms import Platform, platform_of
from tests.system.test_pages import SHEET, Look, finish, looked_at, settled, write_sheet

pytestmark = pytest.mark.timeout(300)

LOOKS = [
    Look("sv", "dark", 1920, 1080),
    Look("en", "light", 1366, 768),
    Look("sv", "light", 1366, 768, zoom=2),
]
clock = SystemClock()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def platform() -> Iterator[Platform]:
    SHEET.mkdir(parents=True, exist_ok=True)
    with platform_of("run", "--demo") as platform:
        platform.start()
        asyncio.run(remember(platform, clock.now()))
        yield platform
    write_sheet()


async def remember(platform: Platform, now: datetime) -> None:
    """Ten days of cases that are over, some of them late and some that nobody took."""
    dice = random.Random(4)
    store = platform.store()
    async with store.write() as connection:
        await connection.execute(tables.case.insert(), [over(dice, number, now) for number in range(1500)])
    await store.close()


def over(dice: random.Random, number: int, now: datetime) -> dict[str, Any]:
    at = now - timedelta(hours=dice.triangular(0.05, 240, 0.05))
    bad_night = 9 < (now - at) / timedelta(hours=1) < 12
    seconds = dice.lognormvariate(4.2 if bad_night else 2.7, 0.7)
    taken = dice.random() > (0.1 if bad_night else 0.004)
    return {
        "id": f"case-over-{number}",
        "version": 3,
        "kind": "person" if dice.random() < 0.8 else "technical",
        "state": "closed",
        "priority": 2,
        "principal": "demo-granne" if dice.random() < 0.3 else "demo-kommun",
        "reason": dice.choice(["pressed", "pressed", "pressed", "fell", "door_forced", "inactivity"]),
        "presses": 1,
        "unread": 0,
        "escalation": 0,
        "step": 3,
        "raised_at": at,
        "answered_ms": round(seconds * 1000) if taken else None,
        "closed_at": at + timedelta(minutes=2),
        "cause": "mistake",
        "measure": "spoke",
    }


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: look.name)
def test_the_board_in_each_state(platform: Platform, browser: Browser, look: Look) -> None:
    swedish = look.language == "sv"
    with (
        window(browser, platform.url, "demo-supervisor", **look.context()) as maria,
        window(browser, platform.url, "demo-operator-1") as karin,
        window(browser, platform.url, "demo-resident-3") as pressed,
        window(browser, platform.url, "demo-granne-resident-1") as neighbour,
    ):
        karin.open("/desk")
        page = settled(maria, "/desk", look)
        page.get_by_role("link", name="Tavlan" if swedish else "Board").click()
        expect(page.get_by_text("Karin Ekdahl")).to_be_visible()
        looked_at(page, "board-1-quiet", look)
        pressed.press(look.name, "nattljus.alarm.fall")
        case = neighbour.press(look.name)
        waiting = page.locator(".big", has=page.get_by_role("heading", name="Väntar" if swedish else "Waiting")).first
        expect(waiting).to_contain_text("2")  # without anybody asking it to
        headers = {"Origin": platform.url}
        assert karin.context.request.post(f"{platform.url}/api/v1/cases/{case}/take", headers=headers).ok
        people = page.get_by_role("region", name="Vid bordet" if swedish else "At the desks")
        expect(people).to_contain_text("1 ärende" if swedish else "1 case")
        looked_at(page, "board-2-waiting", look)
        page.get_by_role("combobox").select_option("demo-granne")
        expect(page.get_by_role("rowheader", name="Demo kommun")).to_have_count(0)
        page.locator(".plot summary").press("Enter")
        expect(page.get_by_role("rowheader", name=":00")).to_have_count(24)
        looked_at(page, "board-3-chosen", look)
        if look is not LOOKS[0]:
            finish(karin, platform)
            return
        platform.pause()
        old = "kan vara gamla" if swedish else "may be old"
        expect(page.get_by_role("status")).to_contain_text(old, timeout=30_000)
        looked_at(page, "board-4-cut-off", look)
        platform.resume()
        expect(page.get_by_role("status")).not_to_contain_text(old, timeout=30_000)
        finish(karin, platform)


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: look.name)
def test_the_answer_times_in_each_grouping(platform: Platform, browser: Browser, look: Look) -> None:
    swedish = look.language == "sv"
    with window(browser, platform.url, "demo-supervisor", **look.context()) as maria:
        page = settled(maria, "/board/statistics", look)
        expect(page.get_by_role("img").first).to_be_visible()
        looked_at(page, "statistics-1-days", look)
        by = page.get_by_role("combobox", name="Per" if swedish else "By", exact=True)
        for number, group in enumerate(("hour", "principal", "reason"), 2):
            by.select_option(group)
            expect(page.locator(".plot tbody tr").first).to_be_attached()
            looked_at(page, f"statistics-{number}-{group}", look)
        with page.expect_download() as download:
            page.get_by_role("link", name="CSV").click()
        kept = download.value.path().read_text(encoding="utf-8-sig")
        assert kept.splitlines()[0].startswith("reason;name;" if swedish else "reason,name,")
        page.locator("input[type=date]").first.fill("2020-01-01")
        expect(page.get_by_role("status")).to_contain_text("92")
        # What the hub refused as too long is in the console as well.
        maria.excuse(422)


def test_who_may_see_which_page(platform: Platform, browser: Browser) -> None:
    with window(browser, platform.url, "demo-administrator") as lena:
        page = lena.open("/board/statistics")
        expect(page.get_by_text("Alla tillsammans").first).to_be_visible()
        expect(page.get_by_role("combobox")).to_have_count(2)  # one principal: nothing to choose
        expect(lena.open("/board").get_by_text("arbetar inte på den här sidan")).to_be_visible()
    with window(browser, platform.url, "demo-operator-1") as karin:
        expect(karin.open("/board").get_by_role("heading", name="Väntar", exact=True).first).to_be_visible()
        expect(karin.page.get_by_role("link", name="Svarstider")).to_have_count(0)
        expect(karin.open("/board/statistics").get_by_text("arbetar inte på den här sidan")).to_be_visible()
