"""After an hour's outage all that has piled up comes at once: none is dropped or doubled, what is old is marked.

The devices could not reach us for an hour: the broker has kept what was said over MQTT, tablets send arrays with the
times at which things happened, DC-09 panels and a crowd of SCAIP devices send what they were never answered. Who
presses meanwhile is answered.
"""

import asyncio
import http.client
import json
import os
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import Row, func, select

from alarms import tables
from alarms.core.stale import STALE_AFTER
from deploy.bench.figures import percentile
from kit.clock import SystemClock
from kit.store import Store
from kit.wire.words import SignalKind, TimelineKind
from tests.patience import until
from tests.servers import Mosquitto
from tests.system.checks import broken
from tests.system.platforms import PEOPLE, Person, Platform, move_in, platform_of
from tests.system.pressers import HttpDevice, Ledger, TcpDevice, UdpDevice
from tests.system.senders import Gateway, MqttDevice, Panel

pytestmark = pytest.mark.timeout(300)

HOUR = timedelta(hours=1)
ARRAY, OVER_MQTT, OVER_SCAIP, OVER_DC09 = 20, 10, 5, 5  # messages of each home
KINDS = ("alarm.pressed", "test.pressed", "alarm.cancelled", "battery.low", "alarm.fall")
AT_ONCE = 300  # devices that send at the same time; more is what the network has no room for
RATE = 10.0  # fresh presses a second
PROMISED = 2.0  # seconds in which a fresh press is answered; what is asserted leaves room for a busy machine
GENEROUS = 5 * PROMISED
NOBODY_HEARS = 0x10  # "no matching subscribers": the broker has kept nothing
PATIENCE = 120.0  # seconds, and one more for each home
clock = SystemClock()


class Home:
    """A home and what its devices have kept; `happened` has the time of each event that has one, by reference."""

    def __init__(self, one: Person, platform: Platform, gateway: Gateway, ledger: Ledger, since: datetime) -> None:
        self.happened: dict[str, datetime] = {}
        self._ledger = ledger
        self._random = Random(one.account)
        kind = UdpDevice if int(one.account) % 2 else TcpDevice
        self._button = kind(one.account, platform.sip_port, ledger)
        self._panel = OldPanel(one.account, platform.dc09_port, ledger, since, udp=int(one.account) % 2 == 0)
        self._watch = KeptWatch(f"mqtt-{one.account}", "demo-kommun", gateway, ledger, self.happened)
        self._tablet = KeptTablet(one.app, platform.port, ledger, self.happened)
        self._since = since

    async def say_over_mqtt(self) -> None:
        """To the broker, while the platform is away: in the order in which it happened, beside all others."""
        named = self._named(self._watch.account, OVER_MQTT)
        for reference in named:
            await self._watch.ask(reference)
        assert self._ledger.promised >= set(named)

    async def come_back(self) -> None:
        """Everything else at once, until it is answered."""
        array = self._named(self._tablet.account, ARRAY)
        self._random.shuffle(array)
        self._tablet.kept = array
        senders = [(self._tablet, array[0])]
        senders += [(self._button, self._ledger.press(self._button.account)) for _ in range(OVER_SCAIP)]
        senders += [(self._panel, self._ledger.press(self._panel.account)) for _ in range(OVER_DC09)]
        await asyncio.gather(*(self._insist(sender, reference) for sender, reference in senders))

    async def _insist(self, sender: HttpDevice | UdpDevice | TcpDevice | Panel, reference: str) -> None:
        while reference not in self._ledger.promised:
            await sender.ask(reference)
            if reference not in self._ledger.promised:
                await clock.sleep(self._random.uniform(0.2, 2.0))

    def _named(self, account: str, count: int) -> list[str]:
        """New references, in the order in which they happen."""
        step = (HOUR - 2 * STALE_AFTER) / count
        names = [self._ledger.press(account) for _ in range(count)]
        self.happened |= {name: self._since + number * step for number, name in enumerate(names)}
        return names

    async def close(self) -> None:
        for device in (self._button, self._panel, self._tablet):
            await device.close()


def kept(reference: str, source: str, at: datetime) -> dict[str, str]:
    """What happened then, as a CloudEvent; of what kind goes by turns."""
    what = KINDS[int(reference[1:]) % len(KINDS)]
    event = {"specversion": "1.0", "id": reference, "source": source, "type": f"nattljus.{what}"}
    return {**event, "time": at.isoformat()}


class KeptTablet(HttpDevice):
    """A tablet that sends all it has kept in one array, in no order."""

    def __init__(self, app: str, port: int, ledger: Ledger, happened: dict[str, datetime]) -> None:
        super().__init__(app, port, ledger)
        self.kept: Sequence[str] = ()
        self._happened = happened

    def together(self, reference: str) -> Sequence[str]:
        return self.kept

    def said(self, references: Sequence[str]) -> list[dict[str, str]]:
        return [kept(one, self.account, self._happened[one]) for one in references]


class KeptWatch(MqttDevice):
    """A watch whose events have the time at which they happened."""

    def __init__(
        self, device: str, principal: str, gateway: Gateway, ledger: Ledger, happened: dict[str, datetime]
    ) -> None:
        super().__init__(device, principal, gateway, ledger)
        self._happened = happened

    async def ask(self, reference: str) -> int | None:
        """Hand it to the broker, for nobody else is there."""
        reason = await self.gateway.hand_over(self.topic, self.said(reference))
        if reason < NOBODY_HEARS:
            self.ledger.promised.add(reference)
        return reason

    def said(self, reference: str) -> str:
        return json.dumps(kept(reference, self.account, self._happened[reference]))


class OldPanel(Panel):
    """A panel that has stamped its messages with the time of the press: told NAK, it sends them with our time."""

    def __init__(self, account: str, port: int, ledger: Ledger, since: datetime, *, udp: bool) -> None:
        super().__init__(account, port, ledger, udp=udp)
        self._since = since
        self._corrected: set[str] = set()

    def stamp(self, reference: str) -> datetime:
        return clock.now() if reference in self._corrected else self._since

    def told(self, reference: str, word: str) -> None:
        super().told(reference, word)
        if word == "NAK":
            self._corrected.add(reference)


class Fresh:
    """People who press while the backlog comes in; `took` is how long each waited for `snu 0`."""

    def __init__(self, people: Sequence[Person], port: int) -> None:
        self.ledger = Ledger()
        self.took: list[float] = []
        self._devices = [UdpDevice(one.account, port, self.ledger) for one in people]
        self._over = False

    async def press_on(self) -> None:
        async with asyncio.TaskGroup() as group:
            while not self._over:
                device = self._devices[len(self.ledger.pressed) % len(self._devices)]
                group.create_task(self._press(device, self.ledger.press(device.account)))
                await clock.sleep(1 / RATE)
        for device in self._devices:
            await device.close()

    async def _press(self, device: UdpDevice, reference: str) -> None:
        began = clock.monotonic()
        while reference not in self.ledger.promised:
            await device.ask(reference)
        self.took.append(clock.monotonic() - began)

    def stop(self) -> None:
        self._over = True


def hears_the_broker(platform: Platform) -> bool:
    line = http.client.HTTPConnection("127.0.0.1", platform.port, timeout=5)
    try:
        line.request("GET", "/readyz")
        return json.loads(line.getresponse().read()).get("mqtt") is True
    except OSError:
        return False
    finally:
        line.close()


async def pile_up_and_come_back(platform: Platform, broker: Mosquitto, homes: int) -> str:
    """The outage and its end; in figures. Everything that must hold is asserted on the way."""
    people = [Person(f"kept-resident-{n}", f"{800_000 + n}", f"kept-app-{n}") for n in range(homes)]
    await asyncio.to_thread(platform.migrate)
    store = platform.store()
    await move_in(store, (*PEOPLE[:20], *people), more={"dc09": lambda one: one.account, "mqtt": _watch})
    await asyncio.to_thread(platform.start)
    await until(lambda: hears_the_broker(platform), patience=90, every=0.2)  # the broker keeps for whom it knows
    await asyncio.to_thread(platform.kill)

    ledger, gateway = Ledger(), Gateway(broker.port)
    all_homes = [Home(one, platform, gateway, ledger, clock.now() - HOUR) for one in people]
    room = asyncio.Semaphore(AT_ONCE)
    try:
        began = clock.monotonic()
        await asyncio.gather(*(home.say_over_mqtt() for home in all_homes))
        handed = clock.monotonic() - began
        await asyncio.to_thread(platform.start)
        began = clock.monotonic()
        fresh = Fresh(PEOPLE[:20], platform.sip_port)
        async with asyncio.TaskGroup() as group:
            group.create_task(fresh.press_on())

            async def come_back(home: Home) -> None:
                async with room:
                    await home.come_back()

            async with asyncio.TaskGroup() as crowd:
                for home in all_homes:
                    crowd.create_task(come_back(home))
            answered = clock.monotonic() - began
            await until(
                lambda: all_there(store, ledger), "not all of it was stored", patience=PATIENCE + homes, every=0.5
            )
            took = clock.monotonic() - began
            fresh.stop()
        marked = await look(store, all_homes, ledger, fresh)
    finally:
        for home in all_homes:
            await home.close()
        await gateway.close()
        await store.close()
    assert platform.complaints() == []
    waited = fresh.took
    words = ", ".join(f"{what}: {count}" for what, count in sorted(ledger.heard.items()))
    said = (
        f"\n{len(ledger.pressed)} messages of an hour's outage, {OVER_MQTT * homes} of them taken by the broker in "
        f"{handed:.1f} s, answered in {answered:.1f} s, stored in {took:.1f} s "
        f"({len(ledger.pressed) / took:.0f}/s), dropped 0, doubled 0, {marked} marked as old; heard {words}; "
        f"{len(waited)} fresh presses meanwhile answered in p50 {percentile(waited, 0.5):.2f}, "
        f"p99 {percentile(waited, 0.99):.2f}, at most {max(waited):.2f} s (promised {PROMISED:.0f} s); "
        f"load {os.getloadavg()[0]:.1f}"
    )
    assert percentile(waited, 0.99) <= GENEROUS, said
    return said


def _watch(one: Person) -> str:
    return f"mqtt-{one.account}"


async def stored(store: Store) -> Sequence[Row[Any]]:
    """Every signal, with the reference its sender gave it: of DC-09, whose numbers begin anew, the text."""
    async with store.read() as connection:
        return (await connection.execute(select(tables.signal))).all()


def reference_of(signal: Row[Any]) -> str:
    return str(signal.details["text"] if signal.protocol == "dc09" else signal.reference)


async def all_there(store: Store, ledger: Ledger) -> bool:
    async with store.read() as connection:
        if (await connection.scalar(select(func.count()).select_from(tables.signal)) or 0) < len(ledger.pressed):
            return False  # so that looking does not keep both processors busy
    return ledger.pressed.keys() <= {reference_of(one) for one in await stored(store)}


async def look(store: Store, homes: Sequence[Home], ledger: Ledger, fresh: Fresh) -> int:
    """None is dropped or doubled, what is old is marked, and what a device told stands in the order it happened in.

    How many were marked as old.
    """
    signals = await stored(store)
    named = {one.id: reference_of(one) for one in signals}
    # The fresh presses have a ledger of their own, whose references are the same words.
    times = Counter((one.account, reference_of(one)) for one in signals)
    pressed = {**{(account, name): 1 for book in (ledger, fresh.ledger) for name, account in book.pressed.items()}}
    assert set(times) == set(pressed)
    assert [one for one, often in times.items() if often > 1] == []

    happened = {name: at for home in homes for name, at in home.happened.items()}
    old = {
        one.id: happened[named[one.id]].replace(microsecond=0)
        for one in signals
        if one.protocol in {"http", "mqtt"} and one.kind in {SignalKind.ALARM, SignalKind.CANCEL} and one.case
    }
    line = tables.timeline
    async with store.read() as connection:
        # Who gave up waiting is noted with the signal too: a line about its answer, not about what happened.
        query = select(line.c.case, line.c.data).where(line.c.kind != TimelineKind.DEVICE_NOT_TOLD)
        query = query.order_by(line.c.case, line.c.at, line.c.id)
        lines = [row for row in await connection.execute(query) if "signal" in row.data]
    marked = {row.data["signal"]: row.data.get("occurred_at") for row in lines}
    assert len(marked) == len(lines)
    assert {one: datetime.fromisoformat(marked[one]) for one in old} == old
    undated = {one.id for one in signals if one.protocol in {"scaip", "dc09"}}
    assert [one for one in undated if marked[one] is not None] == []

    device_of = {one.id: one.device for one in signals}
    told: dict[tuple[str, str], list[datetime]] = {}
    for row in lines:
        if row.data["signal"] in old:
            device = device_of[row.data["signal"]]
            told.setdefault((row.case, device), []).append(happened[named[row.data["signal"]]])
    assert len(told) == 2 * len(homes)
    assert [device for device, moments in told.items() if moments != sorted(moments)] == []
    assert await broken(store) == []
    return len(old)


@pytest.mark.parametrize("homes", [15, pytest.param(1000, marks=[pytest.mark.soak, pytest.mark.timeout(3600)])])
async def test_semantics_12_after_an_hours_outage_all_that_piled_up_is_sorted_marked_and_none_is_dropped(
    postgres_url: str, mosquitto: Mosquitto, homes: int, capsys: pytest.CaptureFixture[str]
) -> None:
    with platform_of("serve", "alarms", database_url=postgres_url, mqtt_url=mosquitto.url) as platform:
        said = await pile_up_and_come_back(platform, mosquitto, homes)
    with capsys.disabled():
        print(said)
