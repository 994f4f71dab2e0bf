"""A device's way: every state and every step."""

from datetime import UTC, datetime, timedelta

import pytest

from kit.wire.words import DeviceState, SignalKind
from registry.inventory.rules import INSTALLING, SPEAKING, TABLE, DeviceAct, after, proves, state_of

AT = datetime(2026, 1, 15, 3, 10, tzinfo=UTC)
MAY = {
    ("stock", "pair"): "paired",
    ("paired", "test"): "tested",
    ("tested", "test"): "tested",
    ("tested", "go_live"): "live",
    ("paired", "return"): "returned",
    ("tested", "return"): "returned",
    ("live", "return"): "returned",
    ("returned", "restock"): "stock",
}


@pytest.mark.parametrize("state", DeviceState)
@pytest.mark.parametrize("act", DeviceAct)
def test_every_step_in_every_state(state: DeviceState, act: DeviceAct) -> None:
    expected = MAY.get((state.value, act.value))
    assert after(state, act) == (None if expected is None else DeviceState(expected))


def test_a_device_goes_live_only_after_a_test() -> None:
    ways = [state for state, steps in TABLE.items() if DeviceState.LIVE in steps.values()]
    assert ways == [DeviceState.TESTED]
    into_tested = {state for state, steps in TABLE.items() if DeviceState.TESTED in steps.values()}
    assert into_tested == INSTALLING
    assert {act for steps in TABLE.values() for act, to in steps.items() if to is DeviceState.TESTED} == {
        DeviceAct.TEST
    }


@pytest.mark.parametrize("state", DeviceState)
@pytest.mark.parametrize("kind", SignalKind)
def test_what_proves_the_chain_is_a_button_of_a_device_that_is_being_installed(
    state: DeviceState, kind: SignalKind
) -> None:
    button = kind in {SignalKind.TEST, SignalKind.ALARM}
    assert proves(state, kind, None, AT) == (button and state in {DeviceState.PAIRED, DeviceState.TESTED})


def test_what_was_pressed_before_the_pairing_proves_nothing() -> None:
    assert not proves(DeviceState.PAIRED, SignalKind.TEST, AT - timedelta(seconds=1), AT)
    assert proves(DeviceState.PAIRED, SignalKind.TEST, AT, AT)


def test_a_state_of_a_newer_version_is_no_device_in_use() -> None:
    assert state_of("lent out") not in SPEAKING
