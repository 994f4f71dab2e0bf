"""Three kinds of error, kept apart."""

from kit.errors import Conflict, PeerError, Refusal, StorageDown


def test_a_refusal_carries_a_stable_code_a_status_and_what_completes_the_sentence() -> None:
    refusal = Refusal("taken", handler="demo-operator-2")
    assert (refusal.code, refusal.status, refusal.detail) == ("taken", 409, {"handler": "demo-operator-2"})
    assert str(refusal) == "taken"


def test_a_peer_s_error_has_a_code_for_counting_and_a_text_for_the_log() -> None:
    error = PeerError("too_long", "a header of more than 8 KiB")
    assert (error.code, str(error)) == ("too_long", "a header of more than 8 KiB")


def test_no_kind_is_mistaken_for_another() -> None:
    kinds = (PeerError, Refusal, StorageDown, Conflict)
    assert all(a is b or not issubclass(a, b) for a in kinds for b in kinds)
    assert not any(issubclass(kind, OSError | ValueError) for kind in kinds)
