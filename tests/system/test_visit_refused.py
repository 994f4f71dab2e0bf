"""A visit where the resident's browser may not use camera and microphone: said plainly on both pages, and recorded."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.system.browser import chromium
from tests.system.meetings import PHONE, TABLET, answer_button, person, ring, watch
from tests.system.platforms import Platform, platform_of

pytestmark = pytest.mark.timeout(120)

ENOUGH = 15.0  # decoded frames a second


@pytest.fixture
def browser() -> Iterator[Browser]:
    # Nobody answers the browser's question here: what a window was not allowed beforehand is refused.
    with chromium("--deny-permission-prompts", "--use-fake-device-for-media-stream=fps=30") as browser:
        yield browser


@pytest.fixture
def platform() -> Iterator[Platform]:
    with platform_of("run", "--demo") as platform:
        platform.start()
        yield platform


def test_refused_camera_and_microphone_are_said_on_both_pages_and_recorded(
    platform: Platform, browser: Browser
) -> None:
    with (
        person(browser, platform.url, "demo-resident-9", "/home", **TABLET, permissions=[]) as home,
        person(browser, platform.url, "demo-worker-1", "/staff", **PHONE) as anna,
    ):
        ring(anna.page, "Zahra Karimi")
        answer_button(home.page).click()
        expect(home.page.get_by_text("Anna kan inte se eller höra dig")).to_be_visible(timeout=15_000)
        expect(anna.page.get_by_text("Zahra varken syns eller hörs")).to_be_visible(timeout=15_000)
        assert watch(home.page).frames_a_second >= ENOUGH  # and still sees and hears the other
        anna.page.get_by_role("button", name="Lägg på").click()
        expect(anna.page.get_by_text("Mikrofonen fick inte användas")).to_be_visible()
        expect(home.page.get_by_text("Det blev inget besök")).to_be_visible()
