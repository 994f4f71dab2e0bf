"""Offers read, hostile ones refused, answers written."""

import re

import pytest
from aiortc.sdp import SessionDescription
from hypothesis import given
from hypothesis import strategies as st

from kit.errors import PeerError
from kit.wire.words import Direction
from media.core.medium import Medium
from media.sdp import Endpoint, read_fragment, read_offer, write_answer, write_fragment
from tests.unit.media.offers import AUDIO, FINGERPRINT, HEAD, offer

OURS = Endpoint("ours", "p" * 32, FINGERPRINT, [("127.0.0.1", 40000), ("2001:db8::1", 40001)])


def answer(text: str, direction: Direction = Direction.PUBLISH) -> str:
    ssrcs = {Medium.AUDIO: 1, Medium.VIDEO: 2} if direction is Direction.SUBSCRIBE else {}
    return write_answer(read_offer(text, direction), direction, OURS, 1234, ssrcs, "name")


def test_the_offer_of_a_browser_is_read() -> None:
    read = read_offer(offer(), Direction.PUBLISH)
    assert read.media == {Medium.AUDIO: 111, Medium.VIDEO: 96}
    assert (read.fragment, read.fingerprints) == ("abcd", (("sha-256", FINGERPRINT),))


def test_a_publisher_is_answered_with_one_codec_for_each_medium_and_no_extension() -> None:
    text = answer(offer())
    assert re.findall(r"m=.*", text) == ["m=audio 9 UDP/TLS/RTP/SAVPF 111\r", "m=video 9 UDP/TLS/RTP/SAVPF 96\r"]
    assert text.count("a=recvonly") == text.count("a=setup:passive") == text.count("a=rtcp-mux") == 2
    assert "a=ice-lite" in text
    for left_out in ("extmap", "transport-cc", "rtx", "ssrc", "simulcast"):
        assert left_out not in text
    assert re.findall(r"a=rtcp-fb:96 (.*)\r", text) == ["ccm fir", "goog-remb", "nack", "nack pli"]


def test_a_subscriber_is_told_the_ssrcs_it_will_get() -> None:
    text = answer(offer("recvonly"), Direction.SUBSCRIBE)
    assert text.count("a=sendonly") == 2
    assert "a=ssrc:1 cname:name" in text
    assert "a=ssrc:2 cname:name" in text
    assert "a=msid:name video" in text


def test_the_answer_is_what_another_reads_from_it() -> None:
    read = SessionDescription.parse(answer(offer(data=True)))
    assert [media.kind for media in read.media] == ["audio", "video", "application"]
    assert [media.port for media in read.media] == [9, 9, 0]
    assert [str(group) for group in read.group] == ["BUNDLE 0 1"]
    candidates = read.media[0].ice_candidates
    assert [(one.ip, one.port, one.type) for one in candidates] == [
        ("127.0.0.1", 40000, "host"),
        ("2001:db8::1", 40001, "host"),
    ]
    assert candidates[0].priority > candidates[1].priority
    assert read.media[0].ice.iceLite


def test_sound_alone_is_enough() -> None:
    text = HEAD + AUDIO.format(direction="sendonly")
    assert read_offer(text, Direction.PUBLISH).media == {Medium.AUDIO: 111}


def test_a_second_picture_is_declined() -> None:
    text = offer(bundle="0 1 2") + offer()[offer().index("m=video") :].replace("a=mid:1", "a=mid:2")
    assert re.findall(r"m=video (\d+)", answer(text)) == ["9", "0"]


CHANGES = {
    "nothing": ("sdp_media", lambda text: ""),
    "no SDP": ("sdp_media", lambda text: "hello"),
    "no media": ("sdp_media", lambda text: HEAD),
    "the other direction": ("sdp_media", lambda text: text.replace("sendonly", "recvonly")),
    "H.264 alone": ("sdp_media", lambda text: text.replace("VP8", "H264").replace("opus", "ilbc")),
    "too long": ("sdp_too_long", lambda text: text + "a=x\r\n" * 8000),
    "too many lines": ("sdp_too_long", lambda text: text + "\n" * 900),
    "many media": ("sdp_media", lambda text: text + AUDIO.format(direction="sendonly") * 9),
    "the same name twice": ("sdp_bundle", lambda text: text.replace("a=mid:1", "a=mid:0")),
    "no bundle": ("sdp_bundle", lambda text: text.replace("a=group:BUNDLE 0 1", "a=group:BUNDLE 0")),
    "RTCP elsewhere": ("sdp_rtcp_mux", lambda text: text.replace("a=rtcp-mux\r\n", "")),
    "no fragment": ("sdp_ice", lambda text: text.replace("a=ice-ufrag:abcd\r\n", "")),
    "a strange fragment": ("sdp_ice", lambda text: text.replace("ufrag:abcd", "ufrag:a\"c'd")),
    "a lite peer": ("sdp_ice", lambda text: text.replace("s=-\r\n", "s=-\r\na=ice-lite\r\n")),
    "a server": ("sdp_dtls", lambda text: text.replace("actpass", "passive")),
    "no role": ("sdp_dtls", lambda text: text.replace("a=setup:actpass\r\n", "")),
    "no fingerprint": ("sdp_dtls", lambda text: re.sub("a=fingerprint.*\r\n", "", text)),
    "an old fingerprint": ("sdp_dtls", lambda text: text.replace("sha-256", "md5")),
    "a fingerprint that is none": ("sdp_dtls", lambda text: text.replace(FINGERPRINT, "zz")),
    "a role that is none": ("sdp_unreadable", lambda text: text.replace("actpass", "holdconn")),
    "a payload type that is none": ("sdp_unreadable", lambda text: text.replace("SAVPF 45", "SAVPF 4444")),
    "a payload type that is no number": ("sdp_unreadable", lambda text: text.replace("SAVPF 45", "SAVPF x")),
    "parameters of no codec": ("sdp_unreadable", lambda text: text.replace("fmtp:97", "fmtp:98")),
    "no name": ("sdp_unreadable", lambda text: text.replace("a=mid:1\r\n", "")),
    "a name without a word": ("sdp_unreadable", lambda text: text.replace("a=mid:1", "a=mid")),
    "a name with a line in it": ("sdp_unreadable", lambda text: text.replace("a=mid:1", "a=mid:1 2\x0b")),
}


@pytest.mark.parametrize(("code", "change"), CHANGES.values(), ids=CHANGES.keys())
def test_an_offer_that_cannot_be_is_refused_by_name(code: str, change: object) -> None:
    assert callable(change)
    with pytest.raises(PeerError) as refused:
        read_offer(change(offer()), Direction.PUBLISH)
    assert refused.value.code == code


LINES = offer(data=True).split("\r\n")
pieces = st.one_of(st.sampled_from(LINES), st.text(max_size=30), st.sampled_from(LINES).map(lambda line: line[:-1]))


@given(st.lists(st.tuples(st.integers(0, len(LINES)), pieces), max_size=6), st.sampled_from(Direction))
def test_whatever_is_put_into_an_offer_it_is_answered_or_refused(put: list[tuple[int, str]], way: Direction) -> None:
    lines = list(LINES)
    for place, piece in put:
        lines[place : place + 1] = [piece]
    try:
        text = answer("\r\n".join(lines), way)
    except PeerError:
        return
    assert SessionDescription.parse(text).media
    assert set(re.findall(r"^(.)=", text, re.MULTILINE)) <= set("vostamc")


@given(st.text(max_size=300))
def test_text_is_no_offer(text: str) -> None:
    with pytest.raises(PeerError):
        read_offer(text, Direction.PUBLISH)


def test_a_fragment_that_says_a_new_name_is_a_restart_and_candidates_are_not() -> None:
    assert read_fragment("a=ice-ufrag:EsAw\r\na=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1\r\nm=audio 9 X 0\r\n") == "EsAw"
    assert read_fragment("m=audio 9 X 0\r\na=mid:0\r\na=candidate:1 1 udp 1 192.0.2.1 9 typ host\r\n") is None
    assert read_fragment("a=ice-ufrag:<>\r\n") is None


def test_a_restart_is_answered_with_our_new_name_and_where_we_are() -> None:
    text = write_fragment(read_offer(offer(), Direction.PUBLISH), OURS)
    assert read_fragment(text) == "ours"
    assert "a=ice-pwd:" + "p" * 32 in text
    assert text.index("a=mid:0") < text.index("a=candidate:1 1 udp")
