"""The night's pictures: what came and waited, how soon it was answered, where, and what grew louder. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil, inf

from clients.simulated.night.book import SOON, Book, Stored
from clients.simulated.night.county import COUNTY
from clients.simulated.night.drawing import Plot, framed, ticks
from clients.simulated.night.judge import LATE, SOON_SHARE
from clients.simulated.night.plan import Plan
from clients.simulated.night.words import WORDS, Language, number
from kit.wire.words import Reason, TimelineKind

PARTS = 60  # of the night, one bar each
BINS = (0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 60.0, 180.0, 600.0)  # seconds; less is in the first
ROW = 24.0  # units of the drawing


@dataclass(frozen=True, slots=True)
class Seen:
    """What the pictures are drawn from. `waits` are seconds until each case was answered."""

    plan: Plan
    book: Book
    stored: Stored
    waits: Mapping[str, float]
    language: Language

    @property
    def words(self) -> Mapping[str, str]:
        """The language's words."""
        return WORDS[self.language]

    @property
    def ends(self) -> float:
        """Real seconds until the last look."""
        return max(self.plan.seconds, *(one.at for one in self.book.samples), 1.0)

    def since(self, at: datetime) -> float:
        """Real seconds from the start until a moment of the platform's."""
        return (at - self.book.began).total_seconds()


def drawn(seen: Seen) -> list[tuple[str, Plot]]:
    """Every picture under its key."""
    return [
        ("presses", presses(seen)),
        ("answers", answers(seen)),
        ("oldest", oldest(seen)),
        ("places", places(seen)),
        ("escalations", escalations(seen)),
    ]


def presses(seen: Seen) -> Plot:
    """Bars of presses, a line of waiting alarms, both by the same axis of counts."""
    part = seen.plan.seconds / PARTS
    counts = [0] * ceil(seen.ends / part + 1e-9)
    for press in seen.book.presses:
        if press.alarm:
            counts[min(int(press.at / part), len(counts) - 1)] += 1
    waited = queue(seen)
    marks = ticks(max([*counts, *(waiting for _, waiting, _ in waited)]))
    plot = _over_the_night(seen, "presses", marks)
    for nth, count in enumerate(counts):
        plot.bar(nth * part, min((nth + 1) * part, seen.ends), count)
    plot.steps([(at, waiting) for at, waiting, _ in waited])
    return plot


def oldest(seen: Seen) -> Plot:
    """How long the oldest untaken alarm had waited, with the platform's two limits."""
    waited = queue(seen)
    plot = _over_the_night(seen, "oldest", ticks(max([age for _, _, age in waited] + [SOON * 1.2])))
    for limit in (SOON, LATE):
        if limit <= plot.y.high:
            plot.level(limit, f"{limit:.0f} s")
    plot.line([(at, age) for at, _, age in waited])
    return plot


def queue(seen: Seen) -> list[tuple[float, int, float]]:
    """How many alarms nobody had taken and for how long the oldest, just before and after each change, by time."""
    changes = []
    for case in seen.stored.alarms:
        start, end = max(0.0, seen.since(case.raised_at)), max(0.0, seen.since(case.taken_at or seen.stored.at))
        changes += [(start, 0, start), (max(start, end), 1, start)]
    waiting: list[float] = []  # since when
    found = [(0.0, 0, 0.0)]
    for at, taken, start in sorted(changes):
        found.append((at, len(waiting), at - min(waiting, default=at)))
        if taken:
            waiting.remove(start)
        else:
            waiting.append(start)
        found.append((at, len(waiting), at - min(waiting, default=at)))
    return [*found, (max(seen.ends, found[-1][0]), *found[-1][1:])]


def escalations(seen: Seen) -> Plot:
    """A dot for each, in a row for each kind."""
    rows: dict[str, list[float]] = {"louder": [], "supervisor": [], "reminded": [], "taken_over": [], "mission": []}
    incidents = [case for case in seen.stored.cases if case.reason is Reason.MANY_SILENT]
    rows["incident"] = [seen.since(case.raised_at) for case in incidents]
    for case in seen.stored.alarms:
        told = 0
        for line in case.timeline:
            if line.kind is TimelineKind.ESCALATED:
                rows["supervisor" if told else "louder"].append(seen.since(line.at))
                told += 1
            elif line.kind is TimelineKind.REMINDED:
                rows["reminded"].append(seen.since(line.at))
            elif line.kind is TimelineKind.TAKEN_OVER:
                rows["taken_over"].append(seen.since(line.at))
            elif line.kind is TimelineKind.MISSION_URGENT:
                rows["mission"].append(seen.since(line.at))
    title, left = seen.words["plot_escalations"], 190.0
    plot = framed(title, (0, seen.ends), (0, len(rows)), height=76 + ROW * len(rows), left=left)
    _incidents(seen, plot)
    for nth, (key, moments) in enumerate(rows.items()):
        at = len(rows) - nth - 0.5
        plot.level(at, kind="grid")
        said = str(len(moments)) if moments else seen.words["none"]
        plot.text(left - 8, plot.y(at) + 4, f"{seen.words[key]}: {said}", "end")
        for moment in moments:
            plot.dot(moment, at)
    plot.below(_hours(seen), seen.words["hour"])
    return plot


def answers(seen: Seen) -> Plot:
    """How many alarms were answered how soon, on a scale on which seconds and minutes both can be read."""
    counts = [0] * (len(BINS) - 1)
    for wait in seen.waits.values():
        place = next((nth for nth, edge in enumerate(BINS[1:]) if wait < edge), len(counts) - 1)
        counts[place] += 1
    marks = ticks(max(counts) * 1.15)
    plot = framed(seen.words["plot_answers"], (BINS[0], BINS[-1]), (0, marks[-1]), log=True)
    plot.beside([(mark, f"{mark:g}") for mark in marks], seen.words["alarms"])
    for nth, count in enumerate(counts):
        plot.bar(BINS[nth], BINS[nth + 1], count)
        if count:
            middle = (plot.x(BINS[nth]) + plot.x(BINS[nth + 1])) / 2
            plot.text(middle, plot.y(count) - 4, str(count), "middle")
    for limit in (SOON, LATE):
        plot.upright(limit, f"{limit:.0f} s", "goal", "middle")
    plot.below([(edge, number(f"{edge:g}", seen.language)) for edge in BINS], seen.words["wait"])
    return plot


def places(seen: Seen) -> Plot:
    """A bar for each municipality: what share of its alarms was answered within a minute."""
    rows = by_place(seen)
    left, right, height = 150.0, 130.0, 76 + ROW * len(rows)
    plot = framed(seen.words["plot_places"], (0, 1), (0, len(rows)), height=height, left=left, right=right)
    for nth, (name, soon, of) in enumerate(rows):
        top = plot.y(len(rows) - nth) + 4
        width = plot.x(soon / of if of else 0) - plot.x(0)
        plot.put(f'<rect class="bar" x="{left:.1f}" y="{top:.1f}" width="{width:.1f}" height="{ROW - 8:.1f}"/>')
        plot.text(left - 8, top + 12, name, "end")
        said = f"{soon / of:.1%} ({soon}/{of})" if of else seen.words["none"]
        plot.text(plot.x.end + 10, top + 12, number(said, seen.language))
    plot.upright(SOON_SHARE, kind="goal")
    marks = [(one / 4, number(f"{one * 25}%", seen.language)) for one in range(5)]
    plot.below(marks, seen.words["share"])
    return plot


def by_place(seen: Seen) -> list[tuple[str, int, int]]:
    """Each municipality's name, its alarms answered within a minute, and all of them."""
    found: dict[str, list[float]] = {one.id: [] for one in COUNTY}
    for case in seen.stored.alarms:
        if case.principal in found and case.id in seen.waits:
            found[case.principal].append(seen.waits[case.id])
    return [(one.name, sum(wait <= SOON for wait in found[one.id]), len(found[one.id])) for one in COUNTY]


def _over_the_night(seen: Seen, key: str, marks: Sequence[float]) -> Plot:
    plot = framed(seen.words[f"plot_{key}"], (0, seen.ends), (0, marks[-1]))
    plot.beside([(mark, f"{mark:g}") for mark in marks], "s" if key == "oldest" else "")
    _incidents(seen, plot)
    plot.below(_hours(seen), seen.words["hour"])
    return plot


def _incidents(seen: Seen, plot: Plot) -> None:
    """The dead mast as a hatched band, the closed lid as a line."""
    if back := seen.book.back:
        plot.band(back.fails_at, min(back.back_at, seen.ends), seen.words["mast"].format(area=back.area))
    if lid := seen.book.lid:
        plot.upright(lid.at, seen.words["lid"])


def _hours(seen: Seen) -> list[tuple[float, str]]:
    """Five or six round moments of the night's own clock."""
    begins, ends = seen.plan.clock(0) * 60, seen.plan.clock(seen.ends) * 60  # minutes of the night
    steps = (1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720)
    step = next((one for one in steps if (ends - begins) / one <= 7), 1440)
    first = ceil(begins / step - 1e-9) * step
    rate = 60 / seen.plan.pace.speed  # real seconds to a minute of the night
    marks = []
    minute: float = first
    while minute <= ends:
        marks.append(((minute - begins) * rate, clock_of(minute / 60)))
        minute += step
    return marks


def clock_of(hour: float) -> str:
    """An hour of the night as a clock shows it."""
    minutes = round(hour * 60)
    return f"{minutes // 60 % 24:02}:{minutes % 60:02}"


def shares(waits: Sequence[float], *of: float) -> list[float]:
    """The waits that these shares of them do not exceed; inf where there are none."""
    ordered = sorted(waits)
    return [ordered[max(0, ceil(one * len(ordered)) - 1)] if ordered else inf for one in of]
