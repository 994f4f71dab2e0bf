"""Answer times out of the database: it sorts the cases of a period into heaps, `core.statistics` says what they mean.

A heap is the cases of one hour, principal or reason that were taken after the same number of whole seconds; a month of
250,000 cases is some ten thousands of them. Only cases that are not taken and still young come one by one.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Integer, and_, func, literal_column, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from alarms import tables
from alarms.core.statistics import HOUR, SLOWEST, Answers, Tally, answers, days, hour_name, hours
from kit.store import hour_of, unindexed
from kit.wire.answer_words import Grouping
from kit.wire.words import CaseKind

AT_ONCE = 500  # heaps read before the loop that presses arrive on has its turn again

Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """Which cases: received from `starts` until `ends`, of these principals, of that kind, as they stand at `at`."""

    starts: datetime
    ends: datetime
    principals: Collection[str]
    kind: CaseKind
    at: datetime

    @property
    def until(self) -> datetime:
        """What is received while we count is not counted."""
        return min(self.ends, self.at)


@dataclass(slots=True)
class Heap:
    """The cases of one group, as `core.statistics.answers` wants them."""

    tallies: list[Tally] = field(default_factory=list)
    waiting: list[timedelta] = field(default_factory=list)

    def answers(self) -> Answers:
        """What they come to."""
        return answers(self.tallies, self.waiting)


class Heaps:
    """Cases by a key of one or several columns."""

    def __init__(self) -> None:
        self._heaps: dict[Key, Heap] = defaultdict(Heap)

    def put(self, key: Key, tally: Tally) -> None:
        """Cases with the same answer time."""
        self._heaps[key].tallies.append(tally)

    def wait(self, key: Key, age: timedelta) -> None:
        """A young case that nobody has taken."""
        self._heaps[key].waiting.append(age)

    def __iter__(self) -> Iterator[Key]:
        return iter(self._heaps)

    def of(self, *keys: Key) -> Answers:
        """These groups together."""
        heaps = [self._heaps[key] for key in keys if key in self._heaps]
        return answers(
            (tally for heap in heaps for tally in heap.tallies),
            (age for heap in heaps for age in heap.waiting),
        )


async def count(connection: AsyncConnection, asked: Asked, by: Collection[Grouping]) -> Heaps:
    """The cases by these columns, in the order given. There are no days: `lines` puts them together from hours.

    Two queries along the index on `raised_at`; in a `Store.snapshot`, so that they see the same cases.
    """
    case = tables.case.c
    principal = unindexed(connection, case.principal)
    column: dict[Grouping, ColumnElement[Any]] = {
        Grouping.HOUR: hour_of(connection, case.raised_at),
        Grouping.PRINCIPAL: principal,
        Grouping.REASON: case.reason,
    }
    keys = [column[one].label(f"by_{one}") for one in by]
    there = and_(
        case.raised_at >= asked.starts,
        case.raised_at < asked.until,
        case.kind == asked.kind,
        case.merged_into.is_(None),  # a part of another case, which counts
        principal.in_(asked.principals),
    )
    young = asked.at - SLOWEST
    # Written out, not bound: PostgreSQL does not see that two bound numbers are the same when it groups.
    seconds = ((case.answered_ms + literal_column("999", Integer)) // literal_column("1000", Integer)).label("seconds")
    decided = or_(case.answered_ms.is_not(None), case.closed_at.is_not(None), case.raised_at < young)
    heaps = Heaps()
    sorted_ = select(*keys, seconds, func.count()).where(there, decided).group_by(*keys, seconds)
    async for rows in (await connection.stream(sorted_)).partitions(AT_ONCE):
        for *key, after, cases in rows:
            heaps.put(tuple(key), Tally(after, cases))
    undecided = select(*keys, case.raised_at).where(
        there, case.raised_at >= young, case.answered_ms.is_(None), case.closed_at.is_(None)
    )
    for *key, raised_at in await connection.execute(undecided):
        heaps.wait(tuple(key), asked.at - raised_at)
    return heaps


@dataclass(frozen=True, slots=True)
class Group:
    """One line of an answer; `starts` and `ends` where it is a piece of time."""

    key: str
    answers: Answers
    starts: datetime | None = None
    ends: datetime | None = None


def lines(heaps: Heaps, asked: Asked, by: Grouping) -> list[Group]:
    """The groups in order: every hour or day that has begun, each principal in reach, the reasons that there were."""
    match by:
        case Grouping.HOUR:
            return [Group(hour_name(at), heaps.of((at,)), at, at + HOUR) for at in hours(asked.starts, asked.until)]
        case Grouping.DAY:
            return [
                Group(day.isoformat(), heaps.of(*((at,) for at in hours(began, ended))), began, ended)
                for day, began, ended in days(asked.starts, asked.until)
            ]
        case Grouping.PRINCIPAL:
            return [Group(name, heaps.of((name,))) for name in sorted(asked.principals)]
        case Grouping.REASON:
            found = [Group(str(key[0]), heaps.of(key)) for key in heaps]
            return sorted(found, key=lambda group: (-group.answers.cases, group.key))
