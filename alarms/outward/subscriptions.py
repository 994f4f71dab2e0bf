"""Subscriptions in the database: entered, changed, rewound; their keys sealed; their dead letters.

Whatever changes a subscription lets its `turn` grow, so that a round that is under way is not settled over it.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from alarms.outward.drawing import begin, newest
from alarms.outward.signature import new_key, shown
from alarms.outward.tables import outward_delivery, outward_event, subscription
from alarms.outward.telling import event_of, sequence
from alarms.planning.tag import tag_of
from kit.ids import new_id
from kit.seal import open_sealed, seal
from kit.store import for_update
from kit.wire.outward import DeadLetter, DeadLetters, EventType, SubscriptionBody, SubscriptionView

PURPOSE = "subscription"
BOTH_KEYS = timedelta(hours=24)  # both keys sign for so long after a change

_FRESH: Mapping[str, Any] = {"failures": 0, "pauses": 0, "down_since": None, "resume_at": None}


def keys_of(row: Mapping[str, Any], secrets: Sequence[str], at: datetime) -> list[bytes]:
    """The keys that sign now, the newest first. Raises SealError."""
    keys = [open_sealed(row["secret"], secrets, purpose=PURPOSE, about=row["id"])]
    if row["secret_before"] is not None and row["before_until"] > at:
        keys.append(open_sealed(row["secret_before"], secrets, purpose=PURPOSE, about=row["id"]))
    return keys


def said_in(row: Mapping[str, Any] | SubscriptionBody) -> dict[str, Any]:
    """What an administrator has said of it."""
    values = row.model_dump(mode="json") if isinstance(row, SubscriptionBody) else row
    return {name: values[name] for name in ("url", "types", "resident", "on")}


async def subscription_row(connection: AsyncConnection, subscription_id: str) -> Mapping[str, Any] | None:
    """One, locked until the transaction ends; none when there is none."""
    query = for_update(connection, select(subscription).where(subscription.c.id == subscription_id))
    row = (await connection.execute(query)).mappings().one_or_none()
    return None if row is None else dict(row)


async def subscriptions_of(connection: AsyncConnection, principal: str) -> list[Mapping[str, Any]]:
    """A principal's, oldest first."""
    query = select(subscription).where(subscription.c.principal == principal).order_by(subscription.c.id)
    return [dict(row) for row in (await connection.execute(query)).mappings()]


async def add(
    connection: AsyncConnection, principal: str, body: SubscriptionBody, secrets: Sequence[str], at: datetime
) -> tuple[str, str]:
    """Enter one that begins with the next event; its id, and its key as it is shown once."""
    subscription_id, key = new_id("subscription", at), new_key()
    position = await begin(connection, principal, at)
    await connection.execute(
        subscription.insert().values(
            id=subscription_id,
            principal=principal,
            **said_in(body),
            secret=seal(key, secrets, purpose=PURPOSE, about=subscription_id),
            position=position,
            replay_until=0,
            turn=0,
            outcome="",
            missed=0,
            **_FRESH,
        )
    )
    return subscription_id, shown(key)


async def change(connection: AsyncConnection, subscription_id: str, body: SubscriptionBody) -> None:
    """Change it; a receiver that was down is asked again at once."""
    await _set(connection, subscription_id, {**said_in(body), **_FRESH})


async def remove(connection: AsyncConnection, subscription_id: str) -> None:
    """Send nothing there any more."""
    await connection.execute(delete(outward_delivery).where(outward_delivery.c.subscription == subscription_id))
    await connection.execute(delete(subscription).where(subscription.c.id == subscription_id))


async def new_secret(connection: AsyncConnection, row: Mapping[str, Any], secrets: Sequence[str], at: datetime) -> str:
    """Sign with a new key from now on, and with the one before for a while; the new one as it is shown once."""
    key = new_key()
    sealed = seal(key, secrets, purpose=PURPOSE, about=row["id"])
    values = {"secret": sealed, "secret_before": row["secret"], "before_until": at + BOTH_KEYS}
    await _set(connection, row["id"], values)
    return shown(key)


async def place_before(connection: AsyncConnection, principal: str, since: datetime) -> int:
    """The place after which a principal's events since that moment follow, of those that are kept."""
    event = outward_event
    mine = event.c.principal == principal
    first = await connection.scalar(select(func.min(event.c.position)).where(mine, event.c.kept_at >= since))
    return await newest(connection, principal) if first is None else first - 1


async def replay(connection: AsyncConnection, row: Mapping[str, Any], after: int) -> int:
    """Go back to after that place and send what is kept from there on again; how many events that is.

    What waits or is dead from there on is sent in that order too, and no more by itself.
    """
    mine = (outward_delivery.c.subscription == row["id"]) & (outward_delivery.c.position > after)
    await connection.execute(delete(outward_delivery).where(mine))
    until = max(row["position"], row["replay_until"])
    values = {"position": min(after, row["position"]), "replay_until": until, **_FRESH}
    await _set(connection, row["id"], values)
    event = outward_event
    query = select(func.count()).where(
        event.c.principal == row["principal"], event.c.position > after, event.c.position <= until
    )
    if row["types"]:
        query = query.where(event.c.type.in_(row["types"]))
    return await connection.scalar(query) or 0


async def retry(connection: AsyncConnection, row: Mapping[str, Any], at: datetime, event_id: str | None = None) -> int:
    """Send this dead letter, or all of them, once more; how many."""
    delivery = outward_delivery
    mine = (delivery.c.subscription == row["id"]) & delivery.c.dead_at.is_not(None)
    if event_id is not None:
        place = select(outward_event.c.position).where(
            outward_event.c.principal == row["principal"], outward_event.c.id == event_id
        )
        mine &= delivery.c.position.in_(place)
    again = {"dead_at": None, "tries": 0, "first_at": None, "next_at": at, "replayed": True}
    found = (await connection.execute(update(delivery).where(mine).values(again))).rowcount
    if found:
        await _set(connection, row["id"], {"due_at": at})
    return found


async def _set(connection: AsyncConnection, subscription_id: str, values: Mapping[str, Any]) -> None:
    mine = update(subscription).where(subscription.c.id == subscription_id)
    await connection.execute(mine.values({**values, "turn": subscription.c.turn + 1}))


async def view(connection: AsyncConnection, row: Mapping[str, Any], at: datetime) -> SubscriptionView:
    """How it is and how it goes."""
    delivery = outward_delivery
    dead = delivery.c.dead_at.is_not(None)
    count = select(dead, func.count()).where(delivery.c.subscription == row["id"]).group_by(dead)
    counted = {bool(is_dead): number for is_dead, number in (await connection.execute(count)).all()}
    paused = row["down_since"] is not None
    again_at = row["resume_at"] if paused else row["due_at"] if counted.get(False) else None
    rotating = row["before_until"] is not None and row["before_until"] > at
    return SubscriptionView(
        id=row["id"],
        tag=tag_of(said_in(row)),
        url=row["url"],
        types=[EventType(name) for name in row["types"]],
        resident=row["resident"],
        state="off" if not row["on"] else "paused" if paused else "on",
        sequence=sequence(row["position"]),
        newest=sequence(await newest(connection, row["principal"])),
        waiting=counted.get(False, 0),
        dead=counted.get(True, 0),
        missed=row["missed"],
        heard_at=row["heard_at"],
        paused_since=row["down_since"],
        asked_again_at=again_at if row["on"] else None,
        outcome=row["outcome"],
        rotating_until=row["before_until"] if rotating else None,
    )


async def dead_letters(connection: AsyncConnection, row: Mapping[str, Any], after: int, limit: int) -> DeadLetters:
    """The dead letters after that place, oldest first."""
    delivery, event = outward_delivery, outward_event
    here = (event.c.principal == row["principal"]) & (event.c.position == delivery.c.position)
    query = (
        select(
            event, delivery.c.tries, delivery.c.first_at, delivery.c.dead_at, delivery.c.outcome, delivery.c.replayed
        )
        .join(event, here)
        .where(delivery.c.subscription == row["id"], delivery.c.dead_at.is_not(None), delivery.c.position > after)
        .order_by(delivery.c.position)
        .limit(limit + 1)
    )
    rows = (await connection.execute(query)).mappings().all()
    items = [
        DeadLetter(
            event=event_of(one, resident=row["resident"], replayed=one["replayed"]),
            tries=one["tries"],
            first_at=one["first_at"],
            dead_at=one["dead_at"],
            outcome=one["outcome"],
        )
        for one in rows[:limit]
    ]
    return DeadLetters(items=items, next=items[-1].event.sequence if len(rows) > limit else None)
