"""The relay's figures. Packets are counted in plain numbers and published now and then; they have no time for more."""

import resource
from collections import Counter

from kit.metrics import counter, gauge

packets_total = counter("media_packets_total", "Packets of pictures and sound that came in or went out", ["way"])
dropped_total = counter("media_dropped_total", "Datagrams that went no further, by why", ["reason"])
legs_ended_total = counter("media_legs_ended_total", "Legs that have ended, by why", ["reason"])
legs_open = gauge("media_legs", "Legs that are open", ["direction"])
cpu_seconds = gauge("media_cpu_seconds", "Processor time that this process has used")


def used() -> float:
    """Seconds of processor time of this process so far."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


cpu_seconds.set_function(used)


class Tally:
    """What was counted since the relay began; `publish` adds what is new to the metrics."""

    def __init__(self) -> None:
        self.received = 0
        self.forwarded = 0
        self.dropped: Counter[str] = Counter()
        self._published: Counter[tuple[str, str]] = Counter()

    def publish(self) -> None:
        """Bring the metrics up to date."""
        self._add("way", "in", self.received)
        self._add("way", "out", self.forwarded)
        for reason, number in self.dropped.items():
            self._add("reason", reason, number)

    def _add(self, label: str, value: str, number: int) -> None:
        more = number - self._published[label, value]
        if more:
            self._published[label, value] = number
            metric = packets_total if label == "way" else dropped_total
            metric.labels(value).inc(more)
