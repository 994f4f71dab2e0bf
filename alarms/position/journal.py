"""Questions to devices in and out of the database, and their answers in the journal's transaction.

The case is locked first and the question after it, everywhere.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import RowMapping, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from alarms import tables as alarm_tables
from alarms.core.at_position import LocateEnded
from alarms.core.case import decide as decide_case
from alarms.core.locate import CannotTell, Event, Locate, Placed, decide
from alarms.core.opening import Sender
from alarms.core.position import Fix
from alarms.core.shapes import Case, Entry, Refused
from alarms.core.shapes import Decision as CaseDecision
from alarms.position.keeping import New
from alarms.position.tables import locate as table
from kit.store import for_update
from kit.wire.position_words import LocateState, LocateStep

CANNOT_TELL = "nattljus.position.unknown"
"""The type of the event by which a device says that it does not know where it is."""

_COLUMNS = [field.name for field in fields(Locate)]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a device has told while it may be asked: `open_key` is the key of the question's case, none once closed."""

    locate: str
    open_key: str | None
    event: Event


def locate_of(row: RowMapping) -> Locate:
    """The question in a row."""
    values = {name: row[name] for name in _COLUMNS}
    step = LocateStep(row["next_step"]) if row["next_step"] else None
    return Locate(**{**values, "state": LocateState(row["state"]), "next_step": step})


async def lock_locates(connection: AsyncConnection, ids: Collection[str]) -> list[Locate]:
    """These questions, locked by id; their cases are locked already."""
    query = select(table).where(table.c.id.in_(sorted(ids))).order_by(table.c.id)
    return [locate_of(row) for row in (await connection.execute(for_update(connection, query))).mappings()]


async def write_locate(connection: AsyncConnection, locate: Locate) -> None:
    """Write what has become of a question."""
    values = {name: getattr(locate, name) for name in ("step", "next_step", "next_step_at", "sent_at", "ended_at")}
    if locate.ended_at is not None:
        values["waiting"] = None
    await connection.execute(update(table).where(table.c.id == locate.id).values(state=locate.state.value, **values))


async def become(
    connection: AsyncConnection, case: Case | None, locate: Locate, event: Event, at: datetime
) -> tuple[Case, tuple[Entry, ...]] | None:
    """Let something happen to a question; its case then with the lines, none where the case is as it was."""
    after = decide(locate, event, at)
    if isinstance(after, Refused) or after == locate:
        return None
    await write_locate(connection, after)
    if case is None or after.ended_at is None:
        return None
    told = decide_case(case, LocateEnded(after.device, after.state), at)
    return (told.case, told.entries) if isinstance(told, CaseDecision) else None


async def answers_in(
    connection: AsyncConnection, new: New, senders: Mapping[str, Sender], fixes: Mapping[str, Fix]
) -> list[Answer]:
    """What in a batch may answer a question that waits; nothing is locked yet."""
    events: dict[str, list[Event]] = {}
    for key, (_, signal) in new.items():
        if key not in senders:
            continue
        command = signal.details.get("command")
        if key in fixes:
            events.setdefault(senders[key].device, []).append(Placed(fixes[key], command))
        elif signal.type == CANNOT_TELL:
            events.setdefault(senders[key].device, []).append(CannotTell(command))
    if not events:
        return []
    case = alarm_tables.case
    query = select(table.c.id, table.c.waiting, case.c.open_key).join(case, case.c.id == table.c.case)
    query = query.where(table.c.waiting.in_(sorted(events))).order_by(table.c.id)  # as whoever sends them locks them
    rows = await connection.execute(query)
    return [Answer(row.id, row.open_key, event) for row in rows for event in events[row.waiting]]
