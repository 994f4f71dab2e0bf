"""DC-09 devices press while the platform is killed as a power cut kills it: what was acknowledged is stored, once."""

import asyncio
from collections import Counter
from contextlib import suppress

import pytest
from sqlalchemy import select

import registry.demo
from alarms import tables
from kit.clock import SystemClock
from kit.store import Store
from registry.tables import device, resident
from tests.patience import until
from tests.system.platforms import Platform, platform_of
from tests.unit.alarms.dc09.panel import frame, said

pytestmark = [pytest.mark.xdist_group("system"), pytest.mark.timeout(300)]

PANELS = 20
LOAD = 1.0  # seconds before each kill
SILENCE = 4.0  # seconds until a panel sends again
PATIENCE = 90.0  # seconds, for starts on a busy machine
clock = SystemClock()


class Panel:
    """Sends one message after the other, each until it is acknowledged."""

    def __init__(self, account: str, port: int) -> None:
        self.account = account
        self.pressed: set[str] = set()
        self.acknowledged: set[str] = set()
        self._port = port
        self._over = False

    async def press_on(self) -> None:
        while not self._over:
            seq = f"{len(self.pressed) + 1:04}"
            self.pressed.add(seq)
            while seq not in self.acknowledged:
                with suppress(OSError, EOFError, TimeoutError):
                    await self._ask(frame(f"#{self.account}|NQA1", seq=seq, account=self.account))
                await clock.sleep(0.05)

    async def _ask(self, data: bytes) -> None:
        async with asyncio.timeout(SILENCE):
            reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
            try:
                writer.write(data)
                word, seq, _, _ = said(await reader.readuntil(b"\r"))
            finally:
                writer.transport.abort()
        assert word == "ACK"
        self.acknowledged.add(seq)

    def stop(self) -> None:
        self._over = True


async def enter(store: Store) -> list[str]:
    """A live panel for each of some residents; answers their accounts."""
    async with store.write() as connection:
        await registry.demo.fill(connection)
        query = select(resident.c.id, resident.c.principal, resident.c.home).order_by(resident.c.id).limit(PANELS)
        rows = [
            {
                "id": f"panel-{number}",
                "principal": row.principal,
                "home": row.home,
                "resident": row.id,
                "kind": "alarm",
                "protocol": "dc09",
                "account": f"{200_000 + number}",
                "state": "live",
            }
            for number, row in enumerate(await connection.execute(query))
        ]
        await connection.execute(device.insert(), rows)
    return [row["account"] for row in rows]


async def press_and_kill(platform: Platform, accounts: list[str], kills: int) -> list[Panel]:
    """The panels, once everything they pressed is acknowledged."""
    panels = [Panel(account, platform.dc09_port) for account in accounts]
    async with asyncio.TaskGroup() as group:
        for panel in panels:
            group.create_task(panel.press_on())
        for _ in range(kills):
            before = sum(len(panel.acknowledged) for panel in panels)
            await until(
                lambda before=before: sum(len(panel.acknowledged) for panel in panels) > before, patience=PATIENCE
            )
            await clock.sleep(LOAD)
            await asyncio.to_thread(platform.kill)
            await asyncio.to_thread(platform.start)
        for panel in panels:
            panel.stop()
        async with asyncio.timeout(PATIENCE):
            while any(panel.pressed - panel.acknowledged for panel in panels):
                await clock.sleep(0.05)
    return panels


@pytest.mark.parametrize("kills", [1, pytest.param(50, marks=[pytest.mark.soak, pytest.mark.timeout(3600)])])
async def test_what_was_acknowledged_over_dc09_is_stored_whatever_is_killed(kills: int) -> None:
    with platform_of("serve", "alarms") as platform:
        await asyncio.to_thread(platform.migrate)
        store = platform.store()
        try:
            accounts = await enter(store)
            await asyncio.to_thread(platform.start)
            panels = await press_and_kill(platform, accounts, kills)
            query = select(tables.signal.c.account, tables.signal.c.reference).where(tables.signal.c.case.is_not(None))
            async with store.read() as connection:
                stored = Counter((row.account, row.reference) for row in await connection.execute(query))
            complaints = platform.complaints()
        finally:
            await store.close()
    acknowledged = {(panel.account, seq) for panel in panels for seq in panel.acknowledged}
    assert acknowledged - stored.keys() == set()
    assert [press for press, times in stored.items() if times > 1] == []
    assert complaints == []
    assert len(acknowledged) > PANELS
