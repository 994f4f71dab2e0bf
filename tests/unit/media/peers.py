"""Browsers' ends of legs without a network: datagrams go from hand to hand, and time stands still.

A peer does real checks, a real DTLS handshake and real SRTP; only the socket between it and the relay is missing.
"""

import asyncio
import struct
from collections.abc import Callable

import pylibsrtp
from aiortc.rtcdtlstransport import (
    RTCCertificate,
    RTCDtlsFingerprint,
    RTCDtlsParameters,
    RTCDtlsTransport,
)

from kit.clock import FakeClock, yield_once
from kit.legs import LegClaims
from kit.wire.words import Direction
from media.core import rtcp, stun
from media.core.datagram import Kind, kind_of
from media.core.rtp import Header, read_header
from media.relay import Limits, Relay
from media.sdp import read_offer
from tests.unit.media.offers import FINGERPRINT, offer

TRANSACTION = b"transaction!"
AUDIO, VIDEO = 111, 96
"""The payload types of the offers."""


class Network:
    """A relay and who is where."""

    def __init__(self, clock: FakeClock, limits: Limits | None = None) -> None:
        self.clock = clock
        self.relay = Relay(clock, self._deliver, [("192.0.2.1", 40000)], limits)
        self.strays: list[tuple[bytes, tuple[str, int]]] = []
        self._peers: dict[tuple[str, int], Peer] = {}
        self._ports = 50000

    def peer(self, direction: Direction, participant: str, of: str = "", *, fingerprint: str = "") -> "Peer":
        """Somebody who has been answered, and has not sent anything yet."""
        return Peer(self, LegClaims("leg", "test", "visit", participant, direction, of or participant), fingerprint)

    async def publisher(self, participant: str = "anna") -> "Peer":
        """Somebody who publishes, up."""
        return await self.peer(Direction.PUBLISH, participant).connect()

    async def subscriber(self, participant: str = "bo", of: str = "anna") -> "Peer":
        """Somebody who subscribes, up."""
        return await self.peer(Direction.SUBSCRIBE, participant, of).connect()

    def settle(self, peer: "Peer") -> tuple[str, int]:
        """A new address for a peer."""
        self._ports += 1
        address = ("198.51.100.1", self._ports)
        self._peers[address] = peer
        return address

    def tick(self) -> None:
        """Let the relay do what is due."""
        self.relay.tick()

    def _deliver(self, datagram: bytes, address: tuple[str, int]) -> bool:
        peer = self._peers.get(address)
        if peer is None or peer.address != address:
            self.strays.append((datagram, address))
        else:
            peer.take(datagram)
        return True


class Peer:
    """One leg's other end. `packets`, `messages` and `stun` are what has come, opened."""

    role = "controlling"

    def __init__(self, network: Network, claims: LegClaims, fingerprint: str) -> None:
        self.network = network
        certificate = RTCCertificate.generateCertificate()
        own = next(one.value for one in certificate.getFingerprints() if one.algorithm == "sha-256")
        way = "sendonly" if claims.direction is Direction.PUBLISH else "recvonly"
        text = offer(way).replace(FINGERPRINT, fingerprint or own)
        self.leg = network.relay.open(claims, read_offer(text, claims.direction))
        self.address = network.settle(self)
        self.packets: list[tuple[Header, bytes]] = []
        self.messages: list[rtcp.Message] = []
        self.stun: list[bytes] = []
        self.sent: list[bytes] = []
        self._arrived: asyncio.Queue[bytes] = asyncio.Queue()
        self._dtls = RTCDtlsTransport(self, [certificate])  # type: ignore[arg-type]
        self._dtls._set_role("client")

    async def connect(self) -> "Peer":
        """Check, shake hands, be up."""
        self.check()
        await self.shake_hands()
        await until(lambda: self.leg.up)
        return self

    async def shake_hands(self) -> None:
        """Do DTLS with the relay's certificate."""
        ours = [RTCDtlsFingerprint("sha-256", self.leg.association.fingerprint)]
        await self._dtls.start(RTCDtlsParameters(fingerprints=ours, role="server"))

    async def close(self) -> None:
        """As a page does that ends its connection."""
        await self._dtls.stop()

    def check(self, *more: tuple[int, bytes], password: str | None = None) -> None:
        """Send a connectivity check, with these attributes besides."""
        ours = self.leg.credentials
        attributes = [(stun.USERNAME, f"{ours.fragment}:abcd".encode()), (stun.PRIORITY, bytes(4)), *more]
        self.send(stun._signed(stun.REQUEST, TRANSACTION, attributes, (password or ours.password).encode()))

    def move(self) -> None:
        """Be somewhere else from now on."""
        self.address = self.network.settle(self)

    def send(self, datagram: bytes) -> None:
        """Bytes as they are."""
        self.sent.append(datagram)
        self.network.relay.receive(datagram, self.address)

    def send_rtp(self, sequence: int, payload: bytes = b"picture", *, kind: int = VIDEO, **more: int) -> None:
        """A packet with a MID extension, as browsers send them at first."""
        ssrc, timestamp = more.get("ssrc", kind), more.get("timestamp", 3000 * sequence)
        head = struct.pack("!BBHII", 0x90, kind, sequence & 0xFFFF, timestamp & 0xFFFFFFFF, ssrc)
        self.send(self._dtls._tx_srtp.protect(head + b"\xbe\xde\x00\x01\x40\x31\x00\x00" + payload))

    def send_rtcp(self, compound: bytes) -> None:
        """A compound packet."""
        self.send(self._dtls._tx_srtp.protect_rtcp(compound))

    def take(self, datagram: bytes) -> None:
        """What came from the relay."""
        match kind_of(datagram):
            case Kind.STUN:
                self.stun.append(datagram)
            case Kind.DTLS:
                self._arrived.put_nowait(datagram)
            case Kind.RTP:
                packet = self._dtls._rx_srtp.unprotect(datagram)
                header = read_header(packet)
                assert header is not None
                self.packets.append((header, packet[header.payload :]))
            case Kind.RTCP:
                messages = rtcp.read(self._dtls._rx_srtp.unprotect_rtcp(datagram))
                assert messages is not None
                self.messages.extend(messages)

    def opens(self, datagram: bytes) -> bool:
        """Whether this peer could open such a packet now."""
        try:
            self._dtls._rx_srtp.unprotect(datagram)
        except pylibsrtp.Error:
            return False
        return True

    def heard(self, kind: type[rtcp.Message]) -> list[rtcp.Message]:
        """The messages of a kind that have come since the last call."""
        found = [message for message in self.messages if isinstance(message, kind)]
        self.messages = [message for message in self.messages if not isinstance(message, kind)]
        return found

    async def _recv(self) -> bytes:
        return await self._arrived.get()

    async def _send(self, datagram: bytes) -> None:
        self.send(datagram)


async def until(holds: Callable[[], bool]) -> None:
    """Let tasks run until that holds; fail when it never does."""
    for _ in range(500):
        if holds():
            return
        await yield_once()
    raise AssertionError("it did not come to that")
