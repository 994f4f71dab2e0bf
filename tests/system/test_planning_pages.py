"""The planner's pages by keyboard alone: what is written is tried beside it, stored, and what a night then follows."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.patience import PATIENCE
from tests.system.browser import Window, chromium, window
from tests.system.platforms import Platform, platform_of
from tests.system.test_pages import SHEET, Look, looked_at, settled, write_sheet

pytestmark = pytest.mark.timeout(300)

PATIENCE_MS = PATIENCE * 1000
EVE = "kind=person&reason=pressed&at=2026-12-24T03:10"
DESKTOP = Look("sv", "light", 1366, 768)
LOOKS = [
    (DESKTOP, ("plan", "routes", "rota", "steps", "contacts")),
    (Look("en", "dark", 390, 844), ("plan", "routes", "rota")),
    (Look("sv", "dark", 1366, 768, zoom=2), ("routes", "steps")),
]
ROOMS = {
    "plan": "/admin/plans?id=demo-plan-natt",
    "routes": "/admin/routes",
    "rota": "/admin/rotas?id=demo-rota-natt",
    "steps": "/admin/steps",
    "contacts": "/admin/contacts",
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def platform() -> Iterator[Platform]:
    SHEET.mkdir(parents=True, exist_ok=True)
    with platform_of("run", "--demo") as platform:
        platform.start()
        yield platform
    write_sheet()


def asked(opened: Window, path: str) -> Any:
    """What the API says to who sits at this window."""
    answer = opened.context.request.get(f"{opened.url}/api/v1/{path}")
    assert answer.ok, answer.text()
    return answer.json()


def reach(page: Page, wanted: Locator) -> None:
    """Go there with the Tab key and nothing else."""
    expect(wanted).to_be_visible(timeout=PATIENCE_MS)
    for _ in range(120):
        if wanted.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard never came to {wanted}")


def write(page: Page, field: Locator, text: str) -> None:
    reach(page, field)
    page.keyboard.press("Control+a")
    page.keyboard.type(text)


def press(page: Page, name: str, *, exact: bool = True) -> None:
    reach(page, page.get_by_role("button", name=name, exact=exact).first)
    page.keyboard.press("Enter")


def save(page: Page) -> None:
    press(page, "Spara")
    expect(page.get_by_text("Sparat.", exact=True)).to_be_visible(timeout=PATIENCE_MS)


@pytest.mark.parametrize(("look", "rooms"), LOOKS, ids=[look.name for look, _ in LOOKS])
def test_every_page_of_the_planner_can_be_used_by_everybody(
    platform: Platform, browser: Browser, look: Look, rooms: tuple[str, ...]
) -> None:
    for room in rooms:
        whom = "demo-administrator" if room == "contacts" else "demo-planner"
        with window(browser, platform.url, whom, **look.context()) as opened:
            page = settled(opened, ROOMS[room], look)
            expect(page.locator("main:not(.gate) h1")).to_be_visible(
                timeout=PATIENCE_MS
            )  # not that of the moment before
            if room in {"plan", "routes"}:
                expect(page.locator(".foresee-steps li").first).to_be_visible(timeout=PATIENCE_MS)
            if room in {"routes", "rota"}:
                expect(page.locator("svg.drawing")).to_be_visible(timeout=PATIENCE_MS)
            looked_at(page, f"planning-{room}", look)


def test_a_plan_is_tried_before_it_is_saved_and_who_is_late_is_told(platform: Platform, browser: Browser) -> None:
    """[7]"""
    with (
        window(browser, platform.url, "demo-planner") as eva,
        window(browser, platform.url, "demo-administrator") as lena,
    ):
        late = lena.open(ROOMS["plan"])
        page = eva.open(ROOMS["plan"])
        beside = page.get_by_role("region", name="Om du sparar det här")
        write(page, page.get_by_label("Väntan före steget", exact=True).first, "90")
        expect(beside.get_by_text("03:11:30")).to_be_visible(timeout=PATIENCE_MS)
        assert asked(eva, "plans/demo-plan-natt")["version"] == 1
        asks: list[str] = []
        page.on("dialog", lambda dialog: (asks.append(dialog.type), dialog.dismiss()))
        page.get_by_role("link", name="Vägar").focus()
        page.keyboard.press("Enter")
        page.wait_for_timeout(300)
        assert asks == ["beforeunload"]
        save(page)
        assert asked(eva, "plans/demo-plan-natt")["steps"][0]["wait"] == 90
        assert asked(eva, f"routing/preview?{EVE}")["steps"][0]["at"] == "2026-12-24T02:11:30.000Z"

        write(late, late.get_by_label("Namn", exact=True), "Nätter")
        press(late, "Spara")
        alert = late.get_by_role("alert")
        expect(alert).to_contain_text("Eva Strand har ändrat det här under tiden.", timeout=PATIENCE_MS)
        expect(late.get_by_label("Namn", exact=True)).to_have_value("Nätter")
        press(late, "Läs det som gäller nu")
        expect(late.get_by_label("Väntan före steget", exact=True).first).to_have_value("90")
        write(late, late.get_by_label("Namn", exact=True), "Nätter")
        save(late)
        assert asked(eva, "plans/demo-plan-natt")["name"] == "Nätter"
        lena.excuse(409)


def test_a_plan_that_would_end_says_so_beside_its_step_and_is_not_stored(platform: Platform, browser: Browser) -> None:
    """[6]"""
    with window(browser, platform.url, "demo-planner") as eva:
        page = eva.open("/admin/plans?new")
        write(page, page.get_by_label("Namn", exact=True), "Dagar")
        press(page, "Ta bort Steg 3")
        fault = page.get_by_text("Planen skulle ta slut")
        expect(fault).to_be_visible(timeout=PATIENCE_MS)
        press(page, "Spara")
        expect(page.get_by_text("Inget sparades.")).to_be_visible(timeout=PATIENCE_MS)
        eva.excuse(422)
        press(page, "Ångra ändringarna")
        write(page, page.get_by_label("Namn", exact=True), "Dagar")
        press(page, "Flytta ner: Steg 1")
        expect(page.get_by_role("group").first).to_contain_text("gruppledaren tillkallas")
        save(page)
        [made] = [one for one in asked(eva, "plans")["items"] if one["name"] == "Dagar"]
        assert [step["act"] for step in made["steps"]] == ["notify_role", "louder", "repeat"]
        press(page, "Ta bort Dagar")
        press(page, "Ja, ta bort")
        expect(page.get_by_role("heading", name="Larmplaner")).to_be_visible(timeout=PATIENCE_MS)
        assert [one["name"] for one in asked(eva, "plans")["items"] if one["name"] == "Dagar"] == []


def test_the_hours_that_no_route_is_meant_for_are_loud_and_an_overflow_is_before_all(
    platform: Platform, browser: Browser
) -> None:
    with window(browser, platform.url, "demo-planner") as eva:
        page = eva.open(ROOMS["routes"])
        expect(page.get_by_text("Varje timme i veckan har en väg.")).to_be_visible(timeout=PATIENCE_MS)
        press(page, "Ta bort Väg 3")
        expect(page.get_by_text("De här timmarna är inte avgjorda.", exact=False)).to_be_visible(timeout=PATIENCE_MS)
        table = page.get_by_role("region", name="Veckan som tabell")
        expect(table.get_by_text("07:00–21:00").first).to_be_visible()
        assert page.locator(".piece-loud").count() >= 1
        looked_at(page, "planning-routes-loud", DESKTOP)
        save(page)
        noon = asked(eva, "routing/preview?kind=person&reason=pressed&at=2026-11-25T12:00")
        assert (noon["rule"], noon["failed"]) == (None, ["no_rule"])
        press(page, "+ Lägg till en väg sist", exact=False)
        expect(page.get_by_text("Varje timme i veckan har en väg.")).to_be_visible(timeout=PATIENCE_MS)
        press(page, "+ Lägg till en omläggning", exact=False)
        starts = page.get_by_label("Börjar", exact=True)
        expect(starts).to_be_visible()
        save(page)
        stored = asked(eva, "routing")
        assert [rule["desks"] for rule in stored["rules"]][2] == ["demo-larmcentral"]
        [overflow] = stored["overflows"]
        during = asked(eva, f"routing/preview?kind=person&reason=pressed&at={overflow['starts_at']}")
        assert during["rule"] == overflow["id"]


def missing(opened: Window) -> timedelta:
    """For how long nobody is on call, of the coming two weeks."""
    gaps = asked(opened, "rotas/demo-rota-natt/gaps?days=14")["items"]
    spans = [(datetime.fromisoformat(gap["starts_at"]), datetime.fromisoformat(gap["ends_at"])) for gap in gaps]
    return sum((ends - starts for starts, ends in spans), timedelta())


def test_somebody_instead_is_on_call_and_the_gaps_are_named(platform: Platform, browser: Browser) -> None:
    with window(browser, platform.url, "demo-planner") as eva:
        page = eva.open(ROOMS["rota"])
        expect(page.get_by_text("luckor de kommande två veckorna")).to_be_visible(timeout=PATIENCE_MS)
        before = missing(eva)
        press(page, "+ Lägg till någon i stället", exact=False)
        who = page.get_by_label("Person", exact=True)
        reach(page, who)
        page.keyboard.type("Petra")
        expect(who).to_have_value("demo-worker-3")
        save(page)
        rota = asked(eva, "rotas/demo-rota-natt")
        assert [one["person"] for one in rota["overrides"]] == ["demo-worker-3"]
        assert missing(eva) < before - timedelta(hours=10)
        reach(page, page.get_by_text("Som kalender"))
        page.keyboard.press("Enter")
        address = page.get_by_label("Kalenderns adress").input_value()
        calendar = eva.context.request.get(address)
        assert "Petra Lindahl" in calendar.text()


def test_steps_for_an_alarm_and_for_a_resident_are_what_the_operator_gets(platform: Platform, browser: Browser) -> None:
    with window(browser, platform.url, "demo-planner") as eva:
        page = eva.open(ROOMS["steps"])
        press(page, "+ Lägg till ett steg", exact=False)
        write(page, page.get_by_label("Steg 1", exact=True), "Fråga vad som har hänt.")
        save(page)
        own = [one for one in asked(eva, "action-steps")["items"] if one["texts"]]
        assert [(one["reason"], one["texts"]) for one in own] == [(None, ["Fråga vad som har hänt."])]
        press(page, "Välj en boende")
        resident = page.get_by_label("Boende", exact=True)
        reach(page, resident)
        names = {one["name"]: one["id"] for one in asked(eva, "residents?limit=200")["items"]}
        name = next(name for name, key in names.items() if key == "demo-resident-2")
        page.keyboard.type(name)
        expect(page.get_by_role("heading", name=name)).to_be_visible(timeout=PATIENCE_MS)
        part = page.get_by_role("region", name="För en boende")
        reach(page, part.get_by_role("button", name="Lägg till ett steg"))
        page.keyboard.press("Enter")
        write(page, part.get_by_label("Steg 1", exact=True), "Ring dottern först.")
        reach(page, part.get_by_role("button", name="Spara"))
        page.keyboard.press("Enter")
        expect(part.get_by_text("Sparat.", exact=True)).to_be_visible(timeout=PATIENCE_MS)
    with (
        window(browser, platform.url, "demo-resident-2") as home,
        window(browser, platform.url, "demo-supervisor") as maria,
    ):
        case = home.press("steps")
        taken = maria.context.request.post(f"{platform.url}/api/v1/cases/{case}/take", headers={"Origin": platform.url})
        assert taken.ok, taken.text()
        texts = [step["text"] for step in asked(maria, f"cases/{case}")["steps"]]
    assert texts == ["Fråga vad som har hänt.", "Ring dottern först."]


def test_an_administrator_says_whom_to_tell_of_an_outage_and_a_planner_reads_it(
    platform: Platform, browser: Browser
) -> None:
    with window(browser, platform.url, "demo-administrator") as lena:
        page = lena.open(ROOMS["contacts"])
        press(page, "+ Lägg till en kontakt", exact=False)
        write(page, page.get_by_label("Namn eller funktion"), "Larmansvarig")
        write(page, page.get_by_label("E-post"), "larm")
        press(page, "Spara")
        expect(page.get_by_text("Det är ingen e-postadress.")).to_be_visible()
        page.keyboard.press("Shift+Tab")
        write(page, page.get_by_label("E-post"), "larm@kommun.test")
        press(page, "Spara")
        expect(page.get_by_role("form", name="Larmansvarig")).to_be_visible(timeout=PATIENCE_MS)
        assert [one["email"] for one in asked(lena, "outage-contacts")["items"]] == ["larm@kommun.test"]
    with window(browser, platform.url, "demo-planner") as eva:
        page = eva.open(ROOMS["contacts"])
        expect(page.get_by_text("Förvaltaren ändrar dem.")).to_be_visible(timeout=PATIENCE_MS)
        expect(page.get_by_role("heading", name="Larmansvarig")).to_be_visible()
        expect(page.get_by_role("button", name="Spara")).to_have_count(0)


def test_who_may_not_read_gets_a_sentence(platform: Platform, browser: Browser) -> None:
    with window(browser, platform.url, "demo-administrator", locale="en-GB") as lena:
        page = lena.open(ROOMS["steps"])
        expect(page.get_by_text("is read and changed by the planner")).to_be_visible(timeout=PATIENCE_MS)
    with window(browser, platform.url, "demo-worker-1") as anna:
        page = anna.open(ROOMS["plan"])
        expect(page.get_by_text("arbetar inte på den här sidan")).to_be_visible(timeout=PATIENCE_MS)
