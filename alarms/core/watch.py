"""What the watchdog makes of a round: findings, who is paged, whether all is well, whether municipalities are told.

A finding is told once when it begins, again while it lasts, and once when it is over. It is over after two rounds in a
row that looked and did not see it, so that what comes and goes is one finding and not a page a minute. A round that
could not look (the database is away) says neither.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from kit.wire.watch import FindingCode

AGAIN_EVERY = timedelta(minutes=15)
CLEAR_ROUNDS = 2
OUTAGE_AFTER = timedelta(seconds=100)
"""How long alarms must have been in danger before municipalities hear of it: two rounds, so that no restart is told."""

OUTAGES = frozenset(
    {
        FindingCode.ESCALATION_LATE,
        FindingCode.RECEIVER_SILENT,
        FindingCode.SIGNAL_NOT_STORED,
        FindingCode.DESK_SILENT,
        FindingCode.JOURNAL_STILL,
        FindingCode.DATABASE_AWAY,
        FindingCode.WEB_SILENT,
    }
)
"""What keeps alarms from a human. The rest is somebody's work, and no municipality's."""

UNWELL_ALL_THE_SAME = frozenset({FindingCode.CLOCK_STEPPED})
"""What is paged and does not stop the heartbeat: it lasts for hours, and meanwhile deadlines are right."""

Key = tuple[FindingCode, str]


@dataclass(frozen=True, slots=True)
class Trouble:
    """What a check saw. `details` holds ids and numbers only."""

    code: FindingCode
    subject: str = ""
    details: Mapping[str, str | int] = field(default_factory=dict)

    @property
    def key(self) -> Key:
        """What makes it the same finding."""
        return self.code, self.subject


@dataclass(frozen=True, slots=True)
class Finding:
    """A trouble that has been told. `clear` counts the rounds since it was last seen."""

    trouble: Trouble
    since: datetime
    told_at: datetime
    clear: int = 0


@dataclass(frozen=True, slots=True)
class Outage:
    """Alarms are in danger since `since`; `told_at` none while it is too young to tell."""

    id: str
    since: datetime
    codes: frozenset[FindingCode]
    told_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Watch:
    """What the watchdog knows from one round to the next."""

    findings: tuple[Finding, ...] = ()
    outage: Outage | None = None


@dataclass(frozen=True, slots=True)
class Round:
    """One round's troubles. `unknown` are the codes of which it could learn nothing."""

    troubles: tuple[Trouble, ...] = ()
    unknown: frozenset[FindingCode] = frozenset()


@dataclass(frozen=True, slots=True)
class Acts:
    """What is to be done after a round. `heartbeat` says outside that all is well."""

    begun: tuple[Finding, ...] = ()
    lasting: tuple[Finding, ...] = ()
    over: tuple[Finding, ...] = ()
    heartbeat: bool = False
    outage_begun: Outage | None = None
    outage_over: Outage | None = None

    @property
    def page(self) -> bool:
        """Whether somebody is paged."""
        return bool(self.begun or self.lasting or self.over)


def decide(watch: Watch, seen: Round, at: datetime, outage_id: str) -> tuple[Watch, Acts]:
    """What follows from a round; `outage_id` is the id of an outage that begins now."""
    troubles = {trouble.key: trouble for trouble in seen.troubles}
    kept: list[Finding] = []
    over: list[Finding] = []
    lasting: list[Finding] = []
    for before in watch.findings:
        now = _next(before, troubles.pop(before.trouble.key, None), seen, at)
        if now.clear >= CLEAR_ROUNDS:
            over.append(now)
            continue
        if now.told_at != before.told_at:
            lasting.append(now)
        kept.append(now)
    begun = [Finding(trouble, at, at) for trouble in troubles.values()]
    findings = (*kept, *begun)
    outage, outage_begun, outage_over = _outage(watch.outage, findings, at, outage_id)
    well = not seen.unknown and all(finding.trouble.code in UNWELL_ALL_THE_SAME for finding in findings)
    acts = Acts(tuple(begun), tuple(lasting), tuple(over), well, outage_begun, outage_over)
    return Watch(findings, outage), acts


def _next(finding: Finding, trouble: Trouble | None, seen: Round, at: datetime) -> Finding:
    """A finding after a round that saw its trouble again, or did not, or could not look."""
    if trouble is not None:
        told_at = at if at - finding.told_at >= AGAIN_EVERY else finding.told_at
        return replace(finding, trouble=trouble, clear=0, told_at=told_at)
    if finding.trouble.code in seen.unknown:
        return finding
    return replace(finding, clear=finding.clear + 1)


def _outage(
    outage: Outage | None, findings: tuple[Finding, ...], at: datetime, outage_id: str
) -> tuple[Outage | None, Outage | None, Outage | None]:
    """The outage as it stands, the same if municipalities are to be told of it now, or of its end."""
    grave = [finding for finding in findings if finding.trouble.code in OUTAGES]
    if not grave:
        return None, None, outage if outage is not None and outage.told_at is not None else None
    codes = frozenset(finding.trouble.code for finding in grave)
    if outage is None:
        outage = Outage(outage_id, min(finding.since for finding in grave), codes)
    outage = replace(outage, codes=outage.codes | codes)
    seen_again = any(finding.clear == 0 for finding in grave)
    if outage.told_at is None and seen_again and at - outage.since >= OUTAGE_AFTER:
        outage = replace(outage, told_at=at)
        return outage, outage, None
    return outage, None, None
