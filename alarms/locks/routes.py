"""Locks over HTTP: which there are and how they stand, and opening one for a case."""

from typing import Annotated

from fastapi import APIRouter, Depends

from alarms.locks.commands import LockCommands
from alarms.locks.views import door_state, lock_page
from kit.clock import Clock
from kit.errors import Refusal
from kit.ids import new_id
from kit.params import Id, Limit, OptionalId
from kit.problem import PROBLEM_RESPONSES
from kit.store import Store
from kit.wire.lock import LockList, LockOpened, OpenLock
from kit.wire.words import LockOutcome, LockState
from registry.access import Act, Allowed, Who, Whom, decide, reach
from registry.find import whom_of_resident
from registry.look import insist, write_answer
from registry.session_web import Sessions, asks

TITLES = {
    "lock_jammed": "The lock is jammed. The door did not open.",
    "lock_refused": "The lock refused the command.",
    "lock_no_answer": "The lock did not answer in time. The door may still be locked.",
    "lock_unreachable": "The lock could not be reached.",
    "lock_not_remote": "This lock takes no commands.",
}
STATUS = {LockOutcome.UNREACHABLE: 503, LockOutcome.NO_ANSWER: 504}


def locks_router(store: Store, clock: Clock, sessions: Sessions, commands: LockCommands) -> APIRouter:
    """The routes, to be mounted at the root."""
    router = APIRouter(prefix="/api/v1", tags=["locks"], responses=PROBLEM_RESPONSES)
    asker = Depends(sessions)

    @router.get("/locks", openapi_extra=asks(Act.LOCK_LIST))
    async def list_locks(
        who: Annotated[Who, asker],
        home: OptionalId = None,
        resident: OptionalId = None,
        limit: Limit = 50,
        cursor: OptionalId = None,
    ) -> LockList:
        """Locks of the principals in reach, of one home, or of where a resident lives; by id."""
        at = clock.now()
        async with store.write() as connection:
            whom = Whom() if resident is None else await whom_of_resident(connection, resident)
            answer = decide(who, Act.LOCK_LIST, whom, [], at)
            page = None
            shown = {whom.principal or who.principal}
            if isinstance(answer, Allowed):
                of_home = home if resident is None else whom.home or ""
                page = await lock_page(connection, reach(who, at), home=of_home, limit=limit, cursor=cursor)
                shown = {lock.principal for lock in page.items} or shown
            for one in sorted(name for name in shown if name):
                asked = Whom(principal=one, resident=resident)
                await write_answer(connection, who, Act.LOCK_LIST, asked, answer, at=at, subject=home or resident)
        insist(answer)
        assert page is not None
        return page

    @router.post("/locks/{lock_id}/open", openapi_extra=asks(Act.LOCK_OPEN))
    async def open_lock(who: Annotated[Who, asker], lock_id: Id, body: OpenLock) -> LockOpened:
        """Open a door for a case or mission; answers when the lock has confirmed, or within ten seconds why not."""
        command_id = body.command_id or new_id("command", clock.now())
        stands = await commands.open(who, lock_id, body.purpose, command_id)
        assert stands.outcome is not None
        if stands.outcome is not LockOutcome.OPENED:
            raise Refusal(stands.outcome.value, STATUS.get(stands.outcome, 409))
        async with store.read() as connection:
            door = await door_state(connection, lock_id)
        return LockOpened(
            lock=lock_id,
            command=stands.id,
            state=stands.state or LockState.UNKNOWN,
            door_state=door,
            at=stands.settled_at or clock.now(),
        )

    return router
