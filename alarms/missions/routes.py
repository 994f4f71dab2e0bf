"""Missions over HTTP, and the responder's socket."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, WebSocket
from sqlalchemy import select

from alarms import tables as alarm_tables
from alarms.core.mission_shapes import Finish, GetIn, NoAnswer, SetOff
from alarms.desk.commands import Commands, whom_of
from alarms.feed import Feed
from alarms.journal import case_of
from alarms.missions import tables
from alarms.missions.cards import mission_cards, mission_door_code
from alarms.missions.commands import MissionCommands
from alarms.missions.journal import mission_of, read_mission, whom_of_mission
from alarms.missions.responders import responders_for
from alarms.missions.socket import MissionSocket
from alarms.missions.views import mission_page, mission_views
from kit.clock import Clock
from kit.errors import Refusal
from kit.ids import new_id
from kit.params import Id, Limit, OptionalId
from kit.problem import PROBLEM_RESPONSES
from kit.store import Store
from kit.wire import desk
from kit.wire.mission import (
    ArrivedBody,
    CancelBody,
    DeclineBody,
    DispatchBody,
    DoorStepBody,
    MissionAct,
    MissionCards,
    MissionList,
    MissionView,
    ResponderList,
)
from kit.wire.resident import DoorCode
from registry.access import Act, Allowed, Who, Whom, decide, reach
from registry.look import ask, insist, write_answer
from registry.session_socket import who_opens
from registry.session_web import Sessions, asks

TITLES = {
    "mission_taken": "Somebody else has accepted this mission.",
    "mission_over": "The mission is over.",
    "no_such_responder": "There is nobody to send there. Choose a team or a person of this municipality.",
    "not_accepted": "Nobody has accepted the mission yet.",
    "not_arrived": "Say that you have arrived first.",
    "arrived": "Somebody is there already.",
    "reason_missing": "Say how you know: the lock, the tag, or a reason.",
    "wrong_tag": "This tag belongs to another door.",
    "steps_left": "Nobody answers at the door. Go through every step first.",
    "no_such_step": "This step is not on the list.",
}


def missions_router(  # noqa: PLR0915 - a list of routes
    store: Store, clock: Clock, feed: Feed, sessions: Sessions, commands: Commands, missions: MissionCommands
) -> APIRouter:
    """The routes, to be mounted at the root."""
    router = APIRouter(prefix="/api/v1", tags=["missions"], responses=PROBLEM_RESPONSES)
    asker = Depends(sessions)

    @router.post("/cases/{case_id}/dispatch", openapi_extra=asks(Act.CASE_ACT))
    async def dispatch(who: Annotated[Who, asker], case_id: Id, body: DispatchBody) -> MissionView:
        """Send a unit, of which the first to accept goes, or one person."""
        at = clock.now()
        command_id = body.command_id or new_id("command", at)
        act = desk.Dispatch(unit=body.unit, person=body.person, note=body.note)
        answer = await commands.carry_out(who, command_id, case_id, act)
        if answer.case is None:
            code = answer.code or "not_found"
            raise Refusal(code, {"not_found": 404, "forbidden": 403}.get(code, 409))
        async with store.read() as connection:
            query = select(tables.mission).where(tables.mission.c.key == f"{who.person}:{command_id}")
            row = (await connection.execute(query)).mappings().one_or_none()
            if row is None:
                raise Refusal("command_reused")
            [view] = await mission_views(connection, [mission_of(row)], who, at)
        return view

    @router.get("/cases/{case_id}/responders", openapi_extra=asks(Act.CASE_READ))
    async def list_responders(who: Annotated[Who, asker], case_id: Id) -> ResponderList:
        """Whom the case's handler can send."""
        at = clock.now()
        async with store.write() as connection:
            query = select(alarm_tables.case).where(alarm_tables.case.c.id == case_id)
            row = (await connection.execute(query)).mappings().one_or_none()
            case = case_of(row) if row else None
            answer = await ask(connection, who, Act.CASE_READ, whom_of(case), at=at, subject=case_id)
            found = await responders_for(connection, case, at) if case and isinstance(answer, Allowed) else None
        insist(answer)
        assert found is not None
        return found

    @router.get("/missions", openapi_extra=asks(Act.MISSION_LIST))
    async def list_missions(
        who: Annotated[Who, asker],
        mine: bool = False,
        case: OptionalId = None,
        state: Literal["open", "closed"] | None = None,
        limit: Limit = 50,
        cursor: OptionalId = None,
    ) -> MissionList:
        """Missions in reach, newest first: for staff those sent to them or their unit, or with `mine` only to them."""
        at = clock.now()
        open_only = None if state is None else state == "open"
        async with store.write() as connection:
            answer = decide(who, Act.MISSION_LIST, Whom(), [], at)
            items: list[MissionView] = []
            if isinstance(answer, Allowed):
                found = await mission_page(
                    connection,
                    who,
                    reach(who, at),
                    mine=mine,
                    case=case,
                    open_only=open_only,
                    limit=limit,
                    cursor=cursor,
                )
                items = await mission_views(connection, found, who, at)
            shown = [Whom(name) for name in sorted({one.principal for one in items})]
            for whom in shown or [Whom(who.principal)]:
                await write_answer(connection, who, Act.MISSION_LIST, whom, answer, at=at, subject=case)
        insist(answer)
        return MissionList(items=items[:limit], next=items[limit - 1].id if len(items) > limit else None)

    @router.get("/missions/{mission_id}", openapi_extra=asks(Act.MISSION_READ))
    async def read_one(who: Annotated[Who, asker], mission_id: Id) -> MissionView:
        """One mission; each look is logged."""
        at = clock.now()
        view = None
        async with store.write() as connection:
            mission = await read_mission(connection, mission_id)
            answer = await ask(connection, who, Act.MISSION_READ, whom_of_mission(mission), at=at, subject=mission_id)
            if mission is not None and isinstance(answer, Allowed):
                [view] = await mission_views(connection, [mission], who, at)
        insist(answer)
        assert view is not None
        return view

    @router.get("/missions/{mission_id}/cards", openapi_extra=asks(Act.RESIDENT_READ))
    async def read_cards(who: Annotated[Who, asker], mission_id: Id) -> MissionCards:
        """The card of who the mission is to, with where, for who has accepted it; each look is logged."""
        at = clock.now()
        async with store.write() as connection:
            answer, items = await mission_cards(connection, who, mission_id, at)
        insist(answer)
        return MissionCards(items=items)

    @router.get("/missions/{mission_id}/door-code", openapi_extra=asks(Act.DOOR_CODE_READ))
    async def read_door_code(who: Annotated[Who, asker], mission_id: Id) -> DoorCode:
        """The code at the door, for who has accepted; each look is logged."""
        at = clock.now()
        async with store.write() as connection:
            answer, code = await mission_door_code(connection, who, mission_id, at)
        insist(answer)
        if code is None:
            raise Refusal("not_found", 404)
        return code

    @router.post("/missions/{mission_id}/accept", openapi_extra=asks(Act.MISSION_ACT))
    async def accept(who: Annotated[Who, asker], mission_id: Id, body: MissionAct | None = None) -> MissionView:
        """I go; 409 `mission_taken` when another of the team was first."""
        return await missions.accept(who, mission_id, body or MissionAct())

    @router.post("/missions/{mission_id}/decline", openapi_extra=asks(Act.MISSION_ACT))
    async def decline(who: Annotated[Who, asker], mission_id: Id, body: DeclineBody) -> MissionView:
        """I cannot, and why; the case is urgent again at once."""
        return await missions.decline(who, mission_id, body)

    @router.post("/missions/{mission_id}/on-the-way", openapi_extra=asks(Act.MISSION_ACT))
    async def on_the_way(who: Annotated[Who, asker], mission_id: Id, body: MissionAct | None = None) -> MissionView:
        """Under way."""
        return await missions.say(who, mission_id, body or MissionAct(), SetOff)

    @router.post("/missions/{mission_id}/arrived", openapi_extra=asks(Act.MISSION_ACT))
    async def arrived(who: Annotated[Who, asker], mission_id: Id, body: ArrivedBody) -> MissionView:
        """There, by the tag at the door or a stated reason."""
        return await missions.arrive(who, mission_id, body)

    @router.post("/missions/{mission_id}/no-answer", openapi_extra=asks(Act.MISSION_ACT))
    async def no_answer(who: Annotated[Who, asker], mission_id: Id, body: MissionAct | None = None) -> MissionView:
        """At the door, and nobody answers: the plan for that begins."""
        return await missions.say(who, mission_id, body or MissionAct(), NoAnswer)

    @router.post("/missions/{mission_id}/door-step", openapi_extra=asks(Act.MISSION_ACT))
    async def door_step(who: Annotated[Who, asker], mission_id: Id, body: DoorStepBody) -> MissionView:
        """A step at the door is done, or passed over for a reason."""
        return await missions.tick(who, mission_id, body)

    @router.post("/missions/{mission_id}/got-in", openapi_extra=asks(Act.MISSION_ACT))
    async def got_in(who: Annotated[Who, asker], mission_id: Id, body: MissionAct | None = None) -> MissionView:
        """The door is open after all."""
        return await missions.say(who, mission_id, body or MissionAct(), GetIn)

    @router.post("/missions/{mission_id}/done", openapi_extra=asks(Act.MISSION_ACT))
    async def done(who: Annotated[Who, asker], mission_id: Id, body: MissionAct | None = None) -> MissionView:
        """Done there; 409 `steps_left` while the plan at the door is not gone through."""
        return await missions.say(who, mission_id, body or MissionAct(), Finish)

    @router.post("/missions/{mission_id}/cancel", openapi_extra=asks(Act.MISSION_ACT))
    async def cancel(who: Annotated[Who, asker], mission_id: Id, body: CancelBody | None = None) -> MissionView:
        """Called off by who has the case, before anybody is there."""
        return await missions.cancel(who, mission_id, body or CancelBody())

    @router.websocket("/missions/live")
    async def live(websocket: WebSocket) -> None:
        """The responder's page (kit/wire/mission.py)."""
        opened = await who_opens(websocket, sessions, clock)
        if opened is not None:
            await MissionSocket(websocket, *opened, store=store, clock=clock, feed=feed).run()

    return router
