"""A hundred times joined and left, and a storm of garbage: the relay is as it was before."""

import os
import random
import socket
from pathlib import Path
from typing import Any

import httpx
import pytest
from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription

from kit.wire.words import Direction
from tests.integration.media.whip import Tone
from tests.patience import PATIENCE, until
from tests.system.relays import RelayProcess, relay_process

ROUNDS = 100
WARM = 20
ROOM = 1024  # kB; 160 legs that each left 7 kB behind would exceed it


@pytest.fixture(autouse=True)
def loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """aioice offers no loopback address by itself; a machine without a network has no other."""
    monkeypatch.setattr("aioice.ice.get_host_addresses", lambda use_ipv4, use_ipv6: ["127.0.0.1"])


def memory(pid: int) -> int:
    """Kilobytes in memory."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))


def descriptors(pid: int) -> int:
    return len(os.listdir(f"/proc/{pid}/fd"))


async def come(http: httpx.AsyncClient, relay: RelayProcess, direction: Direction) -> tuple[RTCPeerConnection, Any]:
    """A leg that is up; how it is left is another matter."""
    connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
    if direction is Direction.PUBLISH:
        connection.addTrack(Tone())
    else:
        connection.addTransceiver("audio", direction="recvonly")
    leg = relay.leg("visit-1", f"{direction}-person", direction, "publish-person" if direction == "subscribe" else "")
    await connection.setLocalDescription(await connection.createOffer())
    headers = {"Content-Type": "application/sdp", "Authorization": f"Bearer {leg['token']}"}
    answer = await http.post(leg["url"], content=connection.localDescription.sdp, headers=headers)
    assert answer.status_code == 201, answer.text
    await connection.setRemoteDescription(RTCSessionDescription(answer.text, "answer"))
    return connection, lambda: http.delete(answer.headers["location"], headers=headers)


async def up(http: httpx.AsyncClient, relay: RelayProcess, legs: int, tasks: int = 1000) -> dict[str, Any]:
    """The relay's status once it has that many legs, all up, and no more tasks than that."""
    status: dict[str, Any] = {}

    async def there() -> bool:
        status.update((await http.get(f"/media/{relay.node}/status")).json())
        return status["legs"] == status["up"] == legs and status["tasks"] <= tasks

    await until(there, f"not {legs} legs and at most {tasks} tasks")
    return status


@pytest.mark.timeout(180)
async def test_a_hundred_rounds_leave_nothing_behind() -> None:
    with relay_process() as relay:
        async with httpx.AsyncClient(base_url=relay.url, timeout=PATIENCE) as http:
            for count in range(ROUNDS):
                publishing, delete = await come(http, relay, Direction.PUBLISH)
                subscribing, _ = await come(http, relay, Direction.SUBSCRIBE)
                await up(http, relay, 2)
                if count % 2:
                    assert (await delete()).status_code == 200
                await publishing.close()
                await subscribing.close()
                status = await up(http, relay, 0)
                if count == WARM:
                    before = memory(relay.pid), descriptors(relay.pid), status["tasks"]
            await up(http, relay, 0, before[2])
            after = memory(relay.pid), descriptors(relay.pid)
            print(f"\nmemory {before[0]} → {after[0]} kB, descriptors {before[1]} → {after[1]}")
            assert after[0] - before[0] < ROOM
            assert after[1] == before[1]
            assert status["codec_objects"] == 0


async def test_a_storm_of_garbage_is_counted_and_costs_no_memory() -> None:
    chance = random.Random(8489)
    starts = [b"", b"\x00\x01\x00\x08\x21\x12\xa4\x42", b"\x16\xfe\xfd", b"\x80\x60", b"\x80\xc8", b"\xff"]
    with relay_process() as relay, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        async with httpx.AsyncClient(base_url=relay.url, timeout=PATIENCE) as http:
            for count in range(40):
                for _ in range(250):
                    sender.sendto(chance.choice(starts) + chance.randbytes(chance.randrange(1400)), relay.udp)
                status = await up(http, relay, 0)
                if count == 5:
                    before = memory(relay.pid)
            dropped = status["dropped"]
            print(f"\n{dropped}")
            assert dropped.keys() >= {"garbage", "stun_malformed", "dtls_stranger", "srtp_stranger"}
            assert sum(dropped.values()) > 5000
            assert memory(relay.pid) - before < 1024
