"""A principal's integrations over HTTP: its administrators list, add and end them; each asking is logged."""

import secrets as randomness
from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Depends

from alarms.receivers.vendors.signature import secret_bytes
from alarms.receivers.vendors.stored import Kept, add_integration, end_integration, integration, integrations_of
from kit.clock import Clock
from kit.errors import Refusal
from kit.ids import new_id
from kit.params import Id
from kit.problem import PROBLEM_RESPONSES
from kit.store import Store
from kit.wire.vendors import AddIntegration, IntegrationAdded, Integrations, SignatureScheme
from registry.access import Act, Allowed, Who, Whom
from registry.look import ask, insist
from registry.session_web import Sessions, asks

TITLES = {
    "bad_secret": "The secret is not what the scheme says: it is not base64, or too short.",
    "integrations_many": "There are as many integrations as there may be. End one first.",
}
MOST = 50


def integrations_router(store: Store, clock: Clock, sessions: Sessions, keys: Sequence[str]) -> APIRouter:
    """The routes, to be mounted at the root."""
    router = APIRouter(prefix="/api/v1", tags=["vendors"], responses=PROBLEM_RESPONSES)
    asker = Depends(sessions)

    @router.get("/vendor-integrations", openapi_extra=asks(Act.INTEGRATION_READ))
    async def list_integrations(who: Annotated[Who, asker]) -> Integrations:
        """The services of vendors that call us for this principal."""
        kept: list[Kept] = []
        async with store.write() as connection:
            answer = await ask(connection, who, Act.INTEGRATION_READ, Whom(who.principal), at=clock.now())
            if isinstance(answer, Allowed):
                kept = await integrations_of(connection, who.principal or "")
        insist(answer)
        return Integrations(items=[one.shown() for one in kept])

    @router.post("/vendor-integrations", status_code=201, openapi_extra=asks(Act.INTEGRATION_WRITE))
    async def add(who: Annotated[Who, asker], body: AddIntegration) -> IntegrationAdded:
        """Enter one. The secret is shown this once; it is kept sealed."""
        at = clock.now()
        if body.vendor == "generic" and body.scheme is None:
            body = body.model_copy(update={"scheme": SignatureScheme()})
        secret = body.secret or randomness.token_urlsafe(32)
        added = new_id("integration", at)
        kept = None
        async with store.write() as connection:
            answer = await ask(connection, who, Act.INTEGRATION_WRITE, Whom(who.principal), at=at, subject=added)
            if isinstance(answer, Allowed) and who.principal is not None:
                _insist_on_secret(body.scheme, secret)
                if len(await integrations_of(connection, who.principal)) >= MOST:
                    raise Refusal("integrations_many")
                await add_integration(connection, added, who.principal, body, secret, keys, by=who.person, at=at)
                kept = await integration(connection, added)
        insist(answer)
        assert kept is not None
        path = kept.path if body.scheme is not None else f"{kept.path}?key={secret}"
        return IntegrationAdded(integration=kept.shown(), secret=secret, path=path)

    @router.delete("/vendor-integrations/{integration_id}", status_code=204, openapi_extra=asks(Act.INTEGRATION_WRITE))
    async def end(who: Annotated[Who, asker], integration_id: Id) -> None:
        """End one: its calls are a stranger's from now on."""
        at = clock.now()
        async with store.write() as connection:
            kept = await integration(connection, integration_id)
            whom = Whom(None if kept is None else kept.principal)
            answer = await ask(connection, who, Act.INTEGRATION_WRITE, whom, at=at, subject=integration_id)
            if isinstance(answer, Allowed):
                await end_integration(connection, integration_id, by=who.person, at=at)
        insist(answer)

    return router


def _insist_on_secret(scheme: SignatureScheme | None, secret: str) -> None:
    try:
        secret_bytes(scheme, secret)
    except ValueError as error:
        raise Refusal("bad_secret", 422) from error
