"""A visit as people have it: staff ring, somebody at home answers with one touch, and both are told the end."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.system.browser import FAKE_CAMERA, chromium
from tests.system.meetings import PHONE, TABLET, answer_button, answered, person, received, ring, watch
from tests.system.platforms import Platform, platform_of

pytestmark = pytest.mark.timeout(240)

ENOUGH = 15.0  # decoded frames a second
ALIVE = 5.0  # where it is asked only whether the picture goes on, on a machine with other things to do


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium(*FAKE_CAMERA) as browser:
        yield browser


@pytest.fixture(scope="module")
def platform() -> Iterator[Platform]:
    with platform_of("run", "--demo", call_number="tel:+46313900600") as platform:
        platform.start()
        yield platform


def test_staff_ring_and_home_answers_with_one_touch_and_both_see_and_hear(platform: Platform, browser: Browser) -> None:
    with (
        person(browser, platform.url, "demo-resident-1", "/home", **TABLET) as elsa,
        person(browser, platform.url, "demo-worker-1", "/staff", **PHONE) as anna,
    ):
        staff, home = anna.page, elsa.page
        expect(home.get_by_role("button", name="HJÄLP")).to_be_visible()
        ring(staff, "Elsa Lindqvist")
        answered(staff, home)
        for page in (staff, home):
            seen = watch(page)
            print(f"\n{page.url}: {seen.frames_a_second:.1f} frames a second, sound energy {seen.energy:.4f}")
            assert seen.frames_a_second >= ENOUGH
            assert seen.pictures >= 3
            assert seen.energy > 0
            assert not seen.muted
        expect(home.get_by_role("button", name="HJÄLP")).to_be_visible()
        staff.get_by_role("button", name="Lägg på").click()
        expect(staff.get_by_role("heading", name="är klart")).to_be_visible()
        expect(home.get_by_text("Besöket med Anna är slut")).to_be_visible()
        for page in (staff, home):
            assert received(page)["open"] == 0


def test_not_now_is_told_to_who_rings_and_home_rests_again(platform: Platform, browser: Browser) -> None:
    with (
        person(browser, platform.url, "demo-resident-2", "/home", **TABLET) as home,
        person(browser, platform.url, "demo-worker-1", "/staff", **PHONE) as anna,
    ):
        ring(anna.page, "Karl-Erik Johansson")
        home.page.get_by_role("button", name="Inte nu").click()
        expect(anna.page.get_by_text("ville inte svara nu")).to_be_visible()
        expect(home.page.get_by_text("inte vill prata nu")).to_be_visible()
        expect(home.page.locator(".home-time")).to_be_visible()
        assert received(home.page)["open"] == received(anna.page)["open"] == 0


def test_who_rings_can_take_it_back(platform: Platform, browser: Browser) -> None:
    with (
        person(browser, platform.url, "demo-resident-2", "/home", **TABLET) as home,
        person(browser, platform.url, "demo-worker-1", "/staff", **PHONE) as anna,
    ):
        ring(anna.page, "Karl-Erik Johansson")
        expect(answer_button(home.page)).to_be_visible()
        expect(anna.page.get_by_text("Det ringer hos Karl-Erik")).to_be_visible()
        anna.page.get_by_role("button", name="Lägg på").click()
        expect(home.page.get_by_text("Anna slutade ringa")).to_be_visible()
        expect(anna.page.get_by_text("ställdes in")).to_be_visible()


def test_a_planned_visit_is_rung_with_the_large_button_and_is_then_done(platform: Platform, browser: Browser) -> None:
    with (
        person(browser, platform.url, "demo-resident-1", "/home", **TABLET) as elsa,
        person(browser, platform.url, "demo-worker-1", "/staff", **PHONE) as anna,
    ):
        anna.page.locator(".staff-next .staff-big").click()
        answered(anna.page, elsa.page)
        elsa.page.get_by_role("button", name="Lämna").click()
        expect(elsa.page.get_by_text("Besöket med Anna är slut")).to_be_visible()
        expect(anna.page.get_by_role("heading", name="är klart")).to_be_visible()
        anna.page.get_by_role("button", name="Klar").click()
        expect(anna.page.locator(".staff-row", has_text="Elsa Lindqvist").first).to_contain_text("Gjort")


def test_a_page_that_is_loaded_again_goes_on_with_the_visit(platform: Platform, browser: Browser) -> None:
    with (
        person(browser, platform.url, "demo-resident-3", "/home", **TABLET) as home,
        person(browser, platform.url, "demo-worker-1", "/staff", **PHONE) as anna,
    ):
        ring(anna.page, "Märta Söderberg")
        answered(anna.page, home.page)
        for page, other in ((home.page, anna.page), (anna.page, home.page)):
            page.reload()
            expect(page.locator('[data-scene="live"]')).to_be_visible()
            expect(other.locator('[data-scene="live"]')).to_be_visible()
            assert watch(page).frames_a_second >= ALIVE
            assert watch(other).frames_a_second >= ALIVE
        anna.page.get_by_role("button", name="Lägg på").click()
        expect(home.page.get_by_text("är slut")).to_be_visible()


def test_a_page_that_is_closed_is_said_so_and_ends_the_visit_soon(platform: Platform, browser: Browser) -> None:
    with (
        person(browser, platform.url, "demo-resident-3", "/home", **TABLET) as home,
        person(browser, platform.url, "demo-worker-1", "/staff", **PHONE) as anna,
    ):
        ring(anna.page, "Märta Söderberg")
        answered(anna.page, home.page)
        home.page.goto("about:blank")
        expect(anna.page.get_by_text("Märta har lämnat sidan")).to_be_visible()
        expect(anna.page.get_by_text("Märta stängde sidan")).to_be_visible()


def test_the_same_person_in_two_windows_sends_from_one(platform: Platform, browser: Browser) -> None:
    with (
        person(browser, platform.url, "demo-resident-3", "/home", **TABLET) as home,
        person(browser, platform.url, "demo-worker-1", "/staff", **PHONE) as first,
        person(browser, platform.url, "demo-worker-1", "/staff", **PHONE) as second,
    ):
        ring(first.page, "Märta Söderberg")
        answered(first.page, home.page)
        second.page.get_by_role("button", name="Fortsätt här").click()
        expect(second.page.locator('[data-scene="live"]')).to_be_visible()
        expect(first.page.locator('[data-scene="elsewhere"]')).to_be_visible()
        assert watch(home.page).frames_a_second >= ALIVE
        assert received(first.page)["open"] == 0
        second.page.get_by_role("button", name="Lägg på").click()
        expect(first.page.locator(".staff-row").first).to_be_visible()


@pytest.mark.soak
def test_nobody_answers_and_both_are_told(platform: Platform, browser: Browser) -> None:
    with (
        person(browser, platform.url, "demo-resident-2", "/home", **TABLET) as home,
        person(browser, platform.url, "demo-worker-1", "/staff", **PHONE) as anna,
    ):
        ring(anna.page, "Karl-Erik Johansson")
        expect(answer_button(home.page)).to_be_visible()
        expect(anna.page.get_by_text("Karl-Erik svarade inte")).to_be_visible(timeout=60_000)
        expect(home.page.get_by_text("Anna ringde, men fick inget svar")).to_be_visible()
