"""Commands that wait to be sent, for whichever process hears the broker: claimed first, then sent, at most once."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from alarms import tables
from kit.store import Store
from registry.locks import FoundLock, find_lock


@dataclass(frozen=True, slots=True)
class ToSend:
    """A command that is ours to send now, to that lock, worth nothing after `expires_at`."""

    id: str
    lock: FoundLock
    action: str
    expires_at: datetime


async def claim_unsent(store: Store, at: datetime) -> list[ToSend]:
    """The commands nobody has sent, marked as sent by us before they are. Raises StorageDown."""
    command = tables.lock_command
    unsent = command.c.waiting.is_not(None) & command.c.sent_at.is_(None) & (command.c.expires_at > at)
    async with store.read() as connection:
        if await connection.scalar(select(command.c.id).where(unsent).limit(1)) is None:
            return []
    async with store.write() as connection:
        claimed = update(command).where(unsent).values(sent_at=at)
        rows = await connection.execute(
            claimed.returning(command.c.id, command.c.lock, command.c.action, command.c.expires_at)
        )
        return [one for row in rows.all() if (one := await _to_send(connection, *row)) is not None]


async def _to_send(
    connection: AsyncConnection, command_id: str, lock_id: str, action: str, expires_at: datetime
) -> ToSend | None:
    found = await find_lock(connection, lock_id)
    return None if found is None else ToSend(command_id, found, action, expires_at)
