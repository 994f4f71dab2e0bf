"""Leg tokens: what signaling signs is what the relay reads."""

from datetime import timedelta

import pytest

from kit.clock import FakeClock
from kit.legs import LegClaims, issue_leg, read_leg
from kit.tokens import Signer
from kit.wire.words import Direction

SIGNER = Signer(["a key for tests that is long enough to sign"])
CLAIMS = LegClaims("leg-1", "relay-1", "visit-1", "person-1", Direction.SUBSCRIBE, "person-2")


def test_what_was_signed_is_read(clock: FakeClock) -> None:
    assert read_leg(SIGNER, issue_leg(SIGNER, CLAIMS, clock.now()), clock.now()) == CLAIMS


def test_a_leg_token_is_worth_nothing_after_a_minute(clock: FakeClock) -> None:
    token = issue_leg(SIGNER, CLAIMS, clock.now())
    assert read_leg(SIGNER, token, clock.now() + timedelta(seconds=59)) == CLAIMS
    assert read_leg(SIGNER, token, clock.now() + timedelta(seconds=60)) is None


def test_a_forged_leg_token_is_refused(clock: FakeClock) -> None:
    token = issue_leg(Signer(["another key that is just as long as it is"]), CLAIMS, clock.now())
    assert read_leg(SIGNER, token, clock.now()) is None


def test_a_session_is_no_leg(clock: FakeClock) -> None:
    token = SIGNER.issue("session", "person-1", clock.now(), timedelta(seconds=60))
    assert read_leg(SIGNER, token, clock.now()) is None


@pytest.mark.parametrize("lacking", ["node", "visit", "participant", "direction", "of"])
def test_a_token_that_lacks_a_claim_is_refused(lacking: str, clock: FakeClock) -> None:
    extra = {"node": "relay-1", "visit": "visit-1", "participant": "p", "direction": "publish", "of": "person-1"}
    del extra[lacking]
    token = SIGNER.issue("leg", "leg-1", clock.now(), timedelta(seconds=60), **extra)
    assert read_leg(SIGNER, token, clock.now()) is None


def test_a_direction_that_does_not_exist_is_refused(clock: FakeClock) -> None:
    token = SIGNER.issue(
        "leg", "leg-1", clock.now(), timedelta(seconds=60), node="n", visit="v", participant="p", direction="up", of="p"
    )
    assert read_leg(SIGNER, token, clock.now()) is None
