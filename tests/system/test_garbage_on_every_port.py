"""Garbage on every open port, while somebody presses: it harms nobody but its sender."""

import asyncio
import json
import random
import ssl
from contextlib import suppress
from datetime import timedelta

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from kit.clock import SystemClock
from kit.tokens import Signer
from registry.sessions import issue_person_token
from tests.certificates import trusting
from tests.system.platforms import KEY, device_bearer, operator_bearer, platform_of
from tests.system.watched import pressing_throughout, what_fails
from tests.unit.alarms.dc09.panel import frame

clock = SystemClock()
noise = random.Random(20260115)

MIB = 1024 * 1024
BOMB = (
    "<?xml version='1.0'?><!DOCTYPE mrq [<!ENTITY a 'aaaaaaaaaa'>"
    + "".join(f"<!ENTITY {name} '{f'&{before};' * 10}'>" for before, name in zip("abcdefgh", "bcdefghi", strict=True))
    + "]><mrq><ref>1</ref><cid>&i;</cid><dty>3</dty></mrq>"
)
OUTSIDE = (
    "<!DOCTYPE mrq [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>"
    "<mrq><ref>2</ref><cid>100002</cid><dty>3</dty><dte>&x;</dte></mrq>"
)


def sip(body="", *, transport="TCP", length=None, more=""):
    length = len(body) if length is None else length
    return (
        "MESSAGE sip:larm@127.0.0.1 SIP/2.0\r\n"
        f"Via: SIP/2.0/{transport} 127.0.0.1;rport;branch=z9hG4bK{noise.randrange(10**9)}\r\n"
        "From: <sip:100002@127.0.0.1>;tag=a\r\nTo: <sip:larm@127.0.0.1>\r\n"
        f"Call-ID: {noise.randrange(10**9)}\r\nCSeq: 1 MESSAGE\r\n{more}"
        f"Content-Type: application/scaip+xml\r\nContent-Length: {length}\r\n\r\n{body}"
    ).encode()


def press(transport):
    return sip(f"<mrq><ref>{noise.randrange(10**9)}</ref><cid>100002</cid><dty>3</dty></mrq>", transport=transport)


def http(body=b"", *, length=None, more=""):
    head = (
        "POST /api/v1/device/events HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        f"Authorization: Bearer {device_bearer('demo-app-2')}\r\n{more}"
        f"Content-Length: {len(body) if length is None else length}\r\n\r\n"
    )
    return head.encode() + body


def client_hello():
    context = ssl.create_default_context()
    outgoing = ssl.MemoryBIO()
    with suppress(ssl.SSLWantReadError):
        context.wrap_bio(ssl.MemoryBIO(), outgoing, server_hostname="larm.example.se").do_handshake()
    return outgoing.read()


STREAMS = {
    "random bytes": noise.randbytes(64 * 1024),
    "zeros": bytes(64 * 1024),
    "line ends": b"\r\n" * 50_000,
    "one endless line": b"A" * (2 * MIB),
    "TLS": client_hello(),
    "HTTP": http(b'{"specversion":"1.0"'),
    "half of HTTP": http(b"{", length=500),
    "an endless HTTP head": b"GET / HTTP/1.1\r\n" + b"X-A: b\r\n" * 200_000,
    "a huge HTTP body": http(b" " * (10 * MIB)),
    "HTTP with two lengths": http(b"{}", more="Content-Length: 7\r\n"),
    "HTTP in broken chunks": http(b"ZZZZ\r\n{}\r\n", more="Transfer-Encoding: chunked\r\n"),
    "HTTP with a negative length": http(length=-5),
    "HTTP many at once": http(b"[]") * 500,
    "an upgrade to nowhere": b"GET /api/v1/desk HTTP/1.1\r\nHost: a\r\nUpgrade: foo\r\nConnection: upgrade\r\n\r\n",
    "SIP": sip("<mrq></mrq>"),
    "half of SIP": sip("<mrq>", length=400),
    "SIP with a huge length": sip("<mrq>", length=10**12),
    "SIP with a negative length": sip("<mrq>", length=-1),
    "SIP with no number for a length": sip("<mrq>", length="many"),
    "a huge SIP body": sip("x" * (10 * MIB)),
    "an endless SIP head": sip("", more="X-A: b\r\n" * 200_000),
    "SIP many at once": sip("<mrq><ref>1</ref></mrq>") * 500,
    "an entity bomb": sip(BOMB),
    "an entity from outside": sip(OUTSIDE),
    "deep XML": sip("<mrq>" + "<a>" * 2_500 + "</a>" * 2_500 + "</mrq>"),
    "answers to nothing": b"SIP/2.0 200 OK\r\nVia: SIP/2.0/TCP a;branch=z9hG4bKx\r\nCSeq: 1 MESSAGE\r\nl: 0\r\n\r\n"
    * 99,
}
DC09 = {
    "DC-09": frame(),
    "half of DC-09": frame()[:-9],
    "an endless DC-09 frame": b"\n" + b"A" * MIB,
    "DC-09 many at once": frame(account="4711") * 500,
    "DC-09 with a wrong checksum": frame().replace(b"QA", b"QB") * 500,
    "DC-09 that nobody can open": frame(key=bytes(16)) * 500,
    "DC-09 of a kind unknown": frame(token="X" * 20) * 500,
    "line feeds": b"\n" * MIB,
}


@pytest.fixture(scope="module")
def platform():
    with platform_of("run", "--demo", tls=True) as running:
        running.start()
        yield running


def ports(platform):
    return {"HTTP": platform.port, "SIP": platform.sip_port, "DC-09": platform.dc09_port}


async def say(port, data, **more):
    """Send it all, half a second for the answer; what came."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, **more)
    heard = b""
    with suppress(OSError, TimeoutError):
        async with asyncio.timeout(5):
            writer.write(data)
            await writer.drain()
    with suppress(OSError, TimeoutError):
        async with asyncio.timeout(0.5):
            while some := await reader.read(65_536):
                heard += some
    writer.transport.abort()
    await clock.sleep(0)
    return heard


@pytest.mark.parametrize("port", ["HTTP", "SIP"])
@pytest.mark.parametrize("what", STREAMS)
async def test_garbage_on_a_stream_harms_nobody_else(platform, port, what):
    async with pressing_throughout(platform):
        heard = await say(ports(platform)[port], STREAMS[what])
    assert b"Traceback" not in heard
    assert b"root:" not in heard
    if port == "HTTP" and heard:
        assert heard.startswith(b"HTTP/1.1 4")
    assert b"<snu>0</snu>" not in heard


async def test_garbage_on_the_tls_port_before_and_within_tls_harms_nobody_else(platform):
    within = {"ssl": trusting(platform.certified)}
    async with pressing_throughout(platform):
        heard = await asyncio.gather(
            *(say(platform.tls_port, data, **more) for data in STREAMS.values() for more in ({}, within))
        )
        lines = [await asyncio.open_connection("127.0.0.1", platform.tls_port) for _ in range(300)]
        for _, writer in lines[::2]:
            writer.write(STREAMS["TLS"][:100])
        assert b"<snu>0</snu>" in await say(platform.tls_port, press("TLS"), **within)
        for _, writer in lines:
            writer.transport.abort()
        await clock.sleep(0)
    assert not any(b"<snu>0</snu>" in data or b"Traceback" in data or b"root:" in data for data in heard)


async def test_garbage_on_a_dc09_stream_harms_nobody_else(platform):
    async with pressing_throughout(platform), asyncio.TaskGroup() as group:
        streams = [*STREAMS.values(), *DC09.values()]
        heard = [group.create_task(say(platform.dc09_port, data)) for data in streams]
    answers = b"".join(one.result() for one in heard)
    assert b'"DUH"' in answers
    assert not {word for word in (b"ACK", b"Traceback", b"root:") if word in answers}


@pytest.mark.parametrize("port", ["SIP", "DC-09"])
async def test_garbage_in_datagrams_harms_nobody_else(platform, port):
    heard = []

    class Listener(asyncio.DatagramProtocol):
        def datagram_received(self, data, addr):
            heard.append(data)

    endpoint = await asyncio.get_running_loop().create_datagram_endpoint(
        Listener, remote_addr=("127.0.0.1", ports(platform)[port])
    )
    datagrams = [data[:60_000] for data in [*STREAMS.values(), *DC09.values()]]
    datagrams += [sip(body, transport="UDP") for body in (BOMB, OUTSIDE, "", "<mrq>", "x" * 50_000)]
    datagrams += [noise.randbytes(noise.randrange(0, 1500)) for _ in range(2_000)]
    sent = {"SIP": sip("<mrq><ref>9</ref><cid>100002</cid><dty>3</dty></mrq>", transport="UDP"), "DC-09": frame()}
    valid = sent[port]
    for _ in range(500):
        broken = bytearray(valid)
        for _ in range(noise.randrange(1, 30)):
            broken[noise.randrange(len(broken))] = noise.randrange(256)
        datagrams.append(bytes(broken))
    async with pressing_throughout(platform):
        for number, data in enumerate(datagrams):
            endpoint[0].sendto(data)
            if number % 20 == 0:
                await clock.sleep(0.005)
    endpoint[0].abort()
    await clock.sleep(0)
    assert not any(b"root:" in data or b"Traceback" in data for data in heard)


@pytest.mark.parametrize("port", ["HTTP", "SIP", "DC-09"])
async def test_half_open_and_dripping_connections_keep_nobody_out(platform, port):
    start = {"HTTP": http(length=100), "SIP": sip("<mrq>", length=400), "DC-09": frame()}[port]
    lines = []
    async with pressing_throughout(platform):
        try:
            for number in range(500):
                _, writer = await asyncio.open_connection("127.0.0.1", ports(platform)[port])
                lines.append(writer)
                writer.write(start[: number % len(start)])
            for _ in range(20):
                await clock.sleep(0.1)
                for writer in lines[::10]:
                    if not writer.is_closing():
                        writer.write(b"x")
            assert await what_fails(platform) == []  # and others are let in besides
        finally:
            for writer in lines:
                writer.transport.abort()
            await clock.sleep(0)


DEEP = "[" * 15_000
TOO_MUCH = "x" * 20_000
FORGED = issue_person_token(Signer(["another key, of somebody who has none of ours"]), "a", "a", clock.now())


def expired():
    yesterday = clock.now() - timedelta(days=1)
    who = "demo-operator-1"
    return issue_person_token(Signer([KEY]), who, who, yesterday, timedelta(hours=1))


def socket(platform, page, **more):
    return connect(f"ws://127.0.0.1:{platform.port}/api/v1/{page}", max_size=None, **more)


async def closed_with(line):
    """The code it is closed with, whatever is said before."""
    async with asyncio.timeout(8):
        try:
            while True:
                await line.recv()
        except ConnectionClosed as end:
            return end.rcvd.code if end.rcvd else None


BAD = {
    "no JSON": "hello?",
    "nothing": "",
    "a number": "1" * 5_000,
    "deep": DEEP,
    "a lone surrogate": '{"type":"hello","version":"\\ud800"}',
    "another type": json.dumps({"type": "shutdown"}),
    "a field too many": json.dumps({"type": "hello", "version": 1, "admin": True}),
    "a position in words": json.dumps({"type": "hello", "version": 1, "resume_from": "first"}),
    "too long": TOO_MUCH,
    "binary": b"\x00\xff\xfe{}",
    "a binary hello": b'{"type":"hello","version":1}',
    "a command first": json.dumps({"type": "command", "id": "1", "case": "case-1", "act": {"act": "take"}}),
}


@pytest.mark.parametrize("what", BAD)
@pytest.mark.parametrize("greeted", [False, True])
async def test_a_desk_that_talks_nonsense_is_closed_as_such(platform, what, greeted):
    headers = {"Authorization": f"Bearer {operator_bearer('demo-operator-1')}"}
    async with pressing_throughout(platform), socket(platform, "desk", additional_headers=headers) as line:
        if greeted:
            await line.send(json.dumps({"type": "hello", "version": 1}))
            assert json.loads(await line.recv())["type"] == "snapshot"
        await line.send(BAD[what])
        if what == "a command first" and greeted:
            return  # then it is no nonsense
        assert await closed_with(line) == 4400


@pytest.mark.parametrize("position", [-1, 10**18, 2**63 - 1, -(2**63), 10**30])
async def test_a_desk_that_resumes_from_nowhere_gets_a_snapshot(platform, position):
    headers = {"Authorization": f"Bearer {operator_bearer('demo-operator-1')}"}
    async with pressing_throughout(platform), socket(platform, "desk", additional_headers=headers) as line:
        await line.send(json.dumps({"type": "hello", "version": 1, "resume_from": position}))
        assert json.loads(await line.recv())["type"] == "snapshot"


@pytest.mark.parametrize("page", ["desk", "home"])
async def test_a_frame_of_ten_megabytes_ends_that_socket_only(platform, page):
    bearer = operator_bearer("demo-operator-1") if page == "desk" else device_bearer("demo-app-3")
    headers = {"Authorization": f"Bearer {bearer}"}
    async with pressing_throughout(platform), socket(platform, page, additional_headers=headers) as line:
        with suppress(ConnectionClosed):
            await line.send("x" * 10 * MIB)
        assert await closed_with(line) in {1009, 4400, None}


@pytest.mark.parametrize("said", ["", "hello", b"\x00\x01", DEEP])
async def test_whatever_a_home_says_harms_nobody(platform, said):
    headers = {"Authorization": f"Bearer {device_bearer('demo-app-3')}"}
    async with pressing_throughout(platform), socket(platform, "home", additional_headers=headers) as line:
        assert json.loads(await line.recv())["type"] == "status"
        with suppress(ConnectionClosed):
            for _ in range(50):
                await line.send(said)


@pytest.mark.parametrize("page", ["desk", "home"])
async def test_a_session_that_is_none_opens_no_socket(platform, page):
    bearers = ["", "x", FORGED, expired(), "e30.e30.e30", "å" * 10, "x" * 7_000]
    async with pressing_throughout(platform):
        for bearer in bearers:
            headers = {"Authorization": f"Bearer {bearer}".encode().decode("latin-1")}
            async with socket(platform, page, additional_headers=headers) as line:
                assert await closed_with(line) == 4401


async def test_a_socket_for_another_kind_of_session_is_closed(platform):
    async with pressing_throughout(platform):
        for page, bearer in (("desk", device_bearer("demo-app-1")), ("home", operator_bearer("demo-operator-1"))):
            async with socket(platform, page, additional_headers={"Authorization": f"Bearer {bearer}"}) as line:
                with suppress(ConnectionClosed):
                    await line.send(json.dumps({"type": "hello", "version": 1}))
                assert await closed_with(line) == 4403


@pytest.mark.parametrize("page", ["desk", "home"])
async def test_another_sites_page_opens_no_socket(platform, page):
    bearer = operator_bearer("demo-operator-1") if page == "desk" else device_bearer("demo-app-1")
    async with pressing_throughout(platform):
        for origin in ("https://evil.example", f"http://127.0.0.1.evil.example:{platform.port}", "null"):
            headers = {"Cookie": f"nattljus_session={bearer}"}
            async with socket(platform, page, additional_headers=headers, origin=origin) as line:
                assert await closed_with(line) == 4403
