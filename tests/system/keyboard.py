"""Somebody at a desk with no mouse, who finds things as a screen reader does: by what they are and are called."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

TEXTS = Path(__file__).parents[2] / "clients" / "web" / "src" / "text"
FAR = 150  # strokes of Tab: more than there are things to reach on any page


class Words:
    """What a page says in one language, by the keys of its text files."""

    def __init__(self, language: str) -> None:
        self._texts = json.loads((TEXTS / f"{language}.json").read_text())

    def __call__(self, key: str, **named: str | int) -> str:
        found: Any = self._texts
        for part in key.split("."):
            found = found[part]
        return re.sub(r"\{\{(\w+)\}\}", lambda name: str(named[name[1]]), str(found))


class Hands:
    """The ten fingers of one person on one page."""

    def __init__(self, page: Page, words: Words) -> None:
        self.page = page
        self.words = words

    def strike(self, *strokes: str) -> None:
        """Press these keys, one after another."""
        for stroke in strokes:
            self.page.keyboard.press(stroke)

    def write(self, text: str) -> None:
        """Type into what has the focus."""
        self.page.keyboard.type(text)

    def room(self, key: str) -> Locator:
        """The landmark of that name."""
        return self.page.get_by_role("region", name=self.words(key), exact=True)

    def button(self, name: str | re.Pattern[str]) -> Locator:
        """The button that is called exactly so."""
        return self.page.get_by_role("button", name=name, exact=isinstance(name, str))

    def reach(self, wanted: Locator, by: str = "Tab") -> None:
        """Walk until it has the focus, as soon as it is there to walk to."""
        expect(wanted).to_be_visible()
        for _ in range(FAR):
            if has_focus(wanted):
                return
            self.strike(by)
        pytest.fail(f"{by} never came to {wanted}")

    def push(self, name: str | re.Pattern[str], within: Locator | None = None) -> None:
        """Walk to the button of that name, which can be pushed, and push it."""
        wanted = (within or self.page).get_by_role("button", name=name, exact=isinstance(name, str))
        expect(wanted).to_be_enabled()
        self.reach(wanted)
        self.strike("Enter")

    def choose(self, group: str, option: str) -> None:
        """Walk to a group of choices and then with the arrows to one of them."""
        choices = self.page.get_by_role("radiogroup", name=self.words(group), exact=True)
        wanted = choices.get_by_role("radio", name=self.words(option), exact=True)
        for _ in range(FAR):
            if choices.evaluate("group => group.contains(document.activeElement)"):
                break
            self.strike("Tab")
        if has_focus(wanted):
            self.strike("Space")
        else:
            self.reach(wanted, by="ArrowRight")
        expect(wanted).to_be_checked()

    def row(self, who: str) -> Locator:
        """The row in the queue that says so."""
        return self.room("queue.title").get_by_role("button", name=re.compile(re.escape(who)))

    def walk_to(self, who: str) -> None:
        """Choose that row with the arrows."""
        wanted = self.row(who)
        expect(wanted).to_be_visible()
        self.strike("Escape")
        for arrow in [*["ArrowDown"] * 20, *["ArrowUp"] * 40]:
            if wanted.get_attribute("aria-current") == "true":
                return
            self.strike(arrow)
        pytest.fail(f"the arrows never came to {who}")

    def take(self, who: str) -> None:
        """Walk to a row and take its case."""
        self.walk_to(who)
        self.strike("Enter")
        expect(self.button(self.words("close.act"))).to_be_visible()

    def hears(self, key: str, **named: str | int) -> None:
        """A line of what has happened says this."""
        line = self.room("case.timeline").get_by_role("listitem").filter(has_text=self.words(key, **named))
        expect(line.first).to_be_attached()

    def finish(self, cause: str, measure: str, nobody: str | None = None) -> None:
        """Close the case that is chosen: C, then cause, measure, and why there is nobody to name."""
        self.strike("c")
        self.choose("close.cause", f"cause.{cause}")
        self.choose("close.measure", f"measure.{measure}")
        if nobody:
            self.choose("close.who", f"nobody.{nobody}")
        self.push(self.words("close.act"))
        expect(self.page.get_by_text(self.words("act.done.close"))).to_be_visible()


def has_focus(wanted: Locator) -> bool:
    """Whether it is what the next key goes to."""
    return bool(wanted.evaluate("found => found === document.activeElement"))
