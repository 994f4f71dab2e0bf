"""A round of one subscription: leased, loaded, sent, settled. What the answers mean is decided in `core/outward.py`.

The lease is a row's `holder` until `held_until`, taken with SKIP LOCKED: two processes never send the same at once. A
round stops sending long before its lease ends. `turn` fences: whoever changes the subscription meanwhile lets it grow,
and the round is not settled. What was sent and not settled is sent again, with the same id.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from alarms.core.outward import Heard, Item, Receiver, Round, Settled, plan_round, settle
from alarms.outward.drawing import newest
from alarms.outward.tables import outward_delivery, outward_event, outward_head, subscription
from alarms.outward.telling import events_after
from kit.store import Store, for_update, insert, skip_locked

HELD_FOR = timedelta(seconds=30)
WINDOW = 50  # events a round takes from the cursor on
DUE_CASES = 20  # cases in which something is tried again, in one round

_waiting = outward_delivery.c.dead_at.is_(None)


@dataclass(frozen=True, slots=True)
class Loaded:
    """A subscription's row as it was leased, what to send of it now, and the rows of the events by place."""

    row: Mapping[str, Any]
    receiver: Receiver
    round: Round
    events: Mapping[int, Mapping[str, Any]]
    replayed: frozenset[int]


async def due(connection: AsyncConnection, at: datetime, limit: int) -> Sequence[str]:
    """The subscriptions that have something to do and are in nobody's hands, the longest untouched first."""
    one = subscription
    behind = select(outward_head.c.position).where(outward_head.c.principal == one.c.principal).scalar_subquery()
    query = (
        select(one.c.id)
        .where(_free(at), or_(one.c.due_at <= at, one.c.position < behind))
        .order_by(one.c.held_until.nulls_first())
        .limit(limit)
    )
    return (await connection.scalars(query)).all()


def _free(at: datetime) -> Any:
    one = subscription
    return (
        one.c.on
        & or_(one.c.held_until.is_(None), one.c.held_until <= at)
        & or_(one.c.resume_at.is_(None), one.c.resume_at <= at)
    )


async def lease(store: Store, ids: Sequence[str], me: str, at: datetime) -> list[Mapping[str, Any]]:
    """Take these subscriptions in hand, as far as nobody else has; they as they stand then."""
    one = subscription
    async with store.write() as connection:
        query = select(one.c.id).where(one.c.id.in_(ids), _free(at))
        mine = list((await connection.scalars(skip_locked(connection, query))).all())
        if not mine:
            return []
        held = {"holder": me, "held_until": at + HELD_FOR, "turn": one.c.turn + 1}
        await connection.execute(update(one).where(one.c.id.in_(mine)).values(held))
        rows = await connection.execute(select(one).where(one.c.id.in_(mine)))
        return [dict(row) for row in rows.mappings()]


async def give_back(store: Store, me: str) -> None:
    """Let others have what this process holds, at once."""
    async with store.write() as connection:
        await connection.execute(update(subscription).where(subscription.c.holder == me).values(_released()))


def _released() -> dict[str, None]:
    return {"holder": None, "held_until": None}


async def load(connection: AsyncConnection, row: Mapping[str, Any], at: datetime) -> Loaded:
    """What to send of a leased subscription."""
    principal, types = row["principal"], list(row["types"])
    head = await newest(connection, principal)
    fresh = await events_after(connection, principal, row["position"], types, WINDOW)
    last = fresh[-1]["position"] if len(fresh) == WINDOW else max(head, row["position"])
    mine = (outward_delivery.c.subscription == row["id"]) & _waiting
    again = [first.case for first in await _firsts(connection, row["id"], at)]
    cases = sorted({*again, *(event["case"] for event in fresh)})
    rows = await connection.execute(select(outward_delivery).where(mine, outward_delivery.c.case.in_(cases)))
    waiting = {one["position"]: one for one in rows.mappings()}
    of_waiting = select(outward_event).where(
        outward_event.c.principal == principal, outward_event.c.position.in_(sorted(waiting))
    )
    rest = (await connection.execute(of_waiting)).mappings()
    events = {one["position"]: dict(one) for one in [*fresh, *rest]}
    items = [
        Item(place, one["case"], one["tries"], one["first_at"], one["next_at"])
        for place, one in waiting.items()
        if place in events
    ]
    new = [Item(one["position"], one["case"]) for one in fresh if one["position"] not in waiting]
    receiver = Receiver(row["failures"], row["pauses"], row["down_since"], row["resume_at"])
    replayed = {place for place in events if place <= row["replay_until"]}
    replayed |= {place for place, one in waiting.items() if one["replayed"]}
    return Loaded(row, receiver, plan_round(items, new, last, receiver, at), events, frozenset(replayed))


async def _firsts(connection: AsyncConnection, subscription_id: str, at: datetime | None) -> Sequence[Any]:
    """The first waiting event of each case, soonest first; only those due by then, when `at` is given."""
    row = outward_delivery
    first = (
        select(func.min(row.c.position).label("position"))
        .where(row.c.subscription == subscription_id, _waiting)
        .group_by(row.c.case)
        .subquery()
    )
    query = (
        select(row.c.case, row.c.next_at)
        .join(first, first.c.position == row.c.position)
        .where(row.c.subscription == subscription_id)
    )
    if at is not None:
        query = query.where(row.c.next_at <= at)
    return (await connection.execute(query.order_by(row.c.next_at).limit(DUE_CASES))).all()


async def conclude(
    store: Store, loaded: Loaded, answers: Mapping[int, tuple[Heard, str]], at: datetime, jitter: float
) -> Settled | None:
    """Write down what a round has come to, and let go of it; none when it was somebody else's by then, or changed."""
    row, one = loaded.row, subscription
    async with store.write() as connection:
        locked = for_update(connection, select(one.c.turn, one.c.holder).where(one.c.id == row["id"]))
        now = (await connection.execute(locked)).first()
        if now is None or now.holder != row["holder"]:
            return None
        if now.turn != row["turn"]:
            await connection.execute(update(one).where(one.c.id == row["id"]).values(_released()))
            return None
        meant = {place: heard for place, (heard, _) in answers.items()}
        settled = settle(loaded.round, row["position"], loaded.receiver, meant, at, jitter)
        await _write_deliveries(connection, loaded, settled, answers, at)
        failed = [word for heard, word in answers.values() if heard is not Heard.TAKEN]
        firsts = await _firsts(connection, row["id"], None)
        receiver = settled.receiver
        values = {
            **_released(),
            "position": settled.cursor,
            "due_at": firsts[0].next_at if firsts else None,
            "failures": receiver.failures,
            "pauses": receiver.pauses,
            "down_since": receiver.down_since,
            "resume_at": receiver.resume_at,
            "heard_at": at if Heard.TAKEN in meant.values() else row["heard_at"],
            "outcome": failed[0][:80] if failed else row["outcome"],
            "held_until": at,  # in the past as soon as it is looked at: who was served last comes last
        }
        await connection.execute(update(one).where(one.c.id == row["id"]).values(values))
    return settled


async def _write_deliveries(
    connection: AsyncConnection,
    loaded: Loaded,
    settled: Settled,
    answers: Mapping[int, tuple[Heard, str]],
    at: datetime,
) -> None:
    owner = loaded.row["id"]
    mine = outward_delivery.c.subscription == owner
    if settled.done:
        gone = outward_delivery.c.position.in_(settled.done)
        await connection.execute(delete(outward_delivery).where(mine, gone))
    rows = [
        {
            "subscription": owner,
            "position": item.position,
            "case": item.case,
            "tries": item.tries,
            "first_at": item.first_at,
            "next_at": item.next_at or at,
            "dead_at": dead_at,
            "outcome": answers[item.position][1][:80] if item.position in answers else "",
            "replayed": item.position in loaded.replayed,
        }
        for items, dead_at in ((settled.waiting, None), (settled.dead, at))
        for item in items
    ]
    if rows:
        statement = insert(connection, outward_delivery)
        changed = ("tries", "first_at", "next_at", "dead_at", "outcome")
        statement = statement.on_conflict_do_update(
            index_elements=["subscription", "position"], set_={name: statement.excluded[name] for name in changed}
        )
        await connection.execute(statement, rows)
