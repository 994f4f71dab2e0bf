"""What a benchmark says: figures with their peers and goals, and the machine they were taken on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure. `peer` did the like in the same run; a goal is a least or a most value, or a least share of the peer.

    `goal_ratio` is a share of `peer_value`; of several goals, all must hold.
    """

    value: float
    unit: str
    peer: str | None = None
    peer_value: float | None = None
    goal_value: float | None = None
    goal_ratio: float | None = None
    goal_most: float | None = None

    @property
    def ratio(self) -> float | None:
        """`value` over `peer_value`."""
        return self.value / self.peer_value if self.peer_value else None

    @property
    def goal(self) -> str | None:
        """The goal as text, none where none is set yet."""
        goals = []
        if self.goal_value is not None:
            goals.append(f">= {self.goal_value:g} {self.unit}")
        if self.goal_most is not None:
            goals.append(f"<= {self.goal_most:g} {self.unit}")
        if self.goal_ratio is not None:
            goals.append(f"ratio >= {self.goal_ratio:g}")
        return " and ".join(goals) or None

    @property
    def holds(self) -> bool | None:
        """Whether the goal is reached, none where there is no goal or nothing to compare with."""
        said: list[bool] = []
        if self.goal_value is not None:
            said.append(self.value >= self.goal_value)
        if self.goal_most is not None:
            said.append(self.value <= self.goal_most)
        if self.goal_ratio is not None and self.ratio is not None:
            said.append(self.ratio >= self.goal_ratio)
        return all(said) if said else None

    def as_json(self) -> dict[str, Any]:
        """The figure as interfaces.md has it."""
        return {
            "value": round(self.value, 1),
            "unit": self.unit,
            "peer": self.peer,
            "peer_value": None if self.peer_value is None else round(self.peer_value, 1),
            "ratio": None if self.ratio is None else round(self.ratio, 3),
            "goal": self.goal,
            "holds": self.holds,
        }


@dataclass(frozen=True, slots=True)
class Findings:
    """All figures of a run. `remarks` are sentences: what was left out, and why."""

    figures: Mapping[str, Figure]
    machine: Mapping[str, Any]
    remarks: Sequence[str] = ()

    def as_json(self) -> dict[str, Any]:
        """One object, as `--json` prints it."""
        figures = {name: figure.as_json() for name, figure in self.figures.items()}
        return {"figures": figures, "machine": dict(self.machine), "remarks": list(self.remarks)}


def middle(rounds: Sequence[float]) -> float:
    """The median of all rounds but the first, in which caches and files are still cold."""
    return median(rounds[1:] or rounds)


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` of them do not exceed; 0 of none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0
