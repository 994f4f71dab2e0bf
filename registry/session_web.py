"""Who asks over HTTP or a WebSocket: a bearer token, or the cookie that log-in has set.

A browser sends the cookie along with whatever any page asks of it, so with a cookie what changes something, or opens a
socket, is believed only from our own pages. A program with a bearer token has no such trouble.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection, Request

from kit.clock import Clock
from kit.errors import Refusal, StorageDown
from kit.lane import Lane
from kit.store import Store
from kit.tasks import Tasks
from kit.tokens import Claims, Signer
from registry.access import Act, Who
from registry.sessions import DEVICE, read_token, which_devices, who_holds

COOKIE = "nattljus_session"
HARMLESS = ("GET", "HEAD", "OPTIONS")
LONGEST = 4096  # characters of a token

TITLES = {
    "unauthenticated": "Log in first.",
    "cross_origin": "This was asked by another site's page.",
    "not_found": "There is no such thing here.",
    "session_ended": "The session has ended. Log in again.",
    "wrong_role": "Your role does not include this.",
    "other_unit": "This belongs to another unit than yours.",
    "no_desk": "Your role is held in one unit, and a desk serves whole principals.",
    "no_principal": "Your role is not held in a principal.",
    "no_purpose": "This can be read only in connection with an open case.",
    "not_handler": "Only who has the case may do this.",
    "no_grant": "Nobody has given you the right to this.",
}


def asks(act: Act) -> dict[str, Any]:
    """For a route's `openapi_extra`: which act it asks `registry.access` about. A test finds routes without."""
    return {"x-access": act.value}


class Sessions:
    """Finds out who asks; also a FastAPI dependency that insists on somebody: `who: Annotated[Who, Depends(sessions)]`.

    `public_url` is the address behind which the platform stands, when it differs from the Host header. `devices` is
    where devices are looked up, so that no crowd of people keeps a press waiting.
    """

    def __init__(
        self, store: Store, signer: Signer, clock: Clock, public_url: str = "", *, devices: Store | None = None
    ) -> None:
        self._store = store
        self._device_store = devices or store
        self._signer = signer
        self._clock = clock
        self._own_host = urlsplit(public_url).netloc.lower()
        # One reading for all the devices that ask at once: each by itself cost more than storing what it said.
        self._devices: Lane[Claims, Who | None] = Lane("device_tokens", self._which_devices)
        self._started = False

    def start(self, tasks: Tasks) -> None:
        """Begin to read devices' tokens together; before that each is read by itself."""
        self._devices.start(tasks)
        self._started = True

    async def __call__(self, request: Request) -> Who:
        """Who asks. Raises Refusal `unauthenticated` (401) or `cross_origin` (403)."""
        who = await self.who(request)
        if who is None:
            raise Refusal("unauthenticated", 401)
        return who

    async def who(self, connection: HTTPConnection) -> Who | None:
        """Who asks, none when the token is missing or worth nothing. Raises Refusal `cross_origin` (403).

        For a WebSocket, call this before `accept`.
        """
        token = bearer(connection)
        if token is None:
            token = connection.cookies.get(COOKIE)
            if token is not None and self._changes_something(connection) and not self._from_our_pages(connection):
                raise Refusal("cross_origin", 403)
        return None if token is None else await self.holder(token, self._clock.now())

    async def holder(self, token: str, at: datetime) -> Who | None:
        """Who holds a token at that moment; a socket that stays open asks again now and then."""
        if len(token) > LONGEST:
            return None
        claims = read_token(self._signer, token, at)
        if claims is None:
            return None
        if claims.kind == DEVICE and self._started:
            return await self._devices.put(claims)
        async with self._store.read() as connection:
            return await who_holds(connection, claims, at)

    async def _which_devices(self, several: Sequence[Claims]) -> list[Who | Exception | None]:
        try:
            async with self._device_store.read() as connection:
                return list(await which_devices(connection, several))
        except StorageDown as down:
            return [down] * len(several)

    @staticmethod
    def _changes_something(connection: HTTPConnection) -> bool:
        return connection.scope["type"] == "websocket" or connection.scope["method"] not in HARMLESS

    def _from_our_pages(self, connection: HTTPConnection) -> bool:
        origin = connection.headers.get("origin")
        if origin is None:
            return connection.headers.get("sec-fetch-site") == "same-origin"
        host = urlsplit(origin).netloc.lower()
        return host != "" and host in {connection.headers.get("host", "").lower(), self._own_host}


def bearer(connection: HTTPConnection) -> str | None:
    """The token of an Authorization header of the Bearer scheme (RFC 6750 §2.1), none when there is no such header."""
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def token_of(connection: HTTPConnection) -> str | None:
    """The token that came with a request, from header or cookie."""
    return bearer(connection) or connection.cookies.get(COOKIE)
