"""Events as they are told: the same CloudEvent in a webhook and to who fetches them."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import RowMapping, select
from sqlalchemy.ext.asyncio import AsyncConnection

from alarms.outward.tables import outward_event
from kit.wire.outward import EventData, EventType, OutwardEvent

WIDTH = 18  # digits of a sequence, so that texts sort as numbers do


def sequence(position: int) -> str:
    """A place in the order, as it is told."""
    return f"{position:0{WIDTH}d}"


def event_of(row: RowMapping | Mapping[str, Any], *, resident: bool, replayed: bool = False) -> OutwardEvent:
    """The event in a row of `outward_event`; it says whose it is only with `resident`."""
    return OutwardEvent(
        id=row["id"],
        source=f"urn:nattljus:{row['principal']}",
        type=EventType(row["type"]),
        subject=row["case"],
        time=row["at"],
        sequence=sequence(row["position"]),
        replayed=replayed,
        data=EventData(
            case=row["case"],
            kind=row["kind"],
            reason=row["reason"],
            device=row["device"],
            by=row["by"],
            said=row["said"],
            resident=row["resident"] if resident else None,
        ),
    )


def body_of(event: OutwardEvent) -> bytes:
    """What is sent: one JSON text, at most a few hundred bytes since it holds ids and codes only."""
    return event.model_dump_json().encode()


async def events_after(
    connection: AsyncConnection, principal: str, position: int, types: Sequence[str], limit: int
) -> list[RowMapping]:
    """The next events after a place, of these types or of all when none is named."""
    event = outward_event
    query = select(event).where(event.c.principal == principal, event.c.position > position)
    if types:
        query = query.where(event.c.type.in_(types))
    return list((await connection.execute(query.order_by(event.c.position).limit(limit))).mappings())
