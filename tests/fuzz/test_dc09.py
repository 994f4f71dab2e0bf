"""Whatever comes as DC-09: frames within their limits, clean signals, and no ACK for what is not stored."""

import asyncio
import json
import re
import unicodedata
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alarms.receivers.dc09.cipher import decipher
from alarms.receivers.dc09.frame import FRAME_LIMIT, SKIP_LIMIT, Frame, Framer, Unframed, crc16, unwrap, wrap
from alarms.receivers.dc09.keys import Agreed
from alarms.receivers.dc09.parse import read_content, read_decrypted, read_envelope
from alarms.receivers.dc09.signal import TOKENS, to_signal
from kit.errors import PeerError
from kit.tasks import failures
from kit.wire.words import SignalKind
from tests.fuzz.scaip_input import comes_out_the_same, conversations, damaged, fuzzed, patient
from tests.unit.alarms.dc09.panel import KEY, Station, frame, heartbeat, message, said
from tests.unit.alarms.dc09.test_signal import SAMPLES

pytestmark = patient

AT = datetime(2026, 1, 15, 3, 10, tzinfo=UTC)
MESSAGES = [
    *(written.encode() for written, _, _ in SAMPLES),
    message(extra="[X012E58.123][Y57N42.5][Vhttps://camera.example]", at=AT),
    message(at=AT, key=KEY),
    message("", token="NULL", seq="0000", at=AT, key=KEY),
]
FRAMES = [wrap(one) for one in MESSAGES]
PLAINS = [b"ABC|#1234|Nri1/QA001][X12.5][Y57.5]_03:10:00,01-15-2026", b"A|]_03:10:00,01-15-2026"]

streams = st.one_of(
    st.binary(max_size=500),
    st.lists(damaged(FRAMES), max_size=6).map(b"".join),
    st.lists(st.sampled_from([b"\r", b"\n", b"\r\n", b"a", b"x" * 1000, b"\n" + b"y" * 4000, *FRAMES[:3]])).map(
        b"".join
    ),
)
bodies = st.one_of(st.binary(max_size=300), damaged(MESSAGES))
plains = st.one_of(st.binary(max_size=200), damaged(PLAINS))


@fuzzed
@given(st.data())
def test_the_same_events_come_out_however_the_stream_is_cut(data):
    comes_out_the_same(Framer, data.draw(streams), data)


@fuzzed
@given(streams)
def test_no_frame_is_larger_than_the_limit_nor_holds_what_did_not_come(stream):
    events = Framer().feed(stream)
    frames = [event.data for event in events if isinstance(event, Frame)]
    assert all(0 < len(data) <= FRAME_LIMIT and b"\n" + data + b"\r" in stream for data in frames)
    assert sum(len(data) + 2 for data in frames) <= len(stream)
    if any(isinstance(event, Unframed) for event in events):
        assert len(stream) > SKIP_LIMIT
        assert not isinstance(events[-1], Frame)


@fuzzed
@given(st.lists(st.tuples(st.binary(max_size=40), st.sampled_from(FRAMES)), max_size=5))
def test_whole_frames_come_out_whole_whatever_stands_between(pieces):
    stream = b"".join(noise.replace(b"\n", b"") + data for noise, data in pieces)
    assert [event.data for event in Framer().feed(stream)] == [data[1:-1] for _, data in pieces]


@fuzzed
@given(st.binary(max_size=400))
def test_what_is_wrapped_is_unwrapped_and_one_bit_makes_it_none(body):
    data = wrap(body)[1:-1]
    assert unwrap(data) == body
    if body:
        assert crc16(body[:-1] + bytes([body[-1] ^ 1])) != crc16(body)


def clean(text):
    return all(unicodedata.category(letter) not in {"Cc", "Cs"} for letter in text)


def check_signal(signal):
    assert len(signal.account) <= 16
    assert len(signal.key) <= 200
    assert 1 <= signal.priority <= 5
    assert (signal.reason is not None) == (signal.kind in {SignalKind.ALARM, SignalKind.TECHNICAL, SignalKind.RESTORE})
    texts = [signal.account, signal.reference, signal.type, *signal.details.values(), *signal.defects]
    assert all(clean(text) for text in texts)
    assert all(len(text) <= 200 for text in texts)
    json.dumps(signal.details).encode()


@fuzzed
@given(bodies)
def test_a_message_is_read_or_refused_and_what_leaves_is_clean(body):
    try:
        envelope = read_envelope(body)
    except PeerError:
        return
    if envelope.token in TOKENS:
        check_signal(to_signal(envelope, read_content(envelope.rest), body, AT))


@fuzzed
@given(plains)
def test_what_was_encrypted_is_read_or_refused(plain):
    envelope = read_envelope(message())
    try:
        content = read_decrypted(plain)
    except PeerError:
        return
    check_signal(to_signal(envelope, content, plain, AT))


@fuzzed
@given(st.text("0123456789ABCDEFG[]", max_size=130))
def test_only_whole_blocks_are_decrypted(digits):
    whole = re.fullmatch("([0-9A-F]{32})+", digits)
    with nullcontext() if whole else pytest.raises(PeerError):
        assert len(decipher(digits, KEY)) % 16 == 0


arrivals = st.one_of(
    damaged(FRAMES),
    bodies.map(wrap),
    st.builds(
        lambda seq, key, seconds: frame(seq=f"000{seq}", key=key, at=AT + timedelta(seconds=seconds)),
        st.integers(1, 3),
        st.sampled_from([None, KEY]),
        st.sampled_from([0, -30, -300]),
    ),
    plains.map(lambda plain: wrap(b'"*SIA-DCS"0001L0#1234[' + plain.hex().encode())),
    st.just(heartbeat()),
)
steps = st.lists(
    st.one_of(arrivals, st.sampled_from(["down", "up", "unknown", "known", "key", "no key", "second"])), max_size=12
)


def bugs():
    return sum(sample.value for metric in failures.collect() for sample in metric.samples if "_total" in sample.name)


async def play(script):
    async with Station() as station:
        framer = Framer()
        for step in script:
            match step:
                case "down" | "up":
                    station.intake.down = step == "down"
                case "unknown" | "known":
                    station.intake.unknown = step == "unknown"
                case "key" | "no key":
                    station.keys.agreed = {"1234": Agreed(True, KEY)} if step == "key" else {}
                case "second":
                    await station.clock.advance(1)
                case bytes():
                    before = len(station.answers)
                    frames = [event for event in framer.feed(step) if isinstance(event, Frame)]
                    for event in frames:
                        station.hearing.hear(event.data, station.reply)
                        await station.clock.advance(0)
                    assert len(station.answers) - before <= len(frames)
        stored = {signal.reference.upper() for signal in station.intake.signals}
        for answer in station.answers:
            word, seq, _, _ = said(answer, KEY)
            assert word in {"ACK", "*ACK", "DUH", "*DUH", "NAK"}
            assert "ACK" not in word or seq.upper() in stored


@conversations
@given(steps)
def test_nothing_is_acknowledged_that_is_not_stored(script):
    before = bugs()
    asyncio.run(play(script))
    assert bugs() == before


@pytest.mark.parametrize("key", [bytes(16), bytes(24), bytes(32)])
def test_what_another_key_encrypted_is_never_taken_for_a_message_in_time(key):
    """There is no tag: this is what stands in its place."""
    taken = 0
    for number in range(300):
        envelope = read_envelope(message(seq=f"{number:04}", at=AT, key=key))
        try:
            taken += read_decrypted(decipher(envelope.rest[1:], KEY + bytes(16))).at is not None
        except PeerError:
            continue
    assert taken == 0
