"""Carrying out the steps of plans that reach outside their case: another desk, a person, whoever is on call, a team."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from alarms import tables
from alarms.core.case import decide
from alarms.core.reach import Scene, persons_of, whom
from alarms.core.routing import Known
from alarms.core.shapes import Came, Case, Decision, Entry, Refused, StepDue, Unhoused
from alarms.core.waiting import CARRIED, standing
from alarms.journal import Changed, lock_cases
from alarms.missions.send import To, send_mission
from alarms.missions.tables import mission
from kit.wire.routing_words import RouteFailed, StepFailed
from kit.wire.words import CaseState, Step
from registry.duty import duties_of


async def step_due(connection: AsyncConnection, case: Case, known: Known, at: datetime) -> Changed:
    """Let the case's due step act, having tried what it needs done. The case is locked by the caller."""
    if case.state is not CaseState.QUEUED or standing(case).step not in CARRIED:
        return acted(case, None, at)
    scene = Scene(case.principal, case.desk, case.plan, known)
    duties = await duties_of(connection, persons_of(standing(case), scene, at), case.principal)
    came = whom(standing(case), replace(scene, duties=duties), at)
    if came.failed is not None or standing(case).step is Step.FORWARD:
        return acted(case, came, at)
    return await _send(connection, case, came, at)


def acted(case: Case, came: Came | None, at: datetime, said: tuple[Entry, ...] = ()) -> Changed:
    """The due step has acted; `came` is what came of what it needed, none where nothing was tried."""
    decision = decide(case, StepDue(case.step, came), at)
    assert isinstance(decision, Decision)  # an open case lets its own step act
    return Changed(decision.case, (*decision.entries, *said))


async def _send(connection: AsyncConnection, case: Case, came: Came, at: datetime) -> Changed:
    """Offer a mission to whom the step reached, unless somebody goes already or these have it before them."""
    if case.watched_until is not None and at < case.watched_until:
        return acted(case, Came(came.reached, StepFailed.SOMEBODY_GOES), at)
    team = standing(case).step is Step.TEAM
    to = To(unit=came.reached) if team else To(person=came.reached)
    offered = select(mission.c.id).where(
        mission.c.case == case.id,
        mission.c.ended_at.is_(None),
        (mission.c.unit if team else mission.c.person) == came.reached,
    )
    if await connection.scalar(offered.limit(1)) is not None:
        return acted(case, Came(came.reached, StepFailed.ALREADY_ASKED), at)
    sent = await send_mission(connection, case, to=to, by=None, at=at, why=case.plan.id[:40])
    if isinstance(sent, Refused):
        return acted(case, Came(came.reached, StepFailed.NOT_SENT), at)
    return acted(sent.case, came, at, sent.entries)


async def unhoused(connection: AsyncConnection, known: Known, at: datetime) -> list[str]:
    """The open cases at desks that serve their principal no more."""
    query = (
        select(tables.case.c.principal, tables.case.c.desk)
        .where(tables.case.c.open_key.is_not(None), tables.case.c.desk.is_not(None))
        .distinct()
    )
    found: list[str] = []
    for principal, desk in (await connection.execute(query)).all():
        if not known.serves(desk, principal, at):
            of = (tables.case.c.principal == principal) & (tables.case.c.desk == desk)
            ids = select(tables.case.c.id).where(tables.case.c.open_key.is_not(None), of)
            found.extend((await connection.scalars(ids)).all())
    return found


async def house(connection: AsyncConnection, ids: Sequence[str], known: Known, at: datetime) -> list[Changed]:
    """Put these cases before everybody who serves their principal, unless they have found a desk meanwhile."""
    changes = []
    for case in (await lock_cases(connection, ids)).values():
        if case.desk is not None and not known.serves(case.desk, case.principal, at):
            decision = decide(case, Unhoused(RouteFailed.AGREEMENT_ENDED), at)
            if isinstance(decision, Decision):
                changes.append(Changed(decision.case, decision.entries))
    return changes
