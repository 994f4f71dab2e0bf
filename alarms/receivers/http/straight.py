"""A device's events on the straight way: read, stored, answered, with nothing of the web frameworks between.

Only what is as it should be goes this way. Everything else (no bearer token, a body that is too long, an event that
cannot be read) is handed on as it came to the route in `listen`, which knows how to say what is wrong; nothing of it
has been stored by then. The frameworks cost more than all the rest of an alarm that came over HTTP.
"""

from collections import deque
from collections.abc import Sequence

from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from alarms.core.signal import Intake, Signal
from alarms.receivers.http.listen import LONGEST, PATH, commit, understand
from kit.clock import Clock
from kit.errors import Refusal, StorageDown
from kit.problem import storage_down
from registry.access import Act, Allowed, Whom, decide
from registry.session_web import Sessions, bearer


class Straight:
    """An ASGI layer in front of the application, for devices' events alone."""

    def __init__(self, app: ASGIApp, intake: Intake, sessions: Sessions, clock: Clock) -> None:
        self._app = app
        self._intake = intake
        self._sessions = sessions
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take the events, or pass on."""
        if scope["type"] != "http" or scope["path"] != PATH or scope["method"] != "POST":
            await self._app(scope, receive, send)
            return
        read: deque[Message | HTTPException] = deque()
        try:
            body = await _whole(receive, read)
            signals = None if body is None else await self._understood(bearer(HTTPConnection(scope)), body)
            if signals:
                accepted = await commit(self._intake, signals)
                await _answer(send, accepted.model_dump_json().encode())
                return
        except Refusal:
            pass  # said by the route, which comes to the same
        except StorageDown:
            await storage_down()(scope, receive, send)
            return

        async def again() -> Message:
            said = read.popleft() if read else await receive()
            if isinstance(said, HTTPException):
                raise said
            return said

        await self._app(scope, again, send)

    async def _understood(self, token: str | None, body: bytes) -> Sequence[Signal] | None:
        """All the events, none where one of them is none or who sends them may not. Raises Refusal, StorageDown."""
        at = self._clock.now()
        who = await self._sessions.holder(token, at) if token else None
        if who is None or who.device is None:
            return None
        if not isinstance(
            decide(who, Act.DEVICE_EVENT, Whom(principal=who.principal, device=who.device), [], at), Allowed
        ):
            return None
        signals, errors = understand(body, who.device, at)
        return None if errors else signals


async def _whole(receive: Receive, read: deque[Message | HTTPException]) -> bytes | None:
    """The request's body, none when it is too long or the asker is gone; `read` gets every message as it came."""
    body = b""
    while len(body) <= LONGEST:
        try:
            message = await receive()
        except HTTPException as refused:  # by the bound on any request
            read.append(refused)
            return None
        read.append(message)
        if message["type"] != "http.request":
            return None
        body += message.get("body", b"")
        if not message.get("more_body", False):
            return body if len(body) <= LONGEST else None
    return None


async def _answer(send: Send, body: bytes) -> None:
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 202, "headers": headers})
    await send({"type": "http.response.body", "body": body})
