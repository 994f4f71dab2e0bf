"""The other desks that a case may be sent to: those that serve its principal, with how many are on at each."""

from sqlalchemy import func, select

from alarms import tables
from alarms.desk.commands import whom_of
from alarms.desk.seats import GONE_AFTER, place_of
from alarms.journal import find_case
from kit.clock import Clock
from kit.store import Store
from kit.wire.handling import OtherDesk, OtherDesks
from registry.access import Act, Allowed, Who
from registry.find import serving
from registry.look import ask, insist


class Elsewhere:
    """Tells which desks there are besides."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def desks_for(self, who: Who, case_id: str) -> OtherDesks:
        """The desks for this case, those where somebody is first. Raises Refusal for who may not read it."""
        at = self._clock.now()
        seat = tables.desk_seat
        async with self._store.write() as connection:
            case = await find_case(connection, case_id)
            answer = await ask(connection, who, Act.CASE_READ, whom_of(case), at=at, subject=case_id)
            found: list[OtherDesk] = []
            if case is not None and isinstance(answer, Allowed):
                on = select(seat.c.place, func.count(seat.c.person.distinct())).where(seat.c.seen_at > at - GONE_AFTER)
                there = {row[0]: row[1] for row in await connection.execute(on.group_by(seat.c.place))}
                desks = await serving(connection, case.principal, at)
                # A principal's own desk is one only while somebody sits there.
                found = [
                    OtherDesk(id=desk, name=name, on=there.get(desk, 0))
                    for desk, name in desks.items()
                    if desk not in {place_of(who), case.desk} and (desk != case.principal or desk in there)
                ]
        insist(answer)
        return OtherDesks(items=sorted(found, key=lambda one: (one.on == 0, one.name)))
