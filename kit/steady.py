"""Wall time that no set clock can make jump: it advances as time really passes, and drifts towards the wall clock.

A deadline in the database is a wall time. Were a machine's clock set back an hour, every alarm would escalate an hour
late; set forward, all would at once. So our time starts at the wall's, grows with a clock that nobody sets, and follows
the wall clock at a bounded rate only: small corrections are gone within a minute or two, an hour within a day or four.
It never goes back. ADR 12 says why these rates, and what several machines do.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import ModuleType

FAST = 0.05  # seconds a second: behind the wall clock, our time may run so much faster, and a deadline come early
SLOW = 0.01  # seconds a second: ahead of it, so much slower; a deadline that comes late may cost a life
STEP = 2.0  # seconds off, from which on somebody has set the clock; less is the work of NTP
SETTLED = 1.0  # seconds off, below which that is over
MOST_BEHIND = timedelta(hours=25)
"""How far a clock may be behind what is stored already and still be the one that is wrong: a time zone, a day."""


class SteadyTime:
    """Time for a whole process. `wall` and `elapsed` give seconds: since 1970 and since any fixed start."""

    def __init__(self, wall: Callable[[], float], elapsed: Callable[[], float]) -> None:
        self._wall = wall
        self._elapsed = elapsed
        self._read_at = elapsed()
        self._time = wall()
        self._stepped = False

    def now(self) -> datetime:
        """Wall time, aware, UTC: never earlier than it was."""
        return datetime.fromtimestamp(self._move(), UTC)

    @property
    def off(self) -> float:
        """Seconds that the machine's clock is ahead of our time; negative when it is behind."""
        return self._wall() - self._move()

    @property
    def stepped(self) -> bool:
        """Whether somebody has set the machine's clock, and our time has not come back to it yet."""
        self._move()
        return self._stepped

    def not_before(self, moment: datetime) -> bool:
        """Go on from `moment` if that is later than now: a clock that was set back makes no deadline late.

        Says whether it was taken. A moment more than MOST_BEHIND ahead is not: then what told it is wrong.
        """
        behind = moment - self.now()
        if behind <= timedelta(0):
            return False
        if behind > MOST_BEHIND:
            _told().behind_journal(behind.total_seconds(), taken=False)
            return False
        self._time = moment.timestamp()
        _told().behind_journal(behind.total_seconds(), taken=True)
        self._move()
        return True

    def _move(self) -> float:
        read_at, wall = self._elapsed(), self._wall()
        passed = max(0.0, read_at - self._read_at)
        self._read_at += passed
        steady = self._time + passed
        ahead = wall - steady
        self._time = steady + min(max(ahead, -SLOW * passed), FAST * passed)
        left = wall - self._time
        if self._stepped != (abs(left) > (SETTLED if self._stepped else STEP)):
            self._turn(left)
        elif self._stepped:
            _told().off(left)
        return self._time

    def _turn(self, left: float) -> None:
        self._stepped = not self._stepped
        if self._stepped:
            _told().stepped(left)
        else:
            _told().settled()


def _told() -> ModuleType:
    """Loaded when there is something to tell: this module is read before any library is installed."""
    from kit import clock_told

    return clock_told
