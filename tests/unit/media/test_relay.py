"""The relay between peers that stand in one hand: who gets what, who is believed to be where, who is forgotten."""

from collections.abc import AsyncIterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kit.clock import FakeClock
from kit.errors import Refusal
from kit.wire.words import Direction
from media.core import rtcp, stun
from media.core.medium import Medium
from media.leg import EARLY_DATAGRAMS, MOST_ADDRESSES, MOST_SSRCS
from media.relay import Limits
from tests.unit.media.peers import AUDIO, VIDEO, Network, until


@pytest.fixture
async def network(clock: FakeClock) -> AsyncIterator[Network]:
    network = Network(clock, Limits(legs=4))
    yield network
    await network.relay.close()


async def test_a_subscriber_gets_what_a_publisher_sends_under_its_own_numbers(network: Network) -> None:
    anna, bo = await network.publisher(), await network.subscriber()
    for sequence in (65534, 65535, 65536):
        anna.send_rtp(sequence, b"picture %d" % sequence)
    anna.send_rtp(7, b"sound", kind=AUDIO)
    outlets = bo.leg.outlets
    assert [payload for _, payload in bo.packets] == [b"picture 65534", b"picture 65535", b"picture 65536", b"sound"]
    ssrcs = [outlets[Medium.VIDEO].ssrc] * 3 + [outlets[Medium.AUDIO].ssrc]
    assert [header.ssrc for header, _ in bo.packets] == ssrcs
    first = bo.packets[0][0].sequence
    assert [header.sequence - first for header, _ in bo.packets[:3]] == [0, 1, 2]
    assert first < 1 << 15
    assert all(header.payload == 12 for header, _ in bo.packets)  # no extension of the publisher's hop
    assert bo.leg.association.profile == "SRTP_AEAD_AES_256_GCM"


async def test_only_who_subscribes_to_a_participant_gets_its_packets(network: Network) -> None:
    anna, carl = await network.publisher("anna"), await network.publisher("carl")
    bo = await network.subscriber("bo", of="carl")
    anna.send_rtp(1)
    assert bo.packets == []
    carl.send_rtp(1)
    assert len(bo.packets) == 1


async def test_a_whole_picture_is_asked_for_when_a_subscriber_is_up_and_when_it_asks(network: Network) -> None:
    anna = await network.publisher()
    anna.send_rtp(1)
    bo = await network.subscriber()
    assert anna.heard(rtcp.KeyFrameRequest) == [rtcp.KeyFrameRequest(VIDEO)]
    ask = rtcp.key_frame_request(1, bo.leg.outlets[Medium.VIDEO].ssrc)
    bo.send_rtcp(ask)
    bo.send_rtcp(ask)
    assert anna.heard(rtcp.KeyFrameRequest) == []
    await network.clock.advance(0.5)
    network.tick()
    assert anna.heard(rtcp.KeyFrameRequest) == [rtcp.KeyFrameRequest(VIDEO)]


async def test_what_never_came_is_asked_for_and_what_was_lost_on_the_way_is_sent_again(network: Network) -> None:
    anna, bo = await network.publisher(), await network.subscriber()
    anna.send_rtp(10)
    anna.send_rtp(12)
    out, first = bo.leg.outlets[Medium.VIDEO].ssrc, bo.packets[0][0].sequence
    bo.send_rtcp(rtcp.nack(1, out, [first + 1]))
    assert anna.heard(rtcp.Nack) == [rtcp.Nack(VIDEO, (11,))]
    anna.send_rtp(11, b"late")
    assert (bo.packets[-1][0].sequence, bo.packets[-1][1]) == (first + 1, b"late")

    bo.move()  # what is sent again now goes astray, and can be looked at
    again = rtcp.nack(1, out, [first])
    network.relay.receive(bo._dtls._tx_srtp.protect_rtcp(again), bo.leg.addresses[-1])
    datagram, _ = network.strays[-1]
    assert not bo.opens(datagram)  # the very bytes that it has had already
    assert anna.heard(rtcp.Nack) == []


async def test_the_publishers_clock_reaches_the_subscriber(network: Network) -> None:
    anna, bo = await network.publisher(), await network.subscriber()
    anna.send_rtp(1, timestamp=1000)
    anna.send_rtcp(rtcp.sender_report(VIDEO, rtcp.SenderReport(VIDEO, 1 << 40, 0), 4000, 1, 7, b"anna"))
    out = bo.leg.outlets[Medium.VIDEO].ssrc
    assert bo.heard(rtcp.SenderReport) == [rtcp.SenderReport(out, 1 << 40, 4000)]


async def test_each_second_a_publisher_hears_how_it_arrives_and_what_it_may_send(network: Network) -> None:
    anna, bo = await network.publisher(), await network.subscriber()
    bo.send_rtcp(rtcp.bandwidth(1, 700_000, [bo.leg.outlets[Medium.VIDEO].ssrc]))
    anna.send_rtp(1)
    anna.send_rtp(3)
    await network.clock.advance(1.0)
    network.tick()
    (block,) = anna.heard(rtcp.ReportBlock)
    assert isinstance(block, rtcp.ReportBlock)
    assert (block.ssrc, block.lost, block.highest) == (VIDEO, 1, 3)
    (said,) = anna.heard(rtcp.Bandwidth)
    assert isinstance(said, rtcp.Bandwidth)
    assert 699_000 < said.bits <= 700_000


async def test_a_publisher_that_comes_anew_goes_on_in_the_same_stream(network: Network) -> None:
    anna, bo = await network.publisher(), await network.subscriber()
    anna.send_rtp(1)
    again = await network.publisher()
    assert anna.leg.ended
    again.send_rtp(9000, ssrc=4711)
    assert [header.sequence for header, _ in bo.packets] == [bo.packets[0][0].sequence + step for step in (0, 1)]
    assert len({header.ssrc for header, _ in bo.packets}) == 1


async def test_a_packet_that_came_before_or_is_forged_goes_nowhere(network: Network) -> None:
    anna, bo = await network.publisher(), await network.subscriber()
    anna.send_rtp(1)
    datagram = anna.sent[-1]
    anna.send(datagram)
    anna.send(datagram[:-1] + bytes([datagram[-1] ^ 1]))
    assert len(bo.packets) == 1
    assert network.relay.tally.dropped["srtp_refused"] == 2


async def test_a_subscriber_cannot_publish(network: Network) -> None:
    bo = await network.subscriber()
    bo.send_rtp(1)
    assert network.relay.tally.dropped["rtp_unasked"] == 1
    assert bo.leg.sources == {}


async def test_a_peer_has_only_so_many_streams(network: Network) -> None:
    anna = await network.publisher()
    for ssrc in range(MOST_SSRCS + 5):
        anna.send_rtp(1, ssrc=1000 + ssrc)
    assert len(anna.leg.ssrcs) == MOST_SSRCS
    assert network.relay.tally.dropped["srtp_refused"] == 5
    anna.send_rtp(2, ssrc=1000)  # one whose place was taken does not come back
    assert network.relay.tally.dropped["rtp_unasked"] == 1


async def test_a_publisher_that_moves_is_followed_at_its_next_packet(network: Network) -> None:
    anna, bo = await network.publisher(), await network.subscriber()
    anna.send_rtp(1)
    anna.heard(rtcp.KeyFrameRequest)
    await network.clock.advance(1.0)
    anna.move()
    anna.send_rtp(2)
    assert len(bo.packets) == 2
    assert anna.leg.address == anna.address
    assert anna.heard(rtcp.KeyFrameRequest) == [rtcp.KeyFrameRequest(VIDEO)]


async def test_a_packet_seen_on_the_way_and_sent_from_elsewhere_moves_nobody(network: Network) -> None:
    anna = await network.publisher()
    anna.send_rtp(1)
    network.relay.receive(anna.sent[-1], ("203.0.113.9", 9))
    assert anna.leg.address == anna.address
    assert network.relay.tally.dropped["srtp_stranger"] == 1


async def test_a_subscriber_that_moves_is_followed_at_its_nominated_check_or_its_report(network: Network) -> None:
    anna, bo = await network.publisher(), await network.subscriber()
    bo.move()
    bo.check()
    anna.send_rtp(1)
    assert bo.packets == []  # a check that nominates nothing tells only that there is a path
    bo.check((stun.USE_CANDIDATE, b""))
    anna.send_rtp(2)
    assert len(bo.packets) == 1
    bo.send_rtcp(rtcp.receiver_report(5, [], b"bo"))
    bo.move()
    bo.send_rtcp(rtcp.receiver_report(5, [], b"bo"))
    anna.send_rtp(3)
    assert len(bo.packets) == 2


async def test_a_check_is_answered_with_where_it_came_from_and_a_forged_one_not_at_all(network: Network) -> None:
    anna = network.peer(Direction.PUBLISH, "anna")
    anna.check(password="wrong")
    assert (anna.stun, anna.leg.address) == ([], None)
    assert network.relay.tally.dropped["stun_forged"] == 1
    anna.check()
    value = stun.xor_address(b"transaction!", *anna.address)
    assert value in anna.stun[0]
    assert anna.leg.address == anna.address


async def test_a_peer_that_believes_to_be_controlled_is_told_that_it_is_not(network: Network) -> None:
    anna = network.peer(Direction.PUBLISH, "anna")
    anna.check((stun.ICE_CONTROLLED, bytes(8)))
    assert b"Role Conflict" in anna.stun[0]
    assert anna.leg.address is None


async def test_after_a_restart_the_old_name_holds_until_the_new_one_is_used(network: Network) -> None:
    anna, bo = await network.publisher(), await network.subscriber()
    former = anna.leg.credentials
    network.relay.restart(anna.leg, "efgh")
    old = stun._signed(
        stun.REQUEST, b"transaction!", [(stun.USERNAME, f"{former.fragment}:abcd".encode())], former.password.encode()
    )
    anna.send(old)
    assert len(anna.stun) == 2
    anna.move()
    anna.check((stun.USE_CANDIDATE, b""))
    anna.send(old)
    assert len(anna.stun) == 3
    anna.send_rtp(1)
    assert len(bo.packets) == 1


async def test_who_holds_another_certificate_than_offered_is_not_let_in(network: Network) -> None:
    anna = network.peer(Direction.PUBLISH, "anna", fingerprint="AA:" * 31 + "AA")
    anna.check()
    await anna.shake_hands()
    await until(lambda: anna.leg.ended)
    assert network.relay.legs == []
    await anna.close()


async def test_a_leg_whose_peer_ends_it_is_forgotten_at_once(network: Network) -> None:
    anna = await network.publisher()
    await anna.close()
    await until(lambda: anna.leg.ended)
    assert network.relay.legs == []


async def test_a_handshake_must_be_done_in_ten_seconds(network: Network) -> None:
    anna = network.peer(Direction.PUBLISH, "anna")
    for _ in range(9):
        anna.check()
        await network.clock.advance(1.0)
        network.tick()
    assert not anna.leg.ended
    await network.clock.advance(1.0)
    network.tick()
    assert anna.leg.ended


async def test_a_leg_is_kept_by_checks_and_forgotten_after_thirty_silent_seconds(network: Network) -> None:
    anna = await network.publisher()
    for _ in range(3):
        await network.clock.advance(29.0)
        network.tick()
        anna.check()
    assert not anna.leg.ended
    await network.clock.advance(30.0)
    network.tick()
    assert anna.leg.ended


async def test_a_full_relay_says_so_and_the_same_leg_anew_needs_no_more_room(network: Network) -> None:
    for participant in ("a", "b", "c", "d"):
        network.peer(Direction.PUBLISH, participant)
    with pytest.raises(Refusal) as refused:
        network.peer(Direction.PUBLISH, "e")
    assert (refused.value.code, refused.value.status) == ("relay_full", 503)
    network.peer(Direction.PUBLISH, "d")
    assert len(network.relay.legs) == 4


async def test_a_flood_before_the_handshake_is_bounded(network: Network) -> None:
    anna = network.peer(Direction.PUBLISH, "anna")
    anna.check()
    for _ in range(EARLY_DATAGRAMS + 10):
        anna.send(b"\x16\xfe\xfd" + bytes(40))
    assert network.relay.tally.dropped["dtls_flood"] >= 10
    await network.clock.advance(10.0)
    network.tick()
    assert anna.leg.ended


async def test_addresses_that_a_peer_has_been_at_are_remembered_only_so_many(network: Network) -> None:
    anna = await network.publisher()
    for _ in range(3 * MOST_ADDRESSES):
        anna.move()
        anna.check((stun.USE_CANDIDATE, b""))
    assert len(anna.leg.addresses) == MOST_ADDRESSES
    anna.send_rtp(1)
    assert anna.leg.address == anna.address


async def test_a_leg_that_has_ended_leaves_nothing_behind(network: Network) -> None:
    anna, bo = await network.publisher(), await network.subscriber()
    anna.send_rtp(1)
    bo.send_rtcp(rtcp.receiver_report(5, [], b"bo"))
    network.relay.end(anna.leg, "deleted")
    network.relay.end(bo.leg, "deleted")
    where, streams = network.relay._where, network.relay._streams
    tables = (where._by_address, where._by_fragment, where._by_ssrc, streams._publishers, streams._subscribers)
    assert [len(table) for table in (*tables, network.relay._by_claims)] == [0] * 6


starts = st.sampled_from([b"", b"\x00\x01", b"\x16\xfe\xfd", b"\x80\x60", b"\x90\x6f", b"\x80\xc8", b"\x81\xcd"])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200, deadline=None)
@given(st.lists(st.tuples(starts, st.binary(max_size=1600), st.booleans()), max_size=20))
async def test_no_garbage_disturbs_a_relay(clock: FakeClock, garbage: list[tuple[bytes, bytes, bool]]) -> None:
    network = Network(clock)
    anna = network.peer(Direction.PUBLISH, "anna")
    anna.check()
    for start, body, known in garbage:
        address = anna.address if known else ("203.0.113.9", 9)
        network.relay.receive(start + body, address)
    assert network.relay.legs == [anna.leg]
    assert network.strays == []
    await network.relay.close()


async def test_within_a_leg_hostile_packets_are_dropped_and_the_picture_goes_on(network: Network) -> None:
    anna, bo = await network.publisher(), await network.subscriber()
    out = bo.leg.outlets[Medium.VIDEO].ssrc
    for hostile in (
        b"\x80\xc9\x00\x01" + bytes(4) + b"\x8f\xcd\x00\x03" + bytes(12),
        b"\x80\xc9\x00\x01" + bytes(4) + b"\x81\xcd\xff\xff" + bytes(12),
        rtcp.nack(1, out, range(0, 5000, 17)),
        rtcp.bandwidth(1, 1 << 70, [out]),
    ):
        bo.send_rtcp(hostile)
        anna.send_rtcp(hostile)
    for kind in (0, 13, 95, 127):
        anna.send_rtp(1, kind=kind)
    anna.send_rtp(2)
    assert [payload for _, payload in bo.packets] == [b"picture"]
