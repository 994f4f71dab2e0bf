"""A device's way from the shelf to a home and back (domain.md, 11): one table; what is not in it is refused.

A device goes live only after a test from its own button, received from that very device after it was paired: seven of
1,238 buttons were once never paired, and nobody knew. What proves it reaches no queue.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from kit.wire.words import DeviceState, SignalKind


class DeviceAct(StrEnum):
    """A step."""

    ADD = "add"
    PAIR = "pair"
    TEST = "test"
    GO_LIVE = "go_live"
    RETURN = "return"
    RESTOCK = "restock"


TABLE: Mapping[DeviceState, Mapping[DeviceAct, DeviceState]] = {
    DeviceState.STOCK: {DeviceAct.PAIR: DeviceState.PAIRED},
    DeviceState.PAIRED: {DeviceAct.TEST: DeviceState.TESTED, DeviceAct.RETURN: DeviceState.RETURNED},
    DeviceState.TESTED: {
        DeviceAct.TEST: DeviceState.TESTED,
        DeviceAct.GO_LIVE: DeviceState.LIVE,
        DeviceAct.RETURN: DeviceState.RETURNED,
    },
    DeviceState.LIVE: {DeviceAct.RETURN: DeviceState.RETURNED},
    DeviceState.RETURNED: {DeviceAct.RESTOCK: DeviceState.STOCK},
}

REFUSED: Mapping[DeviceAct, str] = {
    DeviceAct.ADD: "exists",
    DeviceAct.PAIR: "not_in_stock",
    DeviceAct.TEST: "not_paired",
    DeviceAct.GO_LIVE: "not_tested",
    DeviceAct.RETURN: "not_at_home",
    DeviceAct.RESTOCK: "not_returned",
}
"""The code of a refusal."""

INSTALLING = frozenset({DeviceState.PAIRED, DeviceState.TESTED})
"""At a home and not live: it is heard and answered, and raises nothing."""
SPEAKING = INSTALLING | {DeviceState.LIVE}
"""Who may send with its token or account at all. A returned one would call to the wrong home."""

BUTTON = frozenset({SignalKind.TEST, SignalKind.ALARM})
"""What proves the chain: a test, or the alarm itself, pressed while nobody relies on it yet."""


def after(state: DeviceState, act: DeviceAct) -> DeviceState | None:
    """The state after that step; none where it may not be taken (`REFUSED` says why)."""
    return TABLE[state].get(act)


def state_of(said: str) -> DeviceState:
    """A state as it stands in the database. One that this process does not know is nobody's device in use."""
    try:
        return DeviceState(said)
    except ValueError:
        return DeviceState.RETURNED


def proves(state: DeviceState, kind: SignalKind, occurred_at: datetime | None, paired_at: datetime | None) -> bool:
    """Whether this signal proves the chain of a device that is being installed.

    One that was pressed before the pairing and kept by the device until now proves nothing about this home.
    """
    if state not in INSTALLING or kind not in BUTTON:
        return False
    return occurred_at is None or paired_at is None or occurred_at >= paired_at
