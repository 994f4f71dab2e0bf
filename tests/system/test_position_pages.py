"""Where somebody is, on the desk in a real browser: drawn on a map, in words without one, asked for by keyboard."""

import base64
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from kit.clock import SystemClock
from registry.demo import TRACKER
from tests.system.browser import Window, chromium, window
from tests.system.platforms import Platform, device_bearer, platform_of
from tests.system.test_pages import SHEET, Look, looked_at, settled
from tests.system.tiles import Tiles, tiles

pytestmark = pytest.mark.timeout(300)

DARK = Look("sv", "dark", 1920, 1080)
LIGHT = Look("en", "light", 1366, 768)
PATIENCE = 30_000  # ms
SOFTWARE = ("--enable-unsafe-swiftshader", "--use-angle=swiftshader", "--ignore-gpu-blocklist")
HERE = {"latitude": 58.3862, "longitude": 13.4410, "accuracy": 18}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium(*SOFTWARE) as browser:
        yield browser


@pytest.fixture(scope="module")
def pictures() -> Iterator[Tiles]:
    with tiles() as server:
        yield server


@pytest.fixture(scope="module")
def mapped(pictures: Tiles) -> Iterator[Platform]:
    SHEET.mkdir(parents=True, exist_ok=True)
    with platform_of("run", "--demo", map_tiles=pictures.url) as platform:
        platform.start()
        tell(platform, "press", "alarm.pressed", **HERE)
        yield platform


def tell(platform: Platform, number: str, what: str = "position", **data: object) -> None:
    """What Åke Persson's mobile alarm tells."""
    event = {"specversion": "1.0", "id": number, "source": "phone", "type": f"nattljus.{what}", "data": data}
    headers = {"Authorization": f"Bearer {device_bearer(TRACKER)}"}
    said = {**event, "time": SystemClock().now().isoformat()}
    answer = httpx.post(f"{platform.url}/api/v1/device/events", json=said, headers=headers)
    assert answer.status_code == 202, answer.text


def fetched(platform: Platform) -> list[str]:
    """The questions that the alarm has been asked."""
    headers = {"Authorization": f"Bearer {device_bearer(TRACKER)}"}
    answer = httpx.get(f"{platform.url}/api/v1/device/commands", headers=headers)
    assert answer.status_code == 200, answer.text
    return [one["data"]["command"] for one in answer.json()["items"]]


def opened(someone: Window, look: Look) -> Page:
    """The desk with Åke's case on it."""
    page = settled(someone, "/desk", look)
    row = page.locator("[data-row]").first
    row.wait_for(timeout=PATIENCE)
    row.click()
    page.locator(".position").wait_for(timeout=PATIENCE)
    return page


def colours(page: Page) -> int:
    """How many colours there are on the map: one where nothing was drawn."""
    shot = base64.b64encode(page.locator(".position-frame canvas").screenshot()).decode()
    count = page.evaluate(
        """async (shot) => {
            const bytes = Uint8Array.from(atob(shot), (letter) => letter.charCodeAt(0))
            const picture = await createImageBitmap(new Blob([bytes], { type: 'image/png' }))
            const canvas = new OffscreenCanvas(picture.width, picture.height)
            const ink = canvas.getContext('2d')
            ink.drawImage(picture, 0, 0)
            const dots = new Uint32Array(ink.getImageData(0, 0, picture.width, picture.height).data.buffer)
            return new Set(dots).size
        }""",
        shot,
    )
    return int(count)


def drawn(page: Page) -> None:
    """Wait until the map shows more than its ground."""
    page.locator('.position-frame[data-drawn="yes"]').wait_for(timeout=PATIENCE)
    for _ in range(100):
        if colours(page) > 3:
            return
        page.wait_for_timeout(200)
    pytest.fail("nothing was drawn on the map")


def test_the_map_is_drawn_with_words_beside_it_in_both_languages(
    mapped: Platform, browser: Browser, pictures: Tiles
) -> None:
    for whom, look, words in (
        ("demo-operator-1", DARK, "inom ungefär 20 meter"),
        ("demo-operator-2", LIGHT, "within about 20 metres"),
    ):
        with window(browser, mapped.url, whom, **look.context()) as someone:
            page = opened(someone, look)
            expect(page.locator(".position-age")).to_contain_text(words, timeout=PATIENCE)
            drawn(page)
            expect(page.locator(".position-map figcaption")).to_contain_text("Åke Persson")
            expect(page.locator(".position-map figcaption")).to_contain_text("© Testkartan")
            looked_at(page, "desk-position", look)
            nearest = min(zoom for zoom, _, _ in pictures.asked)
            page.locator(".position-frame canvas").focus()
            for _ in range(100):
                if min(zoom for zoom, _, _ in pictures.asked) < nearest:
                    break
                page.keyboard.press("-")
                page.wait_for_timeout(200)
            assert min(zoom for zoom, _, _ in pictures.asked) < nearest
            pictures.asked.clear()


def test_a_device_is_asked_by_keyboard_and_the_page_says_what_comes_of_it(mapped: Platform, browser: Browser) -> None:
    with window(browser, mapped.url, "demo-operator-1", **DARK.context()) as karin:
        page = opened(karin, DARK)
        page.keyboard.press("Enter")
        page.locator("#locate-button").wait_for(timeout=PATIENCE)
        page.keyboard.press("w")
        said = page.locator(".position-said")
        expect(said).to_contain_text("Larmet har inte hämtat frågan än", timeout=PATIENCE)
        [question] = fetched(mapped)
        tell(mapped, "answer", latitude=58.3871, longitude=13.4402, accuracy=8, command=question)
        expect(said).to_contain_text("Larmet svarade", timeout=PATIENCE)
        expect(page.locator(".position-figures").first).to_have_text("58.38710, 13.44020", timeout=PATIENCE)
        expect(page.locator(".timeline")).to_contain_text("Larmet svarade var det är", timeout=PATIENCE)


def test_without_pictures_or_without_webgl_the_coordinates_stand_and_a_sentence_says_why(
    mapped: Platform, browser: Browser
) -> None:
    with window(browser, mapped.url, "demo-operator-2", **DARK.context()) as jonas:
        jonas.context.route("**/*.png", lambda route: route.abort("connectionrefused"))
        page = opened(jonas, DARK)
        trouble = page.locator(".position-map [role=status]")
        expect(trouble).to_contain_text("Kartbilderna gick inte att hämta", timeout=PATIENCE)
        expect(page.locator(".position-figures").first).to_be_visible()
    with window(browser, mapped.url, "demo-operator-2", **DARK.context()) as jonas:
        jonas.context.add_init_script("HTMLCanvasElement.prototype.getContext = () => null")
        page = opened(jonas, DARK)
        trouble = page.locator(".position-map [role=status]")
        expect(trouble).to_contain_text("Kartan kan inte ritas", timeout=PATIENCE)
        expect(page.locator(".position-figures").first).to_be_visible()


def test_without_a_map_set_there_are_coordinates_and_nobody_else_is_asked_anything(browser: Browser) -> None:
    with platform_of("run", "--demo") as platform:
        platform.start()
        tell(platform, "press", "alarm.pressed", **HERE)
        with window(browser, platform.url, "demo-operator-1", **LIGHT.context()) as karin:
            asked: list[str] = []
            karin.page.on("request", lambda request: asked.append(request.url))
            page = opened(karin, LIGHT)
            expect(page.locator(".position-figures").first).to_have_text("58.38620, 13.44100", timeout=PATIENCE)
            expect(page.locator(".position-frame")).to_have_count(0)
            looked_at(page, "desk-position-no-map", LIGHT)
            assert [url for url in asked if not url.startswith((platform.url, "data:", "ws:"))] == []
            assert [url for url in asked if "PositionMap" in url] == []
        _, headers = platform.get("/desk")
        assert "connect-src 'self';" in headers["content-security-policy"]
