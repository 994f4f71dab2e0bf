"""Steps over HTTP: a principal's own list for each kind of alarm, and what a resident needs besides.

Whoever writes names the tag that was seen; the principal's or the resident's row is locked while it is compared.
"""

from collections.abc import Mapping, Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Path
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from alarms.core.action_steps import usual
from alarms.planning.tag import insist_on, tag_of
from kit.clock import Clock
from kit.errors import Refusal
from kit.params import Id
from kit.store import Store, for_update
from kit.wire.planning import (
    ActionSteps,
    OwnSteps,
    PutResidentSteps,
    PutSteps,
    ResidentStep,
    ResidentSteps,
    UsualSteps,
)
from kit.wire.words import Reason
from registry.access import Act, Allowed, Who, Whom
from registry.find import whom_of_resident
from registry.look import ask, insist
from registry.session_web import Sessions, asks
from registry.steps import every_addition, every_own, set_additions, set_own
from registry.tables import principal, resident

EVERY = "every"
"""In the address: the list for every alarm that has none of its own."""

Which = Annotated[str, Path(pattern=r"^[a-z0-9_]{1,40}$", description="A reason, or `every`.")]


def steps_router(store: Store, clock: Clock, sessions: Sessions) -> APIRouter:
    """The routes, to be included among the planners'."""
    router = APIRouter(tags=["steps"])
    asker = Depends(sessions)

    @router.get("/action-steps", openapi_extra=asks(Act.ACTION_STEPS_READ))
    async def read_steps(who: Annotated[Who, asker]) -> ActionSteps:
        """The principal's own lists, and ours for what it has no list for."""
        async with store.write() as connection:
            answer = await ask(connection, who, Act.ACTION_STEPS_READ, Whom(who.principal), at=clock.now())
            own = await every_own(connection, who.principal or "") if isinstance(answer, Allowed) else {}
        insist(answer)
        return _shown(own)

    @router.put("/action-steps/{which}", openapi_extra=asks(Act.ACTION_STEPS_WRITE))
    async def write_steps(who: Annotated[Who, asker], which: Which, body: PutSteps) -> ActionSteps:
        """Store the list for a reason, or for `every` alarm; cases that run keep the steps they have."""
        at = clock.now()
        reason = None if which == EVERY else _reason(which)
        async with store.write() as connection:
            whom = Whom(who.principal)
            answer = await ask(connection, who, Act.ACTION_STEPS_WRITE, whom, at=at, subject=which)
        insist(answer)
        assert who.principal is not None
        async with store.write() as connection:
            await connection.execute(
                for_update(connection, select(principal.c.id).where(principal.c.id == who.principal))
            )
            own = await every_own(connection, who.principal)
            insist_on(body.seen, own.get(reason, []))
            await set_own(connection, who.principal, reason, body.texts, at)
            own = await every_own(connection, who.principal)
        return _shown(own)

    @router.get("/residents/{resident}/action-steps", openapi_extra=asks(Act.RESIDENT_STEPS_READ))
    async def read_additions(who: Annotated[Who, asker], resident: Id) -> ResidentSteps:
        """What is to be done for this resident besides; each look is logged."""
        found = None
        async with store.write() as connection:
            whom = await whom_of_resident(connection, resident)
            answer = await ask(connection, who, Act.RESIDENT_STEPS_READ, whom, at=clock.now(), subject=resident)
            if isinstance(answer, Allowed):
                found = await _additions(connection, resident)
        insist(answer)
        assert found is not None
        return found

    @router.put("/residents/{resident}/action-steps", openapi_extra=asks(Act.RESIDENT_STEPS_WRITE))
    async def write_additions(who: Annotated[Who, asker], resident: Id, body: PutResidentSteps) -> ResidentSteps:
        """Store them; cases that run keep the steps they have."""
        at = clock.now()
        async with store.write() as connection:
            whom = await whom_of_resident(connection, resident)
            answer = await ask(connection, who, Act.RESIDENT_STEPS_WRITE, whom, at=at, subject=resident)
        insist(answer)
        async with store.write() as connection:
            before = await _additions(connection, resident, lock=True)
            if before.tag != body.seen:
                raise Refusal("changed_meanwhile", 409)
            await set_additions(connection, resident, [(one.reason, one.text) for one in body.items], at)
            return await _additions(connection, resident)

    return router


def _reason(which: str) -> Reason:
    try:
        return Reason(which)
    except ValueError:
        raise Refusal("invalid", 422, **{"path.which": "enum"}) from None


def _shown(own: Mapping[str | None, Sequence[str]]) -> ActionSteps:
    reasons = [None, *Reason]
    lists = [(reason, list(own.get(reason, ()))) for reason in reasons]
    return ActionSteps(
        items=[OwnSteps(reason=reason, texts=texts, tag=tag_of(texts)) for reason, texts in lists],
        usual=[UsualSteps(kind=kind, reason=reason, codes=list(codes)) for kind, reason, codes in usual()],
    )


async def _additions(connection: AsyncConnection, resident_id: str, *, lock: bool = False) -> ResidentSteps:
    query = select(resident.c.name).where(resident.c.id == resident_id)
    name = await connection.scalar(for_update(connection, query) if lock else query)
    items = await every_addition(connection, resident_id)
    return ResidentSteps(
        resident=resident_id,
        name=name or resident_id,
        items=[ResidentStep(reason=None if reason is None else Reason(reason), text=text) for reason, text in items],
        tag=tag_of(items),
    )
