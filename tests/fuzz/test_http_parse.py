"""What the HTTP door reads of a body: signals that can be stored, or refusals by name; no event is forgotten."""

import json
import unicodedata
from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import example, given
from hypothesis import strategies as st

from alarms.receivers.http.listen import LONGEST, MOST, understand
from alarms.receivers.http.parse import MEANINGS
from kit.errors import Refusal
from kit.wire.words import SignalKind
from tests.fuzz.http_input import SPLINTERS, VALID, bodies, events
from tests.fuzz.scaip_input import conversations, damaged, fuzzed, patient

pytestmark = patient

DEVICE = "demo-app-1"
AT = datetime(2026, 1, 15, 3, 10, tzinfo=UTC)
LOCK = {"specversion": "1.0", "id": "2", "source": "lock", "type": "nattljus.lock.operated"}
WHOLE = [
    *(json.dumps({**VALID, "type": name}).encode() for name in MEANINGS),
    json.dumps({**LOCK, "data": {"operation": "unlock", "source": "keypad", "user": 7, "pin": "1234"}}).encode(),
    json.dumps({**LOCK, "type": "nattljus.lock.alarm", "data": {"alarm": "forced_user"}}).encode(),
    json.dumps([VALID, {**LOCK, "type": "nattljus.door.changed", "data": {"state": "open"}}]).encode(),
    *(splinter.encode() for splinter in SPLINTERS),
]


def read(body):
    try:
        return understand(body, DEVICE, AT)
    except Refusal as error:
        refusal = error
    assert refusal.status in {413, 422}
    assert refusal.code
    return None


def check_signal(signal):
    assert (signal.account, signal.device, signal.received_at) == (DEVICE, DEVICE, AT)
    assert len(signal.key) <= 200
    assert 1 <= signal.priority <= 5
    assert (signal.reason is not None) == (signal.kind in {SignalKind.ALARM, SignalKind.TECHNICAL, SignalKind.RESTORE})
    texts = [signal.reference, signal.type, *signal.details.values(), *signal.defects]
    assert all(unicodedata.category(letter) not in {"Cc", "Cs"} for text in texts for letter in text)
    assert all(len(text) <= 200 for text in texts)
    json.dumps(signal.details).encode()


def check(body):
    """Hold it against what stands in the body; whether anything was read."""
    found = read(body)
    if found is None:
        return False
    signals, errors = found
    said = json.loads(body)
    assert len(signals) + len(errors) == (len(said) if isinstance(said, list) else 1) <= MOST
    assert [one.index for one in errors] == sorted({one.index for one in errors} & set(range(len(said))))
    for signal in signals:
        check_signal(signal)
        (again,), wrong = understand(signal.raw, DEVICE, AT)
        assert (again, wrong) == (replace(signal, raw=again.raw), [])
        assert again.raw == signal.raw  # what is kept says the same as what came, and without its codes
    return True


@fuzzed
@given(st.one_of(st.binary(max_size=200), damaged(WHOLE)))
@example(b"")
@example(b"\xef\xbb\xbf{}")
@example(b" " * (LONGEST + 1))
def test_a_body_is_read_or_refused_and_what_is_kept_says_the_same(body):
    check(body)


@fuzzed
@given(bodies())
def test_an_event_of_odd_values_is_read_or_refused(body):
    check(body)


@conversations
@given(st.lists(events() | st.sampled_from(SPLINTERS), min_size=1, max_size=4))
def test_of_an_array_everything_is_read_or_named(said):
    whole = read(f"[{','.join(said)}]".encode())
    alone = [read(f"[{one}]".encode()) for one in said]
    if whole is None:
        assert None in alone
        return
    assert [signal for one in alone if one for signal in one[0]] == whole[0]
    wrong = [one[1][0].model_copy(update={"index": index}) for index, one in enumerate(alone) if one and one[1]]
    assert wrong == whole[1]


# Whatever the vendor's programmer does to what is optional, a press is a press.
@conversations
@given(st.dictionaries(st.sampled_from(["time", "data", "subject", "x"]), st.sampled_from(SPLINTERS)))
def test_no_value_of_what_is_optional_silences_a_press(odd):
    names = {name: json.dumps(value) for name, value in VALID.items()} | odd
    body = ("{" + ",".join(f"{json.dumps(name)}:{value}" for name, value in names.items()) + "}").encode()
    try:
        json.loads(body)
    except (ValueError, RecursionError):
        return
    found = read(body)
    if found is None:
        assert any(value.startswith(("[[[", '{"a":{')) for value in odd.values())  # nested beyond what can be kept
        return
    assert [signal.kind for signal in found[0]] == [SignalKind.ALARM]
