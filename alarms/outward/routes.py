"""Subscriptions over HTTP, for a principal's administrators."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from sqlalchemy.ext.asyncio import AsyncConnection

from alarms.outward.address import Network, url_fault
from alarms.outward.clients import TITLES as CLIENT_TITLES
from alarms.outward.clients import clients_router
from alarms.outward.drawing import OUTWARD
from alarms.outward.fetching import Cursor, events_router
from alarms.outward.subscriptions import (
    add,
    change,
    dead_letters,
    new_secret,
    place_before,
    remove,
    replay,
    retry,
    said_in,
    subscription_row,
    subscriptions_of,
    view,
)
from alarms.planning.tag import insist_on
from kit.bus import Bus
from kit.clock import Clock
from kit.errors import Refusal
from kit.params import Id, Limit
from kit.problem import PROBLEM_RESPONSES
from kit.store import Store
from kit.tokens import Signer
from kit.wire.outward import (
    Again,
    DeadLetters,
    PutSubscription,
    Replay,
    SubscriptionBody,
    SubscriptionList,
    SubscriptionSecret,
    SubscriptionView,
)
from registry.access import Act, Who, Whom
from registry.look import ask, insist
from registry.session_web import Sessions, asks

TITLES = {
    **CLIENT_TITLES,
    "scope": "This token was not given for that.",
    "subscription_many": "There are as many subscriptions as there may be.",
    "subscription_url": "Events go to an https address on the open network.",
    "cursor_ahead": "There are no events as new as that. Begin with a cursor of your own, or 0.",
}

MOST = 20

Seen = Annotated[str, Query(pattern=r"^[0-9a-f]{16}$", description="The tag that was seen.")]


def outward_router(  # noqa: PLR0915 - a list of routes
    store: Store, bus: Bus, clock: Clock, sessions: Sessions, secrets: Sequence[str], networks: Sequence[Network]
) -> APIRouter:
    """The routes, to be mounted at the root."""
    router = APIRouter(prefix="/api/v1", tags=["outward"], responses=PROBLEM_RESPONSES)
    router.include_router(events_router(store, bus, clock, sessions))
    router.include_router(clients_router(store, clock, sessions, Signer(secrets)))
    asker = Depends(sessions)
    reads, writes = asks(Act.SUBSCRIPTION_READ), asks(Act.SUBSCRIPTION_WRITE)

    async def may(who: Who, act: Act, subscription_id: str | None = None) -> str:
        """The principal it is about, and the ask in its log. Raises Refusal; what is another principal's is not there.

        In a transaction of its own: what is refused afterwards leaves the row where it is.
        """
        async with store.write() as connection:
            row = None if subscription_id is None else await subscription_row(connection, subscription_id)
            owner = who.principal if subscription_id is None else row["principal"] if row else None
            answer = await ask(connection, who, act, Whom(owner), at=clock.now(), subject=subscription_id)
        insist(answer)
        assert owner is not None
        return str(owner)

    async def shown(connection: AsyncConnection, subscription_id: str) -> SubscriptionView:
        return await view(connection, await there(connection, subscription_id), clock.now())

    @router.get("/subscriptions", openapi_extra=reads)
    async def list_subscriptions(who: Annotated[Who, asker]) -> SubscriptionList:
        """The principal's subscriptions and how each goes."""
        owner = await may(who, Act.SUBSCRIPTION_READ)
        async with store.read() as connection:
            rows = await subscriptions_of(connection, owner)
            return SubscriptionList(items=[await view(connection, row, clock.now()) for row in rows])

    @router.post("/subscriptions", status_code=201, openapi_extra=writes)
    async def add_subscription(who: Annotated[Who, asker], body: SubscriptionBody) -> SubscriptionSecret:
        """Send events from now on. The secret is shown this once."""
        owner = await may(who, Act.SUBSCRIPTION_WRITE)
        insist_on_url(body, networks)
        async with store.write() as connection:
            if len(await subscriptions_of(connection, owner)) >= MOST:
                raise Refusal("subscription_many", 409)
            subscription_id, secret = await add(connection, owner, body, secrets, clock.now())
            return SubscriptionSecret(subscription=await shown(connection, subscription_id), secret=secret)

    @router.put("/subscriptions/{subscription}", openapi_extra=writes)
    async def change_subscription(
        who: Annotated[Who, asker], subscription: Id, body: PutSubscription
    ) -> SubscriptionView:
        """Change it, over what was seen. A receiver that was down is asked again at once."""
        await may(who, Act.SUBSCRIPTION_WRITE, subscription)
        insist_on_url(body, networks)
        async with store.write() as connection:
            insist_on(body.seen, said_in(await there(connection, subscription)))
            await change(connection, subscription, body)
            view_now = await shown(connection, subscription)
        await bus.notify(OUTWARD)
        return view_now

    @router.delete("/subscriptions/{subscription}", status_code=204, openapi_extra=writes)
    async def delete_subscription(who: Annotated[Who, asker], subscription: Id, seen: Seen) -> None:
        """Send nothing there any more."""
        await may(who, Act.SUBSCRIPTION_WRITE, subscription)
        async with store.write() as connection:
            insist_on(seen, said_in(await there(connection, subscription)))
            await remove(connection, subscription)

    @router.post("/subscriptions/{subscription}/secret", openapi_extra=writes)
    async def change_secret(who: Annotated[Who, asker], subscription: Id) -> SubscriptionSecret:
        """Sign with a new secret, and for 24 hours with the one before too. It is shown this once."""
        await may(who, Act.SUBSCRIPTION_WRITE, subscription)
        async with store.write() as connection:
            secret = await new_secret(connection, await there(connection, subscription), secrets, clock.now())
            return SubscriptionSecret(subscription=await shown(connection, subscription), secret=secret)

    @router.post("/subscriptions/{subscription}/replay", openapi_extra=writes)
    async def replay_from(who: Annotated[Who, asker], subscription: Id, body: Replay) -> Again:
        """Send again, marked as replayed, what came after a place or since a moment; what is new comes after it."""
        await may(who, Act.SUBSCRIPTION_WRITE, subscription)
        async with store.write() as connection:
            row = await there(connection, subscription)
            after = await place_before(connection, row["principal"], body.since) if body.since else int(body.from_ or 0)
            events = await replay(connection, row, after)
        await bus.notify(OUTWARD)
        return Again(events=events)

    @router.get("/subscriptions/{subscription}/dead", openapi_extra=reads)
    async def list_dead(
        who: Annotated[Who, asker], subscription: Id, limit: Limit = 50, cursor: Cursor = "0"
    ) -> DeadLetters:
        """What was given up, oldest first."""
        await may(who, Act.SUBSCRIPTION_READ, subscription)
        async with store.read() as connection:
            return await dead_letters(connection, await there(connection, subscription), int(cursor), limit)

    @router.post("/subscriptions/{subscription}/dead/retry", openapi_extra=writes)
    async def retry_all(who: Annotated[Who, asker], subscription: Id) -> Again:
        """Send every dead letter once more."""
        return await again(who, subscription, None)

    @router.post("/subscriptions/{subscription}/dead/{event}/retry", openapi_extra=writes)
    async def retry_one(who: Annotated[Who, asker], subscription: Id, event: Id) -> Again:
        """Send one dead letter once more, by the event's id."""
        return await again(who, subscription, event)

    async def again(who: Who, subscription: str, event: str | None) -> Again:
        await may(who, Act.SUBSCRIPTION_WRITE, subscription)
        async with store.write() as connection:
            events = await retry(connection, await there(connection, subscription), clock.now(), event)
        if event is not None and not events:
            raise Refusal("not_found", 404)
        await bus.notify(OUTWARD)
        return Again(events=events)

    return router


async def there(connection: AsyncConnection, subscription_id: str) -> Mapping[str, Any]:
    """Its row, locked. Raises Refusal where somebody has removed it meanwhile."""
    row = await subscription_row(connection, subscription_id)
    if row is None:
        raise Refusal("not_found", 404)
    return row


def insist_on_url(body: SubscriptionBody, networks: Sequence[Network]) -> None:
    """Raises Refusal for an address that nothing may be sent to."""
    if url_fault(body.url, networks):
        raise Refusal("subscription_url", 422)
