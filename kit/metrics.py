"""Counters and histograms for `/metrics`, all named `nattljus_…`; labels never hold a person or an account."""

from collections.abc import Sequence

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

REGISTRY = CollectorRegistry()


def counter(name: str, text: str, labels: Sequence[str] = ()) -> Counter:
    """A number that only grows."""
    return Counter(f"nattljus_{name}", text, labels, registry=REGISTRY)


def gauge(name: str, text: str, labels: Sequence[str] = ()) -> Gauge:
    """A number that goes up and down."""
    return Gauge(f"nattljus_{name}", text, labels, registry=REGISTRY)


def histogram(name: str, text: str, buckets: Sequence[float], labels: Sequence[str] = ()) -> Histogram:
    """A distribution, in seconds where it is a time."""
    return Histogram(f"nattljus_{name}", text, labels, buckets=buckets, registry=REGISTRY)


def exposition() -> bytes:
    """Everything, in Prometheus' text format."""
    return generate_latest(REGISTRY)
