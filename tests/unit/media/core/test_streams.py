"""A stream from its publisher to a subscriber: numbers, losses, key frames."""

from hypothesis import given
from hypothesis import strategies as st

from media.core import bandwidth
from media.core.medium import Medium
from media.core.outlet import KEPT, RESENDS, Outlet
from media.core.rtcp import SenderReport
from media.core.rtp import Header
from media.core.source import KEY_FRAME_PAUSE, Source


def packet(sequence: int, timestamp: int = 0, ssrc: int = 1) -> Header:
    return Header(False, 96, sequence & 0xFFFF, timestamp & 0xFFFFFFFF, ssrc, 12, False)


def source(sequence: int = 0, timestamp: int = 0, ssrc: int = 1, at: float = 0.0) -> Source:
    return Source(Medium.VIDEO, packet(sequence, timestamp, ssrc), at)


def outlet() -> Outlet:
    return Outlet(Medium.VIDEO, 900, 97, 100)


def pass_on(stream: Source, out: Outlet, header: Header, at: float = 0.0) -> int | None:
    """Where in the subscriber's stream the packet goes."""
    place = out.place(stream, stream.arrived(header, at), header, at)
    if place is None:
        return None
    out.sent(place, place.index.to_bytes(8, "big"), 1000)
    return place.index


def test_a_stream_keeps_its_order_and_its_gaps() -> None:
    stream, out = source(65534), outlet()
    assert [pass_on(stream, out, packet(n)) for n in (65534, 65535, 65537, 65536, 65540)] == [100, 101, 103, 102, 106]


def test_what_is_older_than_the_first_packet_is_not_passed_on() -> None:
    stream, out = source(10), outlet()
    assert pass_on(stream, out, packet(10)) == 100
    assert pass_on(stream, out, packet(9)) is None


def test_numbers_and_time_go_on_when_the_publisher_comes_anew() -> None:
    old, new, out = source(5, 1000), source(60000, 77, ssrc=2), outlet()
    assert pass_on(old, out, packet(5, 1000), at=1.0) == 100
    place = out.place(new, new.arrived(packet(60000, 77, 2), 3.0), packet(60000, 77, 2), 3.0)
    assert place is not None
    assert (place.sequence, place.timestamp) == (101, 1000 + 2 * 90_000)
    assert out.timestamp(new, 77 + 90) == place.timestamp + 90
    assert out.timestamp(old, 1000) is None


@given(st.lists(st.tuples(st.integers(0, 2), st.lists(st.integers(-20, 400), max_size=30, unique=True)), max_size=8))
def test_no_number_is_ever_used_twice(turns: list[tuple[int, list[int]]]) -> None:
    """Under one key, a number over two packets would repeat a nonce; SRTP lets no packet of a source in twice."""
    starts = [0, 65500, 30000]
    sources = [source(start, ssrc=ssrc) for ssrc, start in enumerate(starts)]
    seen: set[tuple[int, int]] = set()
    used: list[int] = []
    out = outlet()
    for which, steps in turns:
        for step in steps:
            if (which, step) in seen:
                continue
            seen.add((which, step))
            index = pass_on(sources[which], out, packet(starts[which] + step, ssrc=which))
            if index is not None:
                used.append(index)
    assert len(used) == len(set(used))
    assert all(index >= 100 for index in used)


def test_what_is_missed_is_sent_again_as_it_was_and_only_so_often() -> None:
    stream, out = source(0), outlet()
    for n in (0, 1, 3):
        pass_on(stream, out, packet(n))
    assert out.lost((101, 102, 103)) == ([(101).to_bytes(8, "big"), (103).to_bytes(8, "big")], [2])
    for _ in range(RESENDS):
        out.lost((101,))
    assert out.lost((101,)) == ([], [])


def test_what_was_never_sent_is_not_asked_for() -> None:
    stream, out = source(0), outlet()
    pass_on(stream, out, packet(0))
    assert out.lost((99, 101, 5000)) == ([], [])


def test_only_the_last_second_is_kept() -> None:
    stream, out = source(0), outlet()
    for n in range(KEPT + 1):
        pass_on(stream, out, packet(n))
    assert out.lost((100,)) == ([], [0])
    assert out.lost((101,)) == ([(101).to_bytes(8, "big")], [])


def test_the_same_packet_is_asked_for_once_in_a_while() -> None:
    stream = source()
    assert stream.ask_again([1, 2], 0.0) == [1, 2]
    assert stream.ask_again([2, 3], 0.01) == [3]
    assert stream.ask_again([2], 0.04) == [2]


def test_key_frames_are_asked_for_when_wanted_and_not_too_often() -> None:
    stream = source()
    assert not stream.ask_key_frame(0.0)
    stream.want_key_frame()
    assert stream.ask_key_frame(0.0)
    stream.want_key_frame()
    assert not stream.ask_key_frame(KEY_FRAME_PAUSE / 2)
    assert stream.ask_key_frame(KEY_FRAME_PAUSE)
    assert not stream.ask_key_frame(2 * KEY_FRAME_PAUSE)


def test_a_report_tells_what_was_lost_and_how_long_ago_the_publishers_was() -> None:
    stream = source(65535)
    for n in (65535, 65536, 65538, 65539):
        stream.arrived(packet(n, timestamp=n), 0.0)
    stream.reported(SenderReport(1, 0x0123456789ABCDEF, 0), 0.0)
    block = stream.block(0.5)
    assert (block.ssrc, block.lost, block.fraction, block.highest) == (1, 1, 256 // 5, 65539)
    assert (block.last_report, block.delay) == (0x456789AB, 32768)
    for n in (65537, 65540):
        stream.arrived(packet(n, timestamp=n), 0.0)
    assert (stream.block(1.0).lost, stream.block(1.0).fraction) == (0, 0)


def test_jitter_is_how_unevenly_packets_come() -> None:
    even, uneven = source(), source()
    for n in range(100):
        even.arrived(packet(n, 3000 * n), n / 30)
        uneven.arrived(packet(n, 3000 * n), n / 30 + (n % 2) / 100)
    assert even.block(4.0).jitter == 0
    assert 700 < uneven.block(4.0).jitter < 950  # 10 ms are 900 ticks


def test_the_weakest_subscriber_decides_within_bounds_and_for_a_while() -> None:
    assert bandwidth.ask([], 0.0) == bandwidth.HIGHEST
    assert bandwidth.ask([(900_000, 0.0), (1_200_000, 0.0)], 1.0) == 900_000
    assert bandwidth.ask([(1, 0.0)], 1.0) == bandwidth.LOWEST
    assert bandwidth.ask([(1 << 80, 0.0)], 1.0) == bandwidth.HIGHEST
    assert bandwidth.ask([(900_000, 0.0)], 6.0) == bandwidth.HIGHEST
