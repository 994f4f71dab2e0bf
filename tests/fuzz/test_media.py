"""Whatever reaches the relay, datagrams and offers: read within its own bytes, passed over, or refused by name."""

import re

from aiortc.sdp import SessionDescription
from hypothesis import given
from hypothesis import strategies as st

from kit.errors import PeerError
from kit.wire.words import Direction
from media.core import rtcp, rtp, stun
from media.core.datagram import kind_of
from media.core.rtcp import Bandwidth, Bye, KeyFrameRequest, Nack, ReportBlock, SenderReport
from media.sdp import read_fragment
from tests.fuzz.scaip_input import damaged, fuzzed, patient
from tests.unit.media.core.test_rtcp import BLOCK
from tests.unit.media.core.test_stun import PASSWORD, REQUEST, controlling
from tests.unit.media.offers import offer
from tests.unit.media.test_sdp import answer

pytestmark = patient

CHECKS = [REQUEST, controlling(), controlling((stun.USE_CANDIDATE, b""))]
REPORTS = [
    rtcp.receiver_report(99, [BLOCK], b"relay"),
    rtcp.sender_report(2, SenderReport(1, 0x0123456789ABCDEF, 1000), 5000, 10, 1 << 33, b"relay"),
    rtcp.key_frame_request(1, 2) + rtcp.nack(1, 2, [1, 2, 3, 40]) + rtcp.bandwidth(1, 2_500_000, [2]),
]
PACKETS = [
    b"\x80\xe0\x00\x01" + bytes(8) + b"picture",
    b"\xb2\x60\x00\x02" + bytes(16) + b"\xbe\xde\x00\x01\x10\x30\x00\x00picture\x00\x00\x03",
]
OFFERS = [offer().encode(), offer("recvonly").encode(), offer(data=True).encode()]


@fuzzed
@given(st.binary(max_size=200) | damaged(CHECKS))
def test_a_check_is_authentic_only_as_it_was_signed(data):
    kind_of(data)
    request = stun.read_request(data)
    if request is None:
        return
    assert len(request.transaction) == 12
    assert 0 < request.signed < len(data)
    if stun.authentic(request, data, PASSWORD):
        signed = {one[4 : stun.read_request(one).signed] for one in CHECKS}
        assert data[4 : request.signed] in signed
    reply = stun.success(request.transaction, "2001:db8::7", 40_000, PASSWORD)
    assert stun.read_request(reply) is None  # an answer is no check: two relays never talk for ever


@fuzzed
@given(st.binary(max_size=200) | damaged(REPORTS))
def test_a_report_is_read_within_its_bytes_or_passed_over(data):
    kind_of(data)
    said = rtcp.read(data)
    assert said is None or len(said) <= len(data)
    for one in said or []:
        assert isinstance(one, SenderReport | ReportBlock | Nack | KeyFrameRequest | Bandwidth | Bye)
        if isinstance(one, Nack):
            assert len(one.lost) <= rtcp.MOST_LOST
            assert all(0 <= number <= 0xFFFF for number in one.lost)


@fuzzed
@given(st.binary(max_size=80) | damaged(PACKETS))
def test_a_packet_goes_on_under_a_bare_header_with_its_payload_or_not_at_all(data):
    kind_of(data)
    header = rtp.read_header(data)
    if header is None:
        return
    on = rtp.rewrite(data, header, payload_type=96, sequence=7, timestamp=8, ssrc=9)
    again = rtp.read_header(on)
    assert again == rtp.Header(header.marker, 96, 7, 8, 9, rtp.HEADER, header.padded)
    assert on[again.payload :] == data[header.payload :]


@fuzzed
@given(damaged(OFFERS) | st.binary(max_size=60), st.sampled_from(Direction))
def test_an_offer_is_answered_or_refused_by_name(data, direction):
    text = data.decode("latin-1")
    fragment = read_fragment(text)
    assert fragment is None or fragment in text
    try:
        said = answer(text, direction)
    except PeerError as refused:
        assert refused.code.startswith("sdp_")  # noqa: PT017 - most are refused, and by which name differs
        return
    assert SessionDescription.parse(said).media
    assert set(re.findall(r"^(.)=", said, re.MULTILINE)) <= set("vostamc")
