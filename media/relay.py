"""The relay beneath WHIP and WHEP: legs, where they are, and who gets each datagram.

One port for everybody. A check names its leg by the user name fragment; DTLS and SRTP are told apart by address. A peer
is believed to be where an authenticated check or packet came from, never where an unauthenticated one did.
"""

from dataclasses import dataclass

from kit.clock import Clock
from kit.errors import Refusal
from kit.legs import LegClaims
from kit.log import get_logger
from kit.tasks import Tasks
from kit.wire.words import Direction
from media.core import stun
from media.core.datagram import Kind, kind_of
from media.figures import Tally, legs_ended_total, legs_open
from media.leg import Address, Leg, Send
from media.sdp import Endpoint, Offer, write_answer
from media.streams import Streams
from media.whereabouts import Whereabouts

log = get_logger(__name__)

TICK = 0.1  # seconds
REPORT = 1.0  # seconds between reports to publishers


@dataclass(frozen=True, slots=True)
class Limits:
    """What one relay takes. Durations in seconds."""

    legs: int = 200
    handshake: float = 10.0
    idle: float = 30.0
    trials: int = 200
    """Packets from unknown addresses that are tried against the legs they may belong to, in each tenth of a second."""
    trials_each: int = 8
    """Legs that one such packet is tried against."""


class Relay:
    """All legs of this process. `receive` takes every datagram; `send` of the constructor is given every answer."""

    def __init__(self, clock: Clock, send: Send, addresses: list[Address], limits: Limits | None = None) -> None:
        self.tally = Tally()
        self.addresses = addresses
        self._clock = clock
        self._tasks = Tasks(clock)
        self._send = send
        self._limits = limits or Limits()
        self._streams = Streams(self.tally)
        self._legs: dict[str, Leg] = {}
        self._by_claims: dict[tuple[str, ...], Leg] = {}
        self._where = Whereabouts()
        self._trials = 0
        self._reported_at = clock.monotonic()

    def start(self) -> None:
        """Begin to watch over time limits and to report to publishers."""
        self._tasks.forever("relay", self._run)

    async def close(self) -> None:
        """End every leg and wait until all of it is gone."""
        for leg in list(self._legs.values()):
            self._forget(leg, "shutdown")
            await leg.association.close()
        await self._tasks.close()

    @property
    def legs(self) -> list[Leg]:
        """The open legs."""
        return list(self._legs.values())

    def find(self, session: str) -> Leg | None:
        """The open leg of that session."""
        return self._legs.get(session)

    def open(self, claims: LegClaims, offer: Offer) -> Leg:
        """A new leg for that offer, in place of the one before it for the same. Raises Refusal `relay_full` (503)."""
        key = (claims.visit, claims.participant, claims.direction, claims.of)
        before = self._by_claims.get(key)
        if before is not None:
            self.end(before, "replaced")
        if len(self._legs) >= self._limits.legs:
            raise Refusal("relay_full", 503)
        leg = Leg(claims, offer, self._send, self.tally, self._clock.monotonic())
        self._legs[leg.session] = self._by_claims[key] = leg
        self._where.expect(leg)
        legs_open.labels(claims.direction).inc()
        log.info("leg_opened", leg=claims.leg, visit=claims.visit, direction=claims.direction)
        return leg

    def endpoint(self, leg: Leg) -> Endpoint:
        """Our end of a leg."""
        return Endpoint(leg.credentials.fragment, leg.credentials.password, leg.association.fingerprint, self.addresses)

    def answer(self, leg: Leg) -> str:
        """The SDP answer to a leg's offer."""
        ssrcs = {medium: outlet.ssrc for medium, outlet in leg.outlets.items()}
        session = int(leg.session[:15], 16)
        return write_answer(leg.offer, leg.claims.direction, self.endpoint(leg), session, ssrcs, leg.cname)

    def restart(self, leg: Leg, fragment: str) -> None:
        """The peer has taken new ICE credentials, known by that fragment: so do we.

        The leg goes on as it is until a check with them has come.
        """
        self._where.drop_former(leg)
        leg.restart(fragment)
        self._where.expect(leg)

    def end(self, leg: Leg, reason: str) -> None:
        """End a leg: nothing more goes to it or comes from it; its association is closed in the background."""
        if not leg.ended:
            self._forget(leg, reason)
            self._tasks.start("leg end", leg.association.close())

    def receive(self, datagram: bytes, address: Address) -> None:
        """Take a datagram from anywhere. Never raises for what is in it."""
        at = self._clock.monotonic()
        kind = kind_of(datagram)
        match kind:
            case Kind.STUN:
                self._check(datagram, address, at)
            case Kind.DTLS:
                leg = self._where.at(address)
                if leg is None or not leg.feed(datagram):
                    self.tally.dropped["dtls_stranger" if leg is None else "dtls_flood"] += 1
            case Kind.RTP | Kind.RTCP:
                self._packet(datagram, address, kind, at)
            case Kind.GARBAGE:
                self.tally.dropped["garbage"] += 1

    def tick(self) -> None:
        """What time brings: legs that are over, key frames that are due, reports."""
        at = self._clock.monotonic()
        self._trials = 0
        for leg in list(self._legs.values()):
            if not leg.up and leg.started_at is not None and at - leg.started_at >= self._limits.handshake:
                self.end(leg, "handshake")
            elif at - leg.seen_at >= self._limits.idle:
                self.end(leg, "idle")
        self._streams.tick(at)
        if at - self._reported_at >= REPORT:
            self._reported_at = at
            self._streams.report(at)
            self.tally.publish()

    async def _run(self) -> None:
        while True:
            await self._clock.sleep(TICK)
            self.tick()

    def _check(self, datagram: bytes, address: Address, at: float) -> None:
        """A connectivity check (RFC 8445 §7.3): answered when authentic, else dropped."""
        request = stun.read_request(datagram)
        found = self._where.named(request.ours) if request is not None else None
        if request is None or found is None:
            self.tally.dropped["stun_malformed" if request is None else "stun_stranger"] += 1
            return
        leg, credentials = found
        password = credentials.password.encode()
        if not stun.authentic(request, datagram, password):
            self.tally.dropped["stun_forged"] += 1
            return
        if request.unknown or request.conflicts:
            code = 420 if request.unknown else 487
            self._send(stun.failure(request.transaction, code, password, request.unknown), address)
            return
        leg.seen_at = at
        self._send(stun.success(request.transaction, address[0], address[1], password), address)
        if credentials is leg.credentials:
            self._where.drop_former(leg)
        self._where.know(leg, address)
        if leg.address is None or request.nominates:
            self._move(leg, address, at)
        if leg.started_at is None:
            leg.started_at = at
            self._tasks.start("leg", self._connect(leg))

    async def _connect(self, leg: Leg) -> None:
        """Shake hands, then let packets through."""
        done = await leg.association.handshake(leg.offer.fingerprints, lambda: self.end(leg, "peer"))
        if leg.ended:
            return
        if not done:
            self.end(leg, "handshake")
            return
        at = self._clock.monotonic()
        leg.up, leg.seen_at = True, at
        self._streams.join(leg)
        if leg.claims.direction is Direction.SUBSCRIBE:
            self._streams.renew(leg, at)
        log.info("leg_up", leg=leg.claims.leg, visit=leg.claims.visit, profile=leg.association.profile)

    def _packet(self, datagram: bytes, address: Address, kind: Kind, at: float) -> None:
        leg = self._where.at(address)
        if leg is None:
            self._stranger(datagram, address, kind, at)
            return
        if not leg.up:
            self.tally.dropped["srtp_early"] += 1
            return
        known = len(leg.ssrcs)
        packet = leg.open(datagram, rtcp=kind is Kind.RTCP)
        if packet is None:
            self.tally.dropped["srtp_refused"] += 1
            return
        if len(leg.ssrcs) != known:
            self._where.note_ssrcs(leg)
        self._take(leg, packet, address, kind, at)

    def _stranger(self, datagram: bytes, address: Address, kind: Kind, at: float) -> None:
        """A packet from an unknown address may be from a peer that moved and has not yet said so by a check."""
        ssrc = int.from_bytes(datagram[4:8] if kind is Kind.RTCP else datagram[8:12], "big")
        for leg in self._where.likely(ssrc, self._limits.trials_each):
            if self._trials >= self._limits.trials:
                break
            self._trials += 1
            packet = leg.open(datagram, rtcp=kind is Kind.RTCP)
            if packet is not None:
                self._where.know(leg, address)
                self._take(leg, packet, address, kind, at)
                return
        self.tally.dropped["srtp_stranger"] += 1

    def _take(self, leg: Leg, packet: bytes, address: Address, kind: Kind, at: float) -> None:
        leg.seen_at = at
        if leg.address != address:
            self._move(leg, address, at)
        if kind is Kind.RTP:
            self.tally.received += 1
            self._streams.take_rtp(leg, packet, at)
        else:
            self._streams.take_rtcp(leg, packet, at)

    def _move(self, leg: Leg, address: Address, at: float) -> None:
        """Send to this address from now on; what was lost on the way there is mended by a whole picture."""
        moved, leg.address = leg.address not in {None, address}, address
        if moved and leg.up:
            self._streams.renew(leg, at)

    def _forget(self, leg: Leg, reason: str) -> None:
        leg.ended, leg.up = True, False
        claims = leg.claims
        self._streams.leave(leg)
        del self._legs[leg.session]
        key = (claims.visit, claims.participant, claims.direction, claims.of)
        if self._by_claims.get(key) is leg:
            del self._by_claims[key]
        self._where.forget(leg)
        legs_open.labels(claims.direction).dec()
        legs_ended_total.labels(reason).inc()
        log.info("leg_ended", leg=claims.leg, visit=claims.visit, reason=reason)
