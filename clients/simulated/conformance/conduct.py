"""How a device behaves: what to say to each of its alarms, and what its own sendings show. Pure; time is an argument.

Its first alarm is met with silence, its second held, its third not treated, every other stored: a new one takes the
next step, the same one again is stored.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from clients.simulated.conformance.body import HOLD, NOT_TREATED
from clients.simulated.conformance.report import Finding, Tally, Verdict
from clients.simulated.scaip import STORED

SILENCE = 20.0  # seconds after which a device tries again or another
HELD_FROM, HELD_TO = 5.0, 20.0  # seconds until a held device asks again
KEPT = 1000  # sendings of one alarm
SLACK = 1.0  # seconds that lines and machines may add, or a device's own clock be off


class Step(StrEnum):
    """What an alarm is met with."""

    DROP = "drop"
    HOLD = "hold"
    REFUSE = "refuse"
    STORE = "store"


@dataclass(frozen=True, slots=True)
class Sent:
    """One sending of an alarm, and on which of our addresses."""

    at: float
    branch: str
    body: bytes
    where: str


@dataclass(slots=True)
class Press:
    """One alarm of one device: all its sendings, and what it was told, first."""

    ref: str
    step: Step
    sent: list[Sent] = field(default_factory=list)
    told_at: float | None = None
    """When our first answer went out."""
    content_at: float | None = None
    """When it had confirmed that it is stored."""

    @property
    def branches(self) -> list[Sent]:
        """The first sending of each request."""
        return list({sent.branch: sent for sent in reversed(self.sent)}.values())[::-1]


class Conduct:
    """All alarms of one run. Without `tries` each is stored at once."""

    def __init__(self, drop: int, *, tries: bool = True) -> None:
        self._drop = drop
        steps = [Step.HOLD, Step.REFUSE] if drop == 0 else [Step.DROP, Step.HOLD, Step.REFUSE]
        self._steps = steps if tries else []
        self.presses: dict[tuple[str, str], Press] = {}
        self._content = Tally("It is content when it is stored", "SCAIP Answer: snu 0 OK")
        self._same = Tally("A request sent again is the same bytes", "RFC 3261 §17.1.2; SCAIP: the same ref")
        self._confirmed = Tally("It confirms what it is told", "SCAIP Transport: the device answers mrs with 200")

    def meet(self, account: str, ref: str, sent: Sent) -> int | None:
        """The `snu` for a sending of an alarm, or None to say nothing at all."""
        press = self.presses.get((account, ref))
        if press is None:
            step = self._steps.pop(0) if self._steps else Step.STORE
            press = self.presses[account, ref] = Press(ref, step)
        for earlier in press.sent:
            if earlier.branch == sent.branch:
                self._same.take(None if earlier.body == sent.body else f"ref {ref} came with another body")
                break
        new = sent.branch not in {earlier.branch for earlier in press.sent}
        if press.content_at is not None and new and sent.body == press.sent[0].body:
            self._content.take(f"ref {ref} came again {sent.at - press.content_at:.1f} s after it was stored")
        if len(press.sent) < KEPT:
            press.sent.append(sent)
        return self._said(press)

    def _said(self, press: Press) -> int | None:
        requests = len(press.branches)
        match press.step:
            case Step.DROP:
                return None if len(press.sent) <= self._drop else STORED
            case Step.HOLD if requests == 1:
                return HOLD
            case Step.REFUSE if requests == 1:
                return NOT_TREATED
            case _:
                return STORED

    def tells(self, account: str, ref: str, at: float) -> None:
        """An answer of ours goes out."""
        press = self.presses.get((account, ref))
        if press is not None and press.told_at is None:
            press.told_at = at

    def told(self, account: str, ref: str, snu: int, at: float, *, confirmed: bool) -> None:
        """An answer of ours was confirmed, or never was."""
        self._confirmed.take(None if confirmed else f"snu {snu} for ref {ref} was never confirmed")
        press = self.presses.get((account, ref))
        if press is None or not confirmed:
            return
        if snu == STORED and press.content_at is None:
            press.content_at = at
            self._content.take(None)

    def done(self, at: float) -> bool:
        """Whether nothing is left to be tried."""
        if self._steps:
            return False
        tried = [self._repeats(at), self._waits(at)] if self._drop else [self._waits(at)]
        refused = self._of(Step.REFUSE)
        gone = refused is not None and at - refused.sent[0].at > SILENCE + SLACK
        known = all(finding.verdict is not Verdict.NOT_TRIED for finding in tried)
        return known and (gone or self._goes_on().verdict is Verdict.HELD) and self._settled()

    def _settled(self) -> bool:
        """Whether what came again has been told that it is stored."""
        presses = self.presses.values()
        return all(press.content_at is not None or press.step is Step.REFUSE for press in presses)

    def findings(self, at: float) -> list[Finding]:
        """What has been shown up to now."""
        return [
            self._repeats(at),
            self._same.finding("nothing came twice"),
            self._confirmed.finding("nothing was told"),
            self._content.finding("nothing was stored"),
            self._waits(at),
            self._goes_on(),
        ]

    def _of(self, step: Step) -> Press | None:
        return next((press for press in self.presses.values() if press.step is step), None)

    def _repeats(self, at: float) -> Finding:
        name, fact = "It sends again when nothing is said", "RFC 3261 §17.1.2; SCAIP: about 20 s of silence"
        press = self._of(Step.DROP)
        if press is None:
            why = "no alarm was dropped" if self._drop else "--drop 0"
            return Finding(name, fact, Verdict.NOT_TRIED, why)
        if len(press.sent) > 1:
            gap = press.sent[1].at - press.sent[0].at
            held = gap <= SILENCE + SLACK
            return Finding(name, fact, Verdict.HELD if held else Verdict.BROKEN, f"again after {gap:.1f} s")
        return _nothing_yet(name, fact, at - press.sent[0].at, SILENCE)

    def _waits(self, at: float) -> Finding:
        name, fact = "Held, it asks again after 5–20 s", "SCAIP Answer: snu 4, the device resends every 5–20 s"
        press = self._of(Step.HOLD)
        if press is None or press.told_at is None:
            return Finding(name, fact, Verdict.NOT_TRIED, "no alarm was held")
        if len(press.branches) > 1:
            gap = press.branches[1].at - press.told_at
            held = HELD_FROM - SLACK <= gap <= HELD_TO + SLACK
            return Finding(name, fact, Verdict.HELD if held else Verdict.BROKEN, f"again after {gap:.1f} s")
        return _nothing_yet(name, fact, at - press.told_at, HELD_TO)

    def _goes_on(self) -> Finding:
        name, fact = "Not treated, it goes on", "SCAIP Answer: snu 5, the device tries its next receiver"
        press = self._of(Step.REFUSE)
        if press is None or press.told_at is None:
            return Finding(name, fact, Verdict.NOT_TRIED, "no alarm was refused")
        if len(press.branches) > 1:
            again = press.branches[1]
            return Finding(name, fact, Verdict.HELD, f"to {again.where} after {again.at - press.told_at:.1f} s")
        why = "it did not come here again: look at its next receiver, or let that be a second address of --listen"
        return Finding(name, fact, Verdict.NOT_TRIED, why)


def _nothing_yet(name: str, fact: str, passed: float, within: float) -> Finding:
    if passed > within + SLACK:
        return Finding(name, fact, Verdict.BROKEN, f"not again within {within:.0f} s")
    return Finding(name, fact, Verdict.NOT_TRIED, f"ended after {passed:.0f} s, too soon to say")
