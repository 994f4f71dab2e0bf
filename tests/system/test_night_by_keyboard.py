"""A whole night at the desk without a mouse, in both languages, by what things are and what they are called.

Nothing here is found by the look of the page: an operator who hears it instead of seeing it can do all of this. Axe
looks at every stage, and each is on the contact sheet.
"""

import asyncio
import re
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from playwright.sync_api import Browser, expect

from clients.simulated import scaip
from kit.clock import SystemClock
from tests.system.browser import PATIENT_MS, Window, chromium, window
from tests.system.keyboard import Hands, Words
from tests.system.platforms import Platform, platform_of
from tests.system.test_mission_pages import say
from tests.system.test_pages import SHEET, Look, looked_at, settled

pytestmark = pytest.mark.timeout(600)

NIGHTS = [Look("sv", "dark", 1366, 768), Look("en", "light", 1366, 768)]
ELSA, RUT, HOME_OF_RUT, NOBODYS = "100001", "100012", "100099", "999123"
SILENT_AFTER = 5  # seconds between heartbeats that a model promises from now on, and does not send


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


def press(platform: Platform, account: str, reference: str) -> str:
    """Press as a SCAIP device does, over UDP; what it was told."""

    async def pressed() -> str:
        try:
            await scaip.press(SystemClock(), ("127.0.0.1", platform.sip_port), account, reference)
        except scaip.NotTold as refused:
            return str(refused)
        return "stored"

    with ThreadPoolExecutor(1) as beside:  # Playwright has this thread's loop
        return beside.submit(asyncio.run, pressed()).result()


def silence(platform: Platform) -> None:
    """The demonstration's alarms promise heartbeats that nobody sends: before long they are lost, all at once."""
    with sqlite3.connect(platform.folder / "nattljus.db", timeout=30) as database:
        database.execute("UPDATE device_model SET heartbeat_s = ? WHERE name = 'Trygghetslarm'", [SILENT_AFTER])
    database.close()


def case_of(opened: Window, who: str) -> str:
    """The open case of that person, as Anna's telephone knows it."""
    cases = opened.context.request.get(f"{opened.url}/api/v1/cases", params={"state": "open"}).json()["items"]
    return str(next(case["id"] for case in cases if case["resident"] == who))


@pytest.mark.parametrize("look", NIGHTS, ids=lambda look: look.language)
def test_a_whole_night_by_keyboard_alone(platform: Platform, browser: Browser, look: Look) -> None:
    words = Words(look.language)
    with (
        window(browser, platform.url, "demo-operator-2", **look.context()) as jonas,
        window(browser, platform.url, "demo-operator-1", **look.context()) as karin,
        window(browser, platform.url, "demo-worker-1") as anna,
    ):
        note = {"text": "Hissen på Björkgatan 12 står still.", "version": 0}
        left = jonas.context.request.post(f"{platform.url}/api/v1/shift-note", data=note, headers={"Origin": jonas.url})
        assert left.ok, left.text()
        hands = Hands(settled(karin, "/", look), words)
        page = hands.page
        stage = iter(range(1, 100))

        def seen(name: str) -> None:
            looked_at(page, f"night-{next(stage):02}-{name}", look)

        # On shift: who one is, and what the shift before has left.
        hands.push(re.compile("^Karin Ekdahl"))
        expect(hands.button(words("handling.shift_new", name="Jonas Wiberg"))).to_be_visible()
        expect(hands.room("queue.title")).to_contain_text(words("queue.nobody_waits"))
        hands.strike("j")
        dialog = page.get_by_role("dialog", name=words("handling.shift"))
        expect(dialog).to_contain_text("Hissen på Björkgatan 12")
        seen("shift-note")
        hands.push(words("handling.shift_ack"))
        expect(hands.button(words("handling.shift_ack"))).to_have_count(0)
        hands.push(words("handling.close"), dialog)
        expect(dialog).to_have_count(0)
        other = Hands(settled(jonas, "/desk", look), words)

        # A press from a SCAIP device is taken, its steps are read and ticked, the person is called.
        assert press(platform, ELSA, "night1") == "stored"
        hands.take("Elsa Lindqvist")
        case = hands.room("case.title")
        expect(case.get_by_role("heading", level=2)).to_contain_text("Björkgatan 12")
        hands.strike("k")
        speak = hands.room("handling.steps").get_by_role("checkbox", name=re.compile(words("handling.step.speak")))
        hands.reach(speak)
        hands.strike("Space")
        hands.hears("timeline.ticked", step=words("handling.step.speak"))
        expect(speak).to_be_checked()
        hands.strike("p")
        hands.push(f"{words('handling.call')} Elsa Lindqvist")
        expect(hands.button(words("handling.connected"))).to_be_enabled()
        seen("calling")
        hands.push(words("handling.connected"))
        hands.push(words("handling.result.answered"))
        hands.hears("timeline.call_ended", to=words("handling.to.resident"), result=words("handling.result.answered"))

        # Somebody is sent, and says by telephone how it goes.
        hands.strike("m")
        hands.push(re.compile(f"^Hemtjänst Norr · {words('mission.own_team')}"))
        sent = hands.room("case.missions")
        expect(sent).to_contain_text(words("mission.state.sent"))
        elsas = case_of(karin, "demo-resident-1")
        say(anna, elsas, "accept")
        expect(sent).to_contain_text(words("mission.state.accepted"))
        expect(sent).to_contain_text("Anna Holm")
        seen("somebody-goes")

        # It may rest meanwhile; the next press wakes it.
        hands.strike("h")
        hands.push(words("case.minutes_other", count=15))
        expect(case).to_contain_text(re.compile(words("case.held", time=r"\d\d:\d\d")))
        assert press(platform, ELSA, "night2") == "stored"
        expect(case).to_contain_text(words("case.unread_one", count=1))
        expect(case).not_to_contain_text(words("act.done.hold"))
        hands.hears("timeline.woken")
        seen("woken")
        hands.strike("Escape", "s")
        hands.hears("timeline.read")
        say(anna, elsas, "arrived", reason="let_in")
        expect(sent).to_contain_text(words("mission.state.arrived"))

        # Two who share a home: the shared button is pressed while one of them waits already.
        silence(platform)
        assert press(platform, RUT, "night3") == "stored"
        assert press(platform, HOME_OF_RUT, "night4") == "stored"
        hands.take(words("queue.unknown_person"))
        seen("who-is-it")
        hands.strike("i")
        hands.push(re.compile(f"^{re.escape(words('handling.who_named', name='Rut Hansson'))}"))
        hands.hears("timeline.merged")
        expect(hands.row("Rut Hansson")).to_have_count(1)
        expect(hands.room("person.title").get_by_role("heading", name="Rut Hansson")).to_be_visible()
        seen("merged")

        # 112 is told, and that it was told stands there; what the next shall know is pinned.
        hands.strike("1")
        told = page.get_by_role("dialog", name=words("handling.told_title"))
        expect(told).to_contain_text("Strandvägen 31, Uddevalla")
        seen("told-112")
        hands.push(words("handling.close"), told)
        expect(told).to_have_count(0)
        hands.hears("timeline.told_112")
        hands.strike("f")
        hands.reach(page.get_by_role("textbox", name=words("handling.pin_label")))
        hands.write("Grannen Sven har nyckel.")
        hands.push(words("handling.pin"))
        pinned = hands.room("person.title").get_by_role("listitem").filter(has_text="Grannen Sven har nyckel.")
        expect(pinned).to_be_visible()

        # The case goes to a colleague and comes back.
        hands.strike("Escape", "e")
        hands.push("Jonas Wiberg")
        expect(case).to_contain_text(words("handling.offered", name="Jonas Wiberg"))
        seen("offered")
        offer = other.button(words("handling.accept"))
        expect(offer).to_be_visible()
        other.strike("a")
        expect(case).to_contain_text(words("case.other", name="Jonas Wiberg"))
        expect(other.room("person.title")).to_contain_text("Grannen Sven har nyckel.")
        other.strike("Escape", "e")
        other.push("Karin Ekdahl")
        expect(hands.button(words("handling.accept"))).to_be_visible()
        seen("offered-me")
        hands.strike("Escape", "a")
        expect(hands.button(words("close.act"))).to_be_visible()
        hands.finish("illness", "ambulance")

        # An alarm of nobody's.
        assert press(platform, NOBODYS, "night5") != "stored"
        hands.take(words("handling.unknown_account", account=NOBODYS))
        expect(case).to_contain_text(words("handling.step.find_sender"))
        seen("unknown")
        hands.finish("mistake", "other", "not_identified")

        # Many devices silent at once are one thing to handle, in a lane of its own.
        hands.strike("Escape")
        fold = hands.room("queue.title").get_by_role("button", name=re.compile(words("queue.technical")))
        expect(fold).to_be_visible(timeout=3 * PATIENT_MS)
        if fold.get_attribute("aria-expanded") == "false":
            hands.strike("t")
        incident = words("incident.devices_other", count="", watched="").split()[-1]
        expect(hands.row(f" {incident}")).to_be_visible(timeout=3 * PATIENT_MS)
        hands.take(f" {incident}")
        expect(hands.room("incident.title").get_by_role("listitem").first).to_be_visible()
        seen("incident")
        hands.finish("technical_fault", "reported_technical")

        # The first case ends when who was sent is done.
        say(anna, elsas, "done")
        hands.walk_to("Elsa Lindqvist")
        expect(sent).to_contain_text(words("mission.state.done"))
        hands.finish("fall", "staff_sent")
        seen("closed")

        # Off shift.
        hands.strike("Escape", "j")
        hands.reach(page.get_by_role("textbox", name=words("handling.shift_write")))
        hands.write("Elsa är omhändertagen. Rut är på sjukhus.")
        seen("shift-note-written")
        hands.push(words("handling.shift_save"))
        expect(dialog).to_have_count(0)
        other.strike("Escape", "j")
        expect(other.page.get_by_role("dialog")).to_contain_text("Rut är på sjukhus")
        hands.push(words("page.leave"))
        expect(page.get_by_role("heading", name=words("demo.title"))).to_be_visible()
