"""A visit as people have it: staff ring on a phone, somebody at home answers with one touch, and both are told the end."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.system.browser import FAKE_CAMERA, chromium
from tests.system.meetings import PHONE, TABLET, answer_button, answered, person, received, ring, watch
from tests.system.platforms import Platform, platform_of

pytestmark = [pytest.mark.xdist_group("system"), pytest.mark.timeout(240)]

ENOUGH = 15.0  # decoded frames a second


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
        expect(home.get_by_text("Besöket är slut")).to_be_visible()
        for page in (staff, home):
            assert received(page)["open"] == 0
