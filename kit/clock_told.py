"""What is told of a machine's clock that was set: lines in the log and two metrics.

Apart from `kit.steady`, because time is read before anything is installed (deploy/setup), and this needs libraries.
"""

from kit.log import get_logger
from kit.metrics import counter, gauge

log = get_logger(__name__)

steps_total = counter("clock_steps_total", "Times that this machine's clock was set by more than two seconds")
off_seconds = gauge("clock_off_seconds", "This machine's clock less the time we go by; 0 is right")


def stepped(left: float) -> None:
    """Somebody has set the clock; it is `left` seconds ahead of our time, negative when behind."""
    steps_total.inc()
    off(left)
    log.error("clock_stepped", seconds=round(left, 1))


def off(left: float) -> None:
    """So many seconds are left."""
    off_seconds.set(left)


def settled() -> None:
    """Our time and the clock's are the same again."""
    off_seconds.set(0.0)
    log.info("clock_settled")


def behind_journal(seconds: float, *, taken: bool) -> None:
    """The clock is that far behind what is stored; `taken`: we go on from there."""
    if taken:
        log.warning("clock_behind_journal", seconds=round(seconds, 1))
    else:
        log.error("clock_far_behind", seconds=round(seconds))
