"""What the watchdog finds and tells: `GET /api/v1/watchdog`, and the JSON of its webhooks.

Codes, ids and numbers only: whoever is told learns nothing of any resident.
"""

from enum import StrEnum
from typing import Literal

from kit.wire.model import VERSION, At, Wire


class FindingCode(StrEnum):
    """What can be amiss; `subject` beside it says where.

    `escalation_late`: deadlines of open cases pass and nothing acts. `case_without_step`: an open case without one.
    `receiver_silent`: a receiver does not answer a synthetic test (subject: its address). `signal_not_stored`: one was
    acknowledged and is not in the journal. `desk_silent`: an operator's desk hears nothing. `journal_still`: the feed
    does not move although signals are stored, or has gone back. `web_silent`: `/readyz` does not answer. `not_ready`: a
    part of it is not well (subject: the part). `check_broken`: a check of the watchdog itself failed (subject: which).
    """

    ESCALATION_LATE = "escalation_late"
    CASE_WITHOUT_STEP = "case_without_step"
    RECEIVER_SILENT = "receiver_silent"
    SIGNAL_NOT_STORED = "signal_not_stored"
    DESK_SILENT = "desk_silent"
    JOURNAL_STILL = "journal_still"
    DATABASE_AWAY = "database_away"
    WEB_SILENT = "web_silent"
    NOT_READY = "not_ready"
    CLOCK_STEPPED = "clock_stepped"
    DATABASE_CLOCK = "database_clock"
    HUB_CLOCK = "hub_clock"
    CHECK_BROKEN = "check_broken"


class FindingView(Wire):
    """Something amiss since `since`; `told_at` is when it was last paged. `details` holds ids and numbers."""

    code: FindingCode
    subject: str
    since: At
    told_at: At
    details: dict[str, str | int]


class OutageView(Wire):
    """Alarms may not come through: since when, and when the municipalities were told."""

    id: str
    since: At
    told_at: At | None
    codes: list[FindingCode]


class WatchdogView(Wire):
    """One watchdog as it last said. `round_at` more than three minutes old: it does not run, or cannot write.

    `heartbeat_at` is when it last said outside that all is well; none when it never has, or has nobody to say it to.
    """

    id: str
    state: Literal["well", "amiss"]
    round_at: At
    heartbeat_at: At | None
    findings: list[FindingView]
    outage: OutageView | None


class WatchdogList(Wire):
    """Every watchdog that runs on this database, or has."""

    items: list[WatchdogView]


class PageNote(Wire):
    """The webhook's JSON: what began, still lasts and is over since the last one. `id` is the same when sent again."""

    version: Literal[1] = VERSION
    type: Literal["watchdog.findings"] = "watchdog.findings"
    id: str
    watchdog: str
    at: At
    begun: list[FindingView]
    lasting: list[FindingView]
    over: list[FindingView]


class OutageNote(Wire):
    """What a municipality's webhook is told at the start and at the end of an outage."""

    version: Literal[1] = VERSION
    type: Literal["watchdog.outage"] = "watchdog.outage"
    id: str
    outage: str
    phase: Literal["begun", "over"]
    since: At
    until: At | None
    codes: list[FindingCode]
