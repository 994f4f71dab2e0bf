"""Whatever a vendor sends: it is understood or refused, no code is kept, and what is damaged is unsigned."""

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
from alarms.receivers.vendors.signature import insist_on_signature
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


@fuzzed
@given(said=damaged([signature(SECRET, "", AT, WHOLE[0]).encode()]))
def test_a_damaged_signature_is_unsigned(said):
    given_header = said.decode("latin-1")
    if genuine(given_header):
        assert signature(SECRET, "", AT, WHOLE[0]).split(",")[1] in given_header.lower()


def genuine(header):
    try:
        insist_on_signature(SignatureScheme(), SECRET, {SIGNATURE: header}, WHOLE[0], AT)
    except PeerError:
        return False
    return True


@pytest.mark.parametrize("header", [signature(SECRET, "", AT, WHOLE[0])])
def test_what_is_not_damaged_is_signed(header):
    assert genuine(header)
