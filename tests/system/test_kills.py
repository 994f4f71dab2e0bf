"""Whatever is killed, whenever: what was promised is stored exactly once, and no deadline is forgotten.

The whole platform and PostgreSQL are ended as a power cut ends them, under 200 presses a second, while operators take
and close. Devices do what real ones do (`pressers`); the database is asked from beside what must hold (`checks`).
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import Row, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from alarms import tables
from kit.clock import SystemClock
from kit.store import Store
from kit.wire.words import SignalKind, TimelineKind
from tests.servers import PostgreSQL, Server
from tests.system.checks import broken, patiently, wait_until_nothing_is_overdue
from tests.system.crowds import Crowd, buttons_and_tablets
from tests.system.operators import Operators
from tests.system.platforms import PEOPLE, Person, Platform, move_in, platform_of
from tests.system.pressers import Ledger

pytestmark = pytest.mark.timeout(300)

RATE = 200.0  # presses a second
LOAD = 2.0  # seconds of it before each kill
MADE_LATE = 40  # deadlines that pass while the platform is dead
clock = SystemClock()


@dataclass(frozen=True, slots=True)
class Scene:
    """A platform under load, its database seen from beside, and at the end what was `wrong`."""

    platform: Platform
    store: Store
    crowd: Crowd
    operators: Operators
    wrong: list[str] = field(default_factory=list)


async def a_town(platform: Platform, store: Store) -> Crowd:
    """People with a button and a tablet each."""
    await move_in(store)
    ledger = Ledger()
    return Crowd(buttons_and_tablets(platform, PEOPLE, ledger), ledger, rate=RATE)


@asynccontextmanager
async def under_load(
    platform: Platform,
    settle: Callable[[Platform, Store], Awaitable[Crowd]] = a_town,
    people: Sequence[Person] = PEOPLE,
) -> AsyncIterator[Scene]:
    """Start the platform on a registry that `settle` fills, and press until the block ends; then see what is wrong."""
    await asyncio.to_thread(platform.migrate)
    store = platform.store()
    crowd, operators = await settle(platform, store), Operators(platform, people)
    try:
        await asyncio.to_thread(platform.start)
        async with asyncio.TaskGroup() as group:
            crowd.start(group)
            operators.start(group)
            scene = Scene(platform, store, crowd, operators)
            yield scene
            crowd.stop()
            operators.stop()
            await crowd.answered(set(crowd.ledger.pressed))
        scene.wrong.extend(await what_is_wrong(scene))
    finally:
        await crowd.close()
        await operators.close()
        await store.close()


async def what_is_wrong(scene: Scene) -> list[str]:
    """Nothing, when every press that was promised is on a case, once, and every closing confirmed has happened."""
    store, ledger = scene.store, scene.crowd.ledger
    async with store.read() as connection:
        closed = set(await connection.scalars(select(tables.case.c.id).where(tables.case.c.closed_at.is_not(None))))
    stored = await references_of(store)
    found: Mapping[str, Collection[Any]] = {
        "lost": ledger.promised - set(stored),
        "doubled": [reference for reference, times in Counter(stored).items() if times > 1],
        "stored and not pressed, or pressed and not stored": set(stored) ^ ledger.pressed.keys(),
        "opened again": scene.operators.closed - closed,
        "against a rule": await broken(store),
        "acted twice": await acted_twice(store),
        "complained of": scene.platform.complaints(),
    }
    return [f"{what}: {len(which)}, such as {list(which)[:3]}" for what, which in found.items() if which]


async def acted_twice(store: Store) -> list[tuple[str, int]]:
    """Steps of cases that left two lines, by case and the step's number."""
    query = select(tables.timeline.c.case, tables.timeline.c.data).where(
        tables.timeline.c.kind.in_([TimelineKind.ESCALATED, TimelineKind.STEP_FAILED, TimelineKind.REMINDED])
    )
    async with store.read() as connection:
        acted = Counter((row.case, row.data["no"]) for row in await connection.execute(query))
    return [step for step, times in acted.items() if times > 1]


def figures(scene: Scene, kills: int, promised: set[str], stored: Sequence[str]) -> str:
    """What was promised by then, beside what stood in the database after that."""
    ledger, closed = scene.crowd.ledger, len(scene.operators.closed)
    heard = ", ".join(f"{what}: {count}" for what, count in sorted(ledger.heard.items()))
    once = set(stored)
    return (
        f"\n{kills} kills: {len(ledger.pressed)} presses, {len(promised)} answered, {len(stored)} stored, "
        f"lost {len(promised - once)}, doubled {len(stored) - len(once)}; {closed} cases closed; heard {heard}"
    )


async def references_of(store: Store) -> Sequence[str]:
    """The presses that are on a case, each as often as it is there, by its sender's own reference.

    DC-09 counts to 9999 and begins anew, so there the press is known by the text beside its code.
    """
    signal = tables.signal
    presses = (signal.c.kind == SignalKind.ALARM.value) & signal.c.case.is_not(None)
    query = select(signal.c.protocol, signal.c.reference, signal.c.details).where(presses)
    async with store.read() as connection:
        rows = (await connection.execute(query)).all()
    return [row.details["text"] if row.protocol == "dc09" else row.reference for row in rows]


async def make_some_late(store: Store) -> dict[str, int]:
    """While the platform is dead: time passes that it will have missed. The cases with the id of their step."""
    async with store.write() as connection:
        due = select(tables.case.c.id, tables.case.c.step).where(tables.case.c.next_step_at.is_not(None))
        late = {row.id: row.step for row in await connection.execute(due.limit(MADE_LATE))}
        past = clock.now() - timedelta(minutes=1)
        await connection.execute(update(tables.case).where(tables.case.c.id.in_(late)).values(next_step_at=past))
    return late


async def forgotten(store: Store, late: dict[str, int]) -> list[str]:
    """Of the cases made late, those whose step never acted."""
    query = select(tables.case.c.id, tables.case.c.step).where(tables.case.c.id.in_(late))

    async def look(connection: AsyncConnection) -> Sequence[Row[Any, Any]]:
        return (await connection.execute(query)).all()

    return [row.id for row in await patiently(store, look) if row.step <= late[row.id]]


async def kill(*servers: Server) -> None:
    await asyncio.gather(*(asyncio.to_thread(server.kill) for server in servers))


async def start(*servers: Server) -> None:
    await asyncio.gather(*(asyncio.to_thread(server.start) for server in servers))


async def kill_and_raise(scene: Scene, victims: tuple[Server, ...], pause: float) -> None:
    """Load, kill, wait, start; then everything pressed until the kill is answered and every rule holds."""
    await clock.sleep(LOAD)
    await kill(*victims)
    pressed = set(scene.crowd.ledger.pressed)
    late = await make_some_late(scene.store) if victims == (scene.platform,) else {}
    await clock.sleep(pause)
    await start(*victims)
    await scene.crowd.answered(pressed)
    await wait_until_nothing_is_overdue(scene.store)
    assert await forgotten(scene.store, late) == []
    assert await broken(scene.store) == []


async def keep_killing(platform: Platform, postgres: PostgreSQL | None, kills: int) -> tuple[Scene, str]:
    """What became of the platform, and in figures."""
    random = Random(kills)
    async with under_load(platform) as scene:
        for number in range(kills):
            turns: list[tuple[Server, ...]] = [(platform,)]
            if postgres:
                turns += [(postgres,), (platform, postgres)]
            await kill_and_raise(scene, turns[number % len(turns)], random.uniform(0.2, 1.5))
        scene.crowd.stop()
        scene.operators.stop()
        await scene.crowd.answered(set(scene.crowd.ledger.pressed))
        promised = set(scene.crowd.ledger.promised)
        stored = await references_of(scene.store)
    return scene, figures(scene, kills, promised, stored)


@pytest.mark.parametrize("kills", [4, pytest.param(100, marks=[pytest.mark.soak, pytest.mark.timeout(3600)])])
async def test_nothing_promised_is_lost_when_platform_and_postgresql_are_killed(
    mortal_postgres: PostgreSQL, kills: int, capsys: pytest.CaptureFixture[str]
) -> None:
    with platform_of("serve", "alarms", database_url=mortal_postgres.create()) as platform:
        scene, said = await keep_killing(platform, mortal_postgres, kills)
    with capsys.disabled():
        print(said)
    assert scene.wrong == []
    assert scene.crowd.ledger.promised


@pytest.mark.parametrize("kills", [1, pytest.param(30, marks=[pytest.mark.soak, pytest.mark.timeout(3600)])])
async def test_nothing_promised_is_lost_when_the_embedded_platform_is_killed(
    kills: int, capsys: pytest.CaptureFixture[str]
) -> None:
    with platform_of("run", "--demo") as platform:
        scene, said = await keep_killing(platform, None, kills)
    with capsys.disabled():
        print(said)
    assert scene.wrong == []
    assert scene.crowd.ledger.promised
