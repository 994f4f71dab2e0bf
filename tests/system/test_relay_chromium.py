"""Two browsers in a call through the relay: both see and hear, and the relay decodes nothing."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route

from kit.clock import SystemClock
from kit.wire.words import Direction
from tests.system.browser import FAKE_CAMERA, chromium
from tests.system.relays import RelayProcess, relay_process

pytestmark = pytest.mark.timeout(180)

SCRIPT = Path(__file__).with_name("call.js")
PAGE = f"<!doctype html><title>Call</title><video></video><script>{SCRIPT.read_text()}</script>"
monotonic = SystemClock().monotonic
NAMES = ("anna", "bo")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium(*FAKE_CAMERA) as browser:
        yield browser


@pytest.fixture
def relay() -> Iterator[RelayProcess]:
    with relay_process() as relay:
        yield relay


def participant(browser: Browser, relay: RelayProcess) -> Page:
    """A page of the relay's own origin, as the front would make it."""
    page = browser.new_context(permissions=["camera", "microphone"]).new_page()

    def answer(route: Route) -> None:
        route.fulfill(body=PAGE, content_type="text/html")

    page.route(f"{relay.url}/call", answer)
    page.goto(f"{relay.url}/call")
    return page


def call(browser: Browser, relay: RelayProcess) -> dict[str, Page]:
    """Both publish, and each subscribes to the other."""
    pages = {name: participant(browser, relay) for name in NAMES}
    for name, page in pages.items():
        page.evaluate("leg => publish(leg)", relay.leg("visit-1", name, Direction.PUBLISH))
    for name, page in pages.items():
        other = next(one for one in NAMES if one != name)
        page.evaluate("leg => subscribe(leg)", relay.leg("visit-1", name, Direction.SUBSCRIBE, other))
    for page in pages.values():
        page.wait_for_function("window.first !== undefined", timeout=20_000)
    return pages


def look(pages: dict[str, Page]) -> dict[str, dict[str, Any]]:
    return {name: page.evaluate("look()") for name, page in pages.items()}


@pytest.mark.parametrize("seconds", [15, pytest.param(30, marks=pytest.mark.soak)])
def test_two_browsers_see_and_hear_each_other_through_a_relay_that_decodes_nothing(
    browser: Browser, relay: RelayProcess, seconds: int
) -> None:
    pages = call(browser, relay)
    before, began = look(pages), monotonic()
    cpu, packets = relay.figures()
    pictures: dict[str, set[str]] = {name: set() for name in NAMES}
    while monotonic() - began < seconds:
        for name, page in pages.items():
            page.wait_for_timeout(250)
            pictures[name].add(page.evaluate("look()")["picture"])
    after, lasted = look(pages), monotonic() - began
    used, packets = (now - then for now, then in zip(relay.figures(), (cpu, packets), strict=True))
    print(
        f"\nrelay: {100 * used / lasted:.1f} % of a core, {used / packets * 1e6:.0f} µs for each of {packets} packets"
    )
    for name in NAMES:
        rate = (after[name]["video"]["framesDecoded"] - before[name]["video"]["framesDecoded"]) / lasted
        sound = after[name]["audio"]["totalAudioEnergy"] - before[name]["audio"]["totalAudioEnergy"]
        first = after[name].pop("first")
        print(f"{name}: {rate:.1f} pictures/s, sound {sound:.3f}, the first after {first:.0f} ms, {after[name]}")
        assert rate >= 15
        assert sound > 0
        assert len(pictures[name]) > seconds / 2
    status = relay.status()
    assert status["legs"] == status["up"] == 4
    assert status["codec_objects"] == 0


def test_the_picture_goes_on_over_a_restart_of_ice(browser: Browser, relay: RelayProcess) -> None:
    pages = call(browser, relay)
    for page in pages.values():
        page.evaluate("publishing.renew()")
        page.evaluate("subscribed.renew()")
    before, began = look(pages), monotonic()
    pages["anna"].wait_for_timeout(4000)
    after, lasted = look(pages), monotonic() - began
    for name, page in pages.items():
        assert (after[name]["video"]["framesDecoded"] - before[name]["video"]["framesDecoded"]) / lasted >= 15
        assert page.evaluate("[publishing, subscribed].map(one => one.connectionState)") == ["connected", "connected"]
    assert relay.status()["up"] == 4
    assert not relay.status()["dropped"].get("stun_forged", 0)
    for page in pages.values():
        page.goto("about:blank")


def test_a_page_that_is_left_gives_its_legs_back_at_once(browser: Browser, relay: RelayProcess) -> None:
    pages = call(browser, relay)
    for page in pages.values():
        page.goto("about:blank")
    assert legs_after(relay, 3.0) == 0


@pytest.mark.soak
def test_a_browser_that_is_gone_without_a_word_is_forgotten(browser: Browser, relay: RelayProcess) -> None:
    pages = call(browser, relay)
    for page in pages.values():
        page.context.close()
    assert legs_after(relay, 40.0) == 0


def legs_after(relay: RelayProcess, seconds: float) -> int:
    """How many legs are left after so many seconds, or as soon as there are none."""
    until = monotonic() + seconds
    while (left := int(relay.status()["legs"])) and monotonic() < until:
        time.sleep(0.1)
    return left
