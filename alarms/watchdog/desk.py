"""A desk that the watchdog keeps open: an operator of its own principal, who sees nothing but the watchdog's signals.

It stays open from round to round, so that it hears what an operator's page would, and comes again when it is cut.
"""

import asyncio
import json
from urllib.parse import urlsplit, urlunsplit

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException

from alarms.core.rounds import DeskHeard
from kit.clock import Clock
from kit.log import get_logger
from kit.tasks import Tasks
from kit.tokens import Signer
from registry.sessions import issue_person_token
from registry.synthetic import PERSON

log = get_logger(__name__)

AGAIN = 1.0  # seconds before it is opened again
OPEN_WITHIN = 5.0
QUIET = 10.0  # seconds without a word after which the line is given up; a desk hears a beat each second
NEVER = float("-inf")


class DeskLine:
    """The open desk. `close` when done."""

    def __init__(self, url: str, signer: Signer, clock: Clock) -> None:
        parts = urlsplit(url)
        scheme = "wss" if parts.scheme == "https" else "ws"
        self._address = urlunsplit((scheme, parts.netloc, "/api/v1/desk", "", ""))
        self._signer = signer
        self._clock = clock
        self._tasks = Tasks(clock)
        self._beat_at = NEVER
        self._mark_at = NEVER
        self._opened_at: float | None = None
        self._opened = asyncio.Event()
        self._heard = asyncio.Event()

    def start(self) -> None:
        """Open it, and again whenever it is cut."""
        self._tasks.forever("watchdog-desk", self._run)

    async def close(self) -> None:
        """Leave."""
        await self._tasks.close()

    async def opened(self, within: float) -> None:
        """Wait so long for it to be open."""
        try:
            async with asyncio.timeout(within):
                await self._opened.wait()
        except TimeoutError:
            log.warning("watchdog_desk_closed")

    async def heard_since(self, moment: float, within: float) -> DeskHeard:
        """What it has heard since then (the clock's monotonic seconds), waiting so long for a mark."""
        try:
            async with asyncio.timeout(within):
                while self._mark_at < moment:
                    self._heard.clear()
                    await self._heard.wait()
            return DeskHeard.MARK
        except TimeoutError:
            if self._beat_at < moment:
                return DeskHeard.NOTHING
            before = self._opened_at is not None and self._opened_at <= moment
            return DeskHeard.BEAT if before else DeskHeard.OPENED

    async def _run(self) -> None:
        while True:
            try:
                await self._listen()
            except (OSError, WebSocketException, TimeoutError, ValueError) as error:
                code = error.rcvd.code if isinstance(error, ConnectionClosed) and error.rcvd else None
                log.warning("watchdog_desk_cut", reason=type(error).__name__, code=code)
            self._opened_at = None
            self._opened.clear()
            await self._clock.sleep(AGAIN)

    async def _listen(self) -> None:
        token = issue_person_token(self._signer, PERSON, PERSON, self._clock.now())
        headers = {"Authorization": f"Bearer {token}"}
        async with connect(
            self._address, additional_headers=headers, proxy=None, open_timeout=OPEN_WITHIN, close_timeout=1.0
        ) as connection:
            await connection.send(json.dumps({"type": "hello", "version": 1}))
            while True:
                self._note(await self._next(connection))

    async def _next(self, connection: ClientConnection) -> str:
        async with asyncio.timeout(QUIET):
            message = await connection.recv()
        return message if isinstance(message, str) else message.decode("utf-8", "replace")

    def _note(self, message: str) -> None:
        kind = json.loads(message).get("type")
        now = self._clock.monotonic()
        self._beat_at = now
        if self._opened_at is None:
            self._opened_at = now
            self._opened.set()
        if kind == "change":
            self._mark_at = now
            self._heard.set()
