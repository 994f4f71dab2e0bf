"""What devices are asked for, from the shell to the answer: stored sealed, read into memory, counted within seconds."""

from contextlib import asynccontextmanager

import pytest
from sqlalchemy import select

from alarms.receivers.scaip.door import PURPOSE
from alarms.receivers.scaip.enter import ask_certificate, ask_nothing, ask_password, enter_model
from alarms.receivers.scaip.models import read_models
from alarms.receivers.scaip.policy import ALL_EVERY, LOOK_EVERY, PLAIN, Asks, Policies
from alarms.receivers.scaip.tables import device_scaip
from alarms.tables import case, signal
from kit.clock import SystemClock
from kit.errors import Refusal, StorageDown
from kit.seal import open_sealed
from kit.store import open_store
from registry.demo import fill
from registry.inventory.tables import device_model
from registry.tables import device
from tests.integration.running import KEY, running
from tests.integration.udp import udp_device
from tests.patience import until
from tests.unit.alarms.scaip.device import answer_to, mrq, sip_message, snu_of

DEVICE, ACCOUNT = "demo-scaip-3", "100003"
KEYS = ("k" * 32,)


@asynccontextmanager
async def filled(url):
    store = open_store(url)
    async with store.write() as connection:
        await fill(connection)
    yield store
    await store.close()


@pytest.fixture
async def store(sqlite_url):
    """For what is the same on both databases."""
    async with filled(sqlite_url) as store:
        yield store


@pytest.fixture
async def either_store(store_url):
    async with filled(store_url) as store:
        yield store


@asynccontextmanager
async def reading(store, clock):
    policies = Policies(store, clock, read_models())
    await policies.start()
    yield policies
    await policies.close()


async def seconds_later(clock, look):
    """Look again and again, a little later each time."""

    async def later():
        await clock.advance(LOOK_EVERY)
        return look()

    await until(later)


async def write(store, work, *words):
    async with store.write() as connection:
        await work(connection, *words)


async def test_what_has_changed_is_read_alone_and_counts_in_both_directions(either_store, clock):
    store = either_store
    async with reading(store, clock) as policies:
        assert policies.ready
        assert policies.of(ACCOUNT) is policies.of("unknown") is PLAIN  # nobody asks it for anything
        await write(store, ask_password, KEYS, DEVICE, "blå cykel", clock.now())
        await policies.look()  # the clock stands still: not everything is read again
        assert policies.of(ACCOUNT).asks is Asks.DIGEST
        assert policies.of(ACCOUNT).device == DEVICE
        await write(store, ask_certificate, DEVICE, "AB:" * 31 + "AB", clock.now())
        await policies.look()
        assert policies.of(ACCOUNT).asks is Asks.CERTIFICATE
        assert policies.of(ACCOUNT).fingerprint == "ab" * 32
        assert policies.of(ACCOUNT).secret == b""
        await write(store, ask_nothing, DEVICE, clock.now())
        await policies.look()
        assert policies.of(ACCOUNT).asks is Asks.NONE


async def test_a_change_is_looked_for_every_few_seconds(store, clock):
    async with reading(store, clock) as policies:
        await write(store, ask_password, KEYS, DEVICE, "blå cykel", clock.now())
        await seconds_later(clock, lambda: policies.of(ACCOUNT).asks is Asks.DIGEST)


async def test_a_password_is_stored_as_sealed_hashes_alone(store, clock):
    await write(store, ask_password, KEYS, DEVICE, "blå cykel", clock.now())
    async with store.read() as connection:
        secret = await connection.scalar(select(device_scaip.c.secret))
    assert b"cykel" not in secret
    opened = open_sealed(secret, KEYS, purpose=PURPOSE, about=DEVICE)
    assert b"cykel" not in opened
    assert b"SHA-256" in opened


async def test_a_devices_model_is_followed_with_the_registrys_interval(either_store, clock):
    store, name = either_store, "SCAIP, set heartbeat"
    await write(store, enter_model, read_models(), name)
    await write(store, enter_model, read_models(), name)
    async with store.write() as connection:
        interval = await connection.scalar(select(device_model.c.heartbeat_s).where(device_model.c.name == name))
        await connection.execute(device.update().where(device.c.id == DEVICE).values(model=name))
        await connection.execute(device_model.update().where(device_model.c.name == name).values(heartbeat_s=600))
    assert interval == 900
    async with reading(store, clock) as policies:
        assert policies.of(ACCOUNT).heartbeat_s == 600
        assert policies.of(ACCOUNT).model.hbi == 60
        assert policies.of(ACCOUNT).asks is Asks.NONE
        async with store.write() as connection:
            await connection.execute(device.update().where(device.c.id == DEVICE).values(model=""))
        await clock.advance(ALL_EVERY)
        await seconds_later(clock, lambda: policies.of(ACCOUNT) is PLAIN)


async def test_what_is_no_scaip_device_no_password_and_no_certificate_is_refused(store, clock):
    at = clock.now()
    for code, work, words in (
        ("not_scaip", ask_nothing, ("nothing", at)),
        ("not_scaip", ask_password, (KEYS, "demo-app-1", "p", at)),
        ("bad_password", ask_password, (KEYS, DEVICE, "", at)),
        ("bad_password", ask_password, (KEYS, DEVICE, "a\nb", at)),
        ("bad_fingerprint", ask_certificate, (DEVICE, "no-such-file.pem", at)),
    ):
        with pytest.raises(Refusal) as refusal:
            await write(store, work, *words)
        assert refusal.value.code == code


async def test_a_database_that_is_away_at_the_start_is_waited_for(store, clock, monkeypatch):
    policies = Policies(store, clock, read_models())

    async def down(*_):
        raise StorageDown

    with monkeypatch.context() as patched:
        patched.setattr("alarms.receivers.scaip.policy.read_policies", down)
        await policies.start()
        assert not policies.ready
    await seconds_later(clock, lambda: policies.ready)
    await policies.close()


async def test_policies_that_cannot_be_read_keep_nobody_from_being_heard(store, clock, monkeypatch):
    await write(store, ask_password, KEYS, DEVICE, "blå cykel", clock.now())
    async with store.write() as connection:
        await connection.execute(device_scaip.update().values(asks="of_tomorrow"))
    policies = Policies(store, clock, read_models())
    await policies.start()
    assert (policies.ready, policies.of(ACCOUNT).asks) == (True, Asks.NONE)
    await policies.close()

    async def broken(*_):
        raise RuntimeError("a bug")

    monkeypatch.setattr("alarms.receivers.scaip.policy.read_policies", broken)
    policies = Policies(store, clock, read_models())
    await policies.start()
    assert policies.ready
    await policies.close()


async def test_a_refused_press_is_on_the_desk_as_a_technical_case(sqlite_url, tmp_path, monkeypatch):
    """The whole platform: a device is asked for its password, and somebody presses with a wrong one."""
    monkeypatch.setattr("alarms.receivers.scaip.unproven.GRACE", 0.3)
    async with running(sqlite_url, tmp_path) as platform:
        store = platform.platform.store
        await write(store, ask_password, (KEY,), DEVICE, "blå cykel", SystemClock().now())
        await platform.platform._policies.look()
        endpoint = next(one for one in platform.platform.scaip.addresses if one.transport == "udp")
        async with udp_device((endpoint.host, endpoint.port)) as button:
            for n in range(3):
                message = {"branch": f"z9hG4bK{n}", "cseq": n + 1}
                button.send(sip_message(mrq(cid=ACCOUNT), **message))
                refusal = await button.next()
                shown = answer_to(refusal, "red car", user=ACCOUNT)
                button.send(sip_message(mrq(cid=ACCOUNT), more=[shown], branch=f"z9hG4bKa{n}", cseq=n + 1))
                assert (await button.next()).startswith(b"SIP/2.0 403 ")

            async def told():
                async with store.read() as connection:
                    query = select(case.c.kind, case.c.reason).where(case.c.device == DEVICE)
                    return [tuple(row) for row in await connection.execute(query)] == [("technical", "unproven")]

            await until(told)
            button.send(sip_message(mrq(cid=ACCOUNT), branch="z9hG4bKb", cseq=9))
            shown = answer_to(await button.next(), "blå cykel", user=ACCOUNT, algorithm="SHA-256")
            button.send(sip_message(mrq(cid=ACCOUNT), more=[shown], branch="z9hG4bKc", cseq=10))
            assert (await button.next()).startswith(b"SIP/2.0 200 ")
            assert snu_of(await button.next()) == 0
        async with store.read() as connection:
            query = select(signal.c.kind).where(signal.c.device == DEVICE)
            assert {"technical", "alarm"} <= set(await connection.scalars(query))
