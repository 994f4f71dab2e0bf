"""Events are drawn from the feed: what a case's timeline has new is written down as events, in the order of the feed.

A task of its own, so that storing an alarm costs nothing more for being told outside. One process draws at a time; what
it writes and how far it has read are one transaction, so a line is one event of its type, whoever dies when.
Order of locks: `outward_read`, then the heads; nobody who has a case, or the feed's head, waits for either.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import RowMapping, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from alarms import tables as alarm_tables
from alarms.core.outward_events import event_types, said
from alarms.feed import went_back
from alarms.journal import head_position
from alarms.outward import tables
from kit.bus import Bus
from kit.clock import Clock
from kit.metrics import counter
from kit.store import Store, insert, skip_locked
from kit.wire.outward import EventType

drawn_total = counter("outward_events_total", "Events for other systems, by type", ["type"])

OUTWARD = "outward"
"""The bus topic on which it is told that there are new events."""

AT_ONCE = 200  # positions of the feed in one transaction
BACK = timedelta(days=1)  # how much older than its place in the feed a line may be, by another process's clock
_READ = 1


async def begin(connection: AsyncConnection, principal: str, at: datetime) -> int:
    """From now on, draw that principal's events too; the place of its newest, 0 when there is none yet."""
    head = insert(connection, tables.outward_head).values(principal=principal, position=0, since=at)
    await connection.execute(head.on_conflict_do_nothing(index_elements=["principal"]))
    read = insert(connection, tables.outward_read).values(id=_READ, position=await head_position(connection))
    await connection.execute(read.on_conflict_do_nothing(index_elements=["id"]))
    return await newest(connection, principal)


async def newest(connection: AsyncConnection, principal: str) -> int:
    """The place of that principal's newest event."""
    query = select(tables.outward_head.c.position).where(tables.outward_head.c.principal == principal)
    return await connection.scalar(query) or 0


class Drawing:
    """Reads the feed on."""

    def __init__(self, store: Store, bus: Bus, clock: Clock) -> None:
        self._store = store
        self._bus = bus
        self._clock = clock

    async def draw(self) -> int:
        """Draw what is new; how many places of the feed were read. Raises StorageDown and Conflict."""
        if not await self._anything():
            return 0
        async with self._store.write() as connection:
            query = select(tables.outward_read.c.position).where(tables.outward_read.c.id == _READ)
            after: int | None = await connection.scalar(skip_locked(connection, query))
            if after is None:
                return 0  # another process draws
            read, rows = await _events_after(connection, after, self._clock.now())
            await connection.execute(update(tables.outward_read).values(position=read))
            if rows:
                await connection.execute(tables.outward_event.insert(), rows)
        for row in rows:
            drawn_total.labels(type=row["type"]).inc()
        if rows:
            await self._bus.notify(OUTWARD)
        return read - after

    async def _anything(self) -> bool:
        async with self._store.read() as connection:
            after = await connection.scalar(select(tables.outward_read.c.position))
            return after is not None and await head_position(connection) != after


async def _events_after(connection: AsyncConnection, after: int, at: datetime) -> tuple[int, list[dict[str, Any]]]:
    """The events that follow a position of the feed, with their places, and up to which position."""
    feed = alarm_tables.feed
    query = select(feed).where(feed.c.position > after).order_by(feed.c.position).limit(AT_ONCE)
    changes = (await connection.execute(query)).mappings().all()
    if not changes:
        head = await head_position(connection)
        return head if went_back(after, head) else after, []  # what was committed since is for the next look
    heads = (await connection.execute(select(tables.outward_head))).mappings().all()
    since = {row["principal"]: row["since"] for row in heads}
    told = [change for change in changes if change["principal"] in since]
    found = await _lines(connection, told, since) if told else []
    places = {row["principal"]: row["position"] for row in heads}
    rows = []
    for case, line in found:
        for event_type in event_types(line["kind"], case["reason"], line["data"]):
            places[case["principal"]] += 1
            rows.append(_row(case, line, event_type, places[case["principal"]], at))
    for head_row in heads:
        if places[head_row["principal"]] != head_row["position"]:
            mine = tables.outward_head.c.principal == head_row["principal"]
            moved = update(tables.outward_head).where(mine).values(position=places[head_row["principal"]])
            await connection.execute(moved)
    return changes[-1]["position"], rows


async def _lines(
    connection: AsyncConnection, changes: Sequence[RowMapping], since: Mapping[str, datetime]
) -> list[tuple[RowMapping, RowMapping]]:
    """Each line that is not drawn yet of these cases, with its case, in the order of the feed."""
    ids = sorted({change["case"] for change in changes})
    of_cases = select(alarm_tables.case).where(alarm_tables.case.c.id.in_(ids))
    cases = {row["id"]: row for row in (await connection.execute(of_cases)).mappings()}
    line, event = alarm_tables.timeline, tables.outward_event
    drawn = select(event.c.id).where(event.c.line == line.c.id).exists()
    oldest = min(change["at"] for change in changes) - BACK
    query = select(line).where(line.c.case.in_(ids), line.c.at >= oldest, ~drawn).order_by(line.c.at, line.c.id)
    lines: dict[str, list[RowMapping]] = {}
    for row in (await connection.execute(query)).mappings():
        lines.setdefault(row["case"], []).append(row)
    last = {change["case"]: change["position"] for change in changes}
    found = []
    for change in changes:
        case = cases.get(change["case"])
        if case is None:
            continue
        mine = lines.get(case["id"], [])
        while mine and (mine[0]["at"] <= change["at"] or last[case["id"]] == change["position"]):
            first = mine.pop(0)
            if first["at"] >= since[case["principal"]]:
                found.append((case, first))
    return found


def _row(case: RowMapping, line: RowMapping, event_type: EventType, position: int, at: datetime) -> dict[str, Any]:
    about_device = event_type in {EventType.DEVICE_SILENT, EventType.DEVICE_HEARD}
    return {
        "principal": case["principal"],
        "position": position,
        "id": f"{line['id']}.device" if about_device else line["id"],
        "line": line["id"],
        "type": event_type.value,
        "case": case["id"],
        "at": line["at"],
        "kind": case["kind"],
        "reason": case["reason"],
        "resident": case["resident"],
        "device": case["device"],
        "by": line["by"],
        "said": said(event_type, line["data"]),
        "kept_at": at,
    }
