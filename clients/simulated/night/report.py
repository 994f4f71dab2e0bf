"""The night as one page (report.html: no script, nothing from elsewhere) and as figures (report.json)."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from html import escape
from math import isfinite
from pathlib import Path

from clients.simulated.night.book import SOON, answered
from clients.simulated.night.county import COUNTY, areas
from clients.simulated.night.drawing import Plot
from clients.simulated.night.night import Played
from clients.simulated.night.plan import What
from clients.simulated.night.plots import Seen, by_place, clock_of, drawn, shares
from clients.simulated.night.words import Language, goal_of, name_of, number, seconds, seen_of, verdict_of
from kit.wire.words import CaseKind

JSON, HTML = "report.json", "report.html"
MOST_FAULTS = 50

STYLE = """
:root { color-scheme: light dark; --ink: #1b2430; --paper: #fff; --faint: #d5dae1; --fill: #8593a6; --alarm: #b3261e; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #dfe5ec; --paper: #14191f; --faint: #333c47; --fill: #5b6b80; --alarm: #ff8a80; }
}
@media print {
  :root { --ink: #000; --paper: #fff; --faint: #ccc; --fill: #999; --alarm: #000; }
  section { break-inside: avoid; }
}
body { background: var(--paper); color: var(--ink); font: 16px/1.45 system-ui, sans-serif; margin: 0 auto;
  max-width: 860px; padding: 24px 16px 64px; }
h1 { font-size: 28px; margin: 0 0 4px; } h2 { font-size: 19px; margin: 36px 0 4px; } p { margin: 4px 0 12px; }
table { border-collapse: collapse; margin-bottom: 16px; width: 100%; }
td, th { border-bottom: 1px solid var(--faint); padding: 6px 12px 6px 0; text-align: left; vertical-align: top; }
td.figure, th.figure { font-variant-numeric: tabular-nums; text-align: right; }
.verdict { font-weight: 600; } tr.broken td { color: var(--alarm); font-weight: 600; }
svg { display: block; height: auto; width: 100%; } text { fill: var(--ink); } text.small { font-size: 12px; }
text.named { font-size: 12px; font-style: italic; }
.axis { fill: none; stroke: var(--ink); } .grid { fill: none; stroke: var(--faint); }
.goal { fill: none; stroke: var(--ink); stroke-dasharray: 6 4; }
.mark { fill: none; stroke: var(--ink); stroke-width: 2; }
.line { fill: none; stroke: var(--ink); stroke-width: 1.8; } .bar { fill: var(--fill); }
.band { fill: url(#hatch); stroke: var(--fill); } .dot { fill: var(--paper); stroke: var(--ink); stroke-width: 2; }
.hatch { fill: none; stroke: var(--faint); stroke-width: 2; } svg.patterns { height: 0; position: absolute; width: 0; }
""".strip()

PATTERNS = (
    '<svg class="patterns" aria-hidden="true"><defs><pattern id="hatch" width="8" height="8" '
    'patternUnits="userSpaceOnUse"><path class="hatch" d="M-2 10 10 -2M-2 2 2 -2M6 10 10 6"/></pattern></defs></svg>'
)


def written(folder: Path, played: Played, order: Mapping[str, float], language: Language, own_core: float) -> None:
    """Write both into that folder, which is made. `own_core` is the simulation's share of a core. Raises OSError."""
    seen = Seen(played.plan, played.book, played.stored, answered(played.book, played.stored), language)
    figures = {name: _plain(value) for name, value in figures_of(seen, own_core).items()}
    said = {
        "scenario": "night",
        **order,
        "operators": played.plan.operators,
        "kept": played.kept,
        "promises": [
            {"name": one.name, "holds": one.holds, "seen": {key: _plain(value) for key, value in one.seen.items()}}
            for one in played.promises
        ],
        "figures": figures,
        "samples": [asdict(one) for one in played.book.samples],
        "faults": played.book.faults[:MOST_FAULTS],
    }
    page = "\n".join(_page(played, seen, order, own_core)) + "\n"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / JSON).write_text(json.dumps(said, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    (folder / HTML).write_text(page, encoding="utf-8")


def figures_of(seen: Seen, own_core: float) -> dict[str, float]:
    """The night in figures; waits in seconds, `night` the share answered within a minute of the night's own time."""
    waits = list(seen.waits.values())
    p50, p95, p99, most = shares(waits, 0.5, 0.95, 0.99, 1.0)
    presses: dict[str, int] = {}
    for press in seen.book.presses:
        if press.alarm:
            presses[press.resident.id] = presses.get(press.resident.id, 0) + 1
    within = sum(wait * seen.plan.pace.speed <= SOON for wait in waits)
    return {
        "alarms": len(waits), "p50": p50, "p95": p95, "p99": p99, "most": most,
        "night": within / len(waits) if waits else 0.0,
        "again": sum(count > 1 for count in presses.values()) / len(presses) if presses else 0.0,
        "thing_cases": sum(case.kind is CaseKind.TECHNICAL for case in seen.stored.cases),
        "collisions": seen.book.taken_by_other,
        "own_core": own_core, "behind": seen.book.behind,
    }  # fmt: skip


def _plain(value: float | str) -> float | str | None:
    """As JSON can say it."""
    return value if isinstance(value, str) or isfinite(value) else None


def _page(played: Played, seen: Seen, order: Mapping[str, float], own_core: float) -> Iterator[str]:
    words, language, plan = seen.words, seen.language, seen.plan
    lead = words["lead"].format(
        residents=int(order["residents"]),
        places=len(COUNTY),
        begins=clock_of(plan.clock(0)),
        ends=clock_of(plan.clock(plan.seconds)),
        minutes=number(f"{order['minutes']:g}", language),
        speed=number(f"{order['speed']:g}", language),
        operators=plan.operators,
        responders=plan.responders * len(areas()),
    )
    broken = sum(one.holds is False for one in played.promises)
    yield f'<!doctype html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>{escape(words['title'])}</title>\n<style>\n{STYLE}\n</style>\n</head>\n<body>\n{PATTERNS}\n<main>"
    yield f"<h1>{escape(words['title'])}</h1>\n<p>{escape(lead)}</p>"
    yield f'<p class="verdict">{escape(words["broken"].format(n=broken) if broken else words["kept"])}</p>'
    yield from _promises(played, seen)
    figures = figures_of(seen, own_core)
    said = {key: seconds(figures[key], language) for key in ("p50", "p95", "p99", "most")}
    said["night"] = number(f"{figures['night']:.1%}", language)
    for key, plot in drawn(seen):
        yield from _section(key, plot, words[f"say_{key}"].format_map(said), words)
    yield from _figures(seen, figures)
    if played.book.faults:
        faults = "".join(f"<li>{escape(fault)}</li>" for fault in played.book.faults[:MOST_FAULTS])
        yield f"<section><h2>{escape(words['faults'])}</h2><ul>{faults}</ul></section>"
    yield "</main>\n</body>\n</html>"


def _promises(played: Played, seen: Seen) -> Iterator[str]:
    words, language = seen.words, seen.language
    heads = "".join(f'<th scope="col">{escape(words[one])}</th>' for one in ("promise", "goal", "seen", "verdict"))
    yield f'<table id="promises"><thead><tr>{heads}</tr></thead><tbody>'
    for one in played.promises:
        cells = (name_of(one, language), goal_of(one, language), seen_of(one, language), verdict_of(one, language))
        row = "".join(f"<td>{escape(cell)}</td>" for cell in cells)
        yield f'<tr class="{"broken" if one.holds is False else "held"}" data-promise="{one.name}">{row}</tr>'
    yield "</tbody></table>"


def _section(key: str, plot: Plot, said: str, words: Mapping[str, str]) -> Iterator[str]:
    yield f'<section id="{key}"><h2>{escape(words[f"plot_{key}"])}</h2><p>{escape(said)}</p>'
    yield f"{plot.svg()}</section>"


def _figures(seen: Seen, figures: Mapping[str, float]) -> Iterator[str]:
    words, language, book = seen.words, seen.language, seen.book
    yield f'<section id="figures"><h2>{escape(words["figures"])}</h2><table><thead><tr><th scope="col">'
    yield f"{escape(words['what'])}</th>" + "".join(
        f'<th scope="col" class="figure">{escape(words[one])}</th>' for one in ("sent", "stored")
    )
    yield "</tr></thead><tbody>"
    for what in What:
        cells = (book.sent.get(what, 0), book.stored.get(what, 0))
        row = "".join(f'<td class="figure">{count}</td>' for count in cells)
        yield f"<tr><td>{escape(words[what])}</td>{row}</tr>"
    yield "</tbody></table><table><tbody>"
    rows = [
        (words["again"], number(f"{figures['again']:.1%}", language)),
        (words["thing_cases"], f"{figures['thing_cases']:.0f}"),
        (words["collisions"], f"{figures['collisions']:.0f}"),
        (words["own_core"], number(f"{figures['own_core']:.0%}", language)),
        (words["behind"], seconds(figures["behind"], language)),
        *((name, f"{soon}/{of} ≤ {SOON:.0f} s") for name, soon, of in by_place(seen)),
    ]
    for name, value in rows:
        yield f'<tr><td>{escape(name)}</td><td class="figure">{escape(value)}</td></tr>'
    yield "</tbody></table></section>"
