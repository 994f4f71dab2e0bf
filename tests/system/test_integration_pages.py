"""The administrator's pages for what goes out, by keyboard: a subscription whose receiver refuses, and the reserve."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.integration.alarms.receiving import Got
from tests.patience import PATIENCE
from tests.servers import free_port
from tests.system.browser import Window, chromium, window
from tests.system.keyboard import Hands, Words
from tests.system.platforms import Platform, platform_of
from tests.system.test_pages import SHEET, Look, looked_at, settled, write_sheet

pytestmark = pytest.mark.timeout(300)

DESKTOP = Look("sv", "light", 1366, 768)
PHONE = Look("en", "dark", 390, 844)
ROOMS = ("integrations", "reserve")


class Journal:
    """Another system on loopback: what it was sent, and the status that it answers."""

    def __init__(self) -> None:
        self.answers = 410
        self.got: list[Got] = []
        journal = self

        class Answering(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                journal.got.append(Got({k.lower(): v for k, v in self.headers.items()}, body, journal.answers))
                self.send_response(journal.answers)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *words: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
        self._thread = threading.Thread(target=self._server.serve_forever, name="journal")
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}/events"

    def stop(self) -> None:
        """Go away."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@contextmanager
def journal() -> Iterator[Journal]:
    """Another system while the block lasts."""
    made = Journal()
    try:
        yield made
    finally:
        made.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def platform() -> Iterator[Platform]:
    SHEET.mkdir(parents=True, exist_ok=True)
    with pytest.MonkeyPatch.context() as patched, platform_of("run", "--demo") as platform:
        patched.setenv("NATTLJUS_OUTWARD_NETWORKS", "127.0.0.0/8")
        platform.start()
        yield platform
    write_sheet()


def asked(opened: Window, path: str) -> Any:
    """What the API says to who sits at this window."""
    answer = opened.context.request.get(f"{opened.url}/api/v1/{path}")
    assert answer.ok, answer.text()
    return answer.json()


def at(opened: Window, room: str) -> Hands:
    """The administrator's hands on one of the pages."""
    words = Words("sv")
    page = opened.open(f"/admin/{room}")
    expect(page.get_by_role("heading", level=1, name=words(f"planning.room.{room}"))).to_be_visible()
    return Hands(page, words)


def fill(hands: Hands, key: str, text: str) -> None:
    """Walk to the field of that label and write over what stands there."""
    hands.reach(hands.page.get_by_label(hands.words(key), exact=True))
    hands.strike("Control+a")
    hands.write(text)


def test_what_a_receiver_refuses_is_seen_and_sent_again(platform: Platform, browser: Browser) -> None:
    with (
        window(browser, platform.url, "demo-administrator", **DESKTOP.context()) as lena,
        window(browser, platform.url, "demo-resident-1") as home,
        journal() as there,
    ):
        hands, words = at(lena, "integrations"), Words("sv")
        hands.push(re.compile(re.escape(words("integrations.add_subscription"))))
        fill(hands, "integrations.url", "journal")
        hands.push(words("integrations.begin"))
        expect(hands.page.get_by_text(words("integrations.fault.subscription_url"))).to_be_visible()
        hands.strike(*["Shift+Tab"] * 6)
        fill(hands, "integrations.url", there.url)
        hands.push(words("integrations.begin"))
        name = there.url.removeprefix("http://")
        once = hands.page.get_by_role("region", name=words("integrations.secret_of", who=name), exact=True)
        secret = once.get_by_role("textbox").input_value()
        looked_at(hands.page, "integrations-secret", DESKTOP)
        hands.push(words("integrations.once_put"))
        assert secret not in hands.page.content()

        home.press("integrations-1")
        until_one(lena, lambda view: view["dead"] == 1)
        hands.page.reload()
        expect(hands.page.get_by_text(words("integrations.dead_one", count=1))).to_be_visible()
        hands.reach(hands.page.get_by_text(words("integrations.dead_show")))
        hands.strike("Enter")
        expect(hands.page.get_by_role("cell", name=words("integrations.outcome.gone"))).to_be_visible()
        looked_at(hands.page, "integrations-dead", DESKTOP)
        there.answers = 204
        hands.push(words("integrations.again_one", what=words("integrations.event.case_raised")))
        until_one(lena, lambda view: view["dead"] == 0 and view["waiting"] == 0)
        first, *_, last = [one for one in there.got if one.event["type"] == "nattljus.case.raised"]
        assert (first.answered, last.answered) == (410, 204)
        assert (last.event["id"], last.event["replayed"]) == (first.event["id"], True)
        assert last.signed_with(secret)
        expect(hands.page.get_by_text(words("integrations.dead_show"))).to_have_count(0, timeout=1000 * PATIENCE)

        hands.push(words("integrations.pause"))
        hands.push(words("integrations.pause_yes"))
        expect(hands.page.get_by_text(words("integrations.standing.off"))).to_be_visible()
        assert [one["state"] for one in asked(lena, "subscriptions")["items"]] == ["off"]


def until_one(opened: Window, holds: Any) -> None:
    """Wait until the one subscription is like that."""
    for _ in range(round(5 * PATIENCE)):
        [view] = asked(opened, "subscriptions")["items"]
        if holds(view):
            return
        opened.page.wait_for_timeout(200)
    pytest.fail(f"it stayed {view}")


def test_a_system_gets_a_key_that_is_shown_once_and_ends_with_it(platform: Platform, browser: Browser) -> None:
    with window(browser, platform.url, "demo-administrator", **DESKTOP.context()) as lena:
        hands, words = at(lena, "integrations"), Words("sv")
        hands.push(re.compile(re.escape(words("integrations.add_client"))))
        fill(hands, "integrations.client_name", "Journalen")
        hands.push(words("integrations.enter_client"))
        token = hands.page.get_by_label(words("integrations.token_of", who="Journalen")).get_by_role("textbox")
        bearer = {"Authorization": f"Bearer {token.input_value()}"}
        assert lena.context.request.get(f"{lena.url}/api/v1/events", headers=bearer).ok
        hands.push(words("integrations.once_put"))
        card = hands.page.get_by_role("listitem").filter(has=hands.page.get_by_role("heading", name="Journalen"))
        hands.push(words("planning.remove"), within=card)
        hands.push(words("planning.remove_yes"))
        expect(card).to_have_count(0)
        assert lena.context.request.get(f"{lena.url}/api/v1/events", headers=bearer).status in {401, 403}


def test_the_reserve_is_turned_on_and_off_after_what_will_happen_is_said(platform: Platform, browser: Browser) -> None:
    with window(browser, platform.url, "demo-administrator", **DESKTOP.context()) as lena:
        hands, words = at(lena, "reserve"), Words("sv")
        expect(hands.button(words("reserve.turn_on"))).to_be_disabled()
        hands.push(re.compile(re.escape(words("reserve.add"))))
        fill(hands, "reserve.field.name", "Larmcentralen Öst")
        hands.reach(hands.page.get_by_label(words("reserve.field.transport"), exact=True))
        hands.write("UDP")
        fill(hands, "reserve.field.host", "127.0.0.1")
        fill(hands, "reserve.field.port", str(free_port()))
        hands.push(words("planning.save"))
        expect(hands.page.get_by_text(words("reserve.wrong.account"))).to_be_visible()
        hands.strike(*["Shift+Tab"] * 8)
        fill(hands, "reserve.field.account", "4711")
        hands.push(words("planning.save"))
        expect(hands.page.get_by_role("heading", name="Larmcentralen Öst")).to_be_visible()

        hands.push(words("reserve.turn_on"))
        expect(hands.page.get_by_text(words("reserve.on_sure"))).to_be_visible()
        assert asked(lena, "reserve")["on"] is False
        hands.push(words("reserve.turn_on_yes"))
        switch = hands.room("reserve.switch")
        expect(switch.get_by_text(words("reserve.is_on"))).to_be_visible()
        expect(switch.get_by_text("Lena Roos slog på den.")).to_be_visible()
        assert asked(lena, "reserve")["on"] is True
        looked_at(hands.page, "reserve-on", DESKTOP)
        hands.push(words("reserve.turn_off"))
        hands.push(words("reserve.turn_off_yes"))
        expect(switch.get_by_text(words("reserve.is_off"))).to_be_visible()
        assert asked(lena, "reserve")["on"] is False


def test_both_pages_can_be_used_on_a_phone(platform: Platform, browser: Browser) -> None:
    with window(browser, platform.url, "demo-administrator", **PHONE.context()) as lena:
        for room in ROOMS:
            page = settled(lena, f"/admin/{room}", PHONE)
            expect(page.locator(".cards h3").first).to_be_visible()
            if room == "integrations":
                expect(page.locator(".wide")).to_be_visible()
            looked_at(page, room, PHONE)


def test_a_planner_is_told_who_has_these_pages(platform: Platform, browser: Browser) -> None:
    with window(browser, platform.url, "demo-planner") as eva:
        page = eva.open("/admin/reserve")
        expect(page.get_by_text(Words("sv")("planning.administrators"))).to_be_visible()
        expect(page.get_by_role("link", name=Words("sv")("planning.room.reserve"))).to_have_count(0)
