"""Links in the database: a status with a session's number, judged by what the device last said.

The signal and the remark are stored first and the link last: a process that dies in between hears the message again,
judges it as before, and the hub knows the signal.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select

from alarms.core.link import Link, LinkState, after, news
from alarms.core.signal import Outcome, Receipt, Signal
from alarms.locks.remark import store_remark
from alarms.receivers.mqtt.parse import Linked
from alarms.receivers.tables import device_link
from kit.bus import Bus
from kit.store import Store, insert
from registry.find import find_device

OLDER = "older_session"
REMEMBERED = "remembered"


async def hear_link(
    store: Store, bus: Bus, receive: Callable[[Signal], Awaitable[Receipt]], said: Linked, at: datetime
) -> str:
    """Have it stored; what became of it. What the broker had kept is remembered and is no event. Raises StorageDown."""
    device = said.remark.account
    async with store.read() as connection:
        found = await find_device(connection, device)
        query = select(device_link.c.session, device_link.c.state).where(device_link.c.device == device)
        row = (await connection.execute(query)).first()
    if found is None or found.principal != said.remark.principal:
        return Outcome.UNKNOWN_ACCOUNT.value
    stands = None if row is None else Link(row[0], LinkState(row[1]))
    link = after(stands, said.link)
    if link is None:
        return OLDER
    kind = None if said.remembered else news(stands, link)
    outcome = REMEMBERED
    if kind is not None:
        outcome = (await receive(replace(said.signal, kind=kind))).outcome.value
    if found.kind == "lock":
        await store_remark(store, bus, said.remark, at)
    values = {"session": link.session, "state": link.state.value, "at": at}
    async with store.write() as connection:
        statement = insert(connection, device_link).values(device=device, **values)
        await connection.execute(statement.on_conflict_do_update(index_elements=["device"], set_=values))
    return outcome
