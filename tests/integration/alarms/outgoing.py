"""A process's outward side for tests, round by round, with a hub before it and a real receiver behind it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_network
from typing import Any

from sqlalchemy import select

from alarms.desk.commands import Commands
from alarms.hub import Hub
from alarms.outward import tables
from alarms.outward.notice import Notices
from alarms.outward.part import Outward
from alarms.outward.sending import Sending
from alarms.outward.subscriptions import add, subscription_row
from kit.bus import LocalBus
from kit.clock import SystemClock
from kit.store import Store
from kit.wire.outward import SubscriptionBody
from kit.wire.words import Role
from registry.access import Span, Who
from tests.integration.alarms.hubs import signal
from tests.integration.alarms.receiving import Receiver, receiver

SECRETS = ["a-key-for-tests-that-is-long-enough-to-seal"]
LOOPBACK = (ip_network("127.0.0.0/8"),)


class LateClock(SystemClock):
    """The machine's time, and what a test has let pass besides."""

    later = timedelta()

    def now(self):
        return super().now() + self.later


@dataclass
class Sender:
    """A process's outward side, round by round, and what its test knows of the subscription."""

    store: Store
    hub: Hub
    clock: LateClock
    outward: Outward
    receiver: Receiver
    subscription: str = ""
    secret: str = ""

    async def press(self, account="0", reference="1", **more):
        """An alarm from that account; its case."""
        receipt = await self.hub.receive(signal(account, reference, **more))
        return receipt.case

    async def do(self, case, act):
        who = Who("karin", "Karin", Role.OPERATOR, None, "kommun", None, Span(self.clock.now() - timedelta(1), None))
        commands = Commands(self.store, LocalBus(), self.clock)
        answer = await commands.carry_out(who, f"{case}-{act.act}", case, act)
        assert answer.code is None, answer

    async def goes(self, times=1, seconds=0.0):
        """Draw and serve, and then so much later again."""
        for _ in range(times):
            await self.outward.draw()
            while await self.outward.serve():
                pass
            self.clock.later += timedelta(seconds=seconds)

    async def subscribe(self, url=None, **said):
        async with self.store.write() as connection:
            body = SubscriptionBody(url=url or self.receiver.url, **said)
            self.subscription, self.secret = await add(connection, "kommun", body, SECRETS, self.clock.now())

    async def row(self) -> dict[str, Any]:
        async with self.store.write() as connection:
            return dict(await subscription_row(connection, self.subscription))

    async def deliveries(self):
        async with self.store.read() as connection:
            query = select(tables.outward_delivery).order_by(tables.outward_delivery.c.position)
            return list((await connection.execute(query)).mappings())

    def another(self) -> Outward:
        """Another process's outward side on the same database."""
        return outward_of(self.store, self.clock)


def outward_of(store, clock, smtp_url=""):
    return Outward(
        store, LocalBus(), clock, SECRETS, Sending(clock, LOOPBACK), Notices(store, smtp_url, "larm@kommun.test")
    )


@asynccontextmanager
async def sender(store, hub) -> AsyncIterator[Sender]:
    async with receiver() as receiving:
        clock = LateClock()
        yield Sender(store, hub, clock, outward_of(store, clock), receiving)
