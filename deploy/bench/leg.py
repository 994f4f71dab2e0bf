"""One leg's other end without a codec: WHIP or WHEP, checks, DTLS and SRTP as browsers do them, packets as they are.

What is sent is as much as picture and sound of a visit are, and nothing is encoded or decoded for it: the machine's
time is left to those who are measured. Each packet carries when it was sent; both ends share a clock.
"""

import asyncio
import secrets
import struct
from dataclasses import dataclass, field
from typing import cast

import httpx
import pylibsrtp
from aioice import stun
from aiortc.rtcdtlstransport import RTCCertificate, RTCDtlsFingerprint, RTCDtlsParameters, RTCDtlsTransport
from aiortc.sdp import SessionDescription

from kit.clock import Clock
from kit.tasks import Tasks
from kit.wire.visit import LegView
from kit.wire.words import Direction

AUDIO, VIDEO = 111, 96  # payload types of our offers
SOUNDS, PICTURES = 50, 30  # a second
SOUND, PIECE, PIECES = 80, 900, 3  # bytes of a sound and of a piece of a picture, pieces to a picture
CLOCK_RATES = {AUDIO: 48_000, VIDEO: 90_000}
CHECK_EVERY = 2.0  # seconds
UP_WITHIN = 10.0

_HEAD = struct.Struct("!BBHIId")  # RFC 3550 §5.1, and when it was sent
_OFFER = (
    "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0 1\r\n"
    "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n{transport}a=mid:0\r\na=rtpmap:111 opus/48000/2\r\n"
    "m=video 9 UDP/TLS/RTP/SAVPF 96\r\n{transport}a=mid:1\r\na=rtpmap:96 VP8/90000\r\na=rtcp-fb:96 goog-remb\r\n"
)
_TRANSPORT = (
    "c=IN IP4 0.0.0.0\r\na=ice-ufrag:{fragment}\r\na=ice-pwd:{password}\r\na=fingerprint:sha-256 {fingerprint}\r\n"
    "a=setup:actpass\r\na=rtcp-mux\r\na={way}\r\n"
)


class NotUp(Exception):
    """The leg could not be had; the text says why."""


@dataclass(slots=True)
class Heard:
    """What a leg heard of what was sent in a time: packets, seconds from sound to sound, and seconds on the way."""

    packets: int = 0
    gaps: list[float] = field(default_factory=list)
    ways: list[float] = field(default_factory=list)


class Leg(asyncio.DatagramProtocol):
    """The other end. `join` first; then it hears, or `speak` sends until cancelled."""

    role = "controlling"

    def __init__(self, direction: Direction, clock: Clock) -> None:
        self.heard = Heard()
        self.sent = 0
        self._direction = direction
        self._clock = clock
        self._tasks = Tasks(clock)
        self._from = self._until = 0.0
        self._last = 0.0
        self._fragment, self._password = secrets.token_hex(4), secrets.token_hex(16)
        self._certificate = RTCCertificate.generateCertificate()
        self._dtls = RTCDtlsTransport(self, [self._certificate])  # type: ignore[arg-type]
        self._dtls._set_role("client")
        self._arrived: asyncio.Queue[bytes] = asyncio.Queue()
        self._checked = asyncio.Event()
        self._socket: asyncio.DatagramTransport | None = None
        self._relay: tuple[str, str] = ("", "")  # its ICE fragment and password

    async def join(self, http: httpx.AsyncClient, place: LegView) -> None:
        """Be up at that place. Raises NotUp, httpx.HTTPError and OSError."""
        own = next(one.value for one in self._certificate.getFingerprints() if one.algorithm == "sha-256")
        way = "sendonly" if self._direction is Direction.PUBLISH else "recvonly"
        transport = _TRANSPORT.format(fragment=self._fragment, password=self._password, fingerprint=own, way=way)
        headers = {"Content-Type": "application/sdp", "Authorization": f"Bearer {place.token}"}
        answer = await http.post(place.url, content=_OFFER.format(transport=transport), headers=headers)
        if answer.status_code != 201:
            raise NotUp(f"the relay answered {answer.status_code}")
        media = SessionDescription.parse(answer.text).media[0]
        assert media.dtls is not None
        assert media.ice is not None
        self._relay = (media.ice.usernameFragment or "", media.ice.password or "")
        address = (media.ice_candidates[0].ip, media.ice_candidates[0].port)
        await asyncio.get_running_loop().create_datagram_endpoint(lambda: self, remote_addr=address)
        self._tasks.start("checks", self._check())
        try:
            async with asyncio.timeout(UP_WITHIN):
                await self._checked.wait()
                prints = [RTCDtlsFingerprint(one.algorithm, one.value) for one in media.dtls.fingerprints]
                await self._dtls.start(RTCDtlsParameters(fingerprints=prints, role="server"))
        except TimeoutError as error:
            raise NotUp("the relay did not answer in time") from error
        if self._dtls.state != "connected":
            raise NotUp("no handshake with the relay")

    def measure(self, start: float, until: float) -> None:
        """Count what is sent between these moments."""
        self.heard, self.sent, self._from, self._until, self._last = Heard(), 0, start, until, 0.0

    async def speak(self) -> None:
        """Send sound and pictures at their pace."""
        self._tasks.start("sound", self._stream(AUDIO, SOUNDS, 1, bytes(SOUND)))
        self._tasks.start("picture", self._stream(VIDEO, PICTURES, PIECES, bytes(PIECE)))

    async def close(self) -> None:
        """As a page does that ends its connection."""
        await self._tasks.close()
        await self._dtls.stop()
        if self._socket is not None:
            self._socket.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The socket is open."""
        self._socket = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """An answered check, DTLS, or a packet."""
        first = data[0] if data else 255
        if first < 4:
            self._checked.set()
        elif 20 <= first < 64:
            self._arrived.put_nowait(data)
        elif self._dtls.encrypted and 128 <= first < 192 and not 192 <= data[1] < 224:
            self._take(data)

    def _take(self, data: bytes) -> None:
        now = self._clock.monotonic()
        try:
            packet = self._dtls._rx_srtp.unprotect(data)
        except pylibsrtp.Error:
            return
        _, kind, *_, at = _HEAD.unpack_from(packet)
        if not self._from <= at < self._until:
            return
        heard = self.heard
        heard.packets += 1
        heard.ways.append(now - at)
        if kind == AUDIO:
            if self._last:
                heard.gaps.append(now - self._last)
            self._last = now

    async def _stream(self, kind: int, per_second: int, pieces: int, filling: bytes) -> None:
        began, ssrc = self._clock.monotonic(), secrets.randbits(32)
        number, count = 0, 0
        while True:
            timestamp = count * CLOCK_RATES[kind] // per_second
            for piece in range(pieces):
                marked = kind | (0x80 if kind == VIDEO and piece == pieces - 1 else 0)
                now = self._clock.monotonic()
                head = _HEAD.pack(0x80, marked, number & 0xFFFF, timestamp & 0xFFFFFFFF, ssrc, now)
                number += 1
                self._send_now(self._dtls._tx_srtp.protect(head + filling))
                if self._from <= now < self._until:
                    self.sent += 1
            count += 1
            await self._clock.sleep(max(0.0, began + count / per_second - self._clock.monotonic()))

    async def _check(self) -> None:
        """Checks as a controlling agent makes them (RFC 8445 §7.2.2); often until one is answered."""
        fragment, password = self._relay
        while True:
            check = stun.Message(stun.Method.BINDING, stun.Class.REQUEST)
            check.attributes["USERNAME"] = f"{fragment}:{self._fragment}"
            check.attributes["PRIORITY"] = 1
            check.attributes["ICE-CONTROLLING"] = 1
            check.attributes["USE-CANDIDATE"] = None
            check.add_message_integrity(password.encode())
            self._send_now(bytes(check))
            await self._clock.sleep(CHECK_EVERY if self._checked.is_set() else 0.2)

    def _send_now(self, datagram: bytes) -> None:
        if self._socket is not None and not self._socket.is_closing():
            self._socket.sendto(datagram)

    async def _recv(self) -> bytes:
        return await self._arrived.get()

    async def _send(self, datagram: bytes) -> None:
        self._send_now(datagram)
