"""WHIP and WHEP clients on aiortc: one sends a moving picture and a tone, one counts what it can decode."""

import fractions
import math
from array import array
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import httpx
from aiortc import MediaStreamTrack, RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import AudioStreamTrack, VideoStreamTrack
from av import AudioFrame, VideoFrame

from kit.clock import SystemClock
from kit.legs import LegClaims, issue_leg
from kit.settings import Settings
from kit.tasks import Tasks
from kit.tokens import Signer
from kit.wire.words import Direction
from media.process import Running, running
from media.relay import Limits, Relay
from tests.patience import PATIENCE

KEY = "a key for tests that is long enough to sign"
SIGNER = Signer([KEY])
WIDTH, HEIGHT = 320, 240


def settings(announce: str = "") -> Settings:
    """A relay on free ports of loopback."""
    return Settings(
        media_listen="udp:127.0.0.1:0", media_announce=announce, media_http="127.0.0.1:0", media_node="test"
    )


def token(direction: Direction, participant: str, of: str = "", *, visit: str = "visit-1", node: str = "test") -> str:
    """A token for a leg whose id follows from what it is."""
    claims = LegClaims(leg_id(direction, participant, of), node, visit, participant, direction, of or participant)
    return issue_leg(SIGNER, claims, SystemClock().now())


def leg_id(direction: Direction, participant: str, of: str = "") -> str:
    """The id of that leg."""
    return f"leg-{direction}-{participant}-{of}"


def path(direction: Direction, participant: str, of: str = "", *, node: str = "test") -> str:
    """Where that leg is asked for."""
    way = "whip" if direction is Direction.PUBLISH else "whep"
    return f"/media/{node}/{way}/{leg_id(direction, participant, of)}"


@dataclass
class Place:
    """A running relay and a way to ask it."""

    running: Running
    relay: Relay
    http: httpx.AsyncClient
    clients: list["Client"] = field(default_factory=list)


@asynccontextmanager
async def relaying(limits: Limits | None = None, announce: str = "") -> AsyncIterator[Place]:
    """A relay in the test's own loop."""
    async with (
        running(settings(announce), [KEY], limits=limits) as (place, relay),
        httpx.AsyncClient(base_url=place.url, timeout=PATIENCE) as http,
    ):
        found = Place(place, relay, http)
        try:
            yield found
        finally:
            for client in found.clients:
                await client.close()


class Pattern(VideoStreamTrack):
    """A bar that wanders over a grey picture."""

    _count = 0

    async def recv(self) -> VideoFrame:
        """The next picture."""
        pts, time_base = await self.next_timestamp()
        frame = VideoFrame(WIDTH, HEIGHT, "yuv420p")
        self._count += 1
        bar = self._count * 4 % (WIDTH - 32)
        row = bytes([60] * bar + [220] * 32 + [60] * (WIDTH - 32 - bar))
        for plane in frame.planes:
            plane.update(b"".join(row + bytes(plane.line_size - WIDTH) for _ in range(HEIGHT)) if plane.width == WIDTH
                         else bytes([128]) * plane.buffer_size)  # fmt: skip
        frame.pts, frame.time_base = pts, time_base
        return frame


class Tone(AudioStreamTrack):
    """440 Hz."""

    async def recv(self) -> AudioFrame:
        """The next 20 ms."""
        frame: AudioFrame = await super().recv()
        rate, first = frame.sample_rate, frame.pts or 0
        wave = (int(12_000 * math.sin(2 * math.pi * 440 * (first + n) / rate)) for n in range(frame.samples))
        frame.planes[0].update(array("h", wave).tobytes())
        frame.time_base = fractions.Fraction(1, rate)
        return frame


@dataclass
class Seen:
    """What a subscriber has decoded."""

    pictures: int = 0
    different: set[int] = field(default_factory=set)
    sounds: int = 0
    loudest: int = 0


@dataclass
class Client:
    """One leg's other end."""

    connection: RTCPeerConnection
    answer: httpx.Response
    bearer: dict[str, str]
    seen: Seen = field(default_factory=Seen)
    tasks: Tasks = field(default_factory=lambda: Tasks(SystemClock()))

    @property
    def location(self) -> str:
        """The leg's address."""
        return str(self.answer.headers["location"])

    async def close(self) -> None:
        """As a page does that is closed."""
        await self.connection.close()
        await self.tasks.close()


async def publish(place: Place, participant: str, **claims: Any) -> Client:
    """Send a pattern and a tone."""
    connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
    connection.addTrack(Tone())
    connection.addTrack(Pattern())
    bearer = {"Authorization": f"Bearer {token(Direction.PUBLISH, participant, **claims)}"}
    return await _join(place, connection, path(Direction.PUBLISH, participant), bearer)


async def subscribe(place: Place, participant: str, of: str, **claims: Any) -> Client:
    """Count what comes from another participant."""
    connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
    tracks: list[MediaStreamTrack] = []
    connection.on("track", tracks.append)
    for kind in ("audio", "video"):
        connection.addTransceiver(kind, direction="recvonly")
    bearer = {"Authorization": f"Bearer {token(Direction.SUBSCRIBE, participant, of, **claims)}"}
    client = await _join(place, connection, path(Direction.SUBSCRIBE, participant, of), bearer)
    for track in tracks:
        client.tasks.start("watch", _watch(track, client.seen))
    return client


async def _join(place: Place, connection: RTCPeerConnection, url: str, bearer: dict[str, str]) -> Client:
    await connection.setLocalDescription(await connection.createOffer())
    headers = {"Content-Type": "application/sdp", **bearer}
    answer = await place.http.post(url, content=connection.localDescription.sdp, headers=headers)
    assert answer.status_code == 201, answer.text
    await connection.setRemoteDescription(RTCSessionDescription(answer.text, "answer"))
    client = Client(connection, answer, bearer)
    place.clients.append(client)
    return client


async def _watch(track: MediaStreamTrack, seen: Seen) -> None:
    with suppress(Exception):  # it has ended
        while True:
            frame = await track.recv()
            if isinstance(frame, VideoFrame):
                seen.pictures += 1
                seen.different.add(hash(bytes(frame.planes[0])))
            else:
                seen.sounds += 1
                seen.loudest = max(seen.loudest, *array("h", bytes(frame.planes[0])))
