"""What the pages' sockets share: who opens one, how it speaks, and the codes that close it.

A socket that may not be is accepted and closed with a code, because a browser tells its page nothing of a refused one.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from fastapi import WebSocket, WebSocketDisconnect
from pydantic import BaseModel

from kit.clock import Clock
from kit.errors import Conflict, Refusal, StorageDown
from kit.log import get_logger
from kit.tasks import failures
from registry.access import Who
from registry.session_web import Sessions, token_of

log = get_logger(__name__)

BAD_MESSAGE = 4400
SESSION_ENDED = 4401
FORBIDDEN = 4403
TOO_SLOW = 4408
OUR_FAULT = 4500
STORAGE_DOWN = 4503

LONGEST = 16_384  # characters of one message
ABNORMAL = 1006  # RFC 6455 §7.4.1: nobody on the other side closed it

WhoNow = Callable[[], Awaitable[Who | None]]
"""Asks anew who holds the socket's token; none when the session has ended. Raises StorageDown."""


class BadMessage(Exception):
    """The page said what no page of ours says."""


class Silent(Exception):
    """The page has said nothing for too long."""


class Line:
    """An accepted socket: text both ways, one message at a time, of `longest` characters at most from the page."""

    def __init__(self, websocket: WebSocket, longest: int = LONGEST) -> None:
        self._websocket = websocket
        self._longest = longest
        self._sending = asyncio.Lock()

    async def hear(self, at_most: float | None = None) -> str:
        """The next message. Raises BadMessage when it is no text or too long, WebSocketDisconnect when it left.

        Raises Silent when none has come in `at_most` seconds.
        """
        try:
            async with asyncio.timeout(at_most):
                text = await self._websocket.receive_text()
        except TimeoutError as error:
            raise Silent from error
        except KeyError as error:  # Starlette looks for a text in what may be bytes
            raise BadMessage from error
        except RuntimeError as error:  # closed from our side meanwhile
            raise WebSocketDisconnect(ABNORMAL) from error
        if len(text) > self._longest:
            raise BadMessage
        return text

    async def say(self, message: BaseModel) -> None:
        """Send a message. Raises WebSocketDisconnect when the page left."""
        await self.say_text(message.model_dump_json())

    async def say_text(self, text: str) -> None:
        """Send a message that has been written already. Raises WebSocketDisconnect when the page left."""
        async with self._sending:
            try:
                await self._websocket.send_text(text)
            except RuntimeError as error:  # closed from our side meanwhile
                raise WebSocketDisconnect(ABNORMAL) from error

    async def close(self, code: int) -> None:
        """Close it, unless it is closed."""
        with suppress(RuntimeError):
            await self._websocket.close(code)

    async def carry(self, name: str, work: Awaitable[None]) -> None:
        """Do the work of one side of the line; whatever ends it closes the line with the code that says why."""
        try:
            await work
        except BadMessage:
            await self.close(BAD_MESSAGE)
        except Silent:
            await self.close(TOO_SLOW)
        except (StorageDown, Conflict):
            await self.close(STORAGE_DOWN)
        except WebSocketDisconnect:
            pass  # gone: the page comes again by itself
        except Exception:
            failures.labels(task=name).inc()
            log.exception("socket_failed", task=name)
            await self.close(OUR_FAULT)


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
