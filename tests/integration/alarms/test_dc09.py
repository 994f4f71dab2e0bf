"""DC-09 from the socket to the case, on both databases: what is acknowledged is stored, and by whom it was sealed."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest

from alarms import tables
from alarms.hub import Hub
from alarms.receivers.dc09.keys import NONE_FOR, Agreed, Keys, set_key
from alarms.receivers.dc09.listen import Dc09Receiver, parse_listen
from alarms.receivers.dc09.tables import device_dc09
from kit.clock import FakeClock, SystemClock
from kit.errors import Refusal
from kit.store import Store
from kit.tasks import Tasks
from registry.tables import device, device_seen
from tests.integration.alarms.hubs import rows
from tests.patience import PATIENCE
from tests.unit.alarms.dc09.panel import KEY, frame, heartbeat, said

SECRETS = ("a-secret-of-tests-that-is-long-enough", "an-older-one-of-tests-that-is-long-enough")


@pytest.fixture
async def panels(store: Store) -> Store:
    """Resident 1 has a panel that speaks in clear, account 1234; resident 2 one with a key, account 00AB."""
    place = {"principal": "kommun", "kind": "alarm", "protocol": "dc09"}
    async with store.write() as connection:
        for number, account in ((1, "1234"), (2, "00AB")):
            where = {"home": f"home-{number}", "resident": f"resident-{number}"}
            await connection.execute(device.insert().values(id=f"panel-{number}", account=account, **where, **place))
        await set_key(connection, "panel-2", KEY, SECRETS)
    return store


@asynccontextmanager
async def line(hub: Hub, store: Store) -> AsyncIterator["Line"]:
    """A receiver in front of that hub, and a TCP connection to it."""
    clock = SystemClock()
    tasks = Tasks(clock)
    keys = Keys(store, clock, SECRETS)
    receiver = Dc09Receiver(hub, keys, clock, tasks, listen=parse_listen("tcp:127.0.0.1:0"))
    await receiver.start()
    opened = Line(*await asyncio.open_connection("127.0.0.1", receiver.addresses[0].port))
    try:
        yield opened
    finally:
        opened.writer.transport.abort()
        await receiver.close()
        await tasks.close()


@asynccontextmanager
async def known(store: Store, clock: FakeClock, secrets: Sequence[str]) -> AsyncIterator[Keys]:
    """The keys, as a process with those secrets knows them."""
    tasks, keys = Tasks(clock), Keys(store, clock, secrets)
    keys.start(tasks)
    try:
        yield keys
    finally:
        await tasks.close()


class Line:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    async def ask(self, data: bytes, key: bytes | None = None) -> str:
        self.writer.write(data)
        return str(said(await asyncio.wait_for(self.reader.readuntil(b"\r"), PATIENCE), key)[0])


async def test_a_press_is_on_its_resident_s_case_when_it_is_acknowledged(hub: Hub, panels: Store) -> None:
    """[2] [3]"""
    async with line(hub, panels) as one:
        assert await one.ask(frame("#1234|NQA1", seq="0007", extra="[X12.53][Y57.93]")) == "ACK"
        [case] = await rows(panels, tables.case)
        assert (case["resident"], case["reason"], case["presses"]) == ("resident-1", "pressed", 1)
        [signal] = await rows(panels, tables.signal)
        assert (signal["protocol"], signal["reference"], signal["case"]) == ("dc09", "0007", case["id"])
        assert signal["details"]["latitude"] == "57.93"
        assert await one.ask(frame("#1234|NQA1", seq="0007", extra="[X12.53][Y57.93]")) == "ACK"
        assert await one.ask(frame("#1234|NQA1", seq="0008")) == "ACK"
        assert [(row["presses"], row["version"] > 0) for row in await rows(panels, tables.case)] == [(2, True)]


async def test_a_fault_is_a_technical_case_and_its_restore_finds_it(hub: Hub, panels: Store) -> None:
    """[1]"""
    async with line(hub, panels) as one:
        for seq, data in (("0001", "#1234|1301 00 000"), ("0002", "#1234|3301 00 000"), ("0003", "#1234|1601 00 000")):
            assert await one.ask(frame(data, token="ADM-CID", seq=seq)) == "ACK"
        [case] = await rows(panels, tables.case)
        assert (case["kind"], case["reason"]) == ("technical", "mains_failure")
        assert [row["case"] for row in await rows(panels, tables.signal)] == [case["id"], case["id"], None]


async def test_supervision_keeps_a_device_from_being_called_silent(hub: Hub, panels: Store) -> None:
    """[10]"""
    async with line(hub, panels) as one:
        assert await one.ask(heartbeat()) == "ACK"
        [seen] = await rows(panels, device_seen)
        assert seen["device"] == "panel-1"
        assert await one.ask(heartbeat(account="9999")) == "DUH"


async def test_an_encrypted_press_is_opened_with_the_device_s_own_key(hub: Hub, panels: Store) -> None:
    async with line(hub, panels) as one:
        at = SystemClock().now()
        assert await one.ask(frame("#00AB|NMA1", account="00AB", at=at, key=KEY), KEY) == "*ACK"
        assert await one.ask(frame("#1234|NMA1", account="1234", at=at, key=KEY)) == "DUH"
        [case] = await rows(panels, tables.case)
        assert case["resident"] == "resident-2"


async def test_an_alarm_in_clear_from_a_device_with_a_key_is_raised_and_says_so(hub: Hub, panels: Store) -> None:
    """[3]"""
    async with line(hub, panels) as one:
        assert await one.ask(heartbeat(account="00AB")) == "DUH"
        assert await one.ask(frame("#00AB|NMA1", account="00AB")) == "ACK"
        [signal] = await rows(panels, tables.signal)
        assert (signal["defects"], signal["resident"]) == (["not_encrypted"], "resident-2")
        assert signal["case"] is not None


async def test_an_alarm_of_an_account_nobody_knows_is_stored_and_sent_to_the_next_receiver(
    hub: Hub, panels: Store
) -> None:
    async with line(hub, panels) as one:
        assert await one.ask(frame(account="4711", data="#4711|NQA1")) == "DUH"
        [signal] = await rows(panels, tables.signal)
        assert (signal["account"], signal["resident"]) == ("4711", None)


async def test_a_key_at_rest_is_sealed_and_can_be_changed_and_taken_away(panels: Store) -> None:
    [row] = await rows(panels, device_dc09)
    assert KEY not in row["sealed_key"]
    clock = FakeClock()

    async def agreed(secrets: Sequence[str]) -> Agreed:
        async with known(panels, clock, secrets) as keys:
            return await keys.of("00AB")

    assert await agreed(SECRETS) == Agreed(True, KEY)
    assert await agreed(SECRETS[:1]) == Agreed(True, KEY)
    assert await agreed(SECRETS[1:]) == Agreed(True, None)  # it has one, and nobody can open it
    async with panels.write() as connection:
        await set_key(connection, "panel-2", bytes(32), SECRETS[1:])
    assert await agreed(SECRETS) == Agreed(True, bytes(32))
    async with panels.write() as connection:
        await set_key(connection, "panel-2", None, SECRETS)
    assert await agreed(SECRETS) == Agreed(False)


async def test_a_key_that_is_entered_counts_within_seconds(panels: Store) -> None:
    clock = FakeClock()
    async with known(panels, clock, SECRETS) as keys:
        assert await asyncio.gather(*map(keys.of, ("1234", "00AB", "1234", "x"))) == [
            Agreed(False),
            Agreed(True, KEY),
            Agreed(False),
            Agreed(False),
        ]
        async with panels.write() as connection:
            await set_key(connection, "panel-1", KEY, SECRETS)
        assert await keys.of("1234") == Agreed(False)
        await clock.advance(NONE_FOR)
        assert await keys.of("1234") == Agreed(True, KEY)


async def test_a_key_that_does_not_fit_is_refused(panels: Store) -> None:
    refused = (("panel-1", bytes(15), "bad_key"), ("device-1", KEY, "not_dc09"), ("x", KEY, "not_dc09"))
    for device_id, key, code in refused:
        with pytest.raises(Refusal, match=code):
            async with panels.write() as connection:
                await set_key(connection, device_id, key, SECRETS)
    assert [row["device"] for row in await rows(panels, device_dc09)] == ["panel-2"]
