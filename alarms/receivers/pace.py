"""How many a second of one source: who comes sooner waits a while, and is sent away where that would be long. Pure.

What a source may have at once, and how fast, is all that is kept of it, and only until it may have everything again.
"""

from math import inf


class Pace:
    """`rate` a second for each source, and at once as many as come in `burst` seconds; more wait `patience` seconds.

    A rate of 0 lets everybody in at once.
    """

    def __init__(self, rate: float, *, burst: float = 1.0, patience: float = 2.0) -> None:
        self._every = 1 / rate if rate else 0.0
        self._burst = max(burst, self._every)
        self._patience = patience
        self._due: dict[str, float] = {}  # when a source that comes at its rate would come next
        self._look_at = 1_000

    def __len__(self) -> int:
        return len(self._due)

    def spent(self, source: str, at: float) -> bool:
        """Whether a source has had all that it may have at once."""
        return self._due.get(source, -inf) + self._every > at + self._burst if self._every else False

    def charge(self, source: str, at: float) -> None:
        """It has had one."""
        if not self._every:
            return
        self._forget(at)
        self._due[source] = max(self._due.get(source, -inf), at) + self._every

    def wait(self, source: str, at: float) -> float | None:
        """Seconds that this one is to wait, none where it is to go. `at` is now, on a monotonic clock."""
        if not self._every:
            return 0.0
        wait = max(0.0, max(self._due.get(source, -inf), at) + self._every - self._burst - at)
        if wait > self._patience:
            return None
        self.charge(source, at)
        return wait

    def _forget(self, at: float) -> None:
        """Drop who may have everything again, each time that twice as many are known."""
        if len(self._due) >= self._look_at:
            self._due = {source: due for source, due in self._due.items() if due > at}
            self._look_at = max(1_000, 2 * len(self._due))
