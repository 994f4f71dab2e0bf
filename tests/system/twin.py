"""One of two processes on one database: `python -m tests.system.twin [--tell] DATABASE_URL [REDIS_URL]`.

A hub and its timers as the platform has them, driven over pipes: a line in says who presses and at which moment of the
machine's monotonic clock, a line out says what became of it. With `--tell` each change that a feed of its own hands out
is a line as well.
"""

import asyncio
import json
import sys
from typing import Any

from alarms.core.signal import Signal
from alarms.escalation import Escalation
from alarms.feed import Feed
from alarms.hub import Hub
from kit.bus import open_bus
from kit.clock import SystemClock
from kit.store import open_store
from kit.tasks import Tasks
from kit.wire.words import Reason, SignalKind

SPIN = 0.0015  # seconds before the moment in which nothing else is done
clock = SystemClock()


def press(account: str, reference: str) -> Signal:
    """A press as the SCAIP receiver makes it."""
    return Signal(
        protocol="scaip",
        account=account,
        device=None,
        key=f"scaip:{account}:{reference}",
        kind=SignalKind.ALARM,
        reason=Reason.PRESSED,
        priority=2,
        type="ME/3/10",
        reference=reference,
        received_at=clock.now(),
        occurred_at=None,
        raw=b"<mrq/>",
    )


def say(**said: Any) -> None:
    """One line to who drives us."""
    sys.stdout.write(json.dumps(said) + "\n")
    sys.stdout.flush()


async def wait_for(moment: float) -> None:
    """Until that moment, to within microseconds."""
    await clock.sleep(max(0.0, moment - clock.monotonic() - SPIN))
    while clock.monotonic() < moment:
        pass


async def lines() -> asyncio.StreamReader:
    """Standard input, without blocking."""
    reader = asyncio.StreamReader(limit=1 << 20)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    return reader


async def tell_what_the_feed_hands_out(feed: Feed) -> None:
    """As a desk's socket would."""
    subscription = feed.subscribe(lambda case: True)
    while True:
        for batch in await subscription.take(1.0):
            at = clock.monotonic()
            say(fed=[case.id for case in batch.cases], position=batch.position, at=at)


async def run(database_url: str, redis_url: str = "", *, tell: bool) -> None:
    store, bus, tasks = open_store(database_url), open_bus(redis_url), Tasks(clock)
    hub, escalation = Hub(store, bus, clock), Escalation(store, bus, clock)
    parts: list[Hub | Escalation | Feed] = [hub, escalation]
    if tell:
        feed = Feed(store, bus, clock)
        parts.append(feed)
        tasks.forever("tell", lambda: tell_what_the_feed_hands_out(feed))
    await bus.start()
    for part in parts:
        await part.start()
    while (tell and feed.position is None) or (redis_url and not await bus.healthy()):
        await clock.sleep(0.01)
    say(ready=True)
    reader = await lines()
    while line := await reader.readline():
        asked = json.loads(line)
        await wait_for(asked["at"])
        began = clock.monotonic()
        receipts = await asyncio.gather(*(hub.receive(press(*one)) for one in asked["presses"]))
        say(began=began, ended=clock.monotonic(), cases={receipt.signal: receipt.case for receipt in receipts})
    await tasks.close()
    for part in parts:
        await part.close()
    await bus.close()
    await store.close()


if __name__ == "__main__":
    words = sys.argv[1:]
    asyncio.run(run(*(word for word in words if word != "--tell"), tell="--tell" in words))
