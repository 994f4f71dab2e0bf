"""A case from press to closing by keyboard alone, in two real browsers: steps, calls, who it is, 112, handing over."""

from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.patience import PATIENCE
from tests.system.browser import chromium, window
from tests.system.keyboard import Hands, Words
from tests.system.platforms import Platform, device_bearer, platform_of
from tests.system.test_pages import SHEET, Look, looked_at, settled

pytestmark = pytest.mark.timeout(300)

DARK = Look("sv", "dark", 1920, 1080)
LIGHT = Look("en", "light", 1366, 768)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def platform() -> Iterator[Platform]:
    SHEET.mkdir(parents=True, exist_ok=True)
    with platform_of("run", "--demo", call_number="tel:+46313900600") as platform:
        platform.start()
        yield platform


def press_at_home(platform: Platform, number: str) -> str:
    """The button that Nils and Rut share; the case."""
    event = {"specversion": "1.0", "id": number, "source": "test", "type": "nattljus.alarm.fall"}
    headers = {"Authorization": f"Bearer {device_bearer('demo-scaip-home')}"}
    answer = httpx.post(f"{platform.url}/api/v1/device/events", json=event, headers=headers, timeout=PATIENCE)
    assert answer.status_code == 202, answer.text
    return str(answer.json()["cases"][0])


def keys(page: Page, *strokes: str) -> None:
    for stroke in strokes:
        page.keyboard.press(stroke)


def focused(page: Page, words: str) -> None:
    """Walk with Tab to the button with these words on it."""
    for _ in range(40):
        if words in page.evaluate("document.activeElement.closest('button')?.textContent ?? ''"):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"Tab never came to {words}")


def in_field(page: Page) -> None:
    """Walk with Tab to the field to write in."""
    for _ in range(10):
        if page.evaluate("document.activeElement.tagName") == "TEXTAREA":
            return
        page.keyboard.press("Tab")
    pytest.fail("Tab never came to the field")


def test_a_case_goes_from_hand_to_hand_by_keyboard_alone(platform: Platform, browser: Browser) -> None:
    with (
        window(browser, platform.url, "demo-operator-1", **DARK.context()) as karin,
        window(browser, platform.url, "demo-operator-2", **LIGHT.context()) as jonas,
    ):
        page, other = settled(karin, "/desk", DARK), settled(jonas, "/desk", LIGHT)
        for one in (page, other):
            expect(one.locator(".queue-nobody")).to_be_visible()
        case = press_at_home(platform, "1")
        expect(page.locator(f'[data-row="{case}"]')).to_be_visible()

        keys(page, "ArrowDown", "Enter")
        expect(page.get_by_text("Vem är det?")).to_be_visible()
        keys(page, "k", "Space")
        expect(page.locator(".steps li").first).to_have_attribute("data-done", "true")
        looked_at(page, "handling-1-home", DARK)

        keys(page, "p", "Enter")
        expect(page.get_by_role("button", name="Inget svar")).to_be_enabled()
        keys(page, "p")
        focused(page, "Inget svar")
        keys(page, "Enter")
        expect(page.locator(".timeline")).to_contain_text("annat nummer: Inget svar")

        keys(page, "i")
        focused(page, "Rut Hansson")
        keys(page, "Enter")
        expect(page.locator(".person-name")).to_have_text("Rut Hansson")
        expect(page.locator(".steps")).to_contain_text("Fråga efter Nils")

        keys(page, "p")
        focused(page, "Camilla Hansson")
        keys(page, "Enter")
        expect(page.get_by_role("button", name="Någon svarade")).to_be_enabled()
        keys(page, "c")
        expect(page.locator(".close-missing")).to_have_text("Ange först vad samtalet ledde till.")
        looked_at(page, "handling-2-calling", DARK)
        keys(page, "Escape", "p", "Enter")
        expect(page.get_by_role("button", name="Svarade", exact=True)).to_be_enabled()
        keys(page, "p", "Enter")
        expect(page.locator(".timeline")).to_contain_text("en kontakt: Svarade")

        keys(page, "f")
        page.keyboard.type("Dottern Camilla är på väg.")
        focused(page, "Fäst")
        keys(page, "Enter")
        expect(page.locator(".pinned")).to_contain_text("Dottern Camilla är på väg.")

        keys(page, "Escape", "1")
        expect(page.locator(".told-112")).to_contain_text("Strandvägen 31, Uddevalla")
        expect(page.locator(".told-112")).to_contain_text("portkod 3131")
        looked_at(page, "handling-3-told-112", DARK)
        keys(page, "Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)

        keys(page, "e")
        focused(page, "Jonas Wiberg")
        keys(page, "Enter")
        expect(page.get_by_text("Ärendet är ditt tills Jonas Wiberg tar emot")).to_be_visible()
        expect(other.locator(".offer-strip")).to_contain_text("Karin Ekdahl")
        assert other.evaluate("document.activeElement === document.body"), "an offer takes no focus"
        looked_at(other, "handling-4-offered", LIGHT)

        keys(other, "a")
        expect(other.locator(".offer-strip")).to_have_count(0)
        expect(other.locator(".pinned")).to_contain_text("Dottern Camilla")
        expect(page.locator(".case-head")).to_contain_text("Jonas Wiberg har ärendet")
        looked_at(other, "handling-5-taken-over", LIGHT)

        keys(other, "c", "Space", "Tab", "Space")
        focused(other, "Close the case")
        keys(other, "Enter")
        expect(other.locator(".case")).to_have_attribute("data-state", "closed")


def test_a_note_goes_from_one_shift_to_the_next_by_keyboard(platform: Platform, browser: Browser) -> None:
    with (
        window(browser, platform.url, "demo-operator-1", **DARK.context()) as karin,
        window(browser, platform.url, "demo-operator-2", **LIGHT.context()) as jonas,
    ):
        page = settled(karin, "/desk", DARK)
        expect(page.locator(".queue-nobody")).to_be_visible()
        keys(page, "j")
        expect(page.get_by_label("Till nästa skift")).to_be_visible()
        in_field(page)
        page.keyboard.type("Strömavbrott i Skara, åter klockan 5.")
        looked_at(page, "handling-6-shift-note", DARK)
        focused(page, "Spara")
        keys(page, "Enter")
        expect(page.get_by_role("dialog")).to_have_count(0)
        other = settled(jonas, "/desk", LIGHT)
        expect(other.locator("#shift-button")).to_contain_text("note from Karin Ekdahl")
        keys(other, "j")
        expect(other.get_by_role("dialog")).to_contain_text("Strömavbrott i Skara")
        focused(other, "I have read it")
        keys(other, "Enter")
        expect(other.get_by_role("dialog")).to_contain_text("Read by Jonas Wiberg")
        looked_at(other, "handling-7-shift-note-read", LIGHT)


def test_a_case_is_sent_on_to_a_municipalitys_own_desk_by_keyboard(platform: Platform, browser: Browser) -> None:
    with (
        window(browser, platform.url, "demo-operator-1", **DARK.context()) as karin,
        window(browser, platform.url, "demo-granne-operator", **LIGHT.context()) as fredrik,
        window(browser, platform.url, "demo-granne-resident-1") as allan,
    ):
        west = Hands(settled(karin, "/desk", DARK), Words(DARK.language))
        own = Hands(settled(fredrik, "/desk", LIGHT), Words(LIGHT.language))
        expect(own.room("queue.title")).to_contain_text("Fredrik Hagman")  # whose desk is known to be open
        allan.press("1")
        west.take("Allan Rydberg")
        west.strike("e")
        west.push(west.words("handling.send_on_desk_one", name="Granne kommun", count=1))
        expect(west.room("case.title")).to_contain_text(west.words("handling.offered", name="Granne kommun"))
        accept = own.button(own.words("handling.accept"))
        expect(accept).to_be_visible()
        looked_at(own.page, "handling-8-sent-here", LIGHT)
        own.strike("a")
        expect(own.button(own.words("close.act"))).to_be_visible()
        own.hears("timeline.handed_over_desk", name="Granne kommun")
        expect(west.room("case.title")).to_contain_text(west.words("case.other", name="Fredrik Hagman"))
        looked_at(west.page, "handling-9-sent-on", DARK)
