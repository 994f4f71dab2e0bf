"""The relay as the platform's child: found, reached through the front, started again, and ended with the platform."""

import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiortc import RTCPeerConnection
from sqlalchemy import select

from deploy.relay import RelayProcess
from signaling.tables import relay_node
from tests.integration.running import Running, running
from tests.integration.signaling.visiting import ORDER, page
from tests.patience import until
from tests.servers import wait_for_end

PATIENCE = 25.0  # seconds for a process to start on a busy machine


@pytest.fixture
async def platform(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Running]:
    async with running(sqlite_url, tmp_path) as platform:
        await platform.platform.relay.start()
        await comes_up(platform.platform.relay)
        yield platform


async def comes_up(relay: RelayProcess, *, other_than: int | None = None) -> int:
    comes = "the relay does not come up"
    await until(lambda: relay.up and relay.pid not in {None, other_than}, comes, patience=PATIENCE)
    assert relay.pid is not None
    return relay.pid


async def nodes(platform: Running) -> list[str]:
    async with platform.platform.store.read() as connection:
        return list((await connection.execute(select(relay_node.c.id))).scalars())


async def test_a_leg_begins_and_ends_through_the_front(platform: Running) -> None:
    async with page(platform, "demo-worker-1") as worker, page(platform, "demo-resident-1") as resident:
        visit = (await worker.done("", **ORDER))["id"]
        await resident.done(f"/{visit}/answer")
        leg = await worker.done(f"/{visit}/legs", direction="publish")
        peer = RTCPeerConnection()
        peer.addTransceiver("audio", direction="sendonly")
        await peer.setLocalDescription(await peer.createOffer())
        offer = peer.localDescription.sdp
        await peer.close()
        headers = {"Authorization": f"Bearer {leg['token']}", "Content-Type": "application/sdp"}
        answer = await worker.http.post(leg["url"], content=offer, headers=headers)
        assert answer.status_code == 201, answer.text
        assert answer.headers["content-type"].startswith("application/sdp")
        assert answer.text.startswith("v=0")
        gone = await worker.http.delete(answer.headers["location"], headers=headers)
        assert gone.status_code == 200
        assert (await worker.http.delete(answer.headers["location"], headers=headers)).status_code == 404


async def test_what_is_no_leg_is_refused_before_or_by_the_relay(platform: Running) -> None:
    async with await platform.client("demo-worker-1") as worker:
        headers = {"Content-Type": "application/sdp"}
        no_leg = await worker.post("/media/relay-1/whip/leg-1", content="v=0", headers=headers)
        assert (no_leg.status_code, no_leg.json()["code"]) == (401, "unauthenticated")
        nowhere = await worker.post("/media/relay-9/whip/leg-1", content="v=0", headers=headers)
        assert (nowhere.status_code, nowhere.json()["code"]) == (404, "not_found")
        endless = await worker.post("/media/relay-1/whip/leg-1", content="v" * 70_000, headers=headers)
        assert (endless.status_code, endless.json()["code"]) == (413, "too_large")
        for path in ("/media/relay-1/status", "/media/relay-1/other/leg-1", "/media/relay-1/whip/..%2Fstatus"):
            assert (await worker.get(path)).status_code in {404, 405}


async def test_a_relay_that_is_killed_is_started_again(platform: Running) -> None:
    first = await comes_up(platform.platform.relay)
    os.kill(first, signal.SIGKILL)
    again = await comes_up(platform.platform.relay, other_than=first)
    assert again != first
    assert await nodes(platform) == ["relay-1"]


async def test_the_relay_ends_with_the_platform_and_is_forgotten(platform: Running) -> None:
    pid = await comes_up(platform.platform.relay)
    await platform.platform.relay.close()
    wait_for_end(pid, at_most=1.0)
    assert await nodes(platform) == []
