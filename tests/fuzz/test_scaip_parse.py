"""Nothing but `ParseError` comes out of the SCAIP parser, and whatever it reads is clean and can be stored."""

import json
import unicodedata
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from alarms.receivers.scaip.answer import Answer, refused
from alarms.receivers.scaip.parse import ParseError, parse
from alarms.receivers.scaip.signal import to_signal
from kit.wire.words import SignalKind
from tests.fuzz.scaip_input import BODIES, damaged, fuzzed, patient
from tests.unit.alarms.scaip.device import mrq

pytestmark = patient

AT = datetime(2026, 1, 15, 3, 10, tzinfo=UTC)
inputs = st.one_of(st.binary(max_size=300), damaged(BODIES))


def clean(text):
    return all(unicodedata.category(letter) not in {"Cc", "Cs", "Zl", "Zp"} for letter in text)


def read(body):
    try:
        return parse(body)
    except ParseError as error:
        return error


@fuzzed
@given(inputs)
def test_a_body_is_read_or_refused_and_what_leaves_is_clean(body):
    request = read(body)
    if isinstance(request, ParseError):
        assert request.snu in {2, 3, 7}
        assert request.ref is None or (request.ref and clean(request.ref))
        answer = refused(request)
        assert answer is None or f"<snu>{request.snu}</snu>".encode() in answer.write()
        return
    signal = to_signal(request, body, AT)
    assert 1 <= len(signal.account) <= 80
    assert len(signal.key) <= 200
    assert 1 <= signal.priority <= 5
    assert (signal.reason is not None) == (signal.kind in {SignalKind.ALARM, SignalKind.TECHNICAL, SignalKind.RESTORE})
    texts = [signal.account, signal.reference, signal.type, *signal.details.values(), *signal.defects]
    assert all(clean(text) for text in texts)
    json.dumps(signal.details).encode()
    "".join(texts).encode()
    assert len(Answer(request.ref, 0, mre=1, tnu="tel:+46700000001").write()) < 600


# Flat requests are read without a tree; a blank in the root's tag sends the same request through the tree.
@fuzzed
@given(damaged(BODIES))
def test_the_short_way_reads_what_the_tree_reads(body):
    short, long = read(body), read(body.replace(b"<mrq>", b"<mrq >"))
    if isinstance(short, ParseError):
        assert isinstance(long, ParseError)
        assert (short.snu, short.code, short.ref) == (long.snu, long.code, long.ref)
    else:
        assert short == long


# A text that is no text is still an alarm: only the three mandatory elements decide whether a press is heard.
@fuzzed
@given(
    st.sampled_from(["stt", "dte", "lte", "ite", "did", "lva", "crd", "ver", "hbo", "pri", "ame", "vendor"]),
    st.binary(max_size=200).filter(lambda value: b"<" not in value and b"&#" not in value and b"]]>" not in value),
)
def test_no_value_of_an_optional_element_silences_a_press(name, value):
    body = mrq(stc="10")[: -len(b"</mrq>")] + b"<%b>%b</%b></mrq>" % (name.encode(), value, name.encode())
    request = parse(body)
    assert (request.ref, request.cid, request.dty) == ("1", "26317", 3)
    assert to_signal(request, body, AT).kind is SignalKind.ALARM
