"""What every HTTP answer has in common: security headers, a bound on what is read, the pages, health and metrics."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.responses import FileResponse, PlainTextResponse, Response
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kit.metrics import exposition
from registry.access import Act
from registry.session_web import asks

PAGES = Path(__file__).parent.parent / "clients" / "web" / "dist"
LONGEST = 1_048_576  # bytes of any request
DRAINED = 16 * LONGEST  # bytes that are read and dropped of one that is longer
HUNG_UP = "the handler is closed"  # what uvloop says when the asker of several things at once did not wait for them all

SECURITY = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; media-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(self), microphone=(self), geolocation=(), payment=(), usb=()",
}
MAPPED = ("img-src 'self' data:", "connect-src 'self'")


class Guard:
    """The outermost ASGI layer: adds the security headers to every answer, and reads no endless request.

    It goes around the whole application, not into it with `add_middleware`: what Starlette answers to a bug of ours is
    made outside of all middleware. `map_host` is whence pages may fetch the map's pictures; none without a map.
    """

    def __init__(self, app: ASGIApp, map_host: str | None = None) -> None:
        self._app = app
        self._headers = [(name.encode(), value.encode()) for name, value in security(map_host).items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, guarded."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        asset = scope["path"].startswith("/assets/")
        body = Body(scope, receive)

        async def guarded_send(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = [*message["headers"], *self._headers]
                kept = asset and message["status"] < 400
                headers.append((b"cache-control", b"public, max-age=31536000, immutable" if kept else b"no-store"))
                if body.endless:
                    headers.append((b"connection", b"close"))
                message = {**message, "headers": headers}
            try:
                await send(message)
            except RuntimeError as error:
                if HUNG_UP not in str(error):
                    raise

        await self._app(scope, body.receive, guarded_send)


def security(map_host: str | None) -> dict[str, str]:
    """The security headers; with a map its host may be asked for pictures, and nothing else than before."""
    headers = dict(SECURITY)
    if map_host is not None:
        policy = headers["content-security-policy"]
        for source in MAPPED:
            policy = policy.replace(source, f"{source} {map_host}")
        headers["content-security-policy"] = policy
    return headers


class Body:
    """What follows a request's head: refused with 413 where it is too large, and nothing more of it is kept.

    The rest is read and dropped as far as `DRAINED`, because whoever is still sending does not hear the answer.
    """

    def __init__(self, scope: Scope, receive: Receive) -> None:
        said = dict(scope["headers"])
        length = said.get(b"content-length", b"0")
        self._long = b"transfer-encoding" in said or not length.isdigit() or int(length) > LONGEST
        self._receive = receive
        self._got = 0
        self._whole = False

    @property
    def endless(self) -> bool:
        """Whether what is left of it has no end worth waiting for: then the answer is the last on that connection."""
        return self._long and not self._whole

    async def receive(self) -> Message:
        """The next of it."""
        message = await self._next()
        if self._got > LONGEST:
            while self._got <= DRAINED and not self._whole:
                await self._next()
            raise HTTPException(413)  # FastAPI makes a 400 of anything else that is raised while it reads a body
        return message

    async def _next(self) -> Message:
        message = await self._receive()
        self._got += len(message.get("body", b""))
        self._whole = not message.get("more_body", False)
        return message


Ready = Callable[[], Awaitable[dict[str, bool]]]


def add_health(app: FastAPI, ready: Ready) -> None:
    """`/healthz`: the process lives. `/readyz`: it can do its job, with the parts named. `/metrics`: Prometheus."""

    @app.get("/healthz", tags=["health"], openapi_extra=asks(Act.PUBLIC))
    async def healthz() -> dict[str, str]:
        """The process lives."""
        return {"status": "alive"}

    @app.get("/readyz", tags=["health"], openapi_extra=asks(Act.PUBLIC))
    async def readyz(response: Response) -> dict[str, bool]:
        """Whether each part works. 503 when alarms cannot be stored; a bus that is away only slows."""
        parts = await ready()
        response.status_code = 200 if parts["database"] else 503
        return parts

    @app.get("/metrics", tags=["health"], response_class=PlainTextResponse, openapi_extra=asks(Act.PUBLIC))
    async def metrics() -> Response:
        """Counters and histograms in Prometheus' text format; no person and no account in them."""
        return Response(exposition(), media_type="text/plain; version=0.0.4; charset=utf-8")


OFFICE = tuple(
    f"/admin/{room}" for room in ("plans", "routes", "rotas", "steps", "contacts", "reserve", "integrations")
)
"""The rooms of the municipality's page."""


def add_pages(app: FastAPI, pages: Path = PAGES) -> None:
    """The web pages, built by `make run`; without them the API works and the pages say what to do."""
    if not (pages / "index.html").exists():

        @app.get("/", include_in_schema=False)
        async def unbuilt() -> Response:
            return PlainTextResponse("The pages are not built. Run: make run", status_code=503)

        return

    app.mount("/assets", StaticFiles(directory=pages / "assets"), name="assets")
    files = {f"/{path.name}": path for path in pages.iterdir() if path.is_file() and path.suffix != ".html"}
    areas = ("/", "/desk", "/home", "/staff", "/admin", "/devices", "/board", "/board/statistics", *OFFICE)
    files |= dict.fromkeys(areas, pages / "index.html")
    files["/api/docs"] = pages / "api-docs.html"
    for address, path in files.items():
        app.add_api_route(address, _page(path), include_in_schema=False, methods=["GET", "HEAD"])


def _page(path: Path) -> Callable[[], Awaitable[Any]]:
    async def page() -> Response:
        return FileResponse(path)

    return page
