"""Clients over HTTP: a principal's administrators enter its other systems, give them tokens and end them."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends

from alarms.outward.drawing import begin
from kit.clock import Clock
from kit.errors import Refusal
from kit.ids import new_id
from kit.params import Id
from kit.store import Store
from kit.tokens import Signer
from kit.wire.client import ClientBody, ClientList, ClientToken, TokenBody
from registry.access import Act, Who, Whom
from registry.clients import add_client, client_row, client_token, client_view, clients_of, end_client
from registry.look import ask, insist
from registry.session_web import Sessions, asks

TITLES = {"clients_many": "There are as many systems as there may be. Remove one first."}

MOST = 20


def clients_router(store: Store, clock: Clock, sessions: Sessions, signer: Signer) -> APIRouter:
    """The routes, to be included under the API's prefix."""
    router = APIRouter(tags=["clients"])
    asker = Depends(sessions)
    reads, writes = asks(Act.CLIENT_READ), asks(Act.CLIENT_WRITE)

    async def may(who: Who, act: Act, client_id: str | None = None) -> str:
        """The principal it is about, and the ask in its log. Raises Refusal; another principal's is not there."""
        async with store.write() as connection:
            row = None if client_id is None else await client_row(connection, client_id)
            owner = who.principal if client_id is None else row["principal"] if row else None
            answer = await ask(connection, who, act, Whom(owner), at=clock.now(), subject=client_id)
        insist(answer)
        assert owner is not None
        return str(owner)

    @router.get("/clients", openapi_extra=reads)
    async def list_clients(who: Annotated[Who, asker]) -> ClientList:
        """The principal's other systems that may ask for themselves."""
        owner = await may(who, Act.CLIENT_READ)
        async with store.read() as connection:
            return ClientList(items=await clients_of(connection, owner))

    @router.post("/clients", status_code=201, openapi_extra=writes)
    async def add(who: Annotated[Who, asker], body: ClientBody) -> ClientToken:
        """Enter a system. Events are kept for it from now on; its token is shown this once."""
        owner = await may(who, Act.CLIENT_WRITE)
        at = clock.now()
        added = new_id("client", at)
        async with store.write() as connection:
            if len(await clients_of(connection, owner)) >= MOST:
                raise Refusal("clients_many")
            await add_client(connection, added, owner, body.scopes, at, body.name.strip())
            await begin(connection, owner, at)
        return await token(added, body, renew=False)

    @router.post("/clients/{client}/token", openapi_extra=writes)
    async def renew_token(who: Annotated[Who, asker], client: Id, body: TokenBody) -> ClientToken:
        """A new token, shown this once. Those from before are worth nothing from now on."""
        await may(who, Act.CLIENT_WRITE, client)
        return await token(client, body, renew=True)

    @router.delete("/clients/{client}", status_code=204, openapi_extra=writes)
    async def end(who: Annotated[Who, asker], client: Id) -> None:
        """End it: its tokens are worth nothing from now on."""
        await may(who, Act.CLIENT_WRITE, client)
        async with store.write() as connection:
            await end_client(connection, client, clock.now())

    async def token(client_id: str, body: TokenBody, *, renew: bool) -> ClientToken:
        async with store.write() as connection:
            lifetime = timedelta(days=body.days)
            made = await client_token(connection, signer, client_id, clock.now(), lifetime, renew=renew)
            row = await client_row(connection, client_id)
        if made is None or row is None:
            raise Refusal("not_found", 404)
        return ClientToken(client=client_view(row), token=made)

    return router
