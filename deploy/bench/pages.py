"""Visits in a benchmark: pages of ours in headless Chromium, a worker's and a resident's, who meet through the relay.

Playwright is there for the tests and need not be installed; without it or Chromium there are no pages (`NoPages`).
"""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from deploy.bench.children import CannotMeasure

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page

NO_PLAYWRIGHT = "Playwright is not installed, so the figures of visits are left out. Install it with: make test"
NO_CHROMIUM = (
    "Chromium does not start, so the figures of visits are left out. Install it with: apt-get install chromium"
)
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--autoplay-policy=no-user-gesture-required",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream=fps=30",
)
SEEN_WITHIN = 15.0  # seconds; a visit or a cut that takes longer counts as this long
DONE_WITHIN = 20.0  # seconds for any one act on a page
SCRIPT = Path(__file__).with_name("visit.js")


class NoPages(Exception):
    """Why there are none, and what to do: one sentence."""


@dataclass(frozen=True, slots=True)
class Started:
    """A visit that was started: milliseconds from its POST, none for what did not come.

    `first_frame` is when the later of the two had decoded a picture of the other.
    """

    shown: float | None
    sounded: float | None
    first_frame: float | None


@dataclass(frozen=True, slots=True)
class Pair:
    """A worker's page and the page of a resident whom that worker may visit."""

    worker: "Page"
    resident: "Page"
    name: str

    async def start(self) -> Started:
        """Ring as a worker does; a script at home answers at once. Back when both see each other, or too late."""
        page = self.worker
        await page.get_by_role("button", name="Nytt besök").click()
        await page.get_by_role("radio", name=self.name).check(force=True)
        await page.locator(".staff-field input").last.fill("SoL-2026-1")
        for one in (page, self.resident):
            await one.evaluate("noteAnew()")
        await page.locator(".staff-big").click()
        seen = await asyncio.gather(*(_noted(one, "seen") for one in (page, self.resident)))
        posted = await page.evaluate("noted.posted")
        home = await self.resident.evaluate("noted")
        return Started(_since(posted, home["shown"]), _since(posted, home["sounded"]), _since(posted, *seen))

    async def hang_up(self) -> None:
        """End the visit; both pages are as before it."""
        await self.worker.locator(".meeting-end").click()
        await self.worker.locator(".staff-after .staff-big").click()
        await self.resident.locator('[data-visit="live"]').wait_for(state="detached")


@asynccontextmanager
async def chromium() -> AsyncIterator["Browser"]:
    """A browser while the block lasts. Raises NoPages; CannotMeasure when what is done in the block cannot be done."""
    try:
        from playwright.async_api import Error, async_playwright
    except ImportError as error:
        raise NoPages(NO_PLAYWRIGHT) from error
    async with async_playwright() as playwright:
        try:
            browser = await playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
        except Error as error:
            raise NoPages(NO_CHROMIUM) from error
        try:
            yield browser
        except Error as error:
            raise CannotMeasure(f"A page did not do what it was asked to: {error.message.strip()}") from error
        finally:
            await browser.close()


async def pair(browser: "Browser", url: str, worker: str, resident: str, name: str) -> Pair:
    """Open /staff as that worker, /home as that resident whose name is `name`."""
    staff = await _page(browser, url, worker, "/staff")
    await staff.get_by_role("button", name="Nytt besök").wait_for()
    home = await _page(browser, url, resident, "/home")
    await home.locator(".home-help").wait_for()
    return Pair(staff, home, name)


async def note_cut(page: "Page") -> float:
    """From now on the page waits for frames that come after a cut; milliseconds on the machine's clock."""
    at: float = await page.evaluate("noteCut()")
    return at


async def back_after(page: "Page", at: float) -> float | None:
    """Milliseconds from the cut at `at` until frames came again, none when they did not."""
    return _since(at, await _noted(page, "again"))


async def _page(browser: "Browser", url: str, whom: str, path: str) -> "Page":
    context = await browser.new_context(
        viewport={"width": 640, "height": 900}, locale="sv-SE", permissions=["camera", "microphone"]
    )
    context.set_default_timeout(DONE_WITHIN * 1000)
    await context.add_init_script(path=SCRIPT)
    await context.request.post(f"{url}/api/v1/demo/session", data={"as": whom}, fail_on_status_code=True)
    page = await context.new_page()
    await page.goto(url + path)
    return page


async def _noted(page: "Page", what: str) -> float | None:
    """When it was, once the page has noted it; none when that takes too long."""
    at: float | None = await page.evaluate(f"whenNoted('{what}', {SEEN_WITHIN * 1000})")
    return at


def _since(start: float | None, *ends: float | None) -> float | None:
    """Milliseconds from `start` to the last of `ends`, none where one of them is missing."""
    there = [end for end in ends if end is not None]
    return None if start is None or len(there) < len(ends) else max(there) - start
