"""Whoever looks is logged, in the transaction of the look: if the row cannot be written, nothing is shown.

`ask` is the door every route goes through: it reads the asker's grants, decides, and writes what was decided. A no is
written too, so the caller commits before it refuses:

    async with store.write() as connection:
        answer = await ask(connection, who, Act.RESIDENT_READ, whom, at=at)
        card = await resident_card(connection, …) if isinstance(answer, Allowed) else None
    insist(answer)
"""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.errors import Refusal
from kit.ids import new_id
from kit.wire.resident import AccessLogPage, AccessRow
from registry.access import Act, Allowed, Decision, Denied, Who, Whom, decide, part_of
from registry.grants import grants_of
from registry.tables import access_log


async def write_access(
    connection: AsyncConnection,
    who: Who,
    act: Act,
    *,
    at: datetime,
    principal: str | None,
    resident: str | None = None,
    subject: str | None = None,
    purpose: str | None = None,
    allowed: bool = True,
    detail: dict[str, str | int | bool | None] | None = None,
) -> None:
    """Write one row: who did or tried what, for whom, why. `subject` is the thing itself (a case, a device).

    `detail` holds ids and codes, never names. `principal` is none where there was no such thing.
    """
    await connection.execute(
        access_log.insert().values(
            id=new_id("access", at),
            at=at,
            principal=principal or "",
            person=who.person,
            role=part_of(who),
            unit=who.unit or who.central or who.principal,
            act=act.value,
            resident=resident,
            subject=subject,
            purpose=purpose,
            allowed=allowed,
            detail=detail or {},
        )
    )


async def ask(
    connection: AsyncConnection,
    who: Who,
    act: Act,
    whom: Whom,
    *,
    at: datetime,
    subject: str | None = None,
) -> Decision:
    """Decide, and write down what was decided, in the caller's transaction. What was asked about stands in `whom`."""
    answer = decide(who, act, whom, await grants_of(connection, who.person, at), at)
    await write_answer(connection, who, act, whom, answer, at=at, subject=subject)
    return answer


async def write_answer(
    connection: AsyncConnection,
    who: Who,
    act: Act,
    whom: Whom,
    answer: Decision,
    *,
    at: datetime,
    subject: str | None = None,
) -> None:
    """Write down a decision that was made. A no about another principal is in that principal's log."""
    await write_access(
        connection,
        who,
        act,
        at=at,
        principal=whom.principal,
        resident=whom.resident,
        subject=subject,
        purpose=None if whom.purpose is None else f"{whom.purpose.kind}:{whom.purpose.id}",
        allowed=isinstance(answer, Allowed),
        detail={"basis": answer.basis.value} if isinstance(answer, Allowed) else {"code": answer.code},
    )


def insist(answer: Decision) -> None:
    """Go on if the answer is yes. Raises Refusal: 404 when the thing is hidden from the asker, else 403."""
    if isinstance(answer, Denied):
        raise Refusal(answer.code, 404 if answer.hidden else 403)


async def access_page(
    connection: AsyncConnection, principal: str, *, resident: str | None, limit: int, cursor: str | None
) -> AccessLogPage:
    """A page of a principal's access log, newest first; `cursor` is the last id of the page before."""
    query = select(access_log).where(access_log.c.principal == principal).order_by(access_log.c.id.desc())
    if resident is not None:
        query = query.where(access_log.c.resident == resident)
    if cursor is not None:
        query = query.where(access_log.c.id < cursor)
    rows: list[Any] = list((await connection.execute(query.limit(limit + 1))).mappings())
    items = [
        AccessRow(
            **{name: row[name] for name in AccessRow.model_fields if name != "sealed"},
            sealed=row["sealed_no"] is not None,
        )
        for row in rows[:limit]
    ]
    return AccessLogPage(items=items, next=items[-1].id if len(rows) > limit else None)
