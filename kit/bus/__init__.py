"""The bus carries one word between processes: *look*. The truth is in the database; a lost look costs a poll's wait.

A topic's looks coalesce: a watcher that was busy gets one look, however many came.
"""

from kit.bus.bus import Bus, Watch
from kit.bus.local import LocalBus
from kit.bus.redis import RedisBus

__all__ = ["Bus", "LocalBus", "RedisBus", "Watch", "open_bus"]


def open_bus(redis_url: str) -> Bus:
    """The Redis bus at that address, or one within this process when the address is empty."""
    return RedisBus(redis_url) if redis_url else LocalBus()
