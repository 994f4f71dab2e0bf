"""The page to choose whom to be. It exists with `--demo` and only then; real log-in takes its place."""

from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import Field

from kit.clock import Clock
from kit.errors import Refusal
from kit.params import Id
from kit.store import Store
from kit.tokens import Signer
from kit.wire.model import Wire
from kit.wire.session import DemoPeople
from registry.access import Act
from registry.demo import demo_people, demo_token
from registry.session_web import COOKIE, asks


class Choice(Wire):
    """Whom to be."""

    be: Annotated[str, Field(alias="as", min_length=1, max_length=80)]


def demo_router(store: Store, signer: Signer, clock: Clock) -> APIRouter:
    """The routes, to be mounted at the root of a demonstration."""
    router = APIRouter(prefix="/api/v1/demo", tags=["demonstration"])

    @router.get("/people", openapi_extra=asks(Act.PUBLIC))
    async def people() -> DemoPeople:
        """Everybody whose page exists."""
        return demo_people()

    @router.post("/received/{name}", status_code=204, openapi_extra=asks(Act.PUBLIC))
    async def take_event(name: Id) -> None:
        """What the demonstration's own subscriptions are sent to: it takes every event, and keeps none."""

    @router.post("/session", status_code=204, openapi_extra=asks(Act.PUBLIC))
    async def choose(choice: Choice, request: Request, response: Response) -> None:
        """Be that person, or that resident's device, from now on."""
        if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
            raise Refusal("cross_origin", 403)
        async with store.read() as connection:
            token = await demo_token(connection, signer, choice.be, clock.now())
        if token is None:
            raise Refusal("not_found", 404)
        secure = request.url.scheme == "https"
        response.set_cookie(COOKIE, token, httponly=True, samesite="strict", secure=secure, path="/")

    return router
