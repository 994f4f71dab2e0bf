"""A visit on every page in every state it can be in, as test_pages does for the rest: axe, and the contact sheet."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.system.browser import FAKE_CAMERA, Window, chromium, window
from tests.system.meetings import DEVICES
from tests.system.platforms import Platform, platform_of
from tests.system.test_pages import SHEET, Look, finish, looked_at, settled, write_sheet

pytestmark = pytest.mark.timeout(300)

STAFF = [
    Look("sv", "light", 390, 844),
    Look("en", "dark", 390, 844),
    Look("sv", "dark", 390, 844, zoom=2),
    Look("en", "light", 1280, 800),
]
HOME = [
    Look("sv", "light", 1280, 800),
    Look("en", "dark", 1280, 800),
    Look("sv", "dark", 390, 844),
    Look("en", "light", 1280, 800, zoom=2),
]
DESK = [Look("sv", "dark", 1920, 1080), Look("en", "light", 1366, 768)]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium(*FAKE_CAMERA) as browser:
        yield browser


@pytest.fixture(scope="module")
def platform() -> Iterator[Platform]:
    SHEET.mkdir(parents=True, exist_ok=True)
    with platform_of("run", "--demo", call_number="tel:+46313900600") as platform:
        platform.start()
        yield platform
    write_sheet()


class Caller:
    """A worker who rings, answers and hangs up over HTTP and through the page."""

    def __init__(self, opened: Window) -> None:
        self.opened = opened
        self.headers = {"Origin": opened.url}

    def ring(self, resident: str) -> str:
        """Start a visit; its id."""
        body = {"resident": resident, "kind": "home", "legal_basis": "SoL", "decision": "SoL-2026-7"}
        return str(self.post("/api/v1/visits", body)["id"])

    def post(self, path: str, body: dict[str, Any] | None = None) -> Any:
        """Ask something as this window's person."""
        answer = self.opened.context.request.post(f"{self.opened.url}{path}", data=body or {}, headers=self.headers)
        assert answer.ok, answer.text()
        return answer.json()


def seen_as(browser: Browser, platform: Platform, whom: str, look: Look, **more: Any) -> Any:
    return window(browser, platform.url, whom, **{"permissions": DEVICES, **look.context(), **more})


def button(page: Page, swedish: str, english: str) -> Any:
    return page.get_by_role("button", name=swedish).or_(page.get_by_role("button", name=english)).first


@pytest.mark.parametrize("look", STAFF, ids=lambda look: look.name)
def test_the_staffs_page_in_each_state(platform: Platform, browser: Browser, look: Look) -> None:
    other = Look("sv", "light", 1280, 800)
    with (
        seen_as(browser, platform, "demo-worker-1", look) as anna,
        seen_as(browser, platform, "demo-resident-5", other) as home,
    ):
        home.open("/home")
        page = settled(anna, "/staff", look)
        expect(page.locator(".staff-row").first).to_be_visible()
        looked_at(page, "staff-1-today", look)
        button(page, "Nytt besök", "New visit").click()
        expect(page.locator(".staff-people .staff-option").first).to_be_visible()
        looked_at(page, "staff-2-new", look)
        button(page, "Jag", "Me").click()
        looked_at(page, "staff-3-me", look)
        button(page, "Idag", "Today").click()
        button(page, "Nytt besök", "New visit").click()
        page.get_by_role("radio", name="Aino").check(force=True)
        page.locator(".staff-field input").last.fill("SoL-2026-7")
        page.locator(".staff-big").click()
        expect(page.locator('[data-scene="ringing_out"]')).to_be_visible()
        expect(home.page.locator(".call-answer")).to_be_visible()
        looked_at(page, "staff-4-ringing", look)
        home.page.locator(".call-answer").click()
        expect(page.locator('[data-scene="live"]')).to_be_visible()
        page.wait_for_timeout(1_000)
        looked_at(page, "staff-5-live", look)
        page.locator(".meeting-act").first.click()
        home.page.goto("about:blank")
        expect(page.locator('[data-scene="paused"]')).to_be_visible()
        looked_at(page, "staff-6-paused", look)
        page.locator(".meeting-end").click()
        expect(page.locator(".staff-after")).to_be_visible()
        looked_at(page, "staff-7-after", look)
        page.locator(".staff-big").click()
        expect(page.locator(".staff-row").first).to_be_visible()
        platform.pause()
        expect(page.locator('.staff-strip[data-tone="warning"]')).to_be_visible()
        looked_at(page, "staff-8-offline", look)
        platform.resume()
        expect(page.locator(".staff-strip")).to_have_count(0)


@pytest.mark.parametrize("look", HOME, ids=lambda look: look.name)
def test_a_visit_on_the_residents_page_in_each_state(platform: Platform, browser: Browser, look: Look) -> None:
    phone = Look("sv", "light", 390, 844)
    with (
        seen_as(browser, platform, "demo-resident-6", look) as gosta,
        seen_as(browser, platform, "demo-worker-2", phone) as amir,
        window(browser, platform.url, "demo-operator-1") as karin,
    ):
        page = settled(gosta, "/home", look)
        expect(page.locator(".home-help")).to_be_visible()
        amir.open("/staff")
        caller = Caller(amir)
        caller.ring("demo-resident-6")
        expect(page.locator(".call-answer")).to_be_visible()
        looked_at(page, "home-6-ringing", look, scrolls=False)
        big = page.evaluate(
            "(r => r.width * r.height / innerWidth / innerHeight)"
            "(document.querySelector('.call-answer').getBoundingClientRect())"
        )
        print(f"\n{look.name}: Answer has {big:.0%} of the screen")
        if look.zoom == 1:
            assert big >= 0.5
        page.locator(".call-not-now").click()
        expect(page.locator('[data-visit="gone"]')).to_be_visible()
        looked_at(page, "home-7-not-now", look, scrolls=False)
        visit = caller.ring("demo-resident-6")
        expect(page.locator(".call-answer")).to_be_visible()
        page.locator(".call-answer").click()
        expect(page.locator(".call-room")).to_be_visible()
        looked_at(page, "home-8-connecting", look, scrolls=False)
        amir.page.get_by_role("button", name="Fortsätt här").click()
        expect(page.locator('[data-visit="live"]')).to_be_visible()
        page.wait_for_timeout(1_000)
        looked_at(page, "home-9-live", look, scrolls=False)
        page.locator(".home-help").click()
        expect(page.locator(".call-alarm")).to_be_visible()
        looked_at(page, "home-a-help-in-visit", look, scrolls=False)
        amir.page.goto("about:blank")
        expect(page.locator('[data-visit="paused"]')).to_be_visible()
        looked_at(page, "home-b-paused", look, scrolls=False)
        finish(karin, platform)
        expect(page.locator(".call-alarm")).to_have_count(0)
        caller.post(f"/api/v1/visits/{visit}/end")
        expect(page.locator('[data-visit="gone"]')).to_be_visible()
        looked_at(page, "home-c-over", look, scrolls=False)


@pytest.mark.parametrize("look", DESK, ids=lambda look: look.name)
def test_seeing_and_opening_from_the_desk(platform: Platform, browser: Browser, look: Look) -> None:
    tablet = Look("sv", "light", 1280, 800)
    with (
        seen_as(browser, platform, "demo-operator-1", look) as karin,
        seen_as(browser, platform, "demo-resident-2", tablet) as home,
    ):
        home.open("/home")
        page = settled(karin, "/desk", look)
        expect(page.locator(".queue-nobody")).to_be_visible()
        case = home.press(f"see-{look.name}")
        page.locator(f'[data-row="{case}"]').click()
        expect(page.locator(".act-take")).to_be_enabled()
        page.keyboard.press("Enter")
        expect(page.locator("#door-button")).to_be_visible()
        looked_at(page, "desk-8-see-or-open", look)
        page.keyboard.press("v")
        expect(page.locator(".see")).to_be_visible()
        looked_at(page, "desk-9-ringing", look)
        home.page.locator(".call-answer").click()
        expect(page.locator('.see[data-scene="live"]')).to_be_visible()
        page.wait_for_timeout(1_000)
        looked_at(page, "desk-a-seeing", look)
        page.keyboard.press("x")
        expect(page.locator(".see-gone")).to_be_visible()
        page.keyboard.press("l")
        expect(page.locator(".doors-said[data-how]")).not_to_be_empty()
        expect(page.locator('.doors-said[data-how="failed"]')).to_be_visible()
        looked_at(page, "desk-b-door", look)
        karin.excuse(503)  # the lock's; the page has just said it in words
        finish(karin, platform)
