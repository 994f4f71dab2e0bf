"""Two browsers in a visit: what each of them receives, measured by the browser itself."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, Locator, Page, expect

from tests.system.browser import Window, window

PHONE = {"viewport": {"width": 390, "height": 844}, "color_scheme": "light"}
TABLET = {"viewport": {"width": 1280, "height": 800}, "color_scheme": "light"}
DEVICES = ["camera", "microphone"]

# Remembers every connection the page makes, so that it can be asked what it carries.
CONNECTIONS = """() => {
  window.connections = []
  const Made = window.RTCPeerConnection
  window.RTCPeerConnection = class extends Made {
    constructor(...words) {
      super(...words)
      window.connections.push(this)
    }
  }
}"""

RECEIVED = """async () => {
  let frames = 0, energy = 0, level = 0
  for (const connection of window.connections) {
    if (connection.connectionState !== 'connected') continue
    for (const one of (await connection.getStats()).values()) {
      if (one.type !== 'inbound-rtp') continue
      frames += one.framesDecoded ?? 0
      energy += one.totalAudioEnergy ?? 0
      level = Math.max(level, one.audioLevel ?? 0)
    }
  }
  const video = document.querySelector('video[data-own="false"]')
  const canvas = document.createElement('canvas')
  canvas.width = 64
  canvas.height = 36
  const context = canvas.getContext('2d')
  if (video) context.drawImage(video, 0, 0, 64, 36)
  const pixels = context.getImageData(0, 0, 64, 36).data
  let sum = 0
  for (let at = 0; at < pixels.length; at += 1) sum = (sum * 31 + pixels[at]) % 1000000007
  const open = window.connections.filter((one) => one.connectionState !== 'closed').length
  return { frames, energy, level, picture: sum, at: performance.now(), open, muted: video ? video.muted : true }
}"""


@dataclass(frozen=True)
class Seen:
    """What a page received over a while."""

    frames_a_second: float
    pictures: int
    energy: float
    muted: bool


def received(page: Page) -> dict[str, Any]:
    """What the page's connections have received until now, and what stands in the picture."""
    got: dict[str, Any] = page.evaluate(RECEIVED)
    return got


def watch(page: Page, seconds: float = 3.0) -> Seen:
    """What a page receives over the next seconds."""
    looks = [received(page)]
    for _ in range(4):
        page.wait_for_timeout(seconds * 250)
        looks.append(received(page))
    first, last = looks[0], looks[-1]
    took = (last["at"] - first["at"]) / 1000
    return Seen(
        frames_a_second=(last["frames"] - first["frames"]) / took,
        pictures=len({look["picture"] for look in looks}),
        energy=last["energy"] - first["energy"],
        muted=last["muted"],
    )


@contextmanager
def person(browser: Browser, url: str, whom: str, path: str, **look: Any) -> Iterator[Window]:
    """Somebody's page, with camera and microphone allowed unless `permissions` says otherwise."""
    with window(browser, url, whom, **{"permissions": DEVICES, **look}) as opened:
        opened.context.add_init_script(f"({CONNECTIONS})()")
        opened.open(path)
        try:
            yield opened
        finally:
            if path == "/staff":
                hang_up_all(opened)


def hang_up_all(opened: Window) -> None:
    """End what a failed test has left open, so that the next one finds nobody busy."""
    visits = opened.context.request.get(f"{opened.url}/api/v1/visits").json()["items"]
    for visit in visits:
        if visit["me"] is not None and visit["state"] != "ended":
            path = f"{opened.url}/api/v1/visits/{visit['id']}/end"
            opened.context.request.post(path, data={}, headers={"Origin": opened.url})


def ring(staff: Page, name: str) -> None:
    """Start a visit that nobody planned, through the page as a worker does."""
    staff.get_by_role("button", name="Nytt besök").click()
    staff.get_by_label("Sök namn").fill(name)
    staff.get_by_role("radio", name=name).check(force=True)
    staff.get_by_label("Beslutets nummer").fill("SoL-2026-1")
    staff.locator(".staff-big").click()


def answer_button(home: Page) -> Locator:
    """The big one."""
    return home.get_by_role("button", name="Svara")


def answered(staff: Page, home: Page) -> None:
    """The ring is heard at home, answered with one click, and both see each other."""
    expect(answer_button(home)).to_be_visible(timeout=5_000)
    answer_button(home).click()
    expect(staff.locator('.meeting[data-scene="live"]')).to_be_visible(timeout=15_000)
    expect(home.locator('[data-visit="live"]')).to_be_visible(timeout=15_000)
