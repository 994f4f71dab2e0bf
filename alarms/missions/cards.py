"""What a responder sees of whom the mission is to: nothing before accepting, what is needed after, each look logged."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from alarms.core.mission_shapes import Mission
from alarms.missions.journal import purpose_of, read_mission
from kit.wire.resident import DoorCode, ResidentCard
from registry.access import Act, Allowed, Decision, Denied, Who, Whom, decide, sees_address
from registry.card import door_code, household, is_protected, resident_card
from registry.find import whom_of_resident
from registry.grants import grants_of
from registry.look import write_answer


async def mission_cards(
    connection: AsyncConnection, who: Who, mission_id: str, at: datetime
) -> tuple[Decision, list[ResidentCard]]:
    """The decision, written to the log for each resident shown, and the cards."""
    mission = await read_mission(connection, mission_id)
    grants = await grants_of(connection, who.person, at)
    answer: Decision = Denied("not_found", hidden=True)
    cards: list[ResidentCard] = []
    whoms = await _residents(connection, mission, at) or [Whom()]
    for whom in whoms:
        answer = decide(who, Act.RESIDENT_READ, whom, grants, at)
        if isinstance(answer, Allowed) and not _has(who, mission):
            answer = Denied("not_accepted")
        await write_answer(connection, who, Act.RESIDENT_READ, whom, answer, at=at, subject=mission_id)
        if isinstance(answer, Allowed) and whom.resident is not None:
            protected = await is_protected(connection, whom.resident)
            where = sees_address(who, whom, grants, at, protected=protected)
            card = await resident_card(connection, whom.resident, at=at, show_address=where)
            cards.extend([card] if card else [])
    return answer, cards


async def mission_door_code(
    connection: AsyncConnection, who: Who, mission_id: str, at: datetime
) -> tuple[Decision, DoorCode | None]:
    """The decision, written to the log, and the code at the door."""
    mission = await read_mission(connection, mission_id)
    whom = (await _residents(connection, mission, at) or [Whom()])[0]
    grants = await grants_of(connection, who.person, at)
    answer = decide(who, Act.DOOR_CODE_READ, whom, [one for one in grants if one.purpose == mission_id], at)
    await write_answer(connection, who, Act.DOOR_CODE_READ, whom, answer, at=at, subject=mission_id)
    if not isinstance(answer, Allowed) or whom.resident is None:
        return answer, None
    return answer, await door_code(connection, whom.resident)


def _has(who: Who, mission: Mission | None) -> bool:
    return mission is not None and mission.open and mission.responder == who.person


async def _residents(connection: AsyncConnection, mission: Mission | None, at: datetime) -> list[Whom]:
    """Whom the mission is to, with the mission as purpose; everybody of the home while nobody knows who it is."""
    if mission is None:
        return []
    ids = [mission.resident] if mission.resident else []
    if not ids and mission.home:
        ids = [one.id for one in await household(connection, mission.home, at)]
    whoms = [await whom_of_resident(connection, one) for one in ids]
    return [
        Whom(
            principal=one.principal,
            resident=one.resident,
            home=one.home,
            handler=mission.responder,
            purpose=purpose_of(mission),
        )
        for one in whoms
    ]
