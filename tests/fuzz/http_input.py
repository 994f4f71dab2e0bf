"""What the HTTP door is fed: valid events, the same with damage, and what has broken JSON readers before."""

import json

from hypothesis import strategies as st

from alarms.receivers.http.parse import MEANINGS

HEARTBEAT = "nattljus.heartbeat"
TYPES = [name for name in MEANINGS if name != HEARTBEAT]

VALID = {
    "specversion": "1.0",
    "id": "1",
    "source": "fuzz",
    "type": "nattljus.alarm.pressed",
    "time": "2026-01-15T03:10:00Z",
    "data": {
        "trigger": "arm",
        "text": "hej",
        "latitude": 57.7,
        "longitude": 11.9,
        "level": 3,
        "nested": {"a": [1, None, True]},
    },
}

# As JSON texts, because some cannot be said in Python's own.
SPLINTERS = [
    "null", "true", "0", "-1", "1e999", "-1e999", "NaN", "Infinity", "1" * 400, "1" * 4299, "1" * 5000, "0.1e-9999",
    '""', '" "', '"\\u0000"', '"\\ud800"', '"\\udfff\\ud800"', '"\\u202e"', '"' + "x" * 300 + '"', '"nattljus.alarm."',
    '"nattljus.alarm.\\u0000"', '"9999-12-31T23:59:59-23:59"', '"0001-01-01T00:00:00+23:59"', '"2026-01-15T03:10:00"',
    '"1.0"', "[]", "{}", "[[]]", '{"":""}', '{"\\u0000":"\\u0000"}', '{"text":{}}', '{"latitude":"north"}',
    '{"text":"\\ud800"}', '{"\\ud800":1}', '{"text":true}', "[" * 900 + "]" * 900, "[" * 2000 + "]" * 2000,
    '{"a":' * 300 + "1" + "}" * 300,
]  # fmt: skip

_json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
_values = st.one_of(st.sampled_from(SPLINTERS), _json_values.map(json.dumps))
_fields = st.sampled_from([*VALID, "subject", "datacontenttype", "", "\x00", "data_base64"])
_changes = st.lists(st.tuples(_fields, _values | st.none()), max_size=4)


@st.composite
def events(draw):
    """An event as a JSON text: valid, then with up to four fields set to something else, doubled or left out."""
    identity = draw(st.integers(0, 10**9) | st.text(min_size=1, max_size=6))
    said = {name: json.dumps(value) for name, value in VALID.items()}
    said["type"] = json.dumps(draw(st.sampled_from(TYPES)))
    said["id"] = json.dumps(str(identity))
    doubled = []
    for name, value in draw(_changes):
        if value is None:
            said.pop(name, None)
        elif draw(st.booleans()):
            said[name] = value
        else:
            doubled.append(f"{json.dumps(name)}:{value}")
    whole = [f"{json.dumps(name)}:{value}" for name, value in said.items()] + doubled
    return "{" + ",".join(whole) + "}"


@st.composite
def bodies(draw):
    """A whole body as bytes: an event, or something that was one."""
    body = bytearray(draw(events()).encode())
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(body)))
        end = min(len(body), start + draw(st.integers(0, 12)))
        body[start:end] = draw(st.binary(max_size=6) | st.sampled_from([b"", b"{", b"]", b'"', b"\\u", b"\xff\xfe"]))
    return bytes(body)
