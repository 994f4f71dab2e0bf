"""Whoever floods the platform keeps nobody out: each flood at every port that it can be tried at, while people press.

`NATTLJUS_FLOOD` is how many seconds each lasts. What a press took is printed; on a quiet machine it is below a second.
"""

import asyncio
import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pytest

from alarms.receivers.scaip.enter import ask_password
from kit.clock import SystemClock
from tests.patience import PATIENCE
from tests.system.flooding import FLOODS, Target, flood
from tests.system.platforms import KEY, Platform, device_bearer, platform_of
from tests.system.pressers import STORED, HttpDevice, Ledger, TcpDevice, UdpDevice
from tests.system.watched import GROWTH, resident_mib, what_fails
from tests.unit.alarms.dc09.panel import frame

SECONDS = float(os.environ.get("NATTLJUS_FLOOD", "3"))
AT_MOST = 5.0  # seconds for a press, beside everything else that this machine does; the promise is one
PAUSE = 0.1  # seconds between two presses of one device
ASKED, PASSWORD = "100020", "nattviol"
clock = SystemClock()


@pytest.fixture(scope="module")
def platform() -> Iterator[Platform]:
    with platform_of("run", "--demo", tls=True) as running:
        running.start()
        asyncio.run(ask_for_a_password(running))
        yield running


async def ask_for_a_password(platform: Platform) -> None:
    store = platform.store()
    async with store.write() as connection:
        await ask_password(connection, (KEY,), "demo-scaip-20", PASSWORD, clock.now())
    await store.close()


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[ProcessPoolExecutor]:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        pool.submit(len, "").result()
        yield pool


def targets(name: str, platform: Platform) -> list[Target]:
    if name == "nonces":
        return [Target(platform.sip_port, f"{ASKED}:{PASSWORD}".encode())]
    sip = (
        b"MESSAGE sip:larm@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/TCP 127.0.0.1;rport;branch=z9hG4bKf\r\n"
        b"From: <sip:a@127.0.0.1>;tag=a\r\nTo: <sip:larm@127.0.0.1>\r\nCall-ID: f\r\nCSeq: 1 MESSAGE\r\n"
    )
    tls = Target(platform.tls_port, sip + b"Content-Length: 60000\r\n\r\n", platform.certified)
    if name == "TLS handshakes":
        return [tls]
    http = (
        f"Host: 127.0.0.1\r\nAuthorization: Bearer {device_bearer('demo-app-2')}\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    return [
        tls,
        Target(platform.sip_port, sip + b"X-A: b"),
        Target(platform.dc09_port, frame()[:-1]),
        Target(platform.port, f"POST /api/v1/device/events HTTP/1.1\r\n{http}ffffffff\r\n".encode()),
        Target(platform.port, f"POST /api/v1/device/webhooks/generic/x HTTP/1.1\r\n{http}ffffffff\r\n".encode()),
    ]


@pytest.mark.parametrize("name", FLOODS)
async def test_a_press_is_answered_whatever_floods_the_ports(
    platform: Platform, elsewhere: ProcessPoolExecutor, name: str
) -> None:
    before, complaints = resident_mib(platform.pid), platform.complaints()
    ledger = Ledger()
    devices = [
        UdpDevice("100001", platform.sip_port, ledger),
        TcpDevice("100002", platform.sip_port, ledger),
        HttpDevice("demo-app-3", platform.port, ledger),
    ]
    flooding = asyncio.wrap_future(elsewhere.submit(flood, name, targets(name, platform), SECONDS))
    took = await asyncio.gather(*(press_on(device, ledger, flooding) for device in devices))
    done = await flooding
    for device in devices:
        await device.close()
    figures = (
        f"{way} {1000 * max(each):.0f} of {len(each)}" for way, each in zip(("UDP", "TCP", "HTTP"), took, strict=True)
    )
    print(f"\n{name}: {dict(done)}; the slowest press in ms: {', '.join(figures)}")
    assert done
    assert max(map(max, took)) <= AT_MOST
    assert await what_fails(platform) == []
    assert platform.complaints() == complaints
    assert resident_mib(platform.pid) - before < GROWTH


async def press_on(device: UdpDevice | TcpDevice | HttpDevice, ledger: Ledger, flooding: asyncio.Future) -> list[float]:
    """Press until the flood is over; seconds until each press was stored, however often it had to be sent."""
    took: list[float] = []
    while not flooding.done() or not took:
        reference, began = ledger.press(device.account), clock.monotonic()
        async with asyncio.timeout(PATIENCE):
            while await device.ask(reference) not in {STORED, 202}:
                pass
        took.append(clock.monotonic() - began)
        await clock.sleep(PAUSE)
    return took
