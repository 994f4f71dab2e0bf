"""A leg: one participant's media path to this relay, one direction, one address at a time."""

import secrets
from collections.abc import Callable

from kit.legs import LegClaims
from kit.wire.words import Direction
from media.core.medium import Medium
from media.core.outlet import Outlet
from media.core.rtp import Header
from media.core.source import Source
from media.figures import Tally
from media.sdp import Offer
from media.transport import Association

Address = tuple[str, int]
Send = Callable[[bytes, Address], bool]

MOST_ADDRESSES = 8
MOST_SSRCS = 8
"""Streams of one peer; each costs libsrtp memory."""
EARLY_DATAGRAMS, EARLY_BYTES = 64, 32_768
"""What of DTLS is taken before the handshake is done."""


class Credentials:
    """ICE user name fragment and password (RFC 8445 §5.3: at least 24 and 128 bits)."""

    def __init__(self) -> None:
        self.fragment = secrets.token_hex(8)
        self.password = secrets.token_hex(16)


class Leg:
    """State of one leg. It knows how to send to its peer; which packets, others decide.

    `session` names it in its address (`Location`), `etag` its ICE session.
    """

    def __init__(self, claims: LegClaims, offer: Offer, send: Send, tally: Tally, at: float) -> None:
        self.claims = claims
        self.offer = offer
        self.fragment = offer.fragment
        self.session = secrets.token_hex(12)
        self.etag = secrets.token_hex(8)
        self.credentials = Credentials()
        self.former: Credentials | None = None
        self.address: Address | None = None
        self.addresses: list[Address] = []
        self.opened_at = self.seen_at = at
        self.started_at: float | None = None
        self.up = False
        self.ended = False
        self.ssrc = secrets.randbits(32) or 1
        """Whose reports and requests these are, towards the peer."""
        self.cname = secrets.token_hex(8)
        self.ssrcs: set[int] = set()
        self.told: tuple[int, float] | None = None
        """What a subscriber can receive, and when it said so."""
        self.sources: dict[Medium, Source] = {}
        self.outlets: dict[Medium, Outlet] = {}
        if claims.direction is Direction.SUBSCRIBE:
            self.outlets = {medium: self._outlet(medium, number) for medium, number in offer.media.items()}
        self.association = Association(self.send)
        self._media = {number: medium for medium, number in offer.media.items()}
        self._retired: set[int] = set()
        self._early_datagrams = self._early_bytes = 0
        self._send = send
        self._tally = tally

    @staticmethod
    def _outlet(medium: Medium, payload_type: int) -> Outlet:
        return Outlet(medium, secrets.randbits(32) or 1, payload_type, secrets.randbits(14))

    def send(self, datagram: bytes) -> None:
        """Send bytes as they are to where the peer is now, if it is anywhere yet."""
        if self.address is None or not self._send(datagram, self.address):
            self._tally.dropped["unsent"] += 1

    def send_rtcp(self, compound: bytes) -> None:
        """Protect and send."""
        if self.up:
            datagram = self.association.protect_rtcp(compound)
            if datagram is not None:
                self.send(datagram)

    def feed(self, datagram: bytes) -> bool:
        """Take a datagram of DTLS. False when the peer sends more of it than a handshake needs."""
        if not self.up:
            self._early_datagrams += 1
            self._early_bytes += len(datagram)
            if self._early_datagrams > EARLY_DATAGRAMS or self._early_bytes > EARLY_BYTES:
                return False
        return self.association.feed(datagram)

    def open(self, datagram: bytes, *, rtcp: bool) -> bytes | None:
        """The packet within, or None when it is not from this leg's peer or came before."""
        ssrc = int.from_bytes(datagram[4:8] if rtcp else datagram[8:12], "big")
        if ssrc not in self.ssrcs and len(self.ssrcs) >= MOST_SSRCS:
            return None
        packet = self.association.open_rtcp(datagram) if rtcp else self.association.open_rtp(datagram)
        if packet is not None:
            self.ssrcs.add(ssrc)
        return packet

    def source(self, header: Header, at: float) -> Source | None:
        """The stream a packet belongs to, told by its payload type; a new SSRC takes the place of the one before it."""
        medium = self._media.get(header.payload_type)
        if medium is None or header.ssrc in self._retired:
            return None
        source = self.sources.get(medium)
        if source is None or source.ssrc != header.ssrc:
            if source is not None:
                self._retired.add(source.ssrc)
            source = self.sources[medium] = Source(medium, header, at)
        return source

    def restart(self, fragment: str) -> None:
        """New ICE credentials for a peer that has taken new ones itself, known by that user name fragment.

        The former ones hold until a check with the new ones has come (RFC 8445 §9).
        """
        self.fragment = fragment
        self.former, self.credentials = self.credentials, Credentials()
        self.etag = secrets.token_hex(8)
