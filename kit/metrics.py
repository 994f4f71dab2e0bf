"""Counters and histograms for `/metrics`, all named `nattljus_…`; labels never hold a person or an account."""

from collections.abc import Sequence
from typing import Any, Self

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.metrics import MetricWrapperBase

REGISTRY = CollectorRegistry()


class _Remembering(MetricWrapperBase):
    """Remembers which of its figures some labels name: finding it costs more than counting, several times an alarm."""

    def labels(self, *values: Any, **named: Any) -> Self:
        """The figure of these labels; few words each, so all of them are kept."""
        met: dict[object, Self] = self.__dict__.setdefault("_met", {})
        key = (values, *named.items())
        found = met.get(key)
        if found is None:
            found = met[key] = super().labels(*values, **named)
        return found


class _Counter(_Remembering, Counter):
    pass


class _Histogram(_Remembering, Histogram):
    pass


def counter(name: str, text: str, labels: Sequence[str] = ()) -> Counter:
    """A number that only grows."""
    return _Counter(f"nattljus_{name}", text, labels, registry=REGISTRY)


def gauge(name: str, text: str, labels: Sequence[str] = ()) -> Gauge:
    """A number that goes up and down."""
    return Gauge(f"nattljus_{name}", text, labels, registry=REGISTRY)


def histogram(name: str, text: str, buckets: Sequence[float], labels: Sequence[str] = ()) -> Histogram:
    """A distribution, in seconds where it is a time."""
    return _Histogram(f"nattljus_{name}", text, labels, buckets=buckets, registry=REGISTRY)


def exposition() -> bytes:
    """Everything, in Prometheus' text format."""
    return generate_latest(REGISTRY)
