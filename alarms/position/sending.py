"""Questions on their way: claimed in the database first, then given to the device, at most once."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from alarms.core.locate import ANSWERED_WITHIN, Sent, decide
from alarms.core.shapes import Refused
from alarms.position.journal import lock_locates, write_locate
from alarms.position.tables import locate as table
from kit.store import Store
from kit.wire.position import LocateCommand, LocateCommandData
from kit.wire.position_words import LocateState

LOCATES = "locates"
"""The bus topic on which questions to devices are told to be looked for."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question that is ours to give to that device now; worth nothing after `expires_at`."""

    principal: str
    device: str
    command: LocateCommand
    expires_at: datetime


async def claim_questions(store: Store, at: datetime, *, protocol: str, device: str | None = None) -> list[Question]:
    """The questions that no one has given to their devices yet, marked as sent before they are. Raises StorageDown."""
    asked = (table.c.state == LocateState.ASKED.value) & (table.c.protocol == protocol) & (table.c.next_step_at > at)
    if device is not None:
        asked &= table.c.waiting == device
    query = select(table.c.id).where(asked, table.c.waiting.is_not(None)).order_by(table.c.id).limit(50)
    async with store.read() as connection:
        waiting = list((await connection.scalars(query)).all())
    if not waiting:
        return []
    async with store.write() as connection:
        return await _claim(connection, waiting, at)


async def _claim(connection: AsyncConnection, waiting: list[str], at: datetime) -> list[Question]:
    sent = []
    for locate in await lock_locates(connection, waiting):
        after = decide(locate, Sent(), at)
        if not isinstance(after, Refused):
            await write_locate(connection, after)
            sent.append(after.id)
    query = select(table.c.id, table.c.principal, table.c.device).where(table.c.id.in_(sent)).order_by(table.c.id)
    ends = at + ANSWERED_WITHIN
    return [
        Question(
            row.principal,
            row.device,
            LocateCommand(id=row.id, time=at, data=LocateCommandData(command=row.id, expires_at=ends)),
            ends,
        )
        for row in await connection.execute(query)
    ]
