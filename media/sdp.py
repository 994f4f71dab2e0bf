"""Offers read and answers written (RFC 8866, 8829, 9725): one codec for each medium, nothing that we do not do.

The answer never takes up a header extension, simulcast, a data channel or transport-wide feedback: what is not
negotiated is not sent. It declares `a=ssrc`, because the packets of a subscription carry no MID.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aiortc.rtcrtpparameters import RTCRtpCodecParameters
from aiortc.sdp import MediaDescription, SessionDescription

from kit.errors import PeerError
from kit.wire.words import Direction
from media.core.medium import Medium

LONGEST = 32_768  # bytes
MOST_LINES = 800
MOST_MEDIA = 8
PROFILE = "UDP/TLS/RTP/SAVPF"

_CODECS = {Medium.AUDIO: ("audio/opus", 48_000, 2), Medium.VIDEO: ("video/vp8", 90_000, None)}
_FEEDBACK = {("nack", None), ("nack", "pli"), ("ccm", "fir"), ("goog-remb", None)}
_PARAMETERS = {Medium.AUDIO: "minptime=10;useinbandfec=1", Medium.VIDEO: ""}
_TOKEN = re.compile(r"[!#$%&'*+\-.^_`{|}~0-9A-Za-z]{1,32}")
_FORMATS = re.compile(r"[!#$%&'*+\-./:^_`{|}~0-9A-Za-z ]{1,400}")
_FRAGMENT = re.compile(r"[A-Za-z0-9+/]{4,256}")
_DIGEST = re.compile(r"[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){19,63}")
_DIGESTS = {"sha-256", "sha-384", "sha-512"}
# What parsing a hostile description has been seen to raise.
_UNREADABLE = (ValueError, TypeError, LookupError, AttributeError, AssertionError, StopIteration)


@dataclass(frozen=True, slots=True)
class Line:
    """One m-line of the offer. `medium` is None where it is to be refused; `feedback` is what both sides do."""

    kind: str
    profile: str
    formats: str
    mid: str
    medium: Medium | None = None
    payload_type: int = 0
    feedback: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Offer:
    """What a browser offers, as far as it concerns us."""

    lines: tuple[Line, ...]
    fragment: str
    fingerprints: tuple[tuple[str, str], ...]

    @property
    def media(self) -> dict[Medium, int]:
        """The media that are taken, with their payload types."""
        return {line.medium: line.payload_type for line in self.lines if line.medium is not None}


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Our end: ICE fragment and password, DTLS fingerprint (SHA-256), and where we are reached."""

    fragment: str
    password: str
    fingerprint: str
    addresses: Sequence[tuple[str, int]]


def read_offer(text: str, direction: Direction) -> Offer:
    """The offer for a leg of that direction. Raises PeerError with the code of what is wrong with it."""
    if len(text) > LONGEST or text.count("\n") > MOST_LINES:
        raise PeerError("sdp_too_long", "the offer is longer than any browser's")
    try:
        description = SessionDescription.parse(text)
    except _UNREADABLE as error:
        raise PeerError("sdp_unreadable", "the offer is not SDP") from error
    if not 0 < len(description.media) <= MOST_MEDIA:
        raise PeerError("sdp_media", "the offer has no media, or too many")
    bundled = {str(item) for group in description.group if group.semantic == "BUNDLE" for item in group.items}
    lines: list[Line] = []
    for media in description.media:
        taken = {line.medium for line in lines}
        line = _line(media, direction)
        lines.append(line if line.medium not in taken else _refused(line))
    if len({line.mid for line in lines}) != len(lines):
        raise PeerError("sdp_bundle", "two media have the same name")
    accepted = [(line, media) for line, media in zip(lines, description.media, strict=True) if line.medium]
    if not accepted:
        raise PeerError("sdp_media", "the offer has neither VP8 nor Opus in this direction")
    if any(not media.rtcp_mux for _, media in accepted):
        raise PeerError("sdp_rtcp_mux", "the offer does not put RTCP on the same port")
    if len(accepted) > 1 and any(line.mid not in bundled for line, _ in accepted):
        raise PeerError("sdp_bundle", "the offer does not put all media on one transport")
    return Offer(tuple(lines), *_transport(accepted[0][1]))


def _line(media: MediaDescription, direction: Direction) -> Line:
    mid, formats = media.rtp.muxId or "", " ".join(map(str, media.fmt))  # None for a name without a word
    whole = _TOKEN.fullmatch(mid) and _TOKEN.fullmatch(media.kind) and _FORMATS.fullmatch(formats)
    if not whole or len(media.profile) > 32:
        raise PeerError("sdp_unreadable", "a medium has no usable name")
    line = Line(media.kind, media.profile, formats, mid)
    ours = {"sendonly", "sendrecv", None} if direction is Direction.PUBLISH else {"recvonly", "sendrecv", None}
    if media.kind not in set(Medium) or media.profile != PROFILE or media.port == 0 or media.direction not in ours:
        return line
    medium = Medium(media.kind)
    codec = next((codec for codec in _codecs(media) if _is(codec, medium)), None)
    if codec is None or codec.payloadType is None:
        return line
    said = {(feedback.type, feedback.parameter) for feedback in codec.rtcpFeedback}
    both = sorted(" ".join(filter(None, one)) for one in said & _FEEDBACK)
    feedback = tuple(both) if medium is Medium.VIDEO else ()
    return Line(media.kind, media.profile, formats, mid, medium, codec.payloadType, feedback)


def _refused(line: Line) -> Line:
    return Line(line.kind, line.profile, line.formats, line.mid)


def _codecs(media: MediaDescription) -> list[RTCRtpCodecParameters]:
    """The codecs that the m-line lists, in its order of preference."""
    return [codec for number in media.fmt for codec in media.rtp.codecs if codec.payloadType == number]


def _is(codec: RTCRtpCodecParameters, medium: Medium) -> bool:
    return (codec.mimeType.lower(), codec.clockRate, codec.channels) == _CODECS[medium]


def _transport(media: MediaDescription) -> tuple[str, tuple[tuple[str, str], ...]]:
    """ICE fragment and DTLS fingerprints of the transport that all media share."""
    fragment = media.ice.usernameFragment if media.ice else None
    if not media.ice or not fragment or not _FRAGMENT.fullmatch(fragment) or not media.ice.password:
        raise PeerError("sdp_ice", "the offer has no usable ICE credentials")
    if media.ice.iceLite:
        raise PeerError("sdp_ice", "two lite agents never find each other")
    if media.dtls is None or media.dtls.role == "server":
        raise PeerError("sdp_dtls", "the offer does not let the relay be the DTLS server")
    fingerprints = tuple((one.algorithm.lower(), one.value) for one in media.dtls.fingerprints)
    if not any(algorithm in _DIGESTS for algorithm, _ in fingerprints) or len(fingerprints) > 8:
        raise PeerError("sdp_dtls", "the offer has no usable fingerprint")
    if not all(_DIGEST.fullmatch(value) for _, value in fingerprints):
        raise PeerError("sdp_dtls", "a fingerprint is none")
    return fragment, fingerprints


def write_answer(
    offer: Offer, direction: Direction, ours: Endpoint, session: int, ssrcs: Mapping[Medium, int], cname: str
) -> str:
    """The answer. `ssrcs` are those under which a subscriber gets its media, empty for a publisher."""
    taken = " ".join(line.mid for line in offer.lines if line.medium)
    lines = ["v=0", f"o=- {session} 1 IN IP4 0.0.0.0", "s=-", "t=0 0", "a=ice-lite", f"a=group:BUNDLE {taken}"]
    for line in offer.lines:
        lines += _accepted(line, direction, ours, ssrcs, cname) if line.medium else _declined(line)
    return "\r\n".join(lines) + "\r\n"


def _declined(line: Line) -> list[str]:
    return [f"m={line.kind} 0 {line.profile} {line.formats}", "c=IN IP4 0.0.0.0", f"a=mid:{line.mid}", "a=inactive"]


def _accepted(line: Line, direction: Direction, ours: Endpoint, ssrcs: Mapping[Medium, int], cname: str) -> list[str]:
    assert line.medium is not None
    _, rate, channels = _CODECS[line.medium]
    number, parameters = line.payload_type, _PARAMETERS[line.medium]
    lines = [
        f"m={line.kind} 9 {PROFILE} {number}",
        "c=IN IP4 0.0.0.0",
        f"a=mid:{line.mid}",
        "a=recvonly" if direction is Direction.PUBLISH else "a=sendonly",
        "a=rtcp-mux",
        *transport_lines(ours),
        f"a=fingerprint:sha-256 {ours.fingerprint}",
        "a=setup:passive",
        f"a=rtpmap:{number} {'opus' if line.medium is Medium.AUDIO else 'VP8'}/{rate}"
        + (f"/{channels}" if channels else ""),
    ]
    lines += [f"a=fmtp:{number} {parameters}"] if parameters else []
    lines += [f"a=rtcp-fb:{number} {feedback}" for feedback in line.feedback]
    if line.medium in ssrcs:
        lines += [f"a=msid:{cname} {line.kind}", f"a=ssrc:{ssrcs[line.medium]} cname:{cname}"]
    return lines


def transport_lines(ours: Endpoint) -> list[str]:
    """ICE credentials and candidates. All are hosts; the first is preferred (RFC 8445 §5.1.2)."""
    lines = [f"a=ice-ufrag:{ours.fragment}", f"a=ice-pwd:{ours.password}"]
    for place, (host, port) in enumerate(ours.addresses):
        priority = (126 << 24) + ((65535 - place) << 8) + 255
        lines.append(f"a=candidate:{place + 1} 1 udp {priority} {host} {port} typ host")
    return [*lines, "a=end-of-candidates"]


def read_fragment(text: str) -> str | None:
    """The ICE username fragment in a `trickle-ice-sdpfrag` (RFC 8840 §9), None when it has none that can be used.

    Candidates in it are not read: a lite agent answers checks and makes none.
    """
    found = re.search(r"^a=ice-ufrag:(\S+)\s*$", text, re.MULTILINE)
    return found[1] if found and _FRAGMENT.fullmatch(found[1]) else None


def write_fragment(offer: Offer, ours: Endpoint) -> str:
    """Our new credentials after an ICE restart."""
    first = next(line for line in offer.lines if line.medium)
    lines = [*transport_lines(ours)[:2], f"m={first.kind} 9 {PROFILE} {first.payload_type}", f"a=mid:{first.mid}"]
    return "\r\n".join(["a=ice-lite", *lines, *transport_lines(ours)[2:]]) + "\r\n"
