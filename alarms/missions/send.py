"""Sending somebody, inside the caller's transaction: by who has the case, or by a plan that runs on it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from alarms.core.case import decide
from alarms.core.mission import open_mission
from alarms.core.mission_shapes import Mission
from alarms.core.shapes import Case, Decision, Entry, MissionSent, Refused
from alarms.missions import tables
from alarms.missions.journal import row_of
from kit.ids import new_id
from registry.responders import teams_of, workers_of


@dataclass(frozen=True, slots=True)
class To:
    """Whom to send: a unit, of which the first to accept goes, or one person."""

    unit: str | None = None
    person: str | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """The mission, stored; and its case with the lines for its timeline, which the caller writes (`journal.write`)."""

    mission: Mission
    case: Case
    entries: tuple[Entry, ...]


async def send_mission(
    connection: AsyncConnection,
    case: Case,
    *,
    to: To,
    by: str | None,
    at: datetime,
    why: str = "",
    note: str = "",
    key: str | None = None,
) -> Sent | Refused:
    """Offer a mission to a unit or a person. The case is locked by the caller, who then writes it and tells the bus.

    `by` is the handler, none when a plan sends; `why` a short code for a plan's reason, `note` the operator's words.
    `key` makes it findable by the command that made it. Refused: `not_taken`, `not_yours`, `closed`,
    `no_such_responder`.
    """
    within = await _arrive_within(connection, case, to, at)
    if within is None:
        return Refused("no_such_responder")
    mission = open_mission(
        new_id("mission", at),
        principal=case.principal,
        case=case.id,
        resident=case.resident,
        home=case.home,
        unit=to.unit,
        person=to.person,
        note=note,
        why=why,
        by=by,
        arrive_within=within,
        at=at,
    )
    decision = decide(case, MissionSent(mission.id, by, {"unit": to.unit, "person": to.person, "why": why or None}), at)
    if not isinstance(decision, Decision):
        return decision
    await connection.execute(tables.mission.insert().values(**row_of(mission), key=key))
    return Sent(mission, decision.case, decision.entries)


async def _arrive_within(connection: AsyncConnection, case: Case, to: To, at: datetime) -> int | None:
    """How many minutes they have to arrive; none when there is nobody of the case's principal to send there."""
    teams = {team.id: team for team in await teams_of(connection, case.principal)}
    if (to.unit is None) == (to.person is None):
        return None
    if to.unit is not None:
        return teams[to.unit].arrive_within if to.unit in teams else None
    works = [one for one in await workers_of(connection, case.principal, at) if one.id == to.person]
    limits = [teams[one.unit].arrive_within for one in works if one.unit in teams]
    return min(limits, default=30) if works else None
