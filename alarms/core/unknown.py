"""Where an alarm goes whose account nobody knows: a case of its own, up to a number of them, and then one for all.

The account is whatever the sender says, so a flood of invented ones must not fill the queue; each is still stored,
counted and in front of a human. It is answered as before, so that the device tries its next receiver.
"""

from collections.abc import Collection

from alarms.core.opening import Belongs
from alarms.core.signal import Signal
from kit.wire.words import CaseKind, SignalKind

CASES_AT_MOST = 5
"""How many open cases of unknown accounts there may be for one protocol, before the rest are counted on one more."""

RAISES = SignalKind.ALARM
HEARD_OF = frozenset({SignalKind.ALARM, SignalKind.CANCEL, SignalKind.RESET})


def unknown_key(protocol: str, account: str) -> str:
    """The key of the open case of that account."""
    return f"unknown:{protocol}:{account}"


def rest_key(protocol: str) -> str:
    """The key of the open case on which all further accounts of a protocol are counted."""
    return f"unknown:{protocol}"


def account_in(open_key: str | None) -> str | None:
    """The account that a case of an unknown one is about; empty where it is about several, none where it is not."""
    if open_key is None or not open_key.startswith("unknown:"):
        return None
    return "".join(open_key.split(":", 2)[2:])


def belongs_unknown(signal: Signal, standing: Collection[str]) -> Belongs | None:
    """Where the signal goes while the cases with the keys `standing` are open; none for what is only stored."""
    if signal.kind not in HEARD_OF:
        return None
    raises = signal.kind is RAISES
    own = unknown_key(signal.protocol, signal.account)
    cases = sum(1 for key in standing if key.startswith(unknown_key(signal.protocol, "")))
    if own in standing or not raises or cases < CASES_AT_MOST:
        return Belongs(own, CaseKind.PERSON, opens=raises)
    return Belongs(rest_key(signal.protocol), CaseKind.PERSON, opens=True, counts=True)
