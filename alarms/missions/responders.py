"""Whom a case's handler can send: the resident's own unit first, and how much each has to do already."""

from collections import Counter
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from alarms.core.shapes import Case
from alarms.missions import tables
from kit.wire.mission import ResponderList, TeamView, WorkerView
from registry.responders import home_unit, teams_of, workers_of


async def responders_for(connection: AsyncConnection, case: Case, at: datetime) -> ResponderList:
    """Teams and workers of the case's principal at that moment."""
    teams = await teams_of(connection, case.principal)
    workers = await workers_of(connection, case.principal, at)
    own = await home_unit(connection, case.home) if case.home else None
    names = {team.id: team.name for team in teams}
    query = select(tables.mission.c.unit, tables.mission.c.person, tables.mission.c.responder).where(
        tables.mission.c.principal == case.principal, tables.mission.c.ended_at.is_(None)
    )
    busy: Counter[str] = Counter()
    for unit, person, responder in await connection.execute(query):
        busy.update({each for each in (unit, responder or person) if each is not None})
    return ResponderList(
        teams=[
            TeamView(
                id=team.id,
                name=team.name,
                workers=sum(one.unit == team.id for one in workers),
                busy=busy[team.id],
                own=team.id == own,
                arrive_within=team.arrive_within,
            )
            for team in sorted(teams, key=lambda team: (team.id != own, team.name))
        ],
        workers=[
            WorkerView(
                id=one.id,
                name=one.name,
                unit=one.unit,
                unit_name=names.get(one.unit) if one.unit else None,
                busy=busy[one.id],
            )
            for one in sorted(workers, key=lambda one: (one.unit != own, one.name))
        ],
    )
