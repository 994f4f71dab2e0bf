"""Pictures and sound through the relay, by WHIP and WHEP (RFC 9725, draft-ietf-wish-whep): sent and counted.

A bar wanders over a small picture fifteen times a second, with a tone of 400 Hz: enough to see that nothing stands
still and nothing is silent, and little enough for several visits on one core.
"""

import fractions
import math
import zlib
from array import array
from contextlib import suppress

from aiortc import MediaStreamTrack, RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import AudioStreamTrack, MediaStreamError, VideoStreamTrack
from av import AudioFrame, VideoFrame

from clients.simulated.ledger import Side
from clients.simulated.session import Refused, Session
from kit.tasks import Tasks
from kit.wire.visit import LegView
from kit.wire.words import Direction

WIDTH, HEIGHT = 320, 240
BAR = 32
TONE = 400  # Hz: whole waves in 20 ms, so that one frame's samples serve for all
LOUDNESS = 12_000
MOST_DIFFERENT = 64


class Pattern(VideoStreamTrack):
    """The wandering bar."""

    _count = 0

    async def recv(self) -> VideoFrame:
        """The next picture; every other moment of thirty a second."""
        await self.next_timestamp()
        pts, time_base = await self.next_timestamp()
        self._count += 1
        frame = VideoFrame(WIDTH, HEIGHT, "yuv420p")
        left = self._count * 6 % (WIDTH - BAR)
        row = bytes([60]) * left + bytes([220]) * BAR + bytes([60]) * (WIDTH - BAR - left)
        luma, *chroma = frame.planes
        luma.update((row + bytes(luma.line_size - WIDTH)) * HEIGHT)
        for plane in chroma:
            plane.update(bytes([128]) * plane.buffer_size)
        frame.pts, frame.time_base = pts, time_base
        return frame


class Tone(AudioStreamTrack):
    """The tone."""

    _wave = b""

    async def recv(self) -> AudioFrame:
        """The next 20 ms."""
        frame = await super().recv()
        assert isinstance(frame, AudioFrame)
        rate = frame.sample_rate
        if not self._wave:
            turns = (2 * math.pi * TONE * n / rate for n in range(frame.samples))
            self._wave = array("h", (int(LOUDNESS * math.sin(turn)) for turn in turns)).tobytes()
        frame.planes[0].update(self._wave)
        frame.time_base = fractions.Fraction(1, rate)
        return frame


class Legs:
    """One participant's legs: one into the relay, one for each other participant out of it."""

    def __init__(self, session: Session, visit: str, side: Side, tasks: Tasks) -> None:
        self._session = session
        self._visit = visit
        self._side = side
        self._tasks = tasks
        self._open: list[tuple[RTCPeerConnection, str, str]] = []  # with each leg's address and token

    async def publish(self) -> None:
        """Be seen and heard. Raises Refused and httpx.HTTPError."""
        connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        connection.addTrack(Tone())
        connection.addTrack(Pattern())
        await self._join(connection, {"direction": Direction.PUBLISH.value})

    async def subscribe(self, of: str) -> None:
        """See and hear another. Raises Refused and httpx.HTTPError."""
        connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        tracks: list[MediaStreamTrack] = []
        connection.on("track", tracks.append)
        for kind in ("audio", "video"):
            connection.addTransceiver(kind, direction="recvonly")
        await self._join(connection, {"direction": Direction.SUBSCRIBE.value, "of": of})
        for track in tracks:
            self._tasks.start("count", self._count(track))

    async def close(self) -> None:
        """As a page does that hangs up: tell the relay, then let go."""
        for connection, location, token in self._open:
            with suppress(Exception):  # a relay that is away needs no telling, and the visit is over anyway
                await self._session.http.delete(location, headers={"Authorization": f"Bearer {token}"})
            await connection.close()
        self._open.clear()

    async def _join(self, connection: RTCPeerConnection, order: dict[str, object]) -> None:
        try:
            answer = await self._session.ask("POST", f"/visits/{self._visit}/legs", order)
            leg = LegView.model_validate_json(answer.content)
            await connection.setLocalDescription(await connection.createOffer())
            joined = await self._session.http.post(
                leg.url,
                content=connection.localDescription.sdp,
                headers={"Content-Type": "application/sdp", "Authorization": f"Bearer {leg.token}"},
            )
            if joined.status_code != 201:
                raise Refused(f"{order['direction']} at the relay", str(joined.status_code))
            self._open.append((connection, joined.headers["location"], leg.token))
            await connection.setRemoteDescription(RTCSessionDescription(joined.text, "answer"))
        except BaseException:
            await connection.close()
            raise

    async def _count(self, track: MediaStreamTrack) -> None:
        pictures: set[int] = set()
        with suppress(MediaStreamError):  # it has ended
            while True:
                frame = await track.recv()
                if isinstance(frame, VideoFrame):
                    self._side.pictures += 1
                    if len(pictures) < MOST_DIFFERENT:
                        pictures.add(zlib.crc32(bytes(frame.planes[0])))
                        self._side.different = len(pictures)
                elif isinstance(frame, AudioFrame):
                    self._side.sounds += 1
                    self._side.loudest = max(self._side.loudest, *array("h", bytes(frame.planes[0])))
