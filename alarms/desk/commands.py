"""Commands on cases: one handler for the desk's socket and for HTTP, one transaction each, idempotent by id.

In the transaction: the command's id is claimed, the case locked, access decided and logged, the case's own
machine asked, and case, timeline, grants and feed written. A refusal is remembered under the id as well.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from alarms import tables
from alarms.core import shapes
from alarms.core.case import decide
from alarms.core.shapes import Case, Refused
from alarms.desk.writing import write_decision
from alarms.handling.calls import has_open_call
from alarms.handling.carry import carry
from alarms.handling.naming import lock_pair, name
from alarms.journal import FEED, Changed, find_case, lock_case, write
from alarms.missions.send import To, send_mission
from alarms.views import views_of
from kit.bus import Bus
from kit.clock import Clock
from kit.errors import Conflict, StorageDown
from kit.store import Store, insert
from kit.wire import desk
from kit.wire.case import CaseView
from kit.wire.handling import Name
from registry.access import Act, Denied, Purpose, Who, Whom
from registry.find import person_names, whom_of_resident
from registry.look import ask

RACES = 10
"""How often a command is begun again because another process changed what it is about at the same moment."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a command: a refusal's code, or none and the case as it stands."""

    code: str | None
    case: CaseView | None
    handler_name: str | None = None


class Commands:
    """Carries commands out."""

    def __init__(self, store: Store, bus: Bus, clock: Clock) -> None:
        self._store = store
        self._bus = bus
        self._clock = clock

    async def carry_out(self, who: Who, command_id: str, case_id: str, act: desk.Act) -> Answer:
        """Do it, or say why not. The same person's same id gets the same answer again. Raises StorageDown."""
        for _ in range(RACES):
            try:
                return await self._carry_out(who, f"{who.person}:{command_id}", case_id, act)
            except Conflict:
                continue
        raise StorageDown("races")

    async def _carry_out(self, who: Who, key: str, case_id: str, act: desk.Act) -> Answer:
        at = self._clock.now()
        async with self._store.write() as connection:
            if not await claim(connection, key, case_id, at):
                return await _again(connection, who, key, case_id, at)
            code, changed = await _act(connection, who, case_id, act, key, at)
            handler = await connection.scalar(select(tables.case.c.handler).where(tables.case.c.id == case_id))
            await connection.execute(
                update(tables.command).where(tables.command.c.id == key).values(code=code, handler=handler)
            )
            answer = await _answer(connection, code, case_id, handler, at)
        if changed:
            await self._bus.notify(FEED)
        return answer


async def claim(connection: AsyncConnection, key: str, case_id: str, at: datetime) -> bool:
    """Whether this command is carried out for the first time; `case_id` is what it is about."""
    statement = insert(connection, tables.command).on_conflict_do_nothing(index_elements=["id"])
    row = {"id": key, "case": case_id, "at": at, "code": None, "handler": None}
    return (await connection.execute(statement.returning(tables.command.c.id), row)).first() is not None


async def _again(connection: AsyncConnection, who: Who, key: str, case_id: str, at: datetime) -> Answer:
    """The answer that this id was given before; what one may see is decided anew, and the look logged."""
    row = (await connection.execute(select(tables.command).where(tables.command.c.id == key))).mappings().one()
    if row["case"] != case_id:
        return Answer("command_reused", None)
    case = await lock_case(connection, case_id)
    allowed = await ask(connection, who, Act.CASE_READ, whom_of(case), at=at, subject=case_id)
    if isinstance(allowed, Denied):
        return Answer("not_found" if allowed.hidden else "forbidden", None)
    return await _answer(connection, row["code"], case_id, row["handler"], at)


async def _answer(
    connection: AsyncConnection, code: str | None, case_id: str, handler: str | None, at: datetime
) -> Answer:
    if code is None:
        [view] = await views_of(connection, [case_id], at)
        return Answer(None, view)
    name = None
    if code == "taken" and handler:
        name = (await person_names(connection, [handler])).get(handler)
    return Answer(code, None, name)


async def _act(
    connection: AsyncConnection, who: Who, case_id: str, act: desk.Act, key: str, at: datetime
) -> tuple[str | None, bool]:
    """The refusal's code or none, and whether anything changed."""
    other = None
    if isinstance(act, Name):
        case, other = await lock_pair(connection, case_id, act.resident)
    else:
        case = await lock_case(connection, case_id)
    what = Act.CASE_TAKE_OVER if isinstance(act, desk.TakeOver) else Act.CASE_ACT
    allowed = await ask(connection, who, what, whom_of(case), at=at, subject=case_id)
    if isinstance(allowed, Denied):
        return ("not_found" if allowed.hidden else "forbidden"), False
    assert case is not None  # what does not exist is hidden from everybody
    if isinstance(act, Name):
        return await name(connection, who, case, other, act.resident, at)
    if isinstance(act, desk.Handling):
        return await carry(connection, who, case, act, at)
    if isinstance(act, desk.Close) and not await _may_name(connection, case, act.resident):
        return "person_missing", False
    if isinstance(act, desk.Dispatch):
        return await _dispatch(connection, who, case, act, key, at)
    event = _event(act, who.person)
    if isinstance(event, shapes.Close):
        event = replace(event, call_open=await has_open_call(connection, case_id))
    decision = decide(case, event, at)
    if isinstance(decision, Refused):
        return decision.code, False
    if not decision.changed:
        return None, False
    await write_decision(connection, case, decision, at)
    return None, True


async def _dispatch(
    connection: AsyncConnection, who: Who, case: Case, act: desk.Dispatch, key: str, at: datetime
) -> tuple[str | None, bool]:
    """Who has the case sends somebody."""
    sent = await send_mission(
        connection, case, to=To(act.unit, act.person), by=who.person, at=at, note=act.note, key=key
    )
    if isinstance(sent, Refused):
        return sent.code, False
    await write(connection, [Changed(sent.case, sent.entries)], at)
    return None, True


async def _may_name(connection: AsyncConnection, case: Case, resident: str | None) -> bool:
    """Whoever is named at closing lives where the alarm came from."""
    if resident is None or resident == case.resident:
        return True
    return case.home is not None and (await whom_of_resident(connection, resident)).home == case.home


def _event(act: desk.CaseAct, by: str) -> shapes.Event:
    match act:
        case desk.Take():
            return shapes.Take(by, act.seen)
        case desk.TakeOver():
            return shapes.TakeOver(by)
        case desk.Release():
            return shapes.Release(by)
        case desk.Note():
            return shapes.Note(by, act.text)
        case desk.Hold():
            return shapes.Hold(by, act.minutes)
        case desk.Resume():
            return shapes.Resume(by)
        case desk.Read():
            return shapes.Read(by, act.seen)
        case desk.Close():
            return shapes.Close(by, act.cause, act.measure, act.note, act.resident, act.nobody)


def whom_of(case: Case | None) -> Whom:
    """A case as the access decision wants it; empty when there is no such case."""
    if case is None:
        return Whom()
    return Whom(
        principal=case.principal,
        resident=case.resident,
        home=case.home,
        handler=case.handler,
        purpose=Purpose("case", case.id, open=case.closed_at is None),
        desk=case.desk,
        offered_desk=case.offered_desk,
    )


class CasePurposes:
    """What the registry cannot know: what a case is about (`registry.routes.Purposes`)."""

    async def whom_for_case(self, connection: AsyncConnection, case_id: str) -> Whom | None:
        """Principal, resident, home and handler of a case, with the case as purpose; none when there is none."""
        case = await find_case(connection, case_id)
        return None if case is None else whom_of(case)
