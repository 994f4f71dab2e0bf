"""What is drawn stands where its figures say, and a report holds every picture without anything from elsewhere."""

import json
import re
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.simulated.night.book import Back, Lid, answered
from clients.simulated.night.county import COUNTY, resident
from clients.simulated.night.drawing import Scale, framed, ticks
from clients.simulated.night.judge import Name, judged
from clients.simulated.night.night import Played
from clients.simulated.night.plan import plan
from clients.simulated.night.plots import Seen, answers, by_place, clock_of, drawn, places, queue, shares
from clients.simulated.night.report import written
from clients.simulated.night.words import EN, SV, Language
from clients.simulated.schedule import Pace
from kit.wire.words import TimelineKind
from tests.unit.clients.night.nights import OPERATOR, a_night, case, line

KEYS = ("presses", "answers", "oldest", "places", "escalations")


def seen(language: Language = Language.EN) -> Seen:
    told = [line(TimelineKind.ESCALATED, 80), line(TimelineKind.ESCALATED, 200), line(TimelineKind.TAKEN_OVER, 205)]
    book, found = a_night(
        case(1, 20, 205, 210, timeline=told), case(2, 30, 30.4, 36), case(3, 40, 41.5, 50), case(4, 40, 41.5, 50)
    )
    book.back = Back("Vik & <Sund>", 7, 75.0, 210.0, 7, 2.0)
    book.lid = Lid(OPERATOR, "c3", resident(3).id, at=120.0)
    return Seen(plan(60, 300, Pace(1, 30)), book, found, answered(book, found), language)


def test_a_scale_puts_values_between_its_ends_and_no_further() -> None:
    scale = Scale(0, 10, 100, 200)
    assert [scale(value) for value in (0, 5, 10, 11, -1)] == [100, 150, 200, 200, 100]
    up = Scale(0, 10, 200, 20)
    assert up(10) < up(0)
    log = Scale(0.1, 1000, 0, 400, log=True)
    assert [log(value) for value in (0.01, 0.1, 1, 10, 1000)] == pytest.approx([0, 0, 100, 200, 400])
    assert Scale(3, 3, 5, 9)(3) == 5


@given(st.floats(0, 1e7), st.integers(2, 10))
def test_ticks_are_round_even_and_reach_the_highest(high: float, most: int) -> None:
    marks = ticks(high, most)
    steps = {round(after - before, 6) for before, after in pairwise(marks)}
    assert marks[0] == 0
    assert marks[-1] >= high
    assert len(marks) <= most + 1
    assert len(steps) == 1
    assert re.fullmatch(r"[125]0*(\.0)?", f"{steps.pop():.1f}")


def test_a_bar_stands_on_the_axis_and_is_as_high_as_its_value() -> None:
    plot = framed("a & b", (0, 100), (0, 10))
    plot.bar(10, 20, 5)
    plot.bar(20, 30, 0)
    [bar] = ET.fromstring(plot.svg()).iter("rect")
    top, height = float(bar.attrib["y"]), float(bar.attrib["height"])
    assert top + height == pytest.approx(plot.y(0), abs=0.1)
    assert height == pytest.approx((plot.y(0) - plot.y(10)) / 2, abs=0.1)
    assert float(bar.attrib["x"]) == pytest.approx(plot.x(10), abs=0.1)


def test_a_stepped_line_stays_until_the_next_value() -> None:
    plot = framed("", (0, 10), (0, 10))
    plot.steps([(0, 1), (4, 3)])
    points = [tuple(map(float, point.split(","))) for point in _only(plot.svg(), "polyline")["points"].split()]
    assert [y for _, y in points] == [points[0][1], points[0][1], points[2][1]]
    assert points[1][0] == points[2][0] == pytest.approx(plot.x(4), abs=0.1)


def _only(svg: str, tag: str) -> dict[str, str]:
    [element] = ET.fromstring(svg).iter(tag)
    return element.attrib


@pytest.mark.parametrize("language", list(Language))
def test_every_picture_is_well_formed_within_its_frame_and_has_a_name(language: Language) -> None:
    for _, plot in drawn(seen(language)):
        root = ET.fromstring(plot.svg())
        _, _, width, height = map(float, root.attrib["viewBox"].split())
        assert root.attrib["aria-label"]
        assert not any("style" in element.attrib for element in root.iter())
        for rect in root.iter("rect"):
            x, y, wide, high = (float(rect.attrib[name]) for name in ("x", "y", "width", "height"))
            assert min(x, y, wide, high) >= 0
            assert x + wide <= width
            assert y + high <= height
        for text in root.iter("text"):
            assert 0 <= float(text.attrib["x"]) <= width
            assert 0 <= float(text.attrib["y"]) <= height


def test_answers_fall_into_their_bins_with_both_limits_marked() -> None:
    svg = answers(seen()).svg()
    said = [text.text for text in ET.fromstring(svg).iter("text")]
    assert {"60 s", "180 s"} <= set(said)
    assert [text for text in said if text in {"1", "2"}] != []
    bars = [element for element in ET.fromstring(svg).iter("rect") if element.attrib["class"] == "bar"]
    assert len(bars) == 3  # 0.4 s; twice 1.5 s; 185 s


def test_the_queue_counts_up_when_raised_and_down_when_taken() -> None:
    waited = queue(seen())
    assert [(round(at, 1), waiting) for at, waiting, _ in waited[:7:2]] == [(0, 0), (20, 1), (30, 2), (30.4, 1)]
    assert max(age for _, _, age in waited) == pytest.approx(185)
    assert waited[-1][1:] == (0, 0.0)


def test_a_municipality_has_its_share_of_its_own_alarms() -> None:
    rows = by_place(seen())
    assert [name for name, _, _ in rows] == [one.name for one in COUNTY]
    assert (sum(soon for _, soon, _ in rows), sum(of for _, _, of in rows)) == (3, 4)
    widths = [
        float(rect.attrib["width"]) for rect in ET.fromstring(places(seen()).svg()).iter("rect")
        if rect.attrib["class"] == "bar"
    ]  # fmt: skip
    full = places(seen()).x(1) - places(seen()).x(0)
    assert widths == pytest.approx([full * soon / of if of else 0 for _, soon, of in rows], abs=0.1)


def test_a_clock_goes_round_and_a_share_is_one_of_the_values() -> None:
    assert [clock_of(hour) for hour in (21, 25.5, 23.9999)] == ["21:00", "01:30", "00:00"]
    assert shares([3.0, 1.0, 2.0], 0.5, 1.0) == [2.0, 3.0]
    assert shares([], 0.5) == [float("inf")]


def test_both_languages_have_the_same_words() -> None:
    assert SV.keys() == EN.keys()
    for key in SV:
        assert set(re.findall(r"{(\w+)", SV[key])) == set(re.findall(r"{(\w+)", EN[key])), key


@pytest.mark.parametrize("language", list(Language))
def test_the_report_holds_every_picture_and_promise_and_needs_nothing_else(tmp_path: Path, language: Language) -> None:
    drawn_from = seen(language)
    book, found = drawn_from.book, drawn_from.stored
    book.faults.append("<b>refused</b>")
    played = Played(drawn_from.plan, book, found, judged(drawn_from.plan, book, found))
    order = {"residents": 60, "minutes": 5, "speed": 30, "seed": 1}
    written(tmp_path / "made", played, order, language, 0.31)
    page = (tmp_path / "made" / "report.html").read_text(encoding="utf-8")
    assert f'<html lang="{language}">' in page
    assert re.findall(r'<section id="(\w+)"><h2>', page) == [*KEYS, "figures"]
    assert page.count('role="img"') == len(KEYS)
    assert re.findall(r'data-promise="(\w+)"', page) == list(Name)
    assert not re.search(r"<script|<link|@import|https?:|src=|style=", page)
    assert "<b>" not in page
    assert "Vik &amp; &lt;Sund&gt;" in page
    said = json.loads((tmp_path / "made" / "report.json").read_text(encoding="utf-8"))
    assert said["kept"] is False
    assert {one["name"] for one in said["promises"]} == set(Name)
    assert said["figures"]["own_core"] == 0.31
