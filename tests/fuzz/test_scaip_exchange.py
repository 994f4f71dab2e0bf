"""Whatever arrives, in whatever order, with storage up or down: no device hears `snu 0` for what is not stored."""

import asyncio
import re

from hypothesis import given
from hypothesis import strategies as st

from alarms.receivers.scaip.frame import Framer, Message, Unframed
from kit.tasks import failures
from tests.fuzz.scaip_input import MESSAGES, conversations, damaged, patient
from tests.unit.alarms.scaip.device import DEVICE, Station, Wire, mrq, ok_to, sip_message, snu_of

pytestmark = patient

arrivals = st.one_of(
    damaged(MESSAGES),
    st.binary(max_size=200),
    st.builds(
        lambda ref, branch, stc: sip_message(mrq(ref=ref, stc=stc), branch=f"z9hG4bK{branch}"),
        st.sampled_from("123"),
        st.integers(0, 5),
        st.sampled_from(["10", "16", "102"]),
    ),
)
steps = st.lists(
    st.one_of(arrivals, st.sampled_from(["down", "up", "late", "confirm", "second", "minute"])), max_size=12
)


async def play(script, stream):
    async with Station() as station:
        wire, framer = Wire(reliable=stream), Framer()
        late = None
        for step in script:
            match step:
                case "down" | "up":
                    station.intake.down = step == "down"
                case "late":
                    late = late or station.intake.hold_up()
                case "confirm":
                    for message in wire.messages():
                        station.exchange.take(ok_to(message), wire, DEVICE)
                case "second" | "minute":
                    await station.clock.advance(1 if step == "second" else 60)
                case bytes() if stream:
                    for event in framer.feed(step):
                        match event:
                            case Message():
                                station.exchange.take(event.data, wire, DEVICE)
                            case Unframed():
                                station.exchange.unframed(event, wire, DEVICE)
                                framer = Framer()
                    await station.settle()
                case bytes():
                    await station.take(step, wire)
        check(station, wire)
        if late:
            late.set()
        await station.clock.advance(90)
        check(station, wire)
        assert len(station.teller) == 0


def bugs():
    return sum(sample.value for metric in failures.collect() for sample in metric.samples if "_total" in sample.name)


def check(station, wire):
    stored = {signal.reference for signal in station.intake.signals}
    for message in wire.messages():
        ref = re.search(rb"<ref>(.*?)</ref>", message)
        if snu_of(message) == 0:
            assert ref
            assert ref[1].decode() in stored
    for response in wire.responses():
        assert response.endswith(b"\r\n\r\n")


@conversations
@given(steps, st.booleans())
def test_nothing_is_told_stored_that_is_not(script, stream):
    before = bugs()
    asyncio.run(play(script, stream))
    assert bugs() == before
