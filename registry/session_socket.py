"""What the pages' sockets share: who opens one, and the codes that close it.

A socket that may not be is accepted and closed with a code, because a browser tells its page nothing of a refused one.
"""

from collections.abc import Awaitable, Callable

from fastapi import WebSocket

from kit.clock import Clock
from kit.errors import Refusal, StorageDown
from registry.access import Who
from registry.session_web import Sessions, token_of

BAD_MESSAGE = 4400
SESSION_ENDED = 4401
FORBIDDEN = 4403
TOO_SLOW = 4408
STORAGE_DOWN = 4503

WhoNow = Callable[[], Awaitable[Who | None]]
"""Asks anew who holds the socket's token; none when the session has ended. Raises StorageDown."""


async def who_opens(websocket: WebSocket, sessions: Sessions, clock: Clock) -> tuple[Who, WhoNow] | None:
    """Who opens this socket, accepted then; none when it was closed instead."""
    code = SESSION_ENDED
    try:
        who = await sessions.who(websocket)
    except Refusal:
        who, code = None, FORBIDDEN
    except StorageDown:
        who, code = None, STORAGE_DOWN
    await websocket.accept()
    token = token_of(websocket)
    if who is None or token is None:
        await websocket.close(code)
        return None
    return who, lambda: sessions.holder(token, clock.now())
