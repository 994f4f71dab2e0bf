"""The database away, the platform stopped in order, the platform away for longer than a deadline."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, ConnectionClosedError

from alarms import tables
from kit.clock import SystemClock
from kit.store import Store
from kit.wire.words import Step, TimelineKind
from tests.patience import PATIENCE, until
from tests.servers import PostgreSQL
from tests.system.checks import broken, patiently, wait_until_nothing_is_overdue
from tests.system.platforms import PEOPLE, Platform, move_in, operator_bearer, platform_of
from tests.system.pressers import HOLD, NOT_TREATED, STORED, HttpDevice, Ledger, SipDevice, TcpDevice, UdpDevice
from tests.system.test_kills import under_load

pytestmark = pytest.mark.timeout(180)

HOLD_FOR = 10.0  # seconds, domain.md semantics 2
STOP_WITHIN = 10.0  # seconds
STORE_AWAY = 4503  # the socket's close code
LONG_ENOUGH_TO_ACT_TWICE = 3.0  # seconds; each process looks every half second
TIMED = 150  # cases: more than one process takes at once
clock = SystemClock()


async def ask_again(device: SipDevice | HttpDevice, reference: str, *answers: int | None) -> int | None:
    """Ask until the answer is none of these."""
    async with asyncio.timeout(60):
        while (answer := await device.ask(reference)) in answers:
            await clock.sleep(0.5)
        return answer


async def eventually(platform: Platform, path: str, status: int) -> None:
    async def answers() -> bool:
        return (await asyncio.to_thread(platform.get, path))[0] == status

    await until(answers, f"{path} does not answer {status}", patience=60, every=0.2)


async def test_without_its_database_the_platform_says_so_everywhere_and_recovers_by_itself(
    mortal_postgres: PostgreSQL,
) -> None:
    ledger = Ledger()
    with platform_of("serve", "alarms", database_url=mortal_postgres.create()) as platform:
        await asyncio.to_thread(platform.migrate)
        store = platform.store()
        await move_in(store, PEOPLE[:4])
        await asyncio.to_thread(platform.start)
        pid = platform.pid
        udp = UdpDevice(PEOPLE[0].account, platform.sip_port, ledger)
        tcp = TcpDevice(PEOPLE[1].account, platform.sip_port, ledger)
        tablet = HttpDevice(PEOPLE[2].app, platform.port, ledger)
        devices: tuple[SipDevice | HttpDevice, ...] = (udp, tcp, tablet)
        try:
            for device, well in zip(devices, (STORED, STORED, 202), strict=True):
                assert await ask_again(device, ledger.press(device.account), None) == well
            await eventually(platform, "/readyz", 200)

            await asyncio.to_thread(mortal_postgres.kill)
            began = clock.monotonic()
            presses = [ledger.press(device.account) for device in devices]
            for device, reference in zip((udp, tcp), presses, strict=False):
                assert await ask_again(device, reference, None) == HOLD
            assert await ask_again(tablet, presses[2], None) == 503  # with Retry-After: the device looks
            assert (await asyncio.to_thread(platform.get, "/healthz"))[0] == 200
            await eventually(platform, "/readyz", 503)
            for device, reference in zip((udp, tcp), presses, strict=False):
                assert await ask_again(device, reference, None, HOLD) == NOT_TREATED
            assert clock.monotonic() - began > HOLD_FOR - 0.5

            await asyncio.to_thread(mortal_postgres.start)
            for device, reference in zip(devices, presses, strict=True):
                await ask_again(device, reference, None, HOLD, NOT_TREATED, 503)
            assert ledger.promised == ledger.pressed.keys()
            await eventually(platform, "/readyz", 200)
            assert platform.running()
            assert platform.pid == pid
            assert await presses_on_cases(store) == [2, 2, 2]
            assert await broken(store) == []
            assert platform.complaints() == []
        finally:
            for device in devices:
                await device.close()
            await store.close()


async def presses_on_cases(store: Store) -> list[int]:
    async def look(connection: AsyncConnection) -> list[int]:
        return list(await connection.scalars(select(tables.case.c.presses)))

    return await patiently(store, look)


async def test_told_to_stop_under_load_it_ends_in_order_and_loses_nothing(
    postgres_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    took = []
    with platform_of("serve", "alarms", database_url=postgres_url) as platform:
        async with under_load(platform) as scene:
            for _ in range(2):
                async with an_open_desk(platform) as desk:
                    await clock.sleep(2)
                    began = clock.monotonic()
                    platform.process.terminate()
                    code = await asyncio.to_thread(platform.process.wait, 30)
                    took.append(clock.monotonic() - began)
                    assert code == 0, platform.log_tail()
                    with suppress(ConnectionClosed):
                        async for _ in desk:
                            pass
                await asyncio.to_thread(platform.start)
                await scene.crowd.answered(set(scene.crowd.ledger.pressed))
    with capsys.disabled():
        print(f"\nstopped under load in {', '.join(f'{seconds:.2f}' for seconds in took)} s")
    assert scene.wrong == []
    assert max(took) < STOP_WITHIN


@asynccontextmanager
async def an_open_desk(platform: Platform) -> AsyncIterator[ClientConnection]:
    """A desk with its snapshot read, which must not keep the platform from ending.

    Right after its start, under load, a platform may not be ready for desks; like a page, this one comes again.
    """
    headers = {"Authorization": f"Bearer {operator_bearer('demo-supervisor')}"}
    address = platform.url.replace("http", "ws") + "/api/v1/desk"
    async with AsyncExitStack() as opened:
        async with asyncio.timeout(PATIENCE):
            while True:
                desk = await opened.enter_async_context(connect(address, additional_headers=headers))
                await desk.send('{"type": "hello", "version": 1}')
                try:
                    await desk.recv()
                    break
                except ConnectionClosedError as end:
                    if end.rcvd is None or end.rcvd.code != STORE_AWAY:
                        raise
                    await clock.sleep(0.5)
        yield desk


async def test_deadlines_missed_while_dead_act_once_also_with_two_processes(postgres_url: str) -> None:
    """All die, a minute passes, two come up on the same database: every step has acted, none twice."""
    ledger, words = Ledger(), ("serve", "alarms")
    with platform_of(*words, database_url=postgres_url) as one, platform_of(*words, database_url=postgres_url) as two:
        await asyncio.to_thread(one.migrate)
        store = one.store()
        await move_in(store)
        await asyncio.to_thread(one.start)
        devices = [UdpDevice(person.account, one.sip_port, ledger) for person in PEOPLE[:TIMED]]
        try:
            await asyncio.gather(*(ask_again(one_, ledger.press(one_.account), None, HOLD) for one_ in devices))
            assert len(ledger.promised) == TIMED
            for _ in range(2):
                await asyncio.to_thread(one.kill)
                if two.running():
                    await asyncio.to_thread(two.kill)
                else:
                    await let_time_pass(store, timedelta(seconds=61))
                await asyncio.gather(asyncio.to_thread(one.start), asyncio.to_thread(two.start))
                await wait_until_nothing_is_overdue(store)
                await clock.sleep(LONG_ENOUGH_TO_ACT_TWICE)
                assert await steps_acted(store) == {"louder": TIMED}
            query = select(tables.case.c.next_step, func.count()).group_by(tables.case.c.next_step)
            async with store.read() as connection:
                assert (await connection.execute(query)).all() == [(Step.SUPERVISOR, TIMED)]
            assert await broken(store) == []
            assert one.complaints() == two.complaints() == []
        finally:
            for device in devices:
                await device.close()
            await store.close()


async def let_time_pass(store: Store, much: timedelta) -> None:
    """What time does to deadlines while nobody is there to see them."""
    async with store.write() as connection:
        rows = (await connection.execute(select(tables.case.c.id, tables.case.c.next_step_at))).all()
        for id_, at in rows:
            earlier = update(tables.case).where(tables.case.c.id == id_).values(next_step_at=at - much)
            await connection.execute(earlier)


async def steps_acted(store: Store) -> dict[str, int]:
    """How often each step is in the timelines."""
    acted = select(tables.timeline.c.data).where(tables.timeline.c.kind == TimelineKind.ESCALATED)
    found: dict[str, int] = {}
    async with store.read() as connection:
        for data in await connection.scalars(acted):
            found[data["step"]] = found.get(data["step"], 0) + 1
    return found
