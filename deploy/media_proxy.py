"""`/media/<node>/…` on our own origin: WHIP and WHEP are passed to the relay node that the address names.

Only the handshake goes through here; pictures and sound go between the browser and the node by themselves. Who may have
a leg is the node's to check, by the token; nothing of a request is read here but its size.
"""

from typing import Annotated

import httpx
from fastapi import APIRouter, Path, Request
from fastapi.responses import Response

from kit.clock import Clock
from kit.errors import Refusal
from kit.log import get_logger
from kit.problem import PROBLEM_RESPONSES
from kit.store import Store
from registry.access import Act
from registry.session_web import asks
from signaling.nodes import node_url

log = get_logger(__name__)

LONGEST = 65_536  # bytes of an offer or an answer
WITHIN = 4.0  # seconds for the node's answer
KNOWN_FOR = 2.0  # seconds
TO_NODE = ("authorization", "content-type", "if-match", "accept")
FROM_NODE = ("content-type", "location", "etag", "accept-post", "accept-patch", "link", "www-authenticate")
WORD = r"^[A-Za-z0-9._~-]{1,120}$"
Word = Annotated[str, Path(pattern=WORD)]
Way = Annotated[str, Path(pattern="^(whip|whep)$")]

TITLES = {"relay_away": "The relay does not answer. Ask for a new leg."}


class MediaProxy:
    """Passes requests on. `close` lets go of the lines to the nodes."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._client = httpx.AsyncClient(timeout=WITHIN, follow_redirects=False, trust_env=False)
        self._known: dict[str, tuple[str, float]] = {}

    def router(self) -> APIRouter:
        """The routes, to be mounted at the root."""
        router = APIRouter(prefix="/media", tags=["media"], responses=PROBLEM_RESPONSES)
        public = asks(Act.PUBLIC)

        @router.api_route("/{node}/{way}/{leg}", methods=["POST", "OPTIONS"], openapi_extra=public)
        async def open_leg(request: Request, node: Word, way: Way, leg: Word) -> Response:
            """WHIP (RFC 9725 §4.2) or WHEP: an SDP offer with the leg's token; answered with SDP and a Location."""
            return await self._pass_on(request, node, f"{way}/{leg}")

        @router.api_route("/{node}/{way}/{leg}/{session}", methods=["PATCH", "DELETE"], openapi_extra=public)
        async def change_leg(request: Request, node: Word, way: Way, leg: Word, session: Word) -> Response:
            """Renew the leg's path, or give it back (RFC 9725 §4.3, §4.2)."""
            return await self._pass_on(request, node, f"{way}/{leg}/{session}")

        return router

    async def close(self) -> None:
        """Let go of the lines to the nodes."""
        await self._client.aclose()

    async def _pass_on(self, request: Request, node: str, path: str) -> Response:
        url = await self._url(node)
        body = await _body(request)
        headers = {name: value for name in TO_NODE if (value := request.headers.get(name)) is not None}
        asking = self._client.build_request(
            request.method, f"{url}/media/{node}/{path}", content=body or None, headers=headers
        )
        try:
            answer = await self._client.send(asking, stream=True)
            try:
                said = await _answer(answer)
            finally:
                await answer.aclose()
        except httpx.HTTPError as error:
            self._known.pop(node, None)
            log.warning("relay_away", node=node, error=type(error).__name__)
            raise Refusal("relay_away", 502) from error
        kept = {name: value for name in FROM_NODE if (value := answer.headers.get(name)) is not None}
        return Response(said, status_code=answer.status_code, headers=kept)

    async def _url(self, node: str) -> str:
        """Where the node is. Raises Refusal `not_found` (404) when there is no such node now, and StorageDown."""
        now = self._clock.monotonic()
        known = self._known.get(node)
        if known is not None and now - known[1] < KNOWN_FOR:
            return known[0]
        async with self._store.read() as connection:
            url = await node_url(connection, node, self._clock.now())
        if url is None:
            self._known.pop(node, None)
            raise Refusal("not_found", 404)
        self._known[node] = (url, now)
        return url


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > LONGEST:
            raise Refusal("too_large", 413)
    return bytes(body)


async def _answer(answer: httpx.Response) -> bytes:
    said = bytearray()
    async for part in answer.aiter_bytes():
        said += part
        if len(said) > LONGEST:
            raise httpx.DecodingError("the node's answer is too long")
    return bytes(said)
