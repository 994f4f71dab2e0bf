"""Real sockets against the receiver: UDP and TCP, on free ports."""

import asyncio
import socket
from contextlib import asynccontextmanager

import pytest

from alarms.receivers.scaip.listen import ScaipReceiver, parse_listen
from alarms.receivers.scaip.policy import Asks, Policy
from alarms.receivers.scaip.sockets import UNSENT_LIMIT
from kit.clock import FakeClock, SystemClock
from kit.tasks import Tasks
from tests.integration.udp import udp_device
from tests.patience import PATIENCE, until
from tests.unit.alarms.scaip.device import MemoryIntake, mrq, ok_to, sip_message, snu_of
from tests.unit.alarms.scaip.test_door import Some


class Running:
    def __init__(self, receiver, intake, clock):
        self.receiver, self.intake, self.clock = receiver, intake, clock

    def address(self, transport):
        endpoint = next(endpoint for endpoint in self.receiver.addresses if endpoint.transport == transport)
        return endpoint.host, endpoint.port


@asynccontextmanager
async def running(clock=None, listen="udp:127.0.0.1:0 tcp:127.0.0.1:0", **limits):
    clock = clock or SystemClock()
    tasks, intake = Tasks(clock), MemoryIntake()
    listen = parse_listen(listen)
    receiver = ScaipReceiver(intake, clock, tasks, listen=listen, call_number="sip:larm@127.0.0.1", **limits)
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
        head = await asyncio.wait_for(self.reader.readuntil(b"\r\n\r\n"), PATIENCE)
        length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        return head + await self.reader.readexactly(length)

    async def rest(self):
        return await asyncio.wait_for(self.reader.read(), PATIENCE)


@asynccontextmanager
async def tcp_device(address, **more):
    device = TcpDevice(*await asyncio.open_connection(*address, **more))
    try:
        yield device
    finally:
        device.writer.transport.abort()


DEVICES = {"udp": udp_device, "tcp": tcp_device}


@pytest.mark.parametrize("transport", ["udp", "tcp"])
async def test_a_press_is_stored_answered_and_told(transport):
    async with running() as centre, DEVICES[transport](centre.address(transport)) as device:
        device.send(sip_message(mrq(ref="42"), transport=transport.upper()))
        assert (await device.next()).startswith(b"SIP/2.0 200 OK\r\n")
        told = await device.next()
        assert told.startswith(b"MESSAGE sip:26317@127.0.0.1")
        assert snu_of(told) == 0
        assert [signal.reference for signal in centre.intake.signals] == ["42"]
        device.send(ok_to(told))
        device.send(sip_message(method="OPTIONS", branch="z9hG4bKo"))
        assert (await device.next()).startswith(b"SIP/2.0 200 OK\r\n")


async def test_over_udp_the_answer_is_sent_again_from_the_same_socket_until_it_is_confirmed():
    async with running(FakeClock()) as centre, udp_device(centre.address("udp")) as device:
        device.send(sip_message(mrq()))
        await device.next()
        told = await device.next()
        await centre.clock.advance(0.6)
        assert await device.next() == told
        await centre.clock.advance(1.1)
        assert await device.next() == told
        device.send(ok_to(told))
        device.send(sip_message(method="OPTIONS", branch="z9hG4bKo"))
        await device.next()
        await centre.clock.advance(40)
        assert device.heard.empty()
        assert centre.intake.untold == []


async def test_over_udp_a_device_that_never_confirms_is_noted():
    async with running(FakeClock()) as centre, udp_device(centre.address("udp")) as device:
        device.send(sip_message(mrq()))
        await device.next()
        await device.next()
        await centre.clock.advance(33)
        assert len(centre.intake.untold) == 1


async def test_over_udp_a_request_sent_again_gets_the_same_answer():
    async with running() as centre, udp_device(centre.address("udp")) as device:
        device.send(sip_message(mrq()))
        first = await device.next()
        told = await device.next()
        device.send(ok_to(told))
        device.send(sip_message(mrq()))
        assert await device.next() == first
        assert len(centre.intake.signals) == 1


async def test_storage_down_is_hold_and_then_not_treated():
    async with running(FakeClock()) as centre, udp_device(centre.address("udp")) as device:
        centre.intake.down = True
        heard = []
        for attempt in range(3):
            device.send(sip_message(mrq(), branch=f"z9hG4bK{attempt}"))
            assert (await device.next()).startswith(b"SIP/2.0 200")
            told = await device.next()
            heard.append(snu_of(told))
            device.send(ok_to(told))
            device.send(sip_message(method="OPTIONS", branch=f"z9hG4bKo{attempt}"))
            await device.next()
            await centre.clock.advance(6)
        assert heard == [4, 4, 5]
        assert centre.intake.signals == []


async def test_bytes_that_come_one_at_a_time_are_heard_as_one_message():
    async with running() as centre, tcp_device(centre.address("tcp")) as device:
        for byte in b"\r\n" + sip_message(mrq(), transport="TCP"):
            device.send(bytes([byte]))
            await asyncio.sleep(0)  # noqa: TID251 - so that each byte is a write of its own
        assert (await device.next()).startswith(b"SIP/2.0 200")
        assert snu_of(await device.next()) == 0


async def test_many_presses_in_one_segment_are_all_heard():
    async with running() as centre, tcp_device(centre.address("tcp")) as device:
        device.send(b"".join(sip_message(mrq(ref=str(n)), branch=f"z9hG4bK{n}") for n in range(50)))
        heard = [await device.next() for _ in range(100)]
        assert sum(data.startswith(b"SIP/2.0 200") for data in heard) == 50
        assert [snu_of(data) for data in heard].count(0) == 50
        assert len(centre.intake.signals) == 50


async def test_a_keep_alive_is_answered():
    async with running() as centre, tcp_device(centre.address("tcp")) as device:
        device.send(b"\r\n\r\n")
        assert await asyncio.wait_for(device.reader.readexactly(2), PATIENCE) == b"\r\n"


async def test_a_body_of_ten_mebibytes_is_refused_without_being_gathered():
    async with running(FakeClock()) as centre, tcp_device(centre.address("tcp")) as device:
        head = sip_message(transport="TCP").replace(b"Content-Length: 0", b"Content-Length: 10485760")
        device.send(head)
        assert (await device.next()).startswith(b"SIP/2.0 413 ")
        for _ in range(160):
            device.send(b"x" * 65536)
        await device.writer.drain()
        assert await device.rest() == b""
        await centre.clock.advance(3)
        async with tcp_device(centre.address("tcp")) as other:
            other.send(sip_message(mrq(), transport="TCP"))
            await other.next()
            assert snu_of(await other.next()) == 0


async def test_a_stream_without_content_length_is_400_and_closed():
    async with running() as centre, tcp_device(centre.address("tcp")) as device:
        device.send(sip_message().replace(b"Content-Length: 0\r\n", b""))
        assert (await device.next()).startswith(b"SIP/2.0 400 ")
        assert await device.rest() == b""


@pytest.mark.parametrize("body", [b"<!DOCTYPE mrq><mrq><ref>1</ref></mrq>", b"\x00\xff" * 200])
@pytest.mark.parametrize("transport", ["udp", "tcp"])
async def test_garbage_harms_nobody_else(transport, body):
    async with running() as centre, DEVICES[transport](centre.address(transport)) as device:
        device.send(sip_message(body, branch="z9hG4bKg"))
        answer = await device.next()
        assert answer.startswith((b"SIP/2.0 200", b"SIP/2.0 400"))
        if answer.startswith(b"SIP/2.0 200"):
            assert snu_of(await device.next()) == 2
        async with DEVICES[transport](centre.address(transport)) as other:
            other.send(b"\x16\x03\x01garbage\r\n\r\n")
        async with DEVICES[transport](centre.address(transport)) as other:
            other.send(sip_message(mrq(), branch="z9hG4bKh"))
            assert (await other.next()).startswith(b"SIP/2.0 200")
            assert snu_of(await other.next()) == 0
        assert len(centre.intake.signals) == 1


async def test_a_connection_lost_before_the_answer_is_confirmed_is_noted():
    async with running() as centre, tcp_device(centre.address("tcp")) as device:
        device.send(sip_message(mrq()))
        await device.next()
        await device.next()
        device.writer.transport.abort()
        await asyncio.wait_for(centre.intake.noted.wait(), PATIENCE)
        assert len(centre.intake.untold) == 1


async def test_a_message_never_finished_costs_the_connection_and_an_idle_one_does_not():
    async with (
        running(FakeClock()) as centre,
        tcp_device(centre.address("tcp")) as slow,
        tcp_device(centre.address("tcp")) as idle,
    ):
        slow.send(sip_message(mrq())[:-5])
        idle.send(b"\r\n\r\n")
        await idle.reader.readexactly(2)
        await centre.clock.advance(31)
        with pytest.raises((ConnectionResetError, asyncio.IncompleteReadError)):
            await slow.next()
        await centre.clock.advance(3600)
        idle.send(sip_message(mrq()))
        await idle.next()
        assert snu_of(await idle.next()) == 0


async def test_when_connections_run_out_the_one_that_was_silent_longest_makes_room():
    async with running(connections=2) as centre:
        address = centre.address("tcp")
        async with tcp_device(address) as silent, tcp_device(address) as talking:
            for device in (silent, talking):
                device.send(b"\r\n\r\n")
                await device.reader.readexactly(2)
            async with tcp_device(address) as third:
                third.send(sip_message(mrq()))
                await third.next()
                assert snu_of(await third.next()) == 0
                assert await silent.rest() == b""
                talking.send(b"\r\n\r\n")
                assert await asyncio.wait_for(talking.reader.readexactly(2), PATIENCE) == b"\r\n"


async def test_a_known_device_keeps_its_connection_whatever_strangers_come_from_its_address():
    async with running(connections=8, strangers=3) as centre:
        address = centre.address("tcp")
        async with tcp_device(address) as device:
            device.send(sip_message(mrq(), transport="TCP"))
            await device.next()
            device.send(ok_to(await device.next()))
            strangers = [await asyncio.open_connection(*address) for _ in range(50)]
            await until(lambda: len(centre.receiver._connections) == 4, "the strangers' room was never full")
            device.send(sip_message(mrq(ref="2"), transport="TCP", branch="z9hG4bK2"))
            await device.next()
            assert snu_of(await device.next()) == 0
            for _, writer in strangers:
                writer.transport.abort()


async def test_a_peer_that_never_reads_loses_its_connection():
    async with running() as centre:
        loop = asyncio.get_running_loop()
        with socket.socket() as peer:
            peer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            peer.setblocking(False)
            await loop.sock_connect(peer, centre.address("tcp"))
            flood = b"".join(sip_message(method="OPTIONS", branch=f"z9hG4bK{n}") for n in range(200))
            with pytest.raises((ConnectionResetError, BrokenPipeError)):
                await asyncio.wait_for(loop.sock_sendall(peer, flood * (64 * UNSENT_LIMIT // len(flood))), PATIENCE)


async def test_while_ten_thousand_challenges_are_asked_for_a_press_over_udp_gets_through():
    """Whoever asks sends as fast as one socket can; nothing of it is kept."""
    known = Some(a26317=Policy("device-1", Asks.DIGEST))
    async with running(known=known) as centre:
        address = centre.address("udp")
        async with udp_device(address) as flood, udp_device(address) as device:
            asked = 0

            def ask(some):
                nonlocal asked
                for _ in range(some):
                    asked += 1
                    flood.send(sip_message(mrq(ref=str(asked)), branch=f"z9hG4bK{asked}"))

            took = []
            while asked < 10_000:
                ask(100)  # no more than the smallest buffer holds: nothing of this is sent again
                began = centre.clock.monotonic()
                device.send(sip_message(mrq(ref=str(asked), cid="1"), branch=f"z9hG4bKd{asked}"))
                told = await device.next()
                while snu_of(told) is None:
                    told = await device.next()
                took.append(centre.clock.monotonic() - began)
                assert snu_of(told) == 0
                device.send(ok_to(told))
                assert (await flood.next()).startswith(b"SIP/2.0 401 ")
        print(f"answered in {max(took) * 1000:.0f} ms at the most beside {asked} challenges")
        assert max(took) < 10
        pressed = [signal for signal in centre.intake.signals if signal.account == "1"]
        assert len(pressed) == len(took)
        assert len(centre.receiver._exchange._transactions) <= len(took)


async def test_an_address_that_is_refused_all_the_time_is_not_read_and_a_known_device_at_it_is():
    known = Some(a26317=Policy("device-1", Asks.DIGEST))
    async with running(FakeClock(), known=known, refusals=10.0) as centre:
        address = centre.address("udp")
        async with udp_device(address) as flood, udp_device(address) as device, udp_device(address) as late:
            device.send(sip_message(mrq(cid="1"), branch="z9hG4bKd1"))
            await device.next()
            device.send(ok_to(await device.next()))
            for number in range(50):
                flood.send(sip_message(mrq(), branch=f"z9hG4bK{number}"))
            device.send(sip_message(mrq(ref="2", cid="1"), branch="z9hG4bKd2"))
            await device.next()
            assert snu_of(await device.next()) == 0
            late.send(sip_message(mrq(cid="2"), branch="z9hG4bKl1"))
            await centre.clock.advance(0.5)
            assert flood.heard.qsize() == 10
            await until(
                lambda: not centre.receiver._datagrams[0]._refusals.spent("127.0.0.1", centre.clock.monotonic())
            )
            late.send(sip_message(mrq(cid="2"), branch="z9hG4bKl1"))
            await late.next()
            assert snu_of(await late.next()) == 0


async def test_a_port_in_use_is_an_error_that_names_the_address():
    async with running() as centre:
        host = centre.address("tcp")[0]
        tasks = Tasks(SystemClock())
        for transport in ("tcp", "udp"):
            number = centre.address(transport)[1]
            second = ScaipReceiver(
                MemoryIntake(), SystemClock(), tasks, listen=parse_listen(f"udp:{host}:0 {transport}:{host}:{number}")
            )
            with pytest.raises(OSError, match=f"{transport}:{host}:{number}"):
                await second.start()
        await tasks.close()


async def test_closing_lets_go_of_the_ports():
    async with running() as centre:
        address = centre.address("tcp")
    with socket.socket() as again:
        again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        again.bind(address)
        assert again.getsockname() == address
