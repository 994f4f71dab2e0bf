"""Real sockets against the DC-09 receiver: UDP and TCP, on free ports."""

import asyncio
import socket
from contextlib import asynccontextmanager

import pytest

from alarms.receivers.binding import CannotListen
from alarms.receivers.dc09.frame import SKIP_LIMIT
from alarms.receivers.dc09.listen import Dc09Receiver, parse_listen
from alarms.receivers.dc09.sockets import MOST_WRONG
from alarms.receivers.sockets import FINISH_WITHIN
from kit.clock import FakeClock, SystemClock
from kit.tasks import Tasks
from tests.integration.udp import udp_device
from tests.patience import PATIENCE, until
from tests.unit.alarms.dc09.panel import KeysInMemory, frame, heartbeat, said
from tests.unit.alarms.scaip.device import MemoryIntake

EVERYWHERE = "udp:127.0.0.1:0 tcp:127.0.0.1:0"


class Running:
    def __init__(self, receiver, intake, clock):
        self.receiver, self.intake, self.clock = receiver, intake, clock

    def address(self, transport):
        return next((one.host, one.port) for one in self.receiver.addresses if one.transport == transport)


@asynccontextmanager
async def running(clock=None, **limits):
    clock = clock or SystemClock()
    tasks, intake = Tasks(clock), MemoryIntake()
    receiver = Dc09Receiver(intake, KeysInMemory(), clock, tasks, listen=parse_listen(EVERYWHERE), **limits)
    await receiver.start()
    try:
        yield Running(receiver, intake, clock)
    finally:
        await receiver.close()
        await tasks.close()


class TcpDevice:
    def __init__(self, reader, writer):
        self.reader, self.writer = reader, writer

    def send(self, data):
        self.writer.write(data)

    async def next(self):
        return said(await asyncio.wait_for(self.reader.readuntil(b"\r"), PATIENCE))

    async def until_closed(self):
        """Whether the receiver closes the line in time."""
        try:
            return await asyncio.wait_for(self.reader.read(), PATIENCE) == b""
        except ConnectionError:
            return True

    def close(self):
        self.writer.transport.abort()


@asynccontextmanager
async def tcp_device(address):
    device = TcpDevice(*await asyncio.open_connection(*address))
    try:
        yield device
    finally:
        device.close()


def device_at(centre, transport):
    address = centre.address(transport)
    return udp_device(address, said) if transport == "udp" else tcp_device(address)


@pytest.mark.parametrize("transport", ["udp", "tcp"])
async def test_a_press_and_a_heartbeat_are_acknowledged(transport):
    async with running() as centre, device_at(centre, transport) as device:
        device.send(frame(seq="0042"))
        assert await device.next() == ("ACK", "0042", "L0#1234", "")
        device.send(heartbeat())
        assert await device.next() == ("ACK", "0000", "L0#1234", "")
        assert [signal.reference for signal in centre.intake.signals] == ["0042", "0000"]


async def test_bytes_that_come_one_at_a_time_are_heard_as_one_frame():
    async with running() as centre, device_at(centre, "tcp") as device:
        for byte in b"garbage\r\n" + frame():
            device.send(bytes([byte]))
            await asyncio.sleep(0)  # noqa: TID251 - so that each byte is a write of its own
        assert (await device.next())[0] == "ACK"


@pytest.mark.parametrize("transport", ["udp", "tcp"])
async def test_many_frames_in_one_segment_are_all_heard(transport):
    async with running() as centre, device_at(centre, transport) as device:
        device.send(b"noise".join(frame(seq=f"{n:04}") for n in range(1, 51)))
        heard = [await device.next() for _ in range(50)]
        assert sorted(seq for _, seq, _, _ in heard) == [f"{n:04}" for n in range(1, 51)]
        assert len(centre.intake.signals) == 50


@pytest.mark.parametrize("transport", ["udp", "tcp"])
async def test_a_wrong_checksum_is_silence_and_the_next_frame_is_heard(transport):
    async with running() as centre, device_at(centre, transport) as device:
        device.send(frame(seq="0001").replace(b"QA", b"QB"))
        device.send(frame(seq="0002"))
        assert (await device.next())[:2] == ("ACK", "0002")
        assert len(centre.intake.signals) == 1


async def test_a_line_that_says_no_dc09_is_closed_and_nobody_else_s():
    async with running() as centre, device_at(centre, "tcp") as device:
        for nonsense in (b"x" * (SKIP_LIMIT + 1), b"\n" + b"x" * 5_000, b"\nAAAA0001x\r" * (MOST_WRONG + 1)):
            async with device_at(centre, "tcp") as stranger:
                stranger.send(nonsense)
                assert await stranger.until_closed()
        device.send(frame())
        assert (await device.next())[0] == "ACK"


async def test_a_frame_never_finished_costs_the_connection_and_an_idle_one_does_not():
    async with (
        running(FakeClock()) as centre,
        device_at(centre, "tcp") as slow,
        device_at(centre, "tcp") as idle,
    ):
        slow.send(frame()[:-5])
        idle.send(frame())
        assert (await idle.next())[0] == "ACK"
        await centre.clock.advance(FINISH_WITHIN + 1)
        assert await slow.until_closed()
        await centre.clock.advance(3600)
        idle.send(frame())
        assert (await idle.next())[0] == "ACK"


async def test_when_connections_run_out_the_one_that_was_silent_longest_makes_room():
    async with (
        running(connections=2) as centre,
        device_at(centre, "tcp") as silent,
        device_at(centre, "tcp") as talking,
        device_at(centre, "tcp") as third,
    ):
        third.send(frame())
        assert (await third.next())[0] == "ACK"
        assert await silent.until_closed()
        talking.send(frame())
        assert (await talking.next())[0] == "ACK"


async def test_a_known_device_keeps_its_line_whatever_strangers_come_from_its_address():
    async with running(connections=8, strangers=3) as centre, device_at(centre, "tcp") as device:
        device.send(frame())
        assert (await device.next())[0] == "ACK"
        strangers = [await asyncio.open_connection(*centre.address("tcp")) for _ in range(50)]
        await until(lambda: len(centre.receiver._connections) == 4, "the strangers' room was never full")
        device.send(frame(seq="0002"))
        assert (await device.next())[:2] == ("ACK", "0002")
        for _, writer in strangers:
            writer.transport.abort()


async def test_who_never_reads_the_answers_loses_the_connection_and_not_our_memory():
    async with running() as centre, device_at(centre, "tcp") as device:
        device.writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        many = b"".join(frame(token="SIA-PUL", head="R123456L123456") for _ in range(500))

        def pushed_until_closed():
            if device.writer.is_closing():
                return True
            if device.writer.transport.get_write_buffer_size() < 1_000_000:
                device.send(many)
            return False

        await until(pushed_until_closed, "the line was never closed", every=0.001)
        async with device_at(centre, "tcp") as other:
            other.send(frame())
            assert (await other.next())[0] == "ACK"


async def test_a_line_cut_before_the_commit_is_noted_for_a_press():
    async with running() as centre, device_at(centre, "tcp") as device:
        gate = centre.intake.hold_up()
        device.send(frame())
        device.send(b"\n")
        await until(lambda: len(centre.receiver._hearing._load), "the press was not heard")
        device.close()
        await until(lambda: len(centre.receiver._connections) == 0, "the line was not seen to be cut")
        gate.set()
        await asyncio.wait_for(centre.intake.noted.wait(), PATIENCE)
        assert len(centre.intake.untold) == 1


async def test_an_address_that_is_taken_is_a_sentence_and_nothing_is_heard():
    async with running() as centre:
        _, port = centre.address("tcp")
        clock = SystemClock()
        tasks = Tasks(clock)
        listen = parse_listen(f"udp:127.0.0.1:0 tcp:127.0.0.1:{port}")
        second = Dc09Receiver(MemoryIntake(), KeysInMemory(), clock, tasks, listen=listen)
        with pytest.raises(CannotListen) as refused:
            await second.start()
        assert refused.value.sentence.startswith(f"DC-09 cannot be heard on tcp:127.0.0.1:{port}: ")
        assert refused.value.sentence.endswith("or choose others with NATTLJUS_DC09_LISTEN.")
        assert second.addresses == ()
        await tasks.close()


@pytest.mark.parametrize("spec", ["tls:127.0.0.1:1", "127.0.0.1:1", "tcp:127.0.0.1:99999", "tcp:"])
def test_an_address_that_is_none_is_a_sentence(spec):
    with pytest.raises(ValueError, match=r"DC-09 is heard on udp and tcp|write udp:HOST:PORT or tcp:HOST:PORT"):
        parse_listen(spec)
