"""What to tell 112 about a case: read, put on the timeline and logged in one transaction, for who has the case."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from alarms import tables
from alarms.core.at_desk import Told112
from alarms.core.case import decide
from alarms.core.handover_112 import Person, Place, Position, Sheet, in_english, in_swedish
from alarms.core.shapes import Case, Refused
from alarms.core.unknown import account_in
from alarms.desk.commands import whom_of
from alarms.desk.writing import write_decision
from alarms.journal import FEED, lock_case
from kit.bus import Bus
from kit.clock import Clock
from kit.errors import Conflict, Refusal, StorageDown
from kit.store import Store
from kit.wire.handling import Handover112
from kit.wire.resident import HouseholdMember
from registry.access import Act, Allowed, Decision, Who, Whom, sees_address
from registry.access import decide as allow
from registry.card import door_code, hides_place, household, resident_card
from registry.find import home_place, place_name
from registry.grants import grants_of
from registry.look import ask, insist, write_answer

RACES = 5


class Handovers:
    """Tells what 112 must know."""

    def __init__(self, store: Store, bus: Bus, clock: Clock, call_number: str) -> None:
        self._store = store
        self._bus = bus
        self._clock = clock
        self._number = call_number.partition(":")[2]

    async def tell(self, who: Who, case_id: str) -> Handover112:
        """The text for this case. Raises Refusal where the asker does not have the case, and StorageDown."""
        for _ in range(RACES):
            try:
                told, answer = await self._tell(who, case_id)
            except Conflict:
                continue
            insist(answer)
            if told is None:
                raise Refusal("not_found", 404)
            await self._bus.notify(FEED)
            return told
        raise StorageDown("races")

    async def _tell(self, who: Who, case_id: str) -> tuple[Handover112 | None, Decision]:
        at = self._clock.now()
        async with self._store.write() as connection:
            case = await lock_case(connection, case_id)
            whom = whom_of(case)
            grants = await grants_of(connection, who.person, at)
            answer = allow(who, Act.HANDOVER_112, whom, grants, at)
            await write_answer(connection, who, Act.HANDOVER_112, whom, answer, at=at, subject=case_id)
            if case is None or not isinstance(answer, Allowed):
                return None, answer
            decision = decide(case, Told112(who.person), at)
            if isinstance(decision, Refused):
                return None, answer
            protected = await hides_place(connection, case.resident, case.home)
            where = sees_address(who, whom, grants, at, protected=protected)
            sheet = await self._sheet(connection, who, case, whom, at, where=where)
            await write_decision(connection, case, decision, at)
        position = sheet.position
        return Handover112(
            case=case.id,
            at=at,
            by_name=who.name,
            sv=in_swedish(sheet),
            en=in_english(sheet),
            latitude=position.latitude if position else None,
            longitude=position.longitude if position else None,
        ), answer

    async def _sheet(
        self, connection: AsyncConnection, who: Who, case: Case, whom: Whom, at: datetime, *, where: bool
    ) -> Sheet:
        person, place = None, None
        living: list[HouseholdMember] = []
        card = await resident_card(connection, case.resident, at=at, show_address=where) if case.resident else None
        if card is not None:
            kept = {name: getattr(card, name) for name in ("name", "age", "phone", "language", "hearing", "sight")}
            person = Person(**kept, speech=card.speech, pets=card.pets, not_alone=card.do_not_enter_alone)
        elif case.home is not None:
            living = await household(connection, case.home, at)
        at_home = case.resident or (living[0].id if living else None)
        if where and at_home:
            code = await _code(connection, who, whom, at_home, at)
            found = await home_place(connection, resident_id=case.resident, home_id=case.home)
            place = Place(*found, code=code) if found else None
        return Sheet(
            reason=case.reason,
            presses=case.presses,
            raised_at=case.raised_at,
            person=person,
            household=tuple(one.name for one in living),
            place=place,
            position=await _position(connection, case.id) if where else None,
            account=account_in(case.open_key),
            desk=await place_name(connection, who),
            operator=who.name,
            number=self._number,
        )


async def _code(connection: AsyncConnection, who: Who, whom: Whom, resident: str, at: datetime) -> str | None:
    """The code of the door behind which that resident lives; a look of its own in the log."""
    answer = await ask(connection, who, Act.DOOR_CODE_READ, whom, at=at, subject=resident)
    found = await door_code(connection, resident) if isinstance(answer, Allowed) else None
    return found.door_code or None if found else None


async def _position(connection: AsyncConnection, case_id: str) -> Position | None:
    """The newest position that a signal on the case carries."""
    columns = (tables.signal.c.details, tables.signal.c.occurred_at, tables.signal.c.received_at)
    query = select(*columns).where(tables.signal.c.case == case_id).order_by(tables.signal.c.id.desc()).limit(50)
    for row in await connection.execute(query):
        said = row.details
        if said.get("latitude") and said.get("longitude"):
            at = row.occurred_at or row.received_at
            return Position(said["latitude"], said["longitude"], said.get("accuracy"), at)
    return None
