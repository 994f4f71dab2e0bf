"""Sealed secrets, the keys that open them, and everything that does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from kit.seal import SealError, derive, open_sealed, seal

OLD, NEW, STRANGER = "o" * 32, "n" * 32, "s" * 32


@given(some.binary(max_size=300), some.text(max_size=20), some.text(max_size=20))
def test_what_was_sealed_is_opened_again(content: bytes, purpose: str, about: str) -> None:
    sealed = seal(content, [NEW], purpose=purpose, about=about)
    assert open_sealed(sealed, [NEW], purpose=purpose, about=about) == content


def test_a_secret_sealed_with_an_older_key_is_opened_after_the_keys_changed() -> None:
    sealed = seal(b"1234", [OLD], purpose="pin")
    assert open_sealed(sealed, [NEW, OLD], purpose="pin") == b"1234"


def test_the_newest_key_seals() -> None:
    sealed = seal(b"1234", [NEW, OLD], purpose="pin")
    assert open_sealed(sealed, [NEW], purpose="pin") == b"1234"
    with pytest.raises(SealError, match="No key in NATTLJUS_SECRET_KEYS fits a secret sealed for pin"):
        open_sealed(sealed, [OLD], purpose="pin")


def test_the_same_secret_is_never_sealed_to_the_same_bytes_and_never_stands_in_them() -> None:
    first, second = (seal(b"a long password", [NEW], purpose="pin") for _ in range(2))
    assert first != second
    assert b"password" not in first + second


@pytest.mark.parametrize("other", [{"purpose": "door"}, {"purpose": "pin", "about": "device-2"}])
def test_a_secret_is_not_opened_for_another_purpose_or_another_device(other: dict[str, str]) -> None:
    sealed = seal(b"1234", [NEW], purpose="pin", about="device-1")
    with pytest.raises(SealError):
        open_sealed(sealed, [NEW], **other)


def test_an_altered_secret_is_not_opened_whichever_byte_was_altered() -> None:
    sealed = seal(b"1234", [NEW, OLD], purpose="pin")
    for at in range(len(sealed)):
        altered = sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :]
        with pytest.raises(SealError):
            open_sealed(altered, [NEW, OLD], purpose="pin")


@given(some.binary(max_size=80))
def test_bytes_that_were_never_sealed_are_refused_with_a_sentence(junk: bytes) -> None:
    with pytest.raises(SealError):
        open_sealed(junk, [NEW, STRANGER], purpose="pin")


def test_nothing_is_sealed_without_a_key() -> None:
    with pytest.raises(ValueError, match="without a secret key"):
        seal(b"1234", [], purpose="pin")


def test_keys_for_different_uses_have_nothing_in_common() -> None:
    first, second = derive([NEW, OLD], b"one use"), derive([NEW, OLD], b"another")
    assert len({*first, *second}) == 4
