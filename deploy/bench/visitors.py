"""`python -m deploy.bench.visitors URL`: visits in a process of their own, begun, measured and ended line by line.

Each line on stdin is an order of the benchmark, answered by one line of JSON on stdout: `start`, `measure SECONDS`,
`stop`. It ends with its stdin, however the benchmark goes.
"""

import asyncio
import json
import sys
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass

import httpx
import uvloop

from clients.simulated.meet import Page
from clients.simulated.session import Refused, Session, be
from deploy.bench.figures import percentile
from deploy.bench.leg import Leg, NotUp
from kit.clock import Clock, SystemClock
from kit.wire.visit import LegView, VisitView
from kit.wire.words import Direction, VisitState

WHO = ((1, 1), (2, 2), (1, 3), (3, 13), (4, 14))  # demo-worker-N and demo-resident-N of each visit
STATE_WITHIN = 15.0  # seconds
AFTERWARDS = 1.0  # seconds that a packet may be late before it is lost


@dataclass(frozen=True, slots=True)
class Flowed:
    """What came of what was sent: packets, milliseconds from sound to sound, milliseconds on the way."""

    sent: int
    received: int
    gap_p99: float
    gap_longest: float
    way_p99: float
    way_longest: float


class Visit:
    """One visit, a worker's page and a resident's, both seen and heard."""

    def __init__(self, worker: Session, resident: Session, clock: Clock) -> None:
        self._worker = worker
        self._resident = resident
        self._clock = clock
        self._id = ""
        self._open = AsyncExitStack()
        self.speaking: list[Leg] = []
        self.hearing: list[Leg] = []

    async def start(self, name: str) -> None:
        """Ring, answer, and speak. Raises Refused, NotUp, TimeoutError, httpx.HTTPError."""
        caller = await self._open.enter_async_context(Page(self._worker, self._clock).open())
        home = await self._open.enter_async_context(Page(self._resident, self._clock).open())
        order: dict[str, object] = {"resident": name, "kind": "home", "legal_basis": "SoL", "decision": "SOL-2026-0001"}
        answer = await self._worker.ask("POST", "/visits", order)
        self._id = VisitView.model_validate_json(answer.content).id
        await home.until(STATE_WITHIN, lambda one: one.state is VisitState.RINGING, self._id)
        await self._resident.ask("POST", f"/visits/{self._id}/answer")
        for page in (caller, home):
            self.speaking.append(await self._leg(page, Direction.PUBLISH, None))
            await self.speaking[-1].speak()
        for page in (caller, home):
            both = await page.until(STATE_WITHIN, _both_publish, self._id)
            other = next(one.id for one in both.participants if one.id != both.me)
            self.hearing.append(await self._leg(page, Direction.SUBSCRIBE, other))

    async def stop(self) -> None:
        """Hang up."""
        for leg in (*self.speaking, *self.hearing):
            await leg.close()
        if self._id:
            await self._worker.ask("POST", f"/visits/{self._id}/end")
        await self._open.aclose()

    async def _leg(self, page: Page, direction: Direction, of: str | None) -> Leg:
        order: dict[str, object] = {"direction": direction.value, **({"of": of} if of else {})}
        answer = await page.session.ask("POST", f"/visits/{self._id}/legs", order)
        leg = Leg(direction, self._clock)
        try:
            await leg.join(page.session.http, LegView.model_validate_json(answer.content))
        except BaseException:
            await leg.close()
            raise
        return leg


def _both_publish(visit: VisitView) -> bool:
    return len(visit.participants) > 1 and all(one.publishing for one in visit.participants)


async def flowed(visits: Sequence[Visit], seconds: float, clock: Clock) -> Flowed:
    """What flows in that time, over all legs."""
    start = clock.monotonic()
    legs = [leg for visit in visits for leg in (*visit.speaking, *visit.hearing)]
    for leg in legs:
        leg.measure(start, start + seconds)
    await clock.sleep(seconds + AFTERWARDS)
    gaps = [gap * 1000 for leg in legs for gap in leg.heard.gaps]
    ways = [way * 1000 for leg in legs for way in leg.heard.ways]
    return Flowed(
        sent=sum(leg.sent for leg in legs),
        received=sum(leg.heard.packets for leg in legs),
        gap_p99=percentile(gaps, 0.99),
        gap_longest=max(gaps, default=0.0),
        way_p99=percentile(ways, 0.99),
        way_longest=max(ways, default=0.0),
    )


class Visitors:
    """Everybody who visits and is visited, as the orders want it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._visits: list[Visit] = []
        self._sessions: list[tuple[Session, Session, str]] = []

    async def begin(self, url: str) -> None:
        """Be everybody. Raises Refused, httpx.HTTPError."""
        for worker, resident in WHO:
            name = f"demo-resident-{resident}"
            self._sessions.append((await be(url, f"demo-worker-{worker}"), await be(url, name), name))

    async def obey(self, order: Sequence[str]) -> dict[str, object]:
        """Do it; what there is to say."""
        match order:
            case ["start"]:
                self._visits = [Visit(worker, resident, self._clock) for worker, resident, _ in self._sessions]
                for visit, (_, _, name) in zip(self._visits, self._sessions, strict=True):
                    await visit.start(name)
                return {"visits": len(self._visits)}
            case ["measure", seconds]:
                return asdict(await flowed(self._visits, float(seconds), self._clock))
            case ["stop"]:
                visits, self._visits = self._visits, []
                for visit in visits:
                    await visit.stop()
                return {"visits": 0}
            case _:
                return {"error": "not an order"}


async def _run(url: str) -> None:
    clock = SystemClock()
    visitors = Visitors(clock)
    await visitors.begin(url)
    orders = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(orders), sys.stdin)
    while order := await orders.readline():
        try:
            said = await visitors.obey(order.decode().split())
        except (Refused, NotUp, TimeoutError, httpx.HTTPError, OSError) as error:
            said = {"error": f"{type(error).__name__} {error}"}
        sys.stdout.write(json.dumps(said) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    uvloop.run(_run(sys.argv[1]))
