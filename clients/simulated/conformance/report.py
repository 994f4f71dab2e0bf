"""What held and what did not, each with the fact it rests on. Pure.

Rule: what was not tried is never said to have held.
"""

from dataclasses import asdict, dataclass
from enum import StrEnum

SHOWN = 5  # faults of one check that are named; the rest are counted


class Verdict(StrEnum):
    """How a check ended."""

    HELD = "held"
    BROKEN = "did not hold"
    NOT_TRIED = "not tried"


class Broken(Exception):
    """The check did not hold; the text says what was seen."""


class NotTried(Exception):
    """The check could not be tried; the text says why."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: what should be, the fact it rests on, how it ended, what was seen."""

    name: str
    fact: str
    verdict: Verdict
    seen: str


@dataclass(frozen=True, slots=True)
class Report:
    """All checks of one run. `remarks` are sentences for whoever reads it."""

    played: str
    peer: str
    findings: tuple[Finding, ...]
    remarks: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether something held and nothing did not."""
        verdicts = {finding.verdict for finding in self.findings}
        return Verdict.HELD in verdicts and Verdict.BROKEN not in verdicts

    def count(self, verdict: Verdict) -> int:
        """How many checks ended so."""
        return sum(finding.verdict is verdict for finding in self.findings)

    @property
    def legend(self) -> str:
        """What the facts are facts of."""
        return (
            "SCAIP: what is publicly known of the protocol, not the standard's own text; what holds here "
            "interoperates, and is not thereby shown to conform."
        )

    @property
    def sum(self) -> str:
        """One sentence."""
        counts = ", ".join(f"{self.count(verdict)} {verdict}" for verdict in Verdict)
        return f"{counts}: {'all that was tried held' if self.holds else 'not all that was tried held'}."

    def as_json(self) -> dict[str, object]:
        """For machines."""
        return {
            "played": self.played,
            "peer": self.peer,
            "holds": self.holds,
            "findings": [asdict(finding) for finding in self.findings],
            "remarks": [*self.remarks, self.legend],
        }


class Tally:
    """One check that many messages are held against."""

    def __init__(self, name: str, fact: str) -> None:
        self.name = name
        self.fact = fact
        self.held = 0
        self.faults: list[str] = []
        """Each deviation once, the first first."""
        self.broken = 0

    def take(self, fault: str | None) -> None:
        """One message: None held, else what was wrong with it."""
        if fault is None:
            self.held += 1
            return
        self.broken += 1
        if fault not in self.faults and len(self.faults) <= SHOWN:
            self.faults.append(fault)

    def finding(self, missing: str) -> Finding:
        """The whole; `missing` says why there was nothing to look at."""
        tried = self.held + self.broken
        if not tried:
            return Finding(self.name, self.fact, Verdict.NOT_TRIED, missing)
        if not self.broken:
            return Finding(self.name, self.fact, Verdict.HELD, f"{self.held} of {tried}")
        named = "; ".join(self.faults[:SHOWN]) + ("; …" if len(self.faults) > SHOWN else "")
        return Finding(self.name, self.fact, Verdict.BROKEN, f"{self.broken} of {tried}: {named}")
