"""A real browser: Debian's Chromium, driven by Playwright, somebody of the demonstration in each window."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from tests.patience import PATIENCE
from tests.servers import missing

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
]
# A camera that shows a moving picture at 30 a second (20 without being told), a microphone that beeps.
FAKE_CAMERA = ("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream=fps=30")

_LOOK = re.compile(r"/api/v1/cases/([^/]+)/position$")
PATIENT_MS = 1000 * PATIENCE
"""How long a page is waited for; what is promised in time is measured by tests of their own."""


@contextmanager
def chromium(*more: str) -> Iterator[Browser]:
    """Chromium while the block lasts, with `more` arguments."""
    path = shutil.which("chromium")
    if path is None:
        missing("chromium")
    expect.set_options(timeout=PATIENT_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*ARGUMENTS, *more])
        yield browser
        browser.close()


class Complaint(NamedTuple):
    """One error a page reported: what was said, and of which address."""

    text: str
    url: str = ""


class Window:
    """One person's window; what goes wrong in it is remembered in `errors`."""

    def __init__(self, browser: Browser, url: str, whom: str, **look: Any) -> None:
        wanted = {"viewport": {"width": 1920, "height": 1080}, "locale": "sv-SE", "timezone_id": "Europe/Stockholm"}
        self.context: BrowserContext = browser.new_context(**{**wanted, **look})
        self.url = url
        self.whom = whom
        self.errors: list[Complaint] = []
        answer = self.context.request.post(f"{url}/api/v1/demo/session", data={"as": whom})
        assert answer.status == 204, answer.text()
        self.page: Page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.errors.append(Complaint(str(error))))
        self.page.on("console", self._hear)

    def _hear(self, line: ConsoleMessage) -> None:
        if _matters(line.type, line.text):
            self.errors.append(Complaint(line.text, line.location["url"]))

    def excuse(self, status: int) -> None:
        """Forget the answers of this status: the test asked for a refusal, which Chromium calls an error of its own."""
        said = f"the server responded with a status of {status}"
        self.errors[:] = [error for error in self.errors if said not in error.text]

    def unexcused(self) -> list[Complaint]:
        """The errors but for looks that came as their case ended: a page asks, and somebody closes meanwhile."""
        if not self.errors:
            return []
        self.context.request.post(f"{self.url}/api/v1/demo/session", data={"as": self.whom})
        return [error for error in self.errors if not self._of_a_case_that_ended(error.url)]

    def _of_a_case_that_ended(self, url: str) -> bool:
        look = _LOOK.search(url)
        if look is None:
            return False
        answer = self.context.request.get(f"{self.url}/api/v1/cases/{look[1]}")
        return answer.status == 404 or answer.json()["state"] == "closed"

    def open(self, path: str) -> Page:
        """Go to a page of ours."""
        self.page.goto(self.url + path)
        return self.page

    def press(self, event_id: str, event_type: str = "nattljus.alarm.pressed") -> str:
        """Send an event as this window's resident; the case it is on."""
        event = {"specversion": "1.0", "id": event_id, "source": "window", "type": event_type}
        headers = {"Origin": self.url}
        answer = self.context.request.post(f"{self.url}/api/v1/device/events", data=event, headers=headers)
        assert answer.status == 202, answer.text()
        cases = answer.json()["cases"]
        return str(cases[0]) if cases else ""

    def close(self) -> None:
        """Close it."""
        self.context.close()


@contextmanager
def window(browser: Browser, url: str, whom: str, **look: Any) -> Iterator[Window]:
    """A window while the block lasts; what went wrong in it fails the test."""
    opened = Window(browser, url, whom, **look)
    try:
        yield opened
        errors = opened.unexcused()
        assert errors == [], errors
    finally:
        opened.close()


def _matters(kind: str, text: str) -> bool:
    # A lost connection is the subject of some tests; Chromium reports each as an error of its own.
    return kind == "error" and "WebSocket connection" not in text and "ERR_CONNECTION" not in text
