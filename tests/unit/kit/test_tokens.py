"""Signed tokens, and everything that is none."""

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from kit.tokens import Claims, Signer

NIGHT = datetime(2026, 1, 15, 3, 10, tzinfo=UTC)
OLD, NEW, STRANGER = "o" * 32, "n" * 32, "s" * 32
HOUR = timedelta(hours=1)
JSON = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats(allow_nan=False) | some.text(max_size=8),
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(some.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@pytest.fixture
def signer() -> Signer:
    return Signer([NEW, OLD])


def segment(content: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()


def test_what_was_signed_is_read(signer: Signer) -> None:
    token = signer.issue("session", "demo-operator-1", NIGHT, HOUR, unit="demo-norr", turn=3)
    claims = signer.read(token, NIGHT, "device", "session")
    assert claims == Claims("session", "demo-operator-1", NIGHT + HOUR, {"unit": "demo-norr", "turn": 3})


def test_a_token_of_another_kind_is_none(signer: Signer) -> None:
    token = signer.issue("device", "demo-app-1", NIGHT, HOUR)
    assert signer.read(token, NIGHT, "session") is None


@pytest.mark.parametrize(("after", "valid"), [(0, True), (3599, True), (3600, False), (86_400, False)])
def test_a_token_ends_at_its_time(signer: Signer, after: int, valid: bool) -> None:
    token = signer.issue("session", "p", NIGHT, HOUR)
    assert (signer.read(token, NIGHT + timedelta(seconds=after), "session") is not None) is valid


def test_a_token_of_the_old_key_lives_on_beside_the_new(signer: Signer) -> None:
    token = Signer([OLD]).issue("session", "p", NIGHT, HOUR)
    assert signer.read(token, NIGHT, "session") is not None
    assert Signer([NEW]).read(token, NIGHT, "session") is None


def test_a_stranger_s_token_is_none(signer: Signer) -> None:
    assert signer.read(Signer([STRANGER]).issue("session", "p", NIGHT, HOUR), NIGHT, "session") is None


def test_a_token_that_claims_to_need_no_signature_is_none(signer: Signer) -> None:
    _, claims, signature = signer.issue("session", "p", NIGHT, HOUR).split(".")
    for end in ("", signature):
        assert signer.read(f"{segment({'alg': 'none'})}.{claims}.{end}", NIGHT, "session") is None


@pytest.mark.parametrize("keys", [[], ["short"], [NEW, "short"], [""]])
def test_a_weak_key_is_refused_at_the_start(keys: list[str]) -> None:
    with pytest.raises(ValueError, match="32 characters"):
        Signer(keys)


@given(text=some.text(max_size=200) | some.from_regex(r"[\w=-]{0,40}(\.[\w=-]{0,40}){0,5}", fullmatch=True))
def test_any_text_is_none(text: str) -> None:
    assert Signer([NEW]).read(text, NIGHT, "session") is None


@given(header=JSON, claims=JSON)
def test_any_json_in_the_shape_of_a_token_is_none(header: object, claims: object) -> None:
    assert Signer([NEW]).read(f"{segment(header)}.{segment(claims)}.AAAA", NIGHT, "session") is None


@given(extra=some.dictionaries(some.sampled_from(["crit", "b64", "kid", "zip", "typ", "jwk", "cty", "x5c"]), JSON))
def test_no_header_makes_a_forged_token_valid_or_raises(extra: dict[str, object]) -> None:
    claims = {"iss": "nattljus", "aud": "session", "sub": "p", "exp": int((NIGHT + HOUR).timestamp())}
    token = f"{segment({'alg': 'HS256'} | extra)}.{segment(claims)}.AAAA"
    assert Signer([NEW]).read(token, NIGHT, "session") is None


@given(data=some.data())
def test_a_token_with_one_letter_changed_is_never_another_s(data: some.DataObject) -> None:
    signer = Signer([NEW])
    token = signer.issue("session", "demo-operator-1", NIGHT, HOUR)
    place = data.draw(some.integers(0, len(token) - 1))
    letter = data.draw(some.characters(codec="utf-8"))
    read = signer.read(token[:place] + letter + token[place + 1 :], NIGHT, "session")
    assert read in (None, Claims("session", "demo-operator-1", NIGHT + HOUR, {}))


def test_a_header_nested_without_end_is_none(signer: Signer) -> None:
    deep = base64.urlsafe_b64encode(b'{"a":' * 20_000).rstrip(b"=").decode()
    lists = base64.urlsafe_b64encode(b"[" * 50_000).rstrip(b"=").decode()
    for header in (deep, lists):
        assert signer.read(f"{header}.{segment({})}.AAAA", NIGHT, "session") is None
