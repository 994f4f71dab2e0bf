"""Missions as pages see them: what is needed to say yes or no, and the rest for who has said yes."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from alarms import tables as alarm_tables
from alarms.core.mission_shapes import Mission
from alarms.core.shapes import Case
from alarms.journal import case_of
from alarms.missions import tables
from alarms.missions.journal import mission_of
from kit.wire.case import ResidentBrief
from kit.wire.mission import AtDoorView, DeclinedView, MissionLock, MissionView
from kit.wire.mission_words import MissionState
from kit.wire.words import Role
from registry import find
from registry.access import Who
from registry.locks import REMOTE, remote_locks
from registry.responders import areas_of, unit_names

LATELY = timedelta(hours=1)
"""How long a mission that is over stays on its responder's page."""
SHOWN = 50
DESK = frozenset({Role.OPERATOR, Role.SUPERVISOR})


@dataclass(frozen=True, slots=True)
class _Names:
    """What the registry says of everything on a page of missions, in a handful of queries."""

    cases: Mapping[str, Case]
    residents: Mapping[str, ResidentBrief]
    homes: Mapping[str, find.HomeBrief]
    areas: Mapping[str, str]
    persons: Mapping[str, str]
    units: Mapping[str, str]
    locks: Mapping[str, list[MissionLock]]


def sees_all(who: Who, mission: Mission) -> bool:
    """Whether the asker is told whom it is to: the desk always, a responder after accepting and until it is over."""
    return who.role in DESK or (mission.responder == who.person and mission.open)


async def mission_views(
    connection: AsyncConnection, missions: Sequence[Mission], who: Who, at: datetime
) -> list[MissionView]:
    """The missions as `who` may see them, in the order given; the same number of queries however many there are."""
    names = await _names(connection, missions, at)
    return [_view(mission, who, names) for mission in missions if mission.case in names.cases]


async def _names(connection: AsyncConnection, missions: Sequence[Mission], at: datetime) -> _Names:
    query = select(alarm_tables.case).where(alarm_tables.case.c.id.in_(sorted({one.case for one in missions})))
    cases = {row["id"]: case_of(row) for row in (await connection.execute(query)).mappings()}
    homes = _ids(one.home for one in missions)
    persons = {one.person for mission in missions for one in mission.declined}
    persons |= _ids(one.by for mission in missions for one in mission.door)
    for mission in missions:
        persons |= _ids([mission.person, mission.responder, mission.sent_by])
    locks: dict[str, list[MissionLock]] = {}
    for home, lock, door in await remote_locks(connection, homes, REMOTE):
        locks.setdefault(home, []).append(MissionLock(id=lock, door=door))
    return _Names(
        cases=cases,
        residents=await find.residents_brief(connection, _ids(one.resident for one in missions), at),
        homes=await find.homes_brief(connection, homes),
        areas=await areas_of(connection, homes),
        persons=await find.person_names(connection, persons),
        units=await unit_names(connection, _ids(one.unit for one in missions)),
        locks=locks,
    )


def _view(mission: Mission, who: Who, names: _Names) -> MissionView:
    case = names.cases[mission.case]
    person = names.residents.get(mission.resident) if mission.resident else None
    home = names.homes.get(mission.home) if mission.home else None
    everything = sees_all(who, mission)
    gone = mission.accepted_at is not None and mission.responder is not None
    return MissionView(
        id=mission.id,
        version=mission.version,
        principal=mission.principal,
        case=mission.case,
        state=mission.state,
        reason=case.reason,
        priority=case.priority,
        raised_at=case.raised_at,
        town=home.town if home else None,
        area=(names.areas.get(mission.home) if mission.home else None) or (person.unit_name if person else ""),
        age=person.age if person else None,
        resident=mission.resident if everything else None,
        name=person.name if everything and person else None,
        unit=mission.unit,
        unit_name=names.units.get(mission.unit) if mission.unit else None,
        person=mission.person,
        person_name=names.persons.get(mission.person) if mission.person else None,
        responder=mission.responder,
        responder_name=names.persons.get(mission.responder) if mission.responder else None,
        mine=mission.responder == who.person,
        note=mission.note if everything else "",
        sent_by_name=names.persons.get(mission.sent_by) if mission.sent_by else None,
        sent_at=mission.sent_at,
        accepted_at=mission.accepted_at,
        set_off_at=mission.set_off_at,
        arrive_by=mission.accepted_at + timedelta(minutes=mission.arrive_within)
        if gone and mission.accepted_at
        else None,
        arrived_at=mission.arrived_at,
        arrived_how=mission.arrived_how,
        arrived_reason=mission.arrived_reason,
        ended_at=mission.ended_at,
        urgent=mission.urgent,
        next_step=mission.next_step,
        next_step_at=mission.next_step_at,
        declined=[
            DeclinedView(
                person=one.person, name=names.persons.get(one.person, one.person), reason=one.reason, at=one.at
            )
            for one in mission.declined
        ],
        door=[
            AtDoorView(
                step=one.step,
                at=one.at,
                by_name=names.persons.get(one.by) if one.by else None,
                skipped=one.skipped,
            )
            for one in mission.door
        ],
        locks=names.locks.get(mission.home, []) if everything and mission.home else [],
    )


async def missions_for(connection: AsyncConnection, who: Who, at: datetime) -> list[Mission]:
    """What stands on a responder's page: what is offered to this one or the own unit, what this one has, and had."""
    table = tables.mission.c
    offered = table.person == who.person
    if who.unit is not None:
        offered |= table.unit == who.unit
    mine = table.responder == who.person
    query = select(tables.mission).where(
        (table.principal == who.principal)
        & ((table.ended_at.is_(None) & (offered | mine)) | (mine & (table.ended_at > at - LATELY)))
    )
    rows = (await connection.execute(query.order_by(table.id.desc()).limit(SHOWN))).mappings().all()
    missions = [mission_of(row) for row in rows]
    return [one for one in missions if not _refused_by(one, who)]


def _refused_by(mission: Mission, who: Who) -> bool:
    """What one has declined is off one's page, while it is offered to others."""
    declined = any(one.person == who.person for one in mission.declined)
    return declined and mission.state is MissionState.SENT


async def mission_page(
    connection: AsyncConnection,
    who: Who,
    principals: Collection[str],
    *,
    mine: bool,
    case: str | None,
    open_only: bool | None,
    limit: int,
    cursor: str | None,
) -> list[Mission]:
    """Missions in reach, newest first, one more than `limit` if there are more; staff's own and their unit's only."""
    table = tables.mission.c
    query = select(tables.mission).where(table.principal.in_(sorted(principals)))
    if who.role in DESK:
        query = query.where(table.sent_by == who.person) if mine else query
    else:
        own = (table.person == who.person) | (table.responder == who.person)
        query = query.where(own if mine or who.unit is None else own | (table.unit == who.unit))
    if case is not None:
        query = query.where(table.case == case)
    if open_only is not None:
        query = query.where(table.ended_at.is_(None) if open_only else table.ended_at.is_not(None))
    if cursor is not None:
        query = query.where(table.id < cursor)
    rows = await connection.execute(query.order_by(table.id.desc()).limit(limit + 1))
    return [mission_of(row) for row in rows.mappings()]


def _ids(found: Iterable[str | None]) -> set[str]:
    return {each for each in found if each is not None}
