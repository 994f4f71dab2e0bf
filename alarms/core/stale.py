"""A signal that comes long after it happened: marked, never dropped, so that nobody takes an old press for a new one.

After an outage devices send what they have kept. The deadlines run from when it reached us: a human looks at once.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from alarms.core.signal import Signal

STALE_AFTER = timedelta(minutes=2)
"""Less is a slow network or a clock that is a little wrong."""
CLOCK_WRONG = timedelta(days=7)
"""More is a device whose clock has never been set: its time says nothing."""


def stale_since(occurred_at: datetime | None, received_at: datetime) -> datetime | None:
    """When it happened, if it reached us much later than that; none when it came at once, or nobody can say."""
    if occurred_at is None:
        return None
    return occurred_at if STALE_AFTER <= received_at - occurred_at <= CLOCK_WRONG else None


def oldest_first(signals: Iterable[Signal]) -> list[Signal]:
    """Signals that came together, in the order in which they happened; what has no time that says anything is now."""
    return sorted(signals, key=_happened)


def _happened(signal: Signal) -> datetime:
    at = signal.occurred_at
    return at if at is not None and signal.received_at - at <= CLOCK_WRONG else signal.received_at
