"""One round of looking: every check at once, each with its own time limit, so that none keeps another waiting."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import httpx

from alarms.core.rounds import Answer, DeskHeard, Journal, Observed, Probed, missed
from alarms.watchdog.look import Look
from alarms.watchdog.scaip import NotStored
from kit.clock import Clock
from kit.errors import Conflict, StorageDown
from kit.ids import new_id
from kit.log import get_logger
from kit.metrics import histogram

log = get_logger(__name__)

TRIES = 2
SEND_WITHIN = 6.0  # seconds for one try: a hub that is slow for longer leaves devices without an answer
STORED_WITHIN = 4.0  # seconds; what is acknowledged is committed, only MQTT's broker answers before that
DESK_OPEN_WITHIN = 3.0  # seconds that tests wait for a desk which is not open yet
DESK_WITHIN = 12.0  # seconds from the first test on
JOURNAL_WITHIN = 8.0
READY_WITHIN = 5.0
READY_AGAIN = 2.0
READY_PATIENCE = 8.0  # seconds: a database or a feed that is slow for a moment wakes nobody
POLL = 0.2

answer_seconds = histogram(
    "watchdog_answer_seconds", "From a synthetic test to its acknowledgement", (0.01, 0.05, 0.1, 0.5, 1, 2, 5), ["over"]
)
desk_seconds = histogram(
    "watchdog_desk_seconds", "From a round's start to its mark on the watchdog's desk", (0.05, 0.1, 0.25, 0.5, 1, 2, 5)
)


@dataclass(frozen=True, slots=True)
class Probe:
    """A receiver and how it is tested: `send` takes a reference and returns once it is acknowledged.

    `ours` is false where a broker acknowledges and not we: then only the journal says that we have heard.
    """

    receiver: str
    send: Callable[[str], Awaitable[None]]
    ours: bool = True


class Desk(Protocol):
    """What a round asks of the desk line."""

    async def opened(self, within: float) -> None:
        """Wait so long for it to be open."""
        ...

    async def heard_since(self, moment: float, within: float) -> DeskHeard:
        """What was heard since."""
        ...


class Checks:
    """The checks of a watchdog. `clock_off` says how far this machine's clock has been set away, 0 when it has not."""

    def __init__(
        self,
        probes: Sequence[Probe],
        look: Look,
        desk: Desk,
        web: httpx.AsyncClient,
        clock: Clock,
        clock_off: Callable[[], float],
    ) -> None:
        self._probes = probes
        self._look = look
        self._desk = desk
        self._web = web
        self._clock = clock
        self._clock_off = clock_off

    async def observe(self, been: frozenset[str]) -> Observed:
        """Look at everything; takes at most about twenty seconds, and raises nothing.

        `been` are the parts of `/readyz` that have been well in an earlier round.
        """
        await self._desk.opened(DESK_OPEN_WITHIN)
        began = self._clock.monotonic()
        broken: list[str] = []
        probes, journal, desk, ready = await asyncio.gather(
            asyncio.gather(*(self._try(probe, broken) for probe in self._probes)),
            self._journal(broken),
            self._at_desk(began, broken),
            self._ready(been, broken),
        )
        return Observed(tuple(probes), journal, desk, ready, self._clock_off(), tuple(broken))

    async def answers(self) -> bool:
        """Whether the platform's web is there at all."""
        return await self._ready_once([]) is not None

    async def _try(self, probe: Probe, broken: list[str]) -> Probed:
        probed = Probed(probe.receiver, Answer.SILENT)
        try:
            for _ in range(TRIES):
                probed = await self._once(probe)
                if probed.answer is not Answer.SILENT:
                    break
        except Exception:
            log.exception("watchdog_check_broken", check=probe.receiver)
            broken.append(probe.receiver)
        return probed

    async def _once(self, probe: Probe) -> Probed:
        sent_at = self._clock.now()
        reference = new_id("probe", sent_at)[-16:]
        began = self._clock.monotonic()
        try:
            async with asyncio.timeout(SEND_WITHIN):
                await probe.send(reference)
        except NotStored as refused:
            return Probed(probe.receiver, Answer.SILENT, refused.said)
        except (OSError, TimeoutError, httpx.HTTPError):
            return Probed(probe.receiver, Answer.SILENT)
        answer_seconds.labels(over=probe.receiver.split(":", 1)[0]).observe(self._clock.monotonic() - began)
        answer = await self._proven(reference, sent_at)
        return Probed(probe.receiver, Answer.SILENT if answer is Answer.LOST and not probe.ours else answer)

    async def _proven(self, reference: str, sent_at: datetime) -> Answer:
        """Whether the journal has the signal that was acknowledged."""
        answer = Answer.UNPROVEN
        until = self._clock.monotonic() + STORED_WITHIN
        while self._clock.monotonic() < until:
            try:
                async with asyncio.timeout(STORED_WITHIN):
                    stored = await self._look.stored({reference})
            except (StorageDown, Conflict, TimeoutError):
                return Answer.UNPROVEN
            if reference in stored:
                self._look.hub_ahead = stored[reference] - sent_at
                return Answer.STORED
            answer = Answer.LOST
            await self._clock.sleep(POLL)
        return answer

    async def _journal(self, broken: list[str]) -> Journal | None:
        try:
            async with asyncio.timeout(JOURNAL_WITHIN):
                return await self._look.journal()
        except (StorageDown, Conflict, TimeoutError):
            return None
        except Exception:
            log.exception("watchdog_check_broken", check="journal")
            broken.append("journal")
            return None

    async def _at_desk(self, began: float, broken: list[str]) -> DeskHeard:
        try:
            heard = await self._desk.heard_since(began, DESK_WITHIN)
        except Exception:
            log.exception("watchdog_check_broken", check="desk")
            broken.append("desk")
            return DeskHeard.NOTHING
        if heard is DeskHeard.MARK:
            desk_seconds.observe(self._clock.monotonic() - began)
        return heard

    async def _ready(self, been: frozenset[str], broken: list[str]) -> dict[str, bool] | None:
        """What `/readyz` says; asked again for a while before anything is said to be amiss, like every receiver."""
        until = self._clock.monotonic() + READY_PATIENCE
        while True:
            said = await self._ready_once(broken)
            if broken or (said is not None and not missed(said, been)) or self._clock.monotonic() >= until:
                return said
            await self._clock.sleep(READY_AGAIN)

    async def _ready_once(self, broken: list[str]) -> dict[str, bool] | None:
        try:
            async with asyncio.timeout(READY_WITHIN):
                said = (await self._web.get("/readyz")).json()
            return {part: bool(well) for part, well in said.items()} if isinstance(said, dict) else None
        except (httpx.HTTPError, OSError, TimeoutError, ValueError):
            return None
        except Exception:
            log.exception("watchdog_check_broken", check="ready")
            broken.append("ready")
            return None
