"""What people say of missions: accepted, cannot, on the way, there, nobody answers, done, called off.

One transaction each, idempotent by id. In it: the command's id is claimed, the case locked and then the mission, access
decided and logged, the mission's own machine asked, and mission, grants, case, timeline and feed written. A refusal is
remembered under the id as well, so that a receipt that waited on a telephone may be sent as often as it takes.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from alarms import tables as alarm_tables
from alarms.core.mission import decide
from alarms.core.mission_shapes import (
    Accept,
    Arrive,
    Cancel,
    Decision,
    Decline,
    Event,
    Finish,
    GetIn,
    Mission,
    NoAnswer,
    Refused,
    SetOff,
    Tick,
)
from alarms.core.shapes import Case
from alarms.desk.commands import claim
from alarms.journal import FEED, Changed, lock_case, write
from alarms.missions import tables
from alarms.missions.journal import carry, lock_missions, read_mission, whom_of_mission
from alarms.missions.views import DESK, mission_views
from kit.bus import Bus
from kit.clock import Clock
from kit.errors import Refusal
from kit.ids import new_id
from kit.store import Store
from kit.wire.mission import ArrivedBody, CancelBody, DeclineBody, DoorStepBody, MissionAct, MissionView
from kit.wire.mission_words import ArrivedHow
from registry.access import Act, Denied, Who
from registry.find import person_names
from registry.look import ask
from registry.responders import workers_of

Say = Callable[[AsyncConnection, Mission, bool, datetime], Awaitable[Event | Refused]]
"""Makes the event from the mission as it stands; the third is whether the desk says it for the responder."""

Plain = type[SetOff] | type[NoAnswer] | type[GetIn] | type[Finish]
"""Events that say only who, and whether the desk says it for the responder."""


class MissionCommands:
    """Carries out what responders and the desk say. Each raises Refusal and StorageDown."""

    def __init__(self, store: Store, bus: Bus, clock: Clock) -> None:
        self._store = store
        self._bus = bus
        self._clock = clock

    async def accept(self, who: Who, mission_id: str, body: MissionAct) -> MissionView:
        """I go. Refused `mission_taken`, with who has it, when another was first."""

        async def say(_: AsyncConnection, __: Mission, desk: bool, ___: datetime) -> Event | Refused:
            return Refused("not_yours") if desk else Accept(who.person)

        return await self._carry_out(who, mission_id, body.command_id, say)

    async def decline(self, who: Who, mission_id: str, body: DeclineBody) -> MissionView:
        """I cannot."""

        async def say(connection: AsyncConnection, mission: Mission, desk: bool, at: datetime) -> Event | Refused:
            if desk:
                return Refused("not_yours")
            return Decline(who.person, body.reason, await _others(connection, mission, who.person, at))

        return await self._carry_out(who, mission_id, body.command_id, say)

    async def say(self, who: Who, mission_id: str, body: MissionAct, event: Plain) -> MissionView:
        """What needs no more words than who says it: on the way, nobody answers, the door is open after all, done."""

        async def say(_: AsyncConnection, __: Mission, desk: bool, ___: datetime) -> Event:
            return event(who.person, desk)

        return await self._carry_out(who, mission_id, body.command_id, say)

    async def arrive(self, who: Who, mission_id: str, body: ArrivedBody) -> MissionView:
        """There, by the tag at the door or by a stated reason."""

        async def say(connection: AsyncConnection, mission: Mission, desk: bool, _: datetime) -> Event | Refused:
            if body.tag is None:
                return Arrive(who.person, ArrivedHow.STATED, body.reason, desk=desk)
            if await _home_of_tag(connection, body.tag) != mission.home:
                return Refused("wrong_tag")
            return Arrive(who.person, ArrivedHow.TAG, desk=desk)

        return await self._carry_out(who, mission_id, body.command_id, say)

    async def tick(self, who: Who, mission_id: str, body: DoorStepBody) -> MissionView:
        """A step at the door is done, or passed over for a reason."""

        async def say(_: AsyncConnection, __: Mission, desk: bool, ___: datetime) -> Event:
            return Tick(who.person, body.step, body.skipped, desk)

        return await self._carry_out(who, mission_id, body.command_id, say)

    async def cancel(self, who: Who, mission_id: str, body: CancelBody) -> MissionView:
        """Called off, by who has the case."""

        async def say(_: AsyncConnection, __: Mission, desk: bool, ___: datetime) -> Event | Refused:
            return Cancel(who.person, body.why) if desk else Refused("not_yours")

        return await self._carry_out(who, mission_id, body.command_id, say)

    async def _carry_out(self, who: Who, mission_id: str, command_id: str | None, say: Say) -> MissionView:
        at = self._clock.now()
        key = f"{who.person}:{command_id or new_id('command', at)}"
        async with self._store.write() as connection:
            again = not await claim(connection, key, mission_id, at)
            case, mission = await _locked(connection, mission_id)
            answer = await ask(connection, who, Act.MISSION_ACT, whom_of_mission(mission), at=at, subject=mission_id)
            code: str | None = None
            view, name, changed = None, None, False
            if not isinstance(answer, Denied):
                assert case is not None  # what does not exist is hidden from everybody
                assert mission is not None
                if again:
                    code = await _said_before(connection, key, mission_id)
                else:
                    code, changed = await _act(connection, who, case, mission, say, at)
                    command = alarm_tables.command
                    await connection.execute(update(command).where(command.c.id == key).values(code=code))
                after = await read_mission(connection, mission_id) or mission
                if code is None:
                    [view] = await mission_views(connection, [after], who, at)
                elif code == "mission_taken" and after.responder:
                    name = (await person_names(connection, [after.responder])).get(after.responder)
        if isinstance(answer, Denied):
            raise Refusal(answer.code, 404 if answer.hidden else 403)
        if changed:
            await self._bus.notify(FEED)
        if view is None:
            raise Refusal(code or "not_found", 409, **({"responder_name": name} if name else {}))
        return view


async def _locked(connection: AsyncConnection, mission_id: str) -> tuple[Case | None, Mission | None]:
    """The mission and its case, locked in the order that holds everywhere."""
    found = await read_mission(connection, mission_id)
    if found is None:
        return None, None
    case = await lock_case(connection, found.case)
    [mission] = await lock_missions(connection, [mission_id])
    return case, mission


async def _act(
    connection: AsyncConnection, who: Who, case: Case, mission: Mission, say: Say, at: datetime
) -> tuple[str | None, bool]:
    """The refusal's code or none, and whether anything changed."""
    desk = who.role in DESK
    if desk and case.handler != who.person:
        return ("not_taken" if case.handler is None else "not_yours"), False
    event = await say(connection, mission, desk, at)
    decision = event if isinstance(event, Refused) else decide(mission, event, at)
    if isinstance(decision, Refused):
        return decision.code, False
    assert isinstance(decision, Decision)
    if not decision.changed:
        return None, False
    carried = await carry(connection, case, mission, decision, at)
    await write(connection, [Changed(carried.case, carried.entries)], at)
    return None, True


async def _said_before(connection: AsyncConnection, key: str, mission_id: str) -> str | None:
    command = alarm_tables.command
    row = (await connection.execute(select(command.c.case, command.c.code).where(command.c.id == key))).one()
    return str(row.code) if row.code else (None if row.case == mission_id else "command_reused")


async def _others(connection: AsyncConnection, mission: Mission, person: str, at: datetime) -> int:
    """How many more a team's mission is offered to who have not declined it."""
    if mission.unit is None:
        return 0
    declined = {one.person for one in mission.declined}
    works = await workers_of(connection, mission.principal, at)
    return len({one.id for one in works if one.unit == mission.unit} - declined - {person})


async def _home_of_tag(connection: AsyncConnection, code: str) -> str | None:
    return await connection.scalar(select(tables.door_tag.c.home).where(tables.door_tag.c.code == code))
