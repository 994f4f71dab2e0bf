"""Every page in every state it can be in: free of accessibility errors, and on one contact sheet to be looked at.

The sheet is `build/pages/index.html`; `deploy/pictures/` keeps the two pictures that the readme shows.
"""

import html
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.system.browser import Window, chromium, window
from tests.system.platforms import Platform, platform_of

pytestmark = pytest.mark.timeout(300)

ROOT = Path(__file__).parents[2]
SHEET = ROOT / "build" / "pages"
AXE = ROOT / "clients" / "web" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@dataclass(frozen=True)
class Look:
    """One way to see a page."""

    language: str
    scheme: str
    width: int
    height: int
    zoom: float = 1.0

    @property
    def name(self) -> str:
        """For the picture's file."""
        zoom = f"-{self.zoom:.0f}x" if self.zoom != 1 else ""
        return f"{self.language}-{self.scheme}-{self.width}x{self.height}{zoom}"

    def context(self) -> dict[str, Any]:
        """Playwright's words for it. A zoomed page has fewer of its own pixels on the same screen."""
        size = {"width": round(self.width / self.zoom), "height": round(self.height / self.zoom)}
        locale = "sv-SE" if self.language == "sv" else "en-GB"
        return {
            "viewport": size,
            "locale": locale,
            "color_scheme": self.scheme,
            "device_scale_factor": self.zoom,
            "reduced_motion": "reduce",
        }


DESK = [
    Look("sv", "dark", 1920, 1080),
    Look("en", "light", 1920, 1080),
    Look("sv", "light", 1366, 768),
    Look("en", "dark", 1920, 1080, zoom=2),
]
HOME = [
    Look("sv", "light", 1280, 800),
    Look("en", "dark", 1280, 800),
    Look("sv", "dark", 390, 844),
    Look("en", "light", 1280, 800, zoom=2),
]
DEMO = [Look("sv", "light", 1366, 768), Look("en", "dark", 390, 844)]


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


def write_sheet() -> None:
    """Every picture taken so far, on one page."""
    pictures = sorted(path.name for path in SHEET.glob("*.png"))
    cells = "".join(
        f'<figure><img src="{name}" loading="lazy"><figcaption>{html.escape(name)}</figcaption></figure>'
        for name in pictures
    )
    style = "body{display:flex;flex-wrap:wrap;gap:1rem;font:14px sans-serif}img{max-width:460px;border:1px solid #888}"
    whole = SHEET / f"index.{os.getpid()}"  # others may be writing it too
    whole.write_text(f"<!doctype html><title>Pages</title><style>{style}</style>{cells}")
    whole.replace(SHEET / "index.html")


def looked_at(page: Page, state: str, look: Look, *, scrolls: bool = True) -> None:
    """Take the picture, and let axe find what somebody could not use."""
    page.wait_for_timeout(250)  # the arrival's slide has ended
    page.screenshot(path=SHEET / f"{state}-{look.name}.png")
    page.evaluate(AXE.read_text())
    found = page.evaluate("rules => axe.run(document, { runOnly: { type: 'tag', values: rules } })", RULES)
    faults = [
        f"{fault['id']}: {fault['help']}: {[node['html'][:120] for node in fault['nodes']][:3]}"
        for fault in found["violations"]
    ]
    assert faults == [], f"{state} {look.name}"
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{state} {look.name} is {wide} px too wide"
    if not scrolls:
        tall = page.evaluate("document.documentElement.scrollHeight - document.documentElement.clientHeight")
        assert tall <= 0, f"{state} {look.name} scrolls {tall} px"


def settled(opened: Window, path: str, look: Look) -> Page:
    opened.context.add_init_script(f"localStorage.setItem('nattljus.look', '{look.scheme}')")
    return opened.open(path)


@pytest.mark.parametrize("look", DEMO, ids=lambda look: look.name)
def test_the_choice_of_whom_to_be(platform: Platform, browser: Browser, look: Look) -> None:
    with window(browser, platform.url, "demo-operator-1", **look.context()) as opened:
        page = settled(opened, "/", look)
        expect(page.get_by_text("Karin Ekdahl")).to_be_visible()
        looked_at(page, "demo", look)


@pytest.mark.parametrize("look", DEMO, ids=lambda look: look.name)
def test_the_list_of_devices(platform: Platform, browser: Browser, look: Look) -> None:
    with window(browser, platform.url, "demo-installer", **look.context()) as opened:
        page = settled(opened, "/devices", look)
        expect(page.get_by_role("row", name="demo-stock-3")).to_be_visible()
        looked_at(page, "devices", look)
        page.get_by_role("textbox").first.fill("30")
        expect(page.get_by_role("row", name="demo-stock-1")).to_have_count(0)
        expect(page.get_by_role("row", name="demo-stock-3")).to_be_visible()


@pytest.mark.parametrize("look", DESK, ids=lambda look: look.name)
def test_the_desk_in_each_state(platform: Platform, browser: Browser, look: Look) -> None:
    with (
        window(browser, platform.url, "demo-operator-1", **look.context()) as karin,
        window(browser, platform.url, "demo-operator-2") as jonas,
        window(browser, platform.url, "demo-resident-2") as fell,
        window(browser, platform.url, "demo-resident-11") as pressed,
        window(browser, platform.url, "demo-resident-5") as third,
    ):
        page = settled(karin, "/desk", look)
        expect(page.locator(".queue-nobody")).to_be_visible()
        looked_at(page, "desk-1-empty", look)
        case = fell.press(look.name, "nattljus.alarm.fall")
        cases = [case, *(pressed.press(f"{look.name}-{n}") for n in range(2)), third.press(look.name)]
        third.press(f"{look.name}-b", "nattljus.battery.low")
        expect(page.locator(f'[data-row="{cases[-1]}"]')).to_be_visible()
        answer = jonas.context.request.post(
            f"{platform.url}/api/v1/cases/{cases[-1]}/take", headers={"Origin": platform.url}
        )
        assert answer.ok
        looked_at(page, "desk-2-busy", look)
        page.locator(f'[data-row="{case}"]').click()
        expect(page.locator(".act-take")).to_be_visible()
        looked_at(page, "desk-3-chosen", look)
        page.keyboard.press("Enter")
        expect(page.locator(".act-take")).to_have_count(0)
        looked_at(page, "desk-4-taken", look)
        acts_in_sight(page)
        page.keyboard.press("c")
        expect(page.locator('[data-choice="cause"] input').first).to_be_focused()
        looked_at(page, "desk-4-taken-closing", look)
        acts_in_sight(page)
        page.keyboard.press("Escape")
        for width, height in ((390, 844), (1366, 768), (960, 540)):
            page.set_viewport_size({"width": width, "height": height})
            acts_in_sight(page)
        page.set_viewport_size(look.context()["viewport"])
        page.keyboard.press("?")
        expect(page.get_by_role("dialog")).to_be_visible()
        looked_at(page, "desk-5-keys", look)
        page.keyboard.press("Escape")
        fell.press(f"{look.name}-again")
        expect(page.locator(".case-unread")).to_be_visible()
        looked_at(page, "desk-6-pressed-again", look)
        platform.pause()
        old = "kan vara gamla" if look.language == "sv" else "may be old"
        expect(page.get_by_text(old).first).to_be_visible()
        looked_at(page, "desk-7-cut-off", look)
        platform.resume()
        finish(jonas, platform)


def acts_in_sight(page: Page) -> None:
    """Whatever is scrolled and however small the screen, what can be done with the case is in sight."""
    page.locator(".case-head").scroll_into_view_if_needed()
    acts = page.locator(".case-foot .act")
    assert acts.count() >= 6
    size = page.viewport_size or {"width": 0, "height": 0}
    for act in acts.all():
        box = act.bounding_box()
        assert box, act.inner_text()
        assert 0 <= box["y"] <= size["height"] - box["height"], (act.inner_text(), box)
        assert 0 <= box["x"] <= size["width"] - box["width"], (act.inner_text(), box)
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0


def finish(opened: Window, platform: Platform) -> None:
    """Close every open case, so that the next look begins with an empty queue."""
    headers = {"Origin": platform.url}
    supervisor = opened.context.request
    supervisor.post(f"{platform.url}/api/v1/demo/session", data={"as": "demo-supervisor"})
    listed = supervisor.get(f"{platform.url}/api/v1/cases", params={"state": "open"}).json()
    for case in listed["items"]:
        path = f"{platform.url}/api/v1/cases/{case['id']}"
        for act, body in (
            ("take-over", {}),
            ("read", {}),
            ("close", {"cause": "mistake", "measure": "spoke", "nobody": "not_identified"}),
        ):
            answer = supervisor.post(f"{path}/{act}", data=body, headers=headers)
            assert answer.ok, answer.text()


@pytest.mark.parametrize("look", HOME, ids=lambda look: look.name)
def test_the_residents_page_in_each_state(platform: Platform, browser: Browser, look: Look) -> None:
    with (
        window(browser, platform.url, "demo-resident-9", **look.context()) as home,
        window(browser, platform.url, "demo-operator-1") as karin,
    ):
        page = settled(home, "/home", look)
        help_button = page.get_by_role("button").first
        expect(help_button).to_be_visible()
        looked_at(page, "home-1-rest", look, scrolls=False)
        platform.pause()
        help_button.click()
        page.wait_for_timeout(5_500)  # longer than the page waits before it says so
        looked_at(page, "home-2-not-received", look, scrolls=False)
        platform.resume()
        received = "Ditt larm är mottaget" if look.language == "sv" else "Your alarm has been received"
        expect(page.get_by_text(received)).to_be_visible()
        looked_at(page, "home-3-received", look, scrolls=False)
        [case] = karin.context.request.get(f"{platform.url}/api/v1/cases", params={"state": "open"}).json()["items"]
        headers = {"Origin": platform.url}
        karin.context.request.post(f"{platform.url}/api/v1/cases/{case['id']}/take", headers=headers)
        expect(page.get_by_text("Karin").first).to_be_visible()
        looked_at(page, "home-4-taken", look, scrolls=False)
        finish(karin, platform)
        expect(page.get_by_text("Karin")).to_have_count(0)
        looked_at(page, "home-5-ended", look, scrolls=False)


@pytest.mark.parametrize("look", DEMO, ids=lambda look: look.name)
def test_the_municipalitys_page_says_what_would_happen_to_an_alarm(
    platform: Platform, browser: Browser, look: Look
) -> None:
    with window(browser, platform.url, "demo-administrator", **look.context()) as lena:
        page = settled(lena, "/admin", look)
        swedish = look.language == "sv"
        day = page.get_by_label("Dag" if swedish else "Day", exact=True)
        day.fill("2026-12-24")
        page.get_by_label("Klockslag" if swedish else "Time", exact=True).fill("03:10")
        page.keyboard.press("Enter")
        expect(page.get_by_text("Larmcentralen Väst")).to_be_visible()
        steps = page.get_by_role("listitem")
        expect(steps.nth(0)).to_contain_text("03:11:00")
        expect(steps.nth(2)).to_contain_text("Anna Holm")
        looked_at(page, "admin-foreseen", look)


def test_nobody_who_is_not_there_gets_a_page(platform: Platform, browser: Browser) -> None:
    context = browser.new_context(locale="sv-SE")
    page = context.new_page()
    page.goto(f"{platform.url}/desk")
    expect(page.locator("main, #root").first).to_contain_text("ogga in")
    context.close()
