"""Cases over HTTP, and the desk's socket. A command over HTTP goes through the same handler as one over the socket."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, WebSocket
from pydantic import Field
from sqlalchemy import select

from alarms import tables
from alarms.desk.before import before
from alarms.desk.commands import Answer, whom_of
from alarms.desk.socket import DeskParts, DeskSocket
from alarms.journal import case_of, find_case
from alarms.views import case_detail, case_views
from kit.errors import Refusal
from kit.ids import new_id
from kit.params import Id, Limit, OptionalId
from kit.wire import desk
from kit.wire.case import CaseDetail, CaseList, CaseView
from kit.wire.model import CommandId, Wire
from registry.access import HIDDEN, Act, Allowed, Who, Whom, decide, desk_reach, sees_address
from registry.card import hides_place
from registry.find import whom_of_resident
from registry.grants import grants_of
from registry.look import insist, write_answer
from registry.session_socket import who_opens
from registry.session_web import Sessions, asks

TITLES = {
    "taken": "Somebody else has this case.",
    "not_yours": "Only who has the case may do this.",
    "not_taken": "Take the case first.",
    "closed": "The case is closed.",
    "not_held": "The case is not on hold.",
    "unread_signal": "There is something new on the case. Read it first.",
    "mission_open": "Somebody is still sent out for this case. End that first.",
    "person_missing": "Say whom it concerned, or why there is nobody to name.",
    "forbidden": "Your role does not include this.",
    "call_open": "A call has no result yet. Say what came of it.",
    "command_reused": "This command id belongs to another case. Use a new one.",
}
STATUS = {"not_found": 404, "forbidden": 403}


class Bare(Wire):
    """A command without anything to say besides. `command_id` makes it idempotent."""

    command_id: CommandId = None


class NoteBody(Bare):
    """What to write down."""

    text: desk.Text


class HoldBody(Bare):
    """For how long."""

    minutes: Annotated[int, Field(ge=1, le=60)]


class CloseBody(desk.Close):
    """Cause, measure, and whom it concerned."""

    command_id: CommandId = None


def case_or_refusal(answer: Answer) -> CaseView:
    """The case after a command. Raises Refusal with the code of why it was not carried out."""
    if answer.case is None:
        code = answer.code or "not_found"
        detail = {"handler_name": answer.handler_name} if answer.handler_name else {}
        raise Refusal(code, STATUS.get(code, 409), **detail)
    return answer.case


def desk_router(parts: DeskParts, sessions: Sessions) -> APIRouter:  # noqa: PLR0915 - a list of routes
    """The routes, to be mounted at the root."""
    router = APIRouter(prefix="/api/v1", tags=["cases"])
    asker = Depends(sessions)

    @router.get("/cases", openapi_extra=asks(Act.CASE_LIST))
    async def list_cases(
        who: Annotated[Who, asker],
        state: Literal["open", "closed"] | None = None,
        resident: OptionalId = None,
        limit: Limit = 50,
        cursor: OptionalId = None,
    ) -> CaseList:
        """Cases in reach, newest first. The list shows names, so it is logged for each principal shown."""
        at = parts.clock.now()
        async with parts.store.write() as connection:
            whom = Whom() if resident is None else await whom_of_resident(connection, resident)
            exists = resident is None or whom.principal is not None
            answer = decide(who, Act.CASE_LIST, whom, [], at) if exists else HIDDEN
            shown: set[str] = set()
            if isinstance(answer, Allowed):
                query = select(tables.case).where(tables.case.c.principal.in_(desk_reach(who, at)), before(who))
                if state is not None:
                    is_open = tables.case.c.open_key.is_not(None)
                    query = query.where(is_open if state == "open" else ~is_open)
                if resident is not None:
                    query = query.where(tables.case.c.resident == resident)
                if cursor is not None:
                    query = query.where(tables.case.c.id < cursor)
                query = query.order_by(tables.case.c.id.desc()).limit(limit + 1)
                rows = (await connection.execute(query)).mappings().all()
                cases = [case_of(row) for row in rows[:limit]]
                items = await case_views(connection, cases, at)
                shown = {case.principal for case in cases}
            # Who asks for one resident learns something from an empty list too, and who asks in vain has tried.
            about = [whom] if resident is not None else [Whom(name) for name in sorted(shown)] or [Whom(who.principal)]
            for one in about:
                await write_answer(connection, who, Act.CASE_LIST, one, answer, at=at, subject=resident)
        insist(answer)
        return CaseList(items=items, next=items[-1].id if len(rows) > limit else None)

    @router.get("/cases/{case_id}", openapi_extra=asks(Act.CASE_READ))
    async def read_case(who: Annotated[Who, asker], case_id: Id) -> CaseDetail:
        """A case with its signals and timeline; each look is logged. Of a protected identity no place is shown."""
        at = parts.clock.now()
        async with parts.store.write() as connection:
            case = await find_case(connection, case_id)
            whom = whom_of(case)
            grants = await grants_of(connection, who.person, at)
            answer = decide(who, Act.CASE_READ, whom, grants, at)
            await write_answer(connection, who, Act.CASE_READ, whom, answer, at=at, subject=case_id)
            shown = None
            if case and isinstance(answer, Allowed):
                protected = await hides_place(connection, case.resident, case.home)
                where = sees_address(who, whom, grants, at, protected=protected)
                shown = await case_detail(connection, case, at, show_place=where)
        insist(answer)
        assert shown is not None
        return shown

    async def carry_out(who: Who, case_id: str, act: desk.Act, command_id: str | None) -> CaseView:
        command_id = command_id or new_id("command", parts.clock.now())
        return case_or_refusal(await parts.commands.carry_out(who, command_id, case_id, act))

    @router.post("/cases/{case_id}/take", openapi_extra=asks(Act.CASE_ACT))
    async def take(who: Annotated[Who, asker], case_id: Id, body: Bare | None = None) -> CaseView:
        """Become the handler; 409 `taken` when another was first."""
        return await carry_out(who, case_id, desk.Take(), body.command_id if body else None)

    @router.post("/cases/{case_id}/take-over", openapi_extra=asks(Act.CASE_TAKE_OVER))
    async def take_over(who: Annotated[Who, asker], case_id: Id, body: Bare | None = None) -> CaseView:
        """A supervisor becomes the handler of what another has."""
        return await carry_out(who, case_id, desk.TakeOver(), body.command_id if body else None)

    @router.post("/cases/{case_id}/release", openapi_extra=asks(Act.CASE_ACT))
    async def release(who: Annotated[Who, asker], case_id: Id, body: Bare | None = None) -> CaseView:
        """Give the case back to the queue."""
        return await carry_out(who, case_id, desk.Release(), body.command_id if body else None)

    @router.post("/cases/{case_id}/note", openapi_extra=asks(Act.CASE_ACT))
    async def note(who: Annotated[Who, asker], case_id: Id, body: NoteBody) -> CaseView:
        """Write something down."""
        return await carry_out(who, case_id, desk.Note(text=body.text), body.command_id)

    @router.post("/cases/{case_id}/hold", openapi_extra=asks(Act.CASE_ACT))
    async def hold(who: Annotated[Who, asker], case_id: Id, body: HoldBody) -> CaseView:
        """Set the case aside; a new press wakes it."""
        return await carry_out(who, case_id, desk.Hold(minutes=body.minutes), body.command_id)

    @router.post("/cases/{case_id}/resume", openapi_extra=asks(Act.CASE_ACT))
    async def resume(who: Annotated[Who, asker], case_id: Id, body: Bare | None = None) -> CaseView:
        """Take the case up from hold."""
        return await carry_out(who, case_id, desk.Resume(), body.command_id if body else None)

    @router.post("/cases/{case_id}/read", openapi_extra=asks(Act.CASE_ACT))
    async def read(who: Annotated[Who, asker], case_id: Id, body: Bare | None = None) -> CaseView:
        """Mark every signal on the case as read."""
        return await carry_out(who, case_id, desk.Read(), body.command_id if body else None)

    @router.post("/cases/{case_id}/close", openapi_extra=asks(Act.CASE_ACT))
    async def close(who: Annotated[Who, asker], case_id: Id, body: CloseBody) -> CaseView:
        """End the case with cause, measure and whom it concerned."""
        act = desk.Close.model_validate(body.model_dump(exclude={"command_id"}))
        return await carry_out(who, case_id, act, body.command_id)

    @router.websocket("/desk")
    async def desk_socket(websocket: WebSocket) -> None:
        """The operator's socket (kit/wire/desk.py)."""
        opened = await who_opens(websocket, sessions, parts.clock)
        if opened is not None:
            await DeskSocket(websocket, opened[0], parts, opened[1]).run()

    return router
