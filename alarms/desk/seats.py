"""Who has a desk open, and how the last hour went: what the foot of every desk shows, renewed every few seconds."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import case as sql_case
from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from alarms import tables
from kit.clock import Clock
from kit.ids import new_id
from kit.store import Store, insert
from kit.tasks import Tasks
from kit.wire.desk import Figures, OperatorOn
from kit.wire.words import CaseKind, Role
from registry.access import Who
from registry.find import person_names

RENEW_EVERY = 3.0  # seconds
GONE_AFTER = timedelta(seconds=12)
FORGOTTEN_AFTER = timedelta(hours=1)
HOUR = timedelta(hours=1)
SOON = timedelta(seconds=60)
NONE_RAISED = Figures(raised_last_hour=0, answered_60s_last_hour=0)


@dataclass(frozen=True, slots=True)
class _Seat:
    person: str
    role: Role
    place: str


class Seats:
    """The desks open on this process, and what is known of all."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._tasks = Tasks(clock)
        self._mine: dict[str, _Seat] = {}
        self._left: set[str] = set()
        self._on: dict[str, list[OperatorOn]] = {}
        self._figures: Mapping[str, Figures] = {}

    async def start(self) -> None:
        """Begin to renew."""
        self._tasks.every(RENEW_EVERY, "seats", self.renew)

    async def close(self) -> None:
        """Stop; rows that are not renewed soon count as gone."""
        await self._tasks.close()

    def sit(self, who: Who) -> str:
        """Somebody has opened a desk; answers the seat, which `leave` takes."""
        assert who.role is not None
        seat = new_id("seat", self._clock.now())
        self._mine[seat] = _Seat(who.person, who.role, place_of(who))
        return seat

    def leave(self, seat: str) -> None:
        """The desk is closed."""
        self._mine.pop(seat, None)
        self._left.add(seat)

    def operators(self, who: Who) -> list[OperatorOn]:
        """Who is on at the same central or principal."""
        return self._on.get(place_of(who), [])

    def figures(self, principals: Iterable[str]) -> Figures:
        """The last hour of these principals together."""
        each = [self._figures.get(principal, NONE_RAISED) for principal in principals]
        return Figures(
            raised_last_hour=sum(one.raised_last_hour for one in each),
            answered_60s_last_hour=sum(one.answered_60s_last_hour for one in each),
        )

    async def renew(self) -> None:
        """Say who sits here, read who sits elsewhere and how the last hour went."""
        if self._mine or self._left:
            await self._say()
        async with self._store.read() as connection:
            self._on = await self._read_seats(connection)
            self._figures = await self._read_figures(connection)

    async def _say(self) -> None:
        at = self._clock.now()
        left, self._left = self._left, set()
        rows = [
            {"id": seat, "person": one.person, "role": one.role, "place": one.place, "seen_at": at}
            for seat, one in sorted(self._mine.items())
        ]
        async with self._store.write() as connection:
            gone = tables.desk_seat.c.id.in_(left) | (tables.desk_seat.c.seen_at < at - FORGOTTEN_AFTER)
            await connection.execute(delete(tables.desk_seat).where(gone))
            if rows:
                statement = insert(connection, tables.desk_seat)
                statement = statement.on_conflict_do_update(
                    index_elements=["id"], set_={"seen_at": statement.excluded.seen_at}
                )
                await connection.execute(statement, rows)

    async def _read_seats(self, connection: AsyncConnection) -> dict[str, list[OperatorOn]]:
        alive = tables.desk_seat.c.seen_at > self._clock.now() - GONE_AFTER
        rows = (await connection.execute(select(tables.desk_seat).where(alive))).mappings().all()
        names = await person_names(connection, {row["person"] for row in rows})
        on: dict[str, dict[str, OperatorOn]] = {}
        for row in rows:
            person = row["person"]
            here = on.setdefault(row["place"], {})
            here[person] = OperatorOn(id=person, name=names.get(person, person), role=Role(row["role"]))
        return {place: sorted(here.values(), key=lambda one: one.name) for place, here in on.items()}

    async def _read_figures(self, connection: AsyncConnection) -> dict[str, Figures]:
        at = self._clock.now()
        decided = tables.case.c.answered_ms.is_not(None) | (tables.case.c.raised_at <= at - SOON)
        soon = func.sum(sql_case((tables.case.c.answered_ms <= SOON // timedelta(milliseconds=1), 1), else_=0))
        query = (
            select(tables.case.c.principal, func.count(), soon)
            .where(tables.case.c.raised_at > at - HOUR, tables.case.c.kind == CaseKind.PERSON, decided)
            .group_by(tables.case.c.principal)
        )
        return {
            principal: Figures(raised_last_hour=raised, answered_60s_last_hour=int(answered))
            for principal, raised, answered in (await connection.execute(query)).all()
        }


def place_of(who: Who) -> str:
    """Where somebody sits: the central, or the principal."""
    return who.central or who.principal or who.person
