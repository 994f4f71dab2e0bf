"""What is to be told goes out one by one to each address, in order, and again with a growing pause until it is heard.

A slow or dead address keeps neither the rounds nor any other address waiting. What waits is on disk.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from alarms.watchdog.kept import Memory, Message, Told
from alarms.watchdog.sending import DELIVERED, Sender
from kit.clock import Clock
from kit.log import get_logger
from kit.metrics import counter, gauge
from kit.tasks import Tasks

log = get_logger(__name__)

PAUSES = (5, 10, 20, 40, 60, 120)  # seconds before each further try; the last one from then on
GIVEN_UP_AFTER = timedelta(hours=6)
LOOK_EVERY = 0.5  # seconds

sent_total = counter("watchdog_messages_total", "Messages of the watchdog and what came of each try", ["means", "end"])
waiting_gauge = gauge("watchdog_messages_waiting", "Messages that have not been heard yet")

Address = tuple[str, str]


class Telling:
    """The messages that wait. `put` and they go out; `close` leaves them on disk for the next start."""

    def __init__(self, memory: Memory, sender: Sender, clock: Clock) -> None:
        self._memory = memory
        self._sender = sender
        self._clock = clock
        self._tasks = Tasks(clock)
        self._under_way: set[Address] = set()

    def start(self) -> None:
        """Begin to send."""
        self._tasks.forever("watchdog-telling", self._run)

    async def close(self) -> None:
        """Stop."""
        await self._tasks.close()

    def put(self, messages: Iterable[Message]) -> None:
        """Send these too."""
        self._memory.change(waiting=(*self._memory.kept.waiting, *messages))
        waiting_gauge.set(len(self._memory.kept.waiting))

    async def _run(self) -> None:
        while True:
            at = self._clock.now()
            for address, message in self._firsts().items():
                if address not in self._under_way and (message.next_at is None or message.next_at <= at):
                    self._under_way.add(address)
                    self._tasks.start("watchdog-message", self._send(address, message))
            await self._clock.sleep(LOOK_EVERY)

    def _firsts(self) -> dict[Address, Message]:
        firsts: dict[Address, Message] = {}
        for message in self._memory.kept.waiting:
            firsts.setdefault((message.means, message.address), message)
        return firsts

    async def _send(self, address: Address, message: Message) -> None:
        outcome = "OurFault"
        try:
            outcome = await self._sender.send(message, self._clock.now())
        finally:
            self._under_way.discard(address)
            self._note(message, outcome, self._clock.now())
            self._memory.save()

    def _note(self, message: Message, outcome: str, at: datetime) -> None:
        tries = message.tries + 1
        end = "delivered" if outcome == DELIVERED else "failed"
        sent_total.labels(means=message.means, end=end).inc()
        given_up = at - message.made_at > GIVEN_UP_AFTER
        log.info("watchdog_told", message=message.id, means=message.means, tries=tries, outcome=outcome)
        kept = self._memory.kept
        if outcome == DELIVERED or given_up:
            waiting = tuple(one for one in kept.waiting if one.id != message.id)
        else:
            pause = timedelta(seconds=PAUSES[min(message.tries, len(PAUSES) - 1)])
            later = replace(message, tries=tries, next_at=at + pause)
            waiting = tuple(later if one.id == message.id else one for one in kept.waiting)
        told = kept.told
        if message.outage and (outcome == DELIVERED or given_up):
            told = (*told, _told(message, at, tries, outcome))
        self._memory.change(waiting=waiting, told=told)
        waiting_gauge.set(len(waiting))


def _told(message: Message, at: datetime, tries: int, outcome: str) -> Told:
    return Told(
        id=message.id,
        outage=message.outage,
        contact=message.key,
        principal=message.principal,
        phase=message.phase,
        means=message.means,
        at=at,
        tries=tries,
        outcome=outcome[:80],
    )
