"""Two processes on one PostgreSQL, two presses of one person in the same millisecond: one case, two signals, always.

Readers in a third process watch the feed meanwhile: no position is missing, none comes late.
"""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

import pytest
from sqlalchemy import func, select

from alarms import tables
from alarms.desk.commands import Commands
from alarms.feed import Feed, gaps_total
from deploy import schema
from kit.bus import Bus, open_bus
from kit.clock import SystemClock
from kit.store import Store, open_store
from kit.tasks import Tasks
from kit.tokens import Signer
from kit.wire import desk
from kit.wire.words import Cause, Measure
from registry.access import Who
from tests.patience import until
from tests.servers import PostgreSQL, Redis
from tests.sessions import who_is
from tests.system.checks import broken
from tests.system.platforms import KEY, Person, move_in, operator_bearer

pytestmark = pytest.mark.timeout(600)

ROOT = Path(__file__).parent.parent.parent
TOGETHER = 25  # people who press in one round of a burst
SOON = 0.004  # seconds from saying when to the moment itself
READ_FIRST = 0.0006  # seconds for each: the readers are done with the last round and leave the processors free
LOOK_AGAIN = 0.02  # seconds
MILLISECOND = 0.001  # seconds
clock = SystemClock()


def people(many: int) -> list[Person]:
    return [Person(f"twin-resident-{n}", f"{600_000 + n}", f"twin-app-{n}") for n in range(many)]


@dataclass(slots=True)
class Twin:
    """One of the processes, over its pipes."""

    process: asyncio.subprocess.Process
    answers: asyncio.Queue[dict[str, Any]] = field(default_factory=asyncio.Queue)
    fed: dict[str, float] = field(default_factory=dict)  # case → when its feed first handed it out
    positions: list[int] = field(default_factory=list)

    async def listen(self) -> None:
        """Sort what it says."""
        assert self.process.stdout is not None
        while line := await self.process.stdout.readline():
            said = json.loads(line)
            if "fed" in said:
                self.positions.append(said["position"])
                for case in said["fed"]:
                    self.fed.setdefault(case, said["at"])
            else:
                self.answers.put_nowait(said)
        self.answers.put_nowait({"ended": True})

    def ask(self, at: float, presses: Sequence[tuple[str, str]]) -> None:
        """Let these press at that moment."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps({"at": at, "presses": presses}).encode() + b"\n")

    async def answer(self) -> dict[str, Any]:
        """What became of it."""
        async with asyncio.timeout(60):
            said = await self.answers.get()
        assert "cases" in said or "ready" in said, "a twin ended; its own output says why"
        return said


@asynccontextmanager
async def twin(words: Sequence[str], tasks: Tasks) -> AsyncIterator[Twin]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.system.twin", *words,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, cwd=ROOT, limit=1 << 20,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    try:
        one = Twin(process)
        tasks.start("twin", one.listen())
        assert await one.answer() == {"ready": True}
        yield one
        assert process.stdin is not None
        process.stdin.close()
        async with asyncio.timeout(20):
            assert await process.wait() == 0
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


@dataclass(slots=True)
class Readers:
    """What a feed and a bare query saw from a third process, while it happened."""

    seen: list[tuple[int, str]] = field(default_factory=list)
    disorder: list[str] = field(default_factory=list)
    fed: dict[str, int] = field(default_factory=dict)  # case → presses, as the feed last told
    looks: int = 0

    async def poll(self, store: Store) -> None:
        """Ask for what is new, again and again: it must follow without a gap on what was there."""
        query = select(tables.feed.c.position, tables.feed.c.case).order_by(tables.feed.c.position)
        while True:
            last = self.seen[-1][0] if self.seen else 0
            async with store.read() as connection:
                rows = (await connection.execute(query.where(tables.feed.c.position > last))).all()
            if [row.position for row in rows] != list(range(last + 1, last + 1 + len(rows))):
                self.disorder.append(f"after {last} came {[row.position for row in rows][:5]}")
            self.seen += [(row.position, row.case) for row in rows]
            self.looks += 1
            await clock.sleep(LOOK_AGAIN)

    async def follow(self, feed: Feed) -> None:
        """Take what the feed hands out."""
        subscription = feed.subscribe(lambda case: True)
        last = 0
        while True:
            for batch in await subscription.take(1.0):
                if batch.position <= last:
                    self.disorder.append(f"the feed told {batch.position} after {last}")
                last = batch.position
                self.fed |= {case.id: case.presses for case in batch.cases}
            assert not subscription.overrun


@dataclass(slots=True)
class Pair:
    """Two twins, and the readers beside them."""

    twins: tuple[Twin, Twin]
    store: Store
    bus: Bus
    readers: Readers
    references: int = 0
    near: int = 0
    rounds: int = 0

    async def press(self, accounts: Sequence[str], random: Random) -> list[dict[str, Any]]:
        """Let each of these press on both in the same millisecond; the order within each is its own."""
        at = clock.monotonic() + SOON + READ_FIRST * len(accounts)
        for one in self.twins:
            presses = []
            for account in random.sample(accounts, len(accounts)):
                self.references += 1
                presses.append((account, f"r{self.references}"))
            one.ask(at, presses)
        answers = [await one.answer() for one in self.twins]
        self.rounds += len(accounts)
        self.near += len(accounts) * (abs(answers[0]["began"] - answers[1]["began"]) < MILLISECOND)
        return answers


@asynccontextmanager
async def pair(url: str, redis_url: str, residents: Sequence[Person], *, tell: bool = False) -> AsyncIterator[Pair]:
    store, bus, tasks = open_store(url), open_bus(redis_url), Tasks(clock)
    await schema.migrate(store)
    await move_in(store, residents)
    await bus.start()
    feed, readers = Feed(store, bus, clock), Readers()
    await feed.start()
    while feed.position is None:
        await clock.sleep(0.01)
    tasks.forever("poll", lambda: readers.poll(store))
    tasks.forever("follow", lambda: readers.follow(feed))
    gaps = gaps_total._value.get()
    words = [*(["--tell"] if tell else []), url, *([redis_url] if redis_url else [])]
    try:
        async with AsyncExitStack() as stack:
            first, second = [await stack.enter_async_context(twin(words, tasks)) for _ in range(2)]
            yield Pair((first, second), store, bus, readers)
            await until_all_is_read(store, readers, feed)
        assert readers.disorder == []
        assert gaps_total._value.get() == gaps
        for one in (first, second):
            assert one.positions == sorted(set(one.positions))
    finally:
        await tasks.close()
        await feed.close()
        await bus.close()
        await store.close()


async def until_all_is_read(store: Store, readers: Readers, feed: Feed) -> None:
    """The head is reached, and what was read while it happened is what stands there now."""
    async with store.read() as connection:
        query = select(tables.feed.c.position, tables.feed.c.case).order_by(tables.feed.c.position)
        stands = [(row.position, row.case) for row in await connection.execute(query)]
    await until(lambda: len(readers.seen) >= len(stands) and feed.position == stands[-1][0], patience=30)
    assert readers.seen == stands


def deadlocks(postgres: PostgreSQL) -> int:
    return (postgres.folder / "server.log").read_text(errors="replace").count("deadlock detected")


async def one_case_with_two_signals_each(store: Store, many: int) -> None:
    of_case = select(tables.signal.c.case, func.count().label("signals")).group_by(tables.signal.c.case).subquery()
    async with store.read() as connection:
        cases = await connection.scalar(select(func.count()).select_from(tables.case))
        pairs = await connection.scalar(select(func.count()).select_from(of_case).where(of_case.c.signals == 2))
        counted = await connection.scalar(select(func.count()).where(tables.case.c.presses == 2))
    assert (cases, pairs, counted) == (many, many, many)
    assert await broken(store) == []


@pytest.mark.parametrize(
    ("alone", "bursts"),
    [(400, 384), pytest.param(10_000, 2_000, marks=[pytest.mark.soak, pytest.mark.timeout(3600)])],
)
async def test_two_presses_of_one_person_in_one_millisecond_are_always_one_case_with_two_signals(
    postgres: PostgreSQL,
    redis_server: Redis,
    postgres_url: str,
    alone: int,
    bursts: int,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Each round has a person of its own, so that each is a race to open: some rounds alone, most in bursts."""
    everybody, random, dead = people(alone + bursts * TOGETHER), Random(7), deadlocks(postgres)
    accounts = [one.account for one in everybody]
    async with pair(postgres_url, redis_server.url, everybody) as both:
        began = clock.monotonic()
        for account in accounts[:alone]:
            first, second = await both.press([account], random)
            assert [*first["cases"].values()] == [*second["cases"].values()]
        took_alone = clock.monotonic() - began
        for start in range(alone, len(accounts), TOGETHER):
            first, second = await both.press(accounts[start : start + TOGETHER], random)
            assert sorted(first["cases"].values()) == sorted(second["cases"].values())
        took = clock.monotonic() - began
        await one_case_with_two_signals_each(both.store, len(everybody))
    assert set(both.readers.fed.values()) == {2}
    assert len(both.readers.fed) == len(everybody)
    assert deadlocks(postgres) == dead
    with capsys.disabled():
        print(
            f"\n{both.rounds} rounds ({alone} alone in {took_alone:.0f} s, {took:.0f} s in all), "
            f"{both.near} within a millisecond: {len(everybody)} cases with two signals each; "
            f"{len(both.readers.seen)} feed positions in {both.readers.looks} looks, no gap; no deadlock"
        )


async def test_presses_that_race_a_closing_are_on_that_case_or_on_a_new_one(
    postgres: PostgreSQL, redis_server: Redis, postgres_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """An operator closes in the very moment of two presses: either the closing is refused, or they open a case."""
    many, random, dead = 150, Random(8), deadlocks(postgres)
    everybody = people(many)
    became = {"closed": 0, "refused": 0}
    async with pair(postgres_url, redis_server.url, everybody) as both:
        commands = Commands(both.store, both.bus, clock)
        who = await operator(both.store)
        for number, one in enumerate(everybody):
            await both.press([one.account], random)
            async with both.store.read() as connection:
                case = await connection.scalar(select(tables.case.c.id).where(tables.case.c.resident == one.resident))
            assert case is not None
            assert (await commands.carry_out(who, f"take-{number}", case, desk.Take())).code is None
            closing = desk.Close(cause=Cause.WORRY, measure=Measure.SPOKE)
            _, answer = await asyncio.gather(
                both.press([one.account], random), close_soon(commands, who, f"close-{number}", case, closing, random)
            )
            assert answer in {None, "unread_signal"}
            became["refused" if answer else "closed"] += 1
        assert await broken(both.store) == []
        async with both.store.read() as connection:
            stored = await connection.scalar(select(func.count()).select_from(tables.signal))
            cases = await connection.scalar(select(func.count()).select_from(tables.case))
        assert stored == 4 * many
        assert many <= (cases or 0) <= many + became["closed"]
    assert deadlocks(postgres) == dead
    with capsys.disabled():
        print(f"\n{many} closings raced by two presses: {became}, {cases} cases, {stored} signals, none lost")


async def close_soon(
    commands: Commands, who: Who, command: str, case: str, closing: desk.Close, random: Random
) -> str | None:
    await clock.sleep(SOON + random.uniform(-0.002, 0.01))
    return (await commands.carry_out(who, command, case, closing)).code


async def operator(store: Store) -> Who:
    async with store.read() as connection:
        who = await who_is(connection, Signer([KEY]), operator_bearer("demo-operator-1"), clock.now())
    assert who is not None
    return who


@pytest.mark.parametrize("by", ["redis", "polling"])
async def test_what_one_process_changes_the_other_tells_its_desks(
    postgres_url: str, redis_server: Redis, by: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Over Redis at once, and without it by looking each second: the database is the truth."""
    everybody = people(20)
    async with pair(postgres_url, redis_server.url if by == "redis" else "", everybody, tell=True) as both:
        took = []
        for number, one in enumerate(everybody):
            here, there = both.twins if number % 2 else both.twins[::-1]
            here.ask(clock.monotonic() + SOON, [(one.account, f"r{number}")])
            said = await here.answer()
            [case] = said["cases"].values()
            await until(partial(there.fed.get, case), every=0.01)
            took.append(there.fed[case] - said["ended"])
            await clock.sleep(Random(number).uniform(0, 0.1))
    with capsys.disabled():
        print(f"\nfrom a commit to the other's feed by {by}: median {median(took):.3f} s, longest {max(took):.3f} s")
    assert median(took) < (0.3 if by == "redis" else 1.2)
