"""A mission as people have it: the desk sends, a telephone accepts, a lock opens, the case is closed; and its looks."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.integration.locks import PlayedLock
from tests.servers import Mosquitto
from tests.system.browser import Window, chromium, window
from tests.system.platforms import Platform, platform_of
from tests.system.test_pages import SHEET, Look, looked_at, settled, write_sheet

pytestmark = pytest.mark.timeout(240)

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
STAFF = [Look("sv", "light", 390, 844), Look("en", "dark", 390, 844), Look("sv", "dark", 390, 844, zoom=2)]
DESK = [Look("sv", "dark", 1920, 1080), Look("en", "light", 1366, 768)]
ANNA = "demo-worker-1"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def platform() -> Iterator[Platform]:
    SHEET.mkdir(parents=True, exist_ok=True)
    with platform_of("run", "--demo", call_number="tel:+46313900600") as platform:
        platform.start()
        yield platform
    write_sheet()


@pytest.fixture
def platform_with_locks(mosquitto: Mosquitto) -> Iterator[Platform]:
    with platform_of("run", "--demo", mqtt_url=mosquitto.url) as platform:
        platform.start()
        yield platform


def pressed(platform: Platform, browser: Browser, resident: int) -> str:
    with window(browser, platform.url, f"demo-resident-{resident}") as home:
        return home.press("1")


def taken(karin: Window, case: str) -> Page:
    """The case, chosen and taken on the desk by keyboard."""
    page = karin.page if karin.page.url.endswith("/desk") else karin.open("/desk")
    row = page.locator(f'[data-row="{case}"]')
    row.press("Space")  # a row that moves between the button's down and up hears no click
    expect(row).to_have_attribute("aria-current", "true")
    page.keyboard.press("Enter")
    expect(page.locator('.case[data-state="taken"]')).to_be_visible()
    return page


def send(desk: Page) -> None:
    """M, then Enter on the person's own team, which has the focus."""
    desk.keyboard.press("m")
    expect(desk.locator(".send-form button").first).to_be_focused()
    desk.keyboard.press("Enter")
    expect(desk.locator(".sent li")).to_have_count(1)


def say(opened: Window, case: str, act: str, **body: str) -> None:
    """Something the responder says elsewhere, about the newest mission of the case."""
    missions = f"{opened.url}/api/v1/missions"
    found = opened.context.request.get(missions, params={"case": case}).json()["items"][0]["id"]
    answer = opened.context.request.post(f"{missions}/{found}/{act}", data=body, headers={"Origin": opened.url})
    assert answer.ok, answer.text()


def test_the_desk_sends_and_a_telephone_goes_and_the_lock_proves_that_it_is_there(
    platform_with_locks: Platform, browser: Browser, mosquitto: Mosquitto
) -> None:
    platform = platform_with_locks
    lock = PlayedLock(mosquitto, "demo-lock-1", nuki=(7, 5, 3))
    try:
        case = pressed(platform, browser, 1)
        with (
            window(browser, platform.url, "demo-operator-1") as karin,
            window(browser, platform.url, ANNA, **PHONE) as anna,
            window(browser, platform.url, "demo-worker-2", **PHONE) as amir,
        ):
            phone, other = anna.open("/staff"), amir.open("/staff")
            desk = taken(karin, case)
            send(desk)
            expect(desk.locator(".sent li")).to_contain_text("Hemtjänst Norr")
            go = phone.get_by_role("button", name="Jag åker")
            expect(go).to_be_visible()
            expect(phone).to_have_title(re.compile("^Du har ett uppdrag"))
            assert "Elsa" not in phone.inner_text("main"), "whom it is to is told who has accepted"
            go.click()
            expect(phone.get_by_role("heading", name="Elsa Lindqvist")).to_be_visible()
            expect(phone.get_by_text("Björkgatan 12")).to_be_visible()
            expect(other.get_by_text("Anna Holm åker.")).to_be_visible()
            expect(desk.locator(".sent li")).to_contain_text("Anna Holm")
            phone.get_by_role("button", name="På väg").click()
            expect(desk.locator('.sent li[data-state="on_the_way"]')).to_be_visible()
            phone.get_by_role("button", name="Öppna dörren").click()
            expect(phone.get_by_text("Dörren är öppen")).to_be_visible()
            expect(phone.get_by_role("button", name="Klar här")).to_be_visible()
            expect(desk.locator(".sent li")).to_contain_text("låset öppnade")
            expect(desk.locator(".close-missing")).to_have_text(
                "Någon är fortfarande utskickad. Avsluta uppdraget först."
            )
            phone.get_by_role("button", name="Klar här").click()
            expect(desk.locator('.sent li[data-state="done"]')).to_be_visible()
            expect(phone.locator("main")).not_to_contain_text("Elsa")
            desk.locator('[data-choice="cause"]').get_by_text("Fall", exact=True).click()
            desk.locator('[data-choice="measure"]').get_by_text("Personal åker dit").click()
            desk.get_by_role("button", name="Avsluta ärendet").click()
            expect(desk.locator(".outcome")).to_have_text("Klart. Ärendet är avslutat.")
    finally:
        lock.stop()


def test_what_is_said_without_a_line_waits_and_is_sent_once(platform: Platform, browser: Browser) -> None:
    case = pressed(platform, browser, 2)
    with (
        window(browser, platform.url, "demo-operator-1") as karin,
        window(browser, platform.url, ANNA, **PHONE) as anna,
    ):
        phone = anna.open("/staff")
        desk = taken(karin, case)
        send(desk)
        phone.get_by_role("button", name="Jag åker").click()
        expect(phone.get_by_role("heading", name="Karl-Erik Johansson")).to_be_visible()
        platform.pause()
        try:
            phone.get_by_role("button", name="På väg").click()
            # Where "Jag är framme" stood, another button stands now: a thumb waits for what it sees, and so does this.
            expect(phone.locator('.mission[data-state="on_the_way"]')).to_be_visible()
            phone.get_by_role("button", name="Jag är framme").click()
            phone.get_by_role("button", name="Jag låste upp med nyckel").click()
            expect(phone.locator('[data-waits="2"]')).to_be_visible()
            expect(phone.get_by_role("button", name="Klar här")).to_be_visible()
        finally:
            platform.resume()  # what else fails is another test's
        expect(phone.locator("[data-waits]")).to_have_count(0)
        expect(desk.locator('.sent li[data-state="arrived"]')).to_be_visible()
        for word in ("På väg", "Framme"):
            expect(desk.locator(".timeline").get_by_text(word)).to_have_count(1)
        phone.get_by_role("button", name="Klar här").click()
        expect(desk.locator('.sent li[data-state="done"]')).to_be_visible()


@pytest.mark.parametrize("look", STAFF, ids=lambda look: look.name)
def test_a_mission_on_the_staffs_page_in_each_state(platform: Platform, browser: Browser, look: Look) -> None:
    case = pressed(platform, browser, 3 + STAFF.index(look))
    with (
        window(browser, platform.url, "demo-operator-1") as karin,
        window(browser, platform.url, ANNA, **look.context()) as anna,
    ):
        page = settled(anna, "/staff", look)
        page.locator(".staff-tab").nth(1).click()
        expect(page.locator(".staff-none")).to_be_visible()
        looked_at(page, "mission-1-none", look)
        send(taken(karin, case))
        expect(page.locator('.mission[data-state="sent"]')).to_be_visible()
        looked_at(page, "mission-2-offered", look)
        page.locator(".staff-acts .staff-act").first.click()
        expect(page.locator(".mission-ask")).to_be_visible()
        looked_at(page, "mission-3-cannot", look)
        page.locator(".staff-acts .staff-act").last.click()
        page.locator(".staff-big").click()
        expect(page.locator(".mission-card")).to_be_visible()
        looked_at(page, "mission-4-accepted", look)
        page.locator(".staff-acts .mission-pair .staff-act").first.click()
        expect(page.locator(".mission-ask input")).to_be_visible()
        looked_at(page, "mission-5-how", look)
        page.locator(".staff-acts .staff-act").last.click()
        page.locator(".staff-big").click()
        expect(page.locator('.mission[data-state="on_the_way"]')).to_be_visible()
        page.locator(".staff-acts .mission-pair .staff-act").last.click()
        expect(page.locator(".mission-door li")).to_have_count(6)
        page.locator(".mission-door li button").first.click()
        page.locator(".mission-door li").nth(1).locator("button").last.click()
        looked_at(page, "mission-6-door", look)
        say(anna, case, "got-in")
        expect(page.locator('.mission[data-state="arrived"]')).to_be_visible()
        looked_at(page, "mission-7-arrived", look)
        page.locator(".staff-big").click()
        expect(page.locator('.mission-row[data-over="true"]').first).to_be_visible()
        looked_at(page, "mission-8-over", look)


@pytest.mark.parametrize("look", DESK, ids=lambda look: look.name)
def test_somebody_sent_from_the_desk_in_each_state(platform: Platform, browser: Browser, look: Look) -> None:
    case = pressed(platform, browser, 8 + DESK.index(look))
    with (
        window(browser, platform.url, "demo-operator-1", **look.context()) as karin,
        window(browser, platform.url, ANNA) as anna,
    ):
        settled(karin, "/desk", look)
        desk = taken(karin, case)
        desk.keyboard.press("m")
        expect(desk.locator(".send-form button").first).to_be_focused()
        looked_at(desk, "desk-send-1-whom", look)
        desk.keyboard.press("Enter")
        expect(desk.locator('.sent li[data-state="sent"]')).to_be_visible()
        looked_at(desk, "desk-send-2-sent", look)
        say(anna, case, "decline", reason="unsafe_alone")
        expect(desk.locator(".sent-more")).to_be_visible()
        looked_at(desk, "desk-send-3-cannot", look)
        say(anna, case, "accept")
        say(anna, case, "no-answer")
        expect(desk.locator('.sent li[data-state="no_answer"]')).to_be_visible()
        looked_at(desk, "desk-send-4-door", look)
        say(anna, case, "got-in")
        say(anna, case, "done")
