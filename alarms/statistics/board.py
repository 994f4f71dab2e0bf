"""The supervisor's board: what waits, how the last hours went, and who is on with what. Counts only, no resident."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from alarms import tables
from alarms.core.statistics import HOUR, hour_began
from alarms.statistics.counting import Asked, Heaps, count
from alarms.statistics.views import shown
from kit.store import Store, unindexed
from kit.wire.answer_words import Grouping
from kit.wire.desk import OperatorOn
from kit.wire.statistics import Answered, Board, BoardHour, BoardLine, BoardPerson, Waiting, WaitingAt
from kit.wire.words import CaseKind, CaseState
from registry.access import Who
from registry.find import person_names, place_name, principal_names

HOURS = 24
PRIORITIES = range(1, 6)


@dataclass(frozen=True, slots=True)
class _Open:
    """Open cases that stand alike: so many, the oldest received then."""

    principal: str
    kind: str
    priority: int
    handler: str | None
    held: bool
    cases: int
    oldest_at: datetime

    @property
    def waits(self) -> bool:
        return self.handler is None


async def board(store: Store, who: Who, principals: Collection[str], on: Sequence[OperatorOn], at: datetime) -> Board:
    """The board of these principals; `on` are those who have a desk open where `who` sits."""
    last = hour_began(at)
    first = last - (HOURS - 1) * HOUR
    asked = Asked(first, last + HOUR, principals, CaseKind.PERSON, at)
    async with store.snapshot() as connection:
        heaps = await count(connection, asked, [Grouping.HOUR, Grouping.PRINCIPAL])
        found = await _open(connection, principals)
        handlers = {one.handler for one in found if one.handler is not None}
        persons = await person_names(connection, handlers)
        names = await principal_names(connection, principals)
        place = await place_name(connection, who)
    hours = [first + number * HOUR for number in range(HOURS)]
    return Board(
        at=at,
        place=place,
        **_stands(found, heaps, last, principals),
        hours=[
            BoardHour(**shown(heaps.of(*((hour, one) for one in sorted(principals)))), starts_at=hour) for hour in hours
        ],
        principals=[
            BoardLine(
                id=one,
                name=name,
                **_stands([each for each in found if each.principal == one], heaps, last, [one]),
            )
            for one, name in sorted(names.items(), key=lambda pair: pair[1])
        ],
        people=_people(found, on, persons),
    )


async def _open(connection: AsyncConnection, principals: Collection[str]) -> list[_Open]:
    case = tables.case.c
    principal = unindexed(connection, case.principal).label("principal")
    held = case.held_until.is_not(None).label("held")
    alike = (principal, case.kind, case.priority, case.handler, held)
    # `> ''` and not "is not null": SQLite uses the index on the key for the first only.
    query = (
        select(*alike, func.count(), func.min(case.raised_at))
        .where(case.open_key > "", case.state != CaseState.CLOSED, principal.in_(principals))
        .group_by(*alike)
    )
    return [_Open(*row) for row in await connection.execute(query)]


def _stands(found: Iterable[_Open], heaps: Heaps, hour: datetime, principals: Collection[str]) -> dict[str, Any]:
    """The fields that the whole board and each principal's line have in common."""
    here = list(found)
    people = [one for one in here if one.kind == CaseKind.PERSON]
    waiting = [one for one in people if one.waits]
    last_day = [key for key in heaps if key[1] in principals]
    return {
        "waiting": _waiting(waiting),
        "priorities": [
            WaitingAt(priority=priority, **_waiting(alike).model_dump())
            for priority in PRIORITIES
            if (alike := [one for one in waiting if one.priority == priority])
        ],
        "taken": sum(one.cases for one in people if not one.waits),
        "on_hold": sum(one.cases for one in people if not one.waits and one.held),
        "technical": _waiting([one for one in here if one.kind != CaseKind.PERSON and one.waits]),
        "hour": Answered(**shown(heaps.of(*(key for key in last_day if key[0] == hour)))),
        "day": Answered(**shown(heaps.of(*last_day))),
    }


def _waiting(found: Sequence[_Open]) -> Waiting:
    return Waiting(cases=sum(one.cases for one in found), oldest_at=min((one.oldest_at for one in found), default=None))


def _people(found: Iterable[_Open], on: Iterable[OperatorOn], names: dict[str, str]) -> list[BoardPerson]:
    """Who is on, by name, each with what they have; after those, whoever has a case and no desk open."""
    taken: dict[str, int] = defaultdict(int)
    held: dict[str, int] = defaultdict(int)
    for one in found:
        if one.handler is not None:
            taken[one.handler] += one.cases
            held[one.handler] += one.cases if one.held else 0
    here = {one.id: one for one in on}
    gone = sorted((names.get(one, one), one) for one in taken if one not in here)
    return [
        *(
            BoardPerson(id=one.id, name=one.name, role=one.role, taken=taken[one.id], on_hold=held[one.id])
            for one in on
        ),
        *(BoardPerson(id=one, name=name, role=None, taken=taken[one], on_hold=held[one]) for name, one in gone),
    ]
