"""What the SCAIP fuzzers are fed: valid requests, the same with damage, and garbage.

`NATTLJUS_FUZZ_EXAMPLES` is how many inputs each test tries; test_by_the_hundred_thousand.py is for the soak's 100000.
"""

import os
from functools import reduce
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from alarms.receivers import scaip
from tests.unit.alarms.scaip.device import mrq, sip_message

EXAMPLES = int(os.environ.get("NATTLJUS_FUZZ_EXAMPLES", "300"))

patient = pytest.mark.timeout(120 + EXAMPLES // 20)

fuzzed = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

INPUTS = 5  # of a conversation, so fewer conversations make as many


def conversations(test):
    """A property of several inputs, one after the other."""
    test.inputs = INPUTS
    return settings(fuzzed, max_examples=max(50, EXAMPLES // INPUTS))(test)


_SAMPLES = Path(scaip.__file__).parent / "samples"
BODIES = [path.read_bytes() for path in sorted(_SAMPLES.glob("*.xml")) if not path.name.endswith(".sipp.xml")]
MESSAGES = [
    *(sip_message(body, transport=transport) for body in BODIES for transport in ("UDP", "TCP")),
    sip_message(method="OPTIONS"),
    sip_message(mrq(), more=("Record-Route: <sip:192.0.2.9;lr>, <sip:192.0.2.8;lr>", "Contact: <sip:a@192.0.2.7>")),
    sip_message(mrq(), via="v: SIP/2.0/UDP a;branch=z9hG4bKp , SIP/2.0/TCP [2001:db8::1]:5062;received=192.0.2.7"),
    b"SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKq\r\nCSeq: 1 MESSAGE\r\nl: 0\r\n\r\n",
]
# What has broken parsers before.
_SPLINTERS = [
    b"\r\n", b"\n", b"\r", b"\r\n\r\n", b"\n\n", b"\x00", b" ", b"\t", b":", b";", b",", b"<", b">", b'"', b"\\", b"=",
    b"Content-Length: 99999\r\n", b"l: -1\r\n", b"\r\n ", b"<!DOCTYPE a>", b"<!ENTITY a 'b'>", b"&a;", b"&#0;", b"&",
    b"<ref>", b"</ref>", b"<ref>1</ref>", b"</mrq>", b"<mrq>", b"<mty>PI</mty>", b"<![CDATA[", b"\xff\xfe",
    b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\xc3", b"<?xml encoding='utf-16'?>", b"SIP/2.0 ", b"z9hG4bK",
    b"99999999999999999999",
]  # fmt: skip


# A stroke is six bytes, drawn at once: one draw for each of its numbers takes twice as long as most parsers.
_strokes = st.lists(st.binary(min_size=6, max_size=6), max_size=6)


def damaged(whole):
    """One of the valid inputs with up to six pieces cut out, put in, doubled, overwritten or said at length."""
    return st.tuples(st.sampled_from(whole), _strokes).map(lambda drawn: reduce(_struck, drawn[1], drawn[0]))


def _struck(data, stroke):
    kind, piece, length = stroke[0] % 5, stroke[1], stroke[2] % 40
    start = int.from_bytes(stroke[3:5]) * (len(data) + 1) >> 16
    before, within, behind = data[:start], data[start : start + length], data[start + length :]
    match kind:
        case 0:
            return before + behind
        case 1:
            return before + _SPLINTERS[piece % len(_SPLINTERS)] + within + behind
        case 2:
            return before + within + within + behind
        case 3:
            return before + bytes([piece]) + data[start + 1 :]
        case _:
            return before + bytes([stroke[5], piece]) * (length // 2) + behind


def cuts(data):
    """Ways to cut `data` into pieces."""
    return st.lists(st.integers(0, len(data)), max_size=20).map(
        lambda places: [
            data[start:end] for start, end in zip([0, *sorted(places)], [*sorted(places), len(data)], strict=True)
        ]
    )


def comes_out_the_same(framer, stream, data):
    """Hold that a framer (called to make a new one) tells the same of a stream however it is cut."""
    whole, pieces, bytewise = framer(), framer(), framer()
    expected = whole.feed(stream)
    assert [event for piece in data.draw(cuts(stream)) for event in pieces.feed(piece)] == expected
    assert [event for byte in stream for event in bytewise.feed(bytes([byte]))] == expected
    assert whole.midway == pieces.midway == bytewise.midway
