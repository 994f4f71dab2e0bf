"""External alarm centres for tests: one that answers as it is told, and a principal's reserve that leads there."""

import asyncio
import re
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from ipaddress import ip_network
from typing import Any

import pytest
from sqlalchemy import select

from alarms import tables as alarm_tables
from alarms.forwarding.part import ForwardingPart
from alarms.forwarding.receivers import put, view
from alarms.forwarding.tables import forwarding
from alarms.forwarding.ways import Ways, trusted
from alarms.hub import Hub
from alarms.receivers.scaip import sip
from alarms.routing.reading import Reading
from kit.bus import LocalBus
from kit.clock import SystemClock
from kit.store import Store
from kit.wire.reserve import PutReceiver, PutReserve
from tests.integration.alarms.hubs import signal
from tests.integration.alarms.outgoing import LOOPBACK, SECRETS, LateClock


class Centre(asyncio.DatagramProtocol):
    """Answers each request with the next of `says`, the last for ever: a `snu`, "503", or "" for silence.

    `heard` has each message once, however often it came, `times` how often, and `came` when first. It thinks for
    `after` seconds.
    """

    def __init__(self, *says: str, after: float = 0.0) -> None:
        self.says = list(says)
        self.heard: list[dict[str, str]] = []
        self.times: Counter[str] = Counter()
        self.came: dict[str, float] = {}
        self._known: set[bytes] = set()
        self._after = after
        self._sent = 0

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        self.address = "udp:{}:{}".format(*transport.get_extra_info("sockname")[:2])

    @property
    def refs(self) -> list[str]:
        return list(dict.fromkeys(one["ref"] for one in self.heard))

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        request = sip.parse(data)
        if isinstance(request, sip.Response):
            return
        said = dict(re.findall(r"<(\w+)>([^<]*)</\1>", request.body.decode()))
        self.times[said["ref"]] += 1
        self.came.setdefault(said["ref"], SystemClock().monotonic())
        if request.body not in self._known:
            self._known.add(request.body)
            self.heard.append(said)
        word = self.says.pop(0) if len(self.says) > 1 else self.says[0]
        if word == "":
            return
        if self._after:
            asyncio.get_running_loop().call_later(self._after, self._answer, request, said, word, addr)
        else:
            self._answer(request, said, word, addr)

    def _answer(self, request: sip.Request, said: dict[str, str], word: str, addr: tuple[str, int]) -> None:
        if self._transport.is_closing():
            return
        status = 503 if word == "503" else 200
        self._transport.sendto(sip.respond(request.head, status, addr, "t") or b"", addr)
        if status == 200:
            self._sent += 1
            headers = [
                ("via", f"SIP/2.0/UDP centre;branch=z9hG4bKc{self._sent}"),
                ("from", "<sip:centre@127.0.0.1>;tag=c"),
                ("to", "<sip:77@127.0.0.1>"),
                ("call-id", f"c{self._sent}"),
                ("cseq", "1 MESSAGE"),
            ]
            body = f"<mrs><ref>{said['ref']}</ref><snu>{word}</snu></mrs>".encode()
            self._transport.sendto(sip.write("MESSAGE sip:77@127.0.0.1 SIP/2.0", headers, body), addr)


@asynccontextmanager
async def centre(*says: str, after: float = 0.0) -> AsyncIterator[Centre]:
    _, made = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: Centre(*(says or ("0",)), after=after), local_addr=("127.0.0.1", 0)
    )
    try:
        yield made
    finally:
        made._transport.close()


class Reserve:
    """A process's forwarding, turn by turn."""

    def __init__(self, store: Store, hub: Hub, ca: str = "", networks: Any = LOOPBACK) -> None:
        self.store, self.hub, self.clock = store, hub, LateClock()
        reading = Reading(store, LocalBus(), self.clock)
        ways = Ways(self.clock, networks, trusted(ca), SECRETS)
        self.part = ForwardingPart(store, LocalBus(), self.clock, ways, reading)

    async def set(self, *receivers: PutReceiver, on: bool = True) -> None:
        async with self.store.write() as connection:
            seen = (await view(connection, "kommun")).tag
            body = PutReserve(on=on, receivers=list(receivers), seen=seen)
            await put(connection, "kommun", body, SECRETS, self.clock.now())

    async def lead_to(self, *centres: Centre) -> None:
        await self.set(*(receiver(str(n), one.address) for n, one in enumerate(centres)))

    async def press(self, reference: str = "1", account: str = "0", **more: Any) -> str:
        receipt = await self.hub.receive(signal(account, reference, **more))
        assert receipt.case
        return receipt.case

    async def goes(self, times: int = 1, seconds: float = 0.0) -> None:
        for _ in range(times):
            await self.part.draw()
            while await self.part.send():
                pass
            self.clock.later += timedelta(seconds=seconds)

    async def rows(self) -> list[Any]:
        async with self.store.read() as connection:
            return list((await connection.execute(select(forwarding).order_by(forwarding.c.signal))).mappings())

    async def lines(self, case: str) -> list[dict[str, Any]]:
        """What the case's timeline says of being sent out."""
        line = alarm_tables.timeline
        query = select(line.c.data).where(line.c.case == case, line.c.kind == "sent_out").order_by(line.c.id)
        async with self.store.read() as connection:
            return list(await connection.scalars(query))


def receiver(name: str, address: str, **more: Any) -> PutReceiver:
    return PutReceiver(**{"name": name, "address": address, "account": "77", **more})


def outcomes(lines: list[dict[str, Any]]) -> list[str]:
    return [line["outcome"] for line in lines]


on_sqlite = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
"""For what is the same on both databases."""

NOWHERE = (ip_network("192.0.2.0/24"),)
