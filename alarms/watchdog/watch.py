"""The watchdog's round: look at everything, decide, tell, remember; each minute, whatever else is away.

The heartbeat goes out only when a round found all well: whoever expects it pages when it stays away, so a watchdog that
hangs or dies is found too.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from alarms.core.rounds import Before, judge
from alarms.core.watch import Acts, Outage, Watch, decide
from alarms.watchdog import notes
from alarms.watchdog.checks import Checks
from alarms.watchdog.kept import Memory, Message, OutageRow, Phase
from alarms.watchdog.sending import Sender
from alarms.watchdog.stored import Stored
from alarms.watchdog.telling import Telling
from kit.clock import Clock
from kit.errors import Conflict, StorageDown
from kit.ids import new_id
from kit.log import get_logger
from kit.metrics import counter, gauge
from kit.tasks import Tasks
from kit.wire.watch import FindingCode, OutageView, WatchdogView

log = get_logger(__name__)

STORAGE_WITHIN = 5.0  # seconds for what is read and written beside the checks
FIRST_ROUND_WITHIN = 60.0  # seconds that a platform which starts with us is given to answer

rounds_total = counter("watchdog_rounds_total", "Rounds, by whether all was well", ["found"])
heartbeats_total = counter("watchdog_heartbeats_total", "Heartbeats sent outside, by whether they were heard", ["end"])
findings_gauge = gauge("watchdog_findings", "What is amiss now", ["code"])


@dataclass(frozen=True, slots=True)
class Told:
    """Whom a watchdog tells, and as whom. Empty addresses tell nobody."""

    name: str
    heartbeat_url: str
    webhook_url: str
    mail_from: str
    every: float


class Watchdog:
    """Rounds from `start` to `close`. `file` is where it keeps what it must not forget."""

    def __init__(self, checks: Checks, stored: Stored, sender: Sender, clock: Clock, told: Told, file: Path) -> None:
        self._checks = checks
        self._stored = stored
        self._sender = sender
        self._clock = clock
        self._told = told
        self._memory = Memory(file)
        self._memory.load()
        self._telling = Telling(self._memory, sender, clock)
        self._tasks = Tasks(clock)
        self._before = Before()
        self._round_at: float | None = None

    @property
    def fresh(self) -> bool:
        """Whether a round was finished lately."""
        return self._round_at is not None and self._clock.monotonic() - self._round_at < 3 * self._told.every

    @property
    def watch(self) -> Watch:
        """What is amiss."""
        return self._memory.kept.watch

    def start(self, *, rounds: bool = True) -> None:
        """Begin; without `rounds` only to tell, and `round` is called from outside."""
        self._telling.start()
        if rounds:
            self._tasks.forever("watchdog", self._run)

    async def close(self) -> None:
        """Stop. What waits to be told is told at the next start."""
        await self._tasks.close()
        await self._telling.close()

    async def _run(self) -> None:
        await self._wait_for_platform()
        due = self._clock.monotonic()
        while True:
            try:
                await self.round(self._clock.now())
            except Exception:
                log.exception("watchdog_round_failed")  # no heartbeat: somebody is paged by whoever misses it
            due += self._told.every
            if due < self._clock.monotonic():
                due = self._clock.monotonic() + 1.0
            await self._clock.sleep(due - self._clock.monotonic())

    async def _wait_for_platform(self) -> None:
        until = self._clock.monotonic() + FIRST_ROUND_WITHIN
        while not await self._checks.answers() and self._clock.monotonic() < until:
            await self._clock.sleep(1.0)

    async def round(self, at: datetime) -> Acts:
        """One round, decided as of `at`."""
        await self.prepare()
        observed = await self._checks.observe(self._before.parts)
        seen, self._before = judge(observed, self._before)
        watch, acts = decide(self._memory.kept.watch, seen, at, new_id("outage", at))
        self._memory.change(watch=watch)
        self._telling.put(self._messages(acts, at))
        self._note_outages(watch, acts, at)
        heard = acts.heartbeat and await self._beat()
        if heard:
            self._memory.change(heartbeat_at=at)
        self._memory.save()
        await self._put_on_record(at)
        self._round_at = self._clock.monotonic()
        rounds_total.labels(found="well" if acts.heartbeat else "amiss").inc()
        for code in FindingCode:
            findings_gauge.labels(code=code).set(sum(one.trouble.code is code for one in watch.findings))
        for name, findings in (("begun", acts.begun), ("over", acts.over)):
            for one in findings:
                log.warning("finding", told=name, code=one.trouble.code, subject=one.trouble.subject)
        return acts

    async def prepare(self) -> None:
        """Be known to the registry, and know whom to tell while the database can still say it."""
        try:
            async with asyncio.timeout(STORAGE_WITHIN):
                await self._stored.enrol()
                self._memory.change(contacts=await self._stored.contacts())
        except (StorageDown, Conflict, TimeoutError):
            log.warning("watchdog_without_storage")
        except Exception:
            log.exception("watchdog_prepare_failed")  # a database of another shape: the checks say so

    async def _beat(self) -> bool:
        if not self._told.heartbeat_url:
            return False
        heard = await self._sender.heartbeat(self._told.heartbeat_url)
        heartbeats_total.labels(end="heard" if heard else "unheard").inc()
        if not heard:
            log.warning("heartbeat_unheard")
        return heard

    def _messages(self, acts: Acts, at: datetime) -> list[Message]:
        messages = []
        if acts.page and self._told.webhook_url:
            page_id = new_id("page", at)
            messages.append(notes.page(acts, self._told.name, page_id, at, self._told.webhook_url))
        if acts.outage_begun is not None:
            messages += self._of_outage(acts.outage_begun, "begun", at)
        if acts.outage_over is not None:
            messages += self._of_outage(acts.outage_over, "over", at)
        return messages

    def _of_outage(self, outage: Outage, phase: Phase, at: datetime) -> list[Message]:
        return [
            notes.outage(outage, phase, contact, new_id("told", at), at, by_mail=by_mail, sender=self._told.mail_from)
            for contact in self._memory.kept.contacts
            for by_mail, address in ((True, contact.email), (False, contact.webhook))
            if address
        ]

    def _note_outages(self, watch: Watch, acts: Acts, at: datetime) -> None:
        rows = {row.id: row for row in self._memory.kept.outages}
        for outage, ended_at in ((watch.outage, None), (acts.outage_over, at)):
            if outage is not None and outage.told_at is not None:
                codes = tuple(sorted(outage.codes))
                rows[outage.id] = OutageRow(outage.id, outage.since, outage.told_at, ended_at, codes)
        self._memory.change(outages=tuple(rows.values()))

    async def _put_on_record(self, at: datetime) -> None:
        """Into the database, when it is there; what is there then need not be kept here."""
        kept = self._memory.kept
        try:
            async with asyncio.timeout(STORAGE_WITHIN):
                await self._stored.write(self.view(at), kept.outages, kept.told)
        except (StorageDown, Conflict, TimeoutError):
            return
        except Exception:
            log.exception("watchdog_record_failed")
            return
        known = {one.id for one in kept.told}
        self._memory.change(
            told=tuple(one for one in self._memory.kept.told if one.id not in known),
            outages=tuple(row for row in self._memory.kept.outages if row.ended_at is None),
        )
        self._memory.save()

    def view(self, at: datetime) -> WatchdogView:
        """What it says of itself."""
        kept = self._memory.kept
        outage = kept.watch.outage
        return WatchdogView(
            id=self._told.name,
            state="amiss" if kept.watch.findings else "well",
            round_at=at,
            heartbeat_at=kept.heartbeat_at,
            findings=notes.views(kept.watch.findings),
            outage=outage
            and OutageView(id=outage.id, since=outage.since, told_at=outage.told_at, codes=sorted(outage.codes)),
        )
