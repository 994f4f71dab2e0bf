"""RTCP read as browsers write it, and written as aiortc reads it."""

import struct

import pytest
from aiortc import rtp as theirs
from hypothesis import given
from hypothesis import strategies as st

from media.core import rtcp
from media.core.rtcp import Bandwidth, Bye, KeyFrameRequest, Nack, ReportBlock, SenderReport

BLOCK = ReportBlock(ssrc=7, fraction=25, lost=-3, highest=70000, jitter=12, last_report=0xABCD0123, delay=65536)
numbers = st.integers(0, 0xFFFF)


def test_a_receiver_report_is_what_was_meant() -> None:
    compound = rtcp.receiver_report(99, [BLOCK], b"relay")
    assert rtcp.read(compound) == [BLOCK]
    report, description = theirs.RtcpPacket.parse(compound)
    assert isinstance(report, theirs.RtcpRrPacket)
    block = report.reports[0]
    assert (report.ssrc, block.ssrc, block.fraction_lost, block.packets_lost) == (99, 7, 25, -3)
    assert (block.highest_sequence, block.jitter, block.lsr, block.dlsr) == (70000, 12, 0xABCD0123, 65536)
    assert isinstance(description, theirs.RtcpSdesPacket)
    assert [(chunk.ssrc, chunk.items) for chunk in description.chunks] == [(99, [(1, b"relay")])]


def test_a_publishers_clock_is_passed_on_under_the_subscribers_ssrc() -> None:
    said = SenderReport(1, 0x0123456789ABCDEF, 1000)
    compound = rtcp.sender_report(2, said, 5000, 10, 1 << 33, b"relay")
    assert rtcp.read(compound) == [SenderReport(2, 0x0123456789ABCDEF, 5000)]
    report = theirs.RtcpPacket.parse(compound)[0]
    assert isinstance(report, theirs.RtcpSrPacket)
    assert (report.sender_info.packet_count, report.sender_info.octet_count) == (10, 0)


def test_a_key_frame_is_asked_for_by_pli_and_may_be_by_fir() -> None:
    assert rtcp.read(rtcp.key_frame_request(1, 2)) == [KeyFrameRequest(2)]
    fir = b"\x84\xce\x00\x04" + struct.pack("!IIIB3x", 1, 0, 2, 5)
    assert rtcp.read(fir) == [KeyFrameRequest(2)]


@pytest.mark.parametrize("bits", [0, 200_000, 262_143, 2_500_000, 1 << 40])
def test_bandwidth_keeps_eighteen_bits(bits: int) -> None:
    compound = rtcp.bandwidth(1, bits, [2])
    (said,) = rtcp.read(compound) or []
    assert isinstance(said, Bandwidth)
    assert bits * (1 - 1 / (1 << 17)) <= said.bits <= bits
    feedback = theirs.RtcpPacket.parse(compound)[0]
    assert isinstance(feedback, theirs.RtcpPsfbPacket)
    assert theirs.unpack_remb_fci(feedback.fci) == (said.bits, [2])


@given(st.lists(numbers, min_size=1, max_size=40, unique=True))
def test_every_number_of_a_nack_arrives(lost: list[int]) -> None:
    (said,) = rtcp.read(rtcp.nack(1, 2, lost)) or []
    assert isinstance(said, Nack)
    assert (said.ssrc, set(said.lost)) == (2, set(lost))


def test_a_nack_around_the_wrap_takes_one_word() -> None:
    compound = rtcp.nack(1, 2, [65530, 65535, 0, 10])
    assert len(compound) == 16
    assert rtcp.read(compound) == [Nack(2, (65530, 65535, 0, 10))]


def test_a_nack_names_no_more_than_the_limit() -> None:
    (said,) = rtcp.read(b"\x81\xcd" + struct.pack("!H", 2 + 300) + bytes(8) + b"\x00\x01\xff\xff" * 300) or []
    assert isinstance(said, Nack)
    assert len(said.lost) == rtcp.MOST_LOST


def test_what_is_new_is_skipped_and_what_follows_it_is_read() -> None:
    strange = b"\x80\xcf\x00\x01abcd" + b"\x8f\xcd\x00\x02" + bytes(8)
    assert rtcp.read(strange + b"\x81\xcb\x00\x01\x00\x00\x00\x09") == [Bye((9,))]


@pytest.mark.parametrize("data", [b"\x80", b"\x80\xc9\x00\x01", b"\x00\xc9\x00\x00", b"\x80\xc9\x00\x00\x80"])
def test_lengths_that_do_not_fit_make_it_none(data: bytes) -> None:
    assert rtcp.read(data) is None


words = st.lists(st.binary(min_size=4, max_size=4), max_size=12).map(b"".join)
packets = st.builds(
    lambda first, kind, body: bytes([0x80 | first, kind]) + (len(body) // 4).to_bytes(2, "big") + body,
    st.integers(0, 63),
    st.integers(198, 208),
    words,
)


@given(st.lists(packets, max_size=5).map(b"".join))
def test_no_compound_is_too_strange_to_be_read(data: bytes) -> None:
    assert rtcp.read(data) is not None


@given(st.binary(max_size=120))
def test_garbage_never_raises(data: bytes) -> None:
    assert rtcp.read(data) is None or data[:1] == b"" or data[0] >> 6 == 2
