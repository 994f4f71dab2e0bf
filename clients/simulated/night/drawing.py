"""Drawing for a report: scales, axes and marks as SVG text. Pure, and nothing else needed.

All is drawn in the text's own colour, in outlines, hatching and dashes: a print in grey says the same as a screen.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html import escape
from math import ceil, floor, log10

WIDTH, HEIGHT = 760.0, 240.0
LEFT, RIGHT, TOP, BOTTOM = 56.0, 16.0, 36.0, 40.0


@dataclass(frozen=True, slots=True)
class Scale:
    """From values between `low` and `high` to places between `start` and `end`; outside is put on the edge."""

    low: float
    high: float
    start: float
    end: float
    log: bool = False

    def __call__(self, value: float) -> float:
        """Where a value is drawn."""
        low, high, at = (self.low, self.high, min(max(value, self.low), self.high))
        if self.log:
            low, high, at = log10(low), log10(high), log10(at)
        part = (at - low) / (high - low) if high > low else 0.0
        return self.start + part * (self.end - self.start)


def ticks(high: float, most: int = 5) -> list[float]:
    """Whole numbers from 0 to at least `high`, at most `most` steps: 1, 2 or 5 times a power of ten apart."""
    high = max(high, 1.0)
    power = 10.0 ** max(0, floor(log10(high / most)))
    step = next(power * times for times in (1, 2, 5, 10) if power * times * most >= high)
    count = ceil(high / step)
    return [round(nth * step, 9) for nth in range(count + 1)]


@dataclass(slots=True)
class Plot:
    """One picture: a frame with axes, marks put on it one by one, and what it is called for who cannot see it."""

    title: str
    x: Scale
    y: Scale
    height: float = HEIGHT
    left: float = LEFT
    _parts: list[str] = field(default_factory=list)

    def put(self, element: str) -> None:
        """An element as it is."""
        self._parts.append(element)

    def line(self, points: Sequence[tuple[float, float]], kind: str = "line") -> None:
        """A line through these values."""
        if points:
            places = " ".join(f"{self.x(x):.1f},{self.y(y):.1f}" for x, y in points)
            self.put(f'<polyline class="{kind}" points="{places}"/>')

    def steps(self, points: Sequence[tuple[float, float]], kind: str = "line") -> None:
        """A line that stays where it is until the next value."""
        stepped: list[tuple[float, float]] = []
        for x, y in points:
            if stepped:
                stepped.append((x, stepped[-1][1]))
            stepped.append((x, y))
        self.line(stepped, kind)

    def bar(self, start: float, end: float, value: float, kind: str = "bar") -> None:
        """A bar that stands on the axis between two values of x."""
        left, right, top, foot = self.x(start), self.x(end), self.y(value), self.y(self.y.low)
        if value > self.y.low:
            self.put(
                f'<rect class="{kind}" x="{left:.1f}" y="{top:.1f}" width="{max(1.0, right - left - 1):.1f}" '
                f'height="{foot - top:.1f}"/>'
            )

    def band(self, start: float, end: float, said: str) -> None:
        """Hatching over the whole height between two values of x, with what it is."""
        left, right = self.x(start), self.x(end)
        self.put(
            f'<rect class="band" x="{left:.1f}" y="{self.y.end:.1f}" width="{right - left:.1f}" '
            f'height="{self.y.start - self.y.end:.1f}"/>'
        )
        self.text(left + 4, self.y.end - 20, said)

    def upright(self, x: float, said: str = "", kind: str = "mark", anchor: str = "start") -> None:
        """A line from top to foot at a value of x."""
        at = self.x(x)
        self.put(f'<path class="{kind}" d="M{at:.1f} {self.y.end:.1f}V{self.y.start:.1f}"/>')
        if said:
            self.text(at + (4 if anchor == "start" else 0), self.y.end - 6, said, anchor)

    def level(self, y: float, said: str = "", kind: str = "goal") -> None:
        """A line from side to side at a value of y."""
        at = self.y(y)
        self.put(f'<path class="{kind}" d="M{self.x.start:.1f} {at:.1f}H{self.x.end:.1f}"/>')
        if said:
            self.text(self.x.end, at - 4, said, "end")

    def dot(self, x: float, y: float, kind: str = "dot") -> None:
        """A dot at two values."""
        self.put(f'<circle class="{kind}" cx="{self.x(x):.1f}" cy="{self.y(y):.1f}" r="4"/>')

    def text(self, x: float, y: float, said: str, anchor: str = "start", kind: str = "small") -> None:
        """Words at a place."""
        self.put(f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(said)}</text>')

    def below(self, marks: Iterable[tuple[float, str]], named: str) -> None:
        """The axis along the foot: values with words, and what it counts."""
        foot = self.y.start
        self.put(f'<path class="axis" d="M{self.x.start:.1f} {foot:.1f}H{self.x.end:.1f}"/>')
        for value, said in marks:
            at = self.x(value)
            self.put(f'<path class="axis" d="M{at:.1f} {foot:.1f}v4"/>')
            self.text(at, foot + 16, said, "middle")
        self.text(self.x.end, foot + 32, named, "end", "named")

    def beside(self, marks: Iterable[tuple[float, str]], named: str = "") -> None:
        """The axis along the left side, with a faint line across for each mark."""
        for value, said in marks:
            at = self.y(value)
            self.put(f'<path class="grid" d="M{self.x.start:.1f} {at:.1f}H{self.x.end:.1f}"/>')
            self.text(self.x.start - 6, at + 4, said, "end")
        if named:
            self.text(0, self.y.end - 10, named, "start", "named")

    def svg(self) -> str:
        """The picture."""
        title = escape(self.title, quote=True)
        return (
            f'<svg viewBox="0 0 {WIDTH:.0f} {self.height:.0f}" role="img" aria-label="{title}">'
            f"<title>{escape(self.title)}</title>{''.join(self._parts)}</svg>"
        )


def framed(
    title: str, x: tuple[float, float], y: tuple[float, float], *, log: bool = False, height: float = HEIGHT,
    left: float = LEFT, right: float = RIGHT,
) -> Plot:  # fmt: skip
    """An empty picture for values of x and y between these; `log` for x."""
    across = Scale(x[0], x[1], left, WIDTH - right, log)
    up = Scale(y[0], y[1], height - BOTTOM, TOP)
    return Plot(title, across, up, height, left)
