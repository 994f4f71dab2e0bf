"""The demonstration's subscriptions: one that delivers, and one whose receiver left dead letters behind."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncConnection

from alarms.outward.drawing import begin, newest
from alarms.outward.signature import new_key
from alarms.outward.subscriptions import PURPOSE
from alarms.outward.tables import outward_delivery, outward_event, outward_head, subscription
from kit.seal import seal
from kit.store import insert
from kit.wire.outward import EventType
from kit.wire.words import CaseKind, Reason

PRINCIPAL = "demo-kommun"
RECEIVED = "/api/v1/demo/received"
WORKING, LEFT = "demo-subscription-1", "demo-subscription-2"
BEFORE = (EventType.CASE_RAISED, EventType.CASE_TAKEN, EventType.CASE_CLOSED)
AGO = timedelta(hours=3)


async def fill(connection: AsyncConnection, web: str, secrets: Sequence[str], at: datetime) -> None:
    """Put them in place, in the caller's transaction; what is there is left alone but for where this platform is.

    `web` is this platform's own address on loopback: nothing leaves the machine.
    """
    head = insert(connection, outward_head).values(principal=PRINCIPAL, position=len(BEFORE), since=at)
    first = (await connection.execute(head.on_conflict_do_nothing())).rowcount == 1
    await begin(connection, PRINCIPAL, at)
    if first:
        await connection.execute(outward_event.insert(), [_event(place, at) for place in range(1, len(BEFORE) + 1)])
    position = await newest(connection, PRINCIPAL)
    rows = [_row(WORKING, f"{web}{RECEIVED}/uppfoljning", [], position, secrets)]
    rows.append(_row(LEFT, f"{web}{RECEIVED}/journal", [one.value for one in BEFORE], position, secrets))
    await connection.execute(insert(connection, subscription).on_conflict_do_nothing(), rows)
    for row in rows:
        theirs = (subscription.c.id == row["id"]) & subscription.c.url.contains(RECEIVED)
        await connection.execute(update(subscription).where(theirs).values(url=row["url"]))
    if first:
        dead = [_dead(place, at) for place in range(1, len(BEFORE))]
        await connection.execute(insert(connection, outward_delivery).on_conflict_do_nothing(), dead)


def _event(place: int, at: datetime) -> dict[str, Any]:
    return {
        "principal": PRINCIPAL,
        "position": place,
        "id": f"demo-event-{place}",
        "line": f"demo-event-{place}",
        "type": BEFORE[place - 1].value,
        "case": "demo-case-1",
        "at": at - AGO + timedelta(minutes=place),
        "kind": CaseKind.PERSON.value,
        "reason": Reason.PRESSED.value,
        "said": {},
        "kept_at": at,
    }


def _row(subscription_id: str, url: str, types: list[str], position: int, secrets: Sequence[str]) -> dict[str, Any]:
    return {
        "id": subscription_id,
        "principal": PRINCIPAL,
        "url": url,
        "types": types,
        "resident": False,
        "on": True,
        "secret": seal(new_key(), secrets, purpose=PURPOSE, about=subscription_id),
        "position": position,
        "replay_until": 0,
        "turn": 0,
        "failures": 0,
        "pauses": 0,
        "outcome": "",
        "missed": 0,
    }


def _dead(place: int, at: datetime) -> dict[str, Any]:
    return {
        "subscription": LEFT,
        "position": place,
        "case": "demo-case-1",
        "tries": 1,
        "first_at": at - AGO + timedelta(minutes=place),
        "next_at": at,
        "dead_at": at - AGO + timedelta(minutes=place),
        "outcome": "http 410",
        "replayed": False,
    }
