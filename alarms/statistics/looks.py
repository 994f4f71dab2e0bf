"""Who has looked at the board lately: a board that stays open is one look a quarter of an hour, not one a poll."""

from collections.abc import Collection
from datetime import datetime, timedelta

from registry.access import Who

AGAIN_AFTER = timedelta(minutes=15)
MOST = 2000  # sessions remembered; more than that and somebody is written down once too often

Look = tuple[str, str | None, str | None, frozenset[str]]


class Looks:
    """What this process has written into the access log; another process writes its own rows."""

    def __init__(self) -> None:
        self._at: dict[Look, datetime] = {}

    def is_new(self, who: Who, principals: Collection[str], at: datetime) -> bool:
        """Whether a look by this person, in this place, at these principals is to be written down."""
        written = self._at.get(_look(who, principals))
        return written is None or not timedelta() <= at - written < AGAIN_AFTER

    def written(self, who: Who, principals: Collection[str], at: datetime) -> None:
        """It stands in the log."""
        if len(self._at) >= MOST:
            self._at.clear()
        self._at[_look(who, principals)] = at


def _look(who: Who, principals: Collection[str]) -> Look:
    return who.person, who.role, who.central or who.principal, frozenset(principals)
