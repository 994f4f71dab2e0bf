"""A vendor's signature: as ours, as Standard Webhooks', and everything that is neither."""

import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta

import pytest

from alarms.receivers.vendors.signature import STALE, UNSIGNED, insist_on_key, insist_on_signature, secret_bytes
from alarms.watchdog.notes import SIGNATURE, signature
from kit.errors import PeerError
from kit.wire.vendors import SignatureScheme

AT = datetime(2026, 1, 15, 3, 10, tzinfo=UTC)
SECONDS = int(AT.timestamp())
BODY = b'{"id": "1"}'
SECRET = "a secret of the vendor's"
KEY = base64.b64encode(b"24 bytes of a real secret").decode()
STANDARD = SignatureScheme(
    header="webhook-signature",
    encoding="base64",
    prefix="",
    timestamp_header="webhook-timestamp",
    id_header="webhook-id",
    key_encoding="base64",
)
OWN_HEADERS = SignatureScheme(header="X-Signature", digest="sha512", prefix="sha512=", timestamp_header="X-Time")


def refused(scheme, headers, body=BODY, secret=SECRET, at=AT):
    try:
        insist_on_signature(scheme, secret, headers, body, at)
    except PeerError as error:
        return error.code
    return None


def standard(body=BODY, key=b"24 bytes of a real secret", seconds=SECONDS):
    digest = hmac.new(key, f"msg_1.{seconds}.".encode() + body, hashlib.sha256).digest()
    given = f"v1,{base64.b64encode(digest).decode()}"
    return {"webhook-id": "msg_1", "webhook-timestamp": str(seconds), "webhook-signature": given}


def test_what_we_sign_ourselves_is_signed_as_a_generic_vendor_signs():
    assert refused(SignatureScheme(), {SIGNATURE: signature(SECRET, "", AT, BODY)}) is None


def test_standard_webhooks_are_data_and_one_of_several_signatures_is_enough():
    given = standard()
    assert refused(STANDARD, given, secret=f"whsec_{KEY}") is None
    turned = {**given, "webhook-signature": f"v1,AAAA {given['webhook-signature']}"}
    assert refused(STANDARD, turned, secret=f"whsec_{KEY}") is None


def test_header_digest_and_prefix_are_data():
    seconds = int(AT.timestamp())
    digest = hmac.new(SECRET.encode(), f"{seconds}.".encode() + BODY, hashlib.sha512).hexdigest()
    given = {"x-signature": f"sha512={digest.upper()}", "x-time": str(seconds)}
    assert refused(OWN_HEADERS, given) is None
    assert refused(OWN_HEADERS, {**given, "x-signature": digest}) == UNSIGNED


@pytest.mark.parametrize("seconds", [-301, 301])
def test_a_genuine_call_from_another_time_is_stale(seconds):
    given = {SIGNATURE: signature(SECRET, "", AT + timedelta(seconds=seconds), BODY)}
    assert refused(SignatureScheme(), given) == STALE
    assert refused(SignatureScheme(tolerance_s=600), given) is None


@pytest.mark.parametrize(
    "said",
    ["", "t=", "v1=", "t=1,v1=", "t=x,v1=00", f"t={int(AT.timestamp())},v1=ä", "v1=" + "0" * 64, "," * 5000, "t=-1"],
)
def test_what_is_no_signature_is_unsigned(said):
    assert refused(SignatureScheme(), {SIGNATURE: said}) == UNSIGNED


def test_no_header_another_body_another_secret_and_another_time_are_unsigned():
    genuine = signature(SECRET, "", AT, BODY)
    assert refused(SignatureScheme(), {}) == UNSIGNED
    assert refused(SignatureScheme(), {SIGNATURE: genuine}, body=BODY + b" ") == UNSIGNED
    assert refused(SignatureScheme(), {SIGNATURE: genuine}, secret="another secret of theirs") == UNSIGNED
    moved = genuine.replace(str(int(AT.timestamp())), str(int(AT.timestamp()) + 1))
    assert refused(SignatureScheme(), {SIGNATURE: moved}) == UNSIGNED
    assert refused(STANDARD, {**standard(), "webhook-id": "msg_2"}, secret=KEY) == UNSIGNED


def test_a_key_in_the_address_is_the_whole_secret_or_nothing():
    insist_on_key(SECRET, SECRET)
    for given in ("", SECRET[:-1], SECRET + "x", "\udc80"):
        with pytest.raises(PeerError):
            insist_on_key(SECRET, given)


def test_a_secret_that_is_not_what_the_scheme_says_is_refused_when_it_is_entered():
    assert secret_bytes(STANDARD, KEY) == b"24 bytes of a real secret"
    for secret in ("not base64!", "c2hvcnQ="):
        with pytest.raises(ValueError, match="secret"):
            secret_bytes(STANDARD, secret)
