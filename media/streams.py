"""What goes from whom to whom: publishers and subscribers by visit and participant, and the packets between them."""

from collections.abc import Iterator

from kit.wire.words import Direction
from media.core import bandwidth, rtcp
from media.core.medium import Medium
from media.core.outlet import Outlet
from media.core.rtp import HEADER, read_header, rewrite
from media.core.source import Source
from media.figures import Tally
from media.leg import Leg

Whose = tuple[str, str]
"""A visit and a participant in it."""


class Streams:
    """The table of who publishes and who subscribes, and what is done with each packet that was opened."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._publishers: dict[Whose, Leg] = {}
        self._subscribers: dict[Whose, list[Leg]] = {}

    def join(self, leg: Leg) -> None:
        """A leg is up: a subscriber gets what comes from now on, beginning with a whole picture."""
        claims = leg.claims
        if claims.direction is Direction.PUBLISH:
            self._publishers[claims.visit, claims.participant] = leg
        else:
            self._subscribers.setdefault((claims.visit, claims.of), []).append(leg)

    def leave(self, leg: Leg) -> None:
        """Forget a leg, wherever it is."""
        claims = leg.claims
        publisher, whose = (claims.visit, claims.participant), (claims.visit, claims.of)
        if self._publishers.get(publisher) is leg:
            del self._publishers[publisher]
        subscribers = self._subscribers.get(whose, [])
        if leg in subscribers:
            subscribers.remove(leg)
            if not subscribers:
                del self._subscribers[whose]

    def renew(self, leg: Leg, at: float) -> None:
        """The path to a leg is new: whoever sees its picture, or it itself, begins with a whole one."""
        publisher = self._publisher_of(leg)
        if publisher is not None and Medium.VIDEO in publisher.sources:
            publisher.sources[Medium.VIDEO].want_key_frame()
            self._ask_key_frame(publisher, at)

    def take_rtp(self, leg: Leg, packet: bytes, at: float) -> None:
        """Forward a publisher's packet to each who subscribes to it."""
        header = read_header(packet)
        if header is None:
            self._tally.dropped["rtp_malformed"] += 1
            return
        source = leg.source(header, at) if leg.claims.direction is Direction.PUBLISH else None
        if source is None:
            self._tally.dropped["rtp_unasked"] += 1
            return
        number = source.arrived(header, at)
        for subscriber in self._subscribers.get((leg.claims.visit, leg.claims.participant), ()):
            outlet = subscriber.outlets.get(source.medium)
            if outlet is None:
                continue
            place = outlet.place(source, number, header, at)
            if place is None:
                self._tally.dropped["late"] += 1
                continue
            bare = rewrite(
                packet,
                header,
                payload_type=outlet.payload_type,
                sequence=place.sequence,
                timestamp=place.timestamp,
                ssrc=outlet.ssrc,
            )
            datagram = subscriber.association.protect_rtp(bare)
            if datagram is None:
                self._tally.dropped["unprotected"] += 1
                continue
            subscriber.send(datagram)
            outlet.sent(place, datagram, len(bare) - HEADER)
            self._tally.forwarded += 1

    def take_rtcp(self, leg: Leg, compound: bytes, at: float) -> None:
        """Do what a leg's RTCP asks: a publisher's clock is passed on, a subscriber's wishes are met or passed on."""
        messages = rtcp.read(compound)
        if messages is None:
            self._tally.dropped["rtcp_malformed"] += 1
            return
        for message in messages:
            if leg.claims.direction is Direction.PUBLISH:
                if isinstance(message, rtcp.SenderReport):
                    self._pass_report(leg, message, at)
            else:
                self._meet(leg, message, at)

    def tick(self, at: float) -> None:
        """Ask for the key frames that are due; often."""
        for publisher in self._publishers.values():
            self._ask_key_frame(publisher, at)

    def report(self, at: float) -> None:
        """Tell each publisher how its streams arrive and how much it may send; each second."""
        for whose, publisher in self._publishers.items():
            sources = list(publisher.sources.values())
            if not sources:
                continue
            blocks = [source.block(at) for source in sources]
            compound = rtcp.receiver_report(publisher.ssrc, blocks, publisher.cname.encode())
            video = publisher.sources.get(Medium.VIDEO)
            if video is not None:
                told = [leg.told for leg in self._subscribers.get(whose, ()) if leg.told is not None]
                compound += rtcp.bandwidth(publisher.ssrc, bandwidth.ask(told, at), [video.ssrc])
            publisher.send_rtcp(compound)

    def _publisher_of(self, leg: Leg) -> Leg | None:
        claims = leg.claims
        whose = claims.participant if claims.direction is Direction.PUBLISH else claims.of
        return self._publishers.get((claims.visit, whose))

    def _pass_report(self, leg: Leg, report: rtcp.SenderReport, at: float) -> None:
        source = next((one for one in leg.sources.values() if one.ssrc == report.ssrc), None)
        if source is None:
            return
        source.reported(report, at)
        for subscriber, outlet in self._outlets(leg, source):
            timestamp = outlet.timestamp(source, report.timestamp)
            if timestamp is not None:
                compound = rtcp.sender_report(
                    outlet.ssrc, report, timestamp, outlet.packets, outlet.octets, subscriber.cname.encode()
                )
                subscriber.send_rtcp(compound)

    def _outlets(self, leg: Leg, source: Source) -> Iterator[tuple[Leg, Outlet]]:
        for subscriber in self._subscribers.get((leg.claims.visit, leg.claims.participant), ()):
            outlet = subscriber.outlets.get(source.medium)
            if outlet is not None:
                yield subscriber, outlet

    def _meet(self, leg: Leg, message: rtcp.Message, at: float) -> None:
        match message:
            case rtcp.Bandwidth(bits):
                leg.told = (bits, at)
            case rtcp.KeyFrameRequest(ssrc) if Medium.VIDEO in leg.outlets and leg.outlets[Medium.VIDEO].ssrc == ssrc:
                self.renew(leg, at)
            case rtcp.Nack(ssrc, lost):
                outlet = next((one for one in leg.outlets.values() if one.ssrc == ssrc), None)
                if outlet is not None:
                    self._find_again(leg, outlet, lost, at)

    def _find_again(self, leg: Leg, outlet: Outlet, lost: tuple[int, ...], at: float) -> None:
        """Send again what is still here, and ask the publisher for what never came."""
        again, missing = outlet.lost(lost)
        for datagram in again:
            leg.send(datagram)
        publisher = self._publisher_of(leg)
        source = publisher.sources.get(outlet.medium) if publisher is not None else None
        if publisher is None or source is None or outlet.timestamp(source, 0) is None:
            return
        asking = source.ask_again(missing, at)
        if asking:
            publisher.send_rtcp(self._empty_report(publisher) + rtcp.nack(publisher.ssrc, source.ssrc, asking))

    def _ask_key_frame(self, publisher: Leg, at: float) -> None:
        source = publisher.sources.get(Medium.VIDEO)
        if source is not None and source.ask_key_frame(at):
            publisher.send_rtcp(self._empty_report(publisher) + rtcp.key_frame_request(publisher.ssrc, source.ssrc))

    @staticmethod
    def _empty_report(leg: Leg) -> bytes:
        """What a compound packet must begin with (RFC 3550 §6.1)."""
        return rtcp.receiver_report(leg.ssrc, [], leg.cname.encode())
