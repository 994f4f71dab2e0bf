"""Whatever protocol a press comes over, and whoever is killed meanwhile: what was promised is stored exactly once.

One stream of presses over SCAIP (UDP, TCP, TLS), DC-09 (TCP, UDP), HTTP (single and arrays), MQTT and a vendor's signed
webhook. The platform, Redis and the MQTT broker are killed in an order that chance decides, and started again. Of one
principal every alarm also goes to an external alarm centre, which is to have each of them, under one reference.
"""

import os
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from random import Random

import pytest
from sqlalchemy import select

from alarms import tables
from alarms.forwarding.receivers import put, view
from alarms.forwarding.tables import forwarding
from alarms.receivers.vendors.stored import add_integration
from kit.clock import SystemClock
from kit.store import Store
from kit.wire.forwarding_words import ForwardState
from kit.wire.reserve import PutReserve
from kit.wire.vendors import AddIntegration, SignatureScheme
from kit.wire.words import CaseKind, SignalKind
from tests.certificates import trusting
from tests.integration.alarms.centres import Centre, centre, receiver
from tests.patience import until
from tests.servers import Mosquitto, PostgreSQL, Redis, Server
from tests.system.checks import broken, wait_until_nothing_is_overdue
from tests.system.crowds import Crowd
from tests.system.platforms import GRANNE, KEY, KOMMUN, PEOPLE, Platform, move_in, platform_of
from tests.system.pressers import HttpDevice, Ledger, Sender, TcpDevice, TlsDevice, UdpDevice
from tests.system.senders import ArrayDevice, Gateway, MqttDevice, Panel, VendorsDevice
from tests.system.test_kills import Scene, figures, kill, references_of, start, under_load

pytestmark = pytest.mark.timeout(300)

HERE, THERE = PEOPLE[:48], PEOPLE[48:60]  # who lives where; the alarms of those there go out as well
RATE = 60.0  # pushes a second, of which every sixth tells of five presses
LOAD = 1.5  # seconds of it before each kill
AWAY = (0.5, 2.0)  # seconds that a victim is away
ANSWERS_IN = 0.2  # seconds; so that some alarms are on their way to the centre when the platform dies
PATIENCE = 90.0  # seconds
VENDOR, SECRET = "a-vendor", "what-a-vendor-signs-its-calls-with"
MORE = {"dc09": lambda one: one.account, "mqtt": lambda one: f"mqtt-{one.account}"}
CALLED_FOR = {"webhook": lambda one: f"{VENDOR}:{one.account}"}
clock = SystemClock()


@dataclass(frozen=True, slots=True)
class Town:
    """What a platform has around it."""

    platform: Platform
    redis: Redis
    broker: Mosquitto
    centre: Centre


async def homes_in(town: Town, gateway: Gateway, ledger: Ledger) -> list[Sequence[Sender]]:
    """In each home a device of every kind; which transport it has where there are several goes by turns."""
    platform, homes = town.platform, list[Sequence[Sender]]()
    assert platform.certified is not None
    trust = trusting(platform.certified)
    path = f"/api/v1/device/webhooks/generic/{VENDOR}"
    for number, one in enumerate((*HERE, *THERE)):
        buttons = (
            UdpDevice(one.account, platform.sip_port, ledger),
            TcpDevice(one.account, platform.sip_port, ledger),
            TlsDevice(one.account, platform.tls_port, ledger, trust),
        )
        principal = KOMMUN if one in HERE else GRANNE
        home: list[Sender] = [
            buttons[number % 3],
            HttpDevice(one.app, platform.port, ledger),
            ArrayDevice(one.app, platform.port, ledger),
            Panel(one.account, platform.dc09_port, ledger, udp=number % 2 == 0),
            MqttDevice(MORE["mqtt"](one), principal["principal"], gateway, ledger),
        ]
        if one in HERE:
            home.append(VendorsDevice(one.account, platform.port, ledger, path, SECRET))
        homes.append(home)
    return homes


async def settle(town: Town, store: Store) -> None:
    """People in two municipalities, a vendor of the one, a reserve of the other."""
    await move_in(store, HERE, KOMMUN, {**MORE, **CALLED_FOR})
    await move_in(store, THERE, GRANNE, MORE)
    async with store.write() as connection:
        said = AddIntegration(vendor="generic", name="Ett företag", scheme=SignatureScheme())
        where = (connection, VENDOR, KOMMUN["principal"], said, SECRET, [KEY])
        await add_integration(*where, by="demo-administrator", at=clock.now())
        tag = (await view(connection, GRANNE["principal"])).tag
        reserve = PutReserve(on=True, receivers=[receiver("Centralen", town.centre.address)], seen=tag)
        await put(connection, GRANNE["principal"], reserve, [KEY], clock.now())


@asynccontextmanager
async def a_town_under_load(town: Town) -> AsyncIterator[Scene]:
    """The mixed stream, until the block ends."""
    gateway, ledger = Gateway(town.broker.port), Ledger()

    async def crowd(_: Platform, store: Store) -> Crowd:
        await settle(town, store)
        return Crowd(await homes_in(town, gateway, ledger), ledger, rate=RATE)

    try:
        async with under_load(town.platform, crowd, (*HERE, *THERE)) as scene:
            yield scene
    finally:
        await gateway.close()


async def kill_and_raise(town: Town, scene: Scene, victim: Server, pause: float) -> None:
    """Load, kill, wait, start; then everything pressed until the kill is answered and stored, and every rule holds.

    One at a time: the broker is not killed while the platform does not hear it.
    Without Redis, and without the broker, whoever does not press through it is answered meanwhile.
    """
    ledger = scene.crowd.ledger
    await clock.sleep(LOAD)
    await kill(victim)
    before = set(ledger.pressed)
    await clock.sleep(pause)
    if victim is not town.platform:
        meanwhile = {
            reference
            for reference, account in ledger.pressed.items()
            if reference not in before and not (victim is town.broker and account.startswith("mqtt-"))
        }
        assert meanwhile
        await scene.crowd.answered(meanwhile)
    await start(victim)
    await scene.crowd.answered(before)
    await all_stored(scene, before)
    await wait_until_nothing_is_overdue(scene.store)
    assert await broken(scene.store) == []


async def all_stored(scene: Scene, presses: set[str]) -> None:
    """What the broker has taken is the broker's to bring, a little later: wait until it is there."""
    pressed = scene.crowd.ledger.pressed
    through_it = {reference for reference in presses if pressed[reference].startswith("mqtt-")}
    signal = tables.signal

    async def stored() -> bool:
        async with scene.store.read() as connection:
            found = await connection.scalars(select(signal.c.reference).where(signal.c.protocol == "mqtt"))
            return through_it <= set(found)

    await until(stored, "what the broker has acknowledged is lost", patience=PATIENCE, every=0.2)


async def not_sent_on(town: Town, store: Store) -> list[str]:
    """What is wrong with what the centre has, once nothing is on its way there any more."""

    async def under_way() -> bool:
        async with store.read() as connection:
            return await connection.scalar(select(forwarding.c.signal).where(forwarding.c.next_at.is_not(None))) is None

    await until(under_way, "an alarm is for ever on its way to the centre", patience=PATIENCE, every=0.2)
    signal, case = tables.signal, tables.case
    alarms = (
        select(signal.c.id)
        .join(case, case.c.id == signal.c.case)
        .where(
            signal.c.principal == GRANNE["principal"],
            signal.c.kind == SignalKind.ALARM.value,
            case.c.kind == CaseKind.PERSON.value,
        )
    )
    async with store.read() as connection:
        raised = set(await connection.scalars(alarms))
        rows = (await connection.execute(select(forwarding))).mappings().all()
    alarms_there = [said for said in town.centre.heard if said["stc"] != "102"]
    there = Counter(said["ref"] for said in alarms_there)
    found = {
        "never drawn": raised - {row["signal"] for row in rows},
        "not taken": [row["signal"] for row in rows if row["state"] != ForwardState.DONE.value],
        "never heard there": {row["ref"] for row in rows} - there.keys(),
        "heard there and not ours": there.keys() - {row["ref"] for row in rows},
        "said differently the second time": [ref for ref, bodies in there.items() if bodies > 1],
    }
    return [f"{what}: {len(which)}, such as {list(which)[:3]}" for what, which in found.items() if which]


async def stored_by_protocol(store: Store) -> str:
    signal = tables.signal
    async with store.read() as connection:
        counted = Counter(await connection.scalars(select(signal.c.protocol).where(signal.c.case.is_not(None))))
    return ", ".join(f"{protocol}: {number}" for protocol, number in sorted(counted.items()))


def victims(town: Town, kills: int, random: Random) -> list[Server]:
    """Each of the three in turn, in an order of its own each time."""
    drawn: list[Server] = []
    while len(drawn) < kills:
        drawn += random.sample([town.platform, town.redis, town.broker], 3)
    return drawn[:kills]


async def keep_killing(town: Town, kills: int, seed: int) -> tuple[Scene, list[str], str]:
    """What became of the platform, what is wrong with what went out, and all in figures."""
    random, began = Random(seed), clock.monotonic()
    drawn = victims(town, kills, random)
    async with a_town_under_load(town) as scene:
        for victim in drawn:
            await kill_and_raise(town, scene, victim, random.uniform(*AWAY))
        scene.crowd.stop()
        scene.operators.stop()
        await scene.crowd.answered(set(scene.crowd.ledger.pressed))
        await all_stored(scene, set(scene.crowd.ledger.promised))
        outside = await not_sent_on(town, scene.store)
        promised = set(scene.crowd.ledger.promised)
        said = figures(scene, kills, promised, await references_of(scene.store))
        by_protocol = await stored_by_protocol(scene.store)
    killed = dict(Counter(type(victim).__name__.lower() for victim in drawn))
    times = town.centre.times
    said += (
        f"\n  stored: {by_protocol}; killed: {killed}, seed {seed}; to the centre {len(times)} messages, "
        f"{times.total() - len(times)} of them again; {clock.monotonic() - began:.0f} s, load {os.getloadavg()[0]:.1f}"
    )
    return scene, outside, said


@pytest.mark.parametrize("kills", [5, pytest.param(100, marks=[pytest.mark.soak, pytest.mark.timeout(7200)])])
async def test_whatever_it_is_pressed_through_nothing_promised_is_lost_whoever_is_killed(
    mortal_postgres: PostgreSQL,
    mortal_redis: Redis,
    mosquitto: Mosquitto,
    kills: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("NATTLJUS_OUTWARD_NETWORKS", "127.0.0.0/8")
    seed = int(os.environ.get("NATTLJUS_SEED", "0")) or Random().randrange(1, 1_000_000)
    around = {"redis_url": mortal_redis.url, "mqtt_url": mosquitto.url, "tls": True}
    with platform_of("serve", "alarms", database_url=mortal_postgres.create(), **around) as platform:
        async with centre("0", after=ANSWERS_IN) as there:
            scene, outside, said = await keep_killing(Town(platform, mortal_redis, mosquitto, there), kills, seed)
    with capsys.disabled():
        print(said)
    assert scene.wrong == []
    assert outside == []
    assert scene.crowd.ledger.promised
    assert there.times
