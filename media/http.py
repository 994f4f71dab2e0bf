"""WHIP (RFC 9725) and WHEP: how a browser gets a leg, renews its path, and gives it back.

The token is read before anything else of a request. A leg's address is its own secret besides, but worth nothing
without a token for the same leg.
"""

import asyncio
from typing import Any

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import PlainTextResponse
from starlette.requests import ClientDisconnect

from kit.clock import Clock
from kit.errors import PeerError, Refusal
from kit.legs import LegClaims, read_leg
from kit.metrics import exposition
from kit.problem import install_problems
from kit.tokens import Signer
from kit.wire.words import Direction
from media.blind import codec_objects
from media.leg import Leg
from media.relay import Relay
from media.sdp import LONGEST, read_fragment, read_offer, write_fragment

SDP = "application/sdp"
FRAGMENT = "application/trickle-ice-sdpfrag"
WAYS = {"whip": Direction.PUBLISH, "whep": Direction.SUBSCRIBE}
LOOK_PAUSE = 10.0  # seconds between two looks through the whole process for codecs

TITLES = {
    "unauthenticated": "A valid token for this leg is needed.",
    "not_this_leg": "The token is for another leg.",
    "not_sdp": "This address takes SDP.",
    "relay_full": "This relay has no room for another leg.",
    "stale": "The leg's path has been renewed since.",
    "sdp_too_long": "The offer is longer than any browser's.",
    "sdp_unreadable": "The offer is not SDP as browsers write it.",
    "sdp_media": "The offer has neither VP8 nor Opus in this direction.",
    "sdp_bundle": "The offer does not put all media on one transport.",
    "sdp_rtcp_mux": "The offer does not put RTCP on the same port.",
    "sdp_ice": "The offer has no usable ICE credentials.",
    "sdp_dtls": "The offer has no usable DTLS fingerprint or role.",
}


class Door:
    """What every request goes through: whose token it carries, for which leg."""

    def __init__(self, node: str, signer: Signer, clock: Clock) -> None:
        self.node = node
        self._signer = signer
        self._clock = clock

    def claims(self, request: Request, way: str, leg: str) -> LegClaims:
        """What the token allows. Raises Refusal `unauthenticated` (401) or `not_this_leg` (403)."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        claims = read_leg(self._signer, token.strip(), self._clock.now()) if scheme.lower() == "bearer" else None
        if claims is None:
            raise Refusal("unauthenticated", 401)
        if (claims.node, claims.leg, claims.direction) != (self.node, leg, WAYS.get(way)):
            raise Refusal("not_this_leg", 403)
        return claims

    def passes(self, request: Request, way: str, leg: str, open_leg: Leg | None) -> Leg:
        """The open leg, to who has a token for it. Raises Refusal as `claims` does, or `not_found` (404)."""
        claims = self.claims(request, way, leg)
        if open_leg is None:
            raise Refusal("not_found", 404)
        if claims != open_leg.claims:
            raise Refusal("not_this_leg", 403)
        return open_leg


def relay_app(relay: Relay, node: str, signer: Signer, clock: Clock) -> FastAPI:
    """The relay's own small web; the front passes `/media/<node>/…` to it."""
    app = FastAPI(title="Nattljus relay", openapi_url=None, docs_url=None, redoc_url=None)
    install_problems(app, TITLES)
    app.include_router(_legs(relay, Door(node, signer, clock)))
    app.include_router(_health(relay, node, clock))
    return app


def _legs(relay: Relay, door: Door) -> APIRouter:
    router = APIRouter(prefix=f"/media/{door.node}")

    @router.options("/{way}/{leg}")
    async def options(way: str, leg: str) -> Response:
        return Response(status_code=204, headers={"Accept-Post": SDP})

    @router.post("/{way}/{leg}")
    async def begin(request: Request, way: str, leg: str) -> Response:
        claims = door.claims(request, way, leg)
        try:
            offer = read_offer(await _text(request, SDP), claims.direction)
        except PeerError as error:
            raise Refusal(error.code, 400) from error
        opened = relay.open(claims, offer)
        headers = {"Location": f"{router.prefix}/{way}/{leg}/{opened.session}", "ETag": f'"{opened.etag}"'}
        return Response(relay.answer(opened), status_code=201, media_type=SDP, headers=headers)

    @router.patch("/{way}/{leg}/{session}")
    async def patch(request: Request, way: str, leg: str, session: str) -> Response:
        """Candidates are taken and not used, as we make no checks; a new user name fragment is an ICE restart."""
        found = door.passes(request, way, leg, relay.find(session))
        fragment = read_fragment(await _text(request, FRAGMENT))
        expected = request.headers.get("if-match", "*")
        restarts = fragment is not None and fragment != found.fragment
        if expected not in {"*", f'"{found.etag}"'}:
            raise Refusal("stale", 412)
        if not restarts:
            return Response(status_code=204)
        assert fragment is not None
        relay.restart(found, fragment)
        ours = write_fragment(found.offer, relay.endpoint(found))
        return Response(ours, status_code=200, media_type=FRAGMENT, headers={"ETag": f'"{found.etag}"'})

    @router.delete("/{way}/{leg}/{session}")
    async def end(request: Request, way: str, leg: str, session: str) -> Response:
        relay.end(door.passes(request, way, leg, relay.find(session)), "deleted")
        return Response(status_code=200)

    return router


def _health(relay: Relay, node: str, clock: Clock) -> APIRouter:
    router = APIRouter()
    looked: list[tuple[float, int]] = []

    @router.get("/healthz")
    async def healthz() -> dict[str, str]:
        return {"status": "alive"}

    @router.get("/metrics")
    async def metrics() -> Response:
        relay.tally.publish()
        return PlainTextResponse(exposition(), media_type="text/plain; version=0.0.4; charset=utf-8")

    @router.get(f"/media/{node}/status")
    async def status() -> dict[str, Any]:
        """How busy this relay is, and that it holds nothing that could decode."""
        at = clock.monotonic()
        if not looked or at - looked[-1][0] >= LOOK_PAUSE:
            looked[:] = [(at, len(codec_objects()))]
        return {
            "node": node,
            "legs": len(relay.legs),
            "up": sum(leg.up for leg in relay.legs),
            "packets": relay.tally.forwarded,
            "dropped": dict(relay.tally.dropped),
            "tasks": len(asyncio.all_tasks()),
            "codec_objects": looked[-1][1],
        }

    return router


async def _text(request: Request, content_type: str) -> str:
    """The body, of that type. Raises Refusal `not_sdp` (415), `too_large` (413) or `sdp_unreadable` (400)."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != content_type:
        raise Refusal("not_sdp", 415)
    body = bytearray()
    try:
        async for part in request.stream():
            body += part
            if len(body) > LONGEST:
                raise Refusal("too_large", 413)
    except ClientDisconnect as error:  # nobody hears the answer
        raise Refusal("invalid", 400) from error
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise Refusal("sdp_unreadable", 400) from error
