"""Missions in and out of the database, and what they mean for their case, in one transaction.

The case is locked first and the mission after it, everywhere: whoever has the case locked has its missions.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import RowMapping, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from alarms.core import mission as core
from alarms.core.case import decide as decide_case
from alarms.core.mission_shapes import AtDoor, Decision, Declined, Mission
from alarms.core.shapes import Case, Entry, GrantChange, MissionTold
from alarms.core.shapes import Decision as CaseDecision
from alarms.missions import tables
from kit.log import get_logger
from kit.store import for_update
from kit.wire.mission_words import (
    ArrivedHow,
    ArrivedReason,
    DeclineReason,
    DoorStep,
    MissionState,
    MissionStep,
    SkipReason,
)
from registry.access import Purpose, Right, Whom
from registry.grants import end_grants, give_grant

log = get_logger(__name__)

RIGHTS = (Right.SEE, Right.SEE_CODE, Right.CALL, Right.OPEN)
"""What accepting gives, until the mission is over."""

_COLUMNS = [field.name for field in fields(Mission)]
# What stands for a word that this process does not know yet, since a newer one may have written it: a mission that
# cannot be read is a responder that nobody waits for.
_WORDS: dict[str, tuple[type[StrEnum], StrEnum]] = {
    "state": (MissionState, MissionState.ACCEPTED),
    "arrived_how": (ArrivedHow, ArrivedHow.STATED),
    "arrived_reason": (ArrivedReason, ArrivedReason.LET_IN),
    "next_step": (MissionStep, MissionStep.NOT_ARRIVED),
}


@dataclass(frozen=True, slots=True)
class Carried:
    """The case after something has become of a mission, and what its timeline says; for `alarms.journal.write`."""

    case: Case
    entries: tuple[Entry, ...]


def mission_of(row: RowMapping) -> Mission:
    """The mission in a row."""
    values: dict[str, Any] = {name: row[name] for name in _COLUMNS}
    for name, (vocabulary, otherwise) in _WORDS.items():
        if values[name] is not None:
            try:
                values[name] = vocabulary(values[name])
            except ValueError:
                log.error("mission_word_unknown", mission=row["id"], column=name)
                values[name] = otherwise
    values["declined"] = tuple(
        Declined(one["person"], DeclineReason(one["reason"]), datetime.fromisoformat(one["at"]))
        for one in row["declined"]
    )
    values["door"] = tuple(
        AtDoor(
            DoorStep(one["step"]),
            datetime.fromisoformat(one["at"]) if one["at"] else None,
            one["by"],
            SkipReason(one["skipped"]) if one["skipped"] else None,
        )
        for one in row["door"]
    )
    return Mission(**values)


def row_of(mission: Mission) -> dict[str, Any]:
    """The mission as a row."""
    row = {name: getattr(mission, name) for name in _COLUMNS}
    row["declined"] = [
        {"person": one.person, "reason": one.reason.value, "at": one.at.isoformat()} for one in mission.declined
    ]
    row["door"] = [
        {
            "step": one.step.value,
            "at": one.at.isoformat() if one.at else None,
            "by": one.by,
            "skipped": one.skipped.value if one.skipped else None,
        }
        for one in mission.door
    ]
    return row


async def read_mission(connection: AsyncConnection, mission_id: str) -> Mission | None:
    """The mission as it stands, not locked; none when there is none."""
    query = select(tables.mission).where(tables.mission.c.id == mission_id)
    row = (await connection.execute(query)).mappings().one_or_none()
    return mission_of(row) if row else None


async def lock_missions(connection: AsyncConnection, mission_ids: Collection[str]) -> list[Mission]:
    """The missions with these ids, locked until the transaction ends. Their cases must be locked before."""
    query = select(tables.mission).where(tables.mission.c.id.in_(sorted(mission_ids))).order_by(tables.mission.c.id)
    rows = (await connection.execute(for_update(connection, query))).mappings().all()
    return [mission_of(row) for row in rows]


async def missions_of(connection: AsyncConnection, cases: Collection[str]) -> Mapping[str, list[Mission]]:
    """The missions of these cases, oldest first."""
    query = select(tables.mission).where(tables.mission.c.case.in_(sorted(cases))).order_by(tables.mission.c.id)
    found: dict[str, list[Mission]] = {}
    for row in (await connection.execute(query)).mappings():
        found.setdefault(row["case"], []).append(mission_of(row))
    return found


async def carry(connection: AsyncConnection, case: Case, before: Mission, decision: Decision, at: datetime) -> Carried:
    """Write what was decided of a mission, give or end its grants, and let its case know; the case is not written."""
    after = decision.mission
    statement = update(tables.mission).where(tables.mission.c.id == after.id)
    await connection.execute(statement.values({name: word for name, word in row_of(after).items() if name != "id"}))
    await _grant(connection, after, decision.grants, at)
    told = MissionTold(
        decision.entries,
        ended=before.open and not after.open,
        urgent=decision.urgent,
        watched_until=core.watched_until(after),
    )
    decided = decide_case(case, told, at)
    assert isinstance(decided, CaseDecision)  # a case with an open mission is not closed
    return Carried(decided.case, decided.entries)


async def _grant(connection: AsyncConnection, mission: Mission, change: GrantChange, at: datetime) -> None:
    purpose = purpose_of(mission)
    if change is GrantChange.END:
        await end_grants(connection, purpose, at)
    if change is GrantChange.GIVE and mission.responder and (mission.resident or mission.home):
        await give_grant(
            connection,
            holder=mission.responder,
            principal=mission.principal,
            purpose=purpose,
            rights=RIGHTS,
            at=at,
            resident=mission.resident,
            home=None if mission.resident else mission.home,
        )


def purpose_of(mission: Mission) -> Purpose:
    """What a responder looks, calls and opens for."""
    return Purpose("mission", mission.id, mission.open)


def whom_of_mission(mission: Mission | None) -> Whom:
    """A mission as the access decision wants it: `unit` is who it is offered to, `handler` who has it.

    Empty when there is no such mission.
    """
    if mission is None:
        return Whom()
    return Whom(
        principal=mission.principal,
        unit=mission.unit,
        resident=mission.resident,
        home=mission.home,
        handler=mission.responder or mission.person,
        purpose=purpose_of(mission),
    )
