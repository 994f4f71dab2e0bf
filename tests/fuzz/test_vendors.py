"""Whatever a vendor sends: it is understood or refused, no code is kept, and what is damaged is unsigned."""

import base64
import contextlib
import hmac
import json
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alarms.core.signal import Signal
from alarms.locks.remark import Remark, Stands
from alarms.receivers import vendors
from alarms.receivers.vendors import tedee
from alarms.receivers.vendors.parse import Caller, Passed, read_generic
from alarms.receivers.vendors.signature import (
    insist_on_key,
    insist_on_signature,
    secret_bytes,
)
from alarms.watchdog.notes import SIGNATURE, signature
from kit.clock import FakeClock
from kit.errors import PeerError
from kit.wire.vendors import AddIntegration, EventMapping, SignatureScheme
from kit.wire.words import DoorState, LockState
from tests.fuzz.http_input import SPLINTERS
from tests.fuzz.scaip_input import damaged, fuzzed, patient

pytestmark = patient

SAMPLES = Path(vendors.__file__).parent / "samples"
MAPPING = AddIntegration.model_validate_json((SAMPLES / "mapping.json").read_bytes()).mapping
WHOLE = [path.read_bytes() for path in sorted(SAMPLES.glob("*.json")) if path.name != "mapping.json"]
CALLER = Caller("integration-1", "demo-kommun")
SECRET = "a secret of the vendor's"
AT = FakeClock().now()


@st.composite
def splintered(draw):
    """A valid event with some of its values, at any depth, replaced by what has broken JSON readers before."""
    said = json.loads(draw(st.sampled_from(WHOLE)))
    places = random.Random(draw(st.integers(0, 10**6)))
    for _ in range(draw(st.integers(1, 4))):
        within = said
        name = places.choice(sorted(within))
        while isinstance(inner := within[name], dict) and inner and places.random() < 0.7:
            within, name = inner, places.choice(sorted(inner))
        try:
            within[name] = json.loads(draw(st.sampled_from(SPLINTERS)))
        except (ValueError, RecursionError):
            within[name] = None
    return json.dumps(said).encode()


@fuzzed
@given(
    body=damaged(WHOLE) | splintered(),
    stands=st.builds(Stands, st.sampled_from(LockState), st.sampled_from(DoorState)),
)
def test_what_a_vendor_sends_is_understood_or_refused_and_no_code_is_kept(body, stands):
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return
    for read in (
        lambda: read_generic(said, EventMapping(), CALLER, AT),
        lambda: read_generic(said, MAPPING, CALLER, AT),
        lambda: tedee.read(said, CALLER, stands, AT),
    ):
        try:
            heard = read()
        except (PeerError, RecursionError):
            continue
        for one in heard:
            assert isinstance(one, Signal | Remark | Passed | PeerError)
            if isinstance(one, Signal):
                assert (one.device, one.principal) == (None, "demo-kommun")
                assert len(one.key) <= 200
                assert len(one.account) <= 80
                assert "\0" not in "".join([one.reference, one.type, *one.details.values()])


schemes = st.builds(
    SignatureScheme,
    digest=st.sampled_from(["sha256", "sha384", "sha512"]),
    encoding=st.sampled_from(["hex", "base64"]),
    prefix=st.sampled_from(["", "v1=", "sha256="]),
    timestamp_header=st.sampled_from([None, "webhook-timestamp"]),
    id_header=st.sampled_from([None, "webhook-id"]),
)
SECONDS = str(int(AT.timestamp()))


def signed(scheme, seconds=SECONDS, identity="event-1"):
    """The headers of a genuine call."""
    said = f"{identity}." if scheme.id_header else ""
    digest = hmac.new(SECRET.encode(), f"{said}{seconds}.".encode() + WHOLE[0], scheme.digest).digest()
    written = scheme.prefix + (digest.hex() if scheme.encoding == "hex" else base64.b64encode(digest).decode())
    if scheme.timestamp_header is None:
        return {scheme.header: f"t={seconds},{written}", "webhook-id": identity}
    return {scheme.header: written, "webhook-id": identity, "webhook-timestamp": seconds}


def genuine(scheme, headers, body=WHOLE[0]):
    try:
        insist_on_signature(scheme, SECRET, headers, body, AT)
    except PeerError:
        return False
    return True


@fuzzed
@given(scheme=schemes, drawn=st.data())
def test_a_damaged_call_is_unsigned_whatever_the_scheme(scheme, drawn):
    headers = signed(scheme)
    assert genuine(scheme, headers)
    name = drawn.draw(st.sampled_from(sorted(headers)))
    odd = drawn.draw(damaged([headers[name].encode()])).decode("latin-1")
    if genuine(scheme, {**headers, name: odd}):
        assert not signs(scheme, name) or marrow(scheme, headers[name]) in marrow(scheme, odd)


def signs(scheme, name):
    """Whether what stands in that header is under the signature, or is it."""
    return name in {scheme.header, scheme.timestamp_header, scheme.id_header}


def marrow(scheme, value):
    """What of a header is signed or a signature, as far as its case counts; a comma at its end adds none."""
    last = value.rstrip(", ").rpartition(",")[2]
    return last.lower() if scheme.encoding == "hex" else last


@fuzzed
@given(scheme=schemes, body=damaged(WHOLE[:1]), seconds=st.integers(-4000, 4000))
def test_only_what_was_signed_is_genuine_and_only_for_a_while(scheme, body, seconds):
    said = signed(scheme, str(int(AT.timestamp()) + seconds))
    assert genuine(scheme, said, body) == (body == WHOLE[0] and abs(seconds) <= scheme.tolerance_s)


def test_what_nattljus_signs_itself_is_genuine_here():
    assert genuine(SignatureScheme(), {SIGNATURE: signature(SECRET, "", AT, WHOLE[0])})


@fuzzed
@given(scheme=st.builds(SignatureScheme, key_encoding=st.sampled_from(["text", "base64"])), secret=st.text(max_size=60))
def test_any_secret_is_a_key_or_refused(scheme, secret):
    with contextlib.suppress(ValueError):
        assert isinstance(secret_bytes(scheme, secret), bytes)


@fuzzed
@given(st.text(max_size=60))
def test_no_key_but_the_secret_is_the_secret(given_key):
    with contextlib.nullcontext() if given_key == SECRET else pytest.raises(PeerError):
        insist_on_key(SECRET, given_key)
