"""What a receiver has on its way to storage, and what is too much: under overload things wait, never people."""

from prometheus_client import Gauge

from alarms.core.opening import LANES, LaneName
from kit.wire.words import SignalKind


class Load:
    """From `busy_at` in hand on, only what concerns a person is heard, and heartbeats; from `full_at` on nothing fits.

    Heartbeats wait for one write a second together and cost little meanwhile: they have a measure of their own,
    `beats_at`.
    """

    def __init__(self, count: Gauge, *, busy_at: int, beats_at: int, full_at: int) -> None:
        self._gauge = count
        self._busy_at = busy_at
        self._beats_at = beats_at
        self._full_at = full_at
        self._all = 0
        self._beats = 0

    def __len__(self) -> int:
        return self._all

    @property
    def full(self) -> bool:
        """Whether nothing more fits in memory, whatever it is."""
        return self._all >= self._full_at

    def busy_for(self, kind: SignalKind, *, counted: bool = False) -> bool:
        """Whether one more of that kind would be too much. `counted`: it is among what is in hand, as no heartbeat."""
        match LANES[kind]:
            case LaneName.PERSON:
                return False
            case LaneName.HEARTBEAT:
                return self._beats >= self._beats_at
            case _:
                return self._all - self._beats - counted >= self._busy_at

    def count(self, more: int) -> None:
        """So many more, or fewer, are in hand."""
        self._all += more
        self._gauge.set(self._all)

    def count_beats(self, more: int) -> None:
        """So many more of what is in hand are heartbeats, or fewer."""
        self._beats += more
